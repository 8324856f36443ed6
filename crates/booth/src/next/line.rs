//! Photographer mode: the queue, one person at a time.

use caixiang_domain::OrderState;

use super::staff;
use crate::action::Action;
use crate::event::{Arrival, Effect};
use crate::state::{At, Consents, Line, Live, OrderMade, QueueItem, State, Student, Taken, Visit};
use crate::view::{Alarm, Notice, Phase, PinPurpose};

/// So many shots for one record are a reason to ask who is in front of the camera.
const MANY_SHOTS: u32 = 5;
/// The alarm that stands in the way of an order until it is dismissed.
const SAME_FACE: &str = "same_face";

/// Somebody comes before the camera, or nobody waits.
pub(super) fn called(
    state: &mut State,
    row: Option<QueueItem>,
    student: Option<Student>,
    out: &mut Vec<Effect>,
) {
    let At::Line(line) = &mut state.at else { return };
    if line.busy {
        return;
    }
    if line.alarms.iter().any(is_same_face) {
        // Nobody said that it is this person after all: such a photo is not kept for their record.
        retake(line, out);
    }
    line.alarms.clear();
    line.live = Live::new();
    line.current = None;
    line.row = row;
    let Some(student) = student else { return };
    let done = student.order.as_ref().is_some_and(|order| order.state != OrderState::Rejected);
    if done {
        state.notice = Some(Notice::new("identify.already"));
        return;
    }
    if line.accepted.as_ref().is_some_and(|(row, _)| row.subject == student.subject) {
        line.accepted = None;
    }
    let replacing = student.to_replace();
    // In the line the school has the consents on paper; comparing faces is agreed to for the line.
    let consents = Consents { photograph: Some(true), network: Some(true), compare: Some(line.compare) };
    out.push(Effect::BeginVisit(Box::new(Arrival { student, consents, replacing })));
}

/// The store began the visit of who was called.
pub(super) fn begun(state: &mut State, visit: Visit) {
    if let At::Line(line) = &mut state.at
        && line.current.is_none()
        && line.row.as_ref().is_some_and(|row| row.subject == visit.student.subject)
    {
        line.current = Some(Box::new(visit));
    }
}

fn is_same_face(alarm: &Alarm) -> bool {
    alarm.code == SAME_FACE
}

/// A shot was made into a photo, or was not.
pub(super) fn developed(line: &mut Line, result: Result<Taken, Notice>, out: &mut Vec<Effect>) {
    line.busy = false;
    line.live = Live { viewport: line.live.viewport, ..Live::new() };
    match (&mut line.current, result) {
        (Some(visit), Ok(taken)) => {
            line.alarms.clear();
            if let Some(other) = taken.same_face.clone() {
                line.alarms.push(Alarm { code: SAME_FACE.to_owned(), other: Some(other) });
            }
            if visit.shots >= MANY_SHOTS {
                line.alarms.push(Alarm { code: "many_shots".to_owned(), other: None });
            }
            visit.taken = Some(taken);
            out.push(Effect::Save(visit.clone()));
        }
        (None, Ok(taken)) => out.push(Effect::Discard(taken.photo)),
        (_, Err(notice)) => line.live.failed = Some(notice),
    }
}

/// The photo is taken again.
pub(super) fn retake(line: &mut Line, out: &mut Vec<Effect>) {
    if let Some(visit) = &mut line.current
        && !line.busy
        && let Some(taken) = visit.taken.take()
    {
        out.push(Effect::Discard(taken.photo));
        out.push(Effect::Save(visit.clone()));
        line.alarms.retain(|alarm| !is_same_face(alarm));
    }
}

/// An order was stored, or was not.
pub(super) fn ordered(state: &mut State, result: Result<OrderMade, Notice>, out: &mut Vec<Effect>) {
    let At::Line(line) = &mut state.at else { return };
    if !line.busy || line.live.phase == Phase::Taking {
        return;
    }
    line.busy = false;
    match result {
        Ok(made) => {
            let after = line.row.as_ref().map(|row| row.subject);
            // What waits for money or was reviewed already is not taken back from here.
            let row = line.row.take().filter(|_| made.state == OrderState::PendingReview);
            line.accepted = row.map(|row| (row, made.id));
            line.current = None;
            out.push(Effect::Forget);
            out.push(Effect::CallNext { after });
            out.push(Effect::ReadQueue { search: line.search.clone(), offset: line.queue.offset });
        }
        Err(notice) => state.notice = Some(notice),
    }
}

/// Actions of the photographer.
pub(super) fn act(state: &mut State, action: &Action, out: &mut Vec<Effect>) {
    let At::Line(line) = &mut state.at else { return };
    let current = line.row.as_ref().map(|row| row.subject);
    match action {
        Action::Search { text } => {
            line.search = text.chars().take(100).collect();
            out.push(Effect::ReadQueue { search: line.search.clone(), offset: 0 });
        }
        Action::Scroll { offset } => {
            out.push(Effect::ReadQueue { search: line.search.clone(), offset: *offset });
        }
        Action::CompareFaces { on } => {
            line.compare = *on;
            if let Some(visit) = &mut line.current {
                visit.consents.compare = Some(*on);
            }
            let word = if *on { "yes" } else { "no" };
            out.push(Effect::Log("line.compare", Some(word.to_owned())));
        }
        _ if line.busy => {}
        Action::Select { subject } => {
            if let Ok(subject) = subject.parse() {
                out.push(Effect::Call(subject));
            }
        }
        Action::NextPerson => out.push(Effect::CallNext { after: current }),
        Action::Absent => {
            if let Some(row) = &line.row {
                let absent = row.standing != "absent";
                out.push(Effect::MarkAbsent { subject: row.subject, absent });
                out.push(if absent {
                    Effect::CallNext { after: Some(row.subject) }
                } else {
                    Effect::Call(row.subject)
                });
                out.push(Effect::ReadQueue { search: line.search.clone(), offset: line.queue.offset });
            }
        }
        Action::TakeBack => {
            if let Some((row, order)) = &line.accepted {
                out.push(Effect::TakeBack(*order, row.subject));
                out.push(Effect::ReadQueue { search: line.search.clone(), offset: line.queue.offset });
            }
        }
        Action::DismissAlarm => {
            for alarm in line.alarms.drain(..) {
                out.push(Effect::Log("alarm.dismissed", Some(alarm.code)));
            }
        }
        Action::Override => {
            let taken = line.current.as_ref().and_then(|visit| visit.taken.as_ref());
            if taken.is_some_and(|taken| !taken.passes()) {
                staff::ask(state, PinPurpose::Override);
            }
        }
        Action::Accept => accept(state, out),
        _ => {}
    }
}

fn accept(state: &mut State, out: &mut Vec<Effect>) {
    let At::Line(line) = &mut state.at else { return };
    let Some(visit) = &line.current else { return };
    let Some(taken) = &visit.taken else { return };
    if line.alarms.iter().any(is_same_face) {
        state.notice = Some(Notice::new("alarm.first"));
    } else if !taken.passes() {
        state.notice = Some(Notice::new("result.blocked"));
    } else {
        out.push(Effect::Order { visit: visit.clone(), cash: false, by_staff: true });
        line.busy = true;
    }
}
