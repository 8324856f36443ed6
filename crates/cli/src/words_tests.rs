//! Tests of the message files: complete, alike in both languages, nothing left unfilled.

use caixiang_domain::{Decision, Rule, Severity, Unsure};
use caixiang_portrait::source::SourceError;
use caixiang_portrait::{PresetFileError, RoadError};

use super::*;

fn both() -> [Words; 2] {
    [Words::of(Language::Zh), Words::of(Language::En)]
}

fn parameters(text: &str) -> Vec<&str> {
    let mut names: Vec<_> = text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[test]
fn both_languages_have_the_same_keys_and_parameters() {
    let [zh, en] = both();
    assert!(zh.all.len() > 300, "{}", zh.all.len());
    let keys = |words: &Words| words.all.keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&zh), keys(&en));
    for (key, text) in &zh.all {
        assert!(!text.trim().is_empty(), "{key}");
        // A language may leave the measured value out, but must not know a parameter that the other does not.
        if !key.starts_with("check/") {
            assert_eq!(parameters(text), parameters(en.text(key)), "{key}");
        }
    }
}

#[test]
fn nothing_is_missing_and_nothing_is_left_over() {
    for words in both() {
        let mut wanted = std::collections::BTreeSet::new();
        for check in Check::ALL {
            wanted.extend(["name", "low", "high", "fix"].map(|part| format!("check/{check}/{part}")));
        }
        let errors = [SourceError::CODES, RoadError::CODES, PresetFileError::CODES, Fault::CODES].concat();
        for code in errors {
            wanted.extend(["what", "fix"].map(|part| format!("error/{code}/{part}")));
        }
        wanted.extend(Unsure::ALL.iter().map(|why| format!("unsure/{}", why.code())));
        for decision in [Decision::Accept, Decision::Review, Decision::Reject] {
            wanted.insert(format!("decision/{}", decision.code()));
        }
        wanted.insert("decision/unusable".to_owned());
        for severity in [Severity::Note, Severity::Warn, Severity::Block] {
            wanted.insert(format!("severity/{}", severity.code()));
        }
        for key in &wanted {
            assert!(words.has(key), "{key} is missing");
        }
        let of_codes = |key: &&String| {
            ["check/", "error/", "unsure/", "decision/", "severity/"].iter().any(|p| key.starts_with(p))
        };
        let left: Vec<_> = words.all.keys().filter(of_codes).filter(|key| !wanted.contains(*key)).collect();
        assert!(left.is_empty(), "no code needs {left:?}");
    }
}

#[test]
fn every_finding_is_a_whole_sentence() {
    let rule = Rule { min: Some(1.0), max: Some(2.0), doubt: 0.0, severity: Severity::Block };
    let outcomes = [
        Outcome::Pass,
        Outcome::TooLow,
        Outcome::TooHigh,
        Outcome::NotAsked,
        Outcome::Unknown(Unsure::Method),
    ];
    for words in both() {
        for &check in Check::ALL {
            for outcome in outcomes {
                let text = words.finding(&Finding { check, value: Some(1.5), outcome, rule: Some(rule) });
                assert!(!text.contains(['{', '}']) && !text.contains("check/"), "{text}");
                assert!(!text.contains("。。") && !text.contains(".."), "{text}");
            }
        }
    }
}

#[test]
fn amounts_are_short() {
    let cases = [
        (Unit::Degree, 8.04, "8°"),
        (Unit::Degree, -0.01, "0°"),
        (Unit::Share, 0.126, "12.6%"),
        (Unit::Share, 1.0, "100%"),
        (Unit::Pixel, 200.0, "200 px"),
        (Unit::Pixel, 66.6, "66.6 px"),
        (Unit::Byte, 40_000.0, "40000 B"),
        (Unit::Ratio, 0.04, "0.04"),
        (Unit::Count, 2.0, "2"),
        (Unit::Count, 100.0, "100"),
    ];
    for (unit, value, wanted) in cases {
        assert_eq!(amount(unit, value), wanted);
    }
}

#[test]
fn a_value_that_looks_like_a_parameter_stays() {
    let words = Words::of(Language::En);
    let fault = Fault::new("output.failed").with("path", "{cause}.jpg");
    assert!(words.fault(&fault).contains("{cause}.jpg was not written"));
}

#[test]
fn locales_choose_the_language() {
    for (locale, language) in [
        ("zh_CN.UTF-8", Language::Zh),
        ("zh", Language::Zh),
        ("ZH_TW", Language::Zh),
        ("en_GB.UTF-8", Language::En),
        ("C", Language::En),
        ("", Language::En),
    ] {
        assert_eq!(Language::of_locale(OsStr::new(locale)), language, "{locale}");
    }
}
