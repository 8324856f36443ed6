//! Orders as they stand now.

use caixiang_domain::{
    Fen, Order, OrderId, OrderNumber, OrderState, PhotoId, PointNumber, SessionId, SubjectId,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::queue::Page;
use crate::rows;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE orders (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    number TEXT NOT NULL UNIQUE,
    session INTEGER NOT NULL REFERENCES sessions (key),
    subject INTEGER NOT NULL REFERENCES subjects (key),
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    photo BLOB NOT NULL REFERENCES photos (id),
    product TEXT NOT NULL,
    fee_fen INTEGER NOT NULL,
    shot_number INTEGER NOT NULL,
    rejection TEXT,
    details TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_by_subject ON orders (subject);
CREATE INDEX orders_by_session ON orders (session, state);
CREATE INDEX orders_by_photo ON orders (photo);";

pub(crate) const COLUMNS: &str =
    "o.id, o.number, s.id, u.id, o.state, o.revision, o.photo, o.product, o.fee_fen,
    o.shot_number, o.rejection, o.created, u.name, u.student_number, u.class_name, u.college";
/// How many columns these are; what else is selected stands behind them.
pub(crate) const COLUMN_COUNT: usize = 16;
pub(crate) const TABLES: &str =
    "orders o JOIN sessions s ON s.key = o.session JOIN subjects u ON u.key = o.subject";

/// An order with what a list shows of its student.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRow {
    /// The order.
    pub order: Order,
    /// The student's name, where known.
    pub name: Option<String>,
    /// Their student number, where known.
    pub student_number: Option<String>,
    /// Their class, where known.
    pub class_name: Option<String>,
    /// Their college, where known.
    pub college: Option<String>,
}

/// Which orders are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrderFilter {
    /// Of one session only.
    pub session: Option<SessionId>,
    /// In one state only.
    pub state: Option<OrderState>,
}

impl Store {
    /// One order.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn order(&self, id: OrderId) -> Result<Order, StoreError> {
        self.read(|conn| by_id(conn, id).map(|(_, row)| row.order))
    }

    /// A student's orders, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn orders_of(&self, subject: SubjectId) -> Result<Vec<Order>, StoreError> {
        self.read(|conn| {
            rows::all(
                conn,
                &format!("SELECT {COLUMNS} FROM {TABLES} WHERE u.id = ?1 ORDER BY o.key DESC"),
                params![subject.uuid().into_bytes()],
                |row| read(row).map(|row| row.order),
            )
        })
    }

    /// The details an order was made with: what the student confirmed, and the address.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn order_details(&self, id: OrderId) -> Result<caixiang_domain::Details, StoreError> {
        self.read(|conn| details(conn, id))
    }

    /// Orders, newest first: in the order in which they were committed, whatever the clock said.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn orders_page(
        &self,
        filter: &OrderFilter,
        offset: u32,
        limit: u32,
    ) -> Result<Page<OrderRow>, StoreError> {
        let session = filter.session.map(|id| id.uuid().into_bytes());
        let state = filter.state.map(OrderState::code);
        // Built from what is asked for, so that the index of that is used.
        let mut matching = String::from("WHERE ?1 IS ?1 AND ?2 IS ?2");
        if session.is_some() {
            matching += " AND o.session = (SELECT key FROM sessions WHERE id = ?1)";
        }
        if state.is_some() {
            matching += " AND o.state = ?2";
        }
        self.read(|conn| {
            let total = rows::number(
                conn,
                &format!("SELECT count(*) FROM orders o {matching}"),
                params![session, state],
            )?;
            let rows = rows::all(
                conn,
                &format!(
                    "SELECT {COLUMNS} FROM {TABLES} WHERE o.key IN
                         (SELECT o.key FROM orders o {matching} ORDER BY o.key DESC LIMIT ?3 OFFSET ?4)
                     ORDER BY o.key DESC"
                ),
                params![session, state, rows::page_limit(limit), offset],
                read,
            )?;
            Ok(Page { rows, total: total.unsigned_abs() })
        })
    }
}

/// An order and its row.
pub(crate) fn by_id(conn: &Connection, id: OrderId) -> Result<(i64, OrderRow), StoreError> {
    let sql = "SELECT key FROM orders WHERE id = ?1";
    let key = rows::one(conn, sql, params![id.uuid().into_bytes()], |row| Ok(row.get(0)?))?
        .ok_or(StoreError::NotFound("order"))?;
    Ok((key, row_by_key(conn, key)?))
}

/// The order in this row.
pub(crate) fn row_by_key(conn: &Connection, key: i64) -> Result<OrderRow, StoreError> {
    rows::one(conn, &format!("SELECT {COLUMNS} FROM {TABLES} WHERE o.key = ?1"), params![key], read)?
        .ok_or(StoreError::NotFound("order"))
}

/// The details an order was made with.
pub(crate) fn details(conn: &Connection, id: OrderId) -> Result<caixiang_domain::Details, StoreError> {
    rows::one(conn, "SELECT details FROM orders WHERE id = ?1", params![id.uuid().into_bytes()], |row| {
        rows::details_from(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
    })?
    .ok_or(StoreError::NotFound("order"))
}

/// A number that no order of this point has: the local time, or a millisecond after the greatest there is when the
/// clock has not moved on since, or went back.
pub(crate) fn next_number(
    conn: &Connection,
    point: PointNumber,
    zone: &TimeZone,
    now: Timestamp,
) -> Result<OrderNumber, StoreError> {
    let candidate = OrderNumber::new(point, zone.to_datetime(now));
    // '.' comes right after '-'.
    let greatest: Option<String> = rows::one(
        conn,
        "SELECT max(number) FROM orders WHERE number >= ?1 AND number < ?2",
        params![format!("{point}-"), format!("{point}.")],
        |row| Ok(row.get(0)?),
    )?
    .flatten();
    let Some(greatest) = greatest else { return Ok(candidate) };
    let greatest: OrderNumber = greatest.parse().map_err(|_| StoreError::BadRow("order number"))?;
    Ok(if candidate > greatest { candidate } else { greatest.next() })
}

pub(crate) fn read(row: &Row<'_>) -> Result<OrderRow, StoreError> {
    let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    let order = Order {
        id: OrderId::from_uuid(rows::uuid(row, 0)?),
        number: text(1)?.parse().map_err(|_| StoreError::BadRow("order number"))?,
        session: SessionId::from_uuid(rows::uuid(row, 2)?),
        subject: SubjectId::from_uuid(rows::uuid(row, 3)?),
        state: OrderState::from_code(text(4)?).ok_or(StoreError::BadRow("order state"))?,
        revision: rows::small(row, 5)?,
        photo: PhotoId::from_uuid(rows::uuid(row, 6)?),
        product: row.get(7)?,
        fee: Fen::new(rows::small(row, 8)?).ok_or(StoreError::BadRow("fee"))?,
        shot_number: rows::small(row, 9)?,
        rejection: row.get(10)?,
        created: rows::time(row, 11)?,
    };
    Ok(OrderRow {
        order,
        name: row.get(12)?,
        student_number: row.get(13)?,
        class_name: row.get(14)?,
        college: row.get(15)?,
    })
}
