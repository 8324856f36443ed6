//! The student's way from the welcome to the welcome, and what can come between.

use caixiang_domain::{Delivery, Field, IdentityMode, OrderState, Payer};

use super::world::{LI, PIN, Shot, WANG, World};
use super::*;
use crate::view::Language;

#[test]
fn the_whole_way_with_a_roster() {
    let mut booth = Booth::open(World::roster());
    booth.is_at("welcome");
    booth.agree();
    assert_eq!(booth.see("/step"), "identity");
    booth.type_keys(&WANG[..10]);
    assert_eq!(booth.see("/screen/complete"), false);
    booth.type_keys(&WANG[10..]);
    assert_eq!(booth.see("/screen/complete"), true);
    assert_eq!(booth.see("/screen/typed"), "•••••• •••• •••• 002X");
    booth.next();
    booth.is_at("details");
    assert_eq!(booth.see("/screen/prefilled"), true);
    booth.next();
    booth.is_at("guidelines");
    assert_eq!(booth.see("/screen/tips/0"), "look");
    booth.next();
    booth.is_at("capture");

    // All well for 0.8 s, then 3-2-1.
    booth.pose(true, 700);
    assert_eq!(booth.see("/screen/live/phase/kind"), "holding");
    booth.pose(true, 200);
    assert_eq!(booth.see("/screen/live/phase/left"), 3);
    booth.pose(true, 2000);
    assert_eq!(booth.see("/screen/live/phase/left"), 1);
    assert_eq!(booth.shots(), 0);
    booth.pose(true, 1000);
    assert_eq!(booth.shots(), 1);
    assert_eq!(booth.count(|effect| *effect == Effect::WorkAhead), 1);
    booth.develop();
    booth.is_at("result");
    assert_eq!(booth.see("/screen/blocked"), false);
    booth.next();
    booth.is_at("summary");
    assert_eq!(booth.see("/screen/payment"), "none_due");
    booth.next();
    booth.is_at("done");
    assert_eq!(booth.see("/screen/shotNumber"), 7);
    assert_eq!(booth.see("/screen/state"), "pending_review");
    assert_eq!(booth.see("/screen/next"), serde_json::json!(["review", "paper_school", "electronic"]));
    assert_eq!(booth.see("/screen/secondsLeft"), 10);
    booth.pass(9_900);
    booth.is_at("done");
    booth.pass(100);
    booth.is_at("welcome");
    assert_eq!(booth.world.orders.len(), 1);
    assert!(booth.effects.contains(&Effect::Forget));
    assert!(!booth.page().to_string().contains("000015-"));
}

#[test]
fn a_wrong_number_is_refused_and_says_why() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.identify("110105194912310021");
    booth.is_at("identify");
    booth.says("identity.checksum");
    booth.act(Action::Key { key: "clear".to_owned() });
    booth.identify("150102200001010014");
    booth.says("identify.unknown");
    assert_eq!(booth.see("/screen/length"), 0);
    booth.identify(WANG);
    booth.is_at("details");
    assert_eq!(booth.see("/notice"), Value::Null);
}

#[test]
fn individual_delivery_asks_for_product_and_address() {
    let mut booth = Booth::open(World::new(IdentityMode::Roster, Delivery::Individual, Payer::Student));
    booth.agree();
    booth.identify(WANG);
    booth.next();
    booth.is_at("delivery");
    booth.next();
    booth.says("field.incomplete");
    booth.act(Action::Choose { product: "no such".to_owned() });
    assert_eq!(booth.see("/screen/chosen"), Value::Null);
    booth.act(Action::Choose { product: "file".to_owned() });
    assert_eq!((booth.see("/screen/complete"), booth.see("/screen/address/0")), (true.into(), Value::Null));
    booth.act(Action::Choose { product: "paper".to_owned() });
    assert_eq!(booth.see("/screen/complete"), false);
    let fill = |booth: &mut Booth, field: &str, value: &str| {
        booth.act(Action::Fill { field: field.to_owned(), value: value.to_owned() });
    };
    fill(&mut booth, "recipient", "王小明");
    fill(&mut booth, "recipient_phone", "138");
    fill(&mut booth, "region", "吉林省长春市");
    fill(&mut booth, "address", "前进大街 2699 号");
    assert_eq!(booth.see("/screen/address/1/problem/code"), "field.phone");
    fill(&mut booth, "recipient_phone", "13800138000");
    // What is not asked here cannot be written here.
    fill(&mut booth, "name", "李娜");
    booth.next();
    booth.is_at("guidelines");
    booth.next();
    booth.shoot();
    booth.next();
    booth.is_at("summary");
    assert_eq!(booth.see("/screen/address"), "王小明 13800138000 吉林省长春市 前进大街 2699 号");
    assert_eq!(booth.see("/screen/product/feeFen"), 3000);
    assert_eq!(booth.see("/screen/payment"), "later");
    assert_eq!(booth.see("/screen/fields/0/value"), "王小明");
    booth.next();
    assert_eq!(booth.see("/screen/state"), "pending_payment");
    assert_eq!(
        booth.see("/screen/next"),
        serde_json::json!(["pay_later", "review", "paper_mail", "electronic"])
    );
}

#[test]
fn no_paper_is_promised_to_who_wants_none() {
    let mut booth = Booth::open(World::new(IdentityMode::Roster, Delivery::Individual, Payer::School));
    booth.agree();
    booth.identify(WANG);
    booth.next();
    booth.act(Action::Choose { product: "file".to_owned() });
    booth.next();
    booth.next();
    booth.shoot();
    booth.next();
    booth.next();
    assert_eq!(booth.see("/screen/next"), serde_json::json!(["review", "electronic"]));
}

#[test]
fn who_pays_decides_what_is_due() {
    for (payer, payment, state) in [
        (Payer::School, "none_due", OrderState::PendingReview),
        (Payer::Class, "none_due", OrderState::PendingReview),
        (Payer::Prepaid, "none_due", OrderState::PendingReview),
        (Payer::Student, "later", OrderState::PendingPayment),
    ] {
        let mut booth = Booth::open(World::new(IdentityMode::Roster, Delivery::Centralised, payer));
        booth.walk_to_camera(WANG);
        booth.shoot();
        booth.next();
        assert_eq!(booth.see("/screen/payment"), payment, "{payer:?}");
        booth.act(Action::Cash);
        assert_eq!(booth.see("/staff"), Value::Null, "{payer:?}: nobody asks for cash that is not due");
        booth.next();
        booth.is_at("done");
        assert_eq!(booth.see("/screen/state"), state.code(), "{payer:?}");
    }
}

#[test]
fn cash_needs_staff_and_is_confirmed_once() {
    let mut booth = Booth::open(World::new(IdentityMode::Roster, Delivery::Centralised, Payer::Cash));
    booth.walk_to_camera(WANG);
    booth.shoot();
    booth.next();
    assert_eq!(booth.see("/screen/payment"), "cash");
    booth.next();
    booth.asks_pin(PinPurpose::Cash);
    booth.pin("1111");
    assert_eq!(booth.see("/staff/problem/code"), "pin.wrong");
    booth.act(Action::CloseStaff);
    booth.is_at("summary");
    assert_eq!(booth.see("/screen/payment"), "cash");
    booth.act(Action::Cash);
    booth.pin(PIN);
    assert_eq!(booth.see("/screen/payment"), "cash_received");
    assert_eq!(booth.logged("cash.received").len(), 1);

    // Another look at the photo, another photo, a full disk: the cash stays received.
    booth.act(Action::Back);
    booth.is_at("result");
    booth.act(Action::Retake);
    booth.shoot();
    booth.next();
    assert_eq!(booth.see("/screen/payment"), "cash_received");
    booth.world.refuse_order = Some("store.disk_full");
    booth.next();
    booth.says("store.disk_full");
    assert_eq!(booth.see("/screen/payment"), "cash_received");
    booth.next();
    booth.is_at("done");
    assert_eq!(booth.see("/screen/state"), "pending_review");
    assert_eq!(booth.logged("cash.received").len(), 1);
}

#[test]
fn a_blocked_photo_leads_to_the_camera_or_to_staff() {
    let mut world = World::roster();
    world.shot = Shot::Blocked;
    let mut booth = Booth::open(world);
    booth.walk_to_camera(WANG);
    booth.shoot();
    assert_eq!(booth.see("/screen/findings/0/code"), "eyes.open_left");
    booth.next();
    booth.says("result.blocked");
    booth.is_at("result");
    booth.act(Action::Retake);
    booth.is_at("capture");
    assert_eq!(booth.world.discarded.len(), 1);

    booth.shoot();
    booth.act(Action::Override);
    booth.asks_pin(PinPurpose::Override);
    booth.pin(PIN);
    assert_eq!(booth.see("/staff/kind"), "reason");
    booth.act(Action::Reason { reason: "  \u{7} ".to_owned() });
    assert_eq!(booth.see("/staff/kind"), "reason", "a reason has words");
    booth.act(Action::Reason { reason: "medical".to_owned() });
    assert_eq!(booth.see("/screen/blocked"), false);
    assert_eq!(booth.see("/screen/overrideReason"), "medical");
    assert_eq!(booth.logged("photo.override"), [Some("medical: eyes.open_left".to_owned())]);
    booth.next();
    booth.next();
    booth.is_at("done");
}

#[test]
fn nothing_is_overridden_that_does_not_block() {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth.shoot();
    booth.act(Action::Override);
    assert_eq!(booth.see("/staff"), Value::Null);
}

#[test]
fn a_refused_consent_leads_to_staff() {
    let mut booth = Booth::open(World::roster());
    booth.next();
    booth.act(Action::Answer { consent: Consent::Photograph, given: true });
    booth.next();
    booth.is_at("agreement");
    booth.act(Action::Answer { consent: Consent::Network, given: false });
    booth.next();
    booth.is_at("declined");
    assert_eq!(booth.logged("consent"), [Some("photograph=yes network=no compare=unasked".to_owned())]);
    booth.next();
    booth.asks_pin(PinPurpose::Declined);
    booth.act(Action::Back);
    booth.is_at("declined");
    booth.act(Action::Back);
    booth.is_at("agreement");
    assert_eq!(booth.see("/screen/network"), Value::Null);
    booth.act(Action::Answer { consent: Consent::Photograph, given: false });
    booth.act(Action::Answer { consent: Consent::Network, given: true });
    booth.next();
    booth.next();
    booth.pin(PIN);
    booth.is_at("welcome");
    assert_eq!(booth.logged("consent.declined").len(), 1);
}

#[test]
fn whoever_walks_away_is_warned_and_wiped() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.identify(WANG);
    booth.pass(59_900);
    assert_eq!(booth.see("/idle"), Value::Null);
    booth.pass(100);
    assert_eq!(booth.see("/idle"), 20);
    booth.act(Action::Touch);
    assert_eq!(booth.see("/idle"), Value::Null);
    booth.act(Action::Speak { language: Language::En });
    booth.pass(79_900);
    assert_eq!(booth.see("/idle"), 1);
    booth.is_at("details");
    booth.pass(100);
    booth.is_at("welcome");
    assert_eq!(booth.see("/language"), "zh", "the next one finds the kiosk's own language");
    assert!(booth.effects.contains(&Effect::Forget));
    assert_eq!(booth.world.visits.len(), 1, "what was begun is kept for the same student");
    booth.pass(200_000);
    booth.is_at("welcome");
}

#[test]
fn who_stands_before_the_camera_is_not_idle() {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth.pose(false, 120_000);
    booth.is_at("capture");
    booth.pass(80_000);
    booth.is_at("welcome");
}

#[test]
fn a_started_capture_is_offered_to_the_same_student_only() {
    let mut booth = Booth::open(World::roster());
    booth.walk_to_camera(WANG);
    booth.shoot();
    booth.is_at("result");
    let photo = booth.see("/screen/photo/finished");

    // The power fails; the world remembers what was saved.
    let mut booth = Booth::open(booth.world);
    booth.agree();
    booth.identify(LI);
    booth.is_at("details");
    assert!(!booth.page().to_string().contains(photo.as_str().expect("an address")));
    assert_eq!(booth.see("/screen/fields/0/value"), "李娜");
    booth.act(Action::Leave);
    booth.agree();
    booth.identify(WANG);
    booth.is_at("resume");
    assert_eq!(booth.see("/screen/photo/finished"), photo);
    booth.act(Action::Resume { go_on: true });
    booth.is_at("result");
    booth.next();
    booth.next();
    booth.is_at("done");
}

#[test]
fn a_started_capture_can_be_thrown_away() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.identify(WANG);
    booth.act(Action::Fill { field: "phone".to_owned(), value: "13800138000".to_owned() });
    booth.next();
    booth.next();
    booth.shoot();
    booth.act(Action::Leave);
    booth.is_at("welcome");
    booth.agree();
    booth.identify(WANG);
    booth.is_at("resume");
    booth.act(Action::Resume { go_on: false });
    booth.is_at("details");
    assert_eq!(booth.world.discarded.len(), 1);
    assert!(booth.world.visits.iter().all(|visit| visit.taken.is_none() && visit.shots == 0));
    assert!(booth.world.visits.iter().all(|visit| visit.details.get(Field::Phone).is_none()));
}

#[test]
fn back_leads_back() {
    let mut booth = Booth::open(World::new(IdentityMode::Roster, Delivery::Individual, Payer::School));
    booth.agree();
    booth.act(Action::Back);
    booth.is_at("agreement");
    assert_eq!(booth.see("/screen/complete"), true);
    booth.next();
    booth.identify(WANG);
    booth.next();
    booth.act(Action::Choose { product: "file".to_owned() });
    booth.next();
    booth.next();
    booth.shoot();
    booth.next();
    for screen in ["result", "capture", "guidelines", "delivery", "details", "welcome"] {
        assert_eq!(booth.see("/canGoBack"), true);
        booth.act(Action::Back);
        booth.is_at(screen);
    }
}

#[test]
fn a_roster_number_is_masked_and_can_be_typed_anew() {
    let mut booth = Booth::open(World::roster());
    booth.agree();
    booth.identify(WANG);
    let masked = booth.see("/screen/fields/2/value");
    assert_eq!(masked, "110*************2X");
    assert_eq!(booth.see("/screen/fields/2/editable"), true);
    assert!(!booth.page().to_string().contains(WANG));
    // The keyboard gives back what the screen showed: nothing was typed.
    let fill = |value: &str| Action::Fill { field: "id_number".to_owned(), value: value.to_owned() };
    booth.act(fill(masked.as_str().expect("text")));
    assert_eq!(booth.see("/screen/complete"), true);
    booth.act(fill("1101"));
    assert_eq!(booth.see("/screen/complete"), false);
    booth.act(fill(LI));
    assert_eq!(booth.see("/screen/complete"), true);
    booth.next();
    booth.next();
    booth.shoot();
    booth.next();
    assert!(!booth.page().to_string().contains(LI));
}
