//! The words on the documents, from the message files.

use std::fmt::Display;
use std::sync::OnceLock;

use serde::Deserialize;

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

macro_rules! sections {
    ($($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Default, Deserialize)]
            #[serde(deny_unknown_fields)]
            pub(crate) struct $name { $(pub(crate) $field: String),* }
        )*
    };
}

sections! {
    Back { student_number, name }
    SheetWords { title }
    Parcel { title, students, students_unit, sheets, sheets_unit, number, of }
    EnvelopeWords { title, to, phone, student_number, name, order_number, from }
    ReceiptWords { title, order_number, student_number, name, product, amount, in_words, date, payee, seal, currency }
    Packing {
        title, parcel, count, row, sheet_code, student_number, name, checked, packed_by, received_by, date
    }
    Mailing { title, count, row, order_number, student_number, name, recipient, phone, address }
    PageWords { number }
}

/// One language's words.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) tag: String,
    pub(crate) colon: String,
    pub(crate) separator: String,
    pub(crate) back: Back,
    pub(crate) sheets: SheetWords,
    pub(crate) parcel: Parcel,
    pub(crate) envelope: EnvelopeWords,
    pub(crate) receipt: ReceiptWords,
    pub(crate) packing: Packing,
    pub(crate) mailing: Mailing,
    pub(crate) page: PageWords,
}

impl Language {
    /// Its words. The files are part of the program; a test reads them.
    pub(crate) fn words(self) -> &'static Words {
        static ZH: OnceLock<Words> = OnceLock::new();
        static EN: OnceLock<Words> = OnceLock::new();
        let place = match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        };
        place.get_or_init(|| toml::from_str(self.file()).unwrap_or_default())
    }

    fn file(self) -> &'static str {
        match self {
            Self::Zh => include_str!("../../../assets/words/paper.zh.toml"),
            Self::En => include_str!("../../../assets/words/paper.en.toml"),
        }
    }
}

impl Words {
    /// What stands between a word and the text it names: the Chinese colon has its white in itself.
    pub(crate) fn colon_before_text(&self) -> String {
        if self.colon.is_ascii() { format!("{} ", self.colon) } else { self.colon.clone() }
    }
}

/// The sentence with `{name}` replaced, once each; values that look like parameters stay as they are.
pub(crate) fn fill(sentence: &str, params: &[(&str, &dyn Display)]) -> String {
    let mut out = String::new();
    let mut rest = sentence;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeface::tests::face;

    #[test]
    fn both_files_parse_and_the_font_has_their_characters() {
        for language in [Language::Zh, Language::En] {
            let words: Words = toml::from_str(language.file()).unwrap();
            assert!(!words.tag.is_empty() && !language.words().packing.title.is_empty());
            let lacking: String =
                language.file().chars().filter(|c| !c.is_whitespace() && !face().has(*c)).collect();
            assert_eq!(lacking, "");
        }
        let params = |file: &str| file.matches('{').count();
        assert_eq!(params(Language::Zh.file()), params(Language::En.file()));
    }

    #[test]
    fn parameters_are_filled_in() {
        assert_eq!(fill("第 {a} 页，共 {b} 页 {c}", &[("a", &1), ("b", &"{a}")]), "第 1 页，共 {a} 页 {c}");
    }
}
