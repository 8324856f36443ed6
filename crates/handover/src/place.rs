//! The places that a hand-over is written to: a folder, or an archive that may be enciphered.

mod archive;
mod folder;

use crate::error::HandoverError;
use crate::plan::Plan;
use crate::target::Target;

/// A place that is being written to.
pub(crate) enum Place {
    Folder(folder::Folder),
    Archive(archive::Archive),
}

impl Place {
    /// Begins, or goes on with what broke off; refuses what cannot fit.
    pub(crate) fn begin(plan: &Plan, target: &Target) -> Result<Self, HandoverError> {
        Ok(match target {
            Target::Folder(path) => Self::Folder(folder::Folder::begin(plan, path)?),
            Target::Zip(path) => Self::Archive(archive::Archive::begin(plan, path, archive::Cipher::None)?),
            Target::ZipAes { path, passphrase } => {
                Self::Archive(archive::Archive::begin(plan, path, archive::Cipher::Aes(passphrase.clone()))?)
            }
            Target::Age { path, passphrase } => {
                Self::Archive(archive::Archive::begin(plan, path, archive::Cipher::Age(passphrase.clone()))?)
            }
        })
    }

    /// Whether the file is there already, with exactly this content.
    pub(crate) fn has(&self, path: &str, size: u64, sha256: [u8; 32]) -> Result<bool, HandoverError> {
        match self {
            Self::Folder(folder) => folder.has(path, size, sha256),
            Self::Archive(_) => Ok(false),
        }
    }

    /// Writes a photo.
    pub(crate) fn put_photo(&mut self, path: &str, bytes: &[u8]) -> Result<(), HandoverError> {
        match self {
            Self::Folder(folder) => folder.put(path, bytes),
            Self::Archive(archive) => archive.put(path, bytes, archive::Packing::Stored),
        }
    }

    /// Writes the documents and the sums, and makes all of it durable; from then on it looks whole.
    pub(crate) fn finish(self, plan: &Plan) -> Result<(), HandoverError> {
        match self {
            Self::Folder(folder) => folder.finish(plan),
            Self::Archive(archive) => archive.finish(plan),
        }
    }
}
