//! Sends a print: once.

use ipp::model::Operation;
use ipp::value::IppValue;
use jiff::Timestamp;

use crate::attributes;
use crate::error::PrinterError;
use crate::job::JobId;
use crate::ledger::Event;
use crate::options::JobOptions;
use crate::permit::Permit;
use crate::printer::{Printer, job_name_start, refusal};
use crate::wire::{Answer, Question};

/// The largest document that is sent, bytes.
pub const MAX_DOCUMENT_BYTES: u64 = 64 << 20;
/// The longest name of a job that every printer keeps whole, bytes.
const MAX_JOB_NAME_BYTES: usize = 127;
/// What a print must not be made without: another paper, another number of copies or the other side is waste.
const BINDING: &[&str] = &["copies", "media", "sides"];

/// What became of sending a print.
#[derive(Debug)]
pub enum Submission {
    /// The printer has it.
    Accepted {
        /// Its number there.
        job: JobId,
    },
    /// The printer has another job, takes one at a time, and took nothing: it may be asked again when it is idle.
    Busy {
        /// The right to do so.
        permit: Permit,
    },
    /// The printer refused and took nothing.
    Refused(PrinterError),
    /// Not a byte of the print left this computer.
    NotSent(PrinterError),
    /// The connection broke before all of it had left: what may come out is not the whole of it. What the printer has
    /// of it had better be found and cancelled.
    CutOff(PrinterError),
    /// It left, and whether it will be printed is not known. Where the cable broke on the way, some printers print the
    /// part that arrived and call it completed: it cannot be told from here.
    Lost(PrinterError),
}

impl Submission {
    /// What it is for the ledger; nothing while the permit is still there.
    pub fn event(&self, at: Timestamp) -> Option<Event> {
        Some(match self {
            Self::Accepted { job } => Event::Accepted { job: *job },
            Self::Busy { .. } => return None,
            Self::Refused(error) => Event::Refused { why: error.code() },
            Self::NotSent(error) => Event::NotSent { why: error.code() },
            Self::CutOff(_) => Event::CutOff,
            Self::Lost(_) => Event::Lost { at },
        })
    }
}

impl Printer {
    /// Prints a PDF: asks the printer first whether it would (Validate-Job), then sends it in one request (Print-Job),
    /// and never again whatever happens. Blocks at most [`Bounds::ask`](crate::Bounds) and then
    /// [`Bounds::print`](crate::Bounds).
    ///
    /// The permit is for the printer of its entry; with another one nothing is sent.
    pub fn submit(&self, permit: Permit, document: &[u8], options: &JobOptions) -> Submission {
        if permit.printer != self.uri {
            return Submission::NotSent(PrinterError::BadAddress);
        }
        let prepared = options.check(permit.copies).and_then(|()| is_printable(document)).and_then(|()| {
            let ask = |operation| self.question(operation, &permit, options);
            Ok((ask(Operation::ValidateJob)?, ask(Operation::PrintJob)?))
        });
        let (validate, print) = match prepared {
            Ok(prepared) => prepared,
            Err(error) => return Submission::NotSent(error),
        };
        match validate.ask(&self.uri, &[], self.bounds.connect, self.bounds.ask) {
            Err(broken) => return Submission::NotSent(broken.error),
            Ok(answer) => match objection(&answer) {
                None => {}
                Some(PrinterError::Busy) => return Submission::Busy { permit },
                Some(error) => return Submission::Refused(error),
            },
        }
        let (connect, limit) = self.print_bounds();
        match print.ask(&self.uri, document, connect, limit) {
            Err(broken) if broken.may_have_acted && !broken.whole => Submission::CutOff(broken.error),
            Err(broken) if broken.may_have_acted => Submission::Lost(broken.error),
            Err(broken) => Submission::NotSent(broken.error),
            Ok(answer) => judge(&answer, permit),
        }
    }

    fn question(
        &self,
        operation: Operation,
        permit: &Permit,
        options: &JobOptions,
    ) -> Result<Question, PrinterError> {
        let keyword = |word: &str| IppValue::new_keyword(word).map_err(|_| PrinterError::BadOption("media"));
        let name = IppValue::new_name_without_language(job_name(permit, &options.title))
            .map_err(|_| PrinterError::BadOption("title"))?;
        let format =
            IppValue::new_mime_media_type("application/pdf").map_err(|_| PrinterError::PdfUnsupported)?;
        let mut question = Question::new(operation, &self.uri)?
            .signed()?
            .with("job-name", name)?
            .with("document-format", format)?
            .with_job("copies", IppValue::Integer(permit.copies.into()))?
            // PWG 5100.13: a photo of 33 mm stays 33 mm.
            .with_job("print-scaling", keyword("none")?)?;
        if let Some(media) = &options.media {
            question = question.with_job("media", keyword(media)?)?;
        }
        if let Some(sides) = options.sides {
            question = question.with_job("sides", keyword(sides.keyword())?)?;
        }
        Ok(question)
    }
}

/// The entry's number first, so that it is found whatever is cut off behind.
fn job_name(permit: &Permit, title: &str) -> String {
    let mut name = format!("{} {title}", job_name_start(permit.entry()));
    let mut end = name.len().min(MAX_JOB_NAME_BYTES);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    name.trim_end().to_owned()
}

fn is_printable(document: &[u8]) -> Result<(), PrinterError> {
    if document.len() as u64 > MAX_DOCUMENT_BYTES {
        return Err(PrinterError::DocumentTooLarge);
    }
    if document.starts_with(b"%PDF-") { Ok(()) } else { Err(PrinterError::NotPdf) }
}

/// Why the printer would not print this, from its answer to Validate-Job.
fn objection(answer: &Answer) -> Option<PrinterError> {
    match answer.ipp_status {
        0x0000..=0x00ff => {
            let names = attributes::unsupported(&answer.attributes);
            let names: Vec<_> = names.into_iter().filter(|name| BINDING.contains(&name.as_str())).collect();
            (!names.is_empty()).then(|| PrinterError::OptionsUnsupported { names: names.join(",") })
        }
        // It does not know the question; Print-Job will tell.
        0x0501 => None,
        _ => Some(refusal(answer)),
    }
}

/// What the answer to Print-Job means. Only what says for certain that no job was made is a refusal.
fn judge(answer: &Answer, permit: Permit) -> Submission {
    let job = attributes::jobs(&answer.attributes)
        .next()
        .and_then(|group| group.integer("job-id"))
        .and_then(JobId::new);
    match (answer.ipp_status, job) {
        (0x0000..=0x00ff, Some(job)) => Submission::Accepted { job },
        (0x0000..=0x00ff, None) => Submission::Lost(PrinterError::BadAnswer),
        (0x0507, None) => Submission::Busy { permit },
        // A time-out of the printer's and its inner errors may come after it has begun.
        (0x0405, None) => Submission::Lost(refusal(answer)),
        (0x0400..=0x04ff | 0x0501 | 0x0503 | 0x0506 | 0x0509, None) => Submission::Refused(refusal(answer)),
        _ => Submission::Lost(refusal(answer)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permit::Intent;

    fn permit(uri: &str) -> Permit {
        let intent = Intent::new(uri.parse().expect("an address"), None, 1);
        intent.keep(|_| Ok::<_, ()>(())).expect("kept").1
    }

    #[test]
    fn a_name_keeps_its_beginning() {
        let permit = permit("127.0.0.1");
        let whole = job_name(&permit, "照片 5×8");
        assert_eq!(whole, format!("cx-{} 照片 5×8", permit.entry()));
        let cut = job_name(&permit, &"照".repeat(40));
        assert!(cut.len() <= MAX_JOB_NAME_BYTES && cut.starts_with(&job_name_start(permit.entry())), "{cut}");
        assert_eq!(job_name(&permit, ""), job_name_start(permit.entry()));
    }

    #[test]
    fn what_is_no_document_is_not_sent() {
        let large = vec![0; usize::try_from(MAX_DOCUMENT_BYTES).expect("a size") + 1];
        let printer = Printer::new("127.0.0.1:1".parse().expect("an address"), "test");
        for (document, other, expected) in [
            (b"".as_slice(), false, PrinterError::NotPdf),
            (b"hello", false, PrinterError::NotPdf),
            (&large, false, PrinterError::DocumentTooLarge),
            (b"%PDF-1.4", true, PrinterError::BadAddress),
        ] {
            let permit = permit(if other { "127.0.0.2:1" } else { "127.0.0.1:1" });
            let Submission::NotSent(error) = printer.submit(permit, document, &JobOptions::default()) else {
                panic!("{expected} was sent");
            };
            assert_eq!(error, expected);
        }
    }
}
