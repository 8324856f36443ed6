//! `GET /v1/changes`: what the centre has to say to a kiosk, by a cursor; held back until there is something.

use std::time::Duration;

use axum::Json;
use axum::extract::{Extension, State};
use caixiang_wire::changes::{MAX_CHANGES, MAX_WAIT_S, Numbered};
use caixiang_wire::roster::MAX_ROWS;
use caixiang_wire::{Change, Changes, Problem, RosterBatch, RosterRow, Sha256Hex};
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{PgConnection, Row};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, now_ms};
use crate::error::Refusal;
use crate::extract::Query;
use crate::signed::Kiosk;
use crate::wake;

/// Looks again now and then even when nothing was heard: a listener that lost its connection must not cost a decision.
const LOOK_EVERY: Duration = Duration::from_secs(10);

#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The cursor: `next` of the answer before, 0 at first.
    #[param(minimum = 0)]
    after: i64,
    /// Seconds to wait for something.
    #[serde(default)]
    #[param(maximum = 55)]
    wait: u32,
}

/// What is new for this kiosk. What is answered counts as handed over: it cannot be taken back any more.
#[utoipa::path(get, path = "/v1/changes", tag = "kiosk", params(After),
    responses((status = 200, body = Changes), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn changes(
    State(app): State<App>,
    Extension(kiosk): Extension<Kiosk>,
    Query(asked): Query<After>,
) -> Result<Json<Changes>, Refusal> {
    if asked.after < 0 {
        return Err(Refusal::bad_request("after"));
    }
    let wait = Duration::from_secs(asked.wait.min(MAX_WAIT_S).into());
    let until = tokio::time::Instant::now() + wait;
    let notify = app.wake.of(kiosk.0);
    loop {
        // Armed before looking: what is said between looking and waiting wakes at once.
        let woken = notify.notified();
        tokio::pin!(woken);
        woken.as_mut().enable();
        let found = hand_over(&app, kiosk.0, asked.after).await?;
        let now = tokio::time::Instant::now();
        if !found.changes.is_empty() || now >= until {
            return Ok(Json(found));
        }
        tokio::time::timeout(LOOK_EVERY.min(until - now), woken).await.ok();
    }
}

async fn hand_over(app: &App, kiosk: Uuid, after: i64) -> Result<Changes, Refusal> {
    let rows = sqlx::query(
        "WITH found AS (SELECT seq, body FROM changes WHERE kiosk = $1 AND seq > $2 ORDER BY seq LIMIT $3 FOR UPDATE),
         noted AS (UPDATE changes c SET handed_ms = $4 FROM found f
                   WHERE c.kiosk = $1 AND c.seq = f.seq AND c.handed_ms IS NULL RETURNING c.decision),
         decided AS (UPDATE decisions d SET state = 'handed' FROM noted n WHERE d.id = n.decision AND d.state = 'made')
         SELECT seq, body FROM found ORDER BY seq",
    )
    .bind(kiosk)
    .bind(after)
    .bind(i64::try_from(MAX_CHANGES).unwrap_or(i64::MAX))
    .bind(now_ms())
    .fetch_all(&app.db)
    .await?;
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        let body: Value = row.try_get(1)?;
        let change = serde_json::from_value(body).map_err(|error| Refusal::internal(&error))?;
        changes.push(Numbered { seq: row.try_get(0)?, change });
    }
    let next = changes.last().map_or(after, |last| last.seq);
    Ok(Changes { changes, next })
}

/// Adds a change to a kiosk's row, in the transaction of what it tells of.
pub(crate) async fn append(
    db: &mut PgConnection,
    kiosk: Uuid,
    change: &Change,
    decision: Option<Uuid>,
) -> Result<(), Refusal> {
    let row =
        sqlx::query("UPDATE kiosks SET last_change = last_change + 1 WHERE id = $1 RETURNING last_change")
            .bind(kiosk)
            .fetch_one(&mut *db)
            .await?;
    sqlx::query("INSERT INTO changes (kiosk, seq, body, decision, made_ms) VALUES ($1, $2, $3, $4, $5)")
        .bind(kiosk)
        .bind(row.try_get::<i64, _>(0)?)
        .bind(json!(change))
        .bind(decision)
        .bind(now_ms())
        .execute(&mut *db)
        .await?;
    wake::tell(db, kiosk).await?;
    Ok(())
}

/// The kiosks of a session but one, always in the same order: two writers that lock several rows do not wait for each
/// other in a circle.
async fn kiosks_of(db: &mut PgConnection, session: Uuid, but: Option<Uuid>) -> Result<Vec<Uuid>, Refusal> {
    let rows = sqlx::query(
        "SELECT s.kiosk FROM kiosk_sessions s JOIN kiosks k ON k.id = s.kiosk
         WHERE s.session = $1 AND k.revoked_ms IS NULL AND s.kiosk IS DISTINCT FROM $2 ORDER BY s.kiosk",
    )
    .bind(session)
    .bind(but)
    .fetch_all(db)
    .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn session_as_it_is(db: &mut PgConnection, session: Uuid) -> Result<Change, Refusal> {
    let row = sqlx::query("SELECT document FROM sessions WHERE id = $1").bind(session).fetch_one(db).await?;
    let document = serde_json::from_value(row.try_get(0)?).map_err(|error| Refusal::internal(&error))?;
    Ok(Change::Session { id: session, document: Box::new(document) })
}

/// Tells the other kiosks of a session what it says now.
pub(crate) async fn session_changed(
    db: &mut PgConnection,
    session: Uuid,
    by: Option<Uuid>,
) -> Result<(), Refusal> {
    let change = session_as_it_is(db, session).await?;
    for kiosk in kiosks_of(db, session, by).await? {
        append(db, kiosk, &change, None).await?;
    }
    Ok(())
}

/// Tells the other kiosks of a session who is on its roster now.
pub(crate) async fn roster_changed(
    db: &mut PgConnection,
    batch: &RosterBatch,
    by: Option<Uuid>,
) -> Result<(), Refusal> {
    if batch.rows.is_empty() {
        return Ok(());
    }
    let change = Change::Roster(batch.clone());
    for kiosk in kiosks_of(db, batch.session, by).await? {
        append(db, kiosk, &change, None).await?;
    }
    Ok(())
}

/// Gives a kiosk a session: the session, and its whole roster in parts.
pub(crate) async fn give_session(db: &mut PgConnection, kiosk: Uuid, session: Uuid) -> Result<(), Refusal> {
    sqlx::query("INSERT INTO kiosk_sessions (kiosk, session) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(kiosk)
        .bind(session)
        .execute(&mut *db)
        .await?;
    let change = session_as_it_is(db, session).await?;
    append(db, kiosk, &change, None).await?;
    let rows = sqlx::query(
        "SELECT id, details, code_sha256 FROM subjects WHERE session = $1 AND NOT gone ORDER BY id",
    )
    .bind(session)
    .fetch_all(&mut *db)
    .await?;
    let rows = rows
        .iter()
        .map(|row| {
            let details = serde_json::from_value(row.try_get::<Value, _>(1)?);
            let code: Option<Vec<u8>> = row.try_get(2)?;
            let code = code.and_then(|code| <[u8; 32]>::try_from(code).ok());
            Ok(RosterRow {
                subject: row.try_get(0)?,
                details: details.map_err(|error| Refusal::internal(&error))?,
                code_sha256: code.map(Sha256Hex::new),
                gone: false,
            })
        })
        .collect::<Result<Vec<_>, Refusal>>()?;
    for part in rows.chunks(MAX_ROWS) {
        let batch = RosterBatch { session, rows: part.to_vec() };
        append(db, kiosk, &Change::Roster(batch), None).await?;
    }
    Ok(())
}
