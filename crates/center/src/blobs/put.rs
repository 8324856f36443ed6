//! `PUT /v1/blobs/{sha256}`: whole, or in parts that are gone on with after a break.

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, StatusCode, header};
use bytes::Bytes;
use caixiang_wire::blob::PartRange;
use caixiang_wire::{BlobStatus, Problem, Sha256Hex, problem};
use sha2::{Digest, Sha256};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::BlobStore;
use crate::app::{App, now_ms};
use crate::error::Refusal;
use crate::extract::Path;
use crate::signed::{Kiosk, Whole};

/// Takes a blob of at most 2 MB, or a part of a larger one (`Content-Range`). Parts come in order; one that comes again
/// is answered as before.
#[utoipa::path(put, path = "/v1/blobs/{sha256}", tag = "kiosk",
    params(("sha256" = Sha256Hex, Path, description = "Of the whole blob"),
        ("content-range" = Option<String>, Header, description = "The part's place: bytes 0-1023/4096")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = BlobStatus), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn put(
    State(app): State<App>,
    Extension(kiosk): Extension<Kiosk>,
    Extension(body): Extension<Whole>,
    Path(sha256): Path<Sha256Hex>,
    headers: HeaderMap,
) -> Result<Json<BlobStatus>, Refusal> {
    let range = match headers.get(header::CONTENT_RANGE) {
        None => None,
        Some(value) => {
            let range = value.to_str().ok().and_then(|text| text.parse::<PartRange>().ok());
            Some(range.ok_or_else(|| Refusal::bad_request("content-range"))?)
        }
    };
    let size = body.bytes.len() as u64;
    let status = match range {
        Some(range) if range.length != size => return Err(Refusal::bad_request("content-range")),
        Some(range) if range.length < range.total => part(&app, kiosk.0, &sha256, range, body.bytes).await?,
        _ if body.sha256 == sha256 => {
            whole(&app, kiosk.0, &sha256, body.bytes).await?;
            BlobStatus { sha256, received: size, complete: true }
        }
        _ => return Err(wrong_hash()),
    };
    app.metrics.blob_bytes.inc_by(size);
    Ok(Json(status))
}

fn wrong_hash() -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, problem::BLOB_HASH)
}

async fn whole(app: &App, kiosk: Uuid, sha256: &Sha256Hex, bytes: Bytes) -> Result<(), Refusal> {
    let size = bytes.len();
    let known = sqlx::query("SELECT 1 FROM blobs WHERE sha256 = $1 AND kiosk = $2")
        .bind(sha256.bytes())
        .bind(kiosk)
        .fetch_optional(&app.db)
        .await?;
    if known.is_some() {
        return Ok(());
    }
    // The object is there before its row: a row without an object would be a lie, the reverse is only space.
    app.blobs.put(sha256, bytes).await?;
    let mut db = app.db.acquire().await?;
    note(&mut db, kiosk, sha256, size as u64).await
}

async fn note(db: &mut PgConnection, kiosk: Uuid, sha256: &Sha256Hex, size: u64) -> Result<(), Refusal> {
    sqlx::query(
        "INSERT INTO blobs (sha256, kiosk, size, made_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(sha256.bytes())
    .bind(kiosk)
    .bind(size.cast_signed())
    .bind(now_ms())
    .execute(db)
    .await?;
    Ok(())
}

async fn part(
    app: &App,
    kiosk: Uuid,
    sha256: &Sha256Hex,
    range: PartRange,
    bytes: Bytes,
) -> Result<BlobStatus, Refusal> {
    let done = |received, complete| BlobStatus { sha256: sha256.clone(), received, complete };
    let known = sqlx::query("SELECT size FROM blobs WHERE sha256 = $1 AND kiosk = $2")
        .bind(sha256.bytes())
        .bind(kiosk)
        .fetch_optional(&app.db)
        .await?;
    if let Some(row) = known {
        return Ok(done(row.try_get::<i64, _>(0)?.unsigned_abs(), true));
    }
    // The row is locked to the end: two copies of a part that come together go one after the other.
    let mut transaction = app.db.begin().await?;
    let db = &mut *transaction;
    sqlx::query(
        "INSERT INTO uploads (kiosk, sha256, total, changed_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
    )
    .bind(kiosk)
    .bind(sha256.bytes())
    .bind(range.total.cast_signed())
    .bind(now_ms())
    .execute(&mut *db)
    .await?;
    let row =
        sqlx::query("SELECT total, received, parts FROM uploads WHERE kiosk = $1 AND sha256 = $2 FOR UPDATE")
            .bind(kiosk)
            .bind(sha256.bytes())
            .fetch_one(&mut *db)
            .await?;
    let total = row.try_get::<i64, _>(0)?.unsigned_abs();
    let received = row.try_get::<i64, _>(1)?.unsigned_abs();
    let mut parts: Vec<i64> = row.try_get(2)?;
    if total != range.total {
        return Err(Refusal::bad_request("the blob's size is another one than before"));
    }
    if range.first + range.length <= received {
        transaction.commit().await?;
        return Ok(done(received, false));
    }
    if range.first != received {
        let refusal = Refusal::conflict(problem::BLOB_OFFSET).with("received", received);
        transaction.commit().await?;
        return Err(refusal);
    }
    app.blobs.put_part(kiosk, sha256, range.first, bytes).await?;
    parts.push(range.first.cast_signed());
    let received = range.first + range.length;
    if received < total {
        sqlx::query(
            "UPDATE uploads SET received = $3, parts = $4, changed_ms = $5 WHERE kiosk = $1 AND sha256 = $2",
        )
        .bind(kiosk)
        .bind(sha256.bytes())
        .bind(received.cast_signed())
        .bind(&parts)
        .bind(now_ms())
        .execute(&mut *db)
        .await?;
        transaction.commit().await?;
        return Ok(done(received, false));
    }
    let joined = join(&app.blobs, kiosk, sha256, &parts, total).await;
    if joined.is_ok() {
        note(&mut *db, kiosk, sha256, total).await?;
    }
    // Whether right or wrong, these parts are of no more use: what was wrong begins again.
    if matches!(joined, Ok(()) | Err(Joined::WrongHash)) {
        sqlx::query("DELETE FROM uploads WHERE kiosk = $1 AND sha256 = $2")
            .bind(kiosk)
            .bind(sha256.bytes())
            .execute(&mut *db)
            .await?;
        transaction.commit().await?;
        app.blobs.delete_parts(kiosk, sha256, &parts).await;
    }
    match joined {
        Ok(()) => Ok(done(total, true)),
        Err(Joined::WrongHash) => Err(wrong_hash()),
        Err(Joined::Store(error)) => Err(error.into()),
    }
}

enum Joined {
    WrongHash,
    Store(object_store::Error),
}

/// Joins parts to a blob, after its hash was compared. A blob is bounded by its largest size, and held whole for it.
async fn join(
    store: &BlobStore,
    kiosk: Uuid,
    sha256: &Sha256Hex,
    parts: &[i64],
    total: u64,
) -> Result<(), Joined> {
    let mut blob = Vec::with_capacity(usize::try_from(total).unwrap_or_default());
    let mut hash = Sha256::new();
    for first in parts {
        let part = store.get_part(kiosk, sha256, first.unsigned_abs()).await.map_err(Joined::Store)?;
        hash.update(&part);
        blob.extend_from_slice(&part);
    }
    if hash.finalize().as_slice() != sha256.bytes() || blob.len() as u64 != total {
        return Err(Joined::WrongHash);
    }
    store.put(sha256, blob.into()).await.map_err(Joined::Store)
}
