//! What the screen shows: the one thing the page is sent. It renders this and keeps nothing of its own.
//!
//! Every sentence is in the message files; here are codes and parameters. ID numbers are masked before they get here.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

/// The language of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS, Default)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// Who works the kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS, Default)]
#[serde(rename_all = "snake_case")]
pub enum Working {
    /// Students serve themselves.
    #[default]
    SelfService,
    /// A photographer runs the line.
    Photographer,
}

/// A text in both languages, as staff wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, TS, Default)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A message: `notice.<code>` in the message files, with parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    /// The stable code.
    pub code: String,
    /// What stands in the braces of the sentence.
    pub params: BTreeMap<String, String>,
}

impl Notice {
    /// A message without parameters.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), params: BTreeMap::new() }
    }

    /// With one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// Everything that is on the screen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Grows with every view; a page that gets an older one drops it.
    #[ts(type = "number")]
    pub version: u64,
    /// The language.
    pub language: Language,
    /// Who works the kiosk.
    pub working: Working,
    /// The session, once one is open.
    pub session: Option<SessionView>,
    /// The screen.
    pub screen: Screen,
    /// Which of the five steps it is: 身份 → 信息 → 拍照 → 确认 → 完成.
    pub step: Option<Step>,
    /// What went wrong with the last action; it takes the action's place, not the screen's.
    pub notice: Option<Notice>,
    /// Whether *back* leads anywhere.
    pub can_go_back: bool,
    /// Seconds until the screen is wiped, once the warning shows.
    pub idle: Option<u32>,
    /// What staff have open above the screen.
    pub staff: Option<StaffLayer>,
    /// A student asked for staff.
    pub staff_called: bool,
    /// The booth's condition.
    pub status: Status,
}

/// What the screen says of the session.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// Its name.
    pub name: Words,
    /// The school.
    pub school: Words,
    /// Its feature code.
    pub feature_code: String,
    /// What to bring.
    pub bring: Vec<Words>,
    /// `code` or `roster`.
    pub identity: String,
    /// The demonstration: its orders are nobody's.
    pub demonstration: bool,
    /// Backdrop as `#rrggbb`.
    pub backdrop: String,
    /// Width of the finished photo, pixels.
    pub photo_width_px: u32,
    /// Height of the finished photo, pixels.
    pub photo_height_px: u32,
}

/// The five steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 身份.
    Identity,
    /// 信息.
    Details,
    /// 拍照.
    Photo,
    /// 确认.
    Confirm,
    /// 完成.
    Done,
}

/// The booth's condition.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// The camera.
    pub camera: CameraStatus,
    /// The keys lie in a passphrase file and not in the system's keystore.
    pub weak_keys: bool,
    /// Orders that wait to be sent.
    #[ts(type = "number")]
    pub unsent: u64,
    /// Whether shutter and countdown make sounds.
    pub sound: bool,
}

/// The camera's condition.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum CameraStatus {
    /// None is chosen or connected.
    None,
    /// Being opened.
    Opening,
    /// Pictures arrive.
    Live {
        /// Its name.
        name: String,
        /// Width of its pictures, pixels.
        width_px: u32,
        /// Height, pixels.
        height_px: u32,
    },
    /// It was lost and is being opened again.
    Lost {
        /// Its name.
        name: String,
        /// Why: `notice.<code>` says what to do.
        code: String,
        /// How often it was tried.
        attempt: u32,
    },
}

/// The screens.
#[expect(clippy::large_enum_variant, reason = "there is one of them")]
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Screen {
    /// Being started.
    Starting,
    /// Nothing works until staff act.
    Trouble {
        /// What happened.
        notice: Notice,
        /// Backups that can be put in place, newest first, as local times.
        backups: Vec<String>,
        /// Whether trying again may help.
        can_retry: bool,
    },
    /// First start: staff choose the PIN.
    ChoosePin {
        /// Digits typed.
        typed: u32,
        /// Typed for the second time.
        again: bool,
    },
    /// No session is open: staff open one, or the demonstration.
    NoSession,
    /// A welcome worth looking at from across a hall.
    Welcome,
    /// The agreement and the separate consents.
    Agreement {
        /// To be photographed.
        photograph: Option<bool>,
        /// To have photo and details sent to the school and the collecting agency over the network.
        network: Option<bool>,
        /// To have faces compared within this session, in memory only. Never required.
        compare: Option<bool>,
        /// Everything required is answered.
        complete: bool,
    },
    /// A required consent was refused: staff have another way.
    Declined,
    /// Who are you?
    Identify(IdentifyView),
    /// The last four characters of the document's number.
    LastFour {
        /// Who it should be, masked: 王*明.
        name: Option<String>,
        /// What is typed.
        typed: String,
        /// Tries left.
        tries_left: u32,
    },
    /// A capture was started before and not ended.
    Resume {
        /// When, local time.
        started: String,
        /// A photo was taken already.
        photo: Option<PhotoView>,
    },
    /// The student's details: to confirm, or to fill in.
    Details {
        /// The fields in order.
        fields: Vec<FieldView>,
        /// The roster knows them already.
        prefilled: bool,
        /// Nothing is missing or wrong.
        complete: bool,
    },
    /// Which product, and where to send paper photos.
    Delivery {
        /// The products.
        products: Vec<ProductView>,
        /// Code of the one chosen.
        chosen: Option<String>,
        /// Address fields, where the chosen one has paper photos.
        address: Vec<FieldView>,
        /// Nothing is missing or wrong.
        complete: bool,
    },
    /// Good and bad examples; each code has a drawing and `tip.<code>` in the message files.
    Guidelines {
        /// The codes in order of importance.
        tips: Vec<String>,
    },
    /// The camera.
    Capture(CaptureView),
    /// A photo is being made or stored.
    Busy {
        /// `photo` or `order`.
        what: String,
    },
    /// The photo and what is to be said of it.
    Result(ResultView),
    /// The order before it is made.
    Summary(SummaryView),
    /// The order is made.
    Done(DoneView),
    /// 我的订单.
    Orders {
        /// Newest first.
        orders: Vec<OrderView>,
        /// Whose, masked.
        name: Option<String>,
        /// A new order can be made.
        can_order: bool,
    },
    /// Photographer mode.
    Line(LineView),
}

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
    /// The part of the camera's picture that it shows.
    pub crop: Viewport,
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
    /// What is searched for among the orders.
    pub search: String,
    /// Orders found, newest first.
    pub orders: Vec<OrderView>,
    /// The order that shows large.
    pub open_order: Option<String>,
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

/// Pages of the staff's panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, TS, Default)]
#[serde(rename_all = "snake_case")]
pub enum PanelTab {
    /// Mode, session, condition.
    #[default]
    Overview,
    /// Camera and its controls.
    Camera,
    /// Orders and their review.
    Orders,
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
