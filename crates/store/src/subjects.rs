//! The students of a session: from its roster, or as they come with a capture code.

use std::collections::BTreeSet;

use caixiang_domain::{Details, Field, OrderState, SessionId, Standing, Subject, SubjectId};
use caixiang_wire::roster::MAX_ROWS;
use caixiang_wire::{self as wire, RosterBatch, RosterRow, Sha256Hex};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::error::StoreError;
use crate::names;
use crate::outbox;
use crate::rows;
use crate::search::{self, Kind};
use crate::sessions;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE subjects (
    key INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    session INTEGER NOT NULL REFERENCES sessions (key),
    details TEXT NOT NULL,
    code BLOB,
    name TEXT,
    student_number TEXT,
    class_name TEXT,
    college TEXT,
    standing TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX subjects_by_code ON subjects (session, code) WHERE code IS NOT NULL;
CREATE INDEX subjects_by_standing ON subjects (session, standing);
CREATE INDEX subjects_by_class ON subjects (session, class_name);
CREATE TABLE subject_numbers (
    session INTEGER NOT NULL,
    number TEXT NOT NULL,
    subject INTEGER NOT NULL REFERENCES subjects (key) ON DELETE CASCADE,
    PRIMARY KEY (session, number, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX subject_numbers_by_subject ON subject_numbers (subject);";

/// The numbers a person may be identified by.
const NUMBERS: &[Field] = &[Field::IdNumber, Field::StudentNumber, Field::ExamNumber];
const COLUMNS: &str = "u.id, s.id, u.details, u.code, u.standing";
/// Students of one session that are read at once.
const MOST_SUBJECTS: i64 = 100_000;
const WAITING: &str = "waiting";
const ABSENT: &str = "absent";

impl Store {
    /// Adds the students of a roster, or changes those that are there by their id; all or none. How many there were.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn put_subjects(&mut self, session: SessionId, subjects: &[Subject]) -> Result<usize, StoreError> {
        self.write(|conn| {
            let key = sessions::key_of(conn, session)?;
            put_all(conn, key, subjects)?;
            tell_centre(conn, key, session, subjects)?;
            Ok(subjects.len())
        })
        .inspect(|_| self.checkpoint())
    }

    /// Adds a student who came without being on a list.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn create_subject(
        &mut self,
        session: SessionId,
        details: Details,
        code_sha256: Option<[u8; 32]>,
    ) -> Result<Subject, StoreError> {
        let subject =
            Subject { id: SubjectId::new(), session, details, code_sha256, standing: Standing::Waiting };
        self.write(|conn| {
            let key = sessions::key_of(conn, session)?;
            put(conn, key, &subject)?;
            tell_centre(conn, key, session, std::slice::from_ref(&subject))
        })?;
        Ok(subject)
    }

    /// One student.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn subject(&self, id: SubjectId) -> Result<Subject, StoreError> {
        self.read(|conn| {
            rows::one(
                conn,
                &format!(
                    "SELECT {COLUMNS} FROM subjects u JOIN sessions s ON s.key = u.session WHERE u.id = ?1"
                ),
                params![id.uuid().into_bytes()],
                read,
            )?
            .ok_or(StoreError::NotFound("subject"))
        })
    }

    /// Every student of a session, in the order of its roster; at most 100,000.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn subjects(&self, session: SessionId) -> Result<Vec<Subject>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let sql = format!(
                "SELECT {COLUMNS} FROM subjects u JOIN sessions s ON s.key = u.session
                 WHERE u.session = ?1 ORDER BY u.key LIMIT {MOST_SUBJECTS}"
            );
            rows::all(conn, &sql, params![key], read)
        })
    }

    /// The student who came with this capture code.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn subject_by_code(
        &self,
        session: SessionId,
        sha256: &[u8; 32],
    ) -> Result<Option<Subject>, StoreError> {
        self.read(|conn| {
            rows::one(
                conn,
                &format!(
                    "SELECT {COLUMNS} FROM subjects u JOIN sessions s ON s.key = u.session
                     WHERE s.id = ?1 AND u.code = ?2"
                ),
                params![session.uuid().into_bytes(), sha256],
                read,
            )
        })
    }

    /// The students with this number of a document, student number or exam number; more than one only where the
    /// roster has it more than once.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn subjects_by_number(&self, session: SessionId, number: &str) -> Result<Vec<Subject>, StoreError> {
        let number = names::query(number);
        if number.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|conn| {
            rows::all(
                conn,
                &format!(
                    "SELECT {COLUMNS} FROM sessions s JOIN subject_numbers n ON n.session = s.key
                     JOIN subjects u ON u.key = n.subject WHERE s.id = ?1 AND n.number = ?2 LIMIT 50"
                ),
                params![session.uuid().into_bytes(), number],
                read,
            )
        })
    }

    /// Puts these details in place of the ones there.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn update_details(&mut self, id: SubjectId, details: &Details) -> Result<(), StoreError> {
        self.write(|conn| {
            let (key, session) = key_of(conn, id)?;
            set_details(conn, key, session, details)
        })
    }

    /// Notes the capture code a student came with.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses; two students never have the same code.
    pub fn set_code(&mut self, id: SubjectId, sha256: &[u8; 32]) -> Result<(), StoreError> {
        self.write(|conn| {
            let (key, _) = key_of(conn, id)?;
            rows::change(conn, "UPDATE subjects SET code = ?2 WHERE key = ?1", params![key, sha256]).map(drop)
        })
    }

    /// Notes that a student was called and not there, or is there after all. An order is not changed by it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn set_absent(&mut self, id: SubjectId, absent: bool) -> Result<(), StoreError> {
        let (from, to) = if absent { (WAITING, ABSENT) } else { (ABSENT, WAITING) };
        self.write(|conn| {
            let (key, _) = key_of(conn, id)?;
            let sql = "UPDATE subjects SET standing = ?3 WHERE key = ?1 AND standing = ?2";
            rows::change(conn, sql, params![key, from, to]).map(drop)
        })
    }
}

/// The rows of a student and of their session.
pub(crate) fn key_of(conn: &Connection, id: SubjectId) -> Result<(i64, i64), StoreError> {
    rows::one(
        conn,
        "SELECT key, session FROM subjects WHERE id = ?1",
        params![id.uuid().into_bytes()],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?
    .ok_or(StoreError::NotFound("subject"))
}

/// What is known of a student.
pub(crate) fn details_of(conn: &Connection, key: i64) -> Result<Details, StoreError> {
    rows::one(conn, "SELECT details FROM subjects WHERE key = ?1", params![key], |row| {
        rows::details_from(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
    })?
    .ok_or(StoreError::NotFound("subject"))
}

/// Lets a student stand where their newest order does.
pub(crate) fn follow_order(conn: &Connection, key: i64) -> Result<(), StoreError> {
    rows::change(
        conn,
        "UPDATE subjects SET standing =
             coalesce((SELECT state FROM orders WHERE subject = ?1 ORDER BY key DESC LIMIT 1), standing)
         WHERE key = ?1",
        params![key],
    )
    .map(drop)
}

/// Where a student stands, by the column's word.
pub(crate) fn standing(code: &str) -> Result<Standing, StoreError> {
    match code {
        WAITING => Ok(Standing::Waiting),
        ABSENT => Ok(Standing::Absent),
        state => OrderState::from_code(state).map(Standing::Ordered).ok_or(StoreError::BadRow("standing")),
    }
}

/// Puts details in place of the ones there, with everything a student is found by.
pub(crate) fn set_details(
    conn: &Connection,
    key: i64,
    session: i64,
    details: &Details,
) -> Result<(), StoreError> {
    let before = names::of_student(&details_of(conn, key)?);
    rows::change(
        conn,
        "UPDATE subjects SET details = ?2, name = ?3, student_number = ?4, class_name = ?5, college = ?6
         WHERE key = ?1",
        params![
            key,
            rows::details_json(details).to_string(),
            details.get(Field::Name),
            details.get(Field::StudentNumber),
            details.get(Field::ClassName),
            details.get(Field::College),
        ],
    )?;
    let words = names::of_student(details);
    search::replace(conn, session, Kind::Subject, key, &before, &words)?;
    for order in
        rows::all(conn, "SELECT key FROM orders WHERE subject = ?1", params![key], |row| Ok(row.get(0)?))?
    {
        search::replace(conn, session, Kind::Order, order, &before, &words)?;
    }
    rows::change(conn, "DELETE FROM subject_numbers WHERE subject = ?1", params![key])?;
    put_numbers(conn, key, session, details)
}

fn put_numbers(conn: &Connection, key: i64, session: i64, details: &Details) -> Result<(), StoreError> {
    let numbers: BTreeSet<String> =
        NUMBERS.iter().filter_map(|&field| details.get(field)).map(names::query).collect();
    for number in numbers.iter().filter(|number| !number.is_empty()) {
        rows::change(
            conn,
            "INSERT INTO subject_numbers (session, number, subject) VALUES (?1, ?2, ?3)",
            params![session, number, key],
        )?;
    }
    Ok(())
}

/// Adds students, or changes them.
pub(crate) fn put_all(conn: &Connection, session: i64, subjects: &[Subject]) -> Result<(), StoreError> {
    subjects.iter().try_for_each(|subject| put(conn, session, subject))
}

/// Takes a student off the roster who has no order, visit or photo here; others stay.
pub(crate) fn remove_if_unused(conn: &Connection, id: SubjectId) -> Result<(), StoreError> {
    let unused = "id = ?1 AND NOT EXISTS (SELECT 1 FROM orders WHERE subject = subjects.key)
        AND NOT EXISTS (SELECT 1 FROM visits WHERE subject = subjects.key)
        AND NOT EXISTS (SELECT 1 FROM photos WHERE subject = subjects.key)";
    let sql = format!("SELECT key, session, details FROM subjects WHERE {unused}");
    let found = rows::one(conn, &sql, params![id.uuid().into_bytes()], |row| {
        let text = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, rows::details_from(text)?))
    })?;
    let Some((key, session, details)) = found else { return Ok(()) };
    search::replace(conn, session, Kind::Subject, key, &names::of_student(&details), &BTreeSet::new())?;
    rows::change(conn, "DELETE FROM subject_numbers WHERE subject = ?1", params![key])?;
    rows::change(conn, "DELETE FROM subjects WHERE key = ?1", params![key]).map(drop)
}

/// Queues students for the centre, in parts.
fn tell_centre(
    conn: &Connection,
    key: i64,
    session: SessionId,
    subjects: &[Subject],
) -> Result<(), StoreError> {
    if !sessions::is_sent(conn, key)? {
        return Ok(());
    }
    for part in subjects.chunks(MAX_ROWS) {
        let rows = part.iter().map(|subject| RosterRow {
            subject: subject.id.uuid(),
            details: subject
                .details
                .iter()
                .map(|(field, value)| (field.code().to_owned(), value.to_owned()))
                .collect(),
            code_sha256: subject.code_sha256.map(Sha256Hex::new),
            gone: false,
        });
        let batch = RosterBatch { session: session.uuid(), rows: rows.collect() };
        outbox::queue(conn, wire::Kind::Roster, Uuid::now_v7(), &batch, Timestamp::now())?;
    }
    Ok(())
}

fn put(conn: &Connection, session: i64, subject: &Subject) -> Result<(), StoreError> {
    let there: Option<i64> = conn
        .prepare_cached("SELECT key FROM subjects WHERE id = ?1 AND session = ?2")?
        .query_row(params![subject.id.uuid().into_bytes(), session], |row| row.get(0))
        .optional()?;
    if let Some(key) = there {
        set_details(conn, key, session, &subject.details)?;
        let sql = "UPDATE subjects SET code = coalesce(?2, code) WHERE key = ?1";
        return rows::change(conn, sql, params![key, subject.code_sha256]).map(drop);
    }
    let details = &subject.details;
    let standing = if subject.standing == Standing::Absent { ABSENT } else { WAITING };
    rows::change(
        conn,
        "INSERT INTO subjects (id, session, details, code, name, student_number, class_name, college, standing)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            subject.id.uuid().into_bytes(),
            session,
            rows::details_json(details).to_string(),
            subject.code_sha256,
            details.get(Field::Name),
            details.get(Field::StudentNumber),
            details.get(Field::ClassName),
            details.get(Field::College),
            standing,
        ],
    )?;
    let key = conn.last_insert_rowid();
    search::replace(conn, session, Kind::Subject, key, &BTreeSet::new(), &names::of_student(details))?;
    put_numbers(conn, key, session, details)
}

fn read(row: &Row<'_>) -> Result<Subject, StoreError> {
    let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    Ok(Subject {
        id: SubjectId::from_uuid(rows::uuid(row, 0)?),
        session: SessionId::from_uuid(rows::uuid(row, 1)?),
        details: rows::details_from(text(2)?)?,
        code_sha256: row.get(3)?,
        standing: standing(text(4)?)?,
    })
}
