//! The message files, and how sentences are made from codes and parameters.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt::Display;

use caixiang_domain::{Check, Finding, Outcome, Unit};
use clap::ValueEnum;

use crate::fault::Fault;

/// A language of the messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    Zh,
    En,
}

impl Language {
    /// The language for a POSIX locale: Chinese for `zh…`, English for every other.
    pub(crate) fn of_locale(locale: &OsStr) -> Self {
        if locale.to_string_lossy().to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    fn file(self) -> &'static str {
        match self {
            Self::Zh => include_str!("../../../assets/words/zh.toml"),
            Self::En => include_str!("../../../assets/words/en.toml"),
        }
    }
}

/// One language's words, by keys such as `check/pose.yaw/low`.
pub(crate) struct Words {
    language: Language,
    all: BTreeMap<String, String>,
}

impl Words {
    pub(crate) fn of(language: Language) -> Self {
        let mut all = BTreeMap::new();
        // The files are part of the program; a test reads them.
        let table = language.file().parse::<toml::Table>().unwrap_or_default();
        flatten("", &table, &mut all);
        Self { language, all }
    }

    pub(crate) fn language(&self) -> Language {
        self.language
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.all.contains_key(key)
    }

    /// The text as it stands in the file; the key itself where there is none, which a test rules out.
    pub(crate) fn text<'a>(&'a self, key: &'a str) -> &'a str {
        self.all.get(key).map_or(key, String::as_str)
    }

    /// The text with its parameters filled in.
    pub(crate) fn fill(&self, key: &str, params: &[(&str, &dyn Display)]) -> String {
        let mut out = String::new();
        let mut rest = self.text(key);
        // One pass: a value that looks like a parameter stays as it is.
        while let Some(start) = rest.find('{') {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let Some(end) = rest.find('}') else { break };
            match params.iter().find(|(name, _)| *name == &rest[1..end]) {
                Some((_, value)) => out.push_str(&value.to_string()),
                None => out.push_str(&rest[..=end]),
            }
            rest = &rest[end + 1..];
        }
        out.push_str(rest);
        out
    }

    /// A list in the language's manner.
    pub(crate) fn list(&self, items: &[impl AsRef<str>]) -> String {
        let items: Vec<_> = items.iter().map(AsRef::as_ref).collect();
        items.join(self.text("cli/list_separator"))
    }

    /// The name of a check.
    pub(crate) fn check(&self, check: Check) -> &str {
        self.all.get(&format!("check/{check}/name")).map_or(check.code(), String::as_str)
    }

    /// What a finding says, in one or two sentences.
    pub(crate) fn finding(&self, finding: &Finding) -> String {
        let check = finding.check;
        let name = self.check(check);
        let side = match finding.outcome {
            Outcome::Pass => return self.fill("cli/finding_passed", &[("name", &name)]),
            Outcome::NotAsked => return self.fill("cli/finding_not_asked", &[("name", &name)]),
            Outcome::Unknown(why) => {
                let why = self.text(&format!("unsure/{}", why.code())).to_owned();
                return self.fill("cli/finding_unknown", &[("name", &name), ("why", &why)]);
            }
            Outcome::TooLow => "low",
            Outcome::TooHigh => "high",
        };
        let amount = |value: Option<f64>| value.map_or_else(String::new, |v| amount(check.unit(), v));
        let rule = finding.rule;
        let value = amount(finding.value);
        let min = amount(rule.and_then(|rule| rule.min));
        let max = amount(rule.and_then(|rule| rule.max));
        let what =
            self.fill(&format!("check/{check}/{side}"), &[("value", &value), ("min", &min), ("max", &max)]);
        let fix = self.text(&format!("check/{check}/fix")).to_owned();
        let severity = finding.severity().map_or("", |severity| severity.code());
        let severity = self.text(&format!("severity/{severity}")).to_owned();
        self.fill(
            "cli/finding_failed",
            &[("severity", &severity), ("name", &name), ("what", &what), ("fix", &fix)],
        )
    }

    /// What happened and what to do.
    pub(crate) fn fault(&self, fault: &Fault) -> String {
        let cause = fault.cause.clone().unwrap_or_default();
        let field = fault.params.iter().find(|(name, _)| *name == "subject");
        let allowed = field
            .map_or_else(String::new, |(_, field)| self.text(&format!("preset_field/{field}")).to_owned());
        let mut params: Vec<(&str, &dyn Display)> = vec![("cause", &cause), ("allowed", &allowed)];
        params.extend(fault.params.iter().map(|(name, value)| (*name, value as &dyn Display)));
        let what = self.fill(&format!("error/{}/what", fault.code), &params);
        let fix = self.fill(&format!("error/{}/fix", fault.code), &params);
        self.fill("cli/error", &[("what", &what), ("fix", &fix)])
    }
}

fn flatten(prefix: &str, table: &toml::Table, all: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}/{key}") };
        match value {
            toml::Value::String(text) => {
                all.insert(key, text.clone());
            }
            toml::Value::Table(inner) => flatten(&key, inner, all),
            _ => {}
        }
    }
}

/// A number as people read it, with its unit.
pub(crate) fn amount(unit: Unit, value: f64) -> String {
    let sign = unit.sign();
    match unit {
        Unit::Count | Unit::Quality | Unit::Byte | Unit::Dpi => format!("{value:.0}{sign}"),
        Unit::Pixel | Unit::Level => format!("{}{sign}", trimmed(value, 1)),
        Unit::Degree | Unit::Millimetre => format!("{}{sign}", trimmed(value, 1)),
        Unit::Ratio => trimmed(value, 2),
        Unit::Share => format!("{}%", trimmed(value * 100.0, 1)),
    }
}

/// At most so many decimals, without trailing zeros and without a zero's sign.
fn trimmed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
