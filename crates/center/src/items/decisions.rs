//! What kiosks made of decisions.

use caixiang_wire::{DecisionAnswer, DecisionOutcome};
use sqlx::Row;
use uuid::Uuid;

use super::{Item, small};
use crate::error::Refusal;

pub(super) async fn take(item: &mut Item<'_>, answer: DecisionAnswer) -> Result<(), Refusal> {
    if answer.decision != item.id || item.revision != 1 {
        return Err(Refusal::bad_body("the path and the body name different decisions"));
    }
    let row = sqlx::query(
        "SELECT d.order_id, o.kiosk FROM decisions d JOIN orders o ON o.id = d.order_id WHERE d.id = $1 FOR UPDATE",
    )
    .bind(item.id)
    .fetch_optional(&mut *item.db)
    .await?
    .ok_or_else(Refusal::not_yours)?;
    if row.try_get::<Uuid, _>(1)? != item.kiosk || row.try_get::<Uuid, _>(0)? != answer.order {
        return Err(Refusal::not_yours());
    }
    let (state, revision) = match answer.outcome {
        DecisionOutcome::Applied { revision } => ("applied", Some(small(revision, "revision")?)),
        DecisionOutcome::Overtaken { revision } => ("overtaken", Some(small(revision, "revision")?)),
        DecisionOutcome::UnknownOrder => ("overtaken", None),
    };
    sqlx::query("UPDATE decisions SET state = $2, revision = $3, answered_ms = $4 WHERE id = $1")
        .bind(item.id)
        .bind(state)
        .bind(revision)
        .bind(item.now)
        .execute(&mut *item.db)
        .await?;
    sqlx::query("UPDATE orders SET deciding = NULL WHERE id = $1 AND deciding = $2")
        .bind(answer.order)
        .bind(item.id)
        .execute(&mut *item.db)
        .await?;
    Ok(())
}
