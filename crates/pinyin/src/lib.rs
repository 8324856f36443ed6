//! Chinese without a keyboard: Latin letters typed on a touch screen become names and addresses.
//!
//! Readings of characters are those of the `pinyin` crate, all of them, so that a name can be written by any reading
//! its owner uses. Words and how common they are come from jieba's dictionary, packed into `data/words.bin`.

mod dictionary;
mod letters;
mod search;
mod surnames;
pub mod table;

pub use dictionary::Dictionary;
pub use letters::MAX_LETTERS;
pub use surnames::SURNAMES;

/// Why a dictionary could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The table of words is not one, or not whole.
    #[error("the table of words is damaged")]
    Damaged,
}

/// The code of every error.
pub const CODES: &[&str] = &["pinyin.damaged"];

impl Error {
    /// The stable word for the message files and the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Damaged => "pinyin.damaged",
        }
    }
}

/// What is being written, which makes some characters likelier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The beginning of a name: a surname comes.
    Name,
    /// A name after its surname.
    GivenName,
    /// Anything else, an address for one.
    Text,
}

/// What typed letters can become.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidates {
    /// The letters, divided into syllables; what is no whole syllable yet stands as it is.
    pub syllables: Vec<String>,
    /// Words and characters, the likeliest first.
    pub list: Vec<Candidate>,
}

/// One word or character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The Chinese text.
    pub text: String,
    /// How many characters of the input it stands for, from the input's beginning, separators counted.
    pub letters: usize,
}

#[cfg(test)]
mod tests;
