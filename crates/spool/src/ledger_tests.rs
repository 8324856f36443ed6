//! The rules, one by one and in every order.

use proptest::prelude::*;

use super::*;
use crate::permit::Intent;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

fn job(number: i32) -> JobId {
    JobId::new(number).expect("a number")
}

fn seen(number: i32, state: JobState) -> Event {
    Event::Seen(JobStatus { job: job(number), state, reasons: Vec::new() })
}

fn entry(state: State) -> Entry {
    let printer: PrinterUri = "127.0.0.1".parse().expect("an address");
    let (entry, _) = Intent::new(printer, None, 1).keep(|_| Ok::<_, ()>(())).expect("kept");
    Entry { state, ..entry }
}

fn failed(reason: Failure) -> State {
    State::Failed { reason }
}

fn check(from: State, event: Event, to: Option<State>) {
    let before = entry(from);
    let after = next(&before, &event);
    let expected = to.map(|state| Entry { state, ..before.clone() });
    assert_eq!(after.as_ref().ok(), expected.as_ref(), "{event:?}");
    if let Err(impossible) = after {
        assert_eq!((impossible.code(), impossible.from), ("spool.impossible_step", before.state.code()));
    }
}

#[test]
fn an_intent_becomes_what_the_answer_says() {
    let why = "printer.unreachable";
    let submitted = State::Submitted { job: job(7) };
    check(State::Intended, Event::Accepted { job: job(7) }, Some(submitted));
    check(State::Intended, Event::Refused { why }, Some(failed(Failure::Refused { why })));
    check(State::Intended, Event::NotSent { why }, Some(failed(Failure::NotSent { why })));
    check(State::Intended, Event::CutOff, Some(failed(Failure::CutOff)));
    check(State::Intended, Event::Lost { at: at(5) }, Some(State::Unknown { since: at(5) }));
    check(State::Intended, Event::Restarted { at: at(6) }, Some(State::Unknown { since: at(6) }));
    check(State::Intended, seen(7, JobState::Completed), None);
    check(State::Intended, Event::SaidPrinted, None);
}

#[test]
fn a_job_is_followed_to_its_end() {
    let submitted = || State::Submitted { job: job(7) };
    check(submitted(), seen(7, JobState::Waiting), Some(submitted()));
    check(submitted(), seen(7, JobState::Stopped), Some(submitted()));
    check(submitted(), seen(7, JobState::Completed), Some(State::Done));
    check(submitted(), seen(7, JobState::Cancelled), Some(failed(Failure::Cancelled)));
    check(submitted(), seen(7, JobState::Aborted), Some(failed(Failure::Aborted)));
    check(submitted(), Event::Forgotten { at: at(8) }, Some(State::Unknown { since: at(8) }));
    check(submitted(), Event::Restarted { at: at(8) }, Some(submitted()));
    // Another job's state is not this one's.
    check(submitted(), seen(8, JobState::Completed), None);
    check(submitted(), Event::SaidNotPrinted, None);
}

#[test]
fn what_is_unknown_is_cleared_up_by_the_printer_or_by_staff_only() {
    let unknown = || State::Unknown { since: at(5) };
    check(unknown(), seen(9, JobState::Printing), Some(State::Submitted { job: job(9) }));
    check(unknown(), seen(9, JobState::Completed), Some(State::Done));
    check(unknown(), seen(9, JobState::Aborted), Some(failed(Failure::Aborted)));
    check(unknown(), Event::Forgotten { at: at(9) }, Some(unknown()));
    check(unknown(), Event::Restarted { at: at(9) }, Some(unknown()));
    check(unknown(), Event::SaidPrinted, Some(State::Done));
    check(unknown(), Event::SaidNotPrinted, Some(failed(Failure::SaidNotPrinted)));
    check(unknown(), Event::Accepted { job: job(1) }, None);
    check(unknown(), Event::Lost { at: at(9) }, None);
}

#[test]
fn what_is_settled_stays_so_unless_the_printer_knows_better() {
    check(State::Done, Event::SaidNotPrinted, None);
    check(State::Done, seen(1, JobState::Aborted), None);
    check(State::Done, Event::Restarted { at: at(1) }, Some(State::Done));
    check(failed(Failure::Aborted), seen(1, JobState::Completed), None);
    check(failed(Failure::SaidNotPrinted), seen(1, JobState::Completed), Some(State::Done));
    let comes_yet = Some(State::Submitted { job: job(1) });
    check(failed(Failure::SaidNotPrinted), seen(1, JobState::Waiting), comes_yet);
}

#[test]
fn a_reprint_is_a_new_counted_copy() {
    let first = entry(State::Done);
    let printer = first.printer.clone();
    let second = Intent::reprint(&first, printer.clone(), 1).expect("settled");
    assert_eq!((second.entry().copy_number, second.entry().reprint_of), (2, Some(first.id)));
    assert_ne!(second.entry().id, first.id);
    for state in [State::Intended, State::Submitted { job: job(1) }, State::Unknown { since: at(1) }] {
        let open = entry(state.clone());
        let refused = Intent::reprint(&open, printer.clone(), 1).map(drop);
        assert_eq!(
            refused.map_err(|it| (it.code(), it.state)),
            Err(("spool.reprint_too_soon", state.code()))
        );
    }
}

#[test]
fn an_intent_that_was_not_kept_gives_no_permit() {
    let intent = Intent::new("127.0.0.1".parse().expect("an address"), None, 1);
    assert_eq!(intent.keep(|_| Err("disk full")).map(drop), Err("disk full"));
}

#[test]
fn what_used_no_paper_does_not_count() {
    let why = "printer.busy";
    assert!(!failed(Failure::NotSent { why }).counts());
    assert!(!failed(Failure::Refused { why }).counts());
    assert!(!failed(Failure::SaidNotPrinted).counts());
    for state in [
        State::Intended,
        State::Submitted { job: job(1) },
        State::Done,
        State::Unknown { since: at(1) },
        failed(Failure::Aborted),
        failed(Failure::Cancelled),
        failed(Failure::CutOff),
    ] {
        assert!(state.counts(), "{state:?}");
    }
}

#[test]
fn failures_are_read_back() {
    for failure in [
        Failure::NotSent { why: "printer.unreachable" },
        Failure::Refused { why: "printer.pdf_unsupported" },
        Failure::CutOff,
        Failure::Cancelled,
        Failure::Aborted,
        Failure::SaidNotPrinted,
    ] {
        assert_eq!(Failure::from_codes(failure.code(), failure.why()), Some(failure));
    }
    assert_eq!(Failure::from_codes("refused", Some("no.such_code")), None);
    assert_eq!(Failure::from_codes("no_such_word", None), None);
}

fn events() -> impl Strategy<Value = Event> {
    let why = "printer.busy";
    let state = prop_oneof![
        Just(JobState::Waiting),
        Just(JobState::Printing),
        Just(JobState::Stopped),
        Just(JobState::Cancelled),
        Just(JobState::Aborted),
        Just(JobState::Completed),
    ];
    prop_oneof![
        (1..4).prop_map(|number| Event::Accepted { job: job(number) }),
        Just(Event::Refused { why }),
        Just(Event::NotSent { why }),
        (0..9_i64).prop_map(|second| Event::Lost { at: at(second) }),
        (0..9_i64).prop_map(|second| Event::Restarted { at: at(second) }),
        (1..4, state).prop_map(|(number, state)| seen(number, state)),
        (0..9_i64).prop_map(|second| Event::Forgotten { at: at(second) }),
        Just(Event::CutOff),
        Just(Event::SaidPrinted),
        Just(Event::SaidNotPrinted),
    ]
}

proptest! {
    /// Only what is intended can be sent, and only an answer to sending makes *accepted* possible: so whatever happens,
    /// at most one acceptance is ever recorded for an entry, nothing becomes intended again, and what an entry is
    /// (number, copies, whose) never changes.
    #[test]
    fn no_order_of_events_submits_an_entry_twice(events in prop::collection::vec(events(), 0..40)) {
        let first = entry(State::Intended);
        let (mut entry, mut accepted, mut left) = (first.clone(), 0, false);
        for event in &events {
            let Ok(after) = next(&entry, event) else { continue };
            if matches!(event, Event::Accepted { .. } | Event::Refused { .. } | Event::NotSent { .. } | Event::CutOff | Event::Lost { .. }) {
                accepted += 1;
            }
            left |= after.state != State::Intended;
            prop_assert!(!left || after.state != State::Intended, "{:?}", event);
            prop_assert_eq!(&Entry { state: State::Intended, ..after.clone() }, &first);
            entry = after;
        }
        prop_assert!(accepted <= 1);
    }

    /// A print that may have been made is never *not counted* unless staff or the printer said so.
    #[test]
    fn unknown_is_left_by_a_word_only(events in prop::collection::vec(events(), 0..40)) {
        let mut entry = entry(State::Unknown { since: at(1) });
        for event in &events {
            let Ok(after) = next(&entry, event) else { continue };
            if matches!(entry.state, State::Unknown { .. }) && after.state != entry.state {
                prop_assert!(matches!(event, Event::Seen(_) | Event::SaidPrinted | Event::SaidNotPrinted));
            }
            entry = after;
        }
    }
}
