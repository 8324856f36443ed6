//! What the screen shows: the one thing the page is sent. It renders this and keeps nothing of its own.
//!
//! Every sentence is in the message files; here are codes and parameters. ID numbers are masked before they get here.

mod desk;
mod student;

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

pub use self::desk::*;
pub use self::student::*;

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

impl From<&caixiang_domain::Bilingual> for Words {
    fn from(text: &caixiang_domain::Bilingual) -> Self {
        Self { zh: text.zh.clone(), en: text.en.clone() }
    }
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
