//! Students who serve themselves.

use std::time::Duration;

use caixiang_window_tests::{Desk, People, STUDENTS, Setup, run};

/// `demo26-…` is the session's; an order's number is six digits of the day and seventeen more.
fn is_order_number(text: &str) -> bool {
    let digits = |text: &str, many| text.len() == many && text.chars().all(|c| c.is_ascii_digit());
    text.split_once('-').is_some_and(|(first, second)| digits(first, 6) && digits(second, 17))
}

#[test]
fn a_student_goes_the_whole_way_in_chinese() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        eprintln!("page {:?} after the start", kiosk.seen - kiosk.started);
        kiosk.agree(false).await;
        kiosk.tap_digits("990000200401011007").await;
        kiosk.wait_for("problem").await;
        assert!(!kiosk.is_enabled("next").await, "a wrong number does not go on");
        kiosk.tap("key-backspace").await;
        kiosk.tap_digits("6").await;
        kiosk.tap("next").await;
        kiosk.give_details().await;
        kiosk.tap("next").await;
        kiosk.screen("capture").await;
        kiosk.until_state("prompt", "nobody", Duration::from_secs(20)).await;
        People::Good.before(&desk.camera());
        kiosk.until_state("phase", "countdown", Duration::from_secs(20)).await;
        kiosk.screen_after_work("result").await;
        let number = kiosk.order().await;
        assert!(is_order_number(&number), "{number}");
        let _ = STUDENTS;
    });
}
