//! What the desk's pages ask and are answered.

mod files;
mod orders;
mod packing;
mod printing;
mod progress;
mod roster;
mod sessions;
mod upkeep;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::files::*;
pub use self::orders::*;
pub use self::packing::*;
pub use self::printing::*;
pub use self::progress::*;
pub use self::roster::*;
pub use self::sessions::*;
pub use self::upkeep::*;
use crate::view::{Language, Notice, Role};

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
    /// Writes the list of those who are missing (未采集名单) to a folder.
    MissingList {
        /// The folder.
        folder: String,
        /// The language of its words.
        language: Language,
    },
    /// What would be printed, and how its first sheet looks.
    Sheets(SheetsWanted),
    /// Makes sheets, and prints them or writes them to a folder.
    SheetsStart {
        /// Which.
        wanted: SheetsWanted,
        /// The folder; none for the printer.
        folder: Option<String>,
    },
    /// The ledger of prints.
    Prints {
        /// The first row.
        offset: u32,
        /// How many.
        limit: u32,
    },
    /// Staff have looked: an unknown print was printed, or was not.
    PrintSaid {
        /// Which.
        id: String,
        /// It lies there, whole.
        printed: bool,
        /// Its printer is gone for good: nothing can come out of it any more, and it need not be asked.
        gone: bool,
    },
    /// Prints a settled print again: new copies of what was on it.
    PrintAgain {
        /// Which.
        id: String,
        /// The language of the words on the back.
        language: Language,
    },
    /// Takes a job back that the printer has.
    PrintCancel {
        /// Which.
        id: String,
    },
    /// How the chosen printers are.
    ChosenPrinters,
    /// Looks for printers; takes some seconds.
    FindPrinters,
    /// How the printer at an address is that staff typed.
    TryPrinter {
        /// The address.
        address: String,
    },
    /// Printers and paper.
    PaperForm,
    /// Keeps printers and paper.
    SavePaper(Box<PaperSettings>),
    /// The parcels of the open session.
    Parcels,
    /// One of them.
    Parcel {
        /// Its id.
        id: String,
    },
    /// Begins the parcel of a class or a student, or opens the one that is being packed.
    ParcelBegin {
        /// The class.
        class: ClassKey,
        /// The student's order; none for a class.
        order: Option<String>,
    },
    /// Something was scanned.
    Scan {
        /// The parcel that is open; none where the list is.
        parcel: Option<String>,
        /// What the code says.
        code: String,
    },
    /// Takes a sheet out of its parcel.
    Unpack {
        /// The sheet's code.
        code: String,
    },
    /// Closes a parcel, opens it again, or hands it to a carrier.
    ParcelStep(ParcelStep),
    /// How labels, envelopes, lists or receipts look.
    Papers(PapersWanted),
    /// Prints them, or writes them to a folder.
    PapersStart {
        /// Which.
        wanted: PapersWanted,
        /// The folder; none for the printer.
        folder: Option<String>,
    },
    /// How every part of the kiosk is.
    Health,
    /// Checks every photo and every line of the audit log, as far as one look goes.
    SelfCheck,
    /// How the kiosk behaves.
    KioskForm,
    /// Keeps how the kiosk behaves.
    SaveKiosk(KioskSettings),
    /// Writes the settings to a folder.
    SettingsExport {
        /// The folder.
        folder: String,
    },
    /// Reads a settings file: what it would change.
    SettingsOpen {
        /// The file.
        path: String,
    },
    /// Takes over the settings file that was read.
    SettingsApply,
    /// What is deleted when.
    Retention,
    /// Destroys the photos of a session that is over.
    Erase {
        /// The session.
        id: String,
        /// Its 特征码, typed once more.
        feature_code: String,
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
    /// What would be printed.
    Sheets(Box<SheetsView>),
    /// Part of the ledger of prints.
    Prints(PrintsPage),
    /// Printers.
    Printers {
        /// Them.
        printers: Vec<PrinterView>,
    },
    /// Printers and paper.
    PaperForm(Box<PaperForm>),
    /// Parcels.
    Parcels(ParcelsView),
    /// A parcel.
    Parcel(Box<ParcelDetail>),
    /// What a scanned code is.
    Scanned(ScanView),
    /// Papers as they would be printed.
    Papers(PapersView),
    /// How every part of the kiosk is.
    Health {
        /// The parts.
        parts: Vec<HealthRow>,
    },
    /// How the kiosk behaves.
    KioskForm(KioskSettings),
    /// What a settings file would change.
    SettingsChanges {
        /// Each change.
        changes: Vec<SettingsChange>,
    },
    /// What is deleted when.
    Retention {
        /// Days after a session's end.
        keep_days: u32,
        /// The sessions.
        rows: Vec<RetentionRow>,
    },
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
