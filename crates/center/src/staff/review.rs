//! The human review (终审): decisions, in bulk or one by one, and taking them back while the kiosk has not heard of them.

use axum::Json as Answer;
use axum::extract::{Extension, State};
use axum::http::StatusCode;
use caixiang_wire::{Change, Problem, ReviewDecision, Verdict, problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{PgConnection, Row};
use utoipa::ToSchema;
use uuid::Uuid;

use super::Staff;
use crate::app::{self, App, By, now_ms};
use crate::changes;
use crate::error::Refusal;
use crate::extract::{Json, Path};

const MAX_AT_ONCE: usize = 500;
const MAX_REASON_CHARS: usize = 500;

/// A photo as the reviewer saw it.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
pub(crate) struct Seen {
    order: Uuid,
    /// The photo that was looked at: a decision about another one would be about what nobody saw.
    photo: Uuid,
}

/// What is decided.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Deciding {
    #[schema(min_items = 1, max_items = 500)]
    of: Vec<Seen>,
    verdict: Verdict,
    /// Needed where it is rejected.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// What was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Decided {
    made: Vec<Made>,
    /// Orders that had gone on, or about whose photo somebody else had decided: nothing was done to them.
    left: Vec<Uuid>,
}

/// One decision.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Made {
    decision: Uuid,
    order: Uuid,
}

/// Decides about photos that wait for the review.
#[utoipa::path(post, path = "/v1/staff/decisions", tag = "staff", request_body = Deciding,
    responses((status = 200, body = Decided), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn decide(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Json(asked): Json<Deciding>,
) -> Result<Answer<Decided>, Refusal> {
    if !(1..=MAX_AT_ONCE).contains(&asked.of.len()) {
        return Err(Refusal::bad_body("1 to 500 photos"));
    }
    let reason = asked.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if reason.is_some_and(|text| text.chars().count() > MAX_REASON_CHARS || text.contains('\0')) {
        return Err(Refusal::bad_body("reason"));
    }
    if asked.verdict == Verdict::Reject && reason.is_none() {
        return Err(Refusal::bad_body("a rejection needs a reason"));
    }
    let mut of = asked.of;
    // Always locked in the same order: two reviewers with the same photos do not wait for each other in a circle.
    of.sort_by_key(|seen| seen.order);
    of.dedup_by_key(|seen| seen.order);
    let mut decided = Decided { made: Vec::new(), left: Vec::new() };
    let mut transaction = app.db.begin().await?;
    for seen in of {
        match decide_one(&mut transaction, &staff, seen, asked.verdict, reason).await? {
            Some(decision) => decided.made.push(Made { decision, order: seen.order }),
            None => decided.left.push(seen.order),
        }
    }
    transaction.commit().await?;
    Ok(Answer(decided))
}

async fn decide_one(
    db: &mut PgConnection,
    staff: &Staff,
    seen: Seen,
    verdict: Verdict,
    reason: Option<&str>,
) -> Result<Option<Uuid>, Refusal> {
    let row = sqlx::query(
        "SELECT kiosk FROM orders WHERE id = $1 AND photo = $2 AND state = 'pending_review' AND deciding IS NULL
         FOR UPDATE",
    )
    .bind(seen.order)
    .bind(seen.photo)
    .fetch_optional(&mut *db)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let kiosk: Uuid = row.try_get(0)?;
    let (id, now) = (Uuid::now_v7(), now_ms());
    let reason = reason.filter(|_| verdict == Verdict::Reject);
    sqlx::query(
        "INSERT INTO decisions (id, order_id, photo, verdict, reason, staff, made_ms, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'made')",
    )
    .bind(id)
    .bind(seen.order)
    .bind(seen.photo)
    .bind(verdict.code())
    .bind(reason)
    .bind(staff.id)
    .bind(now)
    .execute(&mut *db)
    .await?;
    sqlx::query("UPDATE orders SET deciding = $2 WHERE id = $1")
        .bind(seen.order)
        .bind(id)
        .execute(&mut *db)
        .await?;
    let decision = ReviewDecision {
        id,
        order: seen.order,
        photo: seen.photo,
        verdict,
        reason: reason.map(str::to_owned),
        at_ms: now,
    };
    changes::append(db, kiosk, &Change::Decision(decision), Some(id)).await?;
    let about = json!({ "decision": id, "order": seen.order, "verdict": verdict.code() });
    app::log(db, By::Staff(staff.id), "decision.make", &about).await?;
    Ok(Some(id))
}

/// Takes a decision back, as long as the kiosk has not been told.
#[utoipa::path(post, path = "/v1/staff/decisions/{id}/undo", tag = "staff", params(("id" = Uuid, Path)),
    responses((status = 204), (status = "4XX", body = Problem), (status = "5XX", body = Problem)))]
pub(crate) async fn undo(
    State(app): State<App>,
    Extension(staff): Extension<Staff>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Refusal> {
    let mut transaction = app.db.begin().await?;
    let row = sqlx::query("SELECT order_id FROM decisions WHERE id = $1 AND state IN ('made', 'handed')")
        .bind(id)
        .fetch_optional(&mut *transaction)
        .await?
        .ok_or_else(Refusal::not_found)?;
    // The kiosk's asking locks the same row: one of the two is first.
    let taken = sqlx::query("DELETE FROM changes WHERE decision = $1 AND handed_ms IS NULL")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    if taken.rows_affected() == 0 {
        return Err(Refusal::conflict(problem::DECISION_SENT));
    }
    sqlx::query("UPDATE decisions SET state = 'undone' WHERE id = $1")
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    sqlx::query("UPDATE orders SET deciding = NULL WHERE id = $1 AND deciding = $2")
        .bind(row.try_get::<Uuid, _>(0)?)
        .bind(id)
        .execute(&mut *transaction)
        .await?;
    app::log(&mut transaction, By::Staff(staff.id), "decision.undo", &json!({ "decision": id })).await?;
    transaction.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
