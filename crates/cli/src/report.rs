//! What is said of each photo: a row of facts, written as JSON for programs or as lines for people.

use std::io::{ErrorKind, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use caixiang_domain::{Decision, Finding, Outcome, Severity, Unit, Verdict};
use caixiang_portrait::Operation;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::args::Format;
use crate::fault::{Fault, report_path};
use crate::words::{Words, amount};
use crate::{batch, output};

/// Some photos are rejected.
const REJECTED: u8 = 1;
/// Some pictures could not be worked on.
const UNUSABLE: u8 = 3;

/// One photo in the report. The JSON's fields are these, always all of them.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Row {
    pub(crate) file: String,
    pub(crate) output: Option<String>,
    /// The sheet of `--explain`.
    pub(crate) explanation: Option<String>,
    pub(crate) preset: Option<String>,
    pub(crate) backdrop: Option<String>,
    /// Of the finished file.
    pub(crate) sha256: Option<String>,
    pub(crate) bytes: Option<u64>,
    pub(crate) quality: Option<u8>,
    pub(crate) decision: Option<&'static str>,
    pub(crate) findings: Vec<FindingRow>,
    pub(crate) operations: Vec<OperationRow>,
    pub(crate) error: Option<ErrorRow>,
    pub(crate) milliseconds: u64,
}

#[derive(Debug, Serialize)]
pub(crate) struct FindingRow {
    check: &'static str,
    outcome: &'static str,
    /// Why the outcome is `unknown`.
    unsure: Option<&'static str>,
    value: Option<f64>,
    unit: &'static str,
    min: Option<f64>,
    max: Option<f64>,
    /// The rule's, whether it is broken or not.
    severity: Option<&'static str>,
    message: String,
    /// The check's name in the report's language, for the table.
    #[serde(skip)]
    name: String,
    /// Of a broken rule.
    #[serde(skip)]
    failed: Option<Severity>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "operation", rename_all = "snake_case")]
pub(crate) enum OperationRow {
    Reoriented,
    ConvertedToSrgb,
    Flattened,
    Rotated { degrees: f64 },
    CroppedAndScaled { centre_px: [f64; 2], factor: f64 },
    BackdropExtended { left_px: f64, top_px: f64, right_px: f64, bottom_px: f64 },
    BackgroundReplaced { colour: String },
    Encoded { quality: u8, half_colour: bool },
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorRow {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) cause: Option<String>,
}

impl Row {
    pub(crate) fn of(file: &Path) -> Self {
        Self { file: report_path(file), ..Self::default() }
    }

    /// Notes a failure. What is already there stays: a photo that was written is there, also where its sheet is not.
    pub(crate) fn fail(&mut self, words: &Words, fault: &Fault) {
        self.error =
            Some(ErrorRow { code: fault.code, message: words.fault(fault), cause: fault.cause.clone() });
    }

    pub(crate) fn judge(&mut self, words: &Words, verdict: &Verdict) {
        self.decision = Some(verdict.decision().code());
        self.findings = verdict.findings().iter().map(|finding| finding_row(words, finding)).collect();
    }

    pub(crate) fn took(mut self, time: Duration) -> Self {
        self.milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self
    }
}

fn finding_row(words: &Words, finding: &Finding) -> FindingRow {
    let rule = finding.rule;
    FindingRow {
        check: finding.check.code(),
        outcome: finding.outcome.code(),
        unsure: match finding.outcome {
            Outcome::Unknown(why) => Some(why.code()),
            _ => None,
        },
        value: finding.value.map(rounded),
        unit: unit_code(finding.check.unit()),
        min: rule.and_then(|rule| rule.min),
        max: rule.and_then(|rule| rule.max),
        severity: rule.map(|rule| rule.severity.code()),
        message: words.finding(finding),
        name: words.check(finding.check).to_owned(),
        failed: finding.severity(),
    }
}

/// Four decimals: below what any check can tell.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// The stable word for a unit.
pub(crate) fn unit_code(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Pixel => "px",
        Unit::Degree => "deg",
        Unit::Share => "share",
        Unit::Ratio => "ratio",
        Unit::Level => "level",
        Unit::Quality => "quality",
        Unit::Byte => "byte",
        Unit::Dpi => "dpi",
        Unit::Millimetre => "mm",
    }
}

impl From<&Operation> for OperationRow {
    fn from(operation: &Operation) -> Self {
        match *operation {
            Operation::Reoriented => Self::Reoriented,
            Operation::ConvertedToSrgb => Self::ConvertedToSrgb,
            Operation::Flattened => Self::Flattened,
            Operation::Rotated { degrees } => Self::Rotated { degrees: rounded(degrees) },
            Operation::CroppedAndScaled { centre_px, factor } => {
                Self::CroppedAndScaled { centre_px: centre_px.map(rounded), factor: rounded(factor) }
            }
            Operation::BackdropExtended { sides_px } => {
                let [left_px, top_px, right_px, bottom_px] = sides_px.map(rounded);
                Self::BackdropExtended { left_px, top_px, right_px, bottom_px }
            }
            Operation::BackgroundReplaced { colour } => {
                Self::BackgroundReplaced { colour: colour.to_string() }
            }
            Operation::Encoded { quality, half_colour } => Self::Encoded { quality, half_colour },
        }
    }
}

/// What came out of all photos so far.
#[derive(Debug, Default)]
struct Tally {
    accept: usize,
    review: usize,
    reject: usize,
    done: usize,
    unusable: usize,
}

/// Writes rows to standard output as they come, and the progress to standard error.
pub(crate) struct Reporter<'a> {
    words: &'a Words,
    format: Format,
    bar: ProgressBar,
    tally: Tally,
    /// Why standard output takes no more.
    closed: Option<std::io::Error>,
    about: About,
}

/// What the rows are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// Finished photos that were made.
    Photos,
    /// Finished photos that were looked at.
    Checks,
    /// People cut out.
    Cutouts,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(words: &'a Words, format: Format, total: usize, about: About) -> Self {
        let target = if std::io::stderr().is_terminal() && total > 1 {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(total as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{wide_bar} {pos}/{len} {elapsed} (+{eta})") {
            bar.set_style(style);
        }
        Self { words, format, bar, tally: Tally::default(), closed: None, about }
    }

    pub(crate) fn take(&mut self, row: &Row) -> ControlFlow<()> {
        match row.decision {
            _ if row.error.is_some() => self.tally.unusable += 1,
            Some(code) if code == Decision::Accept.code() => self.tally.accept += 1,
            Some(code) if code == Decision::Review.code() => self.tally.review += 1,
            Some(_) => self.tally.reject += 1,
            None => self.tally.done += 1,
        }
        let text = match self.format {
            Format::Json => serde_json::to_string(row).unwrap_or_default() + "\n",
            Format::Table => self.lines(row),
        };
        self.say(&text);
        self.bar.inc(1);
        // Where the results are files, they are the point, and the work goes on when nobody reads the report any more.
        if self.closed.is_some() && self.about == About::Checks {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Says the sum and tells how the program ends.
    ///
    /// # Errors
    /// `report.failed` where standard output could not be written. That somebody stopped reading is no error.
    pub(crate) fn finish(mut self) -> Result<ExitCode, Fault> {
        self.bar.finish_and_clear();
        let Tally { accept, review, reject, done, unusable } = self.tally;
        if self.format == Format::Table {
            let key = if self.about == About::Cutouts { "cli/summary_cutout" } else { "cli/summary" };
            let total = accept + review + reject + done + unusable;
            let text = self.words.fill(
                key,
                &[
                    ("total", &total),
                    ("accept", &accept),
                    ("review", &review),
                    ("reject", &reject),
                    ("done", &done),
                    ("unusable", &unusable),
                ],
            );
            self.say(&format!("{text}\n"));
        }
        match self.closed {
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Fault::new("report.failed").because(&error))
            }
            _ if batch::stopped() => Ok(ExitCode::from(output::INTERRUPTED)),
            _ if unusable > 0 => Ok(ExitCode::from(UNUSABLE)),
            _ if reject > 0 => Ok(ExitCode::from(REJECTED)),
            _ => Ok(ExitCode::SUCCESS),
        }
    }

    fn lines(&self, row: &Row) -> String {
        let words = self.words;
        if let Some(error) = &row.error {
            let decision = words.text("decision/unusable");
            let params: [(&str, &dyn std::fmt::Display); 3] =
                [("decision", &decision), ("file", &row.file), ("message", &error.message)];
            return words.fill("cli/error_line", &params) + "\n";
        }
        let decision_key = format!("decision/{}", row.decision.unwrap_or_default());
        let decision = words.text(&decision_key);
        let output = row.output.clone().unwrap_or_default();
        let key = match self.about {
            About::Cutouts => "cli/cutout_line",
            About::Photos => "cli/photo_line",
            About::Checks => "cli/check_line",
        };
        let mut text =
            words.fill(key, &[("decision", &decision), ("file", &row.file), ("output", &output)]) + "\n";
        let mut failed: Vec<_> = row.findings.iter().filter(|finding| finding.failed.is_some()).collect();
        failed.sort_by_key(|finding| std::cmp::Reverse(finding.failed));
        for finding in failed {
            text += &format!("    {}\n", finding.message);
        }
        let unsure: Vec<_> = row.findings.iter().filter(|f| f.unsure.is_some()).map(|f| &f.name).collect();
        if !unsure.is_empty() {
            let names = words.list(&unsure);
            text += &format!(
                "    {}\n",
                words.fill("cli/unknowns", &[("count", &unsure.len()), ("names", &names)])
            );
        }
        text
    }

    fn say(&mut self, text: &str) {
        if self.closed.is_none() {
            self.closed = self.bar.suspend(|| print(text)).err();
        }
    }
}

/// Writes to standard output and says when that is impossible, where `println!` would panic.
pub(crate) fn print(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Says on standard error what stopped the program.
pub(crate) fn complain(words: &Words, fault: &Fault) {
    let (failed, sentence) = (words.text("cli/failed"), words.fault(fault));
    // Where even this cannot be written, the exit code is left.
    let _ = writeln!(std::io::stderr(), "{failed} [{}]: {sentence}", fault.code);
}

/// A limit or a range in words.
pub(crate) fn limits(words: &Words, finding: (caixiang_domain::Check, caixiang_domain::Rule)) -> String {
    let (check, rule) = finding;
    let show = |limit: Option<f64>| limit.map(|limit| amount(check.unit(), limit)).unwrap_or_default();
    let (min, max) = (show(rule.min), show(rule.max));
    let key = match (rule.min, rule.max) {
        (Some(min), Some(max)) if max - min <= 0.0 => "cli/rule_exactly",
        (Some(_), Some(_)) => "cli/rule_between",
        (Some(_), None) => "cli/rule_min",
        _ => "cli/rule_max",
    };
    let name = words.check(check);
    let severity = words.text(&format!("severity/{}", rule.severity.code())).to_owned();
    let text = words.fill(key, &[("name", &name), ("min", &min), ("max", &max)]);
    words.fill("cli/rule_severity", &[("rule", &text), ("severity", &severity)])
}
