//! Which printers there are: the queues of this computer's CUPS, and driverless ones in the network. Each within a
//! bounded time. What staff type is read by [`PrinterUri`](crate::PrinterUri).

mod cups;
mod dns_sd;

pub use cups::cups_printers;
pub use dns_sd::driverless_printers;

use crate::printer::Printer;

/// The most printers that are listed.
const MAX_PRINTERS: usize = 200;

/// How a printer was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// A queue of CUPS, which converts for printers that take no PDF.
    Cups,
    /// It announced itself in the network (DNS-SD).
    Driverless,
}

/// A printer that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The printer. A driverless one is addressed by number, which may be another one tomorrow; its name stays.
    pub printer: Printer,
    /// How it was found.
    pub source: Source,
    /// Its maker and model, where it says them.
    pub make_and_model: String,
    /// Whether it says that it takes PDF.
    pub accepts_pdf: bool,
}

/// In a steady order, each address once.
fn in_order(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by(|a, b| (&a.printer.name, &a.printer.uri).cmp(&(&b.printer.name, &b.printer.uri)));
    found.dedup_by(|a, b| a.printer.uri == b.printer.uri);
    found.truncate(MAX_PRINTERS);
    found
}
