//! What can go wrong here, each with a stable code. The sentences are in the message files.

use std::io;

use crate::template::TemplateError;

/// Why something was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// The template of the photos' names is none.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Some photos have no name, or no name of their own.
    #[error("{count} photos cannot be named")]
    Names {
        /// How many problems stand in the way.
        count: usize,
    },
    /// More students or parcels than are taken.
    #[error("more than {max} rows")]
    TooMany {
        /// The most that are taken.
        max: usize,
    },
    /// The words of a language cannot be read.
    #[error("the words cannot be read")]
    Words(#[source] toml::de::Error),
    /// A list could not be made.
    #[error("a list could not be made")]
    List(#[source] rust_xlsxwriter::XlsxError),
    /// The names and the students do not belong together.
    #[error("the names are of other students")]
    OtherNames,
    /// The passphrase is too short.
    #[error("a passphrase has at least {min} characters")]
    PassphraseTooShort {
        /// The fewest characters.
        min: usize,
    },
    /// It will not fit; nothing was written.
    #[error("{needed} bytes do not fit into {free}")]
    NoSpace {
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// The file system takes no file of this size; nothing was written.
    #[error("{needed} bytes are more than a file may have there: {max}")]
    FileTooLarge {
        /// Bytes of the file.
        needed: u64,
        /// The most that a file may have.
        max: u64,
    },
    /// The file system takes fewer names in one folder; nothing was written.
    #[error("{needed} entries are more than a folder may have there: {max}")]
    FolderTooFull {
        /// Directory entries that are needed.
        needed: u64,
        /// The most that a folder may have.
        max: u64,
    },
    /// The folder holds files, and no hand-over.
    #[error("the folder holds other files")]
    FolderInUse,
    /// No space was left on the way; what was written does not look whole.
    #[error("the disk is full")]
    DiskFull,
    /// The disk was removed or does not answer; what was written does not look whole.
    #[error("the disk is gone")]
    PlaceLost(#[source] io::Error),
    /// An earlier write failed: this job cannot be finished, a new one can.
    #[error("the hand-over broke off")]
    BrokenOff,
    /// There is no photo with this number in the plan.
    #[error("no photo {photo}")]
    NoSuchPhoto {
        /// Its place in the plan.
        photo: usize,
    },
    /// The photo's bytes are not those of the plan.
    #[error("photo {photo} is another one than planned")]
    PhotoDiffers {
        /// Its place in the plan.
        photo: usize,
    },
    /// Not every photo was given.
    #[error("{missing} photos are missing")]
    Incomplete {
        /// How many.
        missing: usize,
    },
    /// The passphrase opens nothing.
    #[error("the passphrase does not fit")]
    WrongPassphrase,
    /// What was written is no archive, or a damaged one.
    #[error("the archive cannot be read")]
    Damaged,
    /// The cipher refused.
    #[error("enciphering failed")]
    Cipher,
    /// The file system refused.
    #[error("the file system refused")]
    Io(#[source] io::Error),
}

/// Every code of this crate, with those of the templates.
pub const CODES: &[&str] = &[
    "handover.names",
    "handover.too_many",
    "handover.words",
    "handover.list",
    "handover.other_names",
    "handover.passphrase_too_short",
    "handover.no_space",
    "handover.file_too_large",
    "handover.folder_too_full",
    "handover.folder_in_use",
    "handover.disk_full",
    "handover.place_lost",
    "handover.broken_off",
    "handover.no_such_photo",
    "handover.photo_differs",
    "handover.incomplete",
    "handover.wrong_passphrase",
    "handover.damaged",
    "handover.cipher",
    "handover.io",
    "handover.template.empty",
    "handover.template.too_long",
    "handover.template.unknown_field",
    "handover.template.brace",
    "handover.template.character",
    "handover.template.component",
    "handover.template.extension",
    "handover.template.no_field",
];

impl HandoverError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Template(error) => error.trouble.code(),
            Self::Names { .. } => "handover.names",
            Self::TooMany { .. } => "handover.too_many",
            Self::Words(_) => "handover.words",
            Self::List(_) => "handover.list",
            Self::OtherNames => "handover.other_names",
            Self::PassphraseTooShort { .. } => "handover.passphrase_too_short",
            Self::NoSpace { .. } => "handover.no_space",
            Self::FileTooLarge { .. } => "handover.file_too_large",
            Self::FolderTooFull { .. } => "handover.folder_too_full",
            Self::FolderInUse => "handover.folder_in_use",
            Self::DiskFull => "handover.disk_full",
            Self::PlaceLost(_) => "handover.place_lost",
            Self::BrokenOff => "handover.broken_off",
            Self::NoSuchPhoto { .. } => "handover.no_such_photo",
            Self::PhotoDiffers { .. } => "handover.photo_differs",
            Self::Incomplete { .. } => "handover.incomplete",
            Self::WrongPassphrase => "handover.wrong_passphrase",
            Self::Damaged => "handover.damaged",
            Self::Cipher => "handover.cipher",
            Self::Io(_) => "handover.io",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::template::{Template, TemplateTrouble};

    #[test]
    fn every_code_is_listed_once() {
        let listed: HashSet<_> = CODES.iter().copied().collect();
        assert_eq!(listed.len(), CODES.len());
        let template = Template::parse("").unwrap_err();
        let gone = || io::Error::other("gone");
        let errors = [
            HandoverError::Template(template),
            HandoverError::Names { count: 1 },
            HandoverError::TooMany { max: 1 },
            HandoverError::OtherNames,
            HandoverError::PassphraseTooShort { min: 1 },
            HandoverError::NoSpace { needed: 2, free: 1 },
            HandoverError::FileTooLarge { needed: 2, max: 1 },
            HandoverError::FolderTooFull { needed: 2, max: 1 },
            HandoverError::FolderInUse,
            HandoverError::DiskFull,
            HandoverError::PlaceLost(gone()),
            HandoverError::BrokenOff,
            HandoverError::NoSuchPhoto { photo: 0 },
            HandoverError::PhotoDiffers { photo: 0 },
            HandoverError::Incomplete { missing: 1 },
            HandoverError::WrongPassphrase,
            HandoverError::Damaged,
            HandoverError::Cipher,
            HandoverError::Io(gone()),
        ];
        let mut seen: HashSet<_> = errors.iter().map(HandoverError::code).collect();
        seen.extend(TemplateTrouble::samples().iter().map(TemplateTrouble::code));
        seen.extend(["handover.words", "handover.list"]);
        assert_eq!(seen, listed);
    }
}
