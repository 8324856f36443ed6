//! The ledger of prints between its rules (`spool`) and where it is kept (`store`); and the thread that asks printers
//! how their jobs stand.

use std::collections::HashSet;
use std::time::Duration;

use caixiang_domain::PrintId;
use caixiang_spool::{Entry, EntryId, Event, Failure, JobId, Printer, PrinterError, State};
use caixiang_store::{Actor, Print, PrintState, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

use crate::desk::Desk;

/// Between two rounds of questions while something is being printed.
const EVERY: Duration = Duration::from_millis(1500);
/// Between two rounds while nothing is.
const IDLE: Duration = Duration::from_secs(5);
/// A printer that took a job and cannot be reached for so long may be gone.
const GONE_AFTER: SignedDuration = SignedDuration::from_mins(10);
/// What is unknown is asked for every so many rounds: it hardly ever turns up.
const UNKNOWN_EVERY: u32 = 10;

/// A print as the ledger's rules know it; none for what went into a file, or to an address that is none any more.
pub(crate) fn entry_of(print: &Print) -> Option<Entry> {
    Some(Entry {
        id: EntryId::from_uuid(print.id.uuid()),
        printer: print.printer.parse().ok()?,
        order: None,
        copies: 1,
        copy_number: print.copy,
        reprint_of: print.again_of.map(|print| EntryId::from_uuid(print.uuid())),
        state: match &print.state {
            PrintState::Intended => State::Intended,
            PrintState::Submitted { job } => State::Submitted { job: JobId::new(*job)? },
            PrintState::Done => State::Done,
            PrintState::Failed { reason } => {
                let (code, why) = reason_parts(reason);
                State::Failed { reason: Failure::from_codes(code, Some(why).filter(|why| !why.is_empty()))? }
            }
            PrintState::Unknown => State::Unknown { since: print.changed },
        },
    })
}

/// The code of a failure and of the printer's trouble behind it, empty where there is none.
pub(crate) fn reason_parts(reason: &str) -> (&str, &str) {
    reason.split_once(':').unwrap_or((reason, ""))
}

fn state_of(state: &State) -> PrintState {
    match state {
        State::Intended => PrintState::Intended,
        State::Submitted { job } => PrintState::Submitted { job: job.number() },
        State::Done => PrintState::Done,
        State::Failed { reason } => PrintState::Failed {
            reason: match reason.why() {
                Some(why) => format!("{}:{why}", reason.code()),
                None => reason.code().to_owned(),
            },
        },
        State::Unknown { .. } => PrintState::Unknown,
    }
}

/// Notes what happened to a print.
///
/// # Errors
/// [`StoreError::ImpossibleStep`] where that cannot happen to it, or when the database refuses.
pub(crate) fn note(store: &mut Store, id: PrintId, event: &Event, actor: Actor) -> Result<(), StoreError> {
    let entry = entry_of(&store.print(id)?).ok_or(StoreError::ImpossibleStep)?;
    let after = caixiang_spool::next(&entry, event).map_err(|_| StoreError::ImpossibleStep)?;
    if after.state == entry.state {
        return Ok(());
    }
    store.set_print(id, &state_of(&after.state), actor, Timestamp::now())
}

/// After the program was started: nobody waits any more for the answers to what was being sent when it ended.
pub(crate) fn after_restart(store: &mut Store) -> Result<(), StoreError> {
    for print in store.open_prints()? {
        if print.state == PrintState::Intended {
            tracing::warn!(print = %print.id, "a print was being sent when the program ended");
            match entry_of(&print) {
                Some(_) => {
                    note(store, print.id, &Event::Restarted { at: Timestamp::now() }, Actor::System)?;
                }
                None => {
                    store.set_print(print.id, &PrintState::Unknown, Actor::System, Timestamp::now())?;
                }
            }
        }
    }
    Ok(())
}

/// Asks printers how their jobs stand, until the booth ends.
pub(crate) fn watch(desk: &Desk) {
    let mut round = 0_u32;
    while let Some(open) = desk.always(|store| store.open_prints()) {
        let open = open.unwrap_or_default();
        let due = open.iter().filter(|print| match print.state {
            PrintState::Submitted { .. } => true,
            PrintState::Unknown => round.is_multiple_of(UNKNOWN_EVERY),
            _ => false,
        });
        // A printer that is off is not waited for once for each of its jobs.
        let mut away = HashSet::new();
        for print in due {
            let Some(entry) = entry_of(print) else { continue };
            let answer =
                if away.contains(&entry.printer) { Err(PrinterError::Unreachable) } else { ask(&entry) };
            let event = match answer {
                Ok(event) => event,
                Err(_) => {
                    away.insert(entry.printer);
                    gone(print)
                }
            };
            let Some(event) = event else { continue };
            let id = print.id;
            let noted = desk.always(move |store| note(store, id, &event, Actor::System));
            if let Some(Err(error)) = noted {
                tracing::error!(code = error.code(), %error, "a print's state could not be noted");
            }
        }
        round = round.wrapping_add(1);
        std::thread::sleep(if open.is_empty() { IDLE } else { EVERY });
    }
}

/// What its printer says of a print; nothing where it says nothing.
fn ask(entry: &Entry) -> Result<Option<Event>, PrinterError> {
    let printer = Printer::new(entry.printer.clone(), "");
    match entry.state {
        State::Submitted { job } => match printer.job(entry.id, job) {
            Ok(status) => Ok(Some(Event::Seen(status))),
            Err(PrinterError::NoSuchJob) => Ok(Some(Event::Forgotten { at: Timestamp::now() })),
            Err(error) => Err(error),
        },
        State::Unknown { .. } => Ok(printer.find(entry.id)?.map(Event::Seen)),
        _ => Ok(None),
    }
}

/// A printer that took a job and has not been heard of for long may never be again: staff are asked whether the sheets
/// came out. If it comes back, it is asked all the same.
fn gone(print: &Print) -> Option<Event> {
    let now = Timestamp::now();
    let long =
        matches!(print.state, PrintState::Submitted { .. }) && now.duration_since(print.changed) > GONE_AFTER;
    long.then_some(Event::Forgotten { at: now })
}

#[cfg(test)]
mod tests {
    use caixiang_spool::CODES;

    use super::*;

    fn print(state: PrintState) -> Print {
        Print {
            id: PrintId::new(),
            title: String::new(),
            printer: "ipp://localhost:631/printers/photo".into(),
            pages: 1,
            copy: 2,
            again_of: Some(PrintId::new()),
            repeated: false,
            sheets: 1,
            state,
            made: Timestamp::UNIX_EPOCH,
            changed: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn every_state_comes_back_as_it_was_kept() {
        let failures = ["cut_off", "cancelled", "aborted", "said_not_printed"].map(str::to_owned);
        let troubles = CODES.iter().flat_map(|why| [format!("not_sent:{why}"), format!("refused:{why}")]);
        let failed = failures.into_iter().chain(troubles).map(|reason| PrintState::Failed { reason });
        let others =
            [PrintState::Intended, PrintState::Submitted { job: 7 }, PrintState::Done, PrintState::Unknown];
        for state in failed.chain(others) {
            let entry = entry_of(&print(state.clone())).unwrap();
            assert_eq!(state_of(&entry.state), state);
            assert_eq!(entry.copy_number, 2);
        }
        assert_eq!(entry_of(&print(PrintState::Failed { reason: "odd".into() })), None);
        assert_eq!(entry_of(&Print { printer: String::new(), ..print(PrintState::Done) }), None);
    }
}
