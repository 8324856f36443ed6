//! Whether the centre lives, and whether it can work.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;

/// How things are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    database: bool,
    blobs: bool,
}

/// The program runs.
#[utoipa::path(get, path = "/v1/health/live", tag = "operation", responses((status = 204)))]
pub(crate) async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Database and store of blobs answer.
#[utoipa::path(get, path = "/v1/health/ready", tag = "operation",
    responses((status = 200, body = Health), (status = 503, body = Health)))]
pub(crate) async fn ready(State(app): State<App>) -> (StatusCode, Json<Health>) {
    let database = sqlx::query("SELECT 1").execute(&app.db).await.is_ok();
    let blobs = app.blobs.is_ready().await;
    let status = if database && blobs { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Health { database, blobs }))
}
