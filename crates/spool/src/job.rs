//! A job as the printer knows it.

use std::fmt;

/// A job's number at its printer, from 1. Printers start again at 1 when they are switched on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(i32);

impl JobId {
    /// The number, where it is one.
    pub fn new(number: i32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// Its number.
    pub fn number(self) -> i32 {
        self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// How a job stands (RFC 8011, 5.3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobState {
    /// In the queue, or held there.
    Waiting,
    /// Being printed.
    Printing,
    /// Begun and stopped: paper, ink, a jam.
    Stopped,
    /// Cancelled by somebody.
    Cancelled,
    /// Given up by the printer.
    Aborted,
    /// On paper.
    Completed,
}

impl JobState {
    pub(crate) fn from_ipp(value: i32) -> Option<Self> {
        Some(match value {
            3 | 4 => Self::Waiting,
            5 => Self::Printing,
            6 => Self::Stopped,
            7 => Self::Cancelled,
            8 => Self::Aborted,
            9 => Self::Completed,
            _ => return None,
        })
    }

    /// Whether it will not change any more.
    pub fn ended(self) -> bool {
        matches!(self, Self::Cancelled | Self::Aborted | Self::Completed)
    }
}

/// What the printer says of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobStatus {
    /// Its number.
    pub job: JobId,
    /// How it stands.
    pub state: JobState,
    /// Why it stands so, in IPP's words.
    pub reasons: Vec<String>,
}
