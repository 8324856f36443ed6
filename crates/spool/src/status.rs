//! How a printer is, and what it can.

use crate::address::PrinterUri;
use crate::attributes::Group;
use crate::error::PrinterError;
use crate::options::Sides;
use crate::reason::{Reason, ReasonKind, Severity};

/// What a printer does (RFC 8011, 5.4.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum PrinterState {
    /// Ready.
    Idle,
    /// Printing.
    Processing,
    /// It stands; the reasons say why. Also what says nothing of its state.
    #[default]
    Stopped,
}

/// Ink, toner or a ribbon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker {
    /// Its name, as the printer calls it.
    pub name: String,
    /// How much is left in percent, where the printer can tell.
    pub level_percent: Option<u8>,
}

/// How a printer is, and what it can.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PrinterStatus {
    /// What it does.
    pub state: PrinterState,
    /// Why. [`PrinterStatus::troubles`] gives the codes.
    pub reasons: Vec<Reason>,
    /// Whether it takes jobs.
    pub accepting: bool,
    /// How many jobs wait there.
    pub queued: u32,
    /// Its maker and model, where it says them.
    pub make_and_model: String,
    /// Whether it takes PDF. One that does not can be used through CUPS.
    pub accepts_pdf: bool,
    /// Whether it can be told to print at the document's own size rather than to fit the page.
    pub exact_size: bool,
    /// The paper it can have, by PWG 5101.1's names.
    pub media_supported: Vec<String>,
    /// The paper that is in it.
    pub media_ready: Vec<String>,
    /// The sides it can print.
    pub sides_supported: Vec<Sides>,
    /// Whether it prints in colour.
    pub color: bool,
    /// Ink, toner, ribbon.
    pub markers: Vec<Marker>,
    /// For a queue of CUPS: the printer behind it, where that speaks IPP without TLS.
    pub device: Option<PrinterUri>,
}

/// What is asked for.
pub(crate) const WANTED: &[&str] = &[
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "queued-job-count",
    "printer-make-and-model",
    "document-format-supported",
    "print-scaling-supported",
    "media-supported",
    "media-ready",
    "sides-supported",
    "color-supported",
    "marker-names",
    "marker-levels",
    "device-uri",
];

impl PrinterStatus {
    pub(crate) fn read(group: &Group<'_>) -> Self {
        let levels = group.integers("marker-levels");
        let markers = group.texts("marker-names").into_iter().enumerate().map(|(at, name)| Marker {
            name,
            // Below 0 are codes for what cannot be told (PWG 5100.9).
            level_percent: levels.get(at).and_then(|it| u8::try_from(*it).ok()).filter(|it| *it <= 100),
        });
        Self {
            state: match group.integer("printer-state") {
                Some(3) => PrinterState::Idle,
                Some(4) => PrinterState::Processing,
                _ => PrinterState::Stopped,
            },
            reasons: group
                .texts("printer-state-reasons")
                .iter()
                .filter_map(|it| Reason::from_keyword(it))
                .collect(),
            accepting: group.boolean("printer-is-accepting-jobs").unwrap_or(true),
            queued: group.integer("queued-job-count").and_then(|it| u32::try_from(it).ok()).unwrap_or(0),
            make_and_model: group.text("printer-make-and-model").unwrap_or_default(),
            accepts_pdf: group.texts("document-format-supported").iter().any(|it| it == "application/pdf"),
            exact_size: group.texts("print-scaling-supported").iter().any(|it| it == "none"),
            media_supported: group.texts("media-supported"),
            media_ready: group.texts("media-ready"),
            sides_supported: group
                .texts("sides-supported")
                .iter()
                .filter_map(|it| Sides::from_keyword(it))
                .collect(),
            color: group.boolean("color-supported").unwrap_or(false),
            markers: markers.collect(),
            device: group.text("device-uri").and_then(|uri| uri.parse().ok()),
        }
    }

    /// Takes in what the printer behind a queue says itself, or that it says nothing.
    pub(crate) fn merge(&mut self, device: Result<Self, PrinterError>) {
        match device {
            Ok(device) => self.reasons.extend(device.reasons),
            Err(_) => self.reasons.push(Reason { severity: Severity::Error, kind: ReasonKind::Offline }),
        }
        self.reasons.sort();
        self.reasons.dedup();
    }
}
