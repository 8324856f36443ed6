//! Why a file is not taken, each with a stable code. The sentences are in the message files.

use std::io;

/// What a file is instead of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongKind {
    /// OpenDocument (LibreOffice, WPS): to be saved as xlsx.
    Ods,
    /// Apple Numbers: to be exported as xlsx.
    Numbers,
    /// Excel's binary workbook: to be saved as xlsx.
    Xlsb,
    /// A web page or XML with the name of a workbook, as administration systems export them.
    Html,
    /// PDF.
    Pdf,
    /// A text document (Word, RTF).
    Document,
    /// A picture.
    Picture,
    /// An archive.
    Archive,
    /// None of these.
    Unknown,
}

impl WrongKind {
    /// The stable word for the message files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ods => "ods",
            Self::Numbers => "numbers",
            Self::Xlsb => "xlsb",
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Document => "document",
            Self::Picture => "picture",
            Self::Archive => "archive",
            Self::Unknown => "unknown",
        }
    }
}

/// Why a roster was not read or a file not written. Never carries anything that stood in a cell.
#[derive(Debug, thiserror::Error)]
pub enum RosterError {
    /// The file cannot be read or written.
    #[error("the file cannot be read or written")]
    Io(#[source] io::Error),
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// Another kind of file.
    #[error("the file is no roster but of the kind `{}`", .0.code())]
    WrongKind(WrongKind),
    /// A password is set.
    #[error("the workbook is protected by a password")]
    Encrypted,
    /// Larger than is taken.
    #[error("more than {max} {what}")]
    TooLarge {
        /// What there is too much of: `bytes`, `unpacked_bytes`, `parts`, `sheets`, `rows`, `columns`, `cells`,
        /// `text_bytes`, `styles`.
        what: &'static str,
        /// The most that is taken.
        max: u64,
    },
    /// It unpacks to far more than it is, as only a file made to harm does.
    #[error("the workbook unpacks to an absurd size")]
    Bomb,
    /// Its XML declares entities, as only a file made to harm does.
    #[error("the workbook declares a document type")]
    DocumentType,
    /// It ends early or contradicts itself.
    #[error("the file is damaged")]
    Damaged,
    /// It is text in no encoding that is known.
    #[error("the text is neither UTF-8 nor GB 18030")]
    Encoding,
    /// A quotation mark is opened and not closed.
    #[error("a quotation mark in row {row} is not closed")]
    OpenQuote {
        /// The row in which it is opened, from 1.
        row: u32,
    },
    /// There is no such sheet.
    #[error("there is no such sheet")]
    NoSheet,
    /// The mapping names a row or column that is not there, or a field twice.
    #[error("the mapping does not fit the table")]
    BadMapping,
    /// The workbook could not be made.
    #[error("the workbook could not be written")]
    Write(#[source] rust_xlsxwriter::XlsxError),
}

/// Every code of this crate.
pub const CODES: &[&str] = &[
    "roster.io",
    "roster.empty",
    "roster.wrong_kind",
    "roster.encrypted",
    "roster.too_large",
    "roster.bomb",
    "roster.document_type",
    "roster.damaged",
    "roster.encoding",
    "roster.open_quote",
    "roster.no_sheet",
    "roster.bad_mapping",
    "roster.write",
];

impl RosterError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "roster.io",
            Self::Empty => "roster.empty",
            Self::WrongKind(_) => "roster.wrong_kind",
            Self::Encrypted => "roster.encrypted",
            Self::TooLarge { .. } => "roster.too_large",
            Self::Bomb => "roster.bomb",
            Self::DocumentType => "roster.document_type",
            Self::Damaged => "roster.damaged",
            Self::Encoding => "roster.encoding",
            Self::OpenQuote { .. } => "roster.open_quote",
            Self::NoSheet => "roster.no_sheet",
            Self::BadMapping => "roster.bad_mapping",
            Self::Write(_) => "roster.write",
        }
    }

    /// Too much of something.
    pub(crate) fn too_large(what: &'static str, max: impl TryInto<u64>) -> Self {
        Self::TooLarge { what, max: max.try_into().unwrap_or(u64::MAX) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed() {
        let errors = [
            RosterError::Io(io::Error::other("")),
            RosterError::Empty,
            RosterError::WrongKind(WrongKind::Pdf),
            RosterError::Encrypted,
            RosterError::too_large("rows", 1_u32),
            RosterError::Bomb,
            RosterError::DocumentType,
            RosterError::Damaged,
            RosterError::Encoding,
            RosterError::OpenQuote { row: 1 },
            RosterError::NoSheet,
            RosterError::BadMapping,
            RosterError::Write(rust_xlsxwriter::XlsxError::RowColumnLimitError),
        ];
        let codes: Vec<_> = errors.iter().map(RosterError::code).collect();
        assert_eq!(codes, CODES);
    }
}
