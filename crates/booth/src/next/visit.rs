//! The student's visit beside the camera: arrival, details, product, summary, order.

use caixiang_domain::{Delivery, Field, OrderState, Payer};

use super::{DONE_MS, line, staff};
use crate::action::Action;
use crate::details;
use crate::event::{Arrival, Begun, Effect};
use crate::state::{
    At, Consents, Identify, Live, OrderMade, Purpose, Replacing, Setting, State, Student, Visit,
};
use crate::view::{Notice, PhotoView, PinPurpose};

/// The store's code for a photo that was rejected before.
const SAME_PHOTO: &str = "store.same_rejected_photo";

/// A student is who they say they are.
pub(super) fn arrive(state: &mut State, purpose: Purpose, student: Student, out: &mut Vec<Effect>) {
    let consents = match purpose {
        Purpose::Photo(consents) => Some(consents),
        Purpose::Orders => None,
    };
    match consents {
        Some(consents) if student.order.is_none() => {
            out.push(Effect::BeginVisit(Box::new(Arrival { student, consents, replacing: None })));
        }
        consents => {
            out.push(Effect::ReadOrders(student.subject));
            state.at = At::Orders { student, orders: Vec::new(), consents };
        }
    }
}

/// The store began the visit, or found the one that was started.
pub(super) fn begun(state: &mut State, arrival: Arrival, begun: Begun, out: &mut Vec<Effect>) {
    let Arrival { student, consents, replacing } = arrival;
    if !consents.agreed() {
        return;
    }
    let mut visit = Visit {
        id: begun.id,
        shot_number: begun.shot_number,
        consents,
        details: student.details.clone(),
        product: None,
        shots: 0,
        taken: None,
        replacing,
        cash_received: false,
        student,
    };
    let mut started = None;
    if let Some(saved) = begun.saved {
        visit.details.merge(&saved.details);
        visit.product = saved.product;
        visit.shots = saved.shots;
        // A photo of an order that was made or rejected since belongs to that order.
        if saved.replacing == visit.replacing {
            visit.taken = saved.taken;
        }
        started = Some(saved.started);
    }
    if matches!(state.at, At::Line(_)) {
        line::begun(state, visit);
        return;
    }
    let waited = match &state.at {
        At::Identify(Identify { purpose, .. }) | At::LastFour { purpose, .. } => {
            *purpose == Purpose::Photo(visit.consents)
        }
        At::Orders { student, .. } => student.subject == visit.student.subject,
        _ => false,
    };
    if !waited {
        return;
    }
    state.notice = None;
    out.push(Effect::Save(Box::new(visit.clone())));
    state.at = match (started, &visit.replacing) {
        (Some(started), _) => At::Resume { visit, started },
        (None, Some(_)) => At::Guidelines(visit),
        (None, None) => At::Details(visit),
    };
}

/// Actions of these screens; says whether it was one.
pub(super) fn act(state: &mut State, action: &Action, out: &mut Vec<Effect>) -> bool {
    match (action, &mut state.at) {
        (Action::Resume { go_on }, At::Resume { visit, .. }) => {
            let mut visit = visit.clone();
            if !go_on {
                if let Some(taken) = visit.taken.take() {
                    out.push(Effect::Discard(taken.photo));
                }
                visit.details = visit.student.details.clone();
                visit.product = None;
                visit.shots = 0;
            }
            state.at = if *go_on && visit.taken.is_some() {
                At::Result(visit)
            } else if visit.replacing.is_some() {
                At::Guidelines(visit)
            } else {
                At::Details(visit)
            };
            save(state, out);
        }
        (Action::Fill { field, value }, At::Details(_) | At::Delivery(_)) => {
            fill(state, field, value);
        }
        (Action::Choose { product }, At::Delivery(visit)) => {
            let known = state
                .setting
                .as_ref()
                .is_some_and(|setting| setting.session.products.iter().any(|one| one.code == *product));
            if known {
                visit.product = Some(product.clone());
            }
        }
        (Action::Override, At::Result(visit)) => {
            if visit.taken.as_ref().is_some_and(|taken| !taken.passes()) {
                staff::ask(state, PinPurpose::Override);
            }
        }
        (Action::Cash, At::Summary(visit)) => {
            if cash_due(state.setting.as_ref(), visit) {
                staff::ask(state, PinPurpose::Cash);
            }
        }
        (Action::Replace { order }, At::Orders { orders, student, consents }) => {
            let found = orders.iter().find(|one| one.id.to_string() == *order);
            if let Some(found) = found.filter(|one| one.state == OrderState::Rejected) {
                let replacing =
                    Replacing { order: found.id, rejection: found.rejection.clone().unwrap_or_default() };
                // The consents of the order cover its correction.
                let agreed = Consents { photograph: Some(true), network: Some(true), compare: Some(false) };
                out.push(Effect::BeginVisit(Box::new(Arrival {
                    student: student.clone(),
                    consents: consents.unwrap_or(agreed),
                    replacing: Some(replacing),
                })));
            }
        }
        _ => return false,
    }
    true
}

fn fill(state: &mut State, field: &str, value: &str) {
    let (Some(setting), Some(field)) = (&state.setting, Field::from_code(field)) else { return };
    let (visit, open) = match &mut state.at {
        At::Details(visit) => {
            let roster = visit.student.details.get(field).is_some();
            let rule = setting.session.fields.iter().find(|rule| rule.field == field);
            let open = rule.is_some_and(|rule| rule.editable || !roster);
            (visit, open)
        }
        At::Delivery(visit) => (visit, crate::state::ADDRESS.contains(&field)),
        _ => return,
    };
    if open && !details::is_mask(field, visit.details.get(field), value) {
        visit.details.set(field, value);
    }
}

/// Whether staff still have to confirm cash before the order can be made.
fn cash_due(setting: Option<&Setting>, visit: &Visit) -> bool {
    let due = setting.is_some_and(|one| one.session.payer == Payer::Cash && !one.is_free(visit));
    due && visit.replacing.is_none() && !visit.cash_received
}

/// Keeps the visit as it stands.
fn save(state: &State, out: &mut Vec<Effect>) {
    if let Some(visit) = super::visit_of(&state.at) {
        out.push(Effect::Save(Box::new(visit.clone())));
    }
}

/// The primary action of these screens.
pub(super) fn primary(state: &mut State, out: &mut Vec<Effect>) {
    let Some(setting) = state.setting.clone() else { return };
    match &mut state.at {
        At::Resume { .. } => {
            act(state, &Action::Resume { go_on: true }, out);
            return;
        }
        At::Details(visit) => {
            if !details::complete(&setting, visit) {
                state.notice = Some(Notice::new("field.incomplete"));
                return;
            }
            let visit = visit.clone();
            state.at = if setting.session.delivery == Delivery::Individual {
                At::Delivery(visit)
            } else {
                At::Guidelines(visit)
            };
        }
        At::Delivery(visit) => {
            if !details::delivery_complete(&setting, visit) {
                state.notice = Some(Notice::new("field.incomplete"));
                return;
            }
            state.at = At::Guidelines(visit.clone());
        }
        At::Guidelines(visit) => state.at = At::Capture(visit.clone(), Live::new()),
        At::Capture(..) => {
            super::camera::act(state, &Action::Shoot, out);
            return;
        }
        At::Result(visit) => {
            if !visit.taken.as_ref().is_some_and(crate::state::Taken::passes) {
                state.notice = Some(Notice::new("result.blocked"));
                return;
            }
            state.at = At::Summary(visit.clone());
        }
        At::Summary(visit) => {
            if cash_due(Some(&setting), visit) {
                staff::ask(state, PinPurpose::Cash);
                return;
            }
            let visit = visit.clone();
            let cash = visit.cash_received;
            out.push(Effect::Order { visit: Box::new(visit.clone()), cash, by_staff: false });
            state.at = At::Busy(visit);
            return;
        }
        At::Line(_) => {
            line::act(state, &Action::Accept, out);
            return;
        }
        _ => return,
    }
    save(state, out);
}

/// Back from these screens.
pub(super) fn back(state: &mut State, out: &mut Vec<Effect>) {
    let individual = state.session().is_some_and(|session| session.delivery == Delivery::Individual);
    match &mut state.at {
        At::Resume { .. } | At::Details(_) => super::leave(state, out),
        At::Delivery(visit) => state.at = At::Details(visit.clone()),
        At::Guidelines(visit) => {
            let visit = visit.clone();
            if visit.replacing.is_some() {
                super::leave(state, out);
            } else {
                state.at = if individual { At::Delivery(visit) } else { At::Details(visit) };
            }
        }
        At::Capture(visit, live) if live.phase != crate::view::Phase::Taking => {
            state.at = At::Guidelines(visit.clone());
        }
        At::Result(_) => {
            super::camera::act(state, &Action::Retake, out);
        }
        At::Summary(visit) => state.at = At::Result(visit.clone()),
        _ => {}
    }
}

/// An order was stored, or was not.
pub(super) fn ordered(state: &mut State, result: Result<OrderMade, Notice>, out: &mut Vec<Effect>) {
    match &mut state.at {
        At::Busy(visit) => {
            let visit = visit.clone();
            match result {
                Ok(order) => {
                    let view = visit
                        .taken
                        .map_or(PhotoView { original: String::new(), finished: String::new() }, |taken| {
                            taken.view
                        });
                    state.touched_ms = state.now_ms;
                    state.at = At::Done { order, view, until_ms: state.now_ms + DONE_MS };
                }
                Err(notice) if notice.code == SAME_PHOTO => {
                    // The very photo that was refused: only a new one helps.
                    let mut visit = visit;
                    if let Some(taken) = visit.taken.take() {
                        out.push(Effect::Discard(taken.photo));
                    }
                    out.push(Effect::Save(Box::new(visit.clone())));
                    let live = Live { failed: Some(notice), ..Live::new() };
                    state.at = At::Capture(visit, live);
                }
                Err(notice) => {
                    state.notice = Some(notice);
                    state.at = At::Summary(visit);
                }
            }
        }
        At::Line(_) => line::ordered(state, result, out),
        _ => {}
    }
}
