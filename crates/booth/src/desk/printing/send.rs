//! One print, once: kept in the ledger, made, sent to its printer or written to its file, and noted.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use caixiang_domain::{OrderId, PrintId, SessionId};
use caixiang_paper::Paper;
use caixiang_spool::{
    Intent, JobOptions, MAX_DOCUMENT_BYTES, Permit, Printer, PrinterError, Sides, Submission,
};
use caixiang_store::{Actor, NewPrint, Print, PrintState, Sheet};
use jiff::Timestamp;

use super::super::talk::PaperSettings;
use super::super::{Desk, work};
use super::printers;
use crate::ledger;
use crate::view::{Notice, Role};

/// A printer that takes one job at a time is asked again for so long.
const BUSY_FOR: Duration = Duration::from_secs(180);
const BUSY_EVERY: Duration = Duration::from_secs(1);
/// Characters of a job's title on the printer's own panel.
const TITLE_CHARS: usize = 40;

/// Where prints go.
pub(super) enum Target {
    /// To a printer.
    Printer(Printer),
    /// Into files of a folder.
    Folder(PathBuf),
}

impl Target {
    /// The folder, or the printer of the settings: the one for labels and lists with `office`.
    pub(super) fn new(
        settings: &PaperSettings,
        folder: Option<PathBuf>,
        office: bool,
    ) -> Result<Self, Notice> {
        if let Some(folder) = folder {
            return Ok(Self::Folder(folder));
        }
        let chosen = settings.office_printer.as_ref().filter(|_| office).or(settings.printer.as_ref());
        let chosen = chosen.ok_or_else(|| Notice::new("printer.none"))?;
        let uri = chosen.uri.parse().map_err(|error: PrinterError| Notice::new(error.code()))?;
        Ok(Self::Printer(Printer { bounds: printers::SOON, ..Printer::new(uri, chosen.name.clone()) }))
    }

    /// The folder; nothing for a printer.
    pub(super) fn place(&self) -> String {
        match self {
            Self::Printer(_) => String::new(),
            Self::Folder(folder) => folder.to_string_lossy().into_owned(),
        }
    }
}

/// What is to be printed.
pub(super) struct Document {
    pub(super) session: SessionId,
    /// What it is, for staff; not of whom.
    pub(super) title: String,
    pub(super) pages: u32,
    /// Whose sheets are on it.
    pub(super) orders: Vec<OrderId>,
    /// The print that it repeats.
    pub(super) again: Option<Print>,
    pub(super) paper: Option<Paper>,
    pub(super) sides: Option<Sides>,
}

/// Prints it; what the printer says of it later is noted by the spooler.
pub(super) fn send(
    desk: &Desk,
    target: &Target,
    document: &Document,
    make: impl FnOnce(&[Sheet]) -> Result<Vec<u8>, Notice>,
) -> Result<(), Notice> {
    match target {
        Target::Printer(printer) => to_printer(desk, printer, document, make),
        Target::Folder(folder) => to_file(desk, folder, document, make),
    }
}

fn to_printer(
    desk: &Desk,
    printer: &Printer,
    document: &Document,
    make: impl FnOnce(&[Sheet]) -> Result<Vec<u8>, Notice>,
) -> Result<(), Notice> {
    // Asked before anything is written down: a printer that is off costs nothing but this question.
    let status = printer.status().map_err(|error| Notice::new(error.code()))?;
    if !status.accepts_pdf {
        return Err(Notice::new(PrinterError::PdfUnsupported.code()));
    }
    let media = document.paper.as_ref().and_then(|paper| printers::media(&status, paper));
    let cut = document.paper.as_ref().is_some_and(|paper| !paper.is_roll());
    if cut && media.is_none() && !status.media_supported.is_empty() {
        // On the paper that happens to be in it, the sheets would be cropped, one after the other.
        return Err(Notice::new("printer.no_such_paper"));
    }
    let options = JobOptions {
        media,
        sides: document.sides,
        title: document.title.chars().filter(|c| !c.is_control()).take(TITLE_CHARS).collect(),
    };
    let intent = match document.again.as_ref().and_then(ledger::entry_of) {
        Some(before) => Intent::reprint(&before, printer.uri.clone(), 1)
            .map_err(|too_soon| Notice::new(too_soon.code()))?,
        None => Intent::new(printer.uri.clone(), None, 1),
    };
    let mut sheets = Vec::new();
    let (entry, permit) = intent.keep(|entry| {
        sheets = intend(desk, PrintId::from_uuid(entry.id.uuid()), &printer.uri.to_string(), document)?;
        Ok(())
    })?;
    let id = PrintId::from_uuid(entry.id.uuid());
    // A panic in the PDF's making must not take the permit with it: the print would stay as it is for ever.
    let made = catch_unwind(AssertUnwindSafe(|| make(&sheets)));
    let made = made.unwrap_or_else(|_| Err(Notice::new("job.broken_off")));
    let (event, failed) = match made {
        Ok(pdf) if pdf.len() as u64 <= MAX_DOCUMENT_BYTES => submit(printer, permit, &pdf, &options),
        Ok(_) => {
            let error = PrinterError::DocumentTooLarge;
            (permit.give_up(&error), Some(Notice::new(error.code())))
        }
        Err(notice) => (permit.give_up(&PrinterError::NotPdf), Some(notice)),
    };
    let noted = desk.always(move |store| ledger::note(store, id, &event, Actor::Manager));
    if !matches!(noted, Some(Ok(()))) {
        // It stays as it was kept and is unknown after the next start: nothing is printed twice by that.
        tracing::error!(print = %id, "what became of a print could not be noted");
        return Err(Notice::new("store.must_reopen"));
    }
    failed.map_or(Ok(()), Err)
}

/// Sends it, waiting for a printer that has another job; and why it did not go out.
fn submit(
    printer: &Printer,
    mut permit: Permit,
    pdf: &[u8],
    options: &JobOptions,
) -> (caixiang_spool::Event, Option<Notice>) {
    let begin = Instant::now();
    loop {
        let submission = printer.submit(permit, pdf, options);
        let failed = match &submission {
            Submission::Accepted { .. } | Submission::Busy { .. } => None,
            Submission::Refused(error)
            | Submission::NotSent(error)
            | Submission::CutOff(error)
            | Submission::Lost(error) => Some(Notice::new(error.code())),
        };
        match (submission.event(Timestamp::now()), submission) {
            (Some(event), _) => return (event, failed),
            (None, Submission::Busy { permit: again }) if begin.elapsed() < BUSY_FOR => permit = again,
            (None, Submission::Busy { permit }) => {
                let error = PrinterError::Busy;
                return (permit.give_up(&error), Some(Notice::new(error.code())));
            }
            (None, _) => {
                let at = Timestamp::now();
                return (caixiang_spool::Event::Lost { at }, failed);
            }
        }
        std::thread::sleep(BUSY_EVERY);
    }
}

fn to_file(
    desk: &Desk,
    folder: &Path,
    document: &Document,
    make: impl FnOnce(&[Sheet]) -> Result<Vec<u8>, Notice>,
) -> Result<(), Notice> {
    let id = PrintId::new();
    let sheets = intend(desk, id, "", document)?;
    let written =
        make(&sheets).and_then(|pdf| work::write_new(folder, &document.title, "pdf", &pdf).map(drop));
    let state = match &written {
        Ok(()) => PrintState::Done,
        Err(_) => PrintState::Failed { reason: "not_sent".to_owned() },
    };
    let noted = desk.always(move |store| store.set_print(id, &state, Actor::Manager, Timestamp::now()));
    if !matches!(noted, Some(Ok(()))) {
        return Err(Notice::new("store.must_reopen"));
    }
    written
}

fn intend(desk: &Desk, id: PrintId, printer: &str, document: &Document) -> Result<Vec<Sheet>, Notice> {
    let (session, title, pages) = (document.session, document.title.clone(), document.pages);
    let (orders, printer) = (document.orders.clone(), printer.to_owned());
    let again_of = document.again.as_ref().map(|print| print.id);
    desk.store(Role::Manager, move |store| {
        let new =
            NewPrint { id, session, title: &title, printer: &printer, pages, orders: &orders, again_of };
        store.intend_print(&new, Actor::Manager, Timestamp::now())
    })
}
