//! Staff: the PIN, the panel, overrides, cash.

use super::{PIN_MAX, PIN_MIN, camera, go_home, keep, review, type_key};
use crate::action::Action;
use crate::event::{Effect, Kept, PinAnswer};
use crate::state::{At, Panel, Secret, StaffAt, State};
use crate::view::{Notice, PinPurpose, Role};

/// Longest reason, characters.
pub(super) const REASON_CHARS: usize = 200;

/// Asks for the PIN.
pub(super) fn ask(state: &mut State, purpose: PinPurpose) {
    if let Some(live) = state.live_mut() {
        // No photo of somebody who looks at the PIN pad.
        camera::rest(live);
    }
    state.staff = Some(StaffAt::Pin { purpose, typed: String::new(), problem: None });
}

/// Closes what staff have open. A decision that could still be taken back is carried out.
pub(super) fn close(state: &mut State, out: &mut Vec<Effect>) {
    review::carry_out(state, out);
    state.staff = None;
}

/// What happens while staff have something open; says whether the action was theirs.
pub(super) fn act(state: &mut State, action: &Action, out: &mut Vec<Effect>) -> bool {
    match (&mut state.staff, action) {
        (None, _) => false,
        // The language can be changed everywhere.
        (Some(_), Action::Speak { .. }) => false,
        (Some(_), Action::CloseStaff | Action::Back) => {
            close(state, out);
            true
        }
        (Some(StaffAt::Pin { purpose, typed, problem }), Action::Key { key }) => {
            if key == "enter" {
                if typed.len() >= PIN_MIN {
                    let pin = Secret(std::mem::take(typed));
                    out.push(Effect::CheckPin { purpose: *purpose, pin });
                } else {
                    *problem = Some(Notice::new("pin.too_short").with("min", PIN_MIN));
                }
            } else {
                *problem = None;
                type_key(typed, key, PIN_MAX, |c| c.is_ascii_digit());
            }
            true
        }
        (Some(StaffAt::Reason), Action::Reason { reason }) => {
            overridden(state, reason, out);
            true
        }
        (Some(StaffAt::Panel(_)), action) => {
            panel(state, action, out);
            true
        }
        (Some(StaffAt::Pin { .. } | StaffAt::Reason), _) => true,
    }
}

fn overridden(state: &mut State, reason: &str, out: &mut Vec<Effect>) {
    let reason: String = reason.trim().chars().filter(|c| !c.is_control()).take(REASON_CHARS).collect();
    if reason.is_empty() {
        return;
    }
    let visit = match &mut state.at {
        At::Result(visit) => Some(visit),
        At::Line(line) => line.current.as_deref_mut(),
        _ => None,
    };
    if let Some(visit) = visit
        && let Some(taken) = &mut visit.taken
    {
        let broken: Vec<&str> = taken.findings.iter().map(|finding| finding.code.as_str()).collect();
        out.push(Effect::Log("photo.override", Some(format!("{reason}: {}", broken.join(" ")))));
        taken.override_reason = Some(reason);
        out.push(Effect::Save(Box::new(visit.clone())));
    }
    state.staff = None;
}

/// A PIN was checked.
pub(super) fn answered(state: &mut State, purpose: PinPurpose, answer: PinAnswer, out: &mut Vec<Effect>) {
    let Some(StaffAt::Pin { purpose: asked, problem, .. }) = &mut state.staff else { return };
    if *asked != purpose {
        return;
    }
    match answer {
        PinAnswer::Wrong { left } => *problem = Some(Notice::new("pin.wrong").with("left", left)),
        PinAnswer::Locked { seconds } => *problem = Some(Notice::new("pin.locked").with("seconds", seconds)),
        PinAnswer::Right(role) => {
            state.staff = None;
            match purpose {
                PinPurpose::Panel => {
                    let panel = Panel::new(role);
                    read(&panel, out);
                    state.staff = Some(StaffAt::Panel(Box::new(panel)));
                    state.called = false;
                }
                PinPurpose::Override => state.staff = Some(StaffAt::Reason),
                PinPurpose::Cash => {
                    if let At::Summary(visit) = &mut state.at {
                        visit.cash_received = true;
                        out.push(Effect::Log("cash.received", None));
                    }
                }
                PinPurpose::Declined => {
                    out.push(Effect::Log("consent.declined", None));
                    go_home(state, out);
                }
            }
        }
    }
}

fn read(panel: &Panel, out: &mut Vec<Effect>) {
    out.push(Effect::ReadPanel(panel.tab));
}

fn panel(state: &mut State, action: &Action, out: &mut Vec<Effect>) {
    match action {
        Action::Work { working } => {
            keep(out, Kept::Working(*working));
            super::save_visit(state, out);
            state.working = *working;
            close(state, out);
            go_home(state, out);
        }
        Action::AutoShutter { on } => {
            state.auto_shutter = *on;
            keep(out, Kept::AutoShutter(*on));
        }
        Action::Sound { on } => {
            state.sound = *on;
            keep(out, Kept::Sound(*on));
        }
        Action::OpenDemonstration if state.setting.is_none() => {
            close(state, out);
            out.push(Effect::OpenDemonstration);
        }
        Action::Decide { orders, reason } => review::decide(state, orders, reason.as_deref(), out),
        Action::Undecide => review::undecide(state),
        Action::Quit => {
            review::carry_out(state, out);
            out.push(Effect::Quit);
        }
        other => {
            let Some(StaffAt::Panel(panel)) = &mut state.staff else { return };
            match other {
                Action::Tab { tab } => panel.tab = *tab,
                Action::UseCamera { id } => out.push(Effect::UseCamera(id.clone())),
                Action::Control { code, value } => out.push(Effect::SetControl(code.clone(), *value)),
                Action::LargeStill { on } => out.push(Effect::LargeStill(*on)),
                Action::LockControls { lock } => out.push(Effect::LockControls(*lock)),
                Action::Settle { order } if panel.role == Role::Manager => {
                    out.extend(order.parse().ok().map(Effect::Settle));
                }
                Action::Backup => out.push(Effect::Backup),
                _ => return,
            }
            read(panel, out);
        }
    }
}
