//! What the centre says, taken over: each answer in one transaction with the cursor after it.

use caixiang_domain::{
    Details, Field, Move, OrderId, OrderState, PhotoId, SessionId, Standing, Subject, SubjectId,
};
use caixiang_wire::{
    Change, Changes, DecisionAnswer, DecisionOutcome, Fields, Kind, ReviewDecision, RosterBatch,
    SessionDocument, Twin, Verdict,
};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::json;
use uuid::Uuid;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::orders;
use crate::outbox;
use crate::revisions::{self, Step};
use crate::rows;
use crate::sessions;
use crate::settings;
use crate::store::Store;
use crate::subjects;

pub(crate) const TABLES: &str = "
CREATE TABLE decisions (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL,
    outcome TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE twins (
    order_id BLOB NOT NULL,
    other_number TEXT NOT NULL,
    other_kiosk TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (order_id, other_number)
) STRICT, WITHOUT ROWID;";

const CURSOR: &str = "centre_cursor";

/// What of the centre's words concerned what is on the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told {
    /// Orders that a decision or a payment moved.
    pub orders: u32,
    /// Decisions that came too late.
    pub overtaken: u32,
    /// Sessions that are new or say something else now.
    pub sessions: u32,
    /// Students that are new or changed.
    pub students: u32,
    /// Students who were photographed at another kiosk too.
    pub twins: u32,
}

/// Another order of the same student, at another kiosk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TwinRow {
    /// The order here.
    pub order: OrderId,
    /// The number of the one there.
    pub other_number: String,
    /// The other kiosk's name.
    pub other_kiosk: String,
}

impl Store {
    /// Up to where the centre's words were taken.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn centre_cursor(&self) -> Result<i64, StoreError> {
        Ok(self.setting(CURSOR)?.unwrap_or(0))
    }

    /// Takes the centre's words over, all or none, with the cursor after them. The same ones again change nothing.
    ///
    /// # Errors
    /// [`StoreError::BadDocument`] for words that this version does not understand, or when the database refuses.
    pub fn take_changes(&mut self, changes: &Changes, now: Timestamp) -> Result<Told, StoreError> {
        self.write(|conn| {
            let cursor: i64 = settings::get(conn, CURSOR)?.unwrap_or(0);
            let mut told = Told::default();
            for one in changes.changes.iter().filter(|one| one.seq > cursor) {
                take(conn, &one.change, &mut told, now)?;
            }
            settings::set(conn, CURSOR, &changes.next.max(cursor))?;
            Ok(told)
        })
        .inspect(|_| self.checkpoint())
    }

    /// Students of a session who were photographed at another kiosk too.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn twins(&self, session: SessionId) -> Result<Vec<TwinRow>, StoreError> {
        self.read(|conn| {
            rows::all(
                conn,
                "SELECT t.order_id, t.other_number, t.other_kiosk FROM twins t JOIN orders o ON o.id = t.order_id
                 JOIN sessions s ON s.key = o.session WHERE s.id = ?1 ORDER BY t.at, t.order_id",
                params![session.uuid().into_bytes()],
                |row| {
                    Ok(TwinRow {
                        order: OrderId::from_uuid(rows::uuid(row, 0)?),
                        other_number: row.get(1)?,
                        other_kiosk: row.get(2)?,
                    })
                },
            )
        })
    }
}

fn take(conn: &Connection, change: &Change, told: &mut Told, now: Timestamp) -> Result<(), StoreError> {
    match change {
        Change::Decision(decision) => decide(conn, decision, told, now),
        Change::Session { id, document } => take_session(conn, *id, document, told),
        Change::SessionGone { id } => {
            let about = About { session: Some(SessionId::from_uuid(*id)), ..About::default() };
            audit::append(conn, now, Actor::Centre, "session.taken_away", about, &json!({})).map(drop)
        }
        Change::Roster(batch) => take_roster(conn, batch, told),
        Change::Twin(twin) => note_twin(conn, twin, told, now),
        Change::Paid { order, transaction } => settle(conn, *order, transaction, told, now),
    }
}

/// Carries a decision out where it still fits: the photo that was looked at is in force, and the order waits for the
/// review. Either way the centre is answered.
fn decide(
    conn: &Connection,
    decision: &ReviewDecision,
    told: &mut Told,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = decision.id.into_bytes();
    if rows::number(conn, "SELECT count(*) FROM decisions WHERE id = ?1", params![id])? > 0 {
        return Ok(());
    }
    let order = OrderId::from_uuid(decision.order);
    let attempted = match decision.verdict {
        Verdict::Approve => Move::Approve,
        Verdict::Reject => Move::Reject,
    };
    let outcome = match orders::by_id(conn, order) {
        Err(StoreError::NotFound(_)) => DecisionOutcome::UnknownOrder,
        Err(error) => return Err(error),
        Ok((_, row)) => {
            let seen = row.order.photo == PhotoId::from_uuid(decision.photo);
            if seen && row.order.state == OrderState::PendingReview {
                let said = Step {
                    action: Some(attempted),
                    reason: decision.reason.as_deref(),
                    actor: Actor::Centre,
                    decision: Some(decision.id),
                };
                let revision = revisions::step(conn, order, attempted, &said, now)?.revision;
                told.orders += 1;
                DecisionOutcome::Applied { revision }
            } else {
                told.overtaken += 1;
                DecisionOutcome::Overtaken { revision: row.order.revision }
            }
        }
    };
    let text = json!(outcome)["type"].as_str().unwrap_or_default().to_owned();
    rows::change(
        conn,
        "INSERT INTO decisions (id, order_id, outcome, at) VALUES (?1, ?2, ?3, ?4)",
        params![id, decision.order.into_bytes(), text, now.as_millisecond()],
    )?;
    let answer = DecisionAnswer { decision: decision.id, order: decision.order, outcome };
    outbox::queue(conn, Kind::Decision, decision.id, &answer, now)
}

fn take_session(
    conn: &Connection,
    id: Uuid,
    document: &SessionDocument,
    told: &mut Told,
) -> Result<(), StoreError> {
    let bad = || StoreError::BadDocument("session");
    let session = SessionId::from_uuid(id);
    // Only what this version understands goes in: everything that reads sessions relies on it.
    document.clone().session(session).ok_or_else(bad)?;
    sessions::put(conn, session, &serde_json::to_string(document).map_err(|_| bad())?)?;
    let sql = "UPDATE sessions SET of_centre = 1 WHERE id = ?1";
    rows::change(conn, sql, params![id.into_bytes()])?;
    told.sessions += 1;
    Ok(())
}

fn take_roster(conn: &Connection, batch: &RosterBatch, told: &mut Told) -> Result<(), StoreError> {
    let session = SessionId::from_uuid(batch.session);
    let key = match sessions::key_of(conn, session) {
        // Its session was taken away again before this came.
        Err(StoreError::NotFound(_)) => return Ok(()),
        other => other?,
    };
    for row in &batch.rows {
        let id = SubjectId::from_uuid(row.subject);
        if row.gone {
            subjects::remove_if_unused(conn, id)?;
            continue;
        }
        let subject = Subject {
            id,
            session,
            details: details_of(&row.details),
            code_sha256: row.code_sha256.as_ref().map(caixiang_wire::Sha256Hex::bytes),
            standing: Standing::Waiting,
        };
        subjects::put_all(conn, key, std::slice::from_ref(&subject))?;
        told.students += 1;
    }
    Ok(())
}

/// Fields of a newer centre are left out: this kiosk would not know what to do with them.
fn details_of(fields: &Fields) -> Details {
    let mut details = Details::new();
    for (code, value) in fields {
        if let Some(field) = Field::from_code(code) {
            details.set(field, value);
        }
    }
    details
}

fn note_twin(conn: &Connection, twin: &Twin, told: &mut Told, now: Timestamp) -> Result<(), StoreError> {
    let new = rows::change(
        conn,
        "INSERT INTO twins (order_id, other_number, other_kiosk, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
        params![twin.order.into_bytes(), twin.other_number, twin.other_kiosk, now.as_millisecond()],
    )?;
    told.twins += u32::from(new > 0);
    Ok(())
}

/// The fee is settled: the order goes on to the review. One that was closed meanwhile is the centre's to give back.
fn settle(
    conn: &Connection,
    order: Uuid,
    transaction: &str,
    told: &mut Told,
    now: Timestamp,
) -> Result<(), StoreError> {
    let id = OrderId::from_uuid(order);
    let transaction: String = transaction.chars().take(64).collect();
    let detail = json!({ "order": order.to_string(), "transaction": transaction });
    audit::append(conn, now, Actor::Centre, "payment.settled", About::default(), &detail)?;
    for attempted in [Move::Settle, Move::Submit] {
        let said = Step { action: Some(attempted), reason: None, actor: Actor::Centre, decision: None };
        match revisions::step(conn, id, attempted, &said, now) {
            Ok(_) => told.orders += 1,
            Err(StoreError::ImpossibleMove(_) | StoreError::NotFound(_)) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "changes_tests.rs"]
mod tests;
