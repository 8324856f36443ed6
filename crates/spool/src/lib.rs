//! Printing on real IPP printers, CUPS queues and driverless ones, with a ledger after which nothing is printed twice
//! by itself.
//!
//! A print is an [`Entry`]: its [`Intent`] is on the disk before anything goes to the printer, only that gives the
//! [`Permit`] which [`Printer::submit`] consumes, and [`next`] says what an answer, its loss or a restart makes of it.
//! What is *unknown* stays so until the printer is asked ([`Printer::find`]) or staff have looked; a reprint is a new
//! entry with the next copy number.
//!
//! No call hangs beyond its [`Bounds`], whatever the printer does. Sentences are not here: [`CODES`] are the codes of
//! everything that can be wrong.

mod address;
mod attributes;
mod discover;
mod error;
mod job;
mod ledger;
mod options;
mod permit;
mod printer;
mod quota;
mod reason;
mod status;
mod submit;
mod trouble;
mod wire;

pub use address::PrinterUri;
pub use discover::{Found, Source, cups_printers, driverless_printers};
pub use error::PrinterError;
pub use job::{JobId, JobState, JobStatus};
pub use ledger::{Entry, EntryId, Event, Failure, ImpossibleStep, State, next};
pub use options::{JobOptions, Sides};
pub use permit::{Intent, Permit, ReprintTooSoon};
pub use printer::Printer;
pub use quota::{Counts, Quota, QuotaReached, may_print};
pub use reason::{Reason, ReasonKind, Severity};
pub use status::{Marker, PrinterState, PrinterStatus};
pub use submit::{MAX_DOCUMENT_BYTES, Submission};
pub use trouble::CODES;
pub use wire::Bounds;
