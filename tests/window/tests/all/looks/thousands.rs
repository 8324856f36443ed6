//! The desk with a whole school on its pages: five thousand orders.

use std::time::Duration;

use caixiang_window_tests::{Desk, Kiosk, Look, ORDERS, School, Setup, run};
use serde_json::json;

use super::{SIZES, SOON, show};
use crate::desk::fill;

/// Something is done with thousands of orders.
const LONG: Duration = Duration::from_secs(60);
/// Students of the school, with those of the demonstration.
const STUDENTS: usize = 5400;
/// More rows than fit on a screen, and far fewer than there are.
const MOST_DRAWN: u64 = 300;

async fn total(kiosk: &Kiosk, list: &str, total: usize) {
    kiosk.until_state_of(list, "total", &total.to_string(), LONG).await;
}

async fn count(kiosk: &Kiosk, testid: &str) -> usize {
    kiosk.data(testid, "count").await.parse().unwrap()
}

/// Scrolls a list to a share of its height, and waits until its rows are there; of so many only those in sight.
async fn scroll(kiosk: &Kiosk, list: &str, share: f64) {
    const SCROLL: &str = r#"
        const list = document.querySelector('[data-testid="' + arguments[0] + '"]');
        list.scrollTop = (list.scrollHeight - list.clientHeight) * arguments[1];
    "#;
    kiosk.ask(SCROLL, vec![json!(list), json!(share)]).await;
    const DRAWN: &str = r#"
        const list = document.querySelector('[data-testid="' + arguments[0] + '"]');
        return list.querySelectorAll('.slot > i').length === 0 ? list.querySelectorAll('.slot').length : null;
    "#;
    let there = async |kiosk: &Kiosk| {
        let drawn = kiosk.ask(DRAWN, vec![json!(list)]).await.as_u64();
        drawn.is_some_and(|drawn| (5..MOST_DRAWN).contains(&drawn))
    };
    kiosk.until(&format!("the rows of {list}"), SOON, there).await;
}

async fn pictures(kiosk: &Kiosk) {
    const LOADED: &str = "return [...document.images].every((one) => one.complete);";
    kiosk.until("the photos", SOON, async |kiosk| kiosk.ask(LOADED, vec![]).await == json!(true)).await;
}

async fn today(kiosk: &Kiosk, desk: &Desk, look: &mut Look) {
    kiosk.tap("tab-today").await;
    kiosk.wait_for("count-collected").await;
    assert_eq!(count(kiosk, "count-collected").await, ORDERS);
    let says =
        [("today", "/today/rate"), ("drift-light.balance", "/today/drift"), ("today", "/today/drift_fix")];
    look.state(kiosk, "many-today", &says).await;
    kiosk.tap("sort-missing").await;
    show(kiosk, "classes").await;
    assert!(count(kiosk, "classes").await > 100);
    look.state(kiosk, "many-today-classes", &[("classes", "/today/of_them_absent")]).await;
    kiosk.tap("missing-list").await;
    kiosk.tap("entry-home").await;
    kiosk.tap("file-here").await;
    kiosk.wait_for("missing-written").await;
    assert!(desk.home().join("未采集名单.xlsx").is_file());
}

async fn roster(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("tab-roster").await;
    total(kiosk, "student-list", STUDENTS).await;
    scroll(kiosk, "student-list", 0.6).await;
    look.state(kiosk, "many-roster", &[("roster", "/order/pending_production")]).await;
    fill(kiosk, "student-standing", "absent").await;
    let some = async |kiosk: &Kiosk| count(kiosk, "student-count").await < STUDENTS / 10;
    kiosk.until("the absent", SOON, some).await;
}

async fn review(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("tab-orders").await;
    total(kiosk, "order-list", ORDERS).await;
    scroll(kiosk, "order-list", 0.1).await;
    pictures(kiosk).await;
    look.state(kiosk, "many-review", &[("order-count", "/desk/count")]).await;
    const OPEN: &str =
        r#"document.querySelector('[data-testid="order-list"] [data-index="500"] button').click();"#;
    kiosk.ask(OPEN, vec![]).await;
    kiosk.wait_for("order-detail").await;
    kiosk.picture("photo-finished").await;
    pictures(kiosk).await;
    look.state(kiosk, "many-review-open", &[]).await;
    kiosk.chord(&['\u{e00c}']).await;
    kiosk.wait_gone("order-detail").await;
    kiosk.tap("layout").await;
    scroll(kiosk, "order-list", 0.5).await;
    look.state(kiosk, "many-orders", &[("order-count", "/desk/count")]).await;
    fill(kiosk, "filter-state", "refunded").await;
    total(kiosk, "order-list", 0).await;
    look.state(kiosk, "empty-search", &[("order-list", "/panel/orders_none")]).await;
    fill(kiosk, "filter-state", "pending_review").await;
    let waiting = async |kiosk: &Kiosk| (1..ORDERS).contains(&count(kiosk, "order-count").await);
    kiosk.until("the orders to review", SOON, waiting).await;
    let waiting = count(kiosk, "order-count").await;
    kiosk.tap("choose-all").await;
    kiosk.until_state_of("chosen", "count", &waiting.to_string(), SOON).await;
    kiosk.tap("approve-chosen").await;
    kiosk.wait_for("pending").await;
    look.state(kiosk, "many-approve", &[("pending", "/desk/pending_approve")]).await;
    kiosk.until("they are approved", LONG, async |kiosk| !kiosk.shows("pending").await).await;
    total(kiosk, "order-list", 0).await;
}

/// How many orders are approved by now.
async fn printing(kiosk: &Kiosk, look: &mut Look) -> usize {
    kiosk.tap("tab-printing").await;
    kiosk.until("the plan", LONG, async |kiosk| kiosk.shows("print-preview-0").await).await;
    let orders = count(kiosk, "print-orders").await;
    assert!(orders > ORDERS * 9 / 10, "{orders}");
    assert!(count(kiosk, "print-waiting").await > 100);
    look.state(kiosk, "many-printing", &[("printing", "/printing/first_sheet")]).await;
    orders
}

async fn packing(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("tab-packing").await;
    let listed = async |kiosk: &Kiosk| kiosk.data("parcel-list", "total").await.parse::<u32>().unwrap() > 100;
    kiosk.until("the parcels", LONG, listed).await;
    look.state(kiosk, "many-packing", &[("parcel-list", "/packing/due")]).await;
    const BEGIN: &str = r#"document.querySelectorAll('[data-testid^="begin-"]')[2].click();"#;
    kiosk.ask(BEGIN, vec![]).await;
    kiosk.wait_for("parcel").await;
    look.state(kiosk, "many-parcel", &[("parcel", "/packing/missing"), ("parcel", "/packing/not_printed")])
        .await;
    kiosk.tap("parcel-leave").await;
}

async fn hand_over(kiosk: &Kiosk, look: &mut Look, orders: usize) {
    kiosk.tap("tab-handover").await;
    kiosk.until("the plan", LONG, async |kiosk| kiosk.shows("handover-photos").await).await;
    assert_eq!(count(kiosk, "handover-photos").await, orders);
    look.state(kiosk, "many-handover", &[("handover", "/handover/start")]).await;
}

/// The same photos, each in a parcel of its own.
async fn by_mail(kiosk: &Kiosk, look: &mut Look, orders: usize) {
    kiosk.tap("tab-sessions").await;
    kiosk.tap("edit-session-demo26").await;
    fill(kiosk, "session-delivery", "individual").await;
    kiosk.tap("session-save").await;
    kiosk.wait_for("session-demo26").await;
    kiosk.tap("tab-packing").await;
    let listed =
        async |kiosk: &Kiosk| kiosk.data("parcel-list", "total").await.parse::<usize>().unwrap() >= orders;
    kiosk.until("the parcels", LONG, listed).await;
    scroll(kiosk, "parcel-list", 0.5).await;
    look.state(kiosk, "many-packing-mail", &[("packing", "/packing/mailing")]).await;
}

async fn line(kiosk: &Kiosk, look: &mut Look) {
    kiosk.tap("tab-overview").await;
    kiosk.tap("work-photographer").await;
    kiosk.screen("line").await;
    kiosk.until_state_of("queue", "total", &STUDENTS.to_string(), SOON).await;
    kiosk.live().await;
    look.state(kiosk, "many-line", &[("count-done", "/line/done")]).await;
}

#[test]
#[ignore = "takes minutes: see CONTRIBUTING.md"]
fn a_whole_school_is_there() {
    run(async {
        let mut look = Look::of_states();
        let school = School::new().await;
        for size in SIZES {
            let desk = Desk::new(Setup { size, ..Setup::default() });
            school.move_into(&desk);
            look.turn(size);
            let kiosk = desk.open().await;
            kiosk.screen("welcome").await;
            kiosk.open_panel().await;
            today(&kiosk, &desk, &mut look).await;
            roster(&kiosk, &mut look).await;
            review(&kiosk, &mut look).await;
            let orders = printing(&kiosk, &mut look).await;
            packing(&kiosk, &mut look).await;
            hand_over(&kiosk, &mut look, orders).await;
            by_mail(&kiosk, &mut look, orders).await;
            line(&kiosk, &mut look).await;
        }
        look.end();
    });
}
