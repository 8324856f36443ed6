//! What can go wrong here, each with a stable code. The sentences are in the message files.

use std::io;

/// Every code of [`PaperError`].
pub const CODES: &[&str] = &[
    "paper.size",
    "paper.set_empty",
    "paper.set_too_large",
    "paper.set_does_not_fit",
    "paper.back_on_roll",
    "paper.fill_on_roll",
    "paper.font",
    "paper.photo",
    "paper.too_long",
    "paper.code",
    "paper.too_many",
    "paper.source",
    "paper.pdf",
    "paper.io",
];

/// Why nothing was laid out or written.
#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A paper or print with a side out of [`crate::paper`]'s bounds, or margins that leave nothing.
    #[error("a size of {width_mm} × {height_mm} mm is out of bounds")]
    Size {
        /// The width asked for.
        width_mm: f64,
        /// The height asked for.
        height_mm: f64,
    },
    /// A set without prints.
    #[error("the set has no prints")]
    SetEmpty,
    /// A set of more sizes or prints than are laid out.
    #[error("a set has at most {max_sizes} sizes and {max_prints} prints")]
    SetTooLarge {
        /// The most sizes.
        max_sizes: usize,
        /// The most prints.
        max_prints: usize,
    },
    /// The set is too large for the paper.
    #[error("{wanted} prints do not fit on the paper, {fits} do")]
    SetDoesNotFit {
        /// How many the set has.
        wanted: usize,
        /// How many of them, from its first on, do fit.
        fits: usize,
    },
    /// Roll paper has no back.
    #[error("a roll is printed on one side only")]
    BackOnRoll,
    /// A roll has no end, so that no number fills it.
    #[error("as many as fit is no number on a roll")]
    FillOnRoll,
    /// The font cannot be read, or lacks what the documents themselves need.
    #[error("the font cannot be used")]
    Font,
    /// No baseline or progressive JPEG of 8 bits, grey or RGB, of bearable size.
    #[error("the photo of sheet {sheet_code} is no JPEG that can be printed")]
    Photo {
        /// Whose.
        sheet_code: String,
    },
    /// A text with more characters than are printed.
    #[error("{what} has more than {max} characters")]
    TooLong {
        /// What is too long.
        what: &'static str,
        /// The most characters.
        max: usize,
    },
    /// A code of other than printable ASCII characters, or too many of them.
    #[error("a code has 1 to {max} printable ASCII characters")]
    Code {
        /// The most characters.
        max: usize,
    },
    /// More rows than a document takes.
    #[error("a document has at most {max} rows")]
    TooMany {
        /// The most rows.
        max: usize,
    },
    /// The caller's source of people failed.
    #[error("the people could not be read")]
    Source(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The PDF could not be built.
    #[error("the PDF could not be built: {0}")]
    Pdf(String),
    /// Writing failed.
    #[error("the file could not be written")]
    Io(#[from] io::Error),
}

impl PaperError {
    /// The stable word for the wire and the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Size { .. } => "paper.size",
            Self::SetEmpty => "paper.set_empty",
            Self::SetTooLarge { .. } => "paper.set_too_large",
            Self::SetDoesNotFit { .. } => "paper.set_does_not_fit",
            Self::BackOnRoll => "paper.back_on_roll",
            Self::FillOnRoll => "paper.fill_on_roll",
            Self::Font => "paper.font",
            Self::Photo { .. } => "paper.photo",
            Self::TooLong { .. } => "paper.too_long",
            Self::Code { .. } => "paper.code",
            Self::TooMany { .. } => "paper.too_many",
            Self::Source(_) => "paper.source",
            Self::Pdf(_) => "paper.pdf",
            Self::Io(_) => "paper.io",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once() {
        let size = PaperError::Size { width_mm: 0.0, height_mm: 0.0 };
        let all = [
            size,
            PaperError::SetEmpty,
            PaperError::SetTooLarge { max_sizes: 0, max_prints: 0 },
            PaperError::SetDoesNotFit { wanted: 0, fits: 0 },
            PaperError::BackOnRoll,
            PaperError::FillOnRoll,
            PaperError::Font,
            PaperError::Photo { sheet_code: String::new() },
            PaperError::TooLong { what: "", max: 0 },
            PaperError::Code { max: 0 },
            PaperError::TooMany { max: 0 },
            PaperError::Source("".into()),
            PaperError::Pdf(String::new()),
            PaperError::Io(io::Error::other("")),
        ];
        let codes: Vec<&str> = all.iter().map(PaperError::code).collect();
        assert_eq!(codes, CODES);
    }
}
