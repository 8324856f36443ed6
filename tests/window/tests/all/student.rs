//! Students who serve themselves.

use std::time::{Duration, Instant};

use caixiang_window_tests::{
    Desk, ENTER, PHOTO_HEIGHT_PX, PHOTO_WIDTH_PX, PIN, People, STUDENTS, Setup, run,
};
use serde_json::json;

const SOON: Duration = Duration::from_secs(20);

/// Six digits, a hyphen, seventeen digits.
fn is_order_number(text: &str) -> bool {
    let digits = |text: &str, many| text.len() == many && text.chars().all(|c| c.is_ascii_digit());
    text.split_once('-').is_some_and(|(first, second)| digits(first, 6) && digits(second, 17))
}

#[test]
fn the_whole_way_in_chinese_by_the_id_number() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        println!("the page shows {:?} after the start", kiosk.seen - kiosk.started);
        kiosk.agree(false).await;
        // One digit is wrong: the checksum says so before anything is looked up.
        let number = STUDENTS[0].id_number.as_str();
        kiosk.tap_digits(&number[..17]).await;
        kiosk.tap("key-7").await;
        kiosk.wait_for("problem").await;
        assert_eq!(kiosk.data("problem", "code").await, "identity.checksum");
        assert!(!kiosk.is_enabled("next").await, "a wrong number does not go on");
        kiosk.tap("key-backspace").await;
        kiosk.tap_digits(&number[17..]).await;
        kiosk.wait_gone("problem").await;
        kiosk.tap("next").await;

        kiosk.screen("details").await;
        assert_eq!(kiosk.data("field-name", "value").await, STUDENTS[0].name);
        assert!(
            !kiosk.data("field-id_number", "value").await.contains(&number[6..14]),
            "the birthday is masked"
        );
        assert!(!kiosk.is_enabled("next").await, "the phone's number is missing");
        kiosk.tap("field-phone").await;
        kiosk.tap_digits("138").await;
        kiosk.tap("entry-done").await;
        kiosk.wait_gone("entry").await;
        assert!(!kiosk.is_enabled("next").await, "138 is no phone's number");
        kiosk.tap("field-phone").await;
        kiosk.tap_digits("00138000").await;
        kiosk.tap("entry-done").await;
        kiosk.tap("next").await;

        kiosk.screen("guidelines").await;
        kiosk.tap("next").await;
        kiosk.screen("capture").await;
        kiosk.watch_countdown().await;
        kiosk.until_state("prompt", "nobody", SOON).await;
        People::Good.before(&desk.camera());
        kiosk.until_state("ready", "true", SOON).await;
        kiosk.screen_after_work("result").await;
        assert_eq!(kiosk.counted().await, "321");

        assert_eq!(kiosk.data("result", "blocked").await, "false");
        assert_eq!(kiosk.picture("photo-finished").await, (PHOTO_WIDTH_PX, PHOTO_HEIGHT_PX));
        let (width, height) = kiosk.picture("photo-original").await;
        assert!(width >= 960 && height >= 540, "the original is {width}×{height}");
        kiosk.tap("retake").await;
        kiosk.screen("capture").await;
        assert!(kiosk.text("shots").await.contains('1'));
        kiosk.screen_after_work("result").await;
        kiosk.tap("next").await;

        kiosk.screen("summary").await;
        assert_eq!(kiosk.data("payment", "payment").await, "none_due");
        assert_eq!(kiosk.text("summary-name").await, STUDENTS[0].name);
        kiosk.tap("next").await;
        kiosk.screen_after_work("done").await;
        let done = Instant::now();
        let number = kiosk.text("order-number").await;
        assert!(is_order_number(&number), "{number}");
        assert!(kiosk.text("shot-number").await.parse::<u32>().is_ok_and(|number| number > 0));
        assert_eq!(kiosk.data("order-state", "state").await, "pending_review");
        kiosk.screen_within("welcome", Duration::from_secs(15)).await;
        let stayed = done.elapsed();
        assert!((8..=13).contains(&stayed.as_secs()), "the order's number stayed {stayed:?}");
    });
}

#[test]
fn the_whole_way_in_english_by_the_student_number() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        let student = &STUDENTS[1];
        kiosk.screen("welcome").await;
        kiosk.tap("language").await;
        kiosk.until_state("language", "en", SOON).await;
        kiosk.agree(true).await;
        kiosk.tap("way-student_number").await;
        kiosk.type_number(&student.student_number).await;
        kiosk.tap("next").await;
        kiosk.screen("last_four").await;
        assert!(!kiosk.text("masked-name").await.contains(&student.name), "the name is masked");
        kiosk.type_number("0000").await;
        kiosk.tap("next").await;
        kiosk.notice("identify.last_four").await;
        assert!(kiosk.text("tries").await.contains('2'));
        kiosk.type_number(student.last_four()).await;
        kiosk.tap("next").await;
        kiosk.give_details().await;
        kiosk.tap("next").await;
        kiosk.screen("capture").await;
        People::Other.before(&desk.camera());
        kiosk.live().await;
        kiosk.watch_countdown().await;
        kiosk.chord(&[' ']).await;
        kiosk.screen_after_work("result").await;
        assert_eq!(kiosk.counted().await, "321");
        assert_eq!(kiosk.picture("photo-finished").await, (PHOTO_WIDTH_PX, PHOTO_HEIGHT_PX));
        kiosk.wait_for("finding-light.balance").await;
        let number = kiosk.order().await;
        assert!(is_order_number(&number), "{number}");
        assert_eq!(kiosk.state("language").await.as_deref(), Some("en"));
        kiosk.tap("next").await;
        kiosk.screen("welcome").await;
        // The next student finds the kiosk's own language.
        kiosk.until_state("language", "zh", SOON).await;
    });
}

#[test]
fn a_refused_consent_leads_to_staff() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        kiosk.screen("welcome").await;
        kiosk.tap("next").await;
        kiosk.screen("agreement").await;
        assert!(!kiosk.is_enabled("next").await, "nothing is answered yet");
        kiosk.tap("consent-photograph-yes").await;
        kiosk.tap("consent-network-no").await;
        kiosk.tap("consent-compare-no").await;
        kiosk.tap("next").await;
        kiosk.screen("declined").await;
        kiosk.tap("declined-staff").await;
        kiosk.until("the call", SOON, async |kiosk| !kiosk.is_enabled("declined-staff").await).await;
        kiosk.tap("declined-pin").await;
        kiosk.staff("pin").await;
        assert_eq!(kiosk.data("pin-purpose", "purpose").await, "declined");
        kiosk.keys("1111").await;
        kiosk.tap("pin-enter").await;
        kiosk.wait_for("pin-problem").await;
        assert_eq!(kiosk.data("pin-problem", "code").await, "pin.wrong");
        kiosk.give_pin().await;
        // Staff take over: the kiosk is free for the next student, and nobody waits for staff any more.
        kiosk.screen("welcome").await;
        assert!(kiosk.is_enabled("call-staff").await);
    });
}

#[test]
fn staff_let_a_blocked_photo_pass_with_a_reason() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        kiosk.agree(false).await;
        kiosk.identify(&STUDENTS[2]).await;
        kiosk.give_details().await;
        kiosk.shoot(&desk, People::Laughing).await;
        assert_eq!(kiosk.data("result", "blocked").await, "true");
        kiosk.wait_for("finding-mouth.gap").await;
        assert!(!kiosk.shows("next").await, "a blocked photo cannot be submitted");
        kiosk.tap("override").await;
        kiosk.give_pin().await;
        kiosk.staff("reason").await;
        kiosk.tap("reason-misjudged").await;
        kiosk.wait_for("overridden").await;
        let number = kiosk.order().await;
        assert!(is_order_number(&number), "{number}");
    });
}

#[test]
fn keys_do_what_they_say_after_a_tap() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        kiosk.screen("welcome").await;
        kiosk.tap("next").await;
        kiosk.screen("agreement").await;
        kiosk.act(json!({ "kind": "staff" })).await;
        kiosk.staff("pin").await;
        kiosk.tap_digits("13").await;
        kiosk.tap("key-clear").await;
        kiosk.until("nothing typed", SOON, async |kiosk| kiosk.data("pin", "typed").await == "0").await;
        kiosk.keys(PIN).await;
        kiosk.until("the PIN", SOON, async |kiosk| kiosk.data("pin", "typed").await == "4").await;
        // Enter confirms; it does not press *clear* once more, though that was tapped last.
        kiosk.chord(&[ENTER]).await;
        kiosk.staff("panel").await;
    });
}
