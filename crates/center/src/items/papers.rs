//! What was printed, and what lies in which parcel.

use caixiang_wire::{ParcelManifest, PrintManifest};

use super::{Item, bounded, small};
use crate::error::Refusal;

const MAX_SHEETS: usize = 10_000;
const PRINT_STATES: [&str; 5] = ["intended", "submitted", "done", "unknown", "failed"];
const PARCEL_STATES: [&str; 3] = ["open", "closed", "sent"];

pub(super) async fn take_print(item: &mut Item<'_>, print: PrintManifest) -> Result<(), Refusal> {
    if print.print != item.id {
        return Err(Refusal::bad_body("the path and the body name different prints"));
    }
    if !PRINT_STATES.contains(&print.state.as_str()) || print.sheets.len() > MAX_SHEETS {
        return Err(Refusal::bad_body("no such state, or too many sheets"));
    }
    bounded(&print.title, 300, "title")?;
    item.needs_session(print.session).await?;
    sqlx::query(
        "INSERT INTO prints (id, kiosk, session, revision, state, copy, again_of, title, pages)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (id) DO UPDATE SET revision = $4, state = $5",
    )
    .bind(item.id)
    .bind(item.kiosk)
    .bind(print.session)
    .bind(item.revision)
    .bind(&print.state)
    .bind(small(print.copy, "copy")?)
    .bind(print.again_of)
    .bind(&print.title)
    .bind(small(print.pages, "pages")?)
    .execute(&mut *item.db)
    .await?;
    let (mut ids, mut codes, mut orders, mut photos, mut copies) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for line in &print.sheets {
        bounded(&line.code, 64, "code")?;
        ids.push(line.sheet);
        codes.push(line.code.as_str());
        orders.push(line.order);
        photos.push(line.photo);
        copies.push(small(line.copy, "copy")?);
    }
    sqlx::query(
        "INSERT INTO sheets (id, print, code, order_id, photo, copy)
         SELECT s.id, $1, s.code, s.order_id, s.photo, s.copy
         FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::int4[])
             AS s (id, code, order_id, photo, copy)
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(item.id)
    .bind(&ids)
    .bind(&codes)
    .bind(&orders)
    .bind(&photos)
    .bind(&copies)
    .execute(&mut *item.db)
    .await?;
    Ok(())
}

pub(super) async fn take_parcel(item: &mut Item<'_>, parcel: ParcelManifest) -> Result<(), Refusal> {
    if parcel.parcel != item.id {
        return Err(Refusal::bad_body("the path and the body name different parcels"));
    }
    if !PARCEL_STATES.contains(&parcel.state.as_str()) || parcel.sheets.len() > MAX_SHEETS {
        return Err(Refusal::bad_body("no such state, or too many sheets"));
    }
    for (text, what) in [(&parcel.college, "college"), (&parcel.class_name, "class")] {
        bounded(text, 200, what)?;
    }
    for text in [&parcel.carrier, &parcel.tracking].into_iter().flatten() {
        bounded(text, 200, "carrier")?;
    }
    item.needs_session(parcel.session).await?;
    sqlx::query(
        "INSERT INTO parcels (id, kiosk, session, revision, number, state, college, class_name, order_id, carrier,
             tracking) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (id) DO UPDATE SET revision = $4, state = $6, carrier = $10, tracking = $11",
    )
    .bind(item.id)
    .bind(item.kiosk)
    .bind(parcel.session)
    .bind(item.revision)
    .bind(small(parcel.number, "number")?)
    .bind(&parcel.state)
    .bind(&parcel.college)
    .bind(&parcel.class_name)
    .bind(parcel.order)
    .bind(&parcel.carrier)
    .bind(&parcel.tracking)
    .execute(&mut *item.db)
    .await?;
    sqlx::query("UPDATE sheets SET parcel = NULL WHERE parcel = $1 AND NOT id = ANY ($2)")
        .bind(item.id)
        .bind(&parcel.sheets)
        .execute(&mut *item.db)
        .await?;
    sqlx::query(
        "UPDATE sheets SET parcel = $1 FROM prints
         WHERE prints.id = sheets.print AND prints.session = $3 AND sheets.id = ANY ($2)",
    )
    .bind(item.id)
    .bind(&parcel.sheets)
    .bind(parcel.session)
    .execute(&mut *item.db)
    .await?;
    Ok(())
}
