//! The PIN, the panel, the start, and calling for help.

use super::world::{PIN, WANG, World};
use super::*;
use crate::event::Kept;
use crate::state::Trouble;
use crate::view::{Language, Notice};

#[test]
fn a_wrong_pin_is_counted_and_then_locked() {
    let mut booth = Booth::open(World::roster());
    booth.act(Action::Staff);
    booth.asks_pin(PinPurpose::Panel);
    booth.type_keys("12");
    booth.enter();
    assert_eq!(booth.see("/staff/problem/code"), "pin.too_short");
    booth.act(Action::Key { key: "clear".to_owned() });
    for left in [4, 3, 2, 1, 0] {
        booth.pin("1357");
        assert_eq!(booth.see("/staff/problem/code"), "pin.wrong");
        assert_eq!(booth.see("/staff/problem/params/left"), left.to_string());
        assert_eq!(booth.see("/staff/typed"), 0);
    }
    booth.pin(PIN);
    assert_eq!(booth.see("/staff/problem/code"), "pin.locked");
    assert_eq!(booth.see("/staff/problem/params/seconds"), "60");
    booth.type_keys("1");
    assert_eq!(booth.see("/staff/problem"), Value::Null);
    booth.act(Action::CloseStaff);
    booth.is_at("welcome");
}

#[test]
fn what_staff_left_open_closes() {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth.act(Action::Staff);
    booth.pass(59_900);
    booth.asks_pin(PinPurpose::Panel);
    booth.pass(100);
    assert_eq!(booth.see("/staff"), Value::Null);
    booth.is_at("capture");
    // Somebody in front of the camera is no reason to leave the panel open to them.
    booth.panel();
    booth.pose(false, 299_900);
    assert_eq!(booth.see("/staff/kind"), "panel");
    booth.pose(false, 100);
    assert_eq!(booth.see("/staff"), Value::Null);
}

#[test]
fn the_panel_needs_the_pin() {
    let mut booth = Booth::open(World::roster());
    let order = "00000000-0000-0000-0000-000000000001".to_owned();
    let actions = || {
        [
            Action::Quit,
            Action::Backup,
            Action::Settle { order: order.clone() },
            Action::UseCamera { id: "usb".to_owned() },
            Action::LockControls { lock: true },
            Action::Sound { on: false },
        ]
    };
    booth.effects.clear();
    for action in actions() {
        booth.act(action);
    }
    booth.act(Action::Staff);
    for action in actions() {
        booth.act(action);
    }
    assert_eq!(booth.effects, []);
    booth.pin(PIN);
    booth.effects.clear();
    for action in actions() {
        booth.act(action);
    }
    assert_eq!(booth.count(|effect| !matches!(effect, Effect::ReadPanel(_))), actions().len());
    assert!(booth.effects.contains(&Effect::Keep(Kept::Sound(false))));
    assert_eq!(booth.see("/status/sound"), false);
}

#[test]
fn a_change_of_mode_keeps_the_visit() {
    for to in [Working::Photographer, Working::SelfService] {
        let mut booth = Booth::open(World::roster());
        booth.agree();
        booth.identify(WANG);
        booth.act(Action::Fill { field: "phone".to_owned(), value: "13800138000".to_owned() });
        booth.hand_to(to);
        assert!(booth.effects.contains(&Effect::Keep(Kept::Working(to))));
        assert!(booth.effects.contains(&Effect::Forget));
        booth.is_at(if to == Working::Photographer { "line" } else { "welcome" });
        let phone = booth.world.visits[0].details.get(caixiang_domain::Field::Phone);
        assert_eq!(phone, Some("13800138000"));
        if to == Working::Photographer {
            // The same student is the first in the line and goes on where they were.
            assert_eq!(booth.see("/screen/current/studentNumber"), "20220101");
            booth.hand_to(Working::SelfService);
        }
        booth.agree();
        booth.identify(WANG);
        booth.is_at("resume");
    }
}

#[test]
fn help_can_be_called_and_the_call_taken_back() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.act(Action::CallStaff);
    assert_eq!(booth.see("/staffCalled"), true);
    booth.act(Action::CallStaff);
    assert_eq!(booth.see("/staffCalled"), false);
    booth.act(Action::CallStaff);
    assert_eq!(booth.logged("staff.called").len(), 2);
    booth.panel();
    assert_eq!(booth.see("/staffCalled"), false, "staff are there");
    booth.act(Action::CloseStaff);
    booth.act(Action::CallStaff);
    booth.act(Action::Leave);
    assert_eq!(booth.see("/staffCalled"), false);
}

#[test]
fn the_language_can_be_changed_everywhere() {
    let mut booth = Booth::open(World::roster());
    booth.act(Action::Speak { language: Language::En });
    booth.agree();
    assert_eq!(booth.see("/language"), "en");
    booth.act(Action::Staff);
    booth.act(Action::Speak { language: Language::Zh });
    assert_eq!((booth.see("/language"), booth.see("/staff/kind")), ("zh".into(), "pin".into()));
    booth.act(Action::Speak { language: Language::En });
    booth.act(Action::CloseStaff);
    booth.act(Action::Leave);
    assert_eq!(booth.see("/language"), "zh");
}

/// A booth that opens for the first time.
fn first_start() -> Booth {
    let mut booth = Booth::open(World::roster());
    let opening = crate::event::Opening { has_pin: false, ..booth.world.opening() };
    booth.event(Event::Opened(Box::new(opening)));
    booth
}

#[test]
fn the_first_start_asks_for_a_pin_twice() {
    let mut booth = first_start();
    booth.is_at("choose_pin");
    booth.pin("12");
    booth.says("pin.too_short");
    booth.pin("34");
    assert_eq!((booth.see("/screen/again"), booth.see("/screen/typed")), (true.into(), 0.into()));
    booth.pin("1243");
    booth.says("pin.differs");
    assert_eq!(booth.see("/screen/again"), false);
    booth.pin("97531");
    booth.act(Action::Back);
    assert_eq!(booth.see("/screen/again"), false);
    booth.pin("97531");
    booth.pin("97531");
    booth.is_at("welcome");
    assert!(booth.effects.contains(&Effect::SetPin(crate::state::Secret("97531".to_owned()))));
    booth.event(Event::PinSet);
    booth.is_at("welcome");
}

#[test]
fn before_there_is_a_pin_nothing_else_works() {
    let mut booth = first_start();
    for action in [Action::Staff, Action::Next, Action::MyOrders, Action::Leave, Action::OpenDemonstration] {
        booth.act(action);
        booth.is_at("choose_pin");
        assert_eq!(booth.see("/staff"), Value::Null);
    }
}

#[test]
fn trouble_offers_what_may_help() {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth.effects.clear();
    let trouble = Trouble {
        notice: Notice::new("store.damaged"),
        backups: vec!["2026-05-20".to_owned()],
        can_retry: false,
    };
    booth.event(Event::CannotOpen(trouble));
    booth.is_at("trouble");
    assert!(booth.effects.contains(&Effect::Forget));
    booth.effects.clear();
    booth.act(Action::Retry);
    booth.act(Action::Restore { backup: 1 });
    booth.act(Action::Staff);
    booth.is_at("trouble");
    assert_eq!((booth.effects.len(), booth.see("/staff")), (0, Value::Null));
    booth.act(Action::Restore { backup: 0 });
    booth.is_at("starting");
    assert_eq!(booth.effects, [Effect::Restore(0)]);
    booth.event(Event::Opened(Box::new(booth.world.opening())));
    booth.is_at("welcome");
}

#[test]
fn without_a_session_there_is_the_demonstration() {
    let mut booth = Booth::open(World::roster());
    let opening = crate::event::Opening { setting: None, ..booth.world.opening() };
    booth.event(Event::Opened(Box::new(opening)));
    booth.is_at("no_session");
    booth.next();
    booth.is_at("no_session");
    booth.act(Action::OpenDemonstration);
    assert_eq!(booth.effects.last(), Some(&Effect::OpenDemonstration));
}
