//! The ways people go, step by step.

use std::time::Duration;

use crate::desk::Desk;
use crate::kiosk::Kiosk;
use crate::pictures::People;
use crate::roster::{PIN, Student};

/// WebDriver's names of keys that are no characters.
pub const ENTER: char = '\u{e007}';
/// The phone's number that everybody gives.
pub const PHONE: &str = "13800138000";
const CONTROL: char = '\u{e009}';
const ALT: char = '\u{e00a}';

impl Kiosk {
    /// From the welcome through the agreement.
    pub async fn agree(&self, compare: bool) {
        self.screen("welcome").await;
        self.tap("next").await;
        self.screen("agreement").await;
        self.tap("consent-photograph-yes").await;
        self.tap("consent-network-yes").await;
        self.tap(if compare { "consent-compare-yes" } else { "consent-compare-no" }).await;
        self.tap("next").await;
        self.screen("identify").await;
    }

    /// Types a number and waits until all of it has arrived.
    pub async fn type_number(&self, number: &str) {
        self.keys(number).await;
        let length = number.len().to_string();
        self.until("the whole number", Duration::from_secs(10), async |kiosk| {
            kiosk.data("typed", "length").await == length
        })
        .await;
    }

    /// Types the ID number on a real keyboard and goes on.
    pub async fn identify(&self, student: &Student) {
        self.screen("identify").await;
        self.type_number(&student.id_number).await;
        self.tap("next").await;
    }

    /// Gives the phone's number where it is missing, and goes on to the guidelines.
    pub async fn give_details(&self) {
        self.screen("details").await;
        self.tap("field-phone").await;
        self.wait_for("entry").await;
        self.keys(PHONE).await;
        self.until("the phone's number", Duration::from_secs(10), async |kiosk| {
            kiosk.text("entry-value").await.contains(PHONE)
        })
        .await;
        self.tap("entry-done").await;
        self.tap("next").await;
        self.screen("guidelines").await;
    }

    /// From the guidelines to a result: somebody comes, and the shutter is pressed by hand.
    pub async fn shoot(&self, desk: &Desk, people: People) {
        self.screen("guidelines").await;
        self.tap("next").await;
        self.shoot_here(desk, people).await;
    }

    /// The shutter, pressed by hand on the camera's screen: twice, so that no countdown is waited for.
    pub async fn shoot_here(&self, desk: &Desk, people: People) {
        self.screen("capture").await;
        people.before(&desk.camera());
        self.live().await;
        self.tap("shoot").await;
        self.screen_after_work("result").await;
    }

    /// Waits until pictures of the camera show.
    pub async fn live(&self) {
        self.until("live pictures", Duration::from_secs(10), async |kiosk| {
            kiosk.data("live", "flowing").await == "true"
        })
        .await;
    }

    /// From the result to the order; gives its number.
    pub async fn order(&self) -> String {
        self.screen("result").await;
        self.tap("next").await;
        self.screen("summary").await;
        self.tap("next").await;
        self.screen_after_work("done").await;
        self.text("order-number").await
    }

    /// All the way of a student in self-service; gives the order's number.
    pub async fn whole_way(&self, desk: &Desk, student: &Student, people: People) -> String {
        self.agree(false).await;
        self.identify(student).await;
        self.give_details().await;
        self.shoot(desk, people).await;
        let number = self.order().await;
        self.tap("next").await;
        self.screen("welcome").await;
        number
    }

    /// 我的订单 of a student.
    pub async fn my_orders(&self, student: &Student) {
        self.screen("welcome").await;
        self.tap("my-orders").await;
        self.identify(student).await;
        self.screen("orders").await;
    }

    /// Opens the staff's panel by its keys and the PIN.
    pub async fn open_panel(&self) {
        self.chord(&[CONTROL, ALT, 's']).await;
        self.give_pin().await;
        self.staff("panel").await;
        self.tap("tab-overview").await;
    }

    /// Types the PIN that is asked for.
    pub async fn give_pin(&self) {
        self.staff("pin").await;
        self.keys(PIN).await;
        self.until("the PIN", Duration::from_secs(10), async |kiosk| {
            kiosk.data("pin", "typed").await == PIN.len().to_string()
        })
        .await;
        self.tap("pin-enter").await;
    }
}
