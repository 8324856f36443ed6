//! Findings as the screen shows them: numbers with their units, and which drawing shows the fix.

use caixiang_domain::{Check, Finding, Outcome, Severity, Unit, Verdict};

use crate::guidance::prompt_for;
use crate::view::{FindingView, Grade};

/// Broken rules, the gravest first.
pub(crate) fn of(verdict: &Verdict) -> Vec<FindingView> {
    verdict.failures().filter_map(view).collect()
}

fn view(finding: &Finding) -> Option<FindingView> {
    let grade = match finding.severity()? {
        Severity::Block => Grade::Block,
        Severity::Warn => Grade::Warn,
        Severity::Note => Grade::Note,
    };
    let unit = finding.check.unit();
    let number = |value: f64| written(value, unit);
    Some(FindingView {
        code: finding.check.code().to_owned(),
        grade,
        low: finding.outcome == Outcome::TooLow,
        value: finding.value.map(number).unwrap_or_default(),
        min: finding.rule.and_then(|rule| rule.min).map(number),
        max: finding.rule.and_then(|rule| rule.max).map(number),
        drawing: drawing(finding).to_owned(),
    })
}

/// Which drawing shows the fix: the code of a prompt or a tip.
fn drawing(finding: &Finding) -> &'static str {
    prompt_for(finding).unwrap_or(match finding.check {
        Check::ClothesBackground | Check::ClothesPattern => "clothes",
        Check::ShouldersLevel | Check::ShouldersInFrame => "shoulders",
        Check::Sharpness | Check::MotionBlur => "still",
        Check::Noise => "dark",
        Check::Upscaled | Check::Compression => "closer",
        Check::SourceReach | Check::HeadLength | Check::BelowChin | Check::HairTop => "back",
        _ => "look",
    })
}

/// A number with the decimals that its unit bears, and the unit.
fn written(value: f64, unit: Unit) -> String {
    let sign = unit.sign();
    match unit {
        Unit::Share => format!("{:.0} %", value * 100.0),
        Unit::Ratio => format!("{value:.2}"),
        Unit::Degree | Unit::Millimetre => format!("{value:.1}{sign}"),
        Unit::Byte => format!("{:.1} KB", value / 1000.0),
        Unit::Count | Unit::Pixel | Unit::Level | Unit::Quality | Unit::Dpi => format!("{value:.0}{sign}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caixiang_domain::{Measurement, Rule};

    #[test]
    fn numbers_carry_their_units() {
        let rule = Rule { min: Some(-8.0), max: Some(8.0), doubt: 0.0, severity: Severity::Block };
        let verdict = Verdict::judge(&[Measurement::value(Check::Yaw, 12.34)], |_| Some(rule));
        let shown = of(&verdict);
        let first = &shown[0];
        assert_eq!((first.value.as_str(), first.min.as_deref()), ("12.3°", Some("-8.0°")));
        assert_eq!((first.drawing.as_str(), first.low, first.grade), ("turn_right", false, Grade::Block));
    }
}
