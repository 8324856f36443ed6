//! The ledger's rules: what a print is, what happens to it, and what that makes of it. Pure; the store keeps it.
//!
//! | from | what happened | to |
//! |---|---|---|
//! | intended | accepted with a job's number | submitted |
//! | intended | refused, or nothing was sent | failed |
//! | intended | the connection broke before all of it was sent | failed |
//! | intended | the answer was lost; the program was restarted | unknown |
//! | submitted, unknown | the printer says how the job stands | submitted, done or failed |
//! | submitted, unknown | the printer does not know the job | unknown |
//! | unknown | staff: it was printed / it was not | done / failed |
//! | failed by staff's word | the printer knows the job all the same | submitted, done or failed |
//!
//! Nothing leads back to *intended*, so nothing that is here is ever sent again.

use std::fmt;
use std::str::FromStr;

use caixiang_domain::OrderId;
use jiff::Timestamp;
use uuid::Uuid;

use crate::address::PrinterUri;
use crate::job::{JobId, JobState, JobStatus};
use crate::trouble;

/// One print's number, which the printer is told and knows the job by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryId(Uuid);

impl EntryId {
    /// A new number, from this moment and random bits.
    #[expect(clippy::new_without_default, reason = "a default that differs every time surprises")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }

    /// The number with this UUID.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// Its UUID.
    pub fn uuid(self) -> Uuid {
        self.0
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for EntryId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(Self)
    }
}

/// One print in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: EntryId,
    /// Where it goes; an unknown one is looked for there and nowhere else.
    pub printer: PrinterUri,
    /// Whose order it is of, where it is of one.
    pub order: Option<OrderId>,
    /// How many copies the printer makes of the document.
    pub copies: u16,
    /// 1, and one more for each reprint.
    pub copy_number: u32,
    /// The entry that this is the reprint of. The store keeps it unique: an entry is reprinted once, then its reprint.
    pub reprint_of: Option<EntryId>,
    /// How it stands.
    pub state: State,
}

/// How a print stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// About to be sent; nobody knows whether it was.
    Intended,
    /// The printer has it.
    Submitted {
        /// Its number there.
        job: JobId,
    },
    /// On paper.
    Done,
    /// Not on paper, or not wholly.
    Failed {
        /// Why.
        reason: Failure,
    },
    /// It may be on paper or not. Never printed again by itself.
    Unknown {
        /// Since when.
        since: Timestamp,
    },
}

impl State {
    /// The stable word for the store and the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Submitted { .. } => "submitted",
            Self::Done => "done",
            Self::Failed { .. } => "failed",
            Self::Unknown { .. } => "unknown",
        }
    }

    /// Whether it counts for the quota: all that may have used paper does.
    pub fn counts(&self) -> bool {
        !matches!(
            self,
            Self::Failed {
                reason: Failure::NotSent { .. } | Failure::Refused { .. } | Failure::SaidNotPrinted
            }
        )
    }

    /// Whether nothing more is to be asked or done.
    pub fn settled(&self) -> bool {
        matches!(self, Self::Done | Self::Failed { .. })
    }
}

/// Why a print failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Failure {
    /// Nothing was sent.
    NotSent {
        /// One of [`crate::CODES`].
        why: &'static str,
    },
    /// The printer refused it and took nothing.
    Refused {
        /// One of [`crate::CODES`].
        why: &'static str,
    },
    /// The connection broke before all of it was sent: a part of it may have been printed.
    CutOff,
    /// Somebody cancelled the job.
    Cancelled,
    /// The printer gave it up; some sheets may have been printed.
    Aborted,
    /// Staff looked and said that it was not printed.
    SaidNotPrinted,
}

impl Failure {
    /// The stable word for the store and the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotSent { .. } => "not_sent",
            Self::Refused { .. } => "refused",
            Self::CutOff => "cut_off",
            Self::Cancelled => "cancelled",
            Self::Aborted => "aborted",
            Self::SaidNotPrinted => "said_not_printed",
        }
    }

    /// The code of the trouble behind it, where there is one.
    pub fn why(&self) -> Option<&'static str> {
        match self {
            Self::NotSent { why } | Self::Refused { why } => Some(why),
            _ => None,
        }
    }

    /// The one with these words, as the store kept them.
    pub fn from_codes(code: &str, why: Option<&str>) -> Option<Self> {
        let known = |why: Option<&str>| trouble::CODES.iter().copied().find(|code| Some(*code) == why);
        Some(match code {
            "not_sent" => Self::NotSent { why: known(why)? },
            "refused" => Self::Refused { why: known(why)? },
            "cut_off" => Self::CutOff,
            "cancelled" => Self::Cancelled,
            "aborted" => Self::Aborted,
            "said_not_printed" => Self::SaidNotPrinted,
            _ => return None,
        })
    }
}

/// Something that happened to a print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The printer took it.
    Accepted {
        /// Its number there.
        job: JobId,
    },
    /// The printer took nothing and said so.
    Refused {
        /// One of [`crate::CODES`].
        why: &'static str,
    },
    /// Not a byte of it went out.
    NotSent {
        /// One of [`crate::CODES`].
        why: &'static str,
    },
    /// Some of it went out, and not all.
    CutOff,
    /// All of it went out and no answer was understood.
    Lost {
        /// When.
        at: Timestamp,
    },
    /// The program was started again: what was under way then has no one who waits for its answer.
    Restarted {
        /// When.
        at: Timestamp,
    },
    /// The printer says how the job stands.
    Seen(JobStatus),
    /// The printer does not know the job (it forgets all when it is switched off), or is gone for good.
    Forgotten {
        /// When.
        at: Timestamp,
    },
    /// Staff looked: it was printed.
    SaidPrinted,
    /// Staff looked: it was not printed. Cancel what the printer may still have before.
    SaidNotPrinted,
}

/// The state does not know this event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a print that is {from} cannot see this happen")]
pub struct ImpossibleStep {
    /// The word of the state it is in.
    pub from: &'static str,
}

impl ImpossibleStep {
    /// The stable code for the message files.
    pub fn code(&self) -> &'static str {
        "spool.impossible_step"
    }
}

/// What becomes of a print.
///
/// # Errors
/// When this cannot happen in the state it is in: its state stays.
pub fn next(entry: &Entry, event: &Event) -> Result<Entry, ImpossibleStep> {
    let state = match (&entry.state, event) {
        (State::Intended, Event::Accepted { job }) => State::Submitted { job: *job },
        (State::Intended, Event::Refused { why }) => State::Failed { reason: Failure::Refused { why } },
        (State::Intended, Event::NotSent { why }) => State::Failed { reason: Failure::NotSent { why } },
        (State::Intended, Event::CutOff) => State::Failed { reason: Failure::CutOff },
        (State::Intended, Event::Lost { at } | Event::Restarted { at }) => State::Unknown { since: *at },
        (state, Event::Restarted { .. }) => state.clone(),
        (State::Submitted { job }, Event::Seen(status)) if status.job == *job => seen(status),
        (State::Submitted { .. }, Event::Forgotten { at }) => State::Unknown { since: *at },
        (State::Unknown { .. }, Event::Seen(status)) => seen(status),
        (state @ State::Unknown { .. }, Event::Forgotten { .. }) => state.clone(),
        (State::Unknown { .. }, Event::SaidPrinted) => State::Done,
        (State::Unknown { .. }, Event::SaidNotPrinted) => State::Failed { reason: Failure::SaidNotPrinted },
        // The printer knows better than who looked into the tray.
        (State::Failed { reason: Failure::SaidNotPrinted }, Event::Seen(status)) => seen(status),
        (state, _) => return Err(ImpossibleStep { from: state.code() }),
    };
    Ok(Entry { state, ..entry.clone() })
}

fn seen(status: &JobStatus) -> State {
    match status.state {
        JobState::Waiting | JobState::Printing | JobState::Stopped => State::Submitted { job: status.job },
        JobState::Completed => State::Done,
        JobState::Cancelled => State::Failed { reason: Failure::Cancelled },
        JobState::Aborted => State::Failed { reason: Failure::Aborted },
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
