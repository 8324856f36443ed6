//! Parcels: one for each class, or one for each student in individual delivery; what lies in them, what is missing,
//! and with which carrier they left.

use caixiang_domain::{OrderId, ParcelId, SessionId};
use caixiang_wire::{Kind, ParcelManifest};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde_json::json;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::orders::{self, OrderRow};
use crate::outbox;
use crate::revisions;
use crate::rows;
use crate::sessions;
use crate::sheets::{self, APPROVED, PRINTED, Sheet};
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE parcels (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    session INTEGER NOT NULL REFERENCES sessions (key),
    number INTEGER NOT NULL,
    college TEXT NOT NULL,
    class_name TEXT NOT NULL,
    order_key INTEGER REFERENCES orders (key),
    state TEXT NOT NULL,
    carrier TEXT,
    tracking TEXT,
    made INTEGER NOT NULL,
    sent INTEGER,
    UNIQUE (session, number)
) STRICT;
CREATE INDEX parcels_by_class ON parcels (session, college, class_name);
CREATE UNIQUE INDEX parcels_by_order ON parcels (order_key) WHERE order_key IS NOT NULL;";

/// Longest carrier or tracking number, characters.
const MAX_TEXT_CHARS: usize = 100;
/// Parcels of one list.
const MOST_PARCELS: i64 = 20_000;

/// For whom a parcel is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParcelFor {
    /// A class: centralised delivery.
    Class {
        /// Its college; empty where the roster has none.
        college: String,
        /// Its name; empty where the roster has none.
        class: String,
    },
    /// One student's order: individual delivery.
    Order(OrderId),
}

/// Where a parcel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ParcelState {
    /// Being packed.
    Open,
    /// Closed.
    Closed,
    /// On its way.
    Sent,
}

impl ParcelState {
    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Sent => "sent",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Open, Self::Closed, Self::Sent].into_iter().find(|state| state.code() == code)
    }
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its id.
    pub id: ParcelId,
    /// Its number in the session, from 1.
    pub number: u32,
    /// For whom.
    pub to: ParcelFor,
    /// Where it is.
    pub state: ParcelState,
    /// Sheets in it.
    pub sheets: u32,
    /// Orders that belong in it.
    pub wanted: u32,
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// When it left.
    pub sent: Option<Timestamp>,
}

/// A class, or one student's order, whose parcel has not been begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelDue {
    /// For whom.
    pub to: ParcelFor,
    /// The student's name; empty for a class.
    pub name: String,
    /// Their student number; empty for a class.
    pub student_number: String,
    /// Approved orders.
    pub wanted: u32,
    /// Of these, with a sheet on a print that did not fail.
    pub printed: u32,
}

/// An order that belongs in a parcel and does not lie there.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingSheet {
    /// The order.
    pub row: OrderRow,
    /// It has a sheet on a print that did not fail: it must be somewhere.
    pub printed: bool,
}

const COLUMNS: &str = "l.id, l.number, l.college, l.class_name, o.id, l.state, l.carrier, l.tracking, l.sent,
    (SELECT count(*) FROM sheets WHERE parcel = l.key), l.key, l.session, l.order_key";
const TABLES: &str = "parcels l LEFT JOIN orders o ON o.key = l.order_key";

impl Store {
    /// The parcel for a class or an order: the open one, or a new one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn parcel_for(
        &mut self,
        session: SessionId,
        to: &ParcelFor,
        now: Timestamp,
    ) -> Result<ParcelId, StoreError> {
        self.write(|conn| begin(conn, session, to, now))
    }

    /// The parcels of a session, by number.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn parcels(&self, session: SessionId, products: &[String]) -> Result<Vec<Parcel>, StoreError> {
        let products = products_json(products)?;
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let found = rows::all(
                conn,
                &format!("SELECT {COLUMNS} FROM {TABLES} WHERE l.session = ?1 ORDER BY l.number LIMIT {MOST_PARCELS}"),
                params![key],
                read,
            )?;
            found.into_iter().map(|row| row.parcel(conn, &products)).collect()
        })
    }

    /// What has no parcel yet: classes of which not everything lies in one and none is being packed, or with
    /// `individual` orders that have none. By college, class and student number.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn parcels_due(
        &self,
        session: SessionId,
        individual: bool,
        products: &[String],
    ) -> Result<Vec<ParcelDue>, StoreError> {
        let products = products_json(products)?;
        let approved = format!(
            "orders o JOIN subjects u ON u.key = o.subject WHERE o.session = ?1 AND o.state IN {APPROVED}
             AND o.product IN (SELECT value FROM json_each(?2))"
        );
        let sql = if individual {
            format!(
                "SELECT '', '', o.id, coalesce(u.name, ''), coalesce(u.student_number, ''), 1, {PRINTED} FROM {approved}
                 AND NOT EXISTS (SELECT 1 FROM parcels WHERE order_key = o.key)
                 ORDER BY u.college, u.class_name, u.student_number, o.key LIMIT {MOST_PARCELS}"
            )
        } else {
            format!(
                "SELECT coalesce(u.college, '') AS of_college, coalesce(u.class_name, '') AS of_class, NULL, '', '',
                     count(*), sum({PRINTED}) FROM {approved}
                 GROUP BY of_college, of_class
                 HAVING count(*) > sum(EXISTS (SELECT 1 FROM sheets WHERE order_key = o.key AND parcel IS NOT NULL))
                     AND NOT EXISTS (SELECT 1 FROM parcels WHERE session = ?1 AND order_key IS NULL
                         AND college = of_college AND class_name = of_class AND state = 'open')
                 ORDER BY of_college, of_class LIMIT {MOST_PARCELS}"
            )
        };
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            rows::all(conn, &sql, params![key, products], |row| {
                Ok(ParcelDue {
                    to: match rows::maybe_uuid(row, 2)? {
                        Some(order) => ParcelFor::Order(OrderId::from_uuid(order)),
                        None => ParcelFor::Class { college: row.get(0)?, class: row.get(1)? },
                    },
                    name: row.get(3)?,
                    student_number: row.get(4)?,
                    wanted: rows::small(row, 5)?,
                    printed: rows::small(row, 6)?,
                })
            })
        })
    }

    /// The parcel with this number in its session.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn parcel_numbered(&self, session: SessionId, number: u32) -> Result<Option<ParcelId>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let sql = "SELECT id FROM parcels WHERE session = ?1 AND number = ?2";
            rows::one(conn, sql, params![key, number], |row| Ok(ParcelId::from_uuid(rows::uuid(row, 0)?)))
        })
    }

    /// One parcel, the sheets in it, and the orders that still belong in it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn parcel(
        &self,
        id: ParcelId,
        products: &[String],
    ) -> Result<(Parcel, Vec<Sheet>, Vec<MissingSheet>), StoreError> {
        let products = products_json(products)?;
        self.read(|conn| {
            let row = by_id(conn, id)?;
            let sheets = sheets::in_parcel(conn, row.key)?;
            let missing = missing(conn, &row, &products)?;
            Ok((row.parcel(conn, &products)?, sheets, missing))
        })
    }

    /// Closes a parcel, opens a closed one again, or notes with which carrier it left: a parcel that left stays so, and its
    /// orders are complete.
    ///
    /// # Errors
    /// [`StoreError::ImpossibleStep`], [`StoreError::NotFound`], or when the database refuses.
    pub fn set_parcel(
        &mut self,
        id: ParcelId,
        state: ParcelState,
        carrier: Option<(&str, &str)>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let cut = |text: &str| text.trim().chars().take(MAX_TEXT_CHARS).collect::<String>();
        self.write(|conn| {
            let row = by_id(conn, id)?;
            use ParcelState as S;
            if !matches!((row.state, state), (S::Open, S::Closed) | (S::Closed, S::Open | S::Sent)) {
                return Err(StoreError::ImpossibleStep);
            }
            let sent = (state == S::Sent).then(|| now.as_millisecond());
            rows::change(
                conn,
                "UPDATE parcels SET state = ?2, carrier = ?3, tracking = ?4, sent = ?5 WHERE key = ?1",
                params![
                    row.key,
                    state.code(),
                    carrier.map(|(who, _)| cut(who)),
                    carrier.map(|(_, no)| cut(no)),
                    sent
                ],
            )?;
            if state == S::Sent {
                let orders = rows::all(
                    conn,
                    "SELECT o.id FROM sheets h JOIN orders o ON o.key = h.order_key WHERE h.parcel = ?1",
                    params![row.key],
                    |row| Ok(OrderId::from_uuid(rows::uuid(row, 0)?)),
                )?;
                revisions::complete(conn, &orders, actor, now)?;
            }
            let detail = json!({ "parcel": row.number, "carrier": carrier.map(|(who, _)| cut(who)) });
            audit::append(conn, now, actor, &format!("parcel.{}", state.code()), About::default(), &detail)?;
            tell_centre(conn, id, now)
        })
    }
}

/// Queues how a parcel stands now for the centre, with what lies in it.
fn tell_centre(conn: &Connection, id: ParcelId, now: Timestamp) -> Result<(), StoreError> {
    let row = by_id(conn, id)?;
    if !sessions::is_sent(conn, row.session)? {
        return Ok(());
    }
    let sql = "SELECT id FROM sessions WHERE key = ?1";
    let session = rows::one(conn, sql, params![row.session], |row| rows::uuid(row, 0))?;
    let manifest = ParcelManifest {
        parcel: id.uuid(),
        session: session.ok_or(StoreError::NotFound("session"))?,
        number: row.number,
        college: row.college,
        class_name: row.class,
        order: row.order.map(OrderId::uuid),
        state: row.state.code().to_owned(),
        carrier: row.carrier,
        tracking: row.tracking,
        sheets: sheets::in_parcel(conn, row.key)?.into_iter().map(|sheet| sheet.id.uuid()).collect(),
        at_ms: now.as_millisecond(),
    };
    outbox::queue(conn, Kind::Parcel, id.uuid(), &manifest, now)
}

/// The parcel for a class or an order: the open one, or a new one.
pub(crate) fn begin(
    conn: &Connection,
    session: SessionId,
    to: &ParcelFor,
    now: Timestamp,
) -> Result<ParcelId, StoreError> {
    let session_key = sessions::key_of(conn, session)?;
    let (college, class, order) = match to {
        ParcelFor::Class { college, class } => (college.as_str(), class.as_str(), None),
        ParcelFor::Order(order) => {
            let (key, row) = orders::by_id(conn, *order)?;
            if row.order.session != session {
                return Err(StoreError::NotFound("order"));
            }
            ("", "", Some(key))
        }
    };
    let there = rows::one(
        conn,
        "SELECT id FROM parcels WHERE session = ?1 AND order_key IS ?2
             AND (?2 IS NOT NULL OR (college = ?3 AND class_name = ?4 AND state = 'open'))",
        params![session_key, order, college, class],
        |row| Ok(ParcelId::from_uuid(rows::uuid(row, 0)?)),
    )?;
    if let Some(id) = there {
        return Ok(id);
    }
    let id = ParcelId::new();
    rows::change(
        conn,
        "INSERT INTO parcels (id, session, number, college, class_name, order_key, state, made)
         VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM parcels WHERE session = ?2),
             ?3, ?4, ?5, 'open', ?6)",
        params![id.uuid().into_bytes(), session_key, college, class, order, now.as_millisecond()],
    )?;
    Ok(id)
}

/// A row with what is needed beside the parcel itself.
pub(crate) struct ParcelRow {
    pub(crate) id: ParcelId,
    pub(crate) number: u32,
    pub(crate) college: String,
    pub(crate) class: String,
    pub(crate) order: Option<OrderId>,
    pub(crate) state: ParcelState,
    pub(crate) carrier: Option<String>,
    pub(crate) tracking: Option<String>,
    pub(crate) sent: Option<Timestamp>,
    pub(crate) sheets: u32,
    pub(crate) key: i64,
    pub(crate) session: i64,
    pub(crate) order_key: Option<i64>,
}

impl ParcelRow {
    fn parcel(self, conn: &Connection, products: &str) -> Result<Parcel, StoreError> {
        let wanted = match self.order_key {
            Some(_) => 1,
            None => rows::number(
                conn,
                &format!("SELECT count(*) FROM {WANTED}"),
                params![self.session, self.college, self.class, products],
            )?,
        };
        let to = match self.order {
            Some(order) => ParcelFor::Order(order),
            None => ParcelFor::Class { college: self.college, class: self.class },
        };
        Ok(Parcel {
            id: self.id,
            number: self.number,
            to,
            state: self.state,
            sheets: self.sheets,
            wanted: u32::try_from(wanted).unwrap_or(u32::MAX),
            carrier: self.carrier,
            tracking: self.tracking,
            sent: self.sent,
        })
    }
}

/// Approved orders of a class with these products.
const WANTED: &str = "orders o JOIN subjects u ON u.key = o.subject
    WHERE o.session = ?1 AND coalesce(u.college, '') = ?2 AND coalesce(u.class_name, '') = ?3
      AND o.product IN (SELECT value FROM json_each(?4))
      AND o.state IN ('pending_production', 'in_production', 'completed')";

fn missing(conn: &Connection, parcel: &ParcelRow, products: &str) -> Result<Vec<MissingSheet>, StoreError> {
    let packed = "NOT EXISTS (SELECT 1 FROM sheets WHERE order_key = o.key AND parcel IS NOT NULL)";
    let found = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, bool>(1)?));
    let keys: Vec<(i64, bool)> = match parcel.order_key {
        Some(order) => rows::all(
            conn,
            &format!(
                "SELECT o.key, {PRINTED} FROM orders o WHERE o.key = ?1 AND o.state IN {APPROVED} AND {packed}"
            ),
            params![order],
            found,
        )?,
        None => rows::all(
            conn,
            &format!("SELECT o.key, {PRINTED} FROM {WANTED} AND {packed} ORDER BY u.student_number, o.key"),
            params![parcel.session, parcel.college, parcel.class, products],
            found,
        )?,
    };
    keys.into_iter()
        .map(|(key, printed)| Ok(MissingSheet { row: orders::row_by_key(conn, key)?, printed }))
        .collect()
}

fn products_json(products: &[String]) -> Result<String, StoreError> {
    serde_json::to_string(products).map_err(|_| StoreError::BadDocument("products"))
}

pub(crate) fn by_id(conn: &Connection, id: ParcelId) -> Result<ParcelRow, StoreError> {
    rows::one(
        conn,
        &format!("SELECT {COLUMNS} FROM {TABLES} WHERE l.id = ?1"),
        params![id.uuid().into_bytes()],
        read,
    )?
    .ok_or(StoreError::NotFound("parcel"))
}

fn read(row: &Row<'_>) -> Result<ParcelRow, StoreError> {
    let state: String = row.get(5)?;
    let sent = row.get::<_, Option<i64>>(8)?.map(Timestamp::from_millisecond).transpose();
    Ok(ParcelRow {
        id: ParcelId::from_uuid(rows::uuid(row, 0)?),
        number: rows::small(row, 1)?,
        college: row.get(2)?,
        class: row.get(3)?,
        order: rows::maybe_uuid(row, 4)?.map(OrderId::from_uuid),
        state: ParcelState::from_code(&state).ok_or(StoreError::BadRow("parcel"))?,
        carrier: row.get(6)?,
        tracking: row.get(7)?,
        sent: sent.map_err(|_| StoreError::BadRow("time"))?,
        sheets: rows::small(row, 9)?,
        key: row.get(10)?,
        session: row.get(11)?,
        order_key: row.get(12)?,
    })
}
