//! `PUT /v1/{things}/{uuid}/revisions/{n}`: what kiosks send, each revision taken once.
//!
//! The body as it came is kept in `items`; tables beside it say how things stand now. One transaction does both, so an
//! answer of success means that all of it is on the disk.

mod decisions;
mod orders;
mod papers;
mod rosters;
mod sessions;

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use caixiang_wire::item::{MAX_ITEM, MAX_REVISION};
use caixiang_wire::{
    DecisionAnswer, Kind, OrderRevision, ParcelManifest, PrintManifest, Problem, Receipt, RosterBatch,
    SessionDocument, problem,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::{PgConnection, Row};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::app::{App, now_ms};
use crate::error::Refusal;
use crate::extract::Path;
use crate::signed::{Kiosk, Whole};

/// Which revision of what.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct Which {
    /// The thing.
    id: Uuid,
    /// Counts from 1.
    #[param(minimum = 1, maximum = 1_000_000)]
    n: u32,
}

/// One item as it is being taken.
struct Item<'a> {
    kiosk: Uuid,
    id: Uuid,
    revision: i32,
    now: i64,
    db: &'a mut PgConnection,
}

macro_rules! puts {
    ($($(#[$doc:meta])* $name:ident: $path:literal, $kind:expr, $body:ty, $take:path;)*) => {$(
        $(#[$doc])*
        #[utoipa::path(put, path = $path, tag = "kiosk", params(Which), request_body = $body,
            responses((status = 200, body = Receipt), (status = "4XX", body = Problem),
                (status = "5XX", body = Problem)))]
        pub(crate) async fn $name(
            State(app): State<App>,
            Extension(kiosk): Extension<Kiosk>,
            Extension(body): Extension<Whole>,
            Path(which): Path<Which>,
        ) -> Result<Json<Receipt>, Refusal> {
            put(&app, kiosk, &body, which, $kind, async |item, message: $body| $take(item, message).await).await
        }
    )*};
}

puts! {
    /// Takes a session as a kiosk has it. A session that nobody has yet becomes this kiosk's.
    put_session: "/v1/sessions/{id}/revisions/{n}", Kind::Session, SessionDocument, sessions::take;
    /// Takes a part of a roster.
    put_roster: "/v1/rosters/{id}/revisions/{n}", Kind::Roster, RosterBatch, rosters::take;
    /// Takes a revision of an order, once its pictures are here.
    put_order: "/v1/orders/{id}/revisions/{n}", Kind::Order, OrderRevision, orders::take;
    /// Takes what was printed.
    put_print: "/v1/prints/{id}/revisions/{n}", Kind::Print, PrintManifest, papers::take_print;
    /// Takes what lies in a parcel.
    put_parcel: "/v1/parcels/{id}/revisions/{n}", Kind::Parcel, ParcelManifest, papers::take_parcel;
    /// Takes what a kiosk made of a decision.
    put_decision: "/v1/decisions/{id}/revisions/{n}", Kind::Decision, DecisionAnswer, decisions::take;
}

async fn put<T: DeserializeOwned>(
    app: &App,
    kiosk: Kiosk,
    body: &Whole,
    which: Which,
    kind: Kind,
    take: impl AsyncFnOnce(&mut Item<'_>, T) -> Result<(), Refusal>,
) -> Result<Json<Receipt>, Refusal> {
    if body.bytes.len() > MAX_ITEM {
        return Err(Refusal::too_large());
    }
    if !(1..=MAX_REVISION).contains(&which.n) {
        return Err(Refusal::bad_request("revision"));
    }
    let text = std::str::from_utf8(&body.bytes).map_err(|_| Refusal::bad_body("not UTF-8"))?;
    if text.contains("\\u0000") || text.contains('\0') {
        return Err(Refusal::bad_body("a character that no database keeps"));
    }
    let message: T = serde_json::from_str(text).map_err(Refusal::bad_body)?;
    let revision = which.n.cast_signed();
    let mut transaction = app.db.begin().await?;
    let receipt = Receipt { kind, id: which.id, revision: which.n, sha256: body.sha256.clone() };

    // First the row, then what it means: a second request with the same number waits here for the first one's end.
    let new = sqlx::query(
        "INSERT INTO items (kind, id, revision, kiosk, sha256, body, received_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(kind.code())
    .bind(which.id)
    .bind(revision)
    .bind(kiosk.0)
    .bind(body.sha256.bytes())
    .bind(text)
    .bind(now_ms())
    .execute(&mut *transaction)
    .await?;
    if new.rows_affected() == 0 {
        let kept = kept(&mut transaction, kind, which.id, revision).await?.ok_or_else(Refusal::not_found)?;
        if kept.kiosk != kiosk.0 {
            return Err(Refusal::not_yours());
        }
        if kept.sha256 != body.sha256.bytes() {
            return Err(Refusal::conflict(problem::OTHER_BODY));
        }
        app.metrics.items_again.inc();
        return Ok(Json(receipt));
    }
    if revision > 1 {
        match kept(&mut transaction, kind, which.id, revision - 1).await? {
            None => return Err(Refusal::conflict(problem::GAP)),
            Some(before) if before.kiosk != kiosk.0 => return Err(Refusal::not_yours()),
            Some(_) => {}
        }
    }
    let mut item = Item { kiosk: kiosk.0, id: which.id, revision, now: now_ms(), db: &mut transaction };
    take(&mut item, message).await?;
    transaction.commit().await?;
    app.metrics.items.inc();
    Ok(Json(receipt))
}

struct Kept {
    kiosk: Uuid,
    sha256: [u8; 32],
}

async fn kept(db: &mut PgConnection, kind: Kind, id: Uuid, revision: i32) -> Result<Option<Kept>, Refusal> {
    let row = sqlx::query("SELECT kiosk, sha256 FROM items WHERE kind = $1 AND id = $2 AND revision = $3")
        .bind(kind.code())
        .bind(id)
        .bind(revision)
        .fetch_optional(db)
        .await?;
    row.map(|row| Ok(Kept { kiosk: row.try_get(0)?, sha256: row.try_get(1)? })).transpose()
}

impl Item<'_> {
    /// Refuses where the session is not this kiosk's.
    async fn needs_session(&mut self, session: Uuid) -> Result<(), Refusal> {
        let row = sqlx::query("SELECT 1 FROM kiosk_sessions WHERE kiosk = $1 AND session = $2")
            .bind(self.kiosk)
            .bind(session)
            .fetch_optional(&mut *self.db)
            .await?;
        if row.is_some() { Ok(()) } else { Err(Refusal::not_yours()) }
    }
}

/// Refuses a text or number from outside that is beyond its bounds.
fn bounded(text: &str, max_chars: usize, what: &str) -> Result<(), Refusal> {
    if text.chars().count() <= max_chars {
        Ok(())
    } else {
        Err(Refusal::bad_body(format!("{what} is too long")))
    }
}

fn small(number: u32, what: &str) -> Result<i32, Refusal> {
    i32::try_from(number).map_err(|_| Refusal::bad_body(format!("{what} is too large")))
}

/// Details within their bounds: fields this version knows, values as long as the field allows.
fn check_fields(fields: &caixiang_wire::Fields) -> Result<(), Refusal> {
    for (field, value) in fields {
        if caixiang_domain::Field::from_code(field).is_none() {
            return Err(Refusal::bad_body(format!("no field {field}")));
        }
        bounded(value, caixiang_domain::MAX_FIELD_CHARS, field)?;
    }
    Ok(())
}

/// Problems of a body that have a status of their own.
fn unprocessable(code: &str) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, code)
}
