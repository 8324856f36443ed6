//! Every code of this crate, and what of a printer's state is trouble, the worst first.

use crate::error::PrinterError;
use crate::reason::{ReasonKind, Severity};
use crate::status::{PrinterState, PrinterStatus};

const LEDGER: &[&str] =
    &["spool.impossible_step", "spool.reprint_too_soon", "spool.quota_order", "spool.quota_day"];
const STATE: &[&str] = &["printer.stopped"];

const COUNT: usize = PrinterError::CODES.len() + ReasonKind::CODES.len() + STATE.len() + LEDGER.len();

/// Every code, for the message files.
pub const CODES: &[&str] = &all();

const fn all() -> [&'static str; COUNT] {
    let parts = [PrinterError::CODES, ReasonKind::CODES, STATE, LEDGER];
    let (mut codes, mut at, mut part) = ([""; COUNT], 0, 0);
    while part < parts.len() {
        let mut of_part = 0;
        while of_part < parts[part].len() {
            codes[at] = parts[part][of_part];
            at += 1;
            of_part += 1;
        }
        part += 1;
    }
    codes
}

impl PrinterStatus {
    /// The codes of what is wrong, the worst first and each once; empty when the printer prints. One that says nothing
    /// of why it stands is `printer.stopped`.
    pub fn troubles(&self) -> Vec<&'static str> {
        let mut reasons: Vec<_> = self.reasons.iter().filter(|it| it.severity > Severity::Report).collect();
        // A printer that stands must say why, however mildly it does.
        if reasons.is_empty() && self.state == PrinterState::Stopped {
            reasons = self.reasons.iter().collect();
        }
        reasons.sort_by(|a, b| b.severity.cmp(&a.severity).then_with(|| a.kind.cmp(&b.kind)));
        let mut codes: Vec<&'static str> = Vec::new();
        for code in reasons.into_iter().map(|reason| reason.kind.code()) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        if codes.is_empty() && self.state == PrinterState::Stopped {
            codes.push("printer.stopped");
        }
        if !self.accepting {
            codes.push(PrinterError::NotAccepting.code());
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reason::Reason;

    #[test]
    fn every_code_is_there_once() {
        let mut sorted = CODES.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), CODES.len());
        assert!(CODES.iter().all(|code| code.starts_with("printer.") || code.starts_with("spool.")));
    }

    fn check(state: PrinterState, accepting: bool, words: &[&str], expected: &[&str]) {
        let reasons = words.iter().filter_map(|word| Reason::from_keyword(word)).collect();
        let status = PrinterStatus { state, accepting, reasons, ..PrinterStatus::default() };
        assert_eq!(status.troubles(), expected, "{words:?}");
        assert!(status.troubles().iter().all(|code| CODES.contains(code)));
    }

    #[test]
    fn the_worst_comes_first() {
        check(PrinterState::Idle, true, &["none"], &[]);
        check(PrinterState::Stopped, true, &["none"], &["printer.stopped"]);
        check(PrinterState::Stopped, true, &["paused-report"], &["printer.paused"]);
        check(PrinterState::Idle, true, &["marker-supply-low-report"], &[]);
        check(
            PrinterState::Stopped,
            true,
            &["toner-low-warning", "media-jam-error", "media-jam", "media-empty-error"],
            &["printer.media_empty", "printer.media_jam", "printer.marker_supply_low"],
        );
        check(PrinterState::Idle, false, &["none"], &["printer.not_accepting"]);
    }
}
