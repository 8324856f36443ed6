//! What the desk's pages ask and are answered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{Language, Notice, PhotoView, Role, Viewport, Words};

/// A question of the desk.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(rename = "DeskRequest")]
pub enum Request {
    /// How far the open session is.
    Today,
    /// Students of the open session.
    Students(StudentsWanted),
    /// Orders of the open session.
    Orders(OrdersWanted),
    /// The ids of all orders that match, for one decision on all of them.
    OrderIds(OrdersWanted),
    /// One order with both its pictures and its history.
    Order {
        /// Its id.
        id: String,
    },
    /// Every session.
    Sessions,
    /// The form of a session: a new one, this one, or a new one that begins as a copy of this one.
    SessionForm {
        /// Its id.
        like: Option<String>,
        /// As a copy.
        copy: bool,
    },
    /// Keeps what a form says; what cannot be is told field by field.
    SaveSession(Box<SessionDraft>),
    /// Photographs for this session from now on.
    OpenSession {
        /// Its id.
        id: String,
    },
    /// Closes a session, or opens a closed one again.
    CloseSession {
        /// Its id.
        id: String,
        /// Closed.
        closed: bool,
    },
    /// Looks at a roster's file.
    RosterOpen {
        /// Where it is.
        path: String,
        /// Which of its sheets; none for the first.
        sheet: Option<String>,
    },
    /// Gives the columns of the roster that is looked at other meanings.
    RosterMap {
        /// The row with the titles, from 0.
        header_row: u32,
        /// Code of each column's field; empty for none.
        columns: Vec<String>,
    },
    /// Takes the roster over that is looked at.
    RosterApply,
    /// Lets go of the roster that is looked at.
    RosterDrop,
    /// Writes the rows that were refused to a folder.
    RosterBadRows {
        /// The folder.
        folder: String,
        /// The language of its words.
        language: Language,
    },
    /// Writes an empty roster to a folder.
    RosterTemplate {
        /// The folder.
        folder: String,
        /// The language of its words.
        language: Language,
    },
    /// What a hand-over would be made of, and what is wrong with it.
    HandoverPlan(HandoverWanted),
    /// Writes a hand-over and checks it.
    HandoverStart {
        /// What.
        wanted: HandoverWanted,
        /// The folder that it goes into.
        folder: String,
        /// What enciphers it; empty where nothing does.
        passphrase: String,
    },
    /// Sets a role's PIN.
    SetPin {
        /// Whose.
        role: Role,
        /// The PIN.
        pin: NewPin,
    },
    /// How far the work is that takes long.
    Job,
    /// Ends it.
    JobCancel,
    /// What is in a folder, or the places to begin with.
    Folder {
        /// The folder; none for the places.
        path: Option<String>,
        /// Endings of the files that are listed; none lists folders only.
        endings: Vec<String>,
    },
}

/// A PIN that is never shown or logged.
#[derive(Clone, Deserialize, TS)]
pub struct NewPin(pub String);

impl std::fmt::Debug for NewPin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewPin")
    }
}

/// An answer to the desk.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(rename = "DeskAnswer")]
pub enum Answer {
    /// It was done.
    Done,
    /// How far the open session is.
    Today(Box<TodayView>),
    /// Students.
    Students(StudentsPage),
    /// Orders.
    Orders(OrdersPage),
    /// Ids of orders.
    OrderIds {
        /// Them.
        ids: Vec<String>,
    },
    /// One order.
    Order(Box<OrderDetail>),
    /// Sessions, newest first.
    Sessions {
        /// Them.
        sessions: Vec<SessionRow>,
    },
    /// The form of a session.
    SessionForm(Box<SessionForm>),
    /// The session was kept under this id.
    SessionSaved {
        /// Its id.
        id: String,
    },
    /// What a form says cannot be: nothing was kept.
    Problems {
        /// What, each with the `field` it is about.
        problems: Vec<Notice>,
    },
    /// The roster that is looked at.
    Roster(Box<RosterView>),
    /// A roster was taken over.
    RosterApplied {
        /// New students.
        added: u32,
        /// Students of whom something changed.
        changed: u32,
    },
    /// What a hand-over would be made of.
    Handover(Box<HandoverView>),
    /// The work that takes long; none where there is none.
    Job {
        /// It.
        job: Option<JobView>,
    },
    /// A file was written.
    Written {
        /// Where.
        path: String,
    },
    /// A folder.
    Folder(FolderView),
}

/// How far a session is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TodayView {
    /// All of it.
    pub all: Progress,
    /// College by college and class by class.
    pub classes: Vec<ClassRow>,
    /// Orders of each hour of today.
    pub hours: Vec<HourCount>,
    /// Orders an hour, of late; none where too few were made to tell.
    pub rate_per_hour: Option<f64>,
    /// When the last who waits will have been photographed at this rate, local time.
    pub end: Option<String>,
    /// How many of the last photos the findings are of.
    pub looked_at: u32,
    /// Of these, how many had nothing broken, something to look at, something that blocks.
    pub grades: [u32; 3],
    /// Findings of late, the most frequent first.
    pub findings: Vec<FindingTrend>,
}

/// How many students stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// On the list.
    pub total: u32,
    /// With an order.
    pub collected: u32,
    /// Not photographed yet.
    pub waiting: u32,
    /// Called and not there.
    pub absent: u32,
    /// Rejected and due for a new photo.
    pub rejected: u32,
    /// With an order whose review is due.
    pub in_review: u32,
    /// With an order whose review has passed.
    pub approved: u32,
}

/// A class and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClassRow {
    /// Its college; empty where the roster has none.
    pub college: String,
    /// Its name; empty where the roster has none.
    pub class_name: String,
    /// How far.
    pub progress: Progress,
}

/// Orders of one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HourCount {
    /// Hour of the day, 0 to 23.
    pub hour: u32,
    /// Orders.
    pub count: u32,
}

/// A finding and how often it came of late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingTrend {
    /// Code of the check.
    pub code: String,
    /// Of the last 20 photos.
    pub recent: u32,
    /// Of those before them that are looked at.
    pub before: u32,
    /// It comes so much more often than before that something has changed: a lamp, the sun, the camera.
    pub alarm: bool,
}

/// Which students are asked for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudentsWanted {
    /// The beginning of a name, its pinyin or initials, or a number.
    pub text: String,
    /// Of one class only.
    pub class_name: Option<String>,
    /// `waiting`, `absent`, `ordered` or an order's state; empty for all.
    pub standing: String,
    /// Index of the first row.
    pub offset: u32,
    /// How many rows.
    pub limit: u32,
}

/// Students of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudentsPage {
    /// The rows asked for.
    pub rows: Vec<StudentRow>,
    /// Index of the first.
    pub offset: u32,
    /// How many match.
    pub total: u32,
    /// Classes to choose from.
    pub classes: Vec<String>,
}

/// A student of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudentRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Student number.
    pub student_number: String,
    /// College.
    pub college: String,
    /// Class.
    pub class_name: String,
    /// `waiting`, `absent` or an order's state.
    pub standing: String,
}

/// Which orders are asked for, and how they are sorted.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrdersWanted {
    /// The beginning of a name, its pinyin or initials, or a number.
    pub text: String,
    /// In one state; empty for all.
    pub state: String,
    /// Of one college.
    pub college: Option<String>,
    /// Of one class.
    pub class_name: Option<String>,
    /// `clean`, `warned` or `blocked`; empty for all.
    pub grade: String,
    /// `newest`, `oldest`, `class`, `grade` or `name`.
    pub sort: String,
    /// Index of the first row.
    pub offset: u32,
    /// How many rows.
    pub limit: u32,
}

/// Orders of the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrdersPage {
    /// The rows asked for.
    pub rows: Vec<OrderRow>,
    /// Index of the first.
    pub offset: u32,
    /// How many match.
    pub total: u32,
    /// Classes to choose from.
    pub classes: Vec<String>,
}

/// An order of the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrderRow {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// 拍摄号.
    pub shot_number: u32,
    /// State: `order.<code>`.
    pub state: String,
    /// When it was made, local time.
    pub created: String,
    /// The fee, fen.
    pub fee_fen: u32,
    /// Why it was rejected.
    pub rejection: Option<String>,
    /// The student's name.
    pub name: String,
    /// Student number.
    pub student_number: String,
    /// College.
    pub college: String,
    /// Class.
    pub class_name: String,
    /// `clean`, `warned`, `blocked`, or empty where that is not known.
    pub grade: String,
    /// Codes of the checks whose limits are broken.
    pub broken: Vec<String>,
    /// Why staff let a blocked photo pass.
    pub override_reason: Option<String>,
    /// Where the page gets the pictures.
    pub photo: PhotoView,
}

/// One order, with everything the review looks at.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrderDetail {
    /// The order.
    pub order: OrderRow,
    /// The part of the camera's picture that the photo shows.
    pub crop: Option<Viewport>,
    /// Its history, from the first.
    pub history: Vec<RevisionRow>,
}

/// A step of an order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RevisionRow {
    /// Where the order stood after it.
    pub state: String,
    /// Why.
    pub reason: Option<String>,
    /// `student`, `photographer`, `manager`, `system` or `centre`.
    pub actor: String,
    /// When, local time.
    pub at: String,
    /// A new photo came with it.
    pub new_photo: bool,
}

/// A session in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Words,
    /// School.
    pub school: Words,
    /// 特征码.
    pub feature_code: String,
    /// `code` or `roster`.
    pub identity: String,
    /// First day, `yyyy-MM-dd`.
    pub opens: Option<String>,
    /// Last day.
    pub closes: Option<String>,
    /// Closed by staff.
    pub closed: bool,
    /// The one this kiosk photographs for.
    pub active: bool,
    /// The demonstration.
    pub demonstration: bool,
    /// Students of its list.
    pub students: u32,
    /// Of these, with an order.
    pub collected: u32,
}

/// What a form of a session says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionDraft {
    /// Id; none for a new one.
    pub id: Option<String>,
    /// 特征码.
    pub feature_code: String,
    /// Name.
    pub name: Words,
    /// The school's national code.
    pub school_code: String,
    /// School.
    pub school: Words,
    /// `code` or `roster`.
    pub identity: String,
    /// `centralised` or `individual`.
    pub delivery: String,
    /// Who pays.
    pub payer: String,
    /// Id of the preset.
    pub preset: String,
    /// Backdrop as `#rrggbb`.
    pub backdrop: String,
    /// What is asked, in this order.
    pub fields: Vec<FieldDraft>,
    /// What can be ordered.
    pub products: Vec<ProductDraft>,
    /// What to bring.
    pub bring: Vec<Words>,
    /// Glasses must come off.
    pub no_glasses: bool,
    /// First day, `yyyy-MM-dd`; empty for none.
    pub opens: String,
    /// Last day; empty for none.
    pub closes: String,
    /// Limits tighter than the preset's.
    pub stricter: Vec<StricterDraft>,
}

/// A field that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldDraft {
    /// Its code.
    pub field: String,
    /// It must have a value.
    pub required: bool,
    /// The student may change it.
    pub editable: bool,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProductDraft {
    /// Its code; empty for a new one.
    pub code: String,
    /// Name.
    pub name: Words,
    /// Fee, fen.
    pub fee_fen: u32,
    /// With paper photos.
    pub paper: bool,
}

/// A limit tighter than the preset's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StricterDraft {
    /// Code of the check.
    pub check: String,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// `block`, `warn`, `note`, or empty for the preset's.
    pub severity: String,
}

/// The form of a session with what can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionForm {
    /// What it says.
    pub draft: SessionDraft,
    /// Presets.
    pub presets: Vec<PresetChoice>,
    /// Codes of the fields that can be asked.
    pub fields: Vec<String>,
    /// Who can pay.
    pub payers: Vec<String>,
    /// Schools of earlier sessions.
    pub schools: Vec<SchoolChoice>,
    /// Orders were made: mode, preset and backdrop stay.
    pub begun: bool,
}

/// A preset that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresetChoice {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Words,
    /// Backdrops as `#rrggbb`.
    pub backdrops: Vec<String>,
    /// Width, pixels.
    pub width_px: u32,
    /// Height, pixels.
    pub height_px: u32,
    /// What can be made stricter, with the preset's own limits.
    pub rules: Vec<StricterDraft>,
}

/// A school that was written before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SchoolChoice {
    /// National code.
    pub code: String,
    /// Name.
    pub name: Words,
}

/// A roster that is looked at: what it says and what it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterView {
    /// The file's name.
    pub file: String,
    /// Its sheets.
    pub sheets: Vec<String>,
    /// The one that shows.
    pub sheet: String,
    /// The row with the titles, from 0.
    pub header_row: u32,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// Codes of what a column can be.
    pub fields: Vec<String>,
    /// The first rows, ID numbers masked.
    pub preview: Vec<Vec<String>>,
    /// What no column is: `name`, `number`.
    pub missing: Vec<String>,
    /// How many of everything.
    pub counts: RosterCounts,
    /// What is wrong with rows: the first 200.
    pub problems: Vec<RowProblemView>,
    /// What would change: the first 200.
    pub changes: Vec<ChangeView>,
    /// Rows that are of different people: the first 200.
    pub conflicts: Vec<ConflictView>,
}

/// How many of everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterCounts {
    /// Rows of students.
    pub rows: u32,
    /// Of these, not taken.
    pub refused: u32,
    /// Taken, but worth a look.
    pub warned: u32,
    /// New students.
    pub added: u32,
    /// Students of whom something changes.
    pub changed: u32,
    /// Students who stay as they are.
    pub same: u32,
    /// Students of the session who are not in the file; nothing happens to them.
    pub gone: u32,
    /// Rows that are of different people.
    pub conflicts: u32,
    /// Problems in all.
    pub problems: u32,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnView {
    /// Its title.
    pub title: String,
    /// Code of what it is; empty for nothing.
    pub field: String,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowProblemView {
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// Code of the field; empty where it is none's.
    pub field: String,
    /// What is wrong.
    pub problem: Notice,
    /// The row is not taken.
    pub refused: bool,
}

/// A student of whom something would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// They have an order.
    pub has_order: bool,
    /// What changes.
    pub fields: Vec<FieldChangeView>,
}

/// A value that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldChangeView {
    /// Code of the field.
    pub field: String,
    /// What is known.
    pub old: String,
    /// What the roster says.
    pub new: String,
}

/// A row whose numbers are of different people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// How many people it is of.
    pub people: u32,
    /// Other rows with one of its numbers.
    pub rows: Vec<u32>,
}

/// What a hand-over is asked to be.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandoverWanted {
    /// How photos are named, such as `{class}/{student_number}_{name}.jpg`.
    pub template: String,
    /// `folder`, `zip`, `zip_aes` or `age`.
    pub target: String,
    /// ID numbers are masked in the lists.
    pub masked: bool,
    /// With an index for school-photo software.
    pub index: bool,
    /// The language of the lists.
    pub language: Language,
}

impl std::fmt::Debug for HandoverWanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandoverWanted").field("target", &self.target).finish_non_exhaustive()
    }
}

/// What a hand-over would be made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandoverView {
    /// Photos.
    pub photos: u32,
    /// Students without a photo to hand over.
    pub missing: u32,
    /// Of these, by reason: code and how many.
    pub reasons: Vec<ReasonCount>,
    /// Parcels of the mailing list.
    pub parcels: u32,
    /// Bytes of all of it.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The first names of photos.
    pub names: Vec<String>,
    /// What is wrong with names: the first 100.
    pub problems: Vec<NameProblemView>,
    /// How many problems stand in the way.
    pub blocking: u32,
    /// What staff should know: codes.
    pub warnings: Vec<String>,
    /// Fields that a template may have.
    pub fields: Vec<String>,
}

/// A reason and how many have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// Its code.
    pub code: String,
    /// How many.
    pub count: u32,
}

/// What is wrong with the name of a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NameProblemView {
    /// Whose.
    pub student: String,
    /// `missing`, `clash`, `too_long` or `changed`.
    pub code: String,
    /// The field, or the other student.
    pub detail: String,
    /// Nothing can be written before it is put right.
    pub blocking: bool,
}

/// Work that takes long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// `handover`.
    pub what: String,
    /// `writing`, `checking`, `done` or `failed`.
    pub stage: String,
    /// Photos that are there.
    pub done: u32,
    /// Photos in all.
    pub total: u32,
    /// Of these, such as an earlier try had written.
    pub found: u32,
    /// Where it is.
    pub path: String,
    /// Why it failed.
    pub failure: Option<Notice>,
    /// What the check found wrong: the first 20 paths.
    pub problems: Vec<String>,
}

/// A folder, or the places to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderView {
    /// The folder; none for the places.
    pub path: Option<String>,
    /// The folder above; none where the places are.
    pub above: Option<String>,
    /// What is in it, folders first.
    pub entries: Vec<FolderEntry>,
    /// More was there than is listed.
    pub cut: bool,
}

/// A file, a folder or a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderEntry {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// `folder`, `file`, `usb`, `home` or `disk`.
    pub what: String,
    /// Size of a file, bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// When it was changed, local time.
    pub changed: String,
}
