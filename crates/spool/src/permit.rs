//! The right to send a print, which exists once: it comes from keeping the intent and is used up by sending.

use caixiang_domain::OrderId;

use crate::address::PrinterUri;
use crate::error::PrinterError;
use crate::ledger::{Entry, EntryId, Event, State};

/// A print that shall be made and is not on the disk yet.
#[derive(Debug)]
pub struct Intent {
    entry: Entry,
}

impl Intent {
    /// The first print of something.
    pub fn new(printer: PrinterUri, order: Option<OrderId>, copies: u16) -> Self {
        Self {
            entry: Entry {
                id: EntryId::new(),
                printer,
                order,
                copies,
                copy_number: 1,
                reprint_of: None,
                state: State::Intended,
            },
        }
    }

    /// A reprint, which a person asked for: a new entry that counts as the next copy.
    ///
    /// # Errors
    /// While the one before is not settled: first the printer is asked, or staff say whether it was printed.
    pub fn reprint(of: &Entry, printer: PrinterUri, copies: u16) -> Result<Self, ReprintTooSoon> {
        if !of.state.settled() {
            return Err(ReprintTooSoon { state: of.state.code() });
        }
        let mut intent = Self::new(printer, of.order, copies);
        intent.entry.copy_number = of.copy_number.saturating_add(1);
        intent.entry.reprint_of = Some(of.id);
        Ok(intent)
    }

    /// The entry as it will be kept.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// Keeps the entry, and only when that has succeeded gives the right to send it. `write` returns once the entry
    /// would outlive a power cut.
    ///
    /// # Errors
    /// What `write` says. Whether the entry was kept is not known then; if it was, it is unknown after a restart.
    pub fn keep<E>(self, write: impl FnOnce(&Entry) -> Result<(), E>) -> Result<(Entry, Permit), E> {
        write(&self.entry)?;
        let permit =
            Permit { entry: self.entry.id, printer: self.entry.printer.clone(), copies: self.entry.copies };
        Ok((self.entry, permit))
    }
}

/// The right to send one print to its printer once. There is no second one for an entry, and none for an entry that was
/// read from the disk.
#[derive(Debug)]
pub struct Permit {
    pub(crate) entry: EntryId,
    pub(crate) printer: PrinterUri,
    pub(crate) copies: u16,
}

impl Permit {
    /// Which print it is for.
    pub fn entry(&self) -> EntryId {
        self.entry
    }

    /// Gives it back unused, for instance when a busy printer stays busy: what that is for the ledger.
    pub fn give_up(self, why: &PrinterError) -> Event {
        Event::NotSent { why: why.code() }
    }
}

/// The print before is not settled, so nobody can say whether another one is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a print that is {state} cannot be reprinted yet")]
pub struct ReprintTooSoon {
    /// The word of the state it is in.
    pub state: &'static str,
}

impl ReprintTooSoon {
    /// The stable code for the message files.
    pub fn code(&self) -> &'static str {
        "spool.reprint_too_soon"
    }
}
