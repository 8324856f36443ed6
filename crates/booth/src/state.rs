//! Where the booth stands. Every variant carries what belongs to it; nothing else is remembered of a student.

mod staff;

use std::sync::Arc;

use caixiang_domain::{
    Delivery, Details, Field, OrderId, OrderState, Payer, PhotoId, Preset, Product, Session, SubjectId,
    VisitId,
};

pub use staff::{Decision, Panel, PanelData, StaffAt};

use crate::view::{
    Alarm, CameraStatus, FindingView, IdentifyWay, Language, Notice, Phase, PhotoView, Viewport, Working,
};

/// A session with the rules its photos are judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The session.
    pub session: Arc<Session>,
    /// Its preset, with what the session asks beyond it.
    pub preset: Arc<Preset>,
}

/// Answers of the agreement screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Consents {
    /// To be photographed.
    pub photograph: Option<bool>,
    /// To have photo and details sent.
    pub network: Option<bool>,
    /// To have faces compared.
    pub compare: Option<bool>,
}

impl Consents {
    /// What must be agreed to is answered.
    pub fn complete(self) -> bool {
        self.photograph.is_some() && self.network.is_some()
    }

    /// What must be agreed to is agreed to.
    pub fn agreed(self) -> bool {
        self.photograph == Some(true) && self.network == Some(true)
    }
}

/// What somebody identifies for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A photo, with these consents.
    Photo(Consents),
    /// 我的订单.
    Orders,
}

/// Identification in the making.
#[derive(Clone, PartialEq)]
pub struct Identify {
    /// What for.
    pub purpose: Purpose,
    /// The way that shows.
    pub way: IdentifyWay,
    /// What is typed.
    pub typed: String,
    /// A code that no record has yet; the number that is typed now belongs to it.
    pub code: Option<[u8; 32]>,
}

impl std::fmt::Debug for Identify {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identify")
            .field("purpose", &self.purpose)
            .field("way", &self.way)
            .finish_non_exhaustive()
    }
}

/// A student that a record was found for.
#[derive(Debug, Clone, PartialEq)]
pub struct Student {
    /// The record.
    pub subject: SubjectId,
    /// What is known.
    pub details: Details,
    /// The last four characters of the document's number, where known.
    pub last_four: Option<String>,
    /// The newest order that is in force.
    pub order: Option<InForce>,
}

/// An order that was neither closed nor refunded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Its id.
    pub id: OrderId,
    /// Where it stands.
    pub state: OrderState,
    /// Why it was rejected.
    pub rejection: Option<String>,
}

impl Student {
    /// The rejected order that a new photo would replace.
    pub fn to_replace(&self) -> Option<Replacing> {
        let order = self.order.as_ref().filter(|order| order.state == OrderState::Rejected)?;
        Some(Replacing { order: order.id, rejection: order.rejection.clone().unwrap_or_default() })
    }
}

/// Whose last four characters are asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Claim {
    /// The record that was found.
    Known(Box<Student>),
    /// Nobody yet: a new record for this code.
    New([u8; 32]),
}

/// A rejected order that a new photo is taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacing {
    /// The order.
    pub order: OrderId,
    /// Why it was rejected.
    pub rejection: String,
}

/// A finished photo that is kept in the vault.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Its id.
    pub photo: PhotoId,
    /// Where the page gets it.
    pub view: PhotoView,
    /// The part of the original that it shows.
    pub crop: Viewport,
    /// Broken rules, the gravest first.
    pub findings: Vec<FindingView>,
    /// One of them blocks.
    pub blocked: bool,
    /// What a person still looks at.
    pub for_review: u32,
    /// Staff let it pass, with this reason.
    pub override_reason: Option<String>,
    /// The same face was photographed under this other record.
    pub same_face: Option<String>,
}

impl Taken {
    /// Whether it may become an order.
    pub fn passes(&self) -> bool {
        !self.blocked || self.override_reason.is_some()
    }
}

/// One student's time at the kiosk.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// Whose.
    pub student: Student,
    /// 拍摄号.
    pub shot_number: u32,
    /// What was agreed to.
    pub consents: Consents,
    /// The student's details as filled in.
    pub details: Details,
    /// The product chosen.
    pub product: Option<String>,
    /// Shots taken.
    pub shots: u32,
    /// The photo in hand.
    pub taken: Option<Taken>,
    /// The rejected order it is for.
    pub replacing: Option<Replacing>,
    /// Staff confirmed the cash.
    pub cash_received: bool,
}

/// The live view.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// What it does.
    pub phase: Phase,
    /// When the phase ends, by the booth's clock; while aiming, when the shutter may open by itself again.
    pub until_ms: u64,
    /// The countdown was asked for by hand: a frown does not stop it.
    pub manual: bool,
    /// All is well.
    pub ready: bool,
    /// Since when it is not, where it is not.
    pub unready_ms: Option<u64>,
    /// What to change.
    pub prompt: Option<&'static str>,
    /// Part of the picture that shows.
    pub viewport: Viewport,
    /// Why the last shot gave no photo.
    pub failed: Option<Notice>,
}

impl Live {
    /// A live view that was just opened.
    pub fn new() -> Self {
        Self {
            phase: Phase::Aiming,
            until_ms: 0,
            manual: false,
            ready: false,
            unready_ms: None,
            prompt: None,
            viewport: Viewport::WHOLE,
            failed: None,
        }
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}

/// An order as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderItem {
    /// Its id.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// 拍摄号.
    pub shot_number: u32,
    /// Its state.
    pub state: OrderState,
    /// When, local time.
    pub created: String,
    /// The fee, fen.
    pub fee_fen: u32,
    /// Why it was rejected.
    pub rejection: Option<String>,
    /// The student's name.
    pub name: String,
    /// Where the page gets its photo.
    pub view: PhotoView,
    /// The part of the camera's picture that the photo shows, in shares, where it is known.
    pub crop: Option<Viewport>,
}

/// A person of the photographer's queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueueItem {
    /// The record.
    pub subject: SubjectId,
    /// Place in the queue as filtered.
    pub index: u32,
    /// Name.
    pub name: String,
    /// Student number.
    pub student_number: String,
    /// Class.
    pub class_name: String,
    /// `waiting`, `absent` or an order's state.
    pub standing: &'static str,
}

/// A part of the queue.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct QueuePart {
    /// The rows.
    pub rows: Vec<QueueItem>,
    /// Index of the first.
    pub offset: u32,
    /// Rows as filtered.
    pub total: u32,
    /// Waiting in the whole session.
    pub waiting: u32,
    /// Photographed.
    pub done: u32,
    /// Absent.
    pub absent: u32,
}

/// Photographer mode.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What is searched for.
    pub search: String,
    /// The part of the queue that shows.
    pub queue: QueuePart,
    /// Who is in front of the camera.
    pub current: Option<Box<Visit>>,
    /// Their row.
    pub row: Option<QueueItem>,
    /// The live view.
    pub live: Live,
    /// A photo is being made or stored.
    pub busy: bool,
    /// Who was accepted last, with the order.
    pub accepted: Option<(QueueItem, OrderId)>,
    /// What may be wrong.
    pub alarms: Vec<Alarm>,
    /// Faces are compared.
    pub compare: bool,
}

impl Line {
    /// Whether this visit is before the camera.
    pub(crate) fn is_with(&self, visit: Option<VisitId>) -> bool {
        self.current.as_ref().is_some_and(|current| Some(current.id) == visit)
    }
}

/// Nothing works until staff act.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// What happened.
    pub notice: Notice,
    /// Backups, newest first, as local times.
    pub backups: Vec<String>,
    /// Trying again may help.
    pub can_retry: bool,
}

/// The order that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderMade {
    /// Its id.
    pub id: OrderId,
    /// Its number.
    pub number: String,
    /// 拍摄号.
    pub shot_number: u32,
    /// Its state.
    pub state: OrderState,
    /// Whether paper photos go to the student.
    pub mailed: bool,
}

/// The screen.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "there is one of them")]
pub enum At {
    /// Being started.
    Starting,
    /// Nothing works.
    Trouble(Trouble),
    /// Staff choose the PIN.
    ChoosePin {
        /// Typed the first time.
        first: Option<Secret>,
        /// What is typed.
        typed: Secret,
    },
    /// No session is open.
    NoSession,
    /// The welcome.
    Welcome,
    /// The agreement.
    Agreement(Consents),
    /// A required consent was refused.
    Declined,
    /// Who are you?
    Identify(Identify),
    /// The last four characters.
    LastFour {
        /// What for.
        purpose: Purpose,
        /// Whose.
        claim: Claim,
        /// What is typed.
        typed: String,
        /// Tries left.
        tries_left: u32,
    },
    /// A capture that was started before.
    Resume {
        /// It, with the consents of today.
        visit: Visit,
        /// When it was started, local time.
        started: String,
    },
    /// Details.
    Details(Visit),
    /// Product and address.
    Delivery(Visit),
    /// Good and bad examples.
    Guidelines(Visit),
    /// The camera.
    Capture(Visit, Live),
    /// An order is being stored.
    Busy(Visit),
    /// The photo in hand.
    Result(Visit),
    /// The order before it is made.
    Summary(Visit),
    /// The order is made.
    Done {
        /// The order.
        order: OrderMade,
        /// The photo.
        view: PhotoView,
        /// When the welcome comes back.
        until_ms: u64,
    },
    /// 我的订单.
    Orders {
        /// Whose.
        student: Student,
        /// Newest first.
        orders: Vec<OrderItem>,
        /// Consents, where the student came for a photo.
        consents: Option<Consents>,
    },
    /// Photographer mode.
    Line(Line),
}

/// Digits that are never shown or logged.
#[derive(Clone, PartialEq, Eq, Default, zeroize::Zeroize, zeroize::ZeroizeOnDrop)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// All of it.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// The language of the screen.
    pub language: Language,
    /// The language that the screen returns to for the next student.
    pub home_language: Language,
    /// Without a touch for so long, a student is asked whether they are still there, milliseconds.
    pub idle_ms: u64,
    /// Who works the kiosk.
    pub working: Working,
    /// The session that is open.
    pub setting: Option<Setting>,
    /// The screen.
    pub at: At,
    /// What went wrong with the last action.
    pub notice: Option<Notice>,
    /// What staff have open.
    pub staff: Option<StaffAt>,
    /// A student asked for staff.
    pub called: bool,
    /// The booth's clock: milliseconds since it started.
    pub now_ms: u64,
    /// The day, by the kiosk's clock, once it is known.
    pub today: Option<jiff::civil::Date>,
    /// When somebody was last there.
    pub touched_ms: u64,
    /// The camera.
    pub camera: CameraStatus,
    /// Whose shot is being made into a photo: until it is there, the shutter opens for nobody.
    pub shooting: Option<VisitId>,
    /// The keys lie in a passphrase file.
    pub weak_keys: bool,
    /// Orders that wait to be sent.
    pub unsent: u64,
    /// Sounds.
    pub sound: bool,
    /// The shutter opens by itself.
    pub auto_shutter: bool,
}

impl State {
    /// A booth that is being started.
    pub fn new() -> Self {
        Self {
            language: Language::default(),
            home_language: Language::default(),
            idle_ms: crate::next::IDLE_WARNING_MS,
            working: Working::default(),
            setting: None,
            at: At::Starting,
            notice: None,
            staff: None,
            called: false,
            now_ms: 0,
            today: None,
            touched_ms: 0,
            camera: CameraStatus::None,
            shooting: None,
            weak_keys: false,
            unsent: 0,
            sound: true,
            auto_shutter: true,
        }
    }

    /// The open session.
    pub fn session(&self) -> Option<&Session> {
        self.setting.as_ref().map(|setting| &*setting.session)
    }

    /// Whether the open session takes no photos today.
    pub fn is_closed_today(&self) -> bool {
        let open = |session: &Session, today| session.terms.is_open_on(today);
        self.session().zip(self.today).is_some_and(|(session, today)| !open(session, today))
    }

    /// The live view that is on the screen.
    pub fn live(&self) -> Option<&Live> {
        match &self.at {
            At::Capture(_, live) => Some(live),
            At::Line(line) => Some(&line.live),
            _ => None,
        }
    }

    /// The same, to change it.
    pub(crate) fn live_mut(&mut self) -> Option<&mut Live> {
        match &mut self.at {
            At::Capture(_, live) => Some(live),
            At::Line(line) => Some(&mut line.live),
            _ => None,
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

/// The address fields of paper photos, in the order in which they are asked.
pub const ADDRESS: [Field; 4] = [Field::Recipient, Field::RecipientPhone, Field::Region, Field::Address];

impl Setting {
    /// The product that a visit has chosen, or the only one there is.
    pub fn product(&self, visit: &Visit) -> Option<&Product> {
        let products = &self.session.products;
        match &visit.product {
            Some(code) => products.iter().find(|product| product.code == *code),
            None if products.len() == 1 || self.session.delivery == Delivery::Centralised => products.first(),
            None => None,
        }
    }

    /// Whether paper photos of this visit go to the student.
    pub fn is_mailed(&self, visit: &Visit) -> bool {
        self.session.delivery == Delivery::Individual
            && self.product(visit).is_some_and(|product| product.paper)
    }

    /// Whether the student has nothing to pay at the kiosk or by phone.
    pub fn is_free(&self, visit: &Visit) -> bool {
        let due = matches!(self.session.payer, Payer::Student | Payer::Cash);
        !due || self.product(visit).is_none_or(|product| product.fee.is_zero())
    }
}
