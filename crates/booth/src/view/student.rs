//! The screens of the student's way, and what they are made of.

use serde::Serialize;
use ts_rs::TS;

use super::{Notice, Words};

/// The ways to say who one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum IdentifyWay {
    /// Scan the 图像采集码.
    Code,
    /// Type the number of an ID card or passport.
    Document,
    /// Type the student number.
    StudentNumber,
}

/// Identification.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IdentifyView {
    /// The way that shows.
    pub way: IdentifyWay,
    /// The ways of this session.
    pub ways: Vec<IdentifyWay>,
    /// What is typed, grouped; all but the end of a document's number is masked.
    pub typed: String,
    /// Characters typed.
    pub length: u32,
    /// What is wrong with it already.
    pub problem: Option<Notice>,
    /// It can be a whole number.
    pub complete: bool,
    /// Identification for 我的订单 and not for a new photo.
    pub for_orders: bool,
    /// Part of the camera's picture that is looked at for a code.
    pub viewport: Viewport,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Chinese by pinyin, or Latin letters.
    Text,
    /// Digits only.
    Digits,
    /// Letters and digits.
    Code,
    /// One of the choices.
    Choice,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// Its code; `field.<code>` is its name.
    pub code: String,
    /// Its value; a document's number is masked where it cannot be changed.
    pub value: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// The choices, as values; `choice.<code>.<value>` or the value itself.
    pub choices: Vec<String>,
    /// It must have a value.
    pub required: bool,
    /// It can be changed.
    pub editable: bool,
    /// What is wrong with it.
    pub problem: Option<Notice>,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProductView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Words,
    /// Its fee in fen.
    pub fee_fen: u32,
    /// Paper photos are part of it.
    pub paper: bool,
}

/// Part of the camera's picture, in shares of its width and height, not mirrored.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, serde::Deserialize, TS)]
pub struct Viewport {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl Viewport {
    /// All of it.
    pub const WHOLE: Self = Self { x: 0.0, y: 0.0, width: 1.0, height: 1.0 };
}

/// What the camera screen does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Phase {
    /// Looking for a good moment.
    Aiming,
    /// All is well; held for a moment before the countdown.
    Holding,
    /// 3, 2, 1.
    Countdown {
        /// The number that shows.
        left: u32,
    },
    /// The shutter is open.
    Taking,
}

/// What to change, one thing at a time: `prompt.<code>` in the message files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct Prompt {
    /// The code: `nobody`, `alone`, `closer`, `back`, `chin_up`, `chin_down`, `turn_left`, `turn_right`, `level`, `left`, `right`,
    /// `eyes`, `mouth`, `expression`, `gaze`, `glasses`, `hair`, `hat`, `covered`, `light`, `dark`, `bright`, `still`.
    pub code: String,
}

/// The live view.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LiveView {
    /// What it does.
    pub phase: Phase,
    /// All is well.
    pub ready: bool,
    /// What to change.
    pub prompt: Option<Prompt>,
    /// Part of the camera's picture that fills the frame of the photo: it follows the face.
    pub viewport: Viewport,
    /// The shutter opens by itself.
    pub auto_shutter: bool,
    /// Where head and shoulders belong in the viewport: id of the silhouette in assets/silhouettes.
    pub silhouette: String,
}

/// The camera screen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CaptureView {
    /// The live view.
    pub live: LiveView,
    /// Shots taken in this visit.
    pub shots: u32,
    /// Why the last shot gave no photo.
    pub failed: Option<Notice>,
    /// The reason of the rejection, where this shot replaces a rejected photo.
    pub rejection: Option<String>,
}

/// Where the page gets a photo: below `cam://localhost/`, valid while it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PhotoView {
    /// The camera's picture.
    pub original: String,
    /// The finished photo.
    pub finished: String,
}

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Would be refused.
    Block,
    /// May be refused.
    Warn,
    /// Worth knowing.
    Note,
}

/// One broken rule: `check."<code>"` in the message files has its name, `low`, `high` and `fix`.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingView {
    /// Code of the check.
    pub code: String,
    /// How grave.
    pub grade: Grade,
    /// Below the least allowed, or above the most.
    pub low: bool,
    /// What was measured, with its unit.
    pub value: String,
    /// The least allowed, with its unit.
    pub min: Option<String>,
    /// The most allowed, with its unit.
    pub max: Option<String>,
    /// Which drawing shows the fix: one of the prompts' or tips' codes.
    pub drawing: String,
}

/// The photo and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultView {
    /// Both pictures.
    pub photo: PhotoView,
    /// The part of the original that the finished photo shows, in shares.
    pub crop: Viewport,
    /// Broken rules, the gravest first.
    pub findings: Vec<FindingView>,
    /// A finding blocks: retake, or staff override.
    pub blocked: bool,
    /// Staff let it pass, with this reason.
    pub override_reason: Option<String>,
    /// What a person still looks at in the review.
    pub for_review: u32,
    /// Shots taken in this visit.
    pub shots: u32,
}

/// How the fee is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// Nothing due here: the school, the class or a list pays.
    NoneDue,
    /// In cash: a staff PIN confirms it.
    Cash,
    /// In cash, confirmed.
    CashReceived,
    /// By phone later; the order stays 待支付.
    Later,
    /// No new fee: this photo takes a rejected one's place.
    NoNewFee,
}

/// The order before it is made.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SummaryView {
    /// The photo.
    pub photo: PhotoView,
    /// The student, as on the screen of details, document numbers masked.
    pub fields: Vec<FieldView>,
    /// The product.
    pub product: ProductView,
    /// Where paper photos go.
    pub address: Option<String>,
    /// How the fee is settled.
    pub payment: Payment,
}

/// The order is made.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DoneView {
    /// The order's number.
    pub order_number: String,
    /// 拍摄号.
    pub shot_number: u32,
    /// Its state: `order.<code>`.
    pub state: String,
    /// What happens next: `next.<code>`.
    pub next: Vec<String>,
    /// Seconds until the welcome screen.
    pub seconds_left: u32,
    /// The photo.
    pub photo: PhotoView,
}
