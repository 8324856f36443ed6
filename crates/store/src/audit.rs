//! The audit log: rows are only ever added, and each one holds the hash of the one before.

use caixiang_domain::{OrderId, PhotoId, SessionId, SubjectId, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::rows;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    about TEXT NOT NULL,
    detail TEXT NOT NULL,
    prev BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_is_not_removed BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'append only'); END;";

const MAX_ACTION: usize = 64;
const MAX_DETAIL: usize = 64 << 10;

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The student at the screen.
    Student,
    /// Staff at the kiosk.
    Photographer,
    /// Staff with the settings.
    Manager,
    /// The kiosk by itself.
    System,
    /// The central server.
    Centre,
}

impl Actor {
    /// Every one.
    pub const ALL: &'static [Self] =
        &[Self::Student, Self::Photographer, Self::Manager, Self::System, Self::Centre];

    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Photographer => "photographer",
            Self::Manager => "manager",
            Self::System => "system",
            Self::Centre => "centre",
        }
    }

    /// The one with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|one| one.code() == code)
    }
}

/// The newest row of an audit log whose chain holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditHead {
    /// How many rows there are.
    pub rows: u64,
    /// The newest row's hash.
    pub hash: [u8; 32],
}

/// Where the chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log was changed at row {row}")]
pub struct AuditBreak {
    /// The first row that is changed or missing.
    pub row: u64,
}

/// What a row is about.
#[derive(Default, Clone, Copy)]
pub(crate) struct About {
    pub(crate) session: Option<SessionId>,
    pub(crate) subject: Option<SubjectId>,
    pub(crate) order: Option<OrderId>,
    pub(crate) photo: Option<PhotoId>,
    pub(crate) visit: Option<VisitId>,
}

impl About {
    fn text(&self) -> String {
        let ids = [
            ("session", self.session.map(|id| id.to_string())),
            ("subject", self.subject.map(|id| id.to_string())),
            ("order", self.order.map(|id| id.to_string())),
            ("photo", self.photo.map(|id| id.to_string())),
            ("visit", self.visit.map(|id| id.to_string())),
        ];
        let parts: Vec<_> =
            ids.iter().filter_map(|(kind, id)| Some(format!("{kind}:{}", id.as_ref()?))).collect();
        parts.join(" ")
    }
}

impl Store {
    /// Adds a row; `detail` is a JSON document. What looks like an ID number in it is masked.
    ///
    /// # Errors
    /// When the database refuses, or the detail is no JSON or too large.
    pub fn audit(
        &mut self,
        actor: Actor,
        action: &str,
        subject: Option<SubjectId>,
        detail: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let detail: Value =
            serde_json::from_str(detail).map_err(|_| StoreError::BadDocument("audit detail"))?;
        let about = About { subject, ..About::default() };
        self.write(|conn| append(conn, now, actor, action, about, &detail).map(drop))
    }

    /// Follows the whole chain.
    ///
    /// # Errors
    /// The outer one when the database refuses, the inner one when the chain does not hold.
    pub fn verify_audit(&self) -> Result<Result<AuditHead, AuditBreak>, StoreError> {
        self.read(verify)
    }
}

/// Adds a row to the chain.
pub(crate) fn append(
    conn: &Connection,
    at: Timestamp,
    actor: Actor,
    action: &str,
    about: About,
    detail: &Value,
) -> Result<AuditHead, StoreError> {
    let detail = mask_numbers(&detail.to_string());
    if detail.len() > MAX_DETAIL {
        return Err(StoreError::TooLarge { what: "audit detail", max: MAX_DETAIL });
    }
    let action: String = action.chars().take(MAX_ACTION).collect();
    let newest = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1";
    let last = rows::one(conn, newest, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?)))?;
    let (last, prev) = last.unwrap_or((0, [0; 32]));
    let link = Link {
        seq: last + 1,
        at: at.as_millisecond(),
        actor: actor.code().to_owned(),
        action,
        about: about.text(),
        detail,
        prev,
    };
    let hash = link.hash();
    rows::change(
        conn,
        "INSERT INTO audit (seq, at, actor, action, about, detail, prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![link.seq, link.at, link.actor, link.action, link.about, link.detail, link.prev, hash],
    )?;
    Ok(AuditHead { rows: link.seq.unsigned_abs(), hash })
}

struct Link {
    seq: i64,
    at: i64,
    actor: String,
    action: String,
    about: String,
    detail: String,
    prev: [u8; 32],
}

impl Link {
    fn read(row: &Row<'_>) -> Result<Self, rusqlite::Error> {
        Ok(Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            action: row.get(3)?,
            about: row.get(4)?,
            detail: row.get(5)?,
            prev: row.get(6)?,
        })
    }

    /// Lengths stand before the texts, so that nothing can move from one column to the next unseen.
    fn hash(&self) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"caixiang audit 1");
        hasher.update(self.prev);
        hasher.update(self.seq.to_le_bytes());
        hasher.update(self.at.to_le_bytes());
        for text in [&self.actor, &self.action, &self.about, &self.detail] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        }
        hasher.finalize().into()
    }
}

fn verify(conn: &Connection) -> Result<Result<AuditHead, AuditBreak>, StoreError> {
    let mut statement = conn
        .prepare_cached("SELECT seq, at, actor, action, about, detail, prev, hash FROM audit ORDER BY seq")?;
    let mut found = statement.query([])?;
    let mut head = AuditHead { rows: 0, hash: [0; 32] };
    while let Some(row) = found.next()? {
        let broken = AuditBreak { row: head.rows + 1 };
        // A column of another type is a change as well.
        let (Ok(link), Ok(hash)) = (Link::read(row), row.get::<_, [u8; 32]>(7)) else {
            return Ok(Err(broken));
        };
        let follows =
            link.seq.unsigned_abs() == head.rows + 1 && link.prev == head.hash && link.hash() == hash;
        if !follows {
            return Ok(Err(broken));
        }
        head = AuditHead { rows: head.rows + 1, hash };
    }
    // SQLite remembers the highest row there ever was: rows cut off the end show.
    let ever = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0)";
    if rows::number(conn, ever, [])?.unsigned_abs() != head.rows {
        return Ok(Err(AuditBreak { row: head.rows + 1 }));
    }
    Ok(Ok(head))
}

/// Masks every run of 15 or 18 digits (with a final X) but its last four: the forms of an ID number. An order
/// number's time has 17 digits and stays.
fn mask_numbers(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut run = String::new();
    for c in text.chars().map(Some).chain([None]) {
        match c {
            Some(c) if c.is_ascii_digit() || (matches!(c, 'x' | 'X') && run.len() == 17) => run.push(c),
            other => {
                let hidden = if matches!(run.len(), 15 | 18) { run.len() - 4 } else { 0 };
                masked.extend(std::iter::repeat_n('*', hidden));
                masked.push_str(&run[hidden..]);
                run.clear();
                masked.extend(other);
            }
        }
    }
    masked
}

#[cfg(test)]
#[path = "audit_tests.rs"]
mod tests;
