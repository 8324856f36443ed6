//! The words on the files that are written: `assets/words/roster.zh.toml` and `roster.en.toml`.

use std::collections::BTreeMap;

use caixiang_domain::Field;
use serde::Deserialize;

use crate::judge::{Problem, RowProblem, Severity};
use crate::mapping::Needed;

/// The language of a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Chinese.
    Zh,
    /// English.
    En,
}

impl Language {
    /// What the file of the rows to correct is called, without its ending.
    pub fn bad_rows_name(self) -> String {
        Words::of(self).file.bad_rows
    }

    /// What an empty roster's file is called, without its ending.
    pub fn template_name(self) -> String {
        Words::of(self).file.roster
    }
}

/// One language's words.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) file: FileWords,
    problem: BTreeMap<String, String>,
    field: BTreeMap<String, String>,
    pub(crate) template: TemplateWords,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileWords {
    pub(crate) reason: String,
    separator: String,
    row: String,
    warning: String,
    pub(crate) bad_rows: String,
    pub(crate) roster: String,
    pub(crate) notes: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateWords {
    pub(crate) notes: Vec<String>,
}

impl Words {
    pub(crate) fn of(language: Language) -> Self {
        let file = match language {
            Language::Zh => include_str!("../../../assets/words/roster.zh.toml"),
            Language::En => include_str!("../../../assets/words/roster.en.toml"),
        };
        // The files are part of the program; a test reads them.
        toml::from_str(file).unwrap_or_default()
    }

    /// A field's name.
    pub(crate) fn field(&self, field: Field) -> &str {
        self.field.get(field.code()).map_or(field.code(), String::as_str)
    }

    /// Why a row came back: all its problems in one sentence, with the row's number.
    pub(crate) fn reasons(&self, row: u32, problems: &[RowProblem]) -> String {
        let reasons: Vec<String> = problems.iter().map(|problem| self.reason(problem)).collect();
        self.file.row.replace("{row}", &row.to_string()) + &reasons.join(&self.file.separator)
    }

    fn reason(&self, problem: &RowProblem) -> String {
        let (key, row, max, chars) = match problem.problem {
            Problem::Missing(Needed::Name) => ("missing_name", 0, 0, 0),
            Problem::Missing(Needed::Number) => ("missing_number", 0, 0, 0),
            Problem::Duplicate { other_row } => ("duplicate", other_row, 0, 0),
            Problem::TooLong { max } => ("too_long", 0, max, 0),
            Problem::Length { chars } => ("length", 0, 0, chars),
            other => (other.code(), 0, 0, 0),
        };
        let text = self.problem.get(key).map_or(key, String::as_str);
        let text = text
            .replace("{field}", problem.field.map(|field| self.field(field)).unwrap_or_default())
            .replace("{row}", &row.to_string())
            .replace("{max}", &max.to_string())
            .replace("{chars}", &chars.to_string());
        match problem.severity() {
            Severity::Error => text,
            Severity::Warning => self.file.warning.replace("{reason}", &text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::PROBLEM_CODES;

    #[test]
    fn both_languages_have_every_word() {
        let of = |file: &str| toml::from_str::<Words>(file).unwrap();
        let zh = of(include_str!("../../../assets/words/roster.zh.toml"));
        let en = of(include_str!("../../../assets/words/roster.en.toml"));
        assert!(zh.problem.keys().eq(en.problem.keys()));
        assert_eq!(zh.template.notes.len(), en.template.notes.len());
        for words in [zh, en] {
            let fields: Vec<&str> = words.field.keys().map(String::as_str).collect();
            let mut expected: Vec<&str> = Field::ALL.iter().map(|field| field.code()).collect();
            expected.sort_unstable();
            assert_eq!(fields, expected);
            for code in PROBLEM_CODES.iter().filter(|code| **code != "missing") {
                assert!(words.problem.contains_key(*code), "{code}");
            }
            assert!(
                words.problem.contains_key("missing_name") && words.problem.contains_key("missing_number")
            );
        }
    }

    #[test]
    fn reasons_are_sentences() {
        let of = |field, problem| RowProblem { row: 5, column: None, field: Some(field), problem };
        let problems = [
            of(Field::IdNumber, Problem::Length { chars: 17 }),
            of(Field::StudentNumber, Problem::Duplicate { other_row: 9 }),
            of(Field::Phone, Problem::BadPhone),
        ];
        assert_eq!(
            Words::of(Language::Zh).reasons(5, &problems),
            "原表第 5 行：身份证号位数不对，现有 17 位；学号与原表第 9 行相同；已录入，请核对：手机号不像电话号码"
        );
        assert_eq!(
            Words::of(Language::En).reasons(5, &problems[..1]),
            "Row 5 of the original: ID number: 17 characters are too few or too many"
        );
    }
}
