//! What a session asks beyond its preset, and when it is open.

use jiff::civil::Date;

use crate::check::Check;
use crate::finding::{Rule, Severity};
use crate::preset::{Preset, PresetError};

/// A limit that a school sets tighter than the preset does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stricter {
    /// Of what.
    pub check: Check,
    /// Smallest value, in the check's unit.
    pub min: Option<f64>,
    /// Largest value, in the check's unit.
    pub max: Option<f64>,
    /// How grave it is to miss it.
    pub severity: Option<Severity>,
}

impl Stricter {
    /// The rule with the tighter of both limits at each end and the graver of both severities: nothing becomes looser.
    pub fn tighten(self, rule: Rule) -> Rule {
        let tighter = |ours: Option<f64>, theirs: Option<f64>, pick: fn(f64, f64) -> f64| match (ours, theirs)
        {
            (Some(a), Some(b)) => Some(pick(a, b)),
            (one, other) => one.or(other),
        };
        Rule {
            min: tighter(rule.min, self.min, f64::max),
            max: tighter(rule.max, self.max, f64::min),
            severity: self.severity.map_or(rule.severity, |severity| severity.max(rule.severity)),
            ..rule
        }
    }
}

/// Beyond the preset, and when.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Terms {
    /// First day on which photos are taken.
    pub opens: Option<Date>,
    /// Last day on which photos are taken.
    pub closes: Option<Date>,
    /// Closed by staff: nothing is photographed for it any more.
    pub closed: bool,
    /// Limits tighter than the preset's.
    pub stricter: Vec<Stricter>,
}

impl Terms {
    /// The preset with these limits. A limit of something that the preset does not judge by a rule of its own is left
    /// out: geometry and file are the preset's alone.
    ///
    /// # Errors
    /// When the limits leave nothing that could pass.
    pub fn applied(&self, preset: &Preset) -> Result<Preset, PresetError> {
        preset.with(|parts| {
            for limit in &self.stricter {
                if let Some(rule) = parts.rules.get_mut(&limit.check) {
                    *rule = limit.tighten(*rule);
                }
            }
        })
    }

    /// Whether photos may be taken on this day.
    pub fn is_open_on(&self, day: Date) -> bool {
        !self.closed
            && self.opens.is_none_or(|opens| opens <= day)
            && self.closes.is_none_or(|closes| day <= closes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn limits_only_become_tighter() {
        let rule = Rule { min: Some(-8.0), max: Some(8.0), doubt: 1.0, severity: Severity::Warn };
        let limit = |min, max, severity| Stricter { check: Check::Yaw, min, max, severity };
        let tight = limit(Some(-5.0), Some(5.0), Some(Severity::Block)).tighten(rule);
        assert_eq!((tight.min, tight.max, tight.severity), (Some(-5.0), Some(5.0), Severity::Block));
        assert_eq!(limit(Some(-20.0), None, Some(Severity::Note)).tighten(rule), rule);
    }

    #[test]
    fn a_session_is_open_from_its_first_to_its_last_day() {
        let terms =
            Terms { opens: Some(date(2026, 11, 20)), closes: Some(date(2026, 11, 22)), ..Terms::default() };
        assert!(terms.is_open_on(date(2026, 11, 20)) && terms.is_open_on(date(2026, 11, 22)));
        assert!(!terms.is_open_on(date(2026, 11, 19)) && !terms.is_open_on(date(2026, 11, 23)));
        assert!(!Terms { closed: true, ..terms }.is_open_on(date(2026, 11, 21)));
        assert!(Terms::default().is_open_on(date(1999, 1, 1)));
    }
}
