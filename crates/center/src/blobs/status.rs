//! `GET /v1/blobs/{sha256}`: how much of a blob is here.

use axum::Json;
use axum::extract::{Extension, State};
use caixiang_wire::{BlobStatus, Problem, Sha256Hex};
use sqlx::Row;

use crate::app::App;
use crate::error::Refusal;
use crate::extract::Path;
use crate::signed::Kiosk;

/// How much of this kiosk's blob is here; nothing, for what it never began to send.
#[utoipa::path(get, path = "/v1/blobs/{sha256}", tag = "kiosk",
    params(("sha256" = Sha256Hex, Path, description = "Of the blob")),
    responses((status = 200, body = BlobStatus), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn status(
    State(app): State<App>,
    Extension(kiosk): Extension<Kiosk>,
    Path(sha256): Path<Sha256Hex>,
) -> Result<Json<BlobStatus>, Refusal> {
    let whole = sqlx::query("SELECT size FROM blobs WHERE sha256 = $1 AND kiosk = $2")
        .bind(sha256.bytes())
        .bind(kiosk.0)
        .fetch_optional(&app.db)
        .await?;
    if let Some(row) = whole {
        let received = row.try_get::<i64, _>(0)?.unsigned_abs();
        return Ok(Json(BlobStatus { sha256, received, complete: true }));
    }
    let begun = sqlx::query("SELECT received FROM uploads WHERE kiosk = $1 AND sha256 = $2")
        .bind(kiosk.0)
        .bind(sha256.bytes())
        .fetch_optional(&app.db)
        .await?;
    let received = begun.map(|row| row.try_get::<i64, _>(0)).transpose()?.unwrap_or(0).unsigned_abs();
    Ok(Json(BlobStatus { sha256, received, complete: false }))
}
