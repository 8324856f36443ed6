//! The history of an order. Every change makes the next revision; none is ever rewritten.

use caixiang_domain::{Move, Order, OrderId, OrderState, PhotoId};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::orders;
use crate::outbox::{self, Said};
use crate::photos;
use crate::rows;
use crate::sessions;
use crate::store::Store;
use crate::subjects;

pub(crate) const TABLE: &str = "
CREATE TABLE revisions (
    order_key INTEGER NOT NULL REFERENCES orders (key),
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    photo BLOB NOT NULL REFERENCES photos (id),
    move TEXT,
    reason TEXT,
    actor TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (order_key, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX revisions_by_photo ON revisions (photo);
CREATE TRIGGER revisions_are_not_changed BEFORE UPDATE ON revisions BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER revisions_are_not_removed BEFORE DELETE ON revisions BEGIN SELECT RAISE(ABORT, 'append only'); END;";

/// Longest reason, characters.
const MAX_REASON_CHARS: usize = 500;

/// One step of an order's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Counts from 1.
    pub number: u32,
    /// Where the order stood after it.
    pub state: OrderState,
    /// The photo in force after it.
    pub photo: PhotoId,
    /// What was done; `None` for the first.
    pub step: Option<Move>,
    /// Why: the reviewer's words, or why staff overrode a rule.
    pub reason: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// When, by the kiosk's clock: evidence, never ordering.
    pub at: Timestamp,
}

/// What a new revision says beside the order itself.
pub(crate) struct Step<'a> {
    pub(crate) action: Option<Move>,
    pub(crate) reason: Option<&'a str>,
    pub(crate) actor: Actor,
    /// The decision of the centre that is carried out with it.
    pub(crate) decision: Option<Uuid>,
}

impl Store {
    /// Moves an order one step.
    ///
    /// [`Move::Replace`] needs a photo: it is [`Store::replace_photo`], and impossible here.
    ///
    /// # Errors
    /// [`StoreError::ImpossibleMove`], [`StoreError::NotFound`], or when the database refuses.
    pub fn move_order(
        &mut self,
        id: OrderId,
        attempted: Move,
        reason: Option<&str>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Order, StoreError> {
        self.write(|conn| move_one(conn, id, attempted, reason, actor, now))
    }

    /// Moves many orders one step, in one transaction. Those whose state does not know the step any more are left as
    /// they are and returned: somebody else was quicker.
    ///
    /// # Errors
    /// As [`Store::move_order`], with nothing moved.
    pub fn move_orders(
        &mut self,
        ids: &[OrderId],
        attempted: Move,
        reason: Option<&str>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Vec<OrderId>, StoreError> {
        self.write(|conn| move_those_that_can(conn, ids, attempted, reason, actor, now))
            .inspect(|_| self.checkpoint())
    }

    /// The photos of these orders are with whom they are for: those that are not complete yet are now, all in one
    /// transaction.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn complete_orders(
        &mut self,
        ids: &[OrderId],
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.write(|conn| complete(conn, ids, actor, now)).inspect(|()| self.checkpoint())
    }

    /// Puts a new photo in place of a rejected one and submits it, without a new fee; with the reason for which staff let
    /// the new one pass, where they had to.
    ///
    /// # Errors
    /// [`StoreError::SameRejectedPhoto`], [`StoreError::ImpossibleMove`], [`StoreError::PhotoInUse`],
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn replace_photo(
        &mut self,
        id: OrderId,
        photo: PhotoId,
        override_reason: Option<&str>,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Order, StoreError> {
        self.write(|conn| {
            let (key, row) = orders::by_id(conn, id)?;
            let state = row.order.state.after(Move::Replace)?;
            let new = photos::belongs_to(conn, photo, row.order.subject)?;
            let sql = "SELECT EXISTS (SELECT 1 FROM revisions r JOIN photos p ON p.id = r.photo
                       WHERE r.order_key = ?1 AND (p.original_sha256 = ?2 OR p.finished_sha256 = ?3))";
            if rows::number(conn, sql, params![key, new.original_sha256, new.finished_sha256])? != 0 {
                return Err(StoreError::SameRejectedPhoto);
            }
            if photos::is_ordered(conn, photo)? {
                return Err(StoreError::PhotoInUse(photo));
            }
            advance(conn, key, state, photo, None)?;
            append(
                conn,
                key,
                &Step { action: Some(Move::Replace), reason: override_reason, actor, decision: None },
                now,
            )
        })
    }

    /// An order's history, from its first revision.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn history(&self, id: OrderId) -> Result<Vec<Revision>, StoreError> {
        self.read(|conn| {
            let (key, _) = orders::by_id(conn, id)?;
            rows::all(
                conn,
                "SELECT revision, state, photo, move, reason, actor, at FROM revisions
                 WHERE order_key = ?1 ORDER BY revision",
                params![key],
                |row| {
                    let text = |column| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
                    let step = match row.get::<_, Option<String>>(3)? {
                        None => None,
                        Some(code) => Some(a_move(&code).ok_or(StoreError::BadRow("move"))?),
                    };
                    Ok(Revision {
                        number: rows::small(row, 0)?,
                        state: OrderState::from_code(text(1)?).ok_or(StoreError::BadRow("order state"))?,
                        photo: PhotoId::from_uuid(rows::uuid(row, 2)?),
                        step,
                        reason: row.get(4)?,
                        actor: Actor::from_code(text(5)?).ok_or(StoreError::BadRow("actor"))?,
                        at: rows::time(row, 6)?,
                    })
                },
            )
        })
    }
}

/// Completes those of these orders that can be.
pub(crate) fn complete(
    conn: &Connection,
    ids: &[OrderId],
    actor: Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    for step in [Move::TakeUp, Move::Complete] {
        move_those_that_can(conn, ids, step, None, actor, now)?;
    }
    Ok(())
}

/// Moves those of these orders one step whose state knows it, and leaves the others.
pub(crate) fn move_those_that_can(
    conn: &Connection,
    ids: &[OrderId],
    attempted: Move,
    reason: Option<&str>,
    actor: Actor,
    now: Timestamp,
) -> Result<Vec<OrderId>, StoreError> {
    let mut left = Vec::new();
    for &id in ids {
        match move_one(conn, id, attempted, reason, actor, now) {
            Ok(_) => {}
            Err(StoreError::ImpossibleMove(_)) => left.push(id),
            Err(error) => return Err(error),
        }
    }
    Ok(left)
}

/// Nothing is written where the step is impossible.
fn move_one(
    conn: &Connection,
    id: OrderId,
    attempted: Move,
    reason: Option<&str>,
    actor: Actor,
    now: Timestamp,
) -> Result<Order, StoreError> {
    step(conn, id, attempted, &Step { action: Some(attempted), reason, actor, decision: None }, now)
}

/// Moves an order one step, with all that is said beside.
pub(crate) fn step(
    conn: &Connection,
    id: OrderId,
    attempted: Move,
    said: &Step<'_>,
    now: Timestamp,
) -> Result<Order, StoreError> {
    let (key, row) = orders::by_id(conn, id)?;
    let from = row.order.state;
    if attempted == Move::Replace {
        return Err(caixiang_domain::ImpossibleMove { from, attempted }.into());
    }
    let state = from.after(attempted)?;
    let rejection = said.reason.filter(|_| state == OrderState::Rejected).map(cut);
    advance(conn, key, state, row.order.photo, rejection)?;
    append(conn, key, said, now)
}

fn a_move(code: &str) -> Option<Move> {
    Move::ALL.iter().copied().find(|step| step.code() == code)
}

fn cut(reason: &str) -> String {
    reason.chars().take(MAX_REASON_CHARS).collect()
}

fn advance(
    conn: &Connection,
    key: i64,
    state: OrderState,
    photo: PhotoId,
    rejection: Option<String>,
) -> Result<(), StoreError> {
    rows::change(
        conn,
        "UPDATE orders SET state = ?2, revision = revision + 1, photo = ?3, rejection = ?4 WHERE key = ?1",
        params![key, state.code(), photo.uuid().into_bytes(), rejection],
    )?;
    let subject = rows::number(conn, "SELECT subject FROM orders WHERE key = ?1", params![key])?;
    subjects::follow_order(conn, subject)
}

/// Writes down the order as it stands now: its revision, the outbox, the audit log.
pub(crate) fn append(
    conn: &Connection,
    key: i64,
    step: &Step<'_>,
    now: Timestamp,
) -> Result<Order, StoreError> {
    let order = orders::row_by_key(conn, key)?.order;
    let action = step.action.map(Move::code);
    let reason = step.reason.map(cut);
    rows::change(
        conn,
        "INSERT INTO revisions (order_key, revision, state, photo, move, reason, actor, at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            key,
            order.revision,
            order.state.code(),
            order.photo.uuid().into_bytes(),
            action,
            reason,
            step.actor.code(),
            now.as_millisecond(),
        ],
    )?;
    let about = About {
        session: Some(order.session),
        subject: Some(order.subject),
        order: Some(order.id),
        photo: Some(order.photo),
        visit: None,
    };
    let detail = json!({
        "number": order.number.to_string(),
        "revision": order.revision,
        "state": order.state.code(),
        "reason": reason,
    });
    let name = format!("order.{}", action.unwrap_or("publish"));
    let head = audit::append(conn, now, step.actor, &name, about, &detail)?;
    if sessions::is_sent(conn, sessions::key_of(conn, order.session)?)? {
        let said =
            Said { step: action, reason: reason.as_deref(), decision: step.decision, actor: step.actor };
        outbox::append(conn, &order, &said, head, now)?;
    }
    Ok(order)
}
