//! What all documents share: bounded texts, and pages that become a file.

use std::collections::BTreeSet;
use std::io::Write;

use crate::drawing::{Drawing, MAX_CODE_CHARS};
use crate::error::PaperError;
use crate::pdf::{self, About};
use crate::typeface::Typeface;
use crate::words::Language;

/// The most characters of any text that is printed.
pub const MAX_TEXT_CHARS: usize = 200;

/// Holds a text against its bound.
pub(crate) fn bounded(what: &'static str, text: &str) -> Result<(), PaperError> {
    // Bytes first: a text of megabytes is not counted through.
    let short = text.len() <= 4 * MAX_TEXT_CHARS && text.chars().count() <= MAX_TEXT_CHARS;
    if short { Ok(()) } else { Err(PaperError::TooLong { what, max: MAX_TEXT_CHARS }) }
}

/// Holds a text that becomes a QR code against what such a code takes.
pub(crate) fn bounded_code(text: &str) -> Result<(), PaperError> {
    let sound =
        (1..=MAX_CODE_CHARS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if sound { Ok(()) } else { Err(PaperError::Code { max: MAX_CODE_CHARS }) }
}

/// Pages of one document without photos: labels, envelopes, receipts, lists.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// What the file is called within.
    pub title: String,
    /// Its pages.
    pub pages: Vec<Drawing>,
}

impl Document {
    /// The characters that the font lacks: each is printed as [`crate::MISSING`], to be written in by hand.
    pub fn missing(&self) -> BTreeSet<char> {
        self.pages.iter().flat_map(|page| page.missing.iter().copied()).collect()
    }

    /// Writes the PDF. The same document makes the same bytes.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&self, face: &Typeface, language: Language, mut out: impl Write) -> Result<(), PaperError> {
        let about = About { title: &self.title, language: &language.words().tag, duplex: false };
        pdf::write(&self.pages, &[], face, about, &mut out)
    }
}
