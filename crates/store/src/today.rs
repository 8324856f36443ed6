//! How far a session is: by college and class, by the hour, and what the checks find lately.

use caixiang_domain::{OrderState, SessionId, Standing};
use jiff::Timestamp;
use rusqlite::params;

use crate::error::StoreError;
use crate::queue::QueueCounts;
use crate::rows;
use crate::sessions;
use crate::store::Store;
use crate::subjects;
use crate::verdicts::{self, PhotoGrade};

/// The indexes that keep these answers quick with tens of thousands of students.
pub(crate) const INDEXES: &str = "
CREATE INDEX subjects_by_place ON subjects (session, college, class_name, standing);
CREATE INDEX orders_by_time ON orders (session, created);
CREATE INDEX photos_by_time ON photos (taken);";

/// Colleges and classes that are told apart.
const MOST_CLASSES: i64 = 5000;
/// Moments of one answer.
const MOST_TIMES: i64 = 50_000;

/// One class and where its students stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassProgress {
    /// Its college, where the roster has one.
    pub college: Option<String>,
    /// Its name, where the roster has one.
    pub class: Option<String>,
    /// Where its students stand.
    pub counts: QueueCounts,
    /// Of those with an order, the review is due.
    pub in_review: u64,
    /// Of those with an order, the review has passed.
    pub approved: u64,
}

/// What the checks said of one photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoFindings {
    /// Its grade.
    pub grade: Option<PhotoGrade>,
    /// Codes of the checks whose limits are broken.
    pub broken: Vec<String>,
}

impl Store {
    /// Where the students of a session stand, class by class, by college and class.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn progress(&self, session: SessionId) -> Result<Vec<ClassProgress>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let sql = format!(
                "SELECT college, class_name, standing, count(*) FROM subjects WHERE session = ?1
                 GROUP BY college, class_name, standing ORDER BY college, class_name
                 LIMIT {MOST_CLASSES} * 12"
            );
            let rows = rows::all(conn, &sql, params![key], |row| {
                let code: String = row.get(2)?;
                let count = row.get::<_, i64>(3)?.unsigned_abs();
                Ok((row.get(0)?, row.get(1)?, subjects::standing(&code)?, count))
            })?;
            let mut classes: Vec<ClassProgress> = Vec::new();
            for (college, class, standing, count) in rows {
                let same = |last: &ClassProgress| last.college == college && last.class == class;
                if !classes.last().is_some_and(same) {
                    let counts = QueueCounts::default();
                    classes.push(ClassProgress { college, class, counts, in_review: 0, approved: 0 });
                }
                let Some(last) = classes.last_mut() else { continue };
                match standing {
                    Standing::Waiting => last.counts.waiting += count,
                    Standing::Absent => last.counts.absent += count,
                    Standing::Ordered(state) => {
                        last.counts.ordered += count;
                        match state {
                            OrderState::Rejected => last.counts.rejected += count,
                            OrderState::PendingReview => last.in_review += count,
                            OrderState::PendingProduction
                            | OrderState::InProduction
                            | OrderState::Completed => {
                                last.approved += count;
                            }
                            _ => {}
                        }
                    }
                }
            }
            Ok(classes)
        })
    }

    /// When orders were made from a moment on, oldest first; at most 50,000.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn order_times(&self, session: SessionId, from: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let sql = format!(
                "SELECT created FROM orders WHERE session = ?1 AND created >= ?2 ORDER BY created LIMIT {MOST_TIMES}"
            );
            rows::all(conn, &sql, params![key, from.as_millisecond()], |row| rows::time(row, 0))
        })
    }

    /// What the checks said of a session's last photos, newest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn last_findings(&self, session: SessionId, limit: u32) -> Result<Vec<PhotoFindings>, StoreError> {
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let sql = "SELECT p.grade, p.broken FROM photos p JOIN subjects u ON u.key = p.subject
                       WHERE u.session = ?1 AND p.discarded IS NULL ORDER BY p.taken DESC LIMIT ?2";
            rows::all(conn, sql, params![key, rows::page_limit(limit)], |row| {
                let grade = row.get::<_, Option<String>>(0)?;
                Ok(PhotoFindings {
                    grade: grade.as_deref().and_then(PhotoGrade::from_code),
                    broken: verdicts::broken(row.get(1)?),
                })
            })
        })
    }
}
