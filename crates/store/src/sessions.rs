//! Collection sessions: each one a JSON document, with what the store itself needs beside it.

use caixiang_domain::{Session, SessionId};
use caixiang_wire::{Kind, SessionDocument};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use uuid::Uuid;

use crate::error::StoreError;
use crate::outbox;
use crate::rows;
use crate::settings;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE sessions (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    document TEXT NOT NULL,
    next_shot INTEGER NOT NULL DEFAULT 1
) STRICT;";

const ACTIVE: &str = "active_session";

impl Store {
    /// Adds a session, or changes it.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_session(&mut self, session: &Session) -> Result<(), StoreError> {
        let document = SessionDocument::from(session);
        let text = serde_json::to_string(&document).map_err(|_| StoreError::BadDocument("session"))?;
        self.write(|conn| {
            put(conn, session.id, &text)?;
            let sql = "SELECT of_centre FROM sessions WHERE id = ?1";
            let of_centre = rows::number(conn, sql, params![session.id.uuid().into_bytes()])? != 0;
            // What the centre made is the centre's to change: here it is only adapted for this kiosk.
            if session.demonstration || of_centre {
                return Ok(());
            }
            outbox::queue(conn, Kind::Session, session.id.uuid(), &document, Timestamp::now())
        })
    }

    /// Every session, newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn sessions(&self) -> Result<Vec<Session>, StoreError> {
        self.read(|conn| rows::all(conn, "SELECT id, document FROM sessions ORDER BY key DESC", [], read))
    }

    /// One session.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn session(&self, id: SessionId) -> Result<Session, StoreError> {
        self.read(|conn| {
            rows::one(
                conn,
                "SELECT id, document FROM sessions WHERE id = ?1",
                params![id.uuid().into_bytes()],
                read,
            )?
            .ok_or(StoreError::NotFound("session"))
        })
    }

    /// The session this kiosk photographs for.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn active_session(&self) -> Result<Option<Session>, StoreError> {
        let kept: Option<Uuid> = self.setting::<String>(ACTIVE)?.and_then(|text| Uuid::try_parse(&text).ok());
        kept.map(|id| self.session(SessionId::from_uuid(id))).transpose()
    }

    /// Lets this kiosk photograph for none.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn clear_active_session(&mut self) -> Result<(), StoreError> {
        self.set_setting(ACTIVE, "")
    }

    /// Sets the session this kiosk photographs for.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn set_active_session(&mut self, id: SessionId) -> Result<(), StoreError> {
        self.write(|conn| {
            key_of(conn, id)?;
            settings::set(conn, ACTIVE, &id.to_string())
        })
    }
}

/// Adds a session's document, or changes it.
pub(crate) fn put(conn: &Connection, id: SessionId, text: &str) -> Result<(), StoreError> {
    rows::change(
        conn,
        "INSERT INTO sessions (id, document) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET document = ?2",
        params![id.uuid().into_bytes(), text],
    )
    .map(drop)
}

/// Whether what happens in a session goes to the centre: a demonstration's orders are nobody's.
pub(crate) fn is_sent(conn: &Connection, key: i64) -> Result<bool, StoreError> {
    let sql = "SELECT json_extract(document, '$.demonstration') = 0 FROM sessions WHERE key = ?1";
    Ok(rows::number(conn, sql, params![key])? != 0)
}

/// The row of a session.
pub(crate) fn key_of(conn: &Connection, id: SessionId) -> Result<i64, StoreError> {
    rows::one(conn, "SELECT key FROM sessions WHERE id = ?1", params![id.uuid().into_bytes()], |row| {
        Ok(row.get(0)?)
    })?
    .ok_or(StoreError::NotFound("session"))
}

/// The next shot number (拍摄号) of a session; each is given once.
pub(crate) fn next_shot(conn: &Connection, session: i64) -> Result<u32, StoreError> {
    rows::one(
        conn,
        "UPDATE sessions SET next_shot = next_shot + 1 WHERE key = ?1 RETURNING next_shot - 1",
        params![session],
        |row| rows::small(row, 0),
    )?
    .ok_or(StoreError::NotFound("session"))
}

fn read(row: &rusqlite::Row<'_>) -> Result<Session, StoreError> {
    let id = SessionId::from_uuid(rows::uuid(row, 0)?);
    let text = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let document: SessionDocument = serde_json::from_str(text).map_err(|_| StoreError::BadRow("session"))?;
    document.session(id).ok_or(StoreError::BadRow("session"))
}
