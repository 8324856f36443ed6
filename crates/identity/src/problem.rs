//! What can be wrong with a number, a line or a code. The sentences are in the message files, by code.

/// What is wrong. Never carries the text itself: it may be somebody's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing was given.
    #[error("no number was given")]
    Empty,
    /// At least so many characters are missing.
    #[error("{missing} or more characters are missing")]
    TooShort {
        /// The fewest that would make it complete.
        missing: usize,
    },
    /// Longer than such a number can be.
    #[error("the number is too long")]
    TooLong,
    /// A character that cannot stand where it stands.
    #[error("character {} cannot stand there", .at + 1)]
    Character {
        /// Its place, counted from 0 in the normalised text.
        at: usize,
    },
    /// The birth year is outside 1900 to 2099.
    #[error("the birth year is not one")]
    Year,
    /// The birth month is not 01 to 12.
    #[error("the birth month is not one")]
    Month,
    /// The birth day does not exist in that month.
    #[error("the birth day is not one")]
    Day,
    /// The check character does not fit the rest.
    #[error("the check character does not fit")]
    Checksum,
    /// The line of a passport does not have 44 characters.
    #[error("a passport's line has 44 characters")]
    MrzLength,
    /// A check digit of the line does not fit.
    #[error("a check digit of the passport's line does not fit")]
    MrzCheck,
    /// A date of the line is not one.
    #[error("a date of the passport's line is not one")]
    MrzDate,
    /// A scan without content.
    #[error("the code is empty")]
    CodeEmpty,
    /// A scan with more content than is taken.
    #[error("the code is too long")]
    CodeTooLong,
}

/// The code of every problem.
pub const CODES: &[&str] = &[
    "identity.empty",
    "identity.too_short",
    "identity.too_long",
    "identity.character",
    "identity.year",
    "identity.month",
    "identity.day",
    "identity.checksum",
    "identity.mrz_length",
    "identity.mrz_check",
    "identity.mrz_date",
    "identity.code_empty",
    "identity.code_too_long",
];

impl Problem {
    /// The stable word for the message files and the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "identity.empty",
            Self::TooShort { .. } => "identity.too_short",
            Self::TooLong => "identity.too_long",
            Self::Character { .. } => "identity.character",
            Self::Year => "identity.year",
            Self::Month => "identity.month",
            Self::Day => "identity.day",
            Self::Checksum => "identity.checksum",
            Self::MrzLength => "identity.mrz_length",
            Self::MrzCheck => "identity.mrz_check",
            Self::MrzDate => "identity.mrz_date",
            Self::CodeEmpty => "identity.code_empty",
            Self::CodeTooLong => "identity.code_too_long",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed() {
        let problems = [
            Problem::Empty,
            Problem::TooShort { missing: 1 },
            Problem::TooLong,
            Problem::Character { at: 0 },
            Problem::Year,
            Problem::Month,
            Problem::Day,
            Problem::Checksum,
            Problem::MrzLength,
            Problem::MrzCheck,
            Problem::MrzDate,
            Problem::CodeEmpty,
            Problem::CodeTooLong,
        ];
        let codes: Vec<_> = problems.iter().map(|problem| problem.code()).collect();
        assert_eq!(codes, CODES);
    }
}
