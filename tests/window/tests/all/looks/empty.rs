//! The desk with nothing on its pages: each of them says how to begin.

use caixiang_window_tests::{Desk, Kiosk, Look, PIN, Setup, run};
use serde_json::json;

use super::{SIZES, SOON, show, typed};
use crate::desk::fill;

const NO_SESSION: &str = "/notice/desk.no_session/what";

/// Goes to a page.
async fn go(kiosk: &Kiosk, tab: &str, says: &[(&str, &str)]) {
    kiosk.tap(&format!("tab-{tab}")).await;
    for (testid, _) in says {
        kiosk.wait_for(testid).await;
    }
}

/// Goes to a page and looks at it.
async fn page(kiosk: &Kiosk, look: &mut Look, name: &str, tab: &str, says: &[(&str, &str)]) {
    go(kiosk, tab, says).await;
    look.state(kiosk, name, says).await;
}

/// Nobody has done anything yet.
async fn fresh(kiosk: &Kiosk, look: &mut Look) {
    page(kiosk, look, "empty-kiosk-today", "today", &[("first-steps", "/first/session")]).await;
    page(kiosk, look, "empty-kiosk-roster", "roster", &[("roster", NO_SESSION)]).await;
    for tab in ["orders", "printing", "packing", "handover"] {
        let says = [(tab, NO_SESSION)];
        go(kiosk, tab, &says).await;
        look.alike(kiosk, &format!("empty-kiosk-{tab}"), &says).await;
    }
    page(kiosk, look, "empty-sessions", "sessions", &[("sessions", "/sessions/empty")]).await;
    page(kiosk, look, "empty-health", "health", &[("health", "/health/session_none")]).await;
    kiosk.tap("tab-overview").await;
    show(kiosk, "retention").await;
    page(kiosk, look, "empty-settings", "overview", &[("retention", "/upkeep/retention_empty")]).await;
}

async fn session(kiosk: &Kiosk, code: &str, identity: &str) {
    kiosk.tap("tab-sessions").await;
    kiosk.tap("new-session").await;
    fill(kiosk, "session-name-zh", "二〇二七届毕业生图像采集").await;
    fill(kiosk, "session-name-en", "Class of 2027 graduation photos").await;
    fill(kiosk, "session-school-zh", "示范大学").await;
    fill(kiosk, "session-school-en", "Model University").await;
    fill(kiosk, "session-feature-code", code).await;
    fill(kiosk, "session-identity", identity).await;
    kiosk.tap("session-save").await;
    kiosk.wait_for(&format!("session-{code}")).await;
}

/// A session, and nobody in it.
async fn nobody(kiosk: &Kiosk, look: &mut Look) {
    session(kiosk, "C5UG16", "roster").await;
    kiosk.until_state_of("session-C5UG16", "active", "true", SOON).await;
    page(kiosk, look, "empty-today", "today", &[("step-roster", "/first/roster_text")]).await;
    assert_eq!(kiosk.data("first-steps", "next").await, "roster");
    page(kiosk, look, "empty-roster", "roster", &[("student-list", "/roster/empty")]).await;
    page(kiosk, look, "empty-orders", "orders", &[("order-list", "/panel/orders_empty")]).await;
    let printing = [
        ("print-empty", "/printing/empty"),
        ("no-printer", "/printing/no_printer"),
        ("ledger", "/printing/ledger_empty"),
    ];
    page(kiosk, look, "empty-printing", "printing", &printing).await;
    assert!(!kiosk.is_enabled("print-start").await && !kiosk.is_enabled("print-save").await);
    let packing = [("parcels-empty", "/packing/empty"), ("packing-hint", "/packing/hint")];
    page(kiosk, look, "empty-packing", "packing", &packing).await;
    page(kiosk, look, "empty-handover", "handover", &[("handover-empty", "/handover/empty")]).await;
    assert!(!kiosk.is_enabled("handover-start").await);
    kiosk.tap("tab-overview").await;
    kiosk.tap("work-photographer").await;
    kiosk.screen("line").await;
    look.state(kiosk, "empty-line", &[("queue", "/line/empty")]).await;
    kiosk.open_panel().await;
}

/// Students show a code: whoever collects may have no list of them.
async fn by_code(kiosk: &Kiosk, look: &mut Look) {
    session(kiosk, "K7UG16", "code").await;
    kiosk.tap("open-session-K7UG16").await;
    kiosk.until_state_of("session-K7UG16", "active", "true", SOON).await;
    page(kiosk, look, "empty-roster-code", "roster", &[("student-list", "/roster/empty_code")]).await;
    kiosk.tap("roster-import").await;
    kiosk.wait_for("notice").await;
    let says = [("roster", "/notice/roster.code_mode/what"), ("roster", "/notice/roster.code_mode/fix")];
    look.state(kiosk, "refused-code-mode", &says).await;
}

async fn choose_pin(kiosk: &Kiosk) {
    kiosk.screen("choose_pin").await;
    for _ in 0..2 {
        typed(kiosk, 0).await;
        kiosk.keys(PIN).await;
        typed(kiosk, PIN.len()).await;
        kiosk.tap("pin-enter").await;
    }
    kiosk.screen("no_session").await;
}

#[test]
#[ignore = "takes minutes: see CONTRIBUTING.md"]
fn nothing_is_there_yet() {
    run(async {
        let mut look = Look::of_states();
        for size in SIZES {
            let desk = Desk::new(Setup { size, demonstration: false, ..Setup::default() });
            look.turn(size);
            let kiosk = desk.open().await;
            choose_pin(&kiosk).await;
            kiosk.act(json!({ "kind": "staff" })).await;
            kiosk.give_pin().await;
            kiosk.staff("panel").await;
            fresh(&kiosk, &mut look).await;
            nobody(&kiosk, &mut look).await;
            by_code(&kiosk, &mut look).await;
        }
        look.end();
    });
}
