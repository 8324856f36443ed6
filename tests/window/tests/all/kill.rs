//! The program is killed at every screen of the way; nothing that was acknowledged is lost, nothing leaks.

use std::time::{Duration, Instant};

use caixiang_window_tests::{Desk, Kiosk, PHONE, People, STUDENTS, Setup, run};

const WELCOME: Duration = Duration::from_secs(3);

/// `kill -9`, and a new start on the same folders.
async fn again(desk: &Desk, kiosk: Kiosk, at: &str) -> Kiosk {
    kiosk.screen(at).await;
    kiosk.kill();
    let kiosk = desk.open().await;
    kiosk.screen("welcome").await;
    let took = kiosk.seen.elapsed();
    println!("killed at {at}: page {:?} after the start, welcome {took:?} later", kiosk.seen - kiosk.started);
    assert!(took < WELCOME, "welcome came {took:?} after the page");
    kiosk
}

/// The same student again: the capture that was started is offered, and taken up.
async fn resume(kiosk: &Kiosk, screen: &str) {
    kiosk.agree(false).await;
    kiosk.identify(&STUDENTS[0]).await;
    kiosk.screen("resume").await;
    kiosk.tap("resume-yes").await;
    kiosk.screen(screen).await;
}

#[test]
fn killed_at_every_screen() {
    run(async {
        let begun = Instant::now();
        let desk = Desk::new(Setup::default());
        let mut kiosk = desk.open().await;
        // Before anybody is known there is nothing to take up.
        kiosk = again(&desk, kiosk, "welcome").await;
        kiosk.tap("next").await;
        kiosk = again(&desk, kiosk, "agreement").await;
        kiosk.agree(false).await;
        kiosk.type_number(&STUDENTS[0].id_number[..9]).await;
        kiosk = again(&desk, kiosk, "identify").await;
        kiosk.agree(false).await;
        kiosk.tap("way-student_number").await;
        kiosk.type_number(&STUDENTS[0].student_number).await;
        kiosk.tap("next").await;
        kiosk = again(&desk, kiosk, "last_four").await;
        kiosk.agree(false).await;
        kiosk.identify(&STUDENTS[0]).await;
        kiosk = again(&desk, kiosk, "details").await;
        // Nothing was done yet that could be taken up.
        kiosk.agree(false).await;
        kiosk.identify(&STUDENTS[0]).await;
        kiosk.give_details().await;
        kiosk = again(&desk, kiosk, "guidelines").await;

        // Somebody else is offered nothing of it.
        kiosk.agree(false).await;
        kiosk.identify(&STUDENTS[1]).await;
        kiosk.screen("details").await;
        assert_eq!(kiosk.data("field-phone", "value").await, "", "what another typed");
        kiosk.tap("back").await;

        resume(&kiosk, "details").await;
        assert_eq!(kiosk.data("field-phone", "value").await, PHONE, "what was typed is kept");
        kiosk.tap("next").await;
        kiosk.screen("guidelines").await;
        kiosk.tap("next").await;
        kiosk = again(&desk, kiosk, "capture").await;
        resume(&kiosk, "details").await;
        kiosk.tap("next").await;
        kiosk.shoot(&desk, People::Good).await;
        kiosk = again(&desk, kiosk, "result").await;
        resume(&kiosk, "result").await;
        kiosk.picture("photo-finished").await;
        kiosk.tap("next").await;
        kiosk = again(&desk, kiosk, "summary").await;
        resume(&kiosk, "result").await;
        let number = kiosk.order().await;
        kiosk = again(&desk, kiosk, "done").await;

        kiosk.my_orders(&STUDENTS[0]).await;
        kiosk.wait_for(&format!("order-{number}")).await;
        println!("ten screens in {:?}", begun.elapsed());
    });
}
