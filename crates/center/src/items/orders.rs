//! Revisions of orders.

use caixiang_domain::{Field, OrderNumber, OrderState};
use caixiang_wire::{Fields, OrderRevision, Sha256Hex, Twin, problem};
use serde_json::json;
use sqlx::Row;
use uuid::Uuid;

use super::{Item, bounded, check_fields, small, unprocessable};
use crate::changes;
use crate::error::Refusal;

const MAX_PICTURES: usize = 2;
/// A sealed box of a 32-byte key: 32 more for the sender's key, 16 for the tag.
const SEALED_KEY: usize = 32 + 48;

pub(super) async fn take(item: &mut Item<'_>, message: OrderRevision) -> Result<(), Refusal> {
    check(item, &message)?;
    let order = &message.order;
    item.needs_session(order.session).await?;
    need_blobs(item, &message).await?;
    let identity = identity(item, &message).await?;
    let pictures = json!(message.pictures);
    let text = |field: Field| message.details.get(field.code()).map_or("", String::as_str);
    let search =
        [&order.number, text(Field::Name), text(Field::StudentNumber)].map(str::to_lowercase).join(" ");
    // What is being decided ends with the revision that answers it, or with another photo.
    sqlx::query(
        "INSERT INTO orders (id, kiosk, session, subject, number, state, revision, photo, pictures, findings, details,
             product, fee_fen, rejection, identity, search, created_ms, first_ms, changed_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)
         ON CONFLICT (id) DO UPDATE SET state = $6, revision = $7, photo = $8,
             pictures = CASE WHEN $9 = '[]'::jsonb AND orders.photo = $8 THEN orders.pictures ELSE $9 END,
             findings = $10, details = $11, rejection = $14, identity = $15, search = $16, changed_ms = $18,
             deciding = CASE WHEN orders.photo = $8 AND $6 = 'pending_review' THEN orders.deciding END",
    )
    .bind(item.id)
    .bind(item.kiosk)
    .bind(order.session)
    .bind(order.subject)
    .bind(&order.number)
    .bind(&order.state)
    .bind(item.revision)
    .bind(message.photo.id)
    .bind(&pictures)
    .bind(json!(message.photo.findings))
    .bind(json!(message.details))
    .bind(&order.product)
    .bind(small(order.fee_fen, "fee")?)
    .bind(&order.rejection)
    .bind(&identity)
    .bind(&search)
    .bind(order.created_ms)
    .bind(item.now)
    .execute(&mut *item.db)
    .await?;
    if item.revision == 1 {
        tell_twins(item, order.session, identity.as_deref()).await?;
    }
    Ok(())
}

fn check(item: &Item<'_>, message: &OrderRevision) -> Result<(), Refusal> {
    let bad = |why: &str| Err(Refusal::bad_body(why));
    let order = &message.order;
    if order.id != item.id || i64::from(order.revision) != i64::from(item.revision) {
        return bad("the path and the body name different revisions");
    }
    if OrderState::from_code(&order.state).is_none() {
        return bad("no such state");
    }
    if order.number.parse::<OrderNumber>().is_err() {
        return bad("not an order number");
    }
    if message.pictures.len() > MAX_PICTURES
        || message.pictures.iter().any(|picture| picture.key.0.len() != 2 * SEALED_KEY)
    {
        return bad("pictures");
    }
    check_fields(&message.details)?;
    bounded(&order.product, 64, "product")?;
    for text in [&message.reason, &order.rejection].into_iter().flatten() {
        bounded(text, 500, "reason")?;
    }
    check_findings(&message.photo.findings)
}

fn check_findings(findings: &Fields) -> Result<(), Refusal> {
    if findings.len() > 200 || findings.iter().any(|(check, found)| check.len() > 64 || found.len() > 16) {
        return Err(Refusal::bad_body("findings"));
    }
    Ok(())
}

/// No order is acknowledged without its blobs.
async fn need_blobs(item: &mut Item<'_>, message: &OrderRevision) -> Result<(), Refusal> {
    let mut missing: Vec<&Sha256Hex> = Vec::new();
    for picture in &message.pictures {
        let row = sqlx::query("SELECT size FROM blobs WHERE sha256 = $1 AND kiosk = $2")
            .bind(picture.blob.bytes())
            .bind(item.kiosk)
            .fetch_optional(&mut *item.db)
            .await?;
        match row {
            None => missing.push(&picture.blob),
            Some(row) if row.try_get::<i64, _>(0)?.unsigned_abs() != picture.size => {
                return Err(unprocessable(problem::BLOB_HASH));
            }
            Some(_) => {}
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let missing: Vec<_> = missing.iter().map(|blob| blob.as_str()).collect();
    Err(Refusal::conflict(problem::BLOBS_MISSING).with("blobs", missing.join(" ")))
}

/// What tells the same student at another kiosk: the document's number, the student number, or the capture code.
async fn identity(item: &mut Item<'_>, message: &OrderRevision) -> Result<Option<String>, Refusal> {
    for field in [Field::IdNumber, Field::StudentNumber] {
        if let Some(value) = message.details.get(field.code()) {
            // Only for comparing: the number itself is in the details, once.
            let text = format!("{}:{}", field.code(), value.to_ascii_uppercase());
            return Ok(Some(Sha256Hex::of(text.as_bytes()).to_string()));
        }
    }
    let row = sqlx::query("SELECT code_sha256 FROM subjects WHERE id = $1")
        .bind(message.order.subject)
        .fetch_optional(&mut *item.db)
        .await?;
    let code: Option<Vec<u8>> = row.map(|row| row.try_get(0)).transpose()?.flatten();
    Ok(code.map(hex::encode))
}

/// The second capture of a student is noticed at both kiosks.
async fn tell_twins(item: &mut Item<'_>, session: Uuid, identity: Option<&str>) -> Result<(), Refusal> {
    let Some(identity) = identity else { return Ok(()) };
    // Two first revisions that come at once would not see each other: the session's students go one after the other.
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended($1, 7))")
        .bind(identity)
        .execute(&mut *item.db)
        .await?;
    let others = sqlx::query(
        "SELECT o.id, o.number, o.kiosk, o.created_ms, k.name FROM orders o JOIN kiosks k ON k.id = o.kiosk
         WHERE o.session = $1 AND o.identity = $2 AND o.id <> $3 AND o.state NOT IN ('closed', 'refunded')
         ORDER BY o.first_ms LIMIT 20",
    )
    .bind(session)
    .bind(identity)
    .bind(item.id)
    .fetch_all(&mut *item.db)
    .await?;
    let own = sqlx::query(
        "SELECT o.number, o.created_ms, k.name FROM orders o JOIN kiosks k ON k.id = o.kiosk WHERE o.id = $1",
    )
    .bind(item.id)
    .fetch_one(&mut *item.db)
    .await?;
    for other in others {
        let theirs: Uuid = other.try_get(2)?;
        let pairs = [
            (item.kiosk, item.id, other.try_get(1)?, other.try_get(4)?, other.try_get(3)?),
            (theirs, other.try_get(0)?, own.try_get(0)?, own.try_get(2)?, own.try_get(1)?),
        ];
        for (kiosk, order, other_number, other_kiosk, other_created_ms) in pairs {
            let twin = Twin { session, order, other_number, other_kiosk, other_created_ms };
            changes::append(item.db, kiosk, &caixiang_wire::Change::Twin(twin), None).await?;
        }
    }
    Ok(())
}
