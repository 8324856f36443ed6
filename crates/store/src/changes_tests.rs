//! What the centre says, taken over once.

use caixiang_domain::*;
use caixiang_wire::changes::Numbered;
use caixiang_wire::{Change, Changes, DecisionAnswer, DecisionOutcome, Kind, ReviewDecision, Verdict};
use uuid::Uuid;

use crate::testing::{Bench, at};
use crate::*;

fn said(first: i64, changes: Vec<Change>) -> Changes {
    let numbered: Vec<_> = (first..).zip(changes).map(|(seq, change)| Numbered { seq, change }).collect();
    let next = numbered.last().map_or(first - 1, |last| last.seq);
    Changes { changes: numbered, next }
}

fn decision(order: &Order, verdict: Verdict) -> ReviewDecision {
    ReviewDecision {
        id: Uuid::now_v7(),
        order: order.id.uuid(),
        photo: order.photo.uuid(),
        verdict,
        reason: (verdict == Verdict::Reject).then(|| "闭眼".to_owned()),
        at_ms: 1,
    }
}

fn answers(store: &Store) -> Vec<Uuid> {
    let rows = store.outbox(1000).unwrap();
    rows.iter().filter(|row| row.kind == Kind::Decision).map(|row| row.id).collect()
}

#[test]
fn a_decision_is_carried_out_once_and_answered() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let order = bench.order(subject, 1);
    let decided = decision(&order, Verdict::Reject);
    let changes = said(1, vec![Change::Decision(decided.clone())]);
    let told = bench.s().take_changes(&changes, at(5)).unwrap();
    assert_eq!((told.orders, told.overtaken), (1, 0));
    assert_eq!(bench.s().centre_cursor().unwrap(), 1);
    let history = bench.s().history(order.id).unwrap();
    let last = history.last().unwrap();
    assert_eq!(
        (last.state, last.actor, last.reason.as_deref()),
        (OrderState::Rejected, Actor::Centre, Some("闭眼"))
    );
    assert_eq!(answers(bench.s()), [decided.id]);

    // The same words again, after an answer was lost or under new numbers.
    assert_eq!(bench.s().take_changes(&changes, at(6)).unwrap(), Told::default());
    let again = said(2, vec![Change::Decision(decided.clone())]);
    assert_eq!(bench.s().take_changes(&again, at(6)).unwrap(), Told::default());
    assert_eq!(bench.s().history(order.id).unwrap().len(), history.len());
    assert_eq!(answers(bench.s()), [decided.id]);
    assert_eq!(bench.s().centre_cursor().unwrap(), 2);
}

#[test]
fn a_decision_about_a_photo_that_was_replaced_changes_nothing() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let order = bench.order(subject, 1);
    let late = decision(&order, Verdict::Approve);
    bench.s().move_order(order.id, Move::Reject, Some("闭眼"), Actor::Manager, at(2)).unwrap();
    let photo = bench.photo(subject, 2);
    let replaced = bench.s().replace_photo(order.id, photo, None, Actor::Student, at(3)).unwrap();
    let unknown = ReviewDecision { id: Uuid::now_v7(), order: Uuid::now_v7(), ..late.clone() };
    let changes = said(1, vec![Change::Decision(late.clone()), Change::Decision(unknown.clone())]);
    let told = bench.s().take_changes(&changes, at(5)).unwrap();
    assert_eq!((told.orders, told.overtaken), (0, 1));
    assert_eq!(bench.s().order(replaced.id).unwrap().state, OrderState::PendingReview);
    assert_eq!(answers(bench.s()), [late.id, unknown.id]);
    let rows = bench.s().outbox(1000).unwrap();
    let seq = rows.iter().find(|row| row.id == late.id).unwrap().seq;
    let outgoing = bench.s().outbox_begin(seq).unwrap().unwrap();
    let answer: DecisionAnswer = serde_json::from_slice(&outgoing.message).unwrap();
    assert_eq!(answer.outcome, DecisionOutcome::Overtaken { revision: replaced.revision });
}

#[test]
fn sessions_and_students_of_the_centre_come_and_are_not_sent_back() {
    let mut bench = Bench::new();
    let before = bench.s().outbox_waiting().unwrap().count;
    let session = Session { id: SessionId::new(), ..crate::testing::session() };
    let (stays, goes) = (Uuid::now_v7(), Uuid::now_v7());
    let row = |subject, name: &str, gone| caixiang_wire::RosterRow {
        subject,
        details: [("name".to_owned(), name.to_owned()), ("of_tomorrow".to_owned(), "x".to_owned())].into(),
        code_sha256: None,
        gone,
    };
    let roster = |rows| Change::Roster(caixiang_wire::RosterBatch { session: session.id.uuid(), rows });
    let document = Box::new(caixiang_wire::SessionDocument::from(&session));
    let changes = said(
        1,
        vec![
            Change::Session { id: session.id.uuid(), document },
            roster(vec![row(stays, "李雷", false), row(goes, "韩梅梅", false)]),
            roster(vec![row(stays, "李磊", false), row(goes, "韩梅梅", true)]),
        ],
    );
    let told = bench.s().take_changes(&changes, at(5)).unwrap();
    assert_eq!((told.sessions, told.students), (1, 3));
    assert_eq!(bench.s().session(session.id).unwrap(), session);
    let students = bench.s().subjects(session.id).unwrap();
    assert_eq!(students.len(), 1);
    assert_eq!(students[0].details.get(Field::Name), Some("李磊"));
    // Adapted here, it is still the centre's.
    bench.s().put_session(&Session { no_glasses: false, ..session }).unwrap();
    assert_eq!(bench.s().outbox_waiting().unwrap().count, before);
}

#[test]
fn a_payment_settles_an_order_once() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let photo = bench.photo(subject, 1);
    let mut new = bench.new_order(subject, photo);
    (new.settled, new.submit) = (false, false);
    let order = bench.s().publish_order(&new, at(0)).unwrap();
    let paid = Change::Paid { order: order.id.uuid(), transaction: "4200001".into() };
    bench.s().take_changes(&said(1, vec![paid.clone(), paid]), at(5)).unwrap();
    let order = bench.s().order(order.id).unwrap();
    assert_eq!((order.state, order.revision), (OrderState::PendingReview, 3));
}
