//! The ledger of prints: what was meant to be printed, written down before the printer hears of it, and what became
//! of it. Rows are only moved forward; a reprint is a new row.

use caixiang_domain::{Move, OrderId, PrintId, SessionId};
use caixiang_wire::{Kind, PrintManifest, SheetLine};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde_json::json;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::outbox;
use crate::queue::Page;
use crate::revisions;
use crate::rows;
use crate::sessions;
use crate::sheets::{self, Sheet};
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE prints (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    session INTEGER NOT NULL REFERENCES sessions (key),
    title TEXT NOT NULL,
    printer TEXT NOT NULL,
    pages INTEGER NOT NULL,
    copy INTEGER NOT NULL,
    again_of INTEGER REFERENCES prints (key),
    state TEXT NOT NULL,
    job INTEGER,
    reason TEXT,
    made INTEGER NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX prints_by_session ON prints (session, key);
CREATE INDEX prints_by_state ON prints (state);";

/// A print is repeated once; then what repeats it is.
pub(crate) const AGAIN: &str =
    "CREATE UNIQUE INDEX prints_again ON prints (again_of) WHERE again_of IS NOT NULL;
     CREATE INDEX sheets_by_time ON sheets (made);";

/// What is known of a print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PrintState {
    /// It is about to be sent. Nothing was sent yet, or the kiosk died before it knew.
    Intended,
    /// The printer took it, under this number.
    Submitted {
        /// The printer's number for it.
        job: i32,
    },
    /// The printer says it is printed, or staff do.
    Done,
    /// The printer did not take it, or gave it up.
    Failed {
        /// Why, as a stable code.
        reason: String,
    },
    /// It may have been printed or not. It is never sent again by itself.
    Unknown,
}

impl PrintState {
    /// The stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Submitted { .. } => "submitted",
            Self::Done => "done",
            Self::Failed { .. } => "failed",
            Self::Unknown => "unknown",
        }
    }

    /// Whether nothing more is heard of it by itself.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Done | Self::Failed { .. })
    }

    /// Whether this may follow. Nothing leads back to a state from which it would be sent.
    fn may_become(&self, next: &Self) -> bool {
        match (self, next) {
            (Self::Done | Self::Failed { .. }, _) | (_, Self::Intended) => false,
            (Self::Submitted { .. }, Self::Submitted { .. }) => false,
            (Self::Intended | Self::Submitted { .. } | Self::Unknown, _) => true,
        }
    }
}

/// A print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Print {
    /// Its id; the printer gets it as the job's name.
    pub id: PrintId,
    /// What it is, for staff.
    pub title: String,
    /// The printer's address.
    pub printer: String,
    /// Pages.
    pub pages: u32,
    /// 1, or the next one for a reprint.
    pub copy: u32,
    /// The print that it repeats.
    pub again_of: Option<PrintId>,
    /// Another print repeats it.
    pub repeated: bool,
    /// Photo sheets on it.
    pub sheets: u32,
    /// What is known of it.
    pub state: PrintState,
    /// When it was written down.
    pub made: Timestamp,
    /// When its state last changed.
    pub changed: Timestamp,
}

/// A print to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPrint<'a> {
    /// Its id, new.
    pub id: PrintId,
    /// Of which session.
    pub session: SessionId,
    /// What it is, for staff.
    pub title: &'a str,
    /// The printer's address.
    pub printer: &'a str,
    /// Pages.
    pub pages: u32,
    /// The orders of which sheets are on it: each gets its next copy. None for labels and lists.
    pub orders: &'a [OrderId],
    /// The print that it repeats.
    pub again_of: Option<PrintId>,
}

const COLUMNS: &str =
    "p.id, p.title, p.printer, p.pages, p.copy, a.id, p.state, p.job, p.reason, p.made, p.changed,
    EXISTS (SELECT 1 FROM prints WHERE again_of = p.key), (SELECT count(*) FROM sheets WHERE print = p.key)";
const TABLES: &str = "prints p LEFT JOIN prints a ON a.key = p.again_of";
/// Longest title and address, characters.
const MAX_TEXT_CHARS: usize = 300;

impl Store {
    /// Writes down what is about to be printed, and makes its sheets, in the order of the orders; all or nothing. When
    /// this returns it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::NotApproved`] where a review has not passed, [`StoreError::ImpossibleStep`]
    /// where the print to be repeated may still come out or was repeated before, or when the database refuses.
    pub fn intend_print(
        &mut self,
        new: &NewPrint<'_>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Vec<Sheet>, StoreError> {
        let id = new.id;
        let cut = |text: &str| text.chars().take(MAX_TEXT_CHARS).collect::<String>();
        self.write(|conn| {
            let session = sessions::key_of(conn, new.session)?;
            let before = new.again_of.map(|print| by_id(conn, print)).transpose()?;
            if before.as_ref().is_some_and(|print| print.repeated || !print.state.is_settled()) {
                return Err(StoreError::ImpossibleStep);
            }
            let copy = before.map_or(1, |print| print.copy + 1);
            rows::change(
                conn,
                "INSERT INTO prints (id, session, title, printer, pages, copy, again_of, state, made, changed)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT key FROM prints WHERE id = ?7), 'intended', ?8, ?8)",
                params![
                    id.uuid().into_bytes(),
                    session,
                    cut(new.title),
                    cut(new.printer),
                    new.pages,
                    copy,
                    new.again_of.map(|print| print.uuid().into_bytes()),
                    now.as_millisecond()
                ],
            )?;
            let key = conn.last_insert_rowid();
            let sheets = sheets::make(conn, new.orders, key, actor, now)?;
            let detail = json!({ "print": id.to_string(), "pages": new.pages, "copy": copy });
            let about = About { session: Some(new.session), ..About::default() };
            audit::append(conn, now, actor, "print.intend", about, &detail)?;
            tell_centre(conn, id, now)?;
            Ok(sheets)
        })
        .inspect(|_| self.checkpoint())
    }

    /// Notes what became of a print. Orders whose photos a printer has taken are in production from then on.
    ///
    /// # Errors
    /// [`StoreError::ImpossibleStep`] for a step back, [`StoreError::NotFound`], or when the database refuses.
    pub fn set_print(
        &mut self,
        id: PrintId,
        state: &PrintState,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|conn| {
            let before = by_id(conn, id)?.state;
            if before == *state {
                return Ok(());
            }
            if !before.may_become(state) {
                return Err(StoreError::ImpossibleStep);
            }
            let job = match state {
                PrintState::Submitted { job } => Some(*job),
                _ => None,
            };
            let reason = match state {
                PrintState::Failed { reason } => Some(reason.as_str()),
                _ => None,
            };
            rows::change(
                conn,
                "UPDATE prints SET state = ?2, job = coalesce(?3, job), reason = ?4, changed = ?5 WHERE id = ?1",
                params![id.uuid().into_bytes(), state.code(), job, reason, now.as_millisecond()],
            )?;
            if matches!(state, PrintState::Submitted { .. } | PrintState::Done) {
                let orders = sheets::orders_of(conn, id)?;
                revisions::move_those_that_can(conn, &orders, Move::TakeUp, None, Actor::System, now)?;
            }
            let detail = json!({ "print": id.to_string(), "reason": reason });
            audit::append(conn, now, actor, &format!("print.{}", state.code()), About::default(), &detail)?;
            tell_centre(conn, id, now)
        })
    }

    /// One print.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn print(&self, id: PrintId) -> Result<Print, StoreError> {
        self.read(|conn| by_id(conn, id))
    }

    /// Prints of every session, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn prints(&self, offset: u32, limit: u32) -> Result<Page<Print>, StoreError> {
        self.read(|conn| {
            let total = rows::number(conn, "SELECT count(*) FROM prints", [])?;
            let rows = rows::all(
                conn,
                &format!("SELECT {COLUMNS} FROM {TABLES} ORDER BY p.key DESC LIMIT ?1 OFFSET ?2"),
                params![rows::page_limit(limit), offset],
                read,
            )?;
            Ok(Page { rows, total: total.unsigned_abs() })
        })
    }

    /// Prints of which something is still to be heard, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn open_prints(&self) -> Result<Vec<Print>, StoreError> {
        self.read(|conn| {
            rows::all(
                conn,
                &format!(
                    "SELECT {COLUMNS} FROM {TABLES} WHERE p.state IN ('intended', 'submitted', 'unknown')
                     ORDER BY p.key LIMIT 1000"
                ),
                [],
                read,
            )
        })
    }
}

/// Queues how a print stands now for the centre.
fn tell_centre(conn: &Connection, id: PrintId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "SELECT s.key, s.id FROM prints p JOIN sessions s ON s.key = p.session WHERE p.id = ?1";
    let session = rows::one(conn, sql, params![id.uuid().into_bytes()], |row| {
        Ok((row.get::<_, i64>(0)?, rows::uuid(row, 1)?))
    })?;
    let (key, session) = session.ok_or(StoreError::NotFound("print"))?;
    if !sessions::is_sent(conn, key)? {
        return Ok(());
    }
    let print = by_id(conn, id)?;
    let lines = sheets::of_print(conn, id)?.into_iter().map(|sheet| SheetLine {
        sheet: sheet.id.uuid(),
        code: sheet.code,
        order: sheet.order.uuid(),
        photo: sheet.photo.uuid(),
        copy: sheet.copy,
    });
    let manifest = PrintManifest {
        print: id.uuid(),
        session,
        title: print.title,
        printer: print.printer,
        pages: print.pages,
        copy: print.copy,
        again_of: print.again_of.map(PrintId::uuid),
        state: print.state.code().to_owned(),
        sheets: lines.collect(),
        at_ms: now.as_millisecond(),
    };
    outbox::queue(conn, Kind::Print, id.uuid(), &manifest, now)
}

fn by_id(conn: &Connection, id: PrintId) -> Result<Print, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM {TABLES} WHERE p.id = ?1");
    rows::one(conn, &sql, params![id.uuid().into_bytes()], read)?.ok_or(StoreError::NotFound("print"))
}

fn read(row: &Row<'_>) -> Result<Print, StoreError> {
    let code: String = row.get(6)?;
    let state = match code.as_str() {
        "intended" => PrintState::Intended,
        "submitted" => {
            let job = row.get::<_, Option<i32>>(7)?.ok_or(StoreError::BadRow("print"))?;
            PrintState::Submitted { job }
        }
        "done" => PrintState::Done,
        "failed" => PrintState::Failed { reason: row.get::<_, Option<String>>(8)?.unwrap_or_default() },
        "unknown" => PrintState::Unknown,
        _ => return Err(StoreError::BadRow("print")),
    };
    Ok(Print {
        id: PrintId::from_uuid(rows::uuid(row, 0)?),
        title: row.get(1)?,
        printer: row.get(2)?,
        pages: rows::small(row, 3)?,
        copy: rows::small(row, 4)?,
        again_of: rows::maybe_uuid(row, 5)?.map(PrintId::from_uuid),
        state,
        repeated: row.get(11)?,
        sheets: rows::small(row, 12)?,
        made: rows::time(row, 9)?,
        changed: rows::time(row, 10)?,
    })
}
