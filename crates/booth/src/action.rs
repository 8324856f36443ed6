//! What people do on the screen: the one thing the page sends.

use serde::Deserialize;
use ts_rs::TS;

use crate::view::{IdentifyWay, Language, PanelTab, Working};

/// Longest text that an action may carry, bytes.
pub const MAX_TEXT_BYTES: usize = 4096;

/// A consent of the agreement screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// To be photographed.
    Photograph,
    /// To have photo and details sent.
    Network,
    /// To have faces compared within the session.
    Compare,
}

/// What was done.
#[derive(Clone, PartialEq, Deserialize, TS, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Action {
    /// A finger or key moved and nothing else: the idle time begins anew.
    Touch,
    /// The language switch.
    Speak {
        /// The language.
        language: Language,
    },
    /// The quiet *call staff*; again takes it back.
    CallStaff,
    /// The screen's primary action: begin, go on, submit, done.
    Next,
    /// Back.
    Back,
    /// Leave: all of this visit is wiped from the screen; what was taken is kept for the same student.
    Leave,
    /// 我的订单 on the welcome screen.
    MyOrders,
    /// A consent is given or refused.
    Answer {
        /// Which.
        consent: Consent,
        /// Given.
        given: bool,
    },
    /// Another way to identify.
    Way {
        /// Which.
        way: IdentifyWay,
    },
    /// A key of the number pad, the on-screen or the real keyboard, or the PIN pad: one character, `backspace`, `clear` or `enter`.
    Key {
        /// The key.
        key: String,
    },
    /// A keyboard-wedge scanner typed this.
    Scanned {
        /// What it read.
        text: String,
    },
    /// Whether the started capture is taken up (or discarded).
    Resume {
        /// Taken up.
        go_on: bool,
    },
    /// A field's value.
    Fill {
        /// The field's code.
        field: String,
        /// Its value.
        value: String,
    },
    /// A product.
    Choose {
        /// Its code.
        product: String,
    },
    /// The shutter.
    Shoot,
    /// Stops a countdown.
    Hold,
    /// Takes the photo again.
    Retake,
    /// 修改照片 of a rejected order.
    Replace {
        /// The order's id.
        order: String,
    },
    /// Photographer: somebody of the queue.
    Select {
        /// The subject's id.
        subject: String,
    },
    /// Photographer: the next who waits.
    NextPerson,
    /// Photographer: not here (or here after all).
    Absent,
    /// Photographer: the photo is good; the order is made, and the next comes.
    Accept,
    /// Photographer: who was accepted last is photographed again after all.
    TakeBack,
    /// Photographer: searches the queue.
    Search {
        /// Name, initials or number.
        text: String,
    },
    /// Photographer: another part of the queue.
    Scroll {
        /// Index of the first row.
        offset: u32,
    },
    /// Photographer: the students of this line have agreed to the comparison of faces, or not.
    CompareFaces {
        /// Agreed.
        on: bool,
    },
    /// Photographer: the alarm was seen.
    DismissAlarm,
    /// Staff: open the panel; the PIN is asked.
    Staff,
    /// Staff: let a blocked photo pass; the PIN is asked, then the reason.
    Override,
    /// Staff: cash was received; the PIN is asked.
    Cash,
    /// Staff: the reason for what they do.
    Reason {
        /// A code of the list, or free words.
        reason: String,
    },
    /// Staff: close what they have open.
    CloseStaff,
    /// Staff: another page of the panel.
    Tab {
        /// Which.
        tab: PanelTab,
    },
    /// Staff: who works the kiosk.
    Work {
        /// Who.
        working: Working,
    },
    /// Staff: use this camera.
    UseCamera {
        /// Its id.
        id: String,
    },
    /// Staff: set a control of the camera.
    Control {
        /// Its code.
        code: String,
        /// Its value; none hands it to the camera.
        #[ts(type = "number | null")]
        value: Option<i64>,
    },
    /// Staff: keep the controls as they are now, or hand them back to the camera.
    LockControls {
        /// Keep.
        lock: bool,
    },
    /// Staff: photos are taken in the camera's larger format, or as the live view has it.
    LargeStill {
        /// Larger.
        on: bool,
    },
    /// Staff: the shutter opens by itself, or not.
    AutoShutter {
        /// By itself.
        on: bool,
    },
    /// Staff: sounds.
    Sound {
        /// On.
        on: bool,
    },
    /// Staff: the review of these orders passes or fails. It can be taken back for some seconds.
    Decide {
        /// The orders' ids.
        orders: Vec<String>,
        /// Why it fails: a code of the list, or free words. None: it passes.
        reason: Option<String>,
    },
    /// Staff: the decision is taken back.
    Undecide,
    /// Staff: the fee of a waiting order was received.
    Settle {
        /// The order's id.
        order: String,
    },
    /// Staff: make a backup now.
    Backup,
    /// Staff: open the demonstration where no session is open.
    OpenDemonstration,
    /// Trouble: try again.
    Retry,
    /// Trouble: put this backup in place.
    Restore {
        /// Index in the list that shows.
        backup: u32,
    },
    /// Staff: close the program.
    Quit,
}

impl Action {
    /// How much text it carries, bytes.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Key { key: text }
            | Self::Scanned { text }
            | Self::Choose { product: text }
            | Self::Replace { order: text }
            | Self::Select { subject: text }
            | Self::Search { text }
            | Self::Reason { reason: text }
            | Self::UseCamera { id: text }
            | Self::Control { code: text, .. }
            | Self::Settle { order: text } => text.len(),
            Self::Fill { field, value } => field.len() + value.len(),
            // The review decides on a whole list at once; its length is looked at where it is carried out.
            Self::Decide { reason, .. } => reason.as_ref().map_or(0, String::len),
            _ => 0,
        }
    }
}

impl std::fmt::Debug for Action {
    /// Says what was done and never what was typed: keys, scans and values are the student's.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.into())
    }
}
