//! What the desk's pages ask and are answered.

mod files;
mod orders;
mod progress;
mod roster;
mod sessions;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use self::files::*;
pub use self::orders::*;
pub use self::progress::*;
pub use self::roster::*;
pub use self::sessions::*;
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
