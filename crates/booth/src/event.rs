//! What happens to the booth, and what the booth wants done about it.

use caixiang_domain::{Details, OrderId, PhotoId, SubjectId, VisitId};

use crate::action::Action;
use crate::state::{
    Consents, Decision, OrderItem, OrderMade, PanelData, QueueItem, QueuePart, Replacing, Secret, Setting,
    Student, Taken, Trouble, Visit,
};
use crate::view::{
    CameraStatus, IdentifyWay, Language, Notice, PanelTab, PinPurpose, Role, Viewport, Working,
};

/// What the store knew at the start.
#[derive(Debug, Clone, PartialEq)]
pub struct Opening {
    /// The open session.
    pub setting: Option<Setting>,
    /// Who works the kiosk.
    pub working: Working,
    /// A PIN is set.
    pub has_pin: bool,
    /// The keys lie in a passphrase file.
    pub weak_keys: bool,
    /// Sounds.
    pub sound: bool,
    /// The shutter opens by itself.
    pub auto_shutter: bool,
    /// The language that the kiosk returns to.
    pub language: Language,
    /// Without a touch for so long, a student is asked whether they are still there, milliseconds.
    pub idle_ms: u64,
}

/// Whom an identification found.
#[derive(Debug, Clone, PartialEq)]
pub enum Known {
    /// Nobody.
    Nobody,
    /// More than one record: staff decide.
    Several,
    /// One.
    One {
        /// Who.
        student: Box<Student>,
        /// What was shown is proof enough; otherwise the last four characters are asked.
        proven: bool,
    },
}

/// A student who is let in.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// Who.
    pub student: Student,
    /// What was agreed to.
    pub consents: Consents,
    /// The rejected order that a new photo is for.
    pub replacing: Option<Replacing>,
}

/// A visit as the store began or found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Begun {
    /// Its id.
    pub id: VisitId,
    /// 拍摄号.
    pub shot_number: u32,
    /// What was saved before, if it was started before.
    pub saved: Option<Box<Saved>>,
}

/// A started capture.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// When, local time.
    pub started: String,
    /// The details as filled in.
    pub details: Details,
    /// The product chosen.
    pub product: Option<String>,
    /// Shots taken.
    pub shots: u32,
    /// The photo.
    pub taken: Option<Taken>,
    /// The rejected order it is for.
    pub replacing: Option<Replacing>,
}

/// What the live view shows of the person in front.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glimpse {
    /// What to change.
    pub prompt: Option<&'static str>,
    /// All is well.
    pub ready: bool,
    /// Part of the picture that shows.
    pub viewport: Viewport,
    /// Somebody is there.
    pub somebody: bool,
}

/// A PIN was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinAnswer {
    /// Right.
    Right(Role),
    /// Wrong; so many tries left.
    Wrong {
        /// Tries.
        left: u32,
    },
    /// Too many wrong ones.
    Locked {
        /// For so many seconds.
        seconds: u64,
    },
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "one at a time")]
pub enum Event {
    /// Somebody did something on the screen.
    Act(Action),
    /// Time passed: the booth's clock, milliseconds.
    Tick(u64),
    /// The store is open.
    Opened(Box<Opening>),
    /// It cannot be opened.
    CannotOpen(Trouble),
    /// The PIN was set.
    PinSet,
    /// The camera's condition.
    Camera(CameraStatus),
    /// Orders that wait to be sent.
    Unsent(u64),
    /// A tethered camera was released by hand.
    Shuttered,
    /// The live view was looked at.
    Glimpsed(Glimpse),
    /// A capture code was seen or scanned: SHA-256 of its bytes.
    CodeRead([u8; 32]),
    /// Somebody was looked for.
    Identified(Known),
    /// A code that no record has.
    NewCode([u8; 32]),
    /// A visit began.
    Begun(Box<Arrival>, Begun),
    /// The orders of a student.
    OrdersRead(Vec<OrderItem>),
    /// A shot was made into a photo, or was not.
    Developed(Result<Box<Taken>, Notice>),
    /// An order was stored, or was not.
    Ordered(Result<OrderMade, Notice>),
    /// A PIN was checked.
    PinAnswered(PinPurpose, PinAnswer),
    /// The queue was read.
    QueueRead(QueuePart),
    /// The photographer's next person.
    Called(Option<QueueItem>, Option<Box<Student>>),
    /// What the panel shows was read.
    PanelRead(Box<PanelData>),
    /// A review was carried out.
    Decided,
    /// It is this day, by the kiosk's clock.
    Day(jiff::civil::Date),
    /// Another session is open, or none; or the open one was changed.
    SessionOpened(Option<Setting>),
    /// Staff changed how the kiosk behaves.
    Behaves {
        /// The language that the kiosk returns to.
        language: Language,
        /// Without a touch for so long, a student is asked whether they are still there, milliseconds.
        idle_ms: u64,
    },
    /// Something asked for did not work.
    Failed(Notice),
}

/// What the camera is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Nothing.
    Off,
    /// Capture codes.
    Codes,
    /// A person; the mask is worked out ahead at times where the shutter may open any moment.
    Face {
        /// The shutter may open any moment.
        eager: bool,
    },
}

/// What the booth wants done.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "few, and soon done")]
pub enum Effect {
    /// Find the record of a capture code.
    FindCode([u8; 32]),
    /// Hash what a scanner typed and find its record.
    FindScan(Secret),
    /// Find the record of a number; a code scanned before is attached to it.
    FindNumber {
        /// What was typed.
        typed: Secret,
        /// As what.
        way: IdentifyWay,
        /// The code.
        code: Option<[u8; 32]>,
    },
    /// Make a record for a code whose owner typed these last four characters.
    MakeSubject {
        /// The code.
        code: [u8; 32],
        /// The characters.
        last_four: Secret,
    },
    /// Begin a visit, or find the one that was started.
    BeginVisit(Box<Arrival>),
    /// Keep the visit as it stands.
    Save(Box<Visit>),
    /// Read the student's orders.
    ReadOrders(SubjectId),
    /// Look at the camera for this.
    Look(Look),
    /// Work the slow mask out on the newest frame.
    WorkAhead,
    /// Take the best frame of the last second and make a photo of it.
    Shoot {
        /// For whom.
        subject: SubjectId,
        /// The visit.
        visit: VisitId,
        /// The face may be compared with others of this line.
        compare: bool,
    },
    /// Destroy a photo.
    Discard(PhotoId),
    /// Store the order.
    Order {
        /// The visit.
        visit: Box<Visit>,
        /// Cash was received.
        cash: bool,
        /// Staff did it, and not the student.
        by_staff: bool,
    },
    /// Check a PIN.
    CheckPin {
        /// Why.
        purpose: PinPurpose,
        /// What was typed.
        pin: Secret,
    },
    /// Set the PIN.
    SetPin(Secret),
    /// Read a part of the queue.
    ReadQueue {
        /// What is searched for.
        search: String,
        /// Index of the first row.
        offset: u32,
    },
    /// The next who waits, after this one.
    CallNext {
        /// After whom.
        after: Option<SubjectId>,
    },
    /// This one.
    Call(SubjectId),
    /// Somebody is absent, or here after all.
    MarkAbsent {
        /// Who.
        subject: SubjectId,
        /// Absent.
        absent: bool,
    },
    /// Read what the panel shows.
    ReadPanel(PanelTab),
    /// Use another camera.
    UseCamera(String),
    /// Set a control; none hands it to the camera.
    SetControl(String, Option<i64>),
    /// Take photos in the camera's larger format, or not.
    LargeStill(bool),
    /// Lock the controls or hand them back.
    LockControls(bool),
    /// The review of these orders passes, or fails for a reason.
    Decide(Decision),
    /// The photographer takes an order back and photographs this person again.
    TakeBack(OrderId, SubjectId),
    /// A fee was received.
    Settle(OrderId),
    /// Make a backup.
    Backup,
    /// Keep a setting.
    Keep(Kept),
    /// Write into the audit log: an action's code and what it is about.
    Log(&'static str, Option<String>),
    /// Forget every picture and every word of this student that is in memory.
    Forget,
    /// Open the demonstration.
    OpenDemonstration,
    /// Open the store again.
    Reopen,
    /// Put a backup in place.
    Restore(u32),
    /// Close the program.
    Quit,
}

/// A setting that survives a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Sounds.
    Sound(bool),
    /// The shutter opens by itself.
    AutoShutter(bool),
    /// Who works the kiosk.
    Working(Working),
}

/// Consents as the audit log has them.
pub(crate) fn consent_words(consents: Consents) -> String {
    let word = |answer: Option<bool>| match answer {
        Some(true) => "yes",
        Some(false) => "no",
        None => "unasked",
    };
    format!(
        "photograph={} network={} compare={}",
        word(consents.photograph),
        word(consents.network),
        word(consents.compare)
    )
}
