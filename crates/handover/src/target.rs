//! Where a hand-over goes, whether it is enciphered, and what staff are told when it is not.

use std::fmt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::HandoverError;

/// The fewest characters of a passphrase.
const MIN_PASSPHRASE_CHARS: usize = 8;

/// What enciphers a hand-over. Wiped from memory when dropped; never shown.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// A passphrase of eight characters or more.
    ///
    /// # Errors
    /// [`HandoverError::PassphraseTooShort`].
    pub fn new(text: &str) -> Result<Self, HandoverError> {
        if text.chars().count() < MIN_PASSPHRASE_CHARS {
            return Err(HandoverError::PassphraseTooShort { min: MIN_PASSPHRASE_CHARS });
        }
        Ok(Self(Zeroizing::new(text.to_owned())))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(hidden)")
    }
}

/// Where a hand-over goes. The folder that it goes into must be there.
#[derive(Debug, Clone)]
pub enum Target {
    /// A folder of its own, made where there is none. A hand-over that broke off there is gone on with.
    Folder(PathBuf),
    /// A zip; one of this name is replaced when the new one is whole. One that broke off is begun again.
    Zip(PathBuf),
    /// A zip with AES-256, which 7-Zip and WinRAR open and Windows itself does not.
    ZipAes {
        /// The zip.
        path: PathBuf,
        /// What enciphers it.
        passphrase: Passphrase,
    },
    /// A zip inside an age file, which `age -d` opens.
    Age {
        /// The age file.
        path: PathBuf,
        /// What enciphers it.
        passphrase: Passphrase,
    },
}

/// What staff are told before they hand something over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Warning {
    /// Whoever has it can read it.
    NotEnciphered,
    /// The names of files and folders can be read without the passphrase.
    NamesVisible,
    /// Numbers of identity documents are masked in the lists and stand in full in the names of the photos.
    NumbersInNames,
}

impl Warning {
    /// The stable word for the message files.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotEnciphered => "not_enciphered",
            Self::NamesVisible => "names_visible",
            Self::NumbersInNames => "numbers_in_names",
        }
    }
}

impl Target {
    /// The folder or file.
    pub fn path(&self) -> &Path {
        match self {
            Self::Folder(path) | Self::Zip(path) | Self::ZipAes { path, .. } | Self::Age { path, .. } => path,
        }
    }

    /// What staff should know about it.
    pub fn warnings(&self) -> &'static [Warning] {
        match self {
            Self::Folder(_) | Self::Zip(_) => &[Warning::NotEnciphered],
            Self::ZipAes { .. } => &[Warning::NamesVisible],
            Self::Age { .. } => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_passphrases_are_refused_and_none_is_shown() {
        assert_eq!(Passphrase::new("1234567").unwrap_err().code(), "handover.passphrase_too_short");
        let passphrase = Passphrase::new("毕业照片交接密码").unwrap();
        let path = PathBuf::from("x.age");
        let target = Target::Age { path, passphrase };
        assert_eq!(format!("{target:?}"), "Age { path: \"x.age\", passphrase: Passphrase(hidden) }");
        assert!(target.warnings().is_empty());
        assert_eq!(Target::Zip("x.zip".into()).warnings(), [Warning::NotEnciphered]);
    }
}
