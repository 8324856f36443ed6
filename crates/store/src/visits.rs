//! Visits: what a student has begun and not finished, saved at every step so that a restart loses nothing.

use caixiang_domain::{PhotoId, SubjectId, VisitId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::photos;
use crate::rows;
use crate::sessions;
use crate::store::Store;
use crate::subjects;

pub(crate) const TABLE: &str = "
CREATE TABLE visits (
    id BLOB NOT NULL PRIMARY KEY,
    subject INTEGER NOT NULL UNIQUE REFERENCES subjects (key),
    shot_number INTEGER NOT NULL,
    document TEXT NOT NULL,
    photo BLOB REFERENCES photos (id),
    started INTEGER NOT NULL,
    saved INTEGER NOT NULL
) STRICT;
CREATE INDEX visits_by_photo ON visits (photo);";

/// Largest document of a visit, bytes.
const MAX_DOCUMENT: usize = 1 << 20;
const COLUMNS: &str = "v.id, u.id, v.shot_number, v.document, v.photo, v.started, v.saved";

/// One student's time at the kiosk, as far as it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Whose.
    pub subject: SubjectId,
    /// Its place in the order of shots of the session (拍摄号), given when it began.
    pub shot_number: u32,
    /// What the caller saved last: JSON that the store does not look into; `{}` in the beginning.
    pub document: String,
    /// The photo kept so far.
    pub photo: Option<PhotoId>,
    /// When it began.
    pub started: Timestamp,
    /// When it was saved last.
    pub saved: Timestamp,
}

impl Store {
    /// Begins a student's visit; the one already begun where there is one.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn begin_visit(&mut self, subject: SubjectId, now: Timestamp) -> Result<Visit, StoreError> {
        self.write(|conn| {
            let (key, session) = subjects::key_of(conn, subject)?;
            if let Some(begun) = of_subject(conn, key)? {
                return Ok(begun);
            }
            let id = VisitId::new();
            let shot_number = sessions::next_shot(conn, session)?;
            rows::change(
                conn,
                "INSERT INTO visits (id, subject, shot_number, document, started, saved)
                 VALUES (?1, ?2, ?3, '{}', ?4, ?4)",
                params![id.uuid().into_bytes(), key, shot_number, now.as_millisecond()],
            )?;
            let about = About { subject: Some(subject), visit: Some(id), ..About::default() };
            audit::append(
                conn,
                now,
                Actor::System,
                "visit.begin",
                about,
                &json!({ "shot_number": shot_number }),
            )?;
            of_subject(conn, key)?.ok_or(StoreError::NotFound("visit"))
        })
    }

    /// Saves how far a visit went. A photo it held before and does not hold now is destroyed.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the document is no JSON or too large, or the database refuses.
    pub fn save_visit(
        &mut self,
        id: VisitId,
        document: &str,
        photo: Option<PhotoId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if document.len() > MAX_DOCUMENT {
            return Err(StoreError::TooLarge { what: "visit", max: MAX_DOCUMENT });
        }
        serde_json::from_str::<serde::de::IgnoredAny>(document)
            .map_err(|_| StoreError::BadDocument("visit"))?;
        let replaced = self.write(|conn| {
            let visit = by_id(conn, id)?;
            if let Some(photo) = photo {
                photos::belongs_to(conn, photo, visit.subject)?;
            }
            rows::change(
                conn,
                "UPDATE visits SET document = ?2, photo = ?3, saved = ?4 WHERE id = ?1",
                params![
                    id.uuid().into_bytes(),
                    document,
                    photo.map(|photo| photo.uuid().into_bytes()),
                    now.as_millisecond()
                ],
            )?;
            let left = visit.photo.filter(|&old| photo != Some(old));
            discard_unused(conn, left, now)
        })?;
        self.forget(replaced);
        Ok(())
    }

    /// The visit a student has begun and not finished.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn visit_of(&self, subject: SubjectId) -> Result<Option<Visit>, StoreError> {
        self.read(|conn| of_subject(conn, subjects::key_of(conn, subject)?.0))
    }

    /// Ends a visit. Its photo is destroyed unless it is kept, or an order has it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn end_visit(&mut self, id: VisitId, keep_photo: bool, now: Timestamp) -> Result<(), StoreError> {
        let removed = self.write(|conn| {
            let visit = by_id(conn, id)?;
            end(conn, &visit, "visit.end", &json!({ "photo_kept": keep_photo }), now)?;
            discard_unused(conn, visit.photo.filter(|_| !keep_photo), now)
        })?;
        self.forget(removed);
        Ok(())
    }

    /// Discards every visit that was not saved since; their photos are destroyed. How many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn expire_visits(&mut self, not_saved_since: Timestamp, now: Timestamp) -> Result<usize, StoreError> {
        let (count, removed) = self.write(|conn| {
            let stale = rows::all(
                conn,
                &format!(
                    "SELECT {COLUMNS} FROM visits v JOIN subjects u ON u.key = v.subject WHERE v.saved < ?1"
                ),
                params![not_saved_since.as_millisecond()],
                read,
            )?;
            let mut removed = Vec::new();
            for visit in &stale {
                end(conn, visit, "visit.expire", &json!({ "saved": visit.saved.to_string() }), now)?;
                removed.extend(discard_unused(conn, visit.photo, now)?);
            }
            Ok((stale.len(), removed))
        })?;
        self.forget(removed);
        Ok(count)
    }
}

/// One visit.
pub(crate) fn by_id(conn: &Connection, id: VisitId) -> Result<Visit, StoreError> {
    rows::one(
        conn,
        &format!("SELECT {COLUMNS} FROM visits v JOIN subjects u ON u.key = v.subject WHERE v.id = ?1"),
        params![id.uuid().into_bytes()],
        read,
    )?
    .ok_or(StoreError::NotFound("visit"))
}

fn of_subject(conn: &Connection, key: i64) -> Result<Option<Visit>, StoreError> {
    rows::one(
        conn,
        &format!("SELECT {COLUMNS} FROM visits v JOIN subjects u ON u.key = v.subject WHERE v.subject = ?1"),
        params![key],
        read,
    )
}

/// Takes a visit away and logs it.
pub(crate) fn end(
    conn: &Connection,
    visit: &Visit,
    action: &str,
    detail: &Value,
    now: Timestamp,
) -> Result<(), StoreError> {
    rows::change(conn, "DELETE FROM visits WHERE id = ?1", params![visit.id.uuid().into_bytes()])?;
    let about =
        About { subject: Some(visit.subject), visit: Some(visit.id), photo: visit.photo, ..About::default() };
    audit::append(conn, now, Actor::System, action, about, detail).map(drop)
}

/// Destroys a photo unless an order or a visit has it.
fn discard_unused(
    conn: &Connection,
    photo: Option<PhotoId>,
    now: Timestamp,
) -> Result<Option<PhotoId>, StoreError> {
    match photo {
        Some(photo) if !photos::is_used(conn, photo)? => photos::discard(conn, photo, now).map(Some),
        _ => Ok(None),
    }
}

fn read(row: &Row<'_>) -> Result<Visit, StoreError> {
    Ok(Visit {
        id: VisitId::from_uuid(rows::uuid(row, 0)?),
        subject: SubjectId::from_uuid(rows::uuid(row, 1)?),
        shot_number: rows::small(row, 2)?,
        document: row.get(3)?,
        photo: rows::maybe_uuid(row, 4)?.map(PhotoId::from_uuid),
        started: rows::time(row, 5)?,
        saved: rows::time(row, 6)?,
    })
}
