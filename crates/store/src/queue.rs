//! The queue: the students of a session in the order of its roster, with where each stands.

use caixiang_domain::{OrderState, SessionId, Standing, SubjectId};
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::names;
use crate::rows;
use crate::sessions;
use crate::store::Store;
use crate::subjects;

/// Which students are listed, by where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueueStanding {
    /// Not photographed yet.
    Waiting,
    /// Called and not there.
    Absent,
    /// With an order in whatever state.
    Ordered,
    /// With an order in this state.
    In(OrderState),
}

/// Which students are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueFilter {
    /// The beginning of a name, its pinyin or initials, or a number.
    pub text: Option<String>,
    /// One class only.
    pub class: Option<String>,
    /// By where they stand.
    pub standing: Option<QueueStanding>,
}

/// A student in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueRow {
    /// Who.
    pub subject: SubjectId,
    /// Their name, where known.
    pub name: Option<String>,
    /// Their student number, where known.
    pub student_number: Option<String>,
    /// Their class, where known.
    pub class_name: Option<String>,
    /// Their college, where known.
    pub college: Option<String>,
    /// Where they stand.
    pub standing: Standing,
}

/// How many students of the session stand where, whatever is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct QueueCounts {
    /// Not photographed yet.
    pub waiting: u64,
    /// Called and not there.
    pub absent: u64,
    /// With an order.
    pub ordered: u64,
    /// Of these, rejected and due for a new photo.
    pub rejected: u64,
}

/// Some rows out of all that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows asked for.
    pub rows: Vec<T>,
    /// How many match.
    pub total: u64,
}

/// What stands behind the filter's `WHERE`, with the same six parameters everywhere.
const MATCHING: &str = "session = ?1
    AND (?2 IS NULL OR class_name = ?2)
    AND (?3 IS NULL OR standing = ?3)
    AND (?4 = 0 OR standing NOT IN ('waiting', 'absent'))
    AND (?5 IS NULL OR key IN (SELECT key FROM search_words
        WHERE session = ?1 AND kind = 0 AND word >= ?5 AND word < ?6))";

impl Store {
    /// Students of a session in the order of its roster.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn queue(
        &self,
        session: SessionId,
        filter: &QueueFilter,
        offset: u32,
        limit: u32,
    ) -> Result<Page<QueueRow>, StoreError> {
        let word = filter.text.as_deref().map(names::query).filter(|word| !word.is_empty());
        let end = word.as_deref().map(names::after);
        let (standing, ordered) = match filter.standing {
            None => (None, false),
            Some(QueueStanding::Waiting) => (Some("waiting"), false),
            Some(QueueStanding::Absent) => (Some("absent"), false),
            Some(QueueStanding::In(state)) => (Some(state.code()), false),
            Some(QueueStanding::Ordered) => (None, true),
        };
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let total = rows::number(
                conn,
                &format!("SELECT count(*) FROM subjects WHERE {MATCHING}"),
                params![key, filter.class, standing, ordered, word, end],
            )?;
            let rows = rows::all(
                conn,
                &format!(
                    "SELECT id, name, student_number, class_name, college, standing FROM subjects
                     WHERE {MATCHING} ORDER BY key LIMIT ?7 OFFSET ?8"
                ),
                params![key, filter.class, standing, ordered, word, end, rows::page_limit(limit), offset],
                |row| {
                    Ok(QueueRow {
                        subject: SubjectId::from_uuid(rows::uuid(row, 0)?),
                        name: row.get(1)?,
                        student_number: row.get(2)?,
                        class_name: row.get(3)?,
                        college: row.get(4)?,
                        standing: subjects::standing(
                            row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?,
                        )?,
                    })
                },
            )?;
            Ok(Page { rows, total: total.unsigned_abs() })
        })
    }

    /// How many students of a session stand where.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn queue_counts(&self, session: SessionId) -> Result<QueueCounts, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let mut counts = QueueCounts::default();
            let sql = "SELECT standing, count(*) FROM subjects WHERE session = ?1 GROUP BY standing";
            let by_standing = rows::all(conn, sql, params![key], |row| {
                let code: String = row.get(0)?;
                Ok((subjects::standing(&code)?, row.get::<_, i64>(1)?.unsigned_abs()))
            })?;
            for (standing, count) in by_standing {
                match standing {
                    Standing::Waiting => counts.waiting += count,
                    Standing::Absent => counts.absent += count,
                    Standing::Ordered(state) => {
                        counts.ordered += count;
                        counts.rejected += if state == OrderState::Rejected { count } else { 0 };
                    }
                }
            }
            Ok(counts)
        })
    }

    /// The classes of a session, by name.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn classes(&self, session: SessionId) -> Result<Vec<String>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let sql = "SELECT DISTINCT class_name FROM subjects
                       WHERE session = ?1 AND class_name IS NOT NULL ORDER BY class_name LIMIT 5000";
            rows::all(conn, sql, params![key], |row| Ok(row.get(0)?))
        })
    }

    /// Who is next: the first waiting student after this one, and from the beginning again after the last.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn next_waiting(
        &self,
        session: SessionId,
        after: Option<SubjectId>,
    ) -> Result<Option<SubjectId>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let start = after.map_or(Ok(0), |id| subjects::key_of(conn, id).map(|(key, _)| key))?;
            match waiting_from(conn, key, start)? {
                None if start > 0 => waiting_from(conn, key, 0),
                found => Ok(found),
            }
        })
    }
}

fn waiting_from(conn: &Connection, session: i64, after: i64) -> Result<Option<SubjectId>, StoreError> {
    rows::one(
        conn,
        "SELECT id FROM subjects WHERE session = ?1 AND standing = 'waiting' AND key > ?2 ORDER BY key LIMIT 1",
        params![session, after],
        |row| Ok(SubjectId::from_uuid(rows::uuid(row, 0)?)),
    )
}
