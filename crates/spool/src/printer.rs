//! A printer, and what can be asked of it.

use std::time::Duration;

use ipp::model::Operation;
use ipp::value::IppValue;

use crate::address::PrinterUri;
use crate::attributes::{self, Group};
use crate::error::PrinterError;
use crate::job::{JobId, JobState, JobStatus};
use crate::ledger::EntryId;
use crate::status::{PrinterState, PrinterStatus, WANTED};
use crate::wire::{Answer, Bounds, Question};

/// The most jobs of a queue that are looked through. CUPS keeps 500 by default.
const MAX_JOBS: i32 = 1000;
/// What is asked of a job. CUPS leaves out the name of a job that ended a while ago unless something is asked for that
/// it must look up in the job's file: the UUID is.
const OF_A_JOB: &[&str] = &["job-id", "job-name", "job-state", "job-state-reasons", "job-uuid"];

/// A printer. Every call blocks, within the bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printer {
    /// Where it is.
    pub uri: PrinterUri,
    /// What staff call it.
    pub name: String,
    /// How long it is waited for.
    pub bounds: Bounds,
}

impl Printer {
    /// A printer with the usual bounds.
    pub fn new(uri: PrinterUri, name: impl Into<String>) -> Self {
        Self { uri, name: name.into(), bounds: Bounds::default() }
    }

    /// How it is, and what it can.
    ///
    /// CUPS says of a printer that is off only that it prints, so the printer behind a queue that does not stand idle
    /// is asked too: that takes at most the bound once more.
    ///
    /// # Errors
    /// When it cannot be reached, does not answer in time, or is no printer.
    pub fn status(&self) -> Result<PrinterStatus, PrinterError> {
        let mut status = self.own_status()?;
        if let Some(device) = status.device.clone().filter(|_| status.state != PrinterState::Idle) {
            let device = Self { uri: device, ..self.clone() };
            status.merge(device.own_status());
        }
        Ok(status)
    }

    fn own_status(&self) -> Result<PrinterStatus, PrinterError> {
        let question = Question::new(Operation::GetPrinterAttributes, &self.uri)?.signed()?;
        let answer = succeeded(self.ask(question.wanting(WANTED)?)?)?;
        let printer = attributes::printers(&answer.attributes).next().ok_or(PrinterError::BadAnswer)?;
        Ok(PrinterStatus::read(&printer))
    }

    /// How an entry's job stands.
    ///
    /// A printer that was switched off forgets its jobs and gives their numbers again: a job of this number and
    /// another name is not the one asked for.
    ///
    /// # Errors
    /// `NoSuchJob` when it does not know it; otherwise as [`Printer::status`].
    pub fn job(&self, entry: EntryId, job: JobId) -> Result<JobStatus, PrinterError> {
        let question = Question::new(Operation::GetJobAttributes, &self.uri)?;
        let question = question.with("job-id", IppValue::Integer(job.number()))?.signed()?;
        let answer = of_a_job(self.ask(question.wanting(OF_A_JOB)?)?)?;
        let group = attributes::jobs(&answer.attributes).next().ok_or(PrinterError::BadAnswer)?;
        if !is_of(&group, entry) {
            return Err(PrinterError::NoSuchJob);
        }
        read_job(&group).ok_or(PrinterError::BadAnswer)
    }

    /// The job of an entry, by the name it was given; `None` when the printer does not know it (now: one that is still
    /// being taken may turn up later, and one that was printed may be forgotten).
    ///
    /// # Errors
    /// As [`Printer::status`].
    pub fn find(&self, entry: EntryId) -> Result<Option<JobStatus>, PrinterError> {
        // In this order: a job that ends between the two questions is in the second list.
        for which in ["not-completed", "completed"] {
            let keyword = IppValue::new_keyword(which).map_err(|_| PrinterError::BadOption("which-jobs"))?;
            let question = Question::new(Operation::GetJobs, &self.uri)?.signed()?;
            let question =
                question.with("limit", IppValue::Integer(MAX_JOBS))?.with("which-jobs", keyword)?;
            let answer = succeeded(self.ask(question.wanting(OF_A_JOB)?)?)?;
            let found = attributes::jobs(&answer.attributes)
                .filter(|group| is_of(group, entry))
                .find_map(|group| read_job(&group));
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Takes an entry's job back; one that has ended stays as it is.
    ///
    /// # Errors
    /// `NoSuchJob` when the printer does not know it; otherwise as [`Printer::status`].
    pub fn cancel(&self, entry: EntryId, job: JobId) -> Result<(), PrinterError> {
        if self.job(entry, job)?.state.ended() {
            return Ok(());
        }
        let question = Question::new(Operation::CancelJob, &self.uri)?;
        let question = question.with("job-id", IppValue::Integer(job.number()))?.signed()?;
        let answer = self.ask(question)?;
        // Not possible: it has ended meanwhile.
        if answer.ipp_status == 0x0404 {
            return Ok(());
        }
        of_a_job(answer).map(drop)
    }

    fn ask(&self, question: Question) -> Result<Answer, PrinterError> {
        Ok(question.ask(&self.uri, &[], self.bounds.connect, self.bounds.ask)?)
    }

    /// The time for a document.
    pub(crate) fn print_bounds(&self) -> (Duration, Duration) {
        (self.bounds.connect, self.bounds.print)
    }
}

/// How the name of an entry's job begins; the whole name may be cut off behind it.
pub(crate) fn job_name_start(entry: EntryId) -> String {
    format!("cx-{entry}")
}

fn is_of(group: &Group<'_>, entry: EntryId) -> bool {
    group.text("job-name").is_some_and(|name| name.starts_with(&job_name_start(entry)))
}

fn read_job(group: &Group<'_>) -> Option<JobStatus> {
    Some(JobStatus {
        job: group.integer("job-id").and_then(JobId::new)?,
        state: group.integer("job-state").and_then(JobState::from_ipp)?,
        reasons: group.texts("job-state-reasons").into_iter().filter(|it| it != "none").collect(),
    })
}

/// The answer, if the printer did as asked.
pub(crate) fn succeeded(answer: Answer) -> Result<Answer, PrinterError> {
    if answer.ipp_status < 0x0100 { Ok(answer) } else { Err(refusal(&answer)) }
}

fn of_a_job(answer: Answer) -> Result<Answer, PrinterError> {
    match answer.ipp_status {
        // Not found, gone.
        0x0406 | 0x0407 => Err(PrinterError::NoSuchJob),
        _ => succeeded(answer),
    }
}

/// Why the printer refused (RFC 8011, appendix B).
pub(crate) fn refusal(answer: &Answer) -> PrinterError {
    match answer.ipp_status {
        0x0401..=0x0403 => PrinterError::Forbidden,
        0x040a => PrinterError::PdfUnsupported,
        0x040b | 0x040e => {
            PrinterError::OptionsUnsupported { names: attributes::unsupported(&answer.attributes).join(",") }
        }
        0x0506 => PrinterError::NotAccepting,
        0x0507 => PrinterError::Busy,
        ipp_status => PrinterError::Refused { ipp_status },
    }
}
