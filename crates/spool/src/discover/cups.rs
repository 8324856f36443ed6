//! The queues of CUPS.

use ipp::model::Operation;

use super::{Found, Source, in_order};
use crate::address::PrinterUri;
use crate::attributes;
use crate::error::PrinterError;
use crate::printer::{Printer, succeeded};
use crate::wire::{Bounds, Question};

const WANTED: &[&str] = &[
    "printer-name",
    "printer-info",
    "printer-uri-supported",
    "printer-make-and-model",
    "document-format-supported",
];

/// The queues of a CUPS server; this computer's is at `localhost`. A CUPS without queues has none.
///
/// # Errors
/// `Unreachable` when no CUPS runs there; otherwise as [`Printer::status`].
pub fn cups_printers(host: &str, port: u16, bounds: Bounds) -> Result<Vec<Found>, PrinterError> {
    let server = PrinterUri::new(host, port, "/cups")?;
    let question = Question::new(Operation::CupsGetPrinters, &server)?.signed()?.wanting(WANTED)?;
    let answer = question.ask(&server, &[], bounds.connect, bounds.ask)?;
    // Not found: there are no queues.
    if answer.ipp_status == 0x0406 {
        return Ok(Vec::new());
    }
    let answer = succeeded(answer)?;
    let found = attributes::printers(&answer.attributes).filter_map(|group| {
        let queue = group.text("printer-name")?;
        // Its own idea of the address may have a name that this computer cannot find; the queue's path is always this.
        let uri = PrinterUri::new(host, port, &format!("/printers/{queue}")).ok()?;
        let name = group.text("printer-info").filter(|info| !info.trim().is_empty()).unwrap_or(queue);
        Some(Found {
            printer: Printer { bounds, ..Printer::new(uri, name) },
            source: Source::Cups,
            make_and_model: group.text("printer-make-and-model").unwrap_or_default(),
            accepts_pdf: group.texts("document-format-supported").iter().any(|it| it == "application/pdf"),
        })
    });
    Ok(in_order(found.collect()))
}
