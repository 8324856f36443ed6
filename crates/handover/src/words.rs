//! The words on what a school is handed, in Chinese or in English.

use std::collections::BTreeMap;

use caixiang_domain::Field;
use serde::Deserialize;

use crate::error::HandoverError;
use crate::record::Missing;

/// The language of lists and file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Chinese.
    Chinese,
    /// English.
    English,
}

/// The words of one language.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    pub(crate) file: FileWords,
    pub(crate) sheet: SheetWords,
    pub(crate) column: ColumnWords,
    field: BTreeMap<String, String>,
    missing: BTreeMap<String, String>,
    pub(crate) other: OtherWords,
}

/// Names of files and of the photos' folder, without extensions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileWords {
    pub(crate) photos: String,
    pub(crate) collected: String,
    pub(crate) missing: String,
    pub(crate) summary: String,
    pub(crate) mailing: String,
}

/// Names of sheets: at most 31 characters.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SheetWords {
    pub(crate) collected: String,
    pub(crate) missing: String,
    pub(crate) by_class: String,
    pub(crate) by_college: String,
    pub(crate) mailing: String,
}

/// Headers of columns that are no field of a student.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnWords {
    pub(crate) number: String,
    pub(crate) order_number: String,
    pub(crate) photo: String,
    pub(crate) sha256: String,
    pub(crate) taken: String,
    pub(crate) notes: String,
    pub(crate) reason: String,
    pub(crate) roster: String,
    pub(crate) collected: String,
    pub(crate) missing: String,
    pub(crate) rejected: String,
    pub(crate) percent: String,
    pub(crate) product: String,
    pub(crate) carrier: String,
    pub(crate) tracking_number: String,
}

/// The rest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OtherWords {
    pub(crate) total: String,
    pub(crate) not_given: String,
    /// The foot of a printed page, with `{page}` and `{pages}`.
    pub(crate) page: String,
}

impl Words {
    /// The words of a language.
    ///
    /// # Errors
    /// [`HandoverError::Words`] where the file that was built in cannot be read; a test holds that it can.
    pub fn load(language: Language) -> Result<Self, HandoverError> {
        let text = match language {
            Language::Chinese => include_str!("../../../assets/words/handover.zh.toml"),
            Language::English => include_str!("../../../assets/words/handover.en.toml"),
        };
        toml::from_str(text).map_err(HandoverError::Words)
    }

    /// The name of the photos' folder, for [`plan_names`](crate::plan_names).
    pub fn photo_folder(&self) -> &str {
        &self.file.photos
    }

    /// The header of a field's column.
    pub(crate) fn field(&self, field: Field) -> &str {
        self.field.get(field.code()).map_or(field.code(), String::as_str)
    }

    /// Why there is no photo.
    pub(crate) fn missing(&self, missing: Missing) -> &str {
        self.missing.get(missing.code()).map_or(missing.code(), String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::safe;

    #[test]
    fn both_languages_have_every_word() {
        for language in [Language::Chinese, Language::English] {
            let words = Words::load(language).unwrap();
            let fields: HashSet<_> = words.field.keys().map(String::as_str).collect();
            assert_eq!(fields, Field::ALL.iter().map(|field| field.code()).collect());
            let missing: HashSet<_> = words.missing.keys().map(String::as_str).collect();
            assert_eq!(missing, Missing::ALL.iter().map(|missing| missing.code()).collect());
            assert!(words.other.page.contains("{page}") && words.other.page.contains("{pages}"));
            let file = &words.file;
            for name in [&file.photos, &file.collected, &file.missing, &file.summary, &file.mailing] {
                assert_eq!(safe::component(name), *name);
            }
        }
    }
}
