//! How a document shall be printed, checked before it is sent.

use crate::error::PrinterError;

/// The most copies of one job.
const MAX_COPIES: u16 = 99;
/// The longest title, characters: what the panel of a printer shows.
const MAX_TITLE_CHARS: usize = 40;
/// The longest name of a medium, bytes (a keyword of RFC 8011).
const MAX_MEDIA_BYTES: usize = 255;

/// Which sides of the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Sides {
    /// One.
    #[default]
    One,
    /// Both, turned over the long edge.
    LongEdge,
    /// Both, turned over the short edge.
    ShortEdge,
}

impl Sides {
    /// RFC 8011's keyword.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::One => "one-sided",
            Self::LongEdge => "two-sided-long-edge",
            Self::ShortEdge => "two-sided-short-edge",
        }
    }

    /// The one with this keyword.
    pub fn from_keyword(keyword: &str) -> Option<Self> {
        [Self::One, Self::LongEdge, Self::ShortEdge].into_iter().find(|sides| sides.keyword() == keyword)
    }
}

/// How a document shall be printed. Always at its own size, where the printer can.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct JobOptions {
    /// The paper by PWG 5101.1's name, `iso_a4_210x297mm`; none leaves it to the printer.
    pub media: Option<String>,
    /// The sides; none leaves it to the printer.
    pub sides: Option<Sides>,
    /// What the printer's panel and queue show beside the entry's number. It is seen by whoever stands there: no names
    /// of students.
    pub title: String,
}

impl JobOptions {
    pub(crate) fn check(&self, copies: u16) -> Result<(), PrinterError> {
        if copies == 0 || copies > MAX_COPIES {
            return Err(PrinterError::BadOption("copies"));
        }
        if self.title.chars().count() > MAX_TITLE_CHARS || self.title.chars().any(char::is_control) {
            return Err(PrinterError::BadOption("title"));
        }
        let keyword = |media: &String| {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
            !media.is_empty() && media.len() <= MAX_MEDIA_BYTES && media.bytes().all(plain)
        };
        if !self.media.as_ref().is_none_or(keyword) {
            return Err(PrinterError::BadOption("media"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_bounded() {
        let good = JobOptions {
            media: Some("iso_a4_210x297mm".into()),
            sides: Some(Sides::One),
            title: "照片".into(),
        };
        assert_eq!(good.check(1), Ok(()));
        assert_eq!(good.check(0), Err(PrinterError::BadOption("copies")));
        assert_eq!(good.check(100), Err(PrinterError::BadOption("copies")));
        for media in ["", "a b", "纸", &"x".repeat(256)] {
            let bad = JobOptions { media: Some(media.into()), ..good.clone() };
            assert_eq!(bad.check(1), Err(PrinterError::BadOption("media")), "{media}");
        }
        for title in ["a\nb", &"字".repeat(41)] {
            let bad = JobOptions { title: title.into(), ..good.clone() };
            assert_eq!(bad.check(1), Err(PrinterError::BadOption("title")), "{title}");
        }
    }
}
