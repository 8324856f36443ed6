//! Requests of kiosks: the body is read whole within its limit, hashed once, and the signature is held against the
//! kiosk as the database has it now, so that a revocation is felt by the next request.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use caixiang_wire::blob::MAX_PART;
use caixiang_wire::sign::{self, Claim, Signed};
use caixiang_wire::{Sha256Hex, problem};
use ed25519_dalek::VerifyingKey;
use sqlx::Row;
use uuid::Uuid;

use crate::app::{App, now_ms};
use crate::error::Refusal;

/// Between two notes of when a kiosk was last heard of, milliseconds.
const SEEN_EVERY_MS: i64 = 30_000;

/// The kiosk that signed the request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kiosk(pub(crate) Uuid);

/// The request's body and its hash.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub(crate) bytes: Bytes,
    pub(crate) sha256: Sha256Hex,
}

/// Lets a request through that a kiosk signed.
pub(crate) async fn signed(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let unsigned = || Refusal::new(StatusCode::UNAUTHORIZED, problem::UNSIGNED);
    let header = request.headers().get(sign::HEADER).and_then(|value| value.to_str().ok());
    let claim = header.and_then(|text| Claim::read(text).ok()).ok_or_else(unsigned)?;
    let (mut parts, body) = request.into_parts();
    let limit = usize::try_from(MAX_PART).unwrap_or(usize::MAX);
    let bytes = axum::body::to_bytes(body, limit).await.map_err(|error| body_refusal(&error))?;
    let sha256 = Sha256Hex::of(&bytes);

    let row = sqlx::query("SELECT public_key, revoked_ms, seen_ms FROM kiosks WHERE id = $1")
        .bind(claim.kiosk)
        .fetch_optional(&app.db)
        .await?
        .ok_or_else(unsigned)?;
    let key: Option<Vec<u8>> = row.try_get(0)?;
    let key = key.and_then(|key| VerifyingKey::try_from(key.as_slice()).ok()).ok_or_else(unsigned)?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let request = Signed {
        method: parts.method.as_str(),
        path_and_query: path,
        time_ms: claim.time_ms,
        kiosk: claim.kiosk,
        body: &sha256,
    };
    if !request.is_signed_by(&claim, &key) {
        return Err(unsigned());
    }
    if row.try_get::<Option<i64>, _>(1)?.is_some() {
        return Err(Refusal::new(StatusCode::FORBIDDEN, problem::REVOKED));
    }
    let now = now_ms();
    if claim.time_ms.abs_diff(now) > sign::WINDOW_MS.unsigned_abs() {
        return Err(Refusal::new(StatusCode::UNAUTHORIZED, problem::CLOCK).with("now_ms", now));
    }
    if row.try_get::<Option<i64>, _>(2)?.is_none_or(|seen| now - seen > SEEN_EVERY_MS) {
        sqlx::query("UPDATE kiosks SET seen_ms = $2 WHERE id = $1")
            .bind(claim.kiosk)
            .bind(now)
            .execute(&app.db)
            .await?;
    }
    parts.extensions.insert(Kiosk(claim.kiosk));
    parts.extensions.insert(Whole { bytes, sha256 });
    Ok(next.run(Request::from_parts(parts, Body::empty())).await)
}

/// A body that was cut off is the sender's, and one beyond the limit too.
fn body_refusal(error: &axum::Error) -> Refusal {
    use std::error::Error;
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.is::<http_body_util::LengthLimitError>() {
            return Refusal::too_large();
        }
        cause = inner.source();
    }
    Refusal::bad_request("the body ended early")
}
