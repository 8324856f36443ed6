//! An order is refused in the review, and its student brings another photo.

use std::time::Duration;

use caixiang_window_tests::{Desk, People, STUDENTS, Setup, run};

const SOON: Duration = Duration::from_secs(15);

#[test]
fn a_rejected_photo_is_replaced_without_a_new_fee() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        let student = &STUDENTS[0];
        let number = kiosk.whole_way(&desk, student, People::Good).await;

        kiosk.open_panel().await;
        kiosk.tap("tab-orders").await;
        kiosk.tap(&format!("open-{number}")).await;
        kiosk.wait_for("order-detail").await;
        kiosk.picture("photo-finished").await;
        kiosk.tap("reject").await;
        kiosk.tap("reject-hair").await;
        // A decision can be taken back for some seconds; then it counts.
        kiosk.wait_for("pending").await;
        kiosk.tap("undecide").await;
        kiosk.wait_gone("pending").await;
        assert_eq!(kiosk.data("order-detail", "state").await, "pending_review");
        kiosk.tap("reject").await;
        kiosk.tap("reject-hair").await;
        let rejected = async |kiosk: &caixiang_window_tests::Kiosk| {
            kiosk.data("order-detail", "state").await == "rejected"
        };
        kiosk.until("the order is rejected", SOON, rejected).await;
        kiosk.tap("close-staff").await;
        kiosk.staff("").await;

        kiosk.my_orders(student).await;
        let order = format!("order-{number}");
        kiosk.wait_for(&order).await;
        assert_eq!(kiosk.data("order-state", "state").await, "rejected");
        assert!(kiosk.text(&order).await.contains("头发"), "{}", kiosk.text(&order).await);
        kiosk.tap(&format!("replace-{number}")).await;
        kiosk.screen("guidelines").await;
        kiosk.tap("next").await;
        kiosk.screen("capture").await;
        assert!(kiosk.text("rejection").await.contains("头发"));
        kiosk.shoot_here(&desk, People::Back).await;
        kiosk.tap("next").await;
        kiosk.screen("summary").await;
        assert_eq!(kiosk.data("payment", "payment").await, "no_new_fee");
        kiosk.tap("next").await;
        kiosk.screen_after_work("done").await;
        assert_eq!(kiosk.text("order-number").await, number, "the order keeps its number");
        assert_eq!(kiosk.data("order-state", "state").await, "pending_review");
        kiosk.tap("next").await;

        kiosk.my_orders(student).await;
        kiosk.wait_for(&order).await;
        assert_eq!(kiosk.data("order-state", "state").await, "pending_review");
        assert!(!kiosk.shows(&format!("replace-{number}")).await);
        kiosk.tap("leave").await;
        kiosk.screen("welcome").await;
    });
}
