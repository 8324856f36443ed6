//! The review at the desk: a decision waits some seconds, can be taken back, and is never lost by closing the desk.

use super::world::{WANG, World};
use super::*;
use crate::next::review::UNDO_MS;
use crate::state::{Decision, StaffAt};
use crate::view::Role;

const ORDER: &str = "00000000-0000-0000-0000-000000000001";

fn decide(reason: Option<&str>) -> Action {
    Action::Decide { orders: vec![ORDER.to_owned()], reason: reason.map(str::to_owned) }
}

fn carried_out(booth: &Booth) -> Vec<&Decision> {
    let decisions = booth.effects.iter().filter_map(|effect| match effect {
        Effect::Decide(decision) => Some(decision),
        _ => None,
    });
    decisions.collect()
}

#[test]
fn a_decision_waits_and_can_be_taken_back() {
    let mut booth = Booth::open(World::roster());
    booth.panel();
    booth.act(decide(None));
    assert_eq!(booth.see("/staff/pending/orders/0"), ORDER);
    assert_eq!(booth.see("/staff/pending/seconds"), 8);
    booth.act(Action::Undecide);
    booth.pass(UNDO_MS + 1000);
    assert!(carried_out(&booth).is_empty());
    booth.act(decide(Some(" closed eyes ")));
    booth.pass(UNDO_MS - 100);
    assert!(carried_out(&booth).is_empty());
    booth.pass(200);
    assert_eq!(carried_out(&booth)[0].reason.as_deref(), Some("closed eyes"));
    assert_eq!(booth.see("/staff/pending"), Value::Null);
    assert_eq!(booth.see("/staff/decided"), 1);
}

#[test]
fn the_next_decision_and_closing_carry_the_last_one_out() {
    let mut booth = Booth::open(World::roster());
    booth.panel();
    booth.act(decide(None));
    booth.act(decide(Some("eyes")));
    assert_eq!(carried_out(&booth).len(), 1);
    booth.act(Action::CloseStaff);
    assert_eq!(carried_out(&booth).len(), 2);
    for way in [Action::Work { working: Working::Photographer }, Action::Quit] {
        let mut booth = Booth::open(World::roster());
        booth.panel();
        booth.act(decide(None));
        booth.act(way);
        assert_eq!(carried_out(&booth).len(), 1);
    }
    let mut booth = Booth::open(World::roster());
    booth.panel();
    booth.act(decide(None));
    booth.pass(400_000);
    assert_eq!((carried_out(&booth).len(), booth.see("/staff")), (1, Value::Null));
}

#[test]
fn a_reason_has_words_and_a_photographer_does_not_decide() {
    let mut booth = Booth::open(World::roster());
    booth.panel();
    booth.act(decide(Some("  ")));
    booth.act(Action::Decide { orders: vec!["none".to_owned()], reason: None });
    assert_eq!(booth.see("/staff/pending"), Value::Null);
    let Some(StaffAt::Panel(panel)) = &mut booth.state.staff else { panic!("no panel") };
    panel.role = Role::Photographer;
    booth.act(decide(None));
    booth.act(Action::Settle { order: ORDER.to_owned() });
    assert_eq!(booth.see("/staff/pending"), Value::Null);
    assert_eq!(booth.count(|effect| matches!(effect, Effect::Decide(_) | Effect::Settle(_))), 0);
}

#[test]
fn a_session_is_photographed_on_its_days() {
    let mut booth = Booth::open(World::roster());
    let today = jiff::civil::date(2026, 11, 22);
    let mut setting = booth.state.setting.clone().expect("a session");
    let session = std::sync::Arc::make_mut(&mut setting.session);
    session.terms.closes = Some(today.yesterday().expect("a day before"));
    booth.event(Event::Day(today));
    booth.event(Event::SessionOpened(Some(setting.clone())));
    booth.next();
    booth.is_at("welcome");
    booth.says("session.not_open");
    std::sync::Arc::make_mut(&mut setting.session).terms.closes = Some(today);
    booth.event(Event::SessionOpened(Some(setting)));
    booth.next();
    booth.is_at("agreement");
}

#[test]
fn another_session_keeps_the_visit_and_the_desk_open() {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth.panel();
    let setting = booth.state.setting.clone();
    booth.effects.clear();
    booth.event(Event::SessionOpened(setting));
    assert!(booth.effects.iter().any(|effect| matches!(effect, Effect::Save(_))));
    booth.is_at("welcome");
    assert_eq!(booth.see("/staff/kind"), "panel");
    booth.event(Event::SessionOpened(None));
    booth.is_at("no_session");
}
