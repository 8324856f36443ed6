//! The photographer's line.

use super::world::{Shot, World};
use super::*;
use crate::view::Notice;

fn line() -> Booth {
    let mut world = World::roster();
    world.working = Working::Photographer;
    Booth::open(world)
}

fn current(booth: &Booth) -> Value {
    booth.see("/screen/current/studentNumber")
}

fn shoot(booth: &mut Booth) {
    booth.act(Action::Shoot);
    assert_eq!(booth.see("/screen/busy"), true);
    booth.develop();
    assert_eq!(booth.see("/screen/busy"), false);
}

fn accept(booth: &mut Booth) {
    booth.act(Action::Accept);
}

#[test]
fn one_after_the_other() {
    let mut booth = line();
    booth.is_at("line");
    assert_eq!((current(&booth), booth.see("/screen/waiting")), ("20220101".into(), 2.into()));
    assert_eq!(booth.see("/screen/live/autoShutter"), false);
    booth.pose(true, 20_000);
    assert_eq!(booth.shots(), 0);
    accept(&mut booth);
    assert!(booth.world.orders.is_empty(), "nothing to accept yet");
    shoot(&mut booth);
    assert_eq!(booth.see("/screen/result/blocked"), false);
    booth.act(Action::Retake);
    assert_eq!(booth.see("/screen/result"), Value::Null);
    assert_eq!(booth.world.discarded.len(), 1);
    shoot(&mut booth);
    booth.enter();
    assert_eq!(booth.world.orders.len(), 1);
    assert_eq!(booth.see("/screen/accepted/studentNumber"), "20220101");
    assert_eq!((current(&booth), booth.see("/screen/waiting")), ("20220102".into(), 1.into()));
    assert!(booth.effects.iter().any(|effect| matches!(effect, Effect::Order { by_staff: true, .. })));
    shoot(&mut booth);
    accept(&mut booth);
    assert_eq!((current(&booth), booth.see("/screen/done")), (Value::Null, 2.into()));
    booth.act(Action::Shoot);
    assert_eq!(booth.shots(), 3, "there is nobody left");
    // The line is the photographer's: it does not go idle.
    booth.pass(600_000);
    booth.is_at("line");
}

#[test]
fn one_photo_makes_one_order() {
    let mut booth = line();
    shoot(&mut booth);
    let (state, effects) = next(booth.state.clone(), Event::Act(Action::Accept));
    let orders = effects.iter().filter(|effect| matches!(effect, Effect::Order { .. })).count();
    assert_eq!(orders, 1);
    for action in
        [Action::Accept, Action::Retake, Action::NextPerson, Action::Shoot, Action::Absent, Action::Next]
    {
        let (_, effects) = next(state.clone(), Event::Act(action.clone()));
        assert_eq!(effects, [], "{action:?} while the order is being stored");
    }
    let (state, _) = next(state, Event::Ordered(Err(Notice::new("store.disk_full"))));
    assert_eq!(state.notice.as_ref().map(|notice| notice.code.as_str()), Some("store.disk_full"));
    let (_, effects) = next(state, Event::Act(Action::Accept));
    assert!(effects.iter().any(|effect| matches!(effect, Effect::Order { .. })));
}

#[test]
fn one_shot_at_a_time_and_for_who_was_there() {
    let mut booth = line();
    booth.act(Action::Shoot);
    for action in [Action::Shoot, Action::NextPerson, Action::Absent, Action::Accept, Action::Retake] {
        booth.act(action);
    }
    assert_eq!((booth.shots(), current(&booth)), (1, "20220101".into()));
    // Something else that fails meanwhile is no answer to it.
    booth.event(Event::Failed(Notice::new("store.io")));
    assert_eq!(booth.see("/screen/busy"), true);
    booth.develop();
    assert_eq!(booth.see("/screen/busy"), false);
    assert!(booth.see("/screen/result").is_object());
    assert!(booth.world.discarded.is_empty());
}

#[test]
fn a_shot_without_a_photo_says_why() {
    let mut booth = line();
    booth.world.shot = Shot::Failed;
    shoot(&mut booth);
    assert_eq!(booth.see("/screen/failed/code"), "vision.no_face");
    booth.event(Event::Camera(LOST()));
    booth.act(Action::Shoot);
    booth.says("capture.no_frame");
    assert_eq!((booth.shots(), booth.see("/screen/busy")), (1, false.into()));
    booth.event(Event::Camera(LIVE()));
    booth.world.shot = Shot::Good;
    shoot(&mut booth);
    assert!(booth.see("/screen/result").is_object());
}

#[test]
fn who_is_not_there_is_absent_until_they_are() {
    let mut booth = line();
    booth.act(Action::Absent);
    assert_eq!((current(&booth), booth.see("/screen/absent")), ("20220102".into(), 1.into()));
    assert_eq!(booth.see("/screen/rows/0/standing"), "absent");
    let subject = booth.see("/screen/rows/0/id").as_str().expect("an id").to_owned();
    booth.act(Action::Select { subject });
    assert_eq!(current(&booth), "20220101");
    booth.act(Action::Absent);
    assert_eq!((current(&booth), booth.see("/screen/absent")), ("20220101".into(), 0.into()));
}

#[test]
fn the_queue_can_be_searched() {
    let mut booth = line();
    booth.act(Action::Search { text: "李".to_owned() });
    assert_eq!((booth.see("/screen/total"), booth.see("/screen/rows/0/name")), (1.into(), "李娜".into()));
    booth.act(Action::Scroll { offset: 1 });
    assert_eq!((booth.see("/screen/offset"), booth.see("/screen/rows/0")), (1.into(), Value::Null));
    booth.act(Action::Search { text: "很".repeat(1000) });
    assert_eq!(booth.see("/screen/search").as_str().map(|text| text.chars().count()), Some(100));
    booth.act(Action::Select { subject: "nobody".to_owned() });
    assert_eq!(current(&booth), "20220101");
}

#[test]
fn who_was_photographed_is_not_photographed_again() {
    let mut booth = line();
    let subject = booth.see("/screen/rows/0/id").as_str().expect("an id").to_owned();
    shoot(&mut booth);
    accept(&mut booth);
    booth.act(Action::Select { subject: subject.clone() });
    booth.says("identify.already");
    booth.act(Action::Shoot);
    assert_eq!(booth.shots(), 1);
    // Unless the photographer takes it back: the order stays, and waits for the new photo.
    booth.act(Action::TakeBack);
    assert_eq!((current(&booth), booth.see("/screen/accepted")), ("20220101".into(), Value::Null));
    assert_eq!(booth.world.orders[0].1.rejection.as_deref(), Some("taken_back"));
    booth.act(Action::TakeBack);
    shoot(&mut booth);
    accept(&mut booth);
    assert_eq!((booth.world.orders.len(), booth.shots()), (1, 2));
    // Or it was rejected.
    booth.world.reject(0, "eyes");
    booth.act(Action::Select { subject });
    shoot(&mut booth);
    accept(&mut booth);
    assert_eq!(
        (booth.world.orders.len(), booth.see("/screen/accepted/studentNumber")),
        (1, "20220101".into())
    );
}

#[test]
fn a_face_of_another_record_must_be_looked_at() {
    let mut booth = line();
    booth.act(Action::CompareFaces { on: true });
    booth.world.shot = Shot::Familiar;
    shoot(&mut booth);
    assert!(booth.effects.iter().any(|effect| matches!(effect, Effect::Shoot { compare: true, .. })));
    assert_eq!(booth.see("/screen/alarms/0"), serde_json::json!({ "code": "same_face", "other": "李娜" }));
    accept(&mut booth);
    booth.says("alarm.first");
    assert!(booth.world.orders.is_empty());
    booth.act(Action::Retake);
    assert_eq!(booth.see("/screen/alarms/0"), Value::Null, "that photo is gone");
    shoot(&mut booth);
    booth.act(Action::DismissAlarm);
    assert_eq!(booth.logged("alarm.dismissed"), [Some("same_face".to_owned())]);
    accept(&mut booth);
    assert_eq!(booth.world.orders.len(), 1);
}

#[test]
fn an_alarm_is_not_got_round_by_coming_back() {
    let mut booth = line();
    let subject = booth.see("/screen/rows/0/id").as_str().expect("an id").to_owned();
    booth.world.shot = Shot::Familiar;
    shoot(&mut booth);
    booth.act(Action::NextPerson);
    assert_eq!(current(&booth), "20220102");
    assert_eq!(booth.world.discarded.len(), 1);
    booth.act(Action::Select { subject });
    assert_eq!(booth.see("/screen/result"), Value::Null);
    accept(&mut booth);
    assert!(booth.world.orders.is_empty());
}

#[test]
fn who_comes_back_finds_their_photo() {
    let mut booth = line();
    let subject = booth.see("/screen/rows/0/id").as_str().expect("an id").to_owned();
    shoot(&mut booth);
    let photo = booth.see("/screen/result/photo");
    booth.act(Action::NextPerson);
    assert_eq!(booth.see("/screen/result"), Value::Null);
    booth.act(Action::Select { subject });
    assert_eq!(booth.see("/screen/result/photo"), photo);
}

#[test]
fn many_shots_are_a_reason_to_ask() {
    let mut booth = line();
    for shot in 1..=5 {
        shoot(&mut booth);
        let alarm = booth.see("/screen/alarms/0/code");
        assert_eq!(alarm, if shot < 5 { Value::Null } else { "many_shots".into() }, "{shot}");
        if shot < 5 {
            booth.act(Action::Retake);
        }
    }
    accept(&mut booth);
    assert_eq!(booth.world.orders.len(), 1, "it is a question and no bar");
}

#[test]
fn a_blocked_photo_needs_staff_here_too() {
    let mut booth = line();
    shoot(&mut booth);
    booth.act(Action::Override);
    assert_eq!(booth.see("/staff"), Value::Null);
    booth.act(Action::Retake);
    booth.world.shot = Shot::Blocked;
    shoot(&mut booth);
    accept(&mut booth);
    booth.says("result.blocked");
    booth.act(Action::Override);
    booth.pin(world::PIN);
    booth.act(Action::Reason { reason: "religious".to_owned() });
    accept(&mut booth);
    assert_eq!(booth.world.orders.len(), 1);
    assert_eq!(booth.logged("photo.override").len(), 1);
}

#[test]
fn a_scanned_code_calls_its_owner() {
    let mut booth = line();
    booth.world.people[1].code = Some(world::hash("code"));
    booth.act(Action::Scanned { text: "code".to_owned() });
    assert_eq!(current(&booth), "20220102");
    booth.act(Action::Scanned { text: "other".to_owned() });
    booth.says("identify.unknown");
    assert_eq!(current(&booth), "20220102");
    // An agency knows nobody beforehand: the code makes the record.
    let mut world = World::codes();
    world.working = Working::Photographer;
    let mut booth = Booth::open(world);
    booth.act(Action::Scanned { text: "other".to_owned() });
    shoot(&mut booth);
    accept(&mut booth);
    assert_eq!(booth.world.orders.len(), 1);
}

#[test]
fn a_visit_is_only_taken_up_for_who_is_called() {
    let mut booth = line();
    let late = booth.state.clone();
    let begun = |at: usize, booth: &Booth| {
        let student = booth.world.student(&booth.world.people[at]);
        let consents = crate::state::Consents { photograph: Some(true), network: Some(true), compare: None };
        let arrival = crate::event::Arrival { student, consents, replacing: None };
        let id = caixiang_domain::VisitId::from_uuid(world::id(9));
        Event::Begun(Box::new(arrival), crate::event::Begun { id, shot_number: 9, saved: None })
    };
    booth.event(begun(1, &booth));
    booth.event(begun(0, &booth));
    assert_eq!(booth.state, late);
}
