//! The live view and the shutter.

use super::line;
use crate::action::Action;
use crate::event::{Effect, Glimpse};
use crate::state::{At, Live, State, Taken};
use crate::view::{CameraStatus, Notice, Phase};

/// All must be well for so long before the countdown begins.
pub(crate) const HOLD_MS: u64 = 800;
/// One number of the countdown.
pub(crate) const COUNT_MS: u64 = 1000;
/// The countdown stops when all has not been well for so long.
pub(crate) const SPOILED_MS: u64 = 700;
/// After a countdown was stopped by hand the shutter does not open by itself for so long.
pub(crate) const PAUSE_MS: u64 = 3000;

/// The camera's condition changed.
pub(super) fn status(state: &mut State, status: CameraStatus) {
    let lost = !matches!(status, CameraStatus::Live { .. });
    state.camera = status;
    if lost && let Some(live) = state.live_mut() {
        live.ready = false;
        live.prompt = None;
        rest(live);
    }
}

/// The live view was looked at.
pub(super) fn glimpsed(state: &mut State, glimpse: &Glimpse) {
    if !matches!(state.camera, CameraStatus::Live { .. }) {
        return;
    }
    let (now, by_itself) = (state.now_ms, state.auto_shutter && state.staff.is_none());
    let students = matches!(state.at, At::Capture(..));
    let Some(live) = state.live_mut() else { return };
    live.prompt = glimpse.prompt;
    live.viewport = glimpse.viewport;
    live.ready = glimpse.ready;
    if glimpse.ready {
        live.unready_ms = None;
    } else {
        live.unready_ms.get_or_insert(now);
    }
    let spoiled = live.unready_ms.is_some_and(|since| now.saturating_sub(since) >= SPOILED_MS);
    match live.phase {
        Phase::Aiming if students && by_itself && glimpse.ready && now >= live.until_ms => {
            live.phase = Phase::Holding;
            live.until_ms = now + HOLD_MS;
        }
        Phase::Holding if !glimpse.ready => {
            live.phase = Phase::Aiming;
            live.until_ms = now;
        }
        Phase::Countdown { .. } if spoiled && !live.manual => {
            live.phase = Phase::Aiming;
            live.until_ms = now;
        }
        _ => {}
    }
    // A student who poses and touches nothing is not idle; what staff left open still closes.
    if glimpse.somebody && students && state.staff.is_none() {
        state.touched_ms = now;
    }
}

/// Time passed.
pub(super) fn tick(state: &mut State, out: &mut Vec<Effect>) {
    let now = state.now_ms;
    let At::Capture(_, live) = &mut state.at else { return };
    if now < live.until_ms {
        return;
    }
    match live.phase {
        Phase::Holding => count(live, 3, now),
        Phase::Countdown { left } if left > 1 => {
            count(live, left - 1, now);
            // Two seconds before the shot: on a busy machine the mask takes most of one.
            if left == 3 {
                out.push(Effect::WorkAhead);
            }
        }
        Phase::Countdown { .. } => shoot(state, out),
        Phase::Aiming | Phase::Taking => {}
    }
}

fn count(live: &mut Live, left: u32, now: u64) {
    live.phase = Phase::Countdown { left };
    live.until_ms = now + COUNT_MS;
}

/// There is no picture to make a photo of.
fn no_frame(state: &mut State) {
    state.notice = Some(Notice::new("capture.no_frame"));
    if let Some(live) = state.live_mut() {
        rest(live);
    }
}

/// Stops what leads to a shot; a shutter that is open stays so.
pub(super) fn rest(live: &mut Live) {
    if live.phase != Phase::Taking {
        live.phase = Phase::Aiming;
        live.manual = false;
    }
}

/// Opens the shutter now.
pub(super) fn shoot(state: &mut State, out: &mut Vec<Effect>) {
    if !matches!(state.camera, CameraStatus::Live { .. }) {
        no_frame(state);
        return;
    }
    // One photo at a time: the next must not be taken for this one.
    if state.shooting.is_some() {
        return;
    }
    let (visit, live, agreed) = match &mut state.at {
        At::Capture(visit, live) => {
            let agreed = visit.consents.compare == Some(true);
            (visit, live, agreed)
        }
        At::Line(line) => {
            let compare = line.compare;
            match &mut line.current {
                Some(visit) if !line.busy && visit.taken.is_none() => {
                    line.busy = true;
                    (&mut **visit, &mut line.live, compare)
                }
                _ => return,
            }
        }
        _ => return,
    };
    live.phase = Phase::Taking;
    live.failed = None;
    live.manual = false;
    visit.shots = visit.shots.saturating_add(1);
    state.shooting = Some(visit.id);
    out.push(Effect::Shoot { subject: visit.student.subject, visit: visit.id, compare: agreed });
}

/// Actions of the camera; says whether it was one.
pub(super) fn act(state: &mut State, action: &Action, out: &mut Vec<Effect>) -> bool {
    let now = state.now_ms;
    let has_camera = matches!(state.camera, CameraStatus::Live { .. });
    match (action, &mut state.at) {
        (Action::Shoot, At::Capture(..) | At::Line(_)) if !has_camera => no_frame(state),
        (Action::Shoot, At::Capture(_, live)) => match live.phase {
            Phase::Aiming | Phase::Holding => {
                live.manual = true;
                live.failed = None;
                count(live, 3, now);
            }
            // Pressed again: now.
            Phase::Countdown { .. } => shoot(state, out),
            Phase::Taking => {}
        },
        (Action::Shoot, At::Line(_)) => shoot(state, out),
        (Action::Hold, At::Capture(_, live)) => {
            rest(live);
            live.until_ms = now + PAUSE_MS;
        }
        (Action::Retake, At::Result(visit)) => {
            let mut visit = visit.clone();
            if let Some(taken) = visit.taken.take() {
                out.push(Effect::Discard(taken.photo));
            }
            out.push(Effect::Save(Box::new(visit.clone())));
            state.at = At::Capture(visit, Live::new());
        }
        (Action::Retake, At::Line(line)) => line::retake(line, out),
        _ => return false,
    }
    true
}

/// A shot was made into a photo, or was not.
pub(super) fn developed(state: &mut State, result: Result<Taken, Notice>, out: &mut Vec<Effect>) {
    state.touched_ms = state.now_ms;
    let now = state.now_ms;
    let whose = state.shooting.take();
    match (&mut state.at, result) {
        (At::Capture(visit, live), Ok(taken)) if live.phase == Phase::Taking && whose == Some(visit.id) => {
            state.notice = None;
            visit.taken = Some(taken);
            out.push(Effect::Save(Box::new(visit.clone())));
            state.at = At::Result(visit.clone());
        }
        (At::Capture(visit, live), Err(notice)) if live.phase == Phase::Taking && whose == Some(visit.id) => {
            live.phase = Phase::Aiming;
            live.until_ms = now + PAUSE_MS;
            live.failed = Some(notice);
        }
        (At::Line(line), result) if line.live.phase == Phase::Taking && line.is_with(whose) => {
            line::developed(line, result, out)
        }
        // Nobody waits for it any more: the screen was left or the mode changed.
        (_, Ok(taken)) => out.push(Effect::Discard(taken.photo)),
        (_, Err(_)) => {}
    }
}
