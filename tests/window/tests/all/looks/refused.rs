//! The desk when something goes wrong: what happened, and what to do about it.

use std::fs;
use std::time::Duration;

use caixiang_virtual_camera::Flag;
use caixiang_virtual_printer::VirtualPrinter;
use caixiang_window_tests::{Desk, Disk, Kiosk, Look, School, Setup, bomb, run, speak};
use serde_json::json;

use super::{SIZES, SOON, typed};
use crate::desk::fill;
use crate::paper;

const LONG: Duration = Duration::from_secs(60);
/// Room for the school and a little more: less than a kiosk needs.
const DISK_MB: u64 = 900;
/// A stick with no room for a school.
const STICK_MB: u64 = 1;

/// Refusals that look like others.
const ALIKE: [&str; 3] = ["roster-damaged", "roster-empty", "printer-off"];

/// What an element says of a notice: what happened, and what to do.
async fn refusal(kiosk: &Kiosk, look: &mut Look, name: &str, testid: &str, code: &str) {
    let shown = async |kiosk: &Kiosk| kiosk.shows(testid).await;
    kiosk.until(testid, LONG, shown).await;
    let [what, fix] = ["what", "fix"].map(|part| format!("/notice/{code}/{part}"));
    let says = [(testid, what.as_str()), (testid, fix.as_str())];
    if ALIKE.contains(&name) {
        look.alike(kiosk, name, &says).await
    } else {
        look.state(kiosk, name, &says).await
    }
}

/// Files that are no roster, or harm.
async fn rosters(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    let rows = "学号,姓名\n2024000001,王小明\n".repeat(30_100);
    let files: [(&str, Vec<u8>, &str); 5] = [
        ("notice.xlsx", caixiang_virtual_printer::pdf("no roster"), "roster.wrong_kind"),
        ("bomb.xlsx", bomb(), "roster.bomb"),
        ("half.xlsx", bomb()[..4000].to_vec(), "roster.damaged"),
        ("everybody.csv", rows.into_bytes(), "roster.too_large"),
        ("nothing.csv", Vec::new(), "roster.empty"),
    ];
    kiosk.tap("tab-roster").await;
    for (file, bytes, code) in files {
        fs::write(desk.home().join(file), bytes).unwrap();
        kiosk.tap("roster-import").await;
        kiosk.tap("entry-home").await;
        kiosk.tap(&format!("entry-{file}")).await;
        kiosk.until_state_of("notice", "code", code, LONG).await;
        refusal(kiosk, look, &code.replace('.', "-"), "notice", code).await;
    }
    fs::write(desk.home().join("columns.csv"), "甲,乙\n王小明,文学院\n").unwrap();
    kiosk.tap("roster-import").await;
    kiosk.tap("entry-home").await;
    kiosk.tap("entry-columns.csv").await;
    kiosk.wait_for("roster-view").await;
    assert!(!kiosk.is_enabled("roster-apply").await);
    let says = [("roster-view", "/roster/needs_name"), ("roster-view", "/roster/needs_number")];
    look.state(kiosk, "refused-columns", &says).await;
    kiosk.tap("roster-cancel").await;
}

async fn forms(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    kiosk.tap("tab-sessions").await;
    kiosk.tap("new-session").await;
    fill(kiosk, "session-feature-code", "12").await;
    kiosk.tap("session-save").await;
    kiosk.wait_for("form-problems").await;
    let says = [
        ("session-form", "/notice/session.empty/what"),
        ("session-form", "/notice/session.feature_code/what"),
    ];
    look.state(kiosk, "refused-session", &says).await;
    kiosk.tap("session-cancel").await;
    fs::write(desk.home().join("settings.toml"), "[printing]\npaper = 4\n").unwrap();
    kiosk.tap("tab-overview").await;
    kiosk.tap("settings-import").await;
    kiosk.tap("entry-home").await;
    kiosk.tap("entry-settings.toml").await;
    refusal(kiosk, look, "refused-settings", "notice", "settings.unreadable").await;
}

/// A stick that takes nothing, and one that is too small.
async fn sticks(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("tab-handover").await;
    fill(kiosk, "handover-target", "folder").await;
    for (name, code) in [("FULL", "handover.no_space"), ("PROTECTED", "handover.place_lost")] {
        let stick = Disk::stick(name, STICK_MB);
        if name == "PROTECTED" {
            stick.protect();
        }
        let enabled = async |kiosk: &Kiosk| kiosk.is_enabled("handover-start").await;
        kiosk.until("it can be written", LONG, enabled).await;
        kiosk.tap("handover-start").await;
        kiosk.tap(&format!("entry-{name}")).await;
        let there = async |kiosk: &Kiosk| kiosk.is_enabled("file-here").await;
        kiosk.until("the folder", SOON, there).await;
        kiosk.tap("file-here").await;
        kiosk.until_state_of("job-failure", "code", code, LONG).await;
        refusal(kiosk, look, &code.replace('.', "-"), "job-failure", code).await;
    }
}

/// A printer that goes away with a print in it, and is away when the next one is wanted.
async fn printer(kiosk: &Kiosk, look: &mut Look) {
    let mut device = VirtualPrinter::start();
    paper::choose_printer(kiosk, &device).await;
    let name = device.printer().status().expect("it answers").make_and_model;
    device.play(Some("media-empty-error"));
    kiosk.tap("tab-printing").await;
    const CLASS: &str = r#"document.querySelector('[data-testid="print-waiting"] button').click();"#;
    kiosk.wait_for("print-waiting").await;
    kiosk.ask(CLASS, vec![]).await;
    let one = async |kiosk: &Kiosk| {
        kiosk.data("print-sheets", "count").await.parse::<u32>().unwrap() < 60
            && kiosk.is_enabled("print-start").await
    };
    kiosk.until("a class can be printed", LONG, one).await;
    kiosk.tap("print-start").await;
    refusal(
        kiosk,
        look,
        "printer-empty",
        &format!("chosen-{name}-printer.media_empty"),
        "printer.media_empty",
    )
    .await;
    device.kill();
    let off = format!("chosen-{name}-printer.unreachable");
    refusal(kiosk, look, "printer-off", &off, "printer.unreachable").await;
    // Another class, while nobody listens.
    kiosk.ask(CLASS, vec![]).await;
    let enabled = async |kiosk: &Kiosk| kiosk.is_enabled("print-start").await;
    kiosk.until("another class can be printed", LONG, enabled).await;
    kiosk.tap("print-start").await;
    refusal(kiosk, look, "printer-off-print", "job-failure", "printer.unreachable").await;
    // It is back, and has forgotten everything.
    assert!(device.switch_on());
    let doubtful = async |kiosk: &Kiosk| kiosk.shows("doubtful").await;
    kiosk.until("nobody knows what became of it", LONG, doubtful).await;
    look.state(
        kiosk,
        "printer-doubt",
        &[("doubtful", "/printing/unknown"), ("doubtful", "/printing/said_no")],
    )
    .await;
    kiosk.tap("tab-packing").await;
    paper::scan(kiosk, "2026-NOBODY.1").await;
    kiosk.until_state_of("scan-outcome", "outcome", "no_such_sheet", SOON).await;
    let says = [("scan-outcome", "/outcome/no_such_sheet"), ("scan-outcome", "/outcome_fix/no_such_sheet")];
    look.state(kiosk, "refused-scan", &says).await;
    // It is off when the kiosk's condition is looked at.
    device.kill();
}

/// Everything is wrong at once: the disk is full, the camera gone, the printer off.
async fn condition(kiosk: &Kiosk, desk: &Desk, disk: &Disk, look: &mut Look) {
    desk.camera().set(Flag::Unplug);
    kiosk.tap("tab-camera").await;
    refusal(kiosk, look, "camera-gone", "camera-notice", "camera.unplugged").await;
    kiosk.tap("tab-health").await;
    for part in ["disk", "camera", "printer"] {
        let bad = async |kiosk: &Kiosk| {
            let part = format!("health-{part}");
            kiosk.shows(&part).await && kiosk.data(&part, "state").await == "bad"
        };
        kiosk.until(part, LONG, bad).await;
    }
    let says = [("health-disk", "/health/disk_full"), ("health-camera", "/health/camera_lost")];
    look.state(kiosk, "bad-health", &says).await;
    disk.fill();
    let says = [("notice", "/notice/store.disk_full/what"), ("notice", "/notice/store.disk_full/fix")];
    for language in ["zh", "en"] {
        // Whatever is done next takes the notice away.
        speak(kiosk, language).await;
        kiosk.tap("mend-backup").await;
        kiosk.wait_for("notice").await;
        look.passing(kiosk, "disk-full", language, &says).await;
    }
}

/// Wrong PINs until no more are taken.
async fn pins(kiosk: &Kiosk, look: &mut Look) {
    kiosk.act(json!({ "kind": "staff" })).await;
    kiosk.staff("pin").await;
    for tries in 0.. {
        kiosk.keys("9999").await;
        typed(kiosk, 4).await;
        kiosk.tap("pin-enter").await;
        kiosk.wait_for("pin-problem").await;
        typed(kiosk, 0).await;
        let code = kiosk.data("pin-problem", "code").await;
        if tries == 0 {
            refusal(kiosk, look, "pin-wrong", "pin-problem", "pin.wrong").await;
        }
        if code == "pin.locked" {
            break;
        }
        assert!(tries < 9, "no lock-out");
    }
    refusal(kiosk, look, "pin-locked", "pin-problem", "pin.locked").await;
    assert!(!kiosk.is_enabled("pin-enter").await);
}

#[test]
#[ignore = "takes minutes: see CONTRIBUTING.md"]
fn something_is_wrong() {
    run(async {
        let mut look = Look::of_states();
        let school = School::new().await;
        for size in SIZES {
            let desk = Desk::new(Setup { size, ..Setup::default() });
            let disk = Disk::at(&desk.data(), DISK_MB);
            school.move_into(&desk);
            look.turn(size);
            let kiosk = desk.open().await;
            kiosk.screen("welcome").await;
            kiosk.open_panel().await;
            rosters(&kiosk, &desk, &mut look).await;
            forms(&kiosk, &desk, &mut look).await;
            sticks(&kiosk, &mut look).await;
            printer(&kiosk, &mut look).await;
            condition(&kiosk, &desk, &disk, &mut look).await;
            drop(kiosk);
        }
        look.end();
    });
}

#[test]
#[ignore = "takes minutes: see CONTRIBUTING.md"]
fn somebody_guesses_the_pin() {
    run(async {
        let mut look = Look::of_states();
        for size in SIZES {
            let desk = Desk::new(Setup { size, ..Setup::default() });
            look.turn(size);
            let kiosk = desk.open().await;
            kiosk.screen("welcome").await;
            pins(&kiosk, &mut look).await;
        }
        look.end();
    });
}
