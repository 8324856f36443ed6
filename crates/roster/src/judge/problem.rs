//! What can be wrong with a row, each with a stable code. Never carries what stood in the cell.

use std::fmt;

use caixiang_domain::{Details, Field};

use crate::mapping::Needed;

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The row is taken and somebody should look.
    Warning,
    /// The row is not taken.
    Error,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// No name, or neither a student number nor a document number.
    Missing(Needed),
    /// The document number's check character does not fit.
    Checksum,
    /// The document number has so many characters, which no document has.
    Length {
        /// How many.
        chars: usize,
    },
    /// The document number has a character that cannot stand there.
    IdCharacter,
    /// The birth date within the document number is none.
    IdDate,
    /// The birth date is another than in the document number.
    BirthMismatch,
    /// The sex is another than in the document number.
    SexMismatch,
    /// The birth date is not one.
    BadDate,
    /// Another row has the same number.
    Duplicate {
        /// The other row as the spreadsheet shows it.
        other_row: u32,
    },
    /// Longer than is kept.
    TooLong {
        /// The most characters that are kept.
        max: usize,
    },
    /// The spreadsheet rounded the number or shows it shortened: its digits are lost.
    NumberRounded,
    /// No telephone has such a number.
    BadPhone,
    /// The cell holds an error of the spreadsheet, such as `#N/A`.
    SheetError,
}

/// The code of every problem.
pub const PROBLEM_CODES: &[&str] = &[
    "missing",
    "checksum",
    "length",
    "id_character",
    "id_date",
    "birth_mismatch",
    "sex_mismatch",
    "bad_date",
    "duplicate",
    "too_long",
    "number_rounded",
    "bad_phone",
    "sheet_error",
];

impl Problem {
    /// The stable word for the message files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Checksum => "checksum",
            Self::Length { .. } => "length",
            Self::IdCharacter => "id_character",
            Self::IdDate => "id_date",
            Self::BirthMismatch => "birth_mismatch",
            Self::SexMismatch => "sex_mismatch",
            Self::BadDate => "bad_date",
            Self::Duplicate { .. } => "duplicate",
            Self::TooLong { .. } => "too_long",
            Self::NumberRounded => "number_rounded",
            Self::BadPhone => "bad_phone",
            Self::SheetError => "sheet_error",
        }
    }
}

/// A problem and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowProblem {
    /// The row as the spreadsheet shows it, from 1.
    pub row: u32,
    /// The column, from 0, where there is one.
    pub column: Option<usize>,
    /// The field, where it is one field's.
    pub field: Option<Field>,
    /// What is wrong.
    pub problem: Problem,
}

impl RowProblem {
    /// How much it matters. A value that tells people apart must be whole; of others a part is better than nothing.
    pub fn severity(&self) -> Severity {
        let vital = |field| {
            matches!(
                field,
                Field::Name | Field::StudentNumber | Field::IdNumber | Field::ExamNumber | Field::LastFour
            )
        };
        match self.problem {
            Problem::BirthMismatch | Problem::SexMismatch | Problem::BadDate | Problem::BadPhone => {
                Severity::Warning
            }
            Problem::TooLong { .. } | Problem::SheetError | Problem::NumberRounded
                if !self.field.is_some_and(vital) =>
            {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }
}

/// A row that is taken.
#[derive(Clone, PartialEq, Eq)]
pub struct RosterRow {
    /// The row as the spreadsheet shows it, from 1.
    pub row: u32,
    /// What it says of a student.
    pub details: Details,
}

impl fmt::Debug for RosterRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RosterRow({})", self.row)
    }
}
