//! The shutter: by itself, by hand, and with a camera that is lost.

use super::world::{LI, Shot, WANG, World};
use super::*;
use crate::next::camera::{COUNT_MS, HOLD_MS, PAUSE_MS, SPOILED_MS};

fn at_camera() -> Booth {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth
}

fn phase(booth: &Booth) -> Value {
    booth.see("/screen/live/phase/kind")
}

#[test]
fn a_frown_stops_the_countdown_that_nobody_asked_for() {
    let mut booth = at_camera();
    booth.pose(true, HOLD_MS + 500);
    assert_eq!(phase(&booth), "countdown");
    booth.pose(false, SPOILED_MS - 200);
    assert_eq!(phase(&booth), "countdown", "a blink does not");
    booth.pose(true, 200);
    booth.pose(false, SPOILED_MS + 200);
    assert_eq!(phase(&booth), "aiming");
    assert_eq!(booth.shots(), 0);
    booth.pose(true, HOLD_MS + 3 * COUNT_MS + 200);
    assert_eq!(booth.shots(), 1);
}

#[test]
fn what_was_asked_for_by_hand_is_done() {
    let mut booth = at_camera();
    booth.act(Action::Shoot);
    booth.pose(false, 3 * COUNT_MS);
    assert_eq!(booth.shots(), 1);
    let mut booth = at_camera();
    booth.next();
    assert_eq!(booth.see("/screen/live/phase/left"), 3);
    booth.enter();
    assert_eq!(booth.shots(), 1, "pressed again: now");
    booth.act(Action::Shoot);
    booth.act(Action::Hold);
    booth.act(Action::Back);
    assert_eq!((booth.shots(), phase(&booth)), (1, "taking".into()));
    assert_eq!(booth.see("/canGoBack"), false);
}

#[test]
fn a_stopped_countdown_stays_stopped_for_a_while() {
    let mut booth = at_camera();
    booth.pose(true, HOLD_MS + 500);
    booth.act(Action::Hold);
    booth.pose(true, PAUSE_MS - 100);
    assert_eq!(phase(&booth), "aiming");
    booth.pose(true, 300);
    assert_eq!(phase(&booth), "holding");
}

#[test]
fn the_shutter_waits_for_a_hand_where_staff_said_so() {
    let mut booth = Booth::open(World::roster());
    booth.panel();
    booth.act(Action::AutoShutter { on: false });
    assert_eq!(booth.see("/staff/autoShutter"), false);
    booth.act(Action::CloseStaff);
    booth.walk_to_camera(WANG);
    booth.pose(true, 20_000);
    assert_eq!((booth.shots(), phase(&booth)), (0, "aiming".into()));
    booth.act(Action::Shoot);
    booth.pose(true, 3 * COUNT_MS);
    assert_eq!(booth.shots(), 1);
}

#[test]
fn no_photo_is_taken_by_a_lost_camera() {
    // While aiming.
    let mut booth = at_camera();
    booth.pose(true, 300);
    booth.event(Event::Camera(LOST()));
    assert_eq!(booth.see("/screen/live/ready"), false);
    booth.pose(true, 10_000);
    booth.act(Action::Shoot);
    booth.says("capture.no_frame");
    assert_eq!(phase(&booth), "aiming", "nor does it count down to nothing");
    booth.pass(10_000);
    assert_eq!((booth.shots(), phase(&booth)), (0, "aiming".into()));

    // In the countdown, of both kinds.
    for by_hand in [false, true] {
        let mut booth = at_camera();
        if by_hand {
            booth.act(Action::Shoot);
        }
        booth.pose(true, HOLD_MS + 500);
        assert_eq!(phase(&booth), "countdown");
        booth.event(Event::Camera(LOST()));
        booth.act(Action::Touch);
        booth.pass(10_000);
        assert_eq!((booth.shots(), phase(&booth)), (0, "aiming".into()));
        booth.event(Event::Camera(LIVE()));
        booth.pose(true, HOLD_MS + 3 * COUNT_MS + 300);
        assert_eq!(booth.shots(), 1);
    }

    // With the shutter open: what the last good second gives, or the reason.
    let mut booth = at_camera();
    booth.act(Action::Shoot);
    booth.act(Action::Shoot);
    booth.event(Event::Camera(LOST()));
    booth.world.shot = Shot::Failed;
    booth.develop();
    assert_eq!((phase(&booth), booth.see("/screen/failed/code")), ("aiming".into(), "vision.no_face".into()));
    booth.act(Action::Shoot);
    assert_eq!(booth.shots(), 1);
}

#[test]
fn a_shot_without_a_photo_says_why_and_waits() {
    let mut booth = at_camera();
    booth.world.shot = Shot::Failed;
    booth.act(Action::Shoot);
    booth.act(Action::Shoot);
    booth.develop();
    booth.is_at("capture");
    assert_eq!(booth.see("/screen/failed/code"), "vision.no_face");
    booth.pose(true, PAUSE_MS - 100);
    assert_eq!(phase(&booth), "aiming");
    booth.world.shot = Shot::Good;
    booth.shoot();
    assert_eq!(booth.see("/screen/shots"), 2);
}

#[test]
fn a_photo_never_becomes_another_students() {
    let mut booth = at_camera();
    booth.act(Action::Shoot);
    booth.act(Action::Shoot);
    booth.act(Action::Leave);
    booth.walk_to_camera(LI);
    // The darkroom still has the photo of the one who left.
    booth.act(Action::Shoot);
    booth.act(Action::Shoot);
    booth.pass(10 * COUNT_MS);
    assert_eq!(booth.shots(), 1);
    booth.develop();
    booth.is_at("capture");
    assert_eq!(booth.world.discarded.len(), 1);
    booth.pass(200);
    assert_eq!(booth.shots(), 2, "now it is her turn");
    booth.develop();
    booth.is_at("result");
    assert_eq!(booth.world.discarded.len(), 1);
}

#[test]
fn a_photo_that_comes_late_is_destroyed() {
    let mut booth = at_camera();
    booth.act(Action::Shoot);
    booth.act(Action::Shoot);
    booth.act(Action::Leave);
    booth.is_at("welcome");
    booth.develop();
    booth.is_at("welcome");
    assert_eq!(booth.world.discarded.len(), 1);

    // The same student is back before it is there: the new view of the camera waits for no photo.
    booth.agree();
    booth.identify(WANG);
    booth.next();
    booth.next();
    booth.next();
    booth.is_at("capture");
    booth.event(Event::Developed(Err(crate::view::Notice::new("vision.no_face"))));
    assert_eq!(booth.see("/screen/failed"), Value::Null);
}

#[test]
fn staff_stop_the_countdown() {
    for by_hand in [false, true] {
        let mut booth = at_camera();
        if by_hand {
            booth.act(Action::Shoot);
        }
        booth.pose(true, HOLD_MS + 200);
        booth.act(Action::Staff);
        booth.pose(true, 10_000);
        assert_eq!((booth.shots(), phase(&booth)), (0, "aiming".into()));
    }
}
