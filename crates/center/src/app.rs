//! What every request has at hand, and the pieces that all of them share.

use std::sync::Arc;

use crypto_box::SecretKey;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::blobs::BlobStore;
use crate::metrics::Metrics;
use crate::wake::Wake;

/// The centre's parts. Cheap to clone; nothing in it is a state that another copy would need.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) db: PgPool,
    pub(crate) blobs: BlobStore,
    pub(crate) recipient: Arc<SecretKey>,
    pub(crate) wake: Wake,
    pub(crate) metrics: Arc<Metrics>,
}

impl App {
    /// The recipient key as kiosks are told it.
    pub(crate) fn recipient_public(&self) -> String {
        hex::encode(self.recipient.public_key().as_bytes())
    }
}

/// Milliseconds since 1970 by this machine's clock.
pub(crate) fn now_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], crate::error::Refusal> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| crate::error::Refusal::internal(&error))?;
    Ok(bytes)
}

/// Who did something.
#[derive(Debug, Clone, Copy)]
pub(crate) enum By {
    Staff(Uuid),
    Kiosk(Uuid),
}

/// Writes down who did what, in the transaction that does it.
pub(crate) async fn log(db: &mut PgConnection, by: By, what: &str, about: &Value) -> Result<(), sqlx::Error> {
    let (staff, kiosk) = match by {
        By::Staff(id) => (Some(id), None),
        By::Kiosk(id) => (None, Some(id)),
    };
    sqlx::query("INSERT INTO log (at_ms, staff, kiosk, what, about) VALUES ($1, $2, $3, $4, $5)")
        .bind(now_ms())
        .bind(staff)
        .bind(kiosk)
        .bind(what)
        .bind(about)
        .execute(db)
        .await
        .map(drop)
}
