//! The outbox: one row for each revision, with all that the centre needs, until it has taken it.

use caixiang_domain::{Order, OrderId};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::json;

use crate::audit::{Actor, AuditHead};
use crate::error::StoreError;
use crate::orders;
use crate::photos;
use crate::rows;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    queued INTEGER NOT NULL,
    UNIQUE (order_id, revision)
) STRICT;";

/// What waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many revisions.
    pub count: u64,
    /// When the first of them was made.
    pub oldest: Option<Timestamp>,
}

/// A revision that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place in the row.
    pub seq: i64,
    /// The order.
    pub order: OrderId,
    /// The revision.
    pub revision: u32,
    /// JSON: the order, the details, the photo's hashes, who did what and why, the head of the audit log.
    pub body: String,
    /// When it was made.
    pub queued: Timestamp,
}

impl Store {
    /// How much waits to be sent.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox_waiting(&self) -> Result<Waiting, StoreError> {
        self.read(|conn| {
            let count = rows::number(conn, "SELECT count(*) FROM outbox", [])?.unsigned_abs();
            let sql = "SELECT queued FROM outbox ORDER BY seq LIMIT 1";
            let oldest = rows::one(conn, sql, [], |row| rows::time(row, 0))?;
            Ok(Waiting { count, oldest })
        })
    }

    /// The revisions that wait longest, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.read(|conn| {
            rows::all(
                conn,
                "SELECT seq, order_id, revision, body, queued FROM outbox ORDER BY seq LIMIT ?1",
                params![rows::page_limit(limit)],
                |row| {
                    Ok(OutboxRow {
                        seq: row.get(0)?,
                        order: OrderId::from_uuid(rows::uuid(row, 1)?),
                        revision: rows::small(row, 2)?,
                        body: row.get(3)?,
                        queued: rows::time(row, 4)?,
                    })
                },
            )
        })
    }
}

/// Queues a revision.
pub(crate) fn append(
    conn: &Connection,
    order: &Order,
    step: Option<&str>,
    reason: Option<&str>,
    actor: Actor,
    audit: AuditHead,
    now: Timestamp,
) -> Result<(), StoreError> {
    let photo = photos::record(conn, order.photo)?;
    let details = orders::details(conn, order.id)?;
    let body = json!({
        "order": {
            "id": order.id.to_string(),
            "number": order.number.to_string(),
            "session": order.session.to_string(),
            "subject": order.subject.to_string(),
            "state": order.state.code(),
            "revision": order.revision,
            "product": order.product,
            "fee_fen": order.fee.get(),
            "shot_number": order.shot_number,
            "rejection": order.rejection,
            "created_ms": order.created.as_millisecond(),
        },
        "details": rows::details_json(&details),
        "photo": {
            "id": photo.id.to_string(),
            "taken_ms": photo.taken.as_millisecond(),
            "original_sha256": hex::encode(photo.original_sha256),
            "original_size": photo.original_size,
            "finished_sha256": hex::encode(photo.finished_sha256),
            "finished_size": photo.finished_size,
        },
        "step": step,
        "reason": reason,
        "actor": actor.code(),
        "at_ms": now.as_millisecond(),
        "audit": { "rows": audit.rows, "hash": hex::encode(audit.hash) },
    });
    rows::change(
        conn,
        "INSERT INTO outbox (order_id, revision, body, queued) VALUES (?1, ?2, ?3, ?4)",
        params![order.id.uuid().into_bytes(), order.revision, body.to_string(), now.as_millisecond()],
    )
    .map(drop)
}
