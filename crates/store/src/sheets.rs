//! Photo sheets: which order each one shows, which copy it is, on which print it went out, in which parcel it lies.

use caixiang_domain::{
    OrderId, OrderNumber, OrderState, ParcelId, PhotoId, PrintId, SessionId, SheetId, SubjectId,
};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde_json::json;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::orders::{self, OrderRow};
use crate::rows;
use crate::sessions;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE sheets (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    code TEXT NOT NULL UNIQUE,
    order_key INTEGER NOT NULL REFERENCES orders (key),
    photo BLOB NOT NULL REFERENCES photos (id),
    copy INTEGER NOT NULL,
    print INTEGER REFERENCES prints (key),
    parcel INTEGER REFERENCES parcels (key),
    made INTEGER NOT NULL,
    UNIQUE (order_key, copy)
) STRICT;
CREATE INDEX sheets_by_print ON sheets (print);
CREATE INDEX sheets_by_parcel ON sheets (parcel);";

/// Copies of one order's sheet, whatever the quota says.
const MOST_COPIES: u32 = 999;

/// A photo sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its id.
    pub id: SheetId,
    /// What is printed on it and scanned into a parcel: the order's number, a dot and the copy.
    pub code: String,
    /// Whose order.
    pub order: OrderId,
    /// The photo that it shows.
    pub photo: PhotoId,
    /// Counts from 1 for each order; a reprint is the next one.
    pub copy: u32,
    /// The print it went out on.
    pub print: Option<PrintId>,
    /// The parcel it lies in.
    pub parcel: Option<ParcelId>,
    /// When it was made.
    pub made: Timestamp,
}

/// A photo that the review has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedPhoto {
    /// Of whom.
    pub subject: SubjectId,
    /// The order.
    pub order: OrderId,
    /// Its number.
    pub number: OrderNumber,
    /// The photo.
    pub photo: PhotoId,
    /// When it was taken.
    pub taken: Timestamp,
    /// Bytes of the finished file.
    pub size: u64,
    /// SHA-256 of the finished file.
    pub sha256: [u8; 32],
    /// Codes of the checks whose limits are broken.
    pub broken: Vec<String>,
}

/// An order whose photo may be printed.
#[derive(Debug, Clone, PartialEq)]
pub struct PrintableOrder {
    /// The order.
    pub row: OrderRow,
    /// It has a sheet on a print that did not fail.
    pub printed: bool,
    /// Which copy its next sheet is.
    pub next_copy: u32,
}

/// How many sheets there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SheetCounts {
    /// The most copies that one of the orders has.
    pub of_order: u32,
    /// Sheets that this kiosk made since the moment that was asked for.
    pub since: u32,
}

const COLUMNS: &str = "h.id, h.code, o.id, h.photo, h.copy, r.id, l.id, h.made";
const TABLES: &str = "sheets h JOIN orders o ON o.key = h.order_key
    LEFT JOIN prints r ON r.key = h.print LEFT JOIN parcels l ON l.key = h.parcel";

/// Whether the order `o` is on paper, or may be: it has a sheet on a print that did not fail.
pub(crate) const PRINTED: &str = "EXISTS (SELECT 1 FROM sheets h LEFT JOIN prints p ON p.key = h.print
    WHERE h.order_key = o.key AND (p.state IS NULL OR p.state <> 'failed'))";

/// Whether the print `p` may have used paper.
const USED_PAPER: &str = "(p.state IS NULL OR p.state <> 'failed' OR NOT
    (p.reason LIKE 'not_sent%' OR p.reason LIKE 'refused%' OR p.reason LIKE 'said_not_printed%'))";

/// The states in which an order's photo may be printed: the review has passed.
pub(crate) const APPROVED: &str = "('pending_production', 'in_production', 'completed')";

impl Store {
    /// The photos of a session that a school may have: of each student the newest order whose review has passed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn approved_photos(&self, session: SessionId) -> Result<Vec<ApprovedPhoto>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let sql = format!(
                "SELECT u.id, o.id, o.number, p.id, p.taken, p.finished_size, p.finished_sha256, p.broken
                 FROM orders o JOIN subjects u ON u.key = o.subject JOIN photos p ON p.id = o.photo
                 WHERE o.session = ?1 AND o.state IN {APPROVED}
                   AND o.key = (SELECT max(key) FROM orders WHERE subject = u.key AND state IN {APPROVED})
                 ORDER BY o.key LIMIT 100000"
            );
            rows::all(conn, &sql, params![key], |row| {
                let number: String = row.get(2)?;
                Ok(ApprovedPhoto {
                    subject: SubjectId::from_uuid(rows::uuid(row, 0)?),
                    order: OrderId::from_uuid(rows::uuid(row, 1)?),
                    number: number.parse().map_err(|_| StoreError::BadRow("order number"))?,
                    photo: PhotoId::from_uuid(rows::uuid(row, 3)?),
                    taken: rows::time(row, 4)?,
                    size: row.get::<_, i64>(5)?.unsigned_abs(),
                    sha256: row.get(6)?,
                    broken: crate::verdicts::broken(row.get(7)?),
                })
            })
        })
    }

    /// The sheet with this code.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sheet_by_code(&self, code: &str) -> Result<Option<Sheet>, StoreError> {
        self.read(|conn| by_code(conn, code))
    }

    /// The sheets of a print, in the order in which they were made.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sheets_of_print(&self, print: PrintId) -> Result<Vec<Sheet>, StoreError> {
        self.read(|conn| of_print(conn, print))
    }

    /// The most copies that one of these orders has, and how many sheets were made since then; without those of prints
    /// that used no paper.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sheet_counts(&self, of: &[OrderId], since: Timestamp) -> Result<SheetCounts, StoreError> {
        self.read(|conn| {
            let mut most = 0;
            for order in of {
                let sql = format!(
                    "SELECT count(*) FROM sheets h JOIN orders o ON o.key = h.order_key
                     LEFT JOIN prints p ON p.key = h.print WHERE o.id = ?1 AND {USED_PAPER}"
                );
                most = most.max(rows::number(conn, &sql, params![order.uuid().into_bytes()])?);
            }
            let sql = format!(
                "SELECT count(*) FROM sheets h LEFT JOIN prints p ON p.key = h.print
                 WHERE h.made >= ?1 AND {USED_PAPER}"
            );
            let since = rows::number(conn, &sql, params![since.as_millisecond()])?;
            let small = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
            Ok(SheetCounts { of_order: small(most), since: small(since) })
        })
    }

    /// Orders of a session whose review has passed, by college, class and student number. Only of these products.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn printable_orders(
        &self,
        session: SessionId,
        products: &[String],
    ) -> Result<Vec<PrintableOrder>, StoreError> {
        let products = serde_json::to_string(products).map_err(|_| StoreError::BadDocument("products"))?;
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let (columns, tables) = (orders::COLUMNS, orders::TABLES);
            rows::all(
                conn,
                &format!(
                    "SELECT {columns}, {PRINTED}, (SELECT coalesce(max(copy), 0) + 1 FROM sheets WHERE order_key = o.key)
                     FROM {tables} WHERE o.session = ?1 AND o.state IN {APPROVED}
                       AND o.product IN (SELECT value FROM json_each(?2))
                     ORDER BY u.college, u.class_name, u.student_number, o.key"
                ),
                params![key, products],
                |row| {
                    Ok(PrintableOrder {
                        row: orders::read(row)?,
                        printed: row.get(orders::COLUMN_COUNT)?,
                        next_copy: rows::small(row, orders::COLUMN_COUNT + 1)?,
                    })
                },
            )
        })
    }
}

/// Makes one sheet for each order, the next copy of it, and notes reprints in the audit log.
///
/// # Errors
/// [`StoreError::NotApproved`] where a review has not passed, [`StoreError::NotFound`], or when the database refuses.
pub(crate) fn make(
    conn: &Connection,
    of: &[OrderId],
    print: i64,
    actor: Actor,
    now: Timestamp,
) -> Result<Vec<Sheet>, StoreError> {
    of.iter()
        .map(|&order| {
            let (key, row) = orders::by_id(conn, order)?;
            if !is_approved(row.order.state) {
                return Err(StoreError::NotApproved);
            }
            let sql = "SELECT coalesce(max(copy), 0) + 1 FROM sheets WHERE order_key = ?1";
            let copy = rows::one(conn, sql, params![key], |row| rows::small(row, 0))?.unwrap_or(1);
            if copy > MOST_COPIES {
                return Err(StoreError::TooLarge { what: "sheet's copy", max: MOST_COPIES as usize });
            }
            let id = SheetId::new();
            let code = format!("{}.{copy}", row.order.number);
            rows::change(
                conn,
                "INSERT INTO sheets (id, code, order_key, photo, copy, print, made)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    id.uuid().into_bytes(),
                    code,
                    key,
                    row.order.photo.uuid().into_bytes(),
                    copy,
                    print,
                    now.as_millisecond()
                ],
            )?;
            if copy > 1 {
                let about = About { order: Some(order), ..About::default() };
                audit::append(conn, now, actor, "sheet.reprint", about, &json!({ "copy": copy }))?;
            }
            by_code(conn, &code)?.ok_or(StoreError::NotFound("sheet"))
        })
        .collect()
}

/// The orders of which sheets are on a print.
pub(crate) fn orders_of(conn: &Connection, print: PrintId) -> Result<Vec<OrderId>, StoreError> {
    let sql = format!("SELECT o.id FROM {TABLES} WHERE r.id = ?1 ORDER BY h.key");
    rows::all(conn, &sql, params![print.uuid().into_bytes()], |row| {
        Ok(OrderId::from_uuid(rows::uuid(row, 0)?))
    })
}

/// Whether a review has passed and nothing was taken back.
pub(crate) fn is_approved(state: OrderState) -> bool {
    matches!(state, OrderState::PendingProduction | OrderState::InProduction | OrderState::Completed)
}

/// The sheet with this code.
pub(crate) fn by_code(conn: &Connection, code: &str) -> Result<Option<Sheet>, StoreError> {
    rows::one(conn, &format!("SELECT {COLUMNS} FROM {TABLES} WHERE h.code = ?1"), params![code], read)
}

/// The sheets of a parcel, in the order in which they were put in.
pub(crate) fn in_parcel(conn: &Connection, parcel: i64) -> Result<Vec<Sheet>, StoreError> {
    rows::all(
        conn,
        &format!("SELECT {COLUMNS} FROM {TABLES} WHERE h.parcel = ?1 ORDER BY h.key"),
        params![parcel],
        read,
    )
}

/// The sheets on a print, in their order.
pub(crate) fn of_print(conn: &Connection, print: PrintId) -> Result<Vec<Sheet>, StoreError> {
    rows::all(
        conn,
        &format!("SELECT {COLUMNS} FROM {TABLES} WHERE r.id = ?1 ORDER BY h.key"),
        params![print.uuid().into_bytes()],
        read,
    )
}

fn read(row: &Row<'_>) -> Result<Sheet, StoreError> {
    Ok(Sheet {
        id: SheetId::from_uuid(rows::uuid(row, 0)?),
        code: row.get(1)?,
        order: OrderId::from_uuid(rows::uuid(row, 2)?),
        photo: PhotoId::from_uuid(rows::uuid(row, 3)?),
        copy: rows::small(row, 4)?,
        print: rows::maybe_uuid(row, 5)?.map(PrintId::from_uuid),
        parcel: rows::maybe_uuid(row, 6)?.map(ParcelId::from_uuid),
        made: rows::time(row, 7)?,
    })
}
