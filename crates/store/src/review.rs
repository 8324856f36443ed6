//! Orders for the desk: filtered, sorted, with what the checks said, so that a review goes through hundreds of them.

use caixiang_domain::{OrderId, OrderState, SessionId};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

use crate::error::StoreError;
use crate::names;
use crate::orders::{self, OrderRow};
use crate::queue::Page;
use crate::rows;
use crate::sessions;
use crate::store::Store;
use crate::verdicts::{self, PhotoGrade};

/// Most orders of one bulk action.
const MOST_IDS: i64 = 20_000;

/// Which orders the desk lists; all of the session where nothing is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeskFilter {
    /// The beginning of a name, its pinyin or initials, or a number.
    pub text: Option<String>,
    /// In one state.
    pub state: Option<OrderState>,
    /// Of one college.
    pub college: Option<String>,
    /// Of one class.
    pub class: Option<String>,
    /// With a photo of this grade.
    pub grade: Option<PhotoGrade>,
}

/// In which order the desk lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum DeskSort {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// By college, class and student number: as paper is packed.
    Class,
    /// The gravest findings first.
    Grade,
    /// By name.
    Name,
}

/// An order with what its photo was found to be.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskRow {
    /// The order with its student.
    pub row: OrderRow,
    /// The photo's grade; none where the record does not tell.
    pub grade: Option<PhotoGrade>,
    /// Codes of the checks whose limits are broken.
    pub broken: Vec<String>,
    /// Why staff let a blocked photo pass.
    pub override_reason: Option<String>,
    /// When the photo was taken.
    pub taken: Timestamp,
}

const MATCHING: &str = "o.session = ?1
    AND (?2 IS NULL OR o.state = ?2)
    AND (?3 IS NULL OR coalesce(u.college, '') = ?3)
    AND (?4 IS NULL OR coalesce(u.class_name, '') = ?4)
    AND (?5 IS NULL OR p.grade = ?5)
    AND (?6 IS NULL OR o.key IN (SELECT key FROM search_words
        WHERE session = ?1 AND kind = 1 AND word >= ?6 AND word < ?7))";
const FROM: &str = "orders o JOIN subjects u ON u.key = o.subject JOIN photos p ON p.id = o.photo";

struct Chosen {
    session: i64,
    state: Option<&'static str>,
    grade: Option<&'static str>,
    word: Option<String>,
    end: Option<String>,
}

impl Chosen {
    fn of(conn: &Connection, session: SessionId, filter: &DeskFilter) -> Result<Self, StoreError> {
        let word = filter.text.as_deref().map(names::query).filter(|word| !word.is_empty());
        Ok(Self {
            session: sessions::key_of(conn, session)?,
            state: filter.state.map(OrderState::code),
            grade: filter.grade.map(PhotoGrade::code),
            end: word.as_deref().map(names::after),
            word,
        })
    }
}

fn sorting(sort: DeskSort) -> &'static str {
    match sort {
        DeskSort::Newest => "o.key DESC",
        DeskSort::Oldest => "o.key",
        DeskSort::Class => "u.college, u.class_name, u.student_number, o.key",
        DeskSort::Grade => {
            "CASE p.grade WHEN 'blocked' THEN 0 WHEN 'warned' THEN 1 WHEN 'clean' THEN 3 ELSE 2 END, o.key DESC"
        }
        DeskSort::Name => "u.name, o.key",
    }
}

impl Store {
    /// Orders of a session as the desk lists them.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for the session, or when the database refuses.
    pub fn desk_orders(
        &self,
        session: SessionId,
        filter: &DeskFilter,
        sort: DeskSort,
        offset: u32,
        limit: u32,
    ) -> Result<Page<DeskRow>, StoreError> {
        self.read(|conn| {
            let chosen = Chosen::of(conn, session, filter)?;
            let Chosen { session, state, grade, word, end } = &chosen;
            let matching = params![session, state, filter.college, filter.class, grade, word, end];
            let total =
                rows::number(conn, &format!("SELECT count(*) FROM {FROM} WHERE {MATCHING}"), matching)?;
            let sorting = sorting(sort);
            let keys = rows::all(
                conn,
                &format!("SELECT o.key FROM {FROM} WHERE {MATCHING} ORDER BY {sorting} LIMIT ?8 OFFSET ?9"),
                params![
                    session,
                    state,
                    filter.college,
                    filter.class,
                    grade,
                    word,
                    end,
                    rows::page_limit(limit),
                    offset
                ],
                |row| Ok(row.get(0)?),
            )?;
            let rows = keys.into_iter().map(|key| desk_row(conn, key)).collect::<Result<_, _>>()?;
            Ok(Page { rows, total: total.unsigned_abs() })
        })
    }

    /// The ids of all that match, for one action on many: at most 20,000.
    ///
    /// # Errors
    /// As [`Store::desk_orders`].
    pub fn desk_order_ids(
        &self,
        session: SessionId,
        filter: &DeskFilter,
        sort: DeskSort,
    ) -> Result<Vec<OrderId>, StoreError> {
        self.read(|conn| {
            let Chosen { session, state, grade, word, end } = Chosen::of(conn, session, filter)?;
            let sorting = sorting(sort);
            rows::all(
                conn,
                &format!("SELECT o.id FROM {FROM} WHERE {MATCHING} ORDER BY {sorting} LIMIT {MOST_IDS}"),
                params![session, state, filter.college, filter.class, grade, word, end],
                |row| Ok(OrderId::from_uuid(rows::uuid(row, 0)?)),
            )
        })
    }

    /// One order as the desk lists it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn desk_order(&self, id: OrderId) -> Result<DeskRow, StoreError> {
        self.read(|conn| {
            let (key, _) = orders::by_id(conn, id)?;
            desk_row(conn, key)
        })
    }
}

fn desk_row(conn: &Connection, key: i64) -> Result<DeskRow, StoreError> {
    let row = orders::row_by_key(conn, key)?;
    let read = |found: &Row<'_>| {
        Ok((
            found.get::<_, Option<String>>(0)?.as_deref().and_then(PhotoGrade::from_code),
            verdicts::broken(found.get(1)?),
            rows::time(found, 2)?,
            found.get(3)?,
        ))
    };
    let found = rows::one(
        conn,
        "SELECT p.grade, p.broken, p.taken,
             (SELECT reason FROM revisions WHERE order_key = o.key AND photo = o.photo
                 AND (move IS NULL OR move = 'replace'))
         FROM orders o JOIN photos p ON p.id = o.photo WHERE o.key = ?1",
        params![key],
        read,
    )?;
    let (grade, broken, taken, override_reason) = found.ok_or(StoreError::NotFound("order"))?;
    Ok(DeskRow { row, grade, broken, override_reason, taken })
}
