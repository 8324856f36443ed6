//! Who are you? Codes, numbers, and the last four characters.

use caixiang_domain::IdentityMode;

use super::{type_key, visit};
use crate::action::Action;
use crate::event::{Effect, Known};
use crate::numbers;
use crate::state::{At, Claim, Identify, Purpose, Secret, State};
use crate::view::{IdentifyWay, Notice};

/// Tries at the last four characters.
const TRIES: u32 = 3;

/// The ways of the open session, the one it begins with first.
pub(crate) fn ways(state: &State) -> Vec<IdentifyWay> {
    match state.session().map(|session| session.identity) {
        Some(IdentityMode::Roster) => {
            vec![IdentifyWay::Document, IdentifyWay::StudentNumber, IdentifyWay::Code]
        }
        _ => vec![IdentifyWay::Code],
    }
}

/// An identification that begins.
pub(super) fn begin(state: &State, purpose: Purpose) -> Identify {
    let way = ways(state).first().copied().unwrap_or(IdentifyWay::Code);
    Identify { purpose, way, typed: String::new(), code: None }
}

pub(super) fn key(state: &mut State, key: &str) {
    match &mut state.at {
        At::Identify(identify) => {
            type_key(&mut identify.typed, key, numbers::longest(identify.way), |c| {
                c.is_ascii_alphanumeric() || matches!(c, '-' | '(' | ')')
            });
        }
        At::LastFour { typed, .. } => type_key(typed, key, 4, |c| c.is_ascii_alphanumeric()),
        _ => {}
    }
}

/// Actions of these screens; says whether it was one.
pub(super) fn act(state: &mut State, action: &Action, out: &mut Vec<Effect>) -> bool {
    let ways = ways(state);
    match (action, &mut state.at) {
        (Action::Way { way }, At::Identify(identify)) if ways.contains(way) => {
            identify.way = *way;
            identify.typed.clear();
        }
        (Action::Scanned { text }, At::Identify(_) | At::Line(_)) => {
            out.push(Effect::FindScan(Secret(text.clone())));
        }
        _ => return false,
    }
    true
}

pub(super) fn code_read(state: &State, code: [u8; 32], out: &mut Vec<Effect>) {
    if matches!(state.at, At::Identify(_)) && state.staff.is_none() {
        out.push(Effect::FindCode(code));
    }
}

/// The primary action: what is typed is looked up.
pub(super) fn submit(state: &mut State, out: &mut Vec<Effect>) {
    match &mut state.at {
        At::Identify(identify) => {
            if identify.way == IdentifyWay::Code || identify.typed.is_empty() {
                return;
            }
            match numbers::problem(identify.way, &identify.typed, true) {
                Some(problem) => state.notice = Some(problem),
                None => out.push(Effect::FindNumber {
                    typed: Secret(identify.typed.clone()),
                    way: identify.way,
                    code: identify.code,
                }),
            }
        }
        At::LastFour { purpose, claim, typed, tries_left } => {
            if typed.chars().count() < 4 {
                state.notice = Some(Notice::new("identify.last_four_short"));
                return;
            }
            let purpose = *purpose;
            match claim {
                Claim::New(code) => {
                    let last_four = Secret(typed.to_ascii_uppercase());
                    out.push(Effect::MakeSubject { code: *code, last_four });
                }
                Claim::Known(student)
                    if student.last_four.as_deref().is_some_and(|four| four.eq_ignore_ascii_case(typed)) =>
                {
                    let student = (**student).clone();
                    visit::arrive(state, purpose, student, out);
                }
                Claim::Known(student) => {
                    out.push(Effect::Log("identify.last_four_wrong", Some(student.subject.to_string())));
                    typed.clear();
                    *tries_left = tries_left.saturating_sub(1);
                    let none_left = *tries_left == 0;
                    if none_left {
                        state.at = At::Identify(begin(state, purpose));
                    }
                    state.notice = Some(Notice::new("identify.last_four"));
                }
            }
        }
        _ => {}
    }
}

/// Somebody was looked for.
pub(super) fn identified(state: &mut State, known: Known, out: &mut Vec<Effect>) {
    let purpose = match &state.at {
        At::Identify(identify) => identify.purpose,
        // The record that was made for a new code; who is known is not looked for again.
        At::LastFour { purpose, claim: Claim::New(_), .. } => *purpose,
        At::Line(_) => {
            match known {
                Known::One { student, .. } => out.push(Effect::Call(student.subject)),
                Known::Nobody => state.notice = Some(Notice::new("identify.unknown")),
                Known::Several => state.notice = Some(Notice::new("identify.several")),
            }
            return;
        }
        _ => return,
    };
    state.notice = None;
    match known {
        Known::Nobody => {
            state.notice = Some(Notice::new("identify.unknown"));
            if let At::Identify(identify) = &mut state.at {
                identify.typed.clear();
            }
        }
        Known::Several => state.notice = Some(Notice::new("identify.several")),
        Known::One { student, proven } => {
            if proven || student.last_four.is_none() {
                visit::arrive(state, purpose, *student, out);
            } else {
                let claim = Claim::Known(student);
                state.at = At::LastFour { purpose, claim, typed: String::new(), tries_left: TRIES };
            }
        }
    }
}

/// A code that no record has yet.
pub(super) fn new_code(state: &mut State, code: [u8; 32], out: &mut Vec<Effect>) {
    let by_code = state.session().is_some_and(|session| session.identity == IdentityMode::Code);
    match &mut state.at {
        At::Identify(identify) => match (by_code, identify.purpose) {
            (true, Purpose::Photo(_)) => {
                let purpose = identify.purpose;
                let claim = Claim::New(code);
                state.at = At::LastFour { purpose, claim, typed: String::new(), tries_left: TRIES };
            }
            (true, Purpose::Orders) => state.notice = Some(Notice::new("identify.no_orders")),
            (false, _) => {
                // The roster knows people by number; the code belongs to whoever types theirs next.
                identify.code = Some(code);
                identify.way = IdentifyWay::Document;
                state.notice = Some(Notice::new("identify.code_new"));
            }
        },
        At::Line(_) if by_code => {
            out.push(Effect::MakeSubject { code, last_four: Secret::default() });
        }
        At::Line(_) => state.notice = Some(Notice::new("identify.unknown")),
        _ => {}
    }
}
