//! Numbers as they stand beside lines: a value, its limits, its unit's sign. The same in every language.

use caixiang_domain::{Check, Finding, Rule, Unit};

/// A number in the check's unit, rounded as far as its method goes; with a true minus sign.
pub(super) fn value(check: Check, value: f64) -> String {
    let unit = check.unit();
    let number = match unit {
        // Nonsense from a damaged picture; it must not run over its neighbours.
        _ if value.abs() >= 1e5 => format!("{value:.0e}"),
        Unit::Share => format!("{:.1} %", value * 100.0),
        Unit::Degree => format!("{value:.1}"),
        Unit::Ratio => format!("{value:.2}"),
        _ => format!("{value:.0}"),
    };
    // No number is "−0".
    let is_zero = !number.contains(|c: char| matches!(c, '1'..='9'));
    let number = number.replace('-', if is_zero { "" } else { "−" });
    format!("{number}{}", unit.sign())
}

/// The limits of a rule: `200–300`, `±10`, `≥ 60`, `≤ 14`; empty where there are none.
pub(super) fn limits(min: Option<f64>, max: Option<f64>) -> String {
    let short = |value: f64| {
        let text = format!("{value:.1}").replace('-', "−");
        text.strip_suffix(".0").unwrap_or(&text).to_owned()
    };
    match (min, max) {
        (Some(min), Some(max)) if min == -max => format!("±{}", short(max)),
        (Some(min), Some(max)) => format!("{}–{}", short(min), short(max)),
        (Some(min), None) => format!("≥ {}", short(min)),
        (None, Some(max)) => format!("≤ {}", short(max)),
        (None, None) => String::new(),
    }
}

/// The limits of a finding's rule.
pub(super) fn limits_of(finding: &Finding) -> String {
    finding.rule.map_or(String::new(), |Rule { min, max, .. }| limits(min, max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_signed() {
        assert_eq!(value(Check::EyeLine, 241.4), "241 px");
        assert_eq!(value(Check::Yaw, -3.25), "−3.2°");
        assert_eq!(value(Check::Yaw, -0.01), "0.0°");
        assert_eq!(value(Check::MatteUnknown, 0.0412), "4.1 %");
        assert_eq!(value(Check::EyeLine, -1e9), "−1e9 px");
        assert_eq!(limits(Some(200.0), Some(300.0)), "200–300");
        assert_eq!(limits(Some(-10.0), Some(10.0)), "±10");
        assert_eq!(limits(Some(-10.5), None), "≥ −10.5");
        assert_eq!(limits(None, Some(14.0)), "≤ 14");
        assert_eq!(limits(None, None), "");
    }
}
