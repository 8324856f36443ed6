//! The review at the desk: a decision is carried out some seconds after it was made, and can be taken back until then.

use std::collections::BTreeSet;

use caixiang_domain::OrderId;

use super::staff::REASON_CHARS;
use crate::event::Effect;
use crate::state::{Decision, Panel, StaffAt, State};
use crate::view::Role;

/// So long a decision can be taken back, milliseconds.
pub(super) const UNDO_MS: u64 = 8_000;
/// Most orders that one decision is about.
const MOST_DECIDED: usize = 20_000;

fn panel(state: &mut State) -> Option<&mut Panel> {
    match &mut state.staff {
        Some(StaffAt::Panel(panel)) => Some(panel),
        _ => None,
    }
}

/// Notes a decision. One that was made before is carried out.
pub(super) fn decide(state: &mut State, orders: &[String], reason: Option<&str>, out: &mut Vec<Effect>) {
    let until_ms = state.now_ms + UNDO_MS;
    carry_out(state, out);
    let Some(panel) = panel(state).filter(|panel| panel.role == Role::Manager) else { return };
    let orders: BTreeSet<OrderId> =
        orders.iter().take(MOST_DECIDED).filter_map(|order| order.parse().ok()).collect();
    let reason = reason.map(|reason| {
        reason.trim().chars().filter(|c| !c.is_control()).take(REASON_CHARS).collect::<String>()
    });
    if orders.is_empty() || reason.as_deref() == Some("") {
        return;
    }
    panel.pending = Some(Decision { orders: orders.into_iter().collect(), reason, until_ms });
}

/// Takes the decision back.
pub(super) fn undecide(state: &mut State) {
    if let Some(panel) = panel(state) {
        panel.pending = None;
    }
}

/// Carries out what was decided.
pub(super) fn carry_out(state: &mut State, out: &mut Vec<Effect>) {
    out.extend(panel(state).and_then(|panel| panel.pending.take()).map(Effect::Decide));
}

/// Carries out what nobody took back.
pub(super) fn tick(state: &mut State, out: &mut Vec<Effect>) {
    let now_ms = state.now_ms;
    if panel(state).and_then(|panel| panel.pending.as_ref()).is_some_and(|pending| now_ms >= pending.until_ms)
    {
        carry_out(state, out);
    }
}

/// A decision was carried out: lists are read again.
pub(super) fn decided(state: &mut State) {
    if let Some(panel) = panel(state) {
        panel.decided = panel.decided.wrapping_add(1);
    }
}
