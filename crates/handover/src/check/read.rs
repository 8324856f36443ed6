//! Every file of what was written, one after the other, wherever it was written to.

use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use age::secrecy::SecretString;
use walkdir::WalkDir;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::error::HandoverError;
use crate::files;
use crate::target::Target;

/// Most files of an archive that are looked at, and entries of a folder.
const MAX_FILES: usize = 1_000_000;
/// The most work for a passphrase that is taken from a file, as a power of two.
const MAX_AGE_WORK_LOG2: u8 = 20;

/// Calls for every file with its path, `/` between folders, and a reader that may fail.
pub(crate) fn each_file(target: &Target, see: impl FnMut(&str, &mut dyn Read)) -> Result<(), HandoverError> {
    match target {
        Target::Folder(root) => in_folder(root, see),
        Target::Zip(path) => in_zip(BufReader::new(files::open_fresh(path)?), None, see),
        Target::ZipAes { path, passphrase } => {
            let zip = BufReader::new(files::open_fresh(path)?);
            in_zip(zip, Some(passphrase.reveal().as_bytes()), see)
        }
        Target::Age { path, passphrase } => {
            let plain = unseal(files::open_fresh(path)?, passphrase.reveal())?;
            in_zip(BufReader::new(plain), None, see)
        }
    }
}

fn in_folder(root: &Path, mut see: impl FnMut(&str, &mut dyn Read)) -> Result<(), HandoverError> {
    root.read_dir()?;
    for entry in WalkDir::new(root).min_depth(1).sort_by_file_name().into_iter().take(MAX_FILES) {
        let entry = entry.map_err(|error| {
            HandoverError::from(error.into_io_error().unwrap_or_else(|| std::io::Error::other("a loop")))
        })?;
        if entry.file_type().is_dir() {
            continue;
        }
        let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        match files::open_fresh(entry.path()) {
            Ok(mut file) => see(&parts.join("/"), &mut file),
            Err(error) => see(&parts.join("/"), &mut Failing(Some(error))),
        }
    }
    Ok(())
}

fn in_zip<R: Read + Seek>(
    file: R,
    passphrase: Option<&[u8]>,
    mut see: impl FnMut(&str, &mut dyn Read),
) -> Result<(), HandoverError> {
    let mut zip = ZipArchive::new(file).map_err(fault)?;
    for at in 0..zip.len().min(MAX_FILES) {
        let entry = match passphrase {
            Some(passphrase) => zip.by_index_decrypt(at, passphrase),
            None => zip.by_index(at),
        };
        let mut entry = entry.map_err(fault)?;
        // Everything is enciphered, or the archive is not what it is said to be.
        if entry.encrypted() != passphrase.is_some() {
            return Err(HandoverError::Damaged);
        }
        let path = entry.name().map_err(fault)?.into_owned();
        see(&path, &mut entry);
    }
    Ok(())
}

fn unseal(file: File, passphrase: &str) -> Result<age::stream::StreamReader<BufReader<File>>, HandoverError> {
    let decryptor = age::Decryptor::new_buffered(BufReader::new(file)).map_err(|_| HandoverError::Damaged)?;
    let mut identity = age::scrypt::Identity::new(SecretString::from(passphrase.to_owned()));
    identity.set_max_work_factor(MAX_AGE_WORK_LOG2);
    let identity: &dyn age::Identity = &identity;
    decryptor.decrypt([identity].into_iter()).map_err(|error| match error {
        age::DecryptError::Io(error) => error.into(),
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => HandoverError::WrongPassphrase,
        _ => HandoverError::Damaged,
    })
}

fn fault(error: ZipError) -> HandoverError {
    match error {
        ZipError::Io(error) if error.raw_os_error().is_some() => error.into(),
        ZipError::InvalidPassword => HandoverError::WrongPassphrase,
        _ => HandoverError::Damaged,
    }
}

/// A file that did not open, as a reader that says so.
struct Failing(Option<std::io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}
