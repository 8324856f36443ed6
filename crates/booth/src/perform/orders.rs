//! Orders: making them, reading them, moving them.

use caixiang_domain::{Move, Order, OrderId, SubjectId};
use caixiang_store::{Actor, NewOrder, StoreError, Which};
use jiff::Timestamp;

use super::local;
use crate::album::Shelf;
use crate::darkroom::crop_of;
use crate::event::Event;
use crate::run::Runner;
use crate::show::TAKEN_BACK;
use crate::state::{Decision, OrderItem, OrderMade, Visit};
use crate::view::{Notice, PhotoView};

impl Runner {
    /// Stores the order of a visit. When this returns, no power cut can lose it.
    pub(super) fn order(
        &mut self,
        visit: &Visit,
        cash: bool,
        by_staff: bool,
    ) -> Result<OrderMade, StoreError> {
        let now = Timestamp::now();
        let (Some(setting), Some(store)) = (&self.state.setting, &mut self.store) else {
            return Err(StoreError::MustReopen);
        };
        let taken = visit.taken.as_ref().ok_or(StoreError::NotFound("photo"))?;
        let actor = if by_staff { Actor::Photographer } else { Actor::Student };
        let order = match &visit.replacing {
            Some(replacing) => {
                let order = store.replace_photo(
                    replacing.order,
                    taken.photo,
                    taken.override_reason.as_deref(),
                    actor,
                    now,
                )?;
                store.end_visit(visit.id, true, now)?;
                order
            }
            None => {
                let product = setting.product(visit).ok_or(StoreError::NotFound("product"))?;
                let settled = cash || setting.is_free(visit);
                store.publish_order(
                    &NewOrder {
                        session: setting.session.id,
                        subject: visit.student.subject,
                        visit: Some(visit.id),
                        photo: taken.photo,
                        product: product.code.clone(),
                        fee: product.fee,
                        details: visit.details.clone(),
                        settled,
                        submit: settled,
                        override_reason: taken.override_reason.clone(),
                        actor,
                    },
                    now,
                )?
            }
        };
        let mailed = setting.is_mailed(visit);
        Ok(OrderMade {
            id: order.id,
            number: order.number.to_string(),
            shot_number: order.shot_number,
            state: order.state,
            mailed,
        })
    }

    pub(super) fn read_orders(&mut self, subject: SubjectId) -> Result<(), StoreError> {
        let Some(store) = &self.store else { return Ok(()) };
        let orders = store.orders_of(subject)?;
        let name =
            store.subject(subject)?.details.get(caixiang_domain::Field::Name).unwrap_or_default().to_owned();
        self.shared.album.clear(Shelf::List);
        let items = orders.into_iter().map(|order| self.item(order, name.clone(), false)).collect();
        self.answers.push_back(Event::OrdersRead(items));
        Ok(())
    }

    /// An order for a list; its finished photo, and with `whole` the camera's picture too, can be asked for.
    pub(super) fn item(&self, order: Order, name: String, whole: bool) -> OrderItem {
        let picture = |which| {
            let read = self.store.as_ref()?.read_photo(order.photo, which);
            let read =
                read.inspect_err(|error| tracing::warn!(code = error.code(), "a photo cannot be read"));
            read.ok().map(|bytes| bytes.to_vec())
        };
        let record = self.store.as_ref().filter(|_| whole);
        let record = record.and_then(|store| store.photo_record(order.photo).ok());
        let crop = record.and_then(|record| crop_of(&record.record));
        let original = if whole { picture(Which::Original) } else { None };
        let view: PhotoView = self.shared.album.put(Shelf::List, original, picture(Which::Finished));
        OrderItem {
            id: order.id,
            number: order.number.to_string(),
            shot_number: order.shot_number,
            state: order.state,
            created: local(order.created),
            fee_fen: order.fee.get(),
            rejection: order.rejection,
            name,
            view,
            crop,
        }
    }

    /// The review of orders on the kiosk: passes, or fails for a reason. What somebody else was quicker with is left.
    pub(crate) fn carry_out(&mut self, decision: &Decision) -> Result<(), StoreError> {
        let reason = decision.reason.as_deref();
        let step = if reason.is_some() { Move::Reject } else { Move::Approve };
        let Some(store) = &mut self.store else { return Ok(()) };
        let left = store.move_orders(&decision.orders, step, reason, Actor::Manager, Timestamp::now())?;
        if !left.is_empty() {
            self.answers.push_back(Event::Failed(Notice::new("order.impossible")));
        }
        self.answers.push_back(Event::Decided);
        Ok(())
    }

    /// The photographer takes an order back: it counts as rejected until the new photo takes its place.
    pub(super) fn take_back(&mut self, order: OrderId, subject: SubjectId) -> Result<(), StoreError> {
        if self.moved(order, &[Move::Reject], Some(TAKEN_BACK), Actor::Photographer)? {
            self.call(Some(subject))?;
        }
        Ok(())
    }

    /// A fee was received: the order is settled and its photo goes to the review.
    pub(super) fn settle_fee(&mut self, order: OrderId) -> Result<(), StoreError> {
        self.moved(order, &[Move::Settle, Move::Submit], None, Actor::Manager).map(drop)
    }

    /// Whether every step was possible; where not, the page is told.
    fn moved(
        &mut self,
        order: OrderId,
        steps: &[Move],
        reason: Option<&str>,
        actor: Actor,
    ) -> Result<bool, StoreError> {
        let Some(store) = &mut self.store else { return Ok(false) };
        for &step in steps {
            match store.move_order(order, step, reason, actor, Timestamp::now()) {
                Ok(_) => {}
                // Somebody else was quicker, or the list is old: the list is read again and shows it.
                Err(StoreError::ImpossibleMove(_)) => {
                    self.answers.push_back(Event::Failed(Notice::new("order.impossible")));
                    return Ok(false);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(true)
    }
}
