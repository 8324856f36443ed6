//! Orders, the photographer's line and the staff's panel.

use serde::Serialize;
use ts_rs::TS;

use super::{LiveView, Notice, PhotoView, ResultView, Viewport};

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrderView {
    /// Its id.
    pub id: String,
    /// Its number.
    pub number: String,
    /// 拍摄号.
    pub shot_number: u32,
    /// Its state: `order.<code>`.
    pub state: String,
    /// When, local time.
    pub created: String,
    /// Its fee in fen.
    pub fee_fen: u32,
    /// Why it was rejected.
    pub rejection: Option<String>,
    /// 修改照片 leads to the camera.
    pub can_replace: bool,
    /// The student's name; masked on the student's screen.
    pub student: String,
    /// The photo in force.
    pub photo: PhotoView,
    /// The part of the camera's picture that it shows, where that is known.
    pub crop: Option<Viewport>,
}

/// A person in the photographer's queue.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueueRow {
    /// Id of the subject.
    pub id: String,
    /// Place in the queue as filtered, from 0.
    pub index: u32,
    /// Name.
    pub name: String,
    /// Student number.
    pub student_number: String,
    /// Class.
    pub class_name: String,
    /// `waiting`, `absent` or an order's state.
    pub standing: String,
}

/// Something that may be the wrong person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Alarm {
    /// `alarm.<code>`: `many_shots` or `same_face`.
    pub code: String,
    /// Under whose record the face was photographed.
    pub other: Option<String>,
}

/// Photographer mode.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LineView {
    /// What is searched for.
    pub search: String,
    /// The part of the queue that shows.
    pub rows: Vec<QueueRow>,
    /// Index of its first row.
    pub offset: u32,
    /// Rows as filtered.
    pub total: u32,
    /// Not photographed yet, in the whole session.
    pub waiting: u32,
    /// Photographed.
    pub done: u32,
    /// Absent.
    pub absent: u32,
    /// Who is in front of the camera.
    pub current: Option<QueueRow>,
    /// The live view.
    pub live: LiveView,
    /// The photo just taken.
    pub result: Option<ResultView>,
    /// Why the last shot gave no photo.
    pub failed: Option<Notice>,
    /// A photo is being made.
    pub busy: bool,
    /// Who was accepted last: can be taken back.
    pub accepted: Option<QueueRow>,
    /// What may be wrong.
    pub alarms: Vec<Alarm>,
    /// Faces are compared: the students of this line have agreed to it.
    pub compare: bool,
}

/// Why a PIN is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PinPurpose {
    /// To open the staff's panel.
    Panel,
    /// To let a blocked photo pass.
    Override,
    /// To confirm cash.
    Cash,
    /// To go on after a refused consent.
    Declined,
}

/// What staff have open above the screen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum StaffLayer {
    /// The PIN is asked.
    Pin {
        /// Why.
        purpose: PinPurpose,
        /// Digits typed.
        typed: u32,
        /// What was wrong: `pin.wrong` with `left`, or `pin.locked` with `seconds`.
        problem: Option<Notice>,
    },
    /// The reason for an override is asked; each code is `reason.<code>`, and free words may be typed.
    Reason {
        /// The reasons offered.
        reasons: Vec<String>,
    },
    /// The panel.
    Panel(PanelView),
}

/// The staff's panel.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PanelView {
    /// Which page.
    pub tab: PanelTab,
    /// Cameras that are connected.
    pub cameras: Vec<CameraChoice>,
    /// The controls of the chosen camera.
    pub controls: Vec<ControlView>,
    /// Whether they are locked.
    pub locked: bool,
    /// The larger format that the camera has for photos, where it has one.
    pub large_still: Option<LargeStillView>,
    /// Whose PIN opened it.
    pub role: Role,
    /// A decision of the review that can still be taken back.
    pub pending: Option<PendingView>,
    /// Counts the decisions that were carried out: a list that is older is read again.
    pub decided: u32,
    /// Orders of the session.
    pub order_count: u32,
    /// Reasons a photo can be rejected for: `reject.<code>`.
    pub reject_reasons: Vec<String>,
    /// The shutter opens by itself.
    pub auto_shutter: bool,
    /// When the last backup was made, local time.
    pub last_backup: Option<String>,
    /// Version of the program.
    pub version: String,
}

/// Who may do what at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the line, looks, packs.
    Photographer,
    /// Everything.
    Manager,
}

/// A decision that can still be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PendingView {
    /// Ids of the orders.
    pub orders: Vec<String>,
    /// Why they are rejected; none approves them.
    pub reason: Option<String>,
    /// Seconds until it is carried out.
    pub seconds: u32,
}

/// Pages of the staff's panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS, Default)]
#[serde(rename_all = "snake_case")]
pub enum PanelTab {
    /// How far the session is.
    #[default]
    Today,
    /// The students and the school's list of them.
    Roster,
    /// Orders and their review.
    Orders,
    /// Photo sheets, printers and what was printed.
    Printing,
    /// Parcels.
    Packing,
    /// What the school is handed.
    Handover,
    /// Sessions.
    Sessions,
    /// Camera and its controls.
    Camera,
    /// How every part of the kiosk is.
    Health,
    /// Mode, sounds, PINs, printers, what is kept how long.
    Overview,
}

/// A camera that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CameraChoice {
    /// Stable id.
    pub id: String,
    /// Its name; empty for the demonstration, whose name is in the message files.
    pub name: String,
    /// `usb`, `folder` or `stills`.
    pub kind: String,
    /// It is the one in use.
    pub chosen: bool,
}

/// A larger format that photos can be taken in; the live picture stands still for a second meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LargeStillView {
    /// Width, pixels.
    pub width_px: u32,
    /// Height, pixels.
    pub height_px: u32,
    /// It is used.
    pub on: bool,
}

/// A control of the camera: `control.<code>`.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ControlView {
    /// `exposure`, `white_balance`, `focus`, `zoom`, `gain` or `brightness`.
    pub code: String,
    /// Smallest value.
    #[ts(type = "number")]
    pub min: i64,
    /// Largest value.
    #[ts(type = "number")]
    pub max: i64,
    /// Step.
    #[ts(type = "number")]
    pub step: i64,
    /// Value now.
    #[ts(type = "number")]
    pub value: i64,
    /// Whether the camera chooses it: none where it cannot.
    pub auto: Option<bool>,
}
