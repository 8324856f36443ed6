//! Collection points: their one-time codes, their sessions, their end.

use axum::Json as Answer;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use caixiang_wire::{Change, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::Row;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Staff;
use crate::app::{self, App, By, now_ms};
use crate::changes;
use crate::enrol;
use crate::error::Refusal;
use crate::extract::{Json, Path};

/// A collection point.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Point {
    kiosk: Uuid,
    name: String,
    point: i32,
    version: Option<String>,
    enrolled_ms: Option<i64>,
    revoked_ms: Option<i64>,
    /// When it was last heard of, to half a minute.
    seen_ms: Option<i64>,
    /// How long its one-time code is good, while nobody used it.
    code_until_ms: Option<i64>,
    sessions: Vec<Uuid>,
    orders: i64,
}

/// Every collection point.
#[utoipa::path(get, path = "/v1/staff/kiosks", tag = "staff",
    responses((status = 200, body = Vec<Point>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list(State(app): State<App>) -> Result<Answer<Vec<Point>>, Refusal> {
    let rows = sqlx::query(
        "SELECT k.id, k.name, k.point, k.version, k.enrolled_ms, k.revoked_ms, k.seen_ms,
             CASE WHEN k.public_key IS NULL THEN k.code_until_ms END,
             ARRAY (SELECT session FROM kiosk_sessions s WHERE s.kiosk = k.id ORDER BY session),
             (SELECT count(*) FROM orders o WHERE o.kiosk = k.id)
         FROM kiosks k ORDER BY k.point",
    )
    .fetch_all(&app.db)
    .await?;
    let read = |row: &sqlx::postgres::PgRow| -> Result<Point, sqlx::Error> {
        Ok(Point {
            kiosk: row.try_get(0)?,
            name: row.try_get(1)?,
            point: row.try_get(2)?,
            version: row.try_get(3)?,
            enrolled_ms: row.try_get(4)?,
            revoked_ms: row.try_get(5)?,
            seen_ms: row.try_get(6)?,
            code_until_ms: row.try_get(7)?,
            sessions: row.try_get(8)?,
            orders: row.try_get(9)?,
        })
    };
    Ok(Answer(rows.iter().map(read).collect::<Result<_, _>>()?))
}

/// A collection point to be made.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewKiosk {
    #[schema(min_length = 1, max_length = 100)]
    name: String,
}

/// A collection point that was made, with the code that a kiosk enrols with. The code is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MadeKiosk {
    kiosk: Uuid,
    point: u32,
    code: String,
    until_ms: i64,
}

/// Makes a collection point.
#[utoipa::path(post, path = "/v1/staff/kiosks", tag = "staff", request_body = NewKiosk,
    responses((status = 200, body = MadeKiosk), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn make(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Json(asked): Json<NewKiosk>,
) -> Result<Answer<MadeKiosk>, Refusal> {
    staff.needs_manager()?;
    let name: String = asked.name.trim().chars().filter(|c| !c.is_control()).collect();
    if !(1..=100).contains(&name.chars().count()) {
        return Err(Refusal::bad_body("name"));
    }
    let mut transaction = app.db.begin().await?;
    let made = enrol::new_point(&mut transaction, &name).await?;
    let about = json!({ "kiosk": made.kiosk, "point": made.point });
    app::log(&mut transaction, By::Staff(staff.id), "kiosk.make", &about).await?;
    transaction.commit().await?;
    let enrol::NewPoint { kiosk, point, code, until_ms } = made;
    Ok(Answer(MadeKiosk { kiosk, point, code, until_ms }))
}

/// Ends a kiosk's identity, from its next request on. What it sent stays.
#[utoipa::path(post, path = "/v1/staff/kiosks/{id}/revoke", tag = "staff", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn revoke(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Refusal> {
    staff.needs_manager()?;
    let mut transaction = app.db.begin().await?;
    let done = sqlx::query("UPDATE kiosks SET revoked_ms = $2 WHERE id = $1 AND revoked_ms IS NULL")
        .bind(id)
        .bind(now_ms())
        .execute(&mut *transaction)
        .await?;
    if done.rows_affected() == 0 {
        return Err(Refusal::not_found());
    }
    app::log(&mut transaction, By::Staff(staff.id), "kiosk.revoke", &json!({ "kiosk": id })).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives a kiosk a session with its roster.
#[utoipa::path(put, path = "/v1/staff/kiosks/{id}/sessions/{session}", tag = "staff",
    params(("id" = Uuid, Path), ("session" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn give(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Path((id, session)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Refusal> {
    staff.needs_manager()?;
    let mut transaction = app.db.begin().await?;
    let there = sqlx::query(
        "SELECT EXISTS (SELECT 1 FROM kiosks WHERE id = $1) AND EXISTS (SELECT 1 FROM sessions WHERE id = $2)",
    )
    .bind(id)
    .bind(session)
    .fetch_one(&mut *transaction)
    .await?;
    if !there.try_get::<bool, _>(0)? {
        return Err(Refusal::not_found());
    }
    changes::give_session(&mut transaction, id, session).await?;
    let about = json!({ "kiosk": id, "session": session });
    app::log(&mut transaction, By::Staff(staff.id), "kiosk.give_session", &about).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a session from a kiosk. Orders that it made for it stay.
#[utoipa::path(delete, path = "/v1/staff/kiosks/{id}/sessions/{session}", tag = "staff",
    params(("id" = Uuid, Path), ("session" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn take_away(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Path((id, session)): Path<(Uuid, Uuid)>,
) -> Result<StatusCode, Refusal> {
    staff.needs_manager()?;
    let mut transaction = app.db.begin().await?;
    let done = sqlx::query("DELETE FROM kiosk_sessions WHERE kiosk = $1 AND session = $2")
        .bind(id)
        .bind(session)
        .execute(&mut *transaction)
        .await?;
    if done.rows_affected() == 0 {
        return Err(Refusal::not_found());
    }
    changes::append(&mut transaction, id, &Change::SessionGone { id: session }, None).await?;
    let about = json!({ "kiosk": id, "session": session });
    app::log(&mut transaction, By::Staff(staff.id), "kiosk.take_session", &about).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
