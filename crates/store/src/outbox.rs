//! The outbox: everything that the centre is to be told, in order, until it has taken it.
//!
//! A row is written in the transaction of what it tells of. Before it is first sent, its message is made once and kept:
//! the same bytes go out each time.

use caixiang_domain::{Order, PhotoId};
use caixiang_wire::{
    AuditHead as SentHead, Digits, Kind, OrderHead, OrderRevision, PhotoHead, SealedPicture, Sha256Hex,
};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde::Serialize;
use uuid::Uuid;

use crate::audit::{Actor, AuditHead};
use crate::error::StoreError;
use crate::orders;
use crate::photos::{self, Which};
use crate::rows;
use crate::store::Store;
use crate::verdicts;

pub(crate) const TABLE: &str = "
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    order_id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    queued INTEGER NOT NULL,
    UNIQUE (order_id, revision)
) STRICT;";

/// Things of every kind, and what became of sending them.
pub(crate) const OF_ALL_KINDS: &str = "
CREATE TABLE outbox_of_all_kinds (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    message BLOB,
    queued INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    failure TEXT,
    detail TEXT,
    failed INTEGER,
    aside INTEGER NOT NULL DEFAULT 0,
    UNIQUE (kind, id, revision)
) STRICT;
INSERT INTO outbox_of_all_kinds (seq, kind, id, revision, body, queued)
    SELECT seq, 'order', order_id, revision, body, queued FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_of_all_kinds RENAME TO outbox;
CREATE INDEX outbox_aside ON outbox (seq) WHERE aside <> 0;
CREATE TABLE sent (
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, id, revision)
) STRICT, WITHOUT ROWID;
ALTER TABLE sessions ADD COLUMN of_centre INTEGER NOT NULL DEFAULT 0;";

/// What waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// How many things, those set aside among them.
    pub count: u64,
    /// When the first of them was made.
    pub oldest: Option<Timestamp>,
    /// How many are set aside.
    pub aside: u64,
}

/// Something that waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place in the row.
    pub seq: i64,
    /// What it is a revision of.
    pub kind: Kind,
    /// Of which.
    pub id: Uuid,
    /// Counts from 1.
    pub revision: u32,
    /// When it was made.
    pub queued: Timestamp,
    /// How often it was tried.
    pub tries: u32,
    /// The code of the last failure.
    pub failure: Option<String>,
    /// What was said beside.
    pub detail: Option<String>,
    /// It is set aside until staff take it up again.
    pub aside: bool,
}

/// Something as it is said to the centre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Its place in the row.
    pub seq: i64,
    /// What it is a revision of.
    pub kind: Kind,
    /// Of which.
    pub id: Uuid,
    /// Counts from 1.
    pub revision: u32,
    /// JSON, the same bytes each time.
    pub message: Vec<u8>,
    /// The pictures that go before it: the blob's hash, and whose it is.
    pub pictures: Vec<(Sha256Hex, PhotoId, Which)>,
    /// It was tried before.
    pub tried: bool,
}

const COLUMNS: &str = "seq, kind, id, revision, queued, tries, failure, detail, aside";

impl Store {
    /// How much waits to be sent.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox_waiting(&self) -> Result<Waiting, StoreError> {
        self.read(|conn| {
            let count = rows::number(conn, "SELECT count(*) FROM outbox", [])?.unsigned_abs();
            let aside =
                rows::number(conn, "SELECT count(*) FROM outbox WHERE aside <> 0", [])?.unsigned_abs();
            let sql = "SELECT queued FROM outbox ORDER BY seq LIMIT 1";
            let oldest = rows::one(conn, sql, [], |row| rows::time(row, 0))?;
            Ok(Waiting { count, oldest, aside })
        })
    }

    /// What waits longest, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.read(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM outbox ORDER BY seq LIMIT ?1");
            rows::all(conn, &sql, params![rows::page_limit(limit)], read)
        })
    }

    /// What was set aside, oldest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox_aside(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        self.read(|conn| {
            let sql = format!("SELECT {COLUMNS} FROM outbox WHERE aside <> 0 ORDER BY seq LIMIT ?1");
            rows::all(conn, &sql, params![rows::page_limit(limit)], read)
        })
    }

    /// Marks something as being sent and gives its message, which is made now if it was not before. `None` where it is
    /// gone.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without a centre to seal for, [`StoreError::PhotoUnreadable`] where a picture's file is
    /// damaged, or when the database refuses.
    pub fn outbox_begin(&mut self, seq: i64) -> Result<Option<Outgoing>, StoreError> {
        let kept = self.read(|conn| {
            let sql =
                "SELECT kind, id, revision, body, message, tries FROM outbox WHERE seq = ?1 AND aside = 0";
            rows::one(conn, sql, params![seq], |row| {
                let kind = Kind::from_code(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?);
                Ok((
                    kind.ok_or(StoreError::BadRow("kind"))?,
                    rows::uuid(row, 1)?,
                    rows::small(row, 2)?,
                    row.get::<_, String>(3)?,
                    row.get::<_, Option<Vec<u8>>>(4)?,
                    row.get::<_, u32>(5)?,
                ))
            })
        })?;
        let Some((kind, id, revision, body, message, tries)) = kept else { return Ok(None) };
        let message = match message {
            Some(message) => message,
            None if kind == Kind::Order => self.with_pictures(&body)?,
            None => body.into_bytes(),
        };
        let pictures = if kind == Kind::Order { pictures_of(&message)? } else { Vec::new() };
        self.write(|conn| {
            let sql = "UPDATE outbox SET message = ?2, tries = tries + 1 WHERE seq = ?1";
            rows::change(conn, sql, params![seq, message]).map(drop)
        })?;
        Ok(Some(Outgoing { seq, kind, id, revision, message, pictures, tried: tries > 0 }))
    }

    /// The order's revision with its pictures: their blobs' hashes, their keys sealed for the centre.
    fn with_pictures(&mut self, body: &str) -> Result<Vec<u8>, StoreError> {
        let bad = |_| StoreError::BadRow("outbox");
        let mut revision: OrderRevision = serde_json::from_str(body).map_err(bad)?;
        let photo = PhotoId::from_uuid(revision.photo.id);
        self.seal_for_centre(photo)?;
        for which in Which::ALL {
            // A photo whose keys were destroyed has nothing to be sent any more.
            let Some(key) = self.key_for_centre(photo, which).or_else(none_if_gone)? else { continue };
            let blob = self.sealed_picture(photo, which)?;
            revision.pictures.push(SealedPicture {
                which: which.code().to_owned(),
                blob: Sha256Hex::of(&blob),
                size: blob.len() as u64,
                key: Digits::of(&key),
            });
        }
        serde_json::to_vec(&revision).map_err(bad)
    }

    /// The centre has it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox_sent(&mut self, seq: i64, now: Timestamp) -> Result<(), StoreError> {
        self.write(|conn| {
            rows::change(
                conn,
                "INSERT INTO sent (kind, id, revision, at) SELECT kind, id, revision, ?2 FROM outbox WHERE seq = ?1
                 ON CONFLICT DO NOTHING",
                params![seq, now.as_millisecond()],
            )?;
            rows::change(conn, "DELETE FROM outbox WHERE seq = ?1", params![seq]).map(drop)
        })
    }

    /// It was not sent, and why; with `aside` it waits until staff take it up again.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox_failed(
        &mut self,
        seq: i64,
        code: &str,
        detail: &str,
        aside: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let detail: String = detail.chars().take(300).collect();
        self.write(|conn| {
            let sql = "UPDATE outbox SET failure = ?2, detail = ?3, failed = ?4, aside = ?5 WHERE seq = ?1";
            rows::change(conn, sql, params![seq, code, detail, now.as_millisecond(), aside]).map(drop)
        })
    }

    /// Everything that was set aside is tried again; how much it was.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox_take_up(&mut self) -> Result<u64, StoreError> {
        self.write(|conn| {
            let sql = "UPDATE outbox SET aside = 0, failure = NULL, detail = NULL WHERE aside <> 0";
            rows::change(conn, sql, []).map(|count| count as u64)
        })
    }

    /// How many things of this kind wait.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn outbox_of(&self, kind: Kind) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM outbox WHERE kind = ?1";
        self.read(|conn| Ok(rows::number(conn, sql, params![kind.code()])?.unsigned_abs()))
    }

    /// How many things of this kind the centre has taken.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sent_count(&self, kind: Kind) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM sent WHERE kind = ?1";
        self.read(|conn| Ok(rows::number(conn, sql, params![kind.code()])?.unsigned_abs()))
    }
}

fn none_if_gone(error: StoreError) -> Result<Option<Vec<u8>>, StoreError> {
    match error {
        StoreError::NotFound(_) => Ok(None),
        other => Err(other),
    }
}

fn pictures_of(message: &[u8]) -> Result<Vec<(Sha256Hex, PhotoId, Which)>, StoreError> {
    let bad = || StoreError::BadRow("outbox");
    let revision: OrderRevision = serde_json::from_slice(message).map_err(|_| bad())?;
    let photo = PhotoId::from_uuid(revision.photo.id);
    let pictures = revision.pictures.into_iter().map(|picture| {
        let which = Which::from_code(&picture.which).ok_or_else(bad)?;
        Ok((picture.blob, photo, which))
    });
    pictures.collect()
}

fn read(row: &rusqlite::Row<'_>) -> Result<OutboxRow, StoreError> {
    let kind = Kind::from_code(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
    Ok(OutboxRow {
        seq: row.get(0)?,
        kind: kind.ok_or(StoreError::BadRow("kind"))?,
        id: rows::uuid(row, 2)?,
        revision: rows::small(row, 3)?,
        queued: rows::time(row, 4)?,
        tries: rows::small(row, 5)?,
        failure: row.get(6)?,
        detail: row.get(7)?,
        aside: row.get(8)?,
    })
}

/// Queues the next revision of something. One that was never tried yet is written over: the centre needs to know how
/// things stand, not how often they changed while nobody listened.
pub(crate) fn queue(
    conn: &Connection,
    kind: Kind,
    id: Uuid,
    body: &impl Serialize,
    now: Timestamp,
) -> Result<(), StoreError> {
    let body = serde_json::to_string(body).map_err(|_| StoreError::BadDocument("message"))?;
    let (code, bytes) = (kind.code(), id.into_bytes());
    let newest = rows::number(
        conn,
        "SELECT max(coalesce((SELECT max(revision) FROM outbox WHERE kind = ?1 AND id = ?2), 0),
             coalesce((SELECT max(revision) FROM sent WHERE kind = ?1 AND id = ?2), 0))",
        params![code, bytes],
    )?;
    let over = "UPDATE outbox SET body = ?4 WHERE kind = ?1 AND id = ?2 AND revision = ?3 AND tries = 0";
    if rows::change(conn, over, params![code, bytes, newest, body])? == 0 {
        put(conn, kind, id, newest + 1, &body, now)?;
    }
    Ok(())
}

fn put(
    conn: &Connection,
    kind: Kind,
    id: Uuid,
    revision: i64,
    body: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    rows::change(
        conn,
        "INSERT INTO outbox (kind, id, revision, body, queued) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![kind.code(), id.into_bytes(), revision, body, now.as_millisecond()],
    )
    .map(drop)
}

/// What a revision of an order says beside the order itself.
pub(crate) struct Said<'a> {
    pub(crate) step: Option<&'a str>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) decision: Option<Uuid>,
    pub(crate) actor: Actor,
}

/// Queues an order's revision.
pub(crate) fn append(
    conn: &Connection,
    order: &Order,
    said: &Said<'_>,
    audit: AuditHead,
    now: Timestamp,
) -> Result<(), StoreError> {
    let photo = photos::record(conn, order.photo)?;
    let details = orders::details(conn, order.id)?;
    let body = OrderRevision {
        order: OrderHead {
            id: order.id.uuid(),
            number: order.number.to_string(),
            session: order.session.uuid(),
            subject: order.subject.uuid(),
            state: order.state.code().to_owned(),
            revision: order.revision,
            product: order.product.clone(),
            fee_fen: order.fee.get(),
            shot_number: order.shot_number,
            rejection: order.rejection.clone(),
            created_ms: order.created.as_millisecond(),
        },
        details: details.iter().map(|(field, value)| (field.code().to_owned(), value.to_owned())).collect(),
        photo: PhotoHead {
            id: photo.id.uuid(),
            taken_ms: photo.taken.as_millisecond(),
            original_sha256: Sha256Hex::new(photo.original_sha256),
            original_size: photo.original_size,
            finished_sha256: Sha256Hex::new(photo.finished_sha256),
            finished_size: photo.finished_size,
            findings: verdicts::findings(&photo.record),
        },
        step: said.step.map(str::to_owned),
        reason: said.reason.map(str::to_owned),
        decision: said.decision,
        actor: said.actor.code().to_owned(),
        at_ms: now.as_millisecond(),
        audit: SentHead { rows: audit.rows, hash: Sha256Hex::new(audit.hash) },
        pictures: Vec::new(),
    };
    let text = serde_json::to_string(&body).map_err(|_| StoreError::BadDocument("message"))?;
    put(conn, Kind::Order, order.id.uuid(), order.revision.into(), &text, now)
}
