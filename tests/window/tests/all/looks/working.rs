//! The desk while work is under way that takes long: what it says meanwhile, and that it can be stopped.

use std::fs;
use std::time::Duration;

use caixiang_window_tests::{Desk, Kiosk, Look, School, Setup, approve_all, run, speak, workbook};

use super::{SIZES, SOON, show};
use crate::desk::fill;

const LANGUAGES: [&str; 2] = ["zh", "en"];
const LONG: Duration = Duration::from_secs(120);
/// Rows of a large roster; of so many one has a telephone number that is none.
const ROWS: usize = 50_000;
const BAD_EVERY: usize = 50;

/// Chooses the home folder.
async fn home(kiosk: &Kiosk) {
    kiosk.tap("entry-home").await;
    let there = async |kiosk: &Kiosk| kiosk.is_enabled("file-here").await;
    kiosk.until("the folder", SOON, there).await;
    kiosk.tap("file-here").await;
}

/// Waits until the work has got somewhere, and has not ended.
async fn under_way(kiosk: &Kiosk) {
    const PROGRESS: &str = r#"
        const job = document.querySelector('[data-testid="job"]');
        return job?.dataset.stage === 'writing' ? job.querySelector('progress').value : 0;
    "#;
    let begun =
        async |kiosk: &Kiosk| kiosk.ask(PROGRESS, vec![]).await.as_f64().is_some_and(|done| done > 1.0);
    kiosk.until("the work is under way", LONG, begun).await;
}

async fn stop(kiosk: &Kiosk) {
    kiosk.tap("job-cancel").await;
    kiosk.until_state_of("job", "stage", "failed", LONG).await;
}

/// A large roster is read; then it is looked at.
async fn roster(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    fs::write(desk.home().join("roster.xlsx"), workbook(ROWS, BAD_EVERY)).unwrap();
    for language in LANGUAGES {
        speak(kiosk, language).await;
        kiosk.tap("tab-roster").await;
        kiosk.tap("roster-import").await;
        kiosk.tap("entry-home").await;
        kiosk.tap("entry-roster.xlsx").await;
        kiosk.wait_for("roster-reading").await;
        look.passing(kiosk, "working-roster", language, &[("roster-reading", "/roster/reading")]).await;
        kiosk.until("the roster", LONG, async |kiosk| kiosk.shows("roster-view").await).await;
        if language == LANGUAGES[0] {
            kiosk.tap("roster-cancel").await;
            kiosk.wait_for("roster").await;
        }
    }
    assert_eq!(kiosk.data("roster-added", "count").await, ROWS.to_string());
    assert_eq!(kiosk.data("roster-refused", "count").await, "0");
    look.state(kiosk, "many-import", &[("roster-view", "/roster/problems"), ("roster-view", "/roster/more")])
        .await;
    kiosk.tap("roster-cancel").await;
}

async fn begin_hand_over(kiosk: &Kiosk) {
    let enabled = async |kiosk: &Kiosk| kiosk.is_enabled("handover-start").await;
    kiosk.until("it can be written", LONG, enabled).await;
    kiosk.tap("handover-start").await;
    home(kiosk).await;
    under_way(kiosk).await;
}

/// A hand-over of thousands of photos: stopped; gone on with in another language, which its check finds; and done.
async fn hand_over(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    let folder = desk.home().join("caixiang-demo26");
    kiosk.tap("tab-handover").await;
    fill(kiosk, "handover-target", "folder").await;
    for language in LANGUAGES {
        speak(kiosk, language).await;
        begin_hand_over(kiosk).await;
        look.passing(kiosk, "working-handover", language, &[("job", "/handover/writing")]).await;
        if language == LANGUAGES[0] {
            stop(kiosk).await;
            look.state(kiosk, "stopped-handover", &[("job", "/notice/job.cancelled/what")]).await;
        }
    }
    kiosk.until_state_of("job", "stage", "failed", LONG).await;
    let says = [("job", "/notice/handover.check_failed/what"), ("job", "/handover_problem/extra")];
    look.state(kiosk, "refused-handover", &says).await;
    fs::remove_dir_all(&folder).unwrap();
    begin_hand_over(kiosk).await;
    kiosk.until_state_of("job", "stage", "done", LONG).await;
    look.alike(kiosk, "done-handover", &[("job", "/handover/done")]).await;
    assert!(folder.join("SHA256SUMS").is_file());
}

/// Sheets of thousands of students.
async fn sheets(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("tab-printing").await;
    for language in LANGUAGES {
        speak(kiosk, language).await;
        let enabled = async |kiosk: &Kiosk| kiosk.is_enabled("print-save").await;
        kiosk.until("it can be saved", LONG, enabled).await;
        kiosk.tap("print-save").await;
        home(kiosk).await;
        under_way(kiosk).await;
        look.passing(kiosk, "working-sheets", language, &[("job", "/printing/making")]).await;
        stop(kiosk).await;
    }
    speak(kiosk, LANGUAGES[0]).await;
    let printed = async |kiosk: &Kiosk| kiosk.data("print-list", "total").await.parse::<u32>().unwrap() > 1;
    kiosk.until("the ledger", SOON, printed).await;
    look.alike(
        kiosk,
        "stopped-sheets",
        &[("job", "/notice/job.cancelled/what"), ("ledger", "/print_state/done")],
    )
    .await;
}

/// The photos of a session that is over are destroyed.
async fn erase(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("tab-sessions").await;
    kiosk.tap("close-session-demo26").await;
    kiosk.until_state_of("session-demo26", "active", "false", SOON).await;
    kiosk.tap("tab-overview").await;
    kiosk.tap("erase-demo26").await;
    kiosk.wait_for("erase-code").await;
    look.state(kiosk, "erase-question", &[("erase-question", "/upkeep/erase_text")]).await;
    kiosk.tap("erase-code").await;
    kiosk.keys("demo26").await;
    kiosk.tap("erase-yes").await;
    for language in LANGUAGES {
        speak(kiosk, language).await;
        show(kiosk, "job").await;
        look.passing(kiosk, "working-erase", language, &[("job", "/upkeep/erasing")]).await;
    }
    speak(kiosk, LANGUAGES[0]).await;
    kiosk.until_state_of("job", "stage", "done", LONG).await;
}

#[test]
#[ignore = "takes minutes: see CONTRIBUTING.md"]
fn work_is_under_way() {
    run(async {
        let mut look = Look::of_states();
        let school = School::new().await;
        for size in SIZES {
            let desk = Desk::new(Setup { size, ..Setup::default() });
            school.move_into(&desk);
            approve_all(&desk);
            look.turn(size);
            let kiosk = desk.open().await;
            kiosk.screen("welcome").await;
            kiosk.open_panel().await;
            roster(&kiosk, &desk, &mut look).await;
            hand_over(&kiosk, &desk, &mut look).await;
            sheets(&kiosk, &mut look).await;
            erase(&kiosk, &mut look).await;
        }
        look.end();
    });
}
