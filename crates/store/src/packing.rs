//! Packing: what becomes of a sheet that is scanned.

use caixiang_domain::{ParcelId, SessionId};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::json;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::orders::{self, OrderRow};
use crate::parcels::{ParcelFor, ParcelState, begin, by_id};
use crate::rows;
use crate::sessions;
use crate::sheets::{self, Sheet};
use crate::store::Store;

/// What became of a sheet that was scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Packed {
    /// It lies in the parcel now.
    Put(Box<Sheet>),
    /// It lay there already.
    AlreadyIn(Box<Sheet>),
    /// It lies in the parcel with this number.
    InOther(u32),
    /// It belongs to another class or student.
    WrongParcel(Box<Sheet>),
    /// A newer copy of it was made: this one is not to be sent.
    OldCopy(Box<Sheet>),
    /// The photo was replaced since, or the order was taken back.
    NotInForce(Box<Sheet>),
    /// No sheet has this code.
    NoSuchSheet,
    /// The parcel is closed.
    NotOpen,
}

impl Store {
    /// Puts the sheet with this code into a parcel.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the parcel, or when the database refuses.
    pub fn pack(&mut self, parcel: ParcelId, code: &str, now: Timestamp) -> Result<Packed, StoreError> {
        self.write(|conn| {
            let Some(sheet) = sheets::by_code(conn, code.trim())? else { return Ok(Packed::NoSuchSheet) };
            put(conn, parcel, sheet, now)
        })
    }

    /// Puts the sheet with this code into the parcel it belongs in, which is begun where there is none; and which parcel
    /// that is. Nothing is begun for a sheet that cannot be packed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn pack_at_home(
        &mut self,
        session: SessionId,
        individual: bool,
        code: &str,
        now: Timestamp,
    ) -> Result<(Packed, Option<ParcelId>), StoreError> {
        self.write(|conn| {
            let Some(sheet) = sheets::by_code(conn, code.trim())? else {
                return Ok((Packed::NoSuchSheet, None));
            };
            let (order_key, row) = orders::by_id(conn, sheet.order)?;
            if row.order.session != session {
                return Ok((Packed::WrongParcel(Box::new(sheet)), None));
            }
            if let Some(parcel) = sheet.parcel {
                return Ok((Packed::AlreadyIn(Box::new(sheet)), Some(parcel)));
            }
            if let Some(refused) = unfit(conn, &sheet, order_key, &row)? {
                return Ok((refused, None));
            }
            let to = if individual {
                ParcelFor::Order(sheet.order)
            } else {
                ParcelFor::Class {
                    college: row.college.unwrap_or_default(),
                    class: row.class_name.unwrap_or_default(),
                }
            };
            let parcel = begin(conn, session, &to, now)?;
            Ok((put(conn, parcel, sheet, now)?, Some(parcel)))
        })
    }

    /// Takes a sheet out of the open parcel it lies in.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::ImpossibleStep`] where the parcel is closed, or when the database refuses.
    pub fn unpack(&mut self, code: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(|conn| {
            let sheet = sheets::by_code(conn, code.trim())?.ok_or(StoreError::NotFound("sheet"))?;
            let parcel = by_id(conn, sheet.parcel.ok_or(StoreError::NotFound("parcel"))?)?;
            if parcel.state != ParcelState::Open {
                return Err(StoreError::ImpossibleStep);
            }
            let sql = "UPDATE sheets SET parcel = NULL WHERE id = ?1";
            rows::change(conn, sql, params![sheet.id.uuid().into_bytes()])?;
            let about = About { order: Some(sheet.order), ..About::default() };
            let detail = json!({ "parcel": parcel.number, "sheet": sheet.code });
            audit::append(conn, now, Actor::Photographer, "parcel.unpack", about, &detail).map(drop)
        })
    }
}

/// Puts a sheet into a parcel. Where an older copy of it lies there, the newer one takes its place.
fn put(conn: &Connection, parcel: ParcelId, sheet: Sheet, now: Timestamp) -> Result<Packed, StoreError> {
    let row = by_id(conn, parcel)?;
    let boxed = Box::new(sheet.clone());
    if sheet.parcel == Some(parcel) {
        return Ok(Packed::AlreadyIn(boxed));
    }
    if let Some(other) = sheet.parcel {
        return Ok(Packed::InOther(by_id(conn, other)?.number));
    }
    if row.state != ParcelState::Open {
        return Ok(Packed::NotOpen);
    }
    let (order_key, order) = orders::by_id(conn, sheet.order)?;
    let class = (order.college.clone().unwrap_or_default(), order.class_name.clone().unwrap_or_default());
    let fits = match row.order_key {
        Some(key) => key == order_key,
        None => class == (row.college.clone(), row.class.clone()),
    };
    if !fits || sessions::key_of(conn, order.order.session)? != row.session {
        return Ok(Packed::WrongParcel(boxed));
    }
    if let Some(refused) = unfit(conn, &sheet, order_key, &order)? {
        return Ok(refused);
    }
    let sql = "SELECT l.number FROM sheets h JOIN parcels l ON l.key = h.parcel
        WHERE h.order_key = ?1 AND h.parcel <> ?2";
    if let Some(number) = rows::one(conn, sql, params![order_key, row.key], |row| rows::small(row, 0))? {
        return Ok(Packed::InOther(number));
    }
    let sql = "UPDATE sheets SET parcel = NULL WHERE order_key = ?1 AND parcel = ?2";
    rows::change(conn, sql, params![order_key, row.key])?;
    let sql = "UPDATE sheets SET parcel = ?2 WHERE id = ?1";
    rows::change(conn, sql, params![sheet.id.uuid().into_bytes(), row.key])?;
    let about = About { order: Some(sheet.order), ..About::default() };
    let detail = json!({ "parcel": row.number, "sheet": sheet.code });
    audit::append(conn, now, Actor::Photographer, "parcel.pack", about, &detail)?;
    Ok(Packed::Put(Box::new(Sheet { parcel: Some(parcel), ..sheet })))
}

/// Why a sheet is not to be sent to anybody. A newer copy on a print that failed is no reason.
fn unfit(
    conn: &Connection,
    sheet: &Sheet,
    order_key: i64,
    row: &OrderRow,
) -> Result<Option<Packed>, StoreError> {
    if row.order.photo != sheet.photo || !sheets::is_approved(row.order.state) {
        return Ok(Some(Packed::NotInForce(Box::new(sheet.clone()))));
    }
    let sql = "SELECT coalesce(max(h.copy), 0) FROM sheets h LEFT JOIN prints p ON p.key = h.print
        WHERE h.order_key = ?1 AND (p.state IS NULL OR p.state <> 'failed')";
    let newest = rows::number(conn, sql, params![order_key])?;
    Ok((newest > i64::from(sheet.copy)).then(|| Packed::OldCopy(Box::new(sheet.clone()))))
}
