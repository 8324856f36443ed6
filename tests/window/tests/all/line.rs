//! Photographer mode: the queue by keys, and the wrong person.

use std::time::Duration;

use caixiang_window_tests::{DARKROOM, Desk, Kiosk, People, STUDENTS, Setup, run};
use serde_json::json;

const SOON: Duration = Duration::from_secs(10);

async fn current(kiosk: &Kiosk, name: &str) {
    kiosk.until(&format!("{name} comes"), SOON, async |kiosk| kiosk.text("current-name").await == name).await;
}

/// Somebody is photographed by the space bar.
async fn shoot(kiosk: &Kiosk, desk: &Desk, people: People) {
    people.before(&desk.camera());
    kiosk.live().await;
    // The camera's last second still shows whoever was there before.
    tokio::time::sleep(Duration::from_millis(1500)).await;
    kiosk.chord(&[' ']).await;
    kiosk.until("the photo", DARKROOM, async |kiosk| kiosk.shows("result").await).await;
}

async fn accept(kiosk: &Kiosk, name: &str) {
    kiosk.chord(&['a']).await;
    let accepted =
        async |kiosk: &Kiosk| kiosk.shows("accepted").await && kiosk.text("accepted").await.contains(name);
    kiosk.until(&format!("{name} is accepted"), DARKROOM, accepted).await;
}

#[test]
fn a_photographer_runs_the_line_by_keys() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        kiosk.screen("welcome").await;
        kiosk.open_panel().await;
        kiosk.tap("work-photographer").await;
        kiosk.screen("line").await;
        kiosk.act(json!({ "kind": "compare_faces", "on": true })).await;

        current(&kiosk, &STUDENTS[0].name).await;
        shoot(&kiosk, &desk, People::Good).await;
        assert!(!kiosk.shows("alarm").await);
        accept(&kiosk, &STUDENTS[0].name).await;
        // Taken back after all: the order waits for another photo, and the same one would be refused.
        current(&kiosk, &STUDENTS[1].name).await;
        kiosk.chord(&['z']).await;
        current(&kiosk, &STUDENTS[0].name).await;
        shoot(&kiosk, &desk, People::Back).await;
        accept(&kiosk, &STUDENTS[0].name).await;

        current(&kiosk, &STUDENTS[1].name).await;
        shoot(&kiosk, &desk, People::Other).await;
        assert!(!kiosk.shows("alarm").await, "another person is no reason for an alarm");
        accept(&kiosk, &STUDENTS[1].name).await;

        current(&kiosk, &STUDENTS[2].name).await;
        kiosk.chord(&['x']).await;
        current(&kiosk, &STUDENTS[3].name).await;
        let counted = async |kiosk: &Kiosk, testid, number: &str| kiosk.text(testid).await.contains(number);
        assert!(counted(&kiosk, "count-done", "2").await && counted(&kiosk, "count-absent", "1").await);
        assert!(counted(&kiosk, "count-waiting", "37").await, "{}", kiosk.text("count-waiting").await);

        // By number, then by the name's initials.
        kiosk.tap("search").await;
        kiosk.keys(&STUDENTS[5].student_number).await;
        kiosk.until("one row", SOON, async |kiosk| kiosk.data("queue", "total").await == "1").await;
        kiosk.tap("row-0").await;
        current(&kiosk, &STUDENTS[5].name).await;

        // The first student again, under another's record.
        shoot(&kiosk, &desk, People::Good).await;
        kiosk.wait_for("alarm").await;
        assert_eq!(kiosk.data("alarm", "code").await, "same_face");
        assert!(kiosk.text("alarm").await.contains(&STUDENTS[0].name));
        kiosk.chord(&['a']).await;
        kiosk.notice("alarm.first").await;
        kiosk.tap("dismiss-alarm").await;
        kiosk.wait_gone("alarm").await;
        kiosk.chord(&['r']).await;
        kiosk.wait_gone("result").await;
        shoot(&kiosk, &desk, People::Laughing).await;
        assert_eq!(kiosk.data("result", "blocked").await, "true");
        kiosk.chord(&['a']).await;
        assert!(!kiosk.is_enabled("accept").await, "a blocked photo is not accepted");

        kiosk.open_panel().await;
        kiosk.tap("work-self_service").await;
        kiosk.screen("welcome").await;
    });
}
