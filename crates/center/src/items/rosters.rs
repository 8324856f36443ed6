//! Parts of rosters.

use caixiang_wire::RosterBatch;
use caixiang_wire::roster::MAX_ROWS;
use serde_json::json;

use super::{Item, check_fields};
use crate::error::Refusal;

pub(super) async fn take(item: &mut Item<'_>, batch: RosterBatch) -> Result<(), Refusal> {
    if batch.rows.len() > MAX_ROWS {
        return Err(Refusal::bad_body("more than 500 rows"));
    }
    item.needs_session(batch.session).await?;
    for row in &batch.rows {
        check_fields(&row.details)?;
    }
    put_rows(item.db, &batch, item.now).await?;
    crate::changes::roster_changed(item.db, &batch, Some(item.kiosk)).await
}

/// Adds and changes students. One of another session is left as it is: ids are given once.
pub(crate) async fn put_rows(
    db: &mut sqlx::PgConnection,
    batch: &RosterBatch,
    now: i64,
) -> Result<(), Refusal> {
    let ids: Vec<_> = batch.rows.iter().map(|row| row.subject).collect();
    let details: Vec<_> = batch.rows.iter().map(|row| json!(row.details)).collect();
    let codes: Vec<_> =
        batch.rows.iter().map(|row| row.code_sha256.as_ref().map(|code| code.bytes().to_vec())).collect();
    let gone: Vec<_> = batch.rows.iter().map(|row| row.gone).collect();
    // A row that came twice in one part would stop the statement: the last one is meant.
    sqlx::query(
        "INSERT INTO subjects (id, session, details, code_sha256, gone, changed_ms)
         SELECT DISTINCT ON (r.id) r.id, $1, r.details, r.code, r.gone, $6
         FROM unnest($2::uuid[], $3::jsonb[], $4::bytea[], $5::boolean[])
              WITH ORDINALITY AS r (id, details, code, gone, place)
         ORDER BY r.id, r.place DESC
         ON CONFLICT (id) DO UPDATE SET details = excluded.details, code_sha256 = excluded.code_sha256,
             gone = excluded.gone, changed_ms = excluded.changed_ms
         WHERE subjects.session = excluded.session",
    )
    .bind(batch.session)
    .bind(&ids)
    .bind(&details)
    .bind(&codes)
    .bind(&gone)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}
