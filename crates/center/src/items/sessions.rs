//! Sessions as kiosks have them.

use caixiang_domain::SessionId;
use caixiang_wire::SessionDocument;
use serde_json::json;
use sqlx::Row;

use super::Item;
use crate::error::Refusal;

pub(super) async fn take(item: &mut Item<'_>, document: SessionDocument) -> Result<(), Refusal> {
    let value = json!(document);
    if document.session(SessionId::from_uuid(item.id)).is_none() {
        return Err(Refusal::bad_body("not a session that this version understands"));
    }
    let had = sqlx::query("SELECT EXISTS (SELECT 1 FROM sessions WHERE id = $1)")
        .bind(item.id)
        .fetch_one(&mut *item.db)
        .await?;
    if had.try_get::<bool, _>(0)? {
        item.needs_session(item.id).await?;
    }
    // Two kiosks with one session: the one that came last is what the session says now, and the others are told.
    sqlx::query(
        "INSERT INTO sessions (id, document, made_ms, changed_ms) VALUES ($1, $2, $3, $3)
         ON CONFLICT (id) DO UPDATE SET document = $2, changed_ms = $3",
    )
    .bind(item.id)
    .bind(&value)
    .bind(item.now)
    .execute(&mut *item.db)
    .await?;
    sqlx::query("INSERT INTO kiosk_sessions (kiosk, session) VALUES ($1, $2) ON CONFLICT DO NOTHING")
        .bind(item.kiosk)
        .bind(item.id)
        .execute(&mut *item.db)
        .await?;
    crate::changes::session_changed(item.db, item.id, Some(item.kiosk)).await
}
