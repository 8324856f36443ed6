//! Sessions: what they say, how far they are, who is missing.

use std::collections::BTreeMap;

use axum::Json as Answer;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use caixiang_domain::SessionId;
use caixiang_wire::{Problem, SessionDocument};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::Row;
use sqlx::postgres::PgRow;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::Staff;
use crate::app::{self, App, By, now_ms};
use crate::changes;
use crate::error::Refusal;
use crate::extract::{Json, Path, Query};

const MAX_MISSING: u32 = 1000;

/// A session in the list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    id: Uuid,
    document: SessionDocument,
    kiosks: i64,
    students: i64,
    orders: i64,
    waiting_for_review: i64,
}

/// Every session, the newest first.
#[utoipa::path(get, path = "/v1/staff/sessions", tag = "staff",
    responses((status = 200, body = Vec<Line>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn list(State(app): State<App>) -> Result<Answer<Vec<Line>>, Refusal> {
    let rows = sqlx::query(
        "SELECT s.id, s.document,
             (SELECT count(*) FROM kiosk_sessions k WHERE k.session = s.id),
             (SELECT count(*) FROM subjects u WHERE u.session = s.id AND NOT gone),
             coalesce(o.all_of_them, 0), coalesce(o.waiting, 0)
         FROM sessions s LEFT JOIN (SELECT session, count(*) AS all_of_them,
                 count(*) FILTER (WHERE state = 'pending_review' AND deciding IS NULL) AS waiting
             FROM orders GROUP BY session) o ON o.session = s.id
         ORDER BY s.made_ms DESC, s.id LIMIT 1000",
    )
    .fetch_all(&app.db)
    .await?;
    let read = |row: &PgRow| -> Result<Line, Refusal> {
        let document = serde_json::from_value(row.try_get(1)?).map_err(|error| Refusal::internal(&error))?;
        Ok(Line {
            id: row.try_get(0)?,
            document,
            kiosks: row.try_get(2)?,
            students: row.try_get(3)?,
            orders: row.try_get(4)?,
            waiting_for_review: row.try_get(5)?,
        })
    };
    Ok(Answer(rows.iter().map(read).collect::<Result<_, _>>()?))
}

/// Makes a session, or changes what it says; its kiosks are told.
#[utoipa::path(put, path = "/v1/staff/sessions/{id}", tag = "staff", params(("id" = Uuid, Path)),
    request_body = SessionDocument,
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn put(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<Uuid>,
    Json(document): Json<SessionDocument>,
) -> Result<StatusCode, Refusal> {
    staff.needs_manager()?;
    let value = json!(document);
    if document.session(SessionId::from_uuid(id)).is_none() || value.to_string().contains("\\u0000") {
        return Err(Refusal::bad_body("not a session"));
    }
    let mut transaction = app.db.begin().await?;
    sqlx::query(
        "INSERT INTO sessions (id, document, made_ms, changed_ms) VALUES ($1, $2, $3, $3)
         ON CONFLICT (id) DO UPDATE SET document = $2, changed_ms = $3",
    )
    .bind(id)
    .bind(&value)
    .bind(now_ms())
    .execute(&mut *transaction)
    .await?;
    app::log(&mut transaction, By::Staff(staff.id), "session.put", &json!({ "session": id })).await?;
    changes::session_changed(&mut transaction, id, None).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How far a session is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Progress {
    students: i64,
    /// Students of the roster who have an order that is not closed or refunded.
    photographed: i64,
    /// Orders by state.
    states: BTreeMap<String, i64>,
    /// Orders by hour of their making: the hour's first millisecond, and how many.
    per_hour: Vec<Hour>,
    classes: Vec<Class>,
}

/// Orders of one hour.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hour {
    begins_ms: i64,
    orders: i64,
}

/// A class and how far it is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Class {
    college: String,
    class_name: String,
    students: i64,
    photographed: i64,
}

const PHOTOGRAPHED: &str = "EXISTS (SELECT 1 FROM orders o WHERE o.subject = u.id AND o.session = u.session
    AND o.state NOT IN ('closed', 'refunded'))";

/// How far a session is: by state, by hour, by class.
#[utoipa::path(get, path = "/v1/staff/sessions/{id}/progress", tag = "staff", params(("id" = Uuid, Path)),
    responses((status = 200, body = Progress), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn progress(
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<Answer<Progress>, Refusal> {
    let states = sqlx::query("SELECT state, count(*) FROM orders WHERE session = $1 GROUP BY state")
        .bind(id)
        .fetch_all(&app.db)
        .await?;
    let hours = sqlx::query(
        "SELECT first_ms / 3600000 * 3600000 AS hour, count(*) FROM orders WHERE session = $1
         GROUP BY hour ORDER BY hour DESC LIMIT 240",
    )
    .bind(id)
    .fetch_all(&app.db)
    .await?;
    let mut classes = sqlx::QueryBuilder::<sqlx::Postgres>::new(
        "SELECT college, class_name, count(*), count(*) FILTER (WHERE ",
    );
    classes.push(PHOTOGRAPHED).push(") FROM subjects u WHERE session = ").push_bind(id);
    classes.push(" AND NOT gone GROUP BY college, class_name ORDER BY college, class_name LIMIT 5000");
    let classes = classes.build().fetch_all(&app.db).await?;
    let class = |row: &PgRow| -> Result<Class, sqlx::Error> {
        Ok(Class {
            college: row.try_get(0)?,
            class_name: row.try_get(1)?,
            students: row.try_get(2)?,
            photographed: row.try_get(3)?,
        })
    };
    let classes: Vec<Class> = classes.iter().map(class).collect::<Result<_, _>>()?;
    let hour = |row: &PgRow| -> Result<Hour, sqlx::Error> {
        Ok(Hour { begins_ms: row.try_get(0)?, orders: row.try_get(1)? })
    };
    let mut per_hour: Vec<Hour> = hours.iter().map(hour).collect::<Result<_, _>>()?;
    per_hour.reverse();
    let state =
        |row: &PgRow| -> Result<(String, i64), sqlx::Error> { Ok((row.try_get(0)?, row.try_get(1)?)) };
    Ok(Answer(Progress {
        students: classes.iter().map(|class| class.students).sum(),
        photographed: classes.iter().map(|class| class.photographed).sum(),
        states: states.iter().map(state).collect::<Result<_, _>>()?,
        per_hour,
        classes,
    }))
}

/// Where in the list of the missing.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct From {
    /// How many to pass over.
    #[serde(default)]
    #[param(maximum = 1_000_000)]
    offset: u32,
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// A student who was not photographed yet.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Missing {
    subject: Uuid,
    name: String,
    student_number: String,
    college: String,
    class_name: String,
}

/// 未采集名单: by college, class and student number.
#[utoipa::path(get, path = "/v1/staff/sessions/{id}/missing", tag = "staff", params(("id" = Uuid, Path), From),
    responses((status = 200, body = Vec<Missing>), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn missing(
    State(app): State<App>,
    Path(id): Path<Uuid>,
    Query(from): Query<From>,
) -> Result<Answer<Vec<Missing>>, Refusal> {
    let limit = from.limit.unwrap_or(200);
    if !(1..=MAX_MISSING).contains(&limit) || from.offset > 1_000_000 {
        return Err(Refusal::bad_request("limit"));
    }
    let mut query = sqlx::QueryBuilder::<sqlx::Postgres>::new(
        "SELECT id, coalesce(details ->> 'name', ''), coalesce(details ->> 'student_number', ''), college, class_name
         FROM subjects u WHERE NOT gone AND NOT ",
    );
    query.push(PHOTOGRAPHED).push(" AND session = ").push_bind(id);
    query
        .push(" ORDER BY college, class_name, details ->> 'student_number', id LIMIT ")
        .push_bind(i64::from(limit));
    query.push(" OFFSET ").push_bind(i64::from(from.offset));
    let rows = query.build().fetch_all(&app.db).await?;
    let read = |row: &PgRow| -> Result<Missing, sqlx::Error> {
        Ok(Missing {
            subject: row.try_get(0)?,
            name: row.try_get(1)?,
            student_number: row.try_get(2)?,
            college: row.try_get(3)?,
            class_name: row.try_get(4)?,
        })
    };
    Ok(Answer(rows.iter().map(read).collect::<Result<_, _>>()?))
}
