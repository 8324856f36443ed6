//! Every screen in both languages, upright and lying: pictures for people to look at, and what a machine can see.

mod empty;
mod refused;
mod thousands;
mod working;

use std::fs;
use std::time::Duration;

use caixiang_virtual_camera::Flag;
use caixiang_virtual_printer::VirtualPrinter;
use caixiang_window_tests::{DARKROOM, Desk, Kiosk, Look, PIN, People, STUDENTS, Setup, run};
use serde_json::json;

use crate::paper;

/// Its checksum is not right.
const WRONG_NUMBER: &str = "990000200401011007";
const SOON: Duration = Duration::from_secs(20);
/// Lying and upright.
const SIZES: [(u32, u32); 2] = [(1920, 1080), (1080, 1920)];

async fn typed(kiosk: &Kiosk, digits: usize) {
    let typed = async |kiosk: &Kiosk| kiosk.data("pin", "typed").await == digits.to_string();
    kiosk.until("the digits", SOON, typed).await;
}

/// Scrolls a page to an element.
async fn show(kiosk: &Kiosk, testid: &str) {
    kiosk.wait_for(testid).await;
    const SHOW: &str = r#"document.querySelector('[data-testid="' + arguments[0] + '"]').scrollIntoView();"#;
    kiosk.ask(SHOW, vec![json!(testid)]).await;
}

async fn first_start(kiosk: &Kiosk, look: &mut Look) {
    kiosk.screen("choose_pin").await;
    kiosk.keys(PIN).await;
    typed(kiosk, PIN.len()).await;
    look.at(kiosk, "choose-pin").await;
    kiosk.tap("pin-enter").await;
    typed(kiosk, 0).await;
    kiosk.keys(PIN).await;
    typed(kiosk, PIN.len()).await;
    look.at(kiosk, "choose-pin-again").await;
    kiosk.tap("pin-enter").await;
}

async fn identity(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    kiosk.screen("welcome").await;
    look.at(kiosk, "welcome").await;
    kiosk.tap("next").await;
    kiosk.tap("consent-photograph-yes").await;
    kiosk.tap("consent-network-no").await;
    kiosk.tap("consent-compare-no").await;
    look.at(kiosk, "agreement").await;
    kiosk.tap("next").await;
    kiosk.screen("declined").await;
    look.at(kiosk, "declined").await;
    kiosk.tap("back").await;
    kiosk.screen("agreement").await;
    kiosk.act(json!({ "kind": "leave" })).await;
    kiosk.agree(false).await;
    People::Good.before(&desk.camera());
    kiosk.tap("way-code").await;
    kiosk.live().await;
    look.at(kiosk, "identify-code").await;
    kiosk.tap("way-document").await;
    kiosk.type_number(WRONG_NUMBER).await;
    kiosk.wait_for("problem").await;
    look.at(kiosk, "identify-document").await;
    kiosk.tap("way-student_number").await;
    kiosk.type_number(&STUDENTS[0].student_number).await;
    look.at(kiosk, "identify-student-number").await;
    kiosk.tap("next").await;
    kiosk.screen("last_four").await;
    kiosk.type_number(&STUDENTS[0].last_four()[..2]).await;
    look.at(kiosk, "last-four").await;
    kiosk.keys(&STUDENTS[0].last_four()[2..]).await;
    kiosk.until("four", SOON, async |kiosk| kiosk.data("typed", "length").await == "4").await;
    kiosk.tap("next").await;
    kiosk.screen("details").await;
    look.at(kiosk, "details").await;
    kiosk.tap("field-phone").await;
    kiosk.wait_for("entry").await;
    look.at(kiosk, "details-entry").await;
    kiosk.tap("entry-done").await;
    kiosk.give_details().await;
    look.at(kiosk, "guidelines").await;
    kiosk.tap("next").await;
}

async fn camera(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    kiosk.screen("capture").await;
    kiosk.live().await;
    People::Nobody.before(&desk.camera());
    kiosk.until_state("prompt", "nobody", SOON).await;
    look.at(kiosk, "capture-nobody").await;
    desk.camera().set(Flag::Unplug);
    kiosk.wait_for("camera-notice").await;
    look.at(kiosk, "capture-lost").await;
    desk.camera().clear(Flag::Unplug);
    kiosk.wait_gone("camera-notice").await;
    People::Good.before(&desk.camera());
    kiosk.until_state("ready", "true", SOON).await;
    look.at(kiosk, "capture-ready").await;
    kiosk.tap("shoot").await;
    kiosk.wait_for("countdown").await;
    look.one(kiosk, "capture-countdown", "zh").await;
    kiosk.screen_after_work("result").await;
    look.at(kiosk, "result").await;
}

async fn order(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("next").await;
    kiosk.screen("summary").await;
    look.at(kiosk, "summary").await;
    kiosk.tap("next").await;
    kiosk.screen_after_work("done").await;
    look.at(kiosk, "done").await;
    kiosk.screen_within("welcome", SOON).await;
    kiosk.my_orders(&STUDENTS[0]).await;
    look.at(kiosk, "orders").await;
    kiosk.tap("leave").await;
}

async fn started_and_left(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    kiosk.agree(false).await;
    kiosk.identify(&STUDENTS[1]).await;
    kiosk.give_details().await;
    kiosk.shoot(desk, People::Grey).await;
    kiosk.picture("photo-finished").await;
    look.at(kiosk, "result-blocked").await;
    kiosk.tap("override").await;
    kiosk.give_pin().await;
    kiosk.staff("reason").await;
    look.at(kiosk, "staff-reason").await;
    kiosk.tap("close-staff").await;
    kiosk.act(json!({ "kind": "leave" })).await;
    kiosk.agree(false).await;
    kiosk.identify(&STUDENTS[1]).await;
    kiosk.screen("resume").await;
    look.at(kiosk, "resume").await;
    kiosk.tap("back").await;
    kiosk.screen("welcome").await;
}

/// A roster with something of everything: new, changed, and rows that cannot be taken.
const ROSTER: &str = "学号,姓名,身份证号,学院名称,班级名称,手机号\n\
    20231000,王子涵,990000200401031234,文学院,汉语言 2302 班,13800138000\n\
    20239001,新同学,990000200406091234,文学院,汉语言 2301 班,12345\n\
    20239002,号码错,990000200401031230,文学院,汉语言 2301 班,\n\
    20239003,,,文学院,汉语言 2301 班,\n";

async fn staff(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    kiosk.act(json!({ "kind": "staff" })).await;
    kiosk.staff("pin").await;
    kiosk.keys("13").await;
    typed(kiosk, 2).await;
    look.at(kiosk, "staff-pin").await;
    kiosk.tap("key-clear").await;
    typed(kiosk, 0).await;
    kiosk.give_pin().await;
    kiosk.staff("panel").await;
    kiosk.wait_for("count-collected").await;
    look.at(kiosk, "desk-today").await;
    kiosk.tap("tab-roster").await;
    kiosk.until("the students", SOON, async |kiosk| kiosk.data("student-list", "total").await != "0").await;
    look.at(kiosk, "desk-roster").await;
    fs::write(desk.home().join("roster.csv"), ROSTER).unwrap();
    kiosk.tap("roster-import").await;
    kiosk.tap("entry-home").await;
    kiosk.wait_for("entry-roster.csv").await;
    look.at(kiosk, "desk-file").await;
    kiosk.tap("entry-roster.csv").await;
    kiosk.wait_for("roster-view").await;
    look.at(kiosk, "desk-import").await;
    kiosk.tap("roster-cancel").await;
    kiosk.tap("tab-handover").await;
    kiosk.wait_for("handover-photos").await;
    look.at(kiosk, "desk-handover").await;
    kiosk.tap("tab-sessions").await;
    kiosk.wait_for("new-session").await;
    look.at(kiosk, "desk-sessions").await;
    kiosk.tap("new-session").await;
    kiosk.wait_for("session-form").await;
    look.at(kiosk, "desk-session-form").await;
    kiosk.tap("session-cancel").await;
    kiosk.tap("tab-overview").await;
    look.at(kiosk, "staff-overview").await;
    kiosk.tap("tab-camera").await;
    kiosk.live().await;
    look.at(kiosk, "staff-camera").await;
    kiosk.tap("tab-orders").await;
    kiosk.until("an order", SOON, async |kiosk| kiosk.data("order-list", "total").await == "1").await;
    look.at(kiosk, "staff-orders").await;
    const OPEN: &str = r#"document.querySelector('[data-testid="order-list"] button').click();"#;
    kiosk.ask(OPEN, vec![]).await;
    kiosk.wait_for("order-detail").await;
    kiosk.picture("photo-finished").await;
    look.at(kiosk, "staff-order").await;
    kiosk.tap("reject").await;
    look.at(kiosk, "staff-reject").await;
    kiosk.tap("reject-cancel").await;
    kiosk.tap("approve").await;
    kiosk.wait_for("pending").await;
    kiosk.wait_gone("pending").await;
    on_paper(kiosk, look).await;
    kiosk.tap("tab-overview").await;
    kiosk.tap("work-photographer").await;
}

async fn on_paper(kiosk: &Kiosk, look: &mut Look) {
    let device = VirtualPrinter::start();
    kiosk.tap("tab-printing").await;
    kiosk.wait_for("print-preview-0").await;
    look.at(kiosk, "desk-no-printer").await;
    paper::choose_printer(kiosk, &device).await;
    look.at(kiosk, "desk-printers").await;
    let sheets = paper::print(kiosk, &device, 1, async |kiosk| {
        look.at(kiosk, "desk-printing").await;
    })
    .await;
    kiosk.tap("tab-packing").await;
    kiosk.wait_for("parcel-list").await;
    look.at(kiosk, "desk-packing").await;
    for sheet in &sheets {
        paper::scan(kiosk, &sheet.code).await;
        kiosk.until_state_of("scan-outcome", "outcome", "put", SOON).await;
    }
    look.at(kiosk, "desk-parcel").await;
    kiosk.tap("papers-labels").await;
    kiosk.wait_for("papers-pages-0").await;
    look.at(kiosk, "desk-label").await;
    kiosk.tap("papers-cancel").await;
    kiosk.tap("parcel-leave").await;
    paper::health(kiosk).await;
    look.at(kiosk, "desk-health").await;
    kiosk.tap("tab-overview").await;
    show(kiosk, "retention-demo26").await;
    look.at(kiosk, "desk-retention").await;
}

async fn line(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    kiosk.screen("line").await;
    People::Good.before(&desk.camera());
    kiosk.wait_for("current-name").await;
    // The photo that was started before is offered again.
    kiosk.tap("retake").await;
    kiosk.wait_gone("result").await;
    kiosk.until_state("ready", "true", SOON).await;
    kiosk.live().await;
    look.at(kiosk, "line").await;
    kiosk.tap("shoot").await;
    kiosk.until("the photo", DARKROOM, async |kiosk| kiosk.shows("result").await).await;
    look.at(kiosk, "line-result").await;
}

fn all_screens(size: (u32, u32)) {
    run(async {
        let desk = Desk::new(Setup { size, demonstration: false, ..Setup::default() });
        let mut look = Look::new(size);
        let kiosk = desk.open().await;
        first_start(&kiosk, &mut look).await;
        kiosk.screen("no_session").await;
        look.at(&kiosk, "no-session").await;
        kiosk.tap("open-panel").await;
        kiosk.give_pin().await;
        kiosk.staff("panel").await;
        kiosk.wait_for("step-session").await;
        look.at(&kiosk, "desk-first-steps").await;
        kiosk.tap("close-staff").await;
        kiosk.screen("no_session").await;
        kiosk.tap("open-demonstration").await;
        kiosk.screen("welcome").await;
        // The shutter waits for us, and not we for it.
        kiosk.open_panel().await;
        kiosk.tap("auto-shutter").await;
        kiosk.tap("close-staff").await;
        identity(&kiosk, &desk, &mut look).await;
        camera(&kiosk, &desk, &mut look).await;
        order(&kiosk, &mut look).await;
        started_and_left(&kiosk, &desk, &mut look).await;
        staff(&kiosk, &desk, &mut look).await;
        line(&kiosk, &desk, &mut look).await;
        look.end();
    });
}

#[test]
#[ignore = "takes minutes: see CONTRIBUTING.md"]
fn every_screen_lying() {
    all_screens(SIZES[0]);
}

#[test]
#[ignore = "takes minutes: see CONTRIBUTING.md"]
fn every_screen_upright() {
    all_screens(SIZES[1]);
}
