//! A ledger on the disk, as simple as can be: a file for each entry, written anew at each step. What the store does
//! with its table, made only of what the crate gives.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use caixiang_spool::*;
use jiff::Timestamp;

pub(crate) struct Book {
    folder: PathBuf,
}

impl Book {
    pub(crate) fn open(folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        Self { folder: folder.to_owned() }
    }

    /// Returns when it would outlive a power cut.
    pub(crate) fn keep(&self, entry: &Entry) -> io::Result<()> {
        let (detail, more) = match &entry.state {
            State::Submitted { job } => (job.to_string(), String::new()),
            State::Failed { reason } => (reason.code().into(), reason.why().unwrap_or_default().into()),
            State::Unknown { since } => (since.to_string(), String::new()),
            State::Intended | State::Done => Default::default(),
        };
        let path = self.folder.join(entry.id.to_string());
        let new = path.with_extension("new");
        let mut file = File::create(&new)?;
        let text = [
            entry.printer.to_string(),
            entry.copies.to_string(),
            entry.copy_number.to_string(),
            entry.reprint_of.map(|id| id.to_string()).unwrap_or_default(),
            entry.state.code().to_owned(),
            detail,
            more,
        ];
        file.write_all(text.join("\n").as_bytes())?;
        file.sync_all()?;
        fs::rename(new, path)?;
        File::open(&self.folder)?.sync_all()
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let files = fs::read_dir(&self.folder).unwrap().map(|file| file.unwrap().path());
        let mut entries: Vec<_> =
            files.filter(|path| path.extension().is_none()).map(|path| read(&path)).collect();
        entries.sort_by_key(|entry| entry.id);
        entries
    }

    /// Records what happened.
    pub(crate) fn step(&self, entry: &Entry, event: &Event) -> Entry {
        let after = next(entry, event).unwrap_or_else(|error| panic!("{error}: {event:?}"));
        self.keep(&after).unwrap();
        after
    }

    /// Prints as the kiosk would: the intent first, then once, then what came of it.
    pub(crate) fn print(&self, printer: &Printer, document: &Path, options: &JobOptions) -> Entry {
        self.send(Intent::new(printer.uri.clone(), None, 1), printer, document, options)
    }

    pub(crate) fn send(
        &self,
        intent: Intent,
        printer: &Printer,
        document: &Path,
        options: &JobOptions,
    ) -> Entry {
        let document = fs::read(document).unwrap();
        let (entry, mut permit) = intent.keep(|entry| self.keep(entry)).unwrap();
        loop {
            let submission = printer.submit(permit, &document, options);
            match submission.event(Timestamp::now()) {
                Some(event) => return self.step(&entry, &event),
                None => {
                    let Submission::Busy { permit: again } = submission else { unreachable!() };
                    permit = again;
                    std::thread::sleep(Duration::from_millis(20));
                }
            }
        }
    }

    /// Asks the printer until the entry is settled, or the printer does not know it for a second.
    pub(crate) fn settle(&self, mut entry: Entry, printer: &Printer) -> Entry {
        let mut unknown_since = Instant::now();
        let begin = Instant::now();
        loop {
            assert!(begin.elapsed() < Duration::from_secs(60), "{entry:?} does not settle");
            let event = match &entry.state {
                State::Done | State::Failed { .. } => return entry,
                State::Intended => Event::Restarted { at: Timestamp::now() },
                State::Submitted { job } => match printer.job(entry.id, *job) {
                    Ok(status) => Event::Seen(status),
                    Err(PrinterError::NoSuchJob) => Event::Forgotten { at: Timestamp::now() },
                    Err(error) => panic!("{error}"),
                },
                State::Unknown { .. } => match printer.find(entry.id).unwrap() {
                    Some(status) => Event::Seen(status),
                    None if unknown_since.elapsed() > Duration::from_secs(1) => return entry,
                    None => Event::Forgotten { at: Timestamp::now() },
                },
            };
            entry = self.step(&entry, &event);
            if !matches!(entry.state, State::Unknown { .. }) {
                unknown_since = Instant::now();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn read(path: &Path) -> Entry {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<_> = text.split('\n').collect();
    let [printer, copies, copy_number, reprint_of, code, detail, more] = lines[..] else {
        panic!("{path:?}: {text}")
    };
    Entry {
        id: path.file_name().unwrap().to_str().unwrap().parse().unwrap(),
        printer: printer.parse().unwrap(),
        order: None,
        copies: copies.parse().unwrap(),
        copy_number: copy_number.parse().unwrap(),
        reprint_of: (!reprint_of.is_empty()).then(|| reprint_of.parse().unwrap()),
        state: match code {
            "intended" => State::Intended,
            "submitted" => State::Submitted { job: JobId::new(detail.parse().unwrap()).unwrap() },
            "done" => State::Done,
            "unknown" => State::Unknown { since: detail.parse().unwrap() },
            "failed" => State::Failed {
                reason: Failure::from_codes(detail, Some(more).filter(|it| !it.is_empty())).unwrap(),
            },
            other => panic!("{other}"),
        },
    }
}
