//! What was printed: the ledger, what staff say of a print, and taking one back.

use caixiang_spool::{Entry, Event, Printer, PrinterError};
use caixiang_store::{Actor, Print, PrintState};
use jiff::Timestamp;

use super::super::Desk;
use super::super::talk::{Answer, PaperSettings, PrintFailure, PrintRow, PrintsPage};
use super::{SOON, count, settings};
use crate::ledger;
use crate::perform::local;
use crate::view::{Notice, Role};

pub(super) fn print_id(id: &str) -> Result<caixiang_domain::PrintId, Notice> {
    id.parse().map_err(|_| Notice::new("store.not_found"))
}

/// The ledger of this kiosk, whatever session is open.
pub(in super::super) fn prints(desk: &Desk, offset: u32, limit: u32) -> Result<PrintsPage, Notice> {
    let settings = settings(desk)?;
    let (page, unknown) = desk.store(Role::Photographer, move |store| {
        let unknown = store.open_prints()?.iter().filter(|print| print.state == PrintState::Unknown).count();
        Ok((store.prints(offset, limit)?, unknown))
    })?;
    let total = u32::try_from(page.total).unwrap_or(u32::MAX);
    let rows = page.rows.into_iter().map(|print| print_row(print, &settings)).collect();
    Ok(PrintsPage { rows, offset, total, unknown: count(unknown) })
}

fn print_row(print: Print, settings: &PaperSettings) -> PrintRow {
    let named = [&settings.printer, &settings.office_printer];
    let name = named.into_iter().flatten().find(|chosen| chosen.uri == print.printer);
    PrintRow {
        id: print.id.to_string(),
        printer: name.map_or_else(|| print.printer.clone(), |chosen| chosen.name.clone()),
        title: print.title,
        pages: print.pages,
        copy: print.copy,
        reprinted: print.repeated,
        failure: match &print.state {
            PrintState::Failed { reason } => {
                let (code, trouble) = ledger::reason_parts(reason);
                Some(PrintFailure { code: code.to_owned(), trouble: trouble.to_owned() })
            }
            _ => None,
        },
        state: print.state.code().to_owned(),
        sheets: print.sheets,
        made: local(print.made),
        changed: local(print.changed),
    }
}

/// Staff have looked: an unknown print was printed or was not. What the printer may still have of it is taken back
/// first, so that it does not come out after all; where it cannot be asked, nothing is noted, unless it is gone for good.
pub(in super::super) fn said(desk: &Desk, id: &str, printed: bool, gone: bool) -> Result<Answer, Notice> {
    let id = print_id(id)?;
    let print = desk.store(Role::Manager, move |store| store.print(id))?;
    let Some(entry) = ledger::entry_of(&print) else {
        let state = if printed {
            PrintState::Done
        } else {
            PrintState::Failed { reason: "said_not_printed".to_owned() }
        };
        desk.store(Role::Manager, move |store| {
            store.set_print(id, &state, Actor::Manager, Timestamp::now())
        })?;
        return Ok(Answer::Done);
    };
    let event = match printed {
        true => Event::SaidPrinted,
        false if gone => Event::SaidNotPrinted,
        false => taken_back(&entry)?,
    };
    desk.store(Role::Manager, move |store| ledger::note(store, id, &event, Actor::Manager))?;
    Ok(Answer::Done)
}

/// Takes back what the printer may have of a print; what has ended counts as the printer says.
fn taken_back(entry: &Entry) -> Result<Event, Notice> {
    let printer = Printer { bounds: SOON, ..Printer::new(entry.printer.clone(), "") };
    let cannot = |error: PrinterError| Notice::new("print.not_taken_back").with("why", error.code());
    match printer.find(entry.id).map_err(cannot)? {
        None => Ok(Event::SaidNotPrinted),
        Some(found) if found.state.ended() => Ok(Event::Seen(found)),
        Some(found) => {
            printer.cancel(entry.id, found.job).map_err(cannot)?;
            Ok(Event::SaidNotPrinted)
        }
    }
}

/// Takes a job back that the printer has; what became of it is heard from the printer.
pub(in super::super) fn cancel(desk: &Desk, id: &str) -> Result<Answer, Notice> {
    let id = print_id(id)?;
    let print = desk.store(Role::Manager, move |store| store.print(id))?;
    let entry = ledger::entry_of(&print).ok_or_else(|| Notice::new("store.impossible_step"))?;
    let caixiang_spool::State::Submitted { job } = entry.state else {
        return Err(Notice::new("store.impossible_step"));
    };
    let cancelled = Printer::new(entry.printer.clone(), "").cancel(entry.id, job);
    cancelled.map_err(|error| Notice::new(error.code()))?;
    desk.audit("print.cancel", serde_json::json!({ "print": print.id.to_string() }).to_string());
    Ok(Answer::Done)
}
