//! Measurements, rules and what follows from them. What was seen is kept apart from what is allowed.

use crate::check::Check;

/// How much a broken rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// The photo may be refused; a person should look.
    Warn,
    /// The photo would be refused.
    Block,
}

impl Severity {
    /// The stable word for reports and presets.
    pub fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warn => "warn",
            Self::Block => "block",
        }
    }

    /// The severity with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Note, Self::Warn, Self::Block].into_iter().find(|severity| severity.code() == code)
    }
}

/// Why a check could not be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unsure {
    /// Too few pixels to tell.
    TooSmall,
    /// What has to be seen is outside the picture or hidden.
    NotVisible,
    /// The method cannot tell this reliably.
    Method,
    /// The value lies so near the limit that the method's own error decides.
    NearLimit,
    /// Another finding (no face, a strongly turned head) makes this meaningless.
    Precondition,
}

impl Unsure {
    /// Every reason.
    pub const ALL: &'static [Self] =
        &[Self::TooSmall, Self::NotVisible, Self::Method, Self::NearLimit, Self::Precondition];

    /// The stable word for reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooSmall => "too_small",
            Self::NotVisible => "not_visible",
            Self::Method => "method",
            Self::NearLimit => "near_limit",
            Self::Precondition => "precondition",
        }
    }
}

/// What an instrument showed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// A number in the check's unit.
    Value(f64),
    /// A number, from a method too weak to judge by alone.
    Weak(f64),
    /// No number.
    Unknown(Unsure),
}

/// One thing that was seen on a picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measurement {
    /// What was looked at.
    pub check: Check,
    /// What was seen.
    pub reading: Reading,
}

impl Measurement {
    /// A number by a method that can be relied on. A number that is not finite is *unknown*.
    pub fn value(check: Check, value: f64) -> Self {
        let reading =
            if value.is_finite() { Reading::Value(value) } else { Reading::Unknown(Unsure::Method) };
        Self { check, reading }
    }

    /// A number that may inform a person but passes or fails nothing.
    pub fn weak(check: Check, value: f64) -> Self {
        let reading = if value.is_finite() { Reading::Weak(value) } else { Reading::Unknown(Unsure::Method) };
        Self { check, reading }
    }

    /// A number from a method that sees some faults and misses others: from `tells` upwards it can be relied on,
    /// below it says nothing. It can convict, and never acquits.
    pub fn suspicion(check: Check, value: f64, tells: f64) -> Self {
        if value >= tells { Self::value(check, value) } else { Self::weak(check, value) }
    }

    /// Nothing could be seen.
    pub fn unknown(check: Check, why: Unsure) -> Self {
        Self { check, reading: Reading::Unknown(why) }
    }
}

/// What is allowed, and how much it matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// Smallest allowed value.
    pub min: Option<f64>,
    /// Largest allowed value.
    pub max: Option<f64>,
    /// Half width of the zone around each limit in which the outcome is *unknown*.
    pub doubt: f64,
    /// How much a value outside matters.
    pub severity: Severity,
}

/// What a rule says of a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Within the limits.
    Pass,
    /// Below the smallest allowed value.
    TooLow,
    /// Above the largest allowed value.
    TooHigh,
    /// Not decided; a person has to look. Never counted as passed.
    Unknown(Unsure),
    /// Measured, but the preset asks for nothing.
    NotAsked,
}

impl Outcome {
    /// The stable word for reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::TooLow => "too_low",
            Self::TooHigh => "too_high",
            Self::Unknown(_) => "unknown",
            Self::NotAsked => "not_asked",
        }
    }

    /// Whether a limit is broken.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::TooLow | Self::TooHigh)
    }
}

/// A measurement, judged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// What was looked at.
    pub check: Check,
    /// The number, where there is one.
    pub value: Option<f64>,
    /// What the rule said.
    pub outcome: Outcome,
    /// The rule, where the preset has one.
    pub rule: Option<Rule>,
}

impl Finding {
    /// How much it matters that this failed; `None` where nothing failed.
    pub fn severity(&self) -> Option<Severity> {
        self.rule.filter(|_| self.outcome.is_failure()).map(|rule| rule.severity)
    }
}

impl Rule {
    /// Judges a measurement by this rule.
    pub fn judge(self, measurement: Measurement) -> Finding {
        let (value, outcome) = match measurement.reading {
            Reading::Unknown(why) => (None, Outcome::Unknown(why)),
            Reading::Weak(value) => (Some(value), Outcome::Unknown(Unsure::Method)),
            Reading::Value(value) => (Some(value), self.outcome(value)),
        };
        Finding { check: measurement.check, value, outcome, rule: Some(self) }
    }

    fn outcome(self, value: f64) -> Outcome {
        if self.doubt > 0.0
            && self.min.iter().chain(&self.max).any(|limit| (value - limit).abs() < self.doubt)
        {
            return Outcome::Unknown(Unsure::NearLimit);
        }
        match (self.min, self.max) {
            (Some(min), _) if value < min => Outcome::TooLow,
            (_, Some(max)) if value > max => Outcome::TooHigh,
            _ => Outcome::Pass,
        }
    }
}

/// What is to be done with a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// No rule is broken.
    Accept,
    /// Only warnings or notes.
    Review,
    /// At least one blocking rule is broken.
    Reject,
}

impl Decision {
    /// The stable word for reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Review => "review",
            Self::Reject => "reject",
        }
    }
}

/// All findings on one photo.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Verdict {
    findings: Vec<Finding>,
}

impl Verdict {
    /// Judges measurements by the rules that `rule_of` gives for each check.
    pub fn judge(measurements: &[Measurement], rule_of: impl Fn(Check) -> Option<Rule>) -> Self {
        let mut findings: Vec<_> = measurements
            .iter()
            .map(|&measurement| match (rule_of(measurement.check), measurement.reading) {
                (Some(rule), _) => rule.judge(measurement),
                (None, Reading::Value(value) | Reading::Weak(value)) => Finding {
                    check: measurement.check,
                    value: Some(value),
                    outcome: Outcome::NotAsked,
                    rule: None,
                },
                (None, Reading::Unknown(_)) => {
                    Finding { check: measurement.check, value: None, outcome: Outcome::NotAsked, rule: None }
                }
            })
            .collect();
        findings.sort_by_key(|finding| finding.check);
        Self { findings }
    }

    /// The findings in the order of [`Check::ALL`].
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The finding on one check.
    pub fn of(&self, check: Check) -> Option<&Finding> {
        self.findings.iter().find(|finding| finding.check == check)
    }

    /// Broken rules, the gravest first.
    pub fn failures(&self) -> impl Iterator<Item = &Finding> {
        let mut failed: Vec<_> =
            self.findings.iter().filter(|finding| finding.outcome.is_failure()).collect();
        failed.sort_by_key(|finding| std::cmp::Reverse(finding.severity()));
        failed.into_iter()
    }

    /// What a person still has to look at.
    pub fn unknowns(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| matches!(finding.outcome, Outcome::Unknown(_)))
    }

    /// What is to be done with the photo. *Unknown* never rejects and never counts as passed: it is listed beside.
    pub fn decision(&self) -> Decision {
        match self.failures().next().and_then(Finding::severity) {
            Some(Severity::Block) => Decision::Reject,
            Some(Severity::Warn | Severity::Note) => Decision::Review,
            None => Decision::Accept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YAW: Rule = Rule { min: Some(-10.0), max: Some(10.0), doubt: 1.0, severity: Severity::Block };

    #[test]
    fn judges_by_limits() {
        let cases = [
            (Reading::Value(0.0), Outcome::Pass),
            (Reading::Value(-12.0), Outcome::TooLow),
            (Reading::Value(12.0), Outcome::TooHigh),
            (Reading::Value(10.5), Outcome::Unknown(Unsure::NearLimit)),
            (Reading::Value(-9.5), Outcome::Unknown(Unsure::NearLimit)),
            (Reading::Weak(0.0), Outcome::Unknown(Unsure::Method)),
            (Reading::Unknown(Unsure::TooSmall), Outcome::Unknown(Unsure::TooSmall)),
        ];
        for (reading, wanted) in cases {
            assert_eq!(YAW.judge(Measurement { check: Check::Yaw, reading }).outcome, wanted, "{reading:?}");
        }
    }

    #[test]
    fn a_number_that_is_none_is_unknown() {
        assert_eq!(Measurement::value(Check::Yaw, f64::NAN).reading, Reading::Unknown(Unsure::Method));
        assert_eq!(Measurement::weak(Check::Yaw, f64::INFINITY).reading, Reading::Unknown(Unsure::Method));
        assert_eq!(
            Measurement::suspicion(Check::Noise, f64::NAN, 1.0).reading,
            Reading::Unknown(Unsure::Method)
        );
        assert_eq!(Measurement::suspicion(Check::Noise, 0.5, 1.0).reading, Reading::Weak(0.5));
        assert_eq!(Measurement::suspicion(Check::Noise, 1.5, 1.0).reading, Reading::Value(1.5));
    }

    #[test]
    fn the_gravest_failure_decides() {
        let rule_of = |check| match check {
            Check::Yaw => Some(YAW),
            Check::Noise => Some(Rule { min: None, max: Some(5.0), doubt: 0.0, severity: Severity::Warn }),
            _ => None,
        };
        let judge = |yaw, noise| {
            let seen = [Measurement::value(Check::Noise, noise), Measurement::value(Check::Yaw, yaw)];
            Verdict::judge(&seen, rule_of)
        };
        assert_eq!(judge(0.0, 0.0).decision(), Decision::Accept);
        assert_eq!(judge(0.0, 9.0).decision(), Decision::Review);
        let verdict = judge(20.0, 9.0);
        assert_eq!(verdict.decision(), Decision::Reject);
        let order: Vec<_> = verdict.failures().map(|finding| finding.check).collect();
        assert_eq!(order, [Check::Yaw, Check::Noise]);
        assert_eq!(judge(10.5, 0.0).unknowns().count(), 1);
    }
}
