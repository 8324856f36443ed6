//! Publishing an order: its row, its first revision, the outbox and the audit log, in one transaction.

use std::collections::BTreeSet;

use caixiang_domain::{
    Details, Fen, Move, Order, OrderId, OrderState, PhotoId, PointNumber, SessionId, SubjectId, VisitId,
};
use jiff::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::audit::Actor;
use crate::error::StoreError;
use crate::names;
use crate::orders;
use crate::photos;
use crate::revisions::{self, Step};
use crate::rows;
use crate::search::{self, Kind};
use crate::sessions;
use crate::settings;
use crate::store::Store;
use crate::subjects;
use crate::visits;

/// Longest product code, bytes.
const MAX_PRODUCT: usize = 64;

/// An order to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct NewOrder {
    /// The session.
    pub session: SessionId,
    /// Whose photo it is.
    pub subject: SubjectId,
    /// The visit that ends with it; its shot number becomes the order's.
    pub visit: Option<VisitId>,
    /// The photo, kept before.
    pub photo: PhotoId,
    /// Code of the product.
    pub product: String,
    /// The fee.
    pub fee: Fen,
    /// What the student confirmed, and the address. Goes to the order and, field by field, to the student.
    pub details: Details,
    /// The fee is settled, or none is due.
    pub settled: bool,
    /// The photo goes to the human review at once; only a settled order can.
    pub submit: bool,
    /// Why staff let a photo pass that a rule blocks.
    pub override_reason: Option<String>,
    /// Who made it.
    pub actor: Actor,
}

impl Store {
    /// Makes an order. When this returns, it is on the disk with everything that belongs to it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::PhotoInUse`], [`StoreError::PhotoUnreadable`],
    /// [`StoreError::ImpossibleMove`], [`StoreError::DiskFull`] with nothing made, or when the database refuses.
    pub fn publish_order(&mut self, new: &NewOrder, now: Timestamp) -> Result<Order, StoreError> {
        if new.product.len() > MAX_PRODUCT {
            return Err(StoreError::TooLarge { what: "product", max: MAX_PRODUCT });
        }
        let mut state = OrderState::PendingPayment;
        for step in
            [new.settled.then_some(Move::Settle), new.submit.then_some(Move::Submit)].into_iter().flatten()
        {
            state = state.after(step)?;
        }
        let zone = self.zone.clone();
        self.write(|conn| {
            let (subject, session) = subjects::key_of(conn, new.subject)?;
            if session != sessions::key_of(conn, new.session)? {
                return Err(StoreError::NotFound("subject"));
            }
            photos::belongs_to(conn, new.photo, new.subject)?;
            if photos::is_ordered(conn, new.photo)? {
                return Err(StoreError::PhotoInUse(new.photo));
            }
            let visit = new.visit.map(|id| visits::by_id(conn, id)).transpose()?;
            let shot_number = match &visit {
                Some(visit) if visit.subject == new.subject => visit.shot_number,
                Some(_) => return Err(StoreError::NotFound("visit")),
                None => sessions::next_shot(conn, session)?,
            };
            let point = PointNumber::new(settings::get(conn, "point_number")?.unwrap_or(0));
            let number =
                orders::next_number(conn, point.ok_or(StoreError::BadRow("point number"))?, &zone, now)?;
            let id = OrderId::new();
            rows::change(
                conn,
                "INSERT INTO orders (id, number, session, subject, state, revision, photo, product, fee_fen,
                     shot_number, details, created) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8, ?9, ?10, ?11)",
                params![
                    id.uuid().into_bytes(),
                    number.to_string(),
                    session,
                    subject,
                    state.code(),
                    new.photo.uuid().into_bytes(),
                    new.product,
                    new.fee.get(),
                    shot_number,
                    rows::details_json(&new.details).to_string(),
                    now.as_millisecond(),
                ],
            )?;
            let key = conn.last_insert_rowid();
            let mut known = subjects::details_of(conn, subject)?;
            known.merge(&new.details);
            subjects::set_details(conn, subject, session, &known)?;
            let words: BTreeSet<_> =
                names::of_student(&known).into_iter().chain(names::of_order(number)).collect();
            search::replace(conn, session, Kind::Order, key, &BTreeSet::new(), &words)?;
            subjects::follow_order(conn, subject)?;
            if let Some(visit) = visit {
                visits::end(conn, &visit, "visit.publish", &json!({ "order": id.to_string() }), now)?;
            }
            let reason = new.override_reason.as_deref();
            revisions::append(
                conn,
                key,
                &Step { action: None, reason, actor: new.actor, decision: None },
                now,
            )
        })
    }
}
