//! A zip that is handed over, plain, with AES-256, or inside an age file. It has its name only when it is whole.
//!
//! An archive that broke off is begun again: its index comes last, and a cipher cannot be gone on with in the middle.

use std::fs::{self, File};
use std::io::{BufWriter, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use age::secrecy::SecretString;
use age::stream::StreamWriter as AgeWriter;
use zip::result::ZipError;
use zip::write::{FileOptions, StreamWriter};
use zip::{AesMode, CompressionMethod, ZipWriter};

use crate::error::HandoverError;
use crate::files;
use crate::plan::{Plan, SUMS};
use crate::target::Passphrase;
use crate::volume::Volume;

/// scrypt's work, as the `age` command chooses it: 2^18 rounds, 256 MiB and about a second.
const AGE_WORK_LOG2: u8 = 18;
/// What goes to the disk at once.
const BUFFER_BYTES: usize = 1 << 20;

/// What enciphers an archive.
pub(crate) enum Cipher {
    None,
    Aes(Passphrase),
    Age(Passphrase),
}

/// How a file lies in the archive: a JPEG does not shrink.
#[derive(Clone, Copy)]
pub(crate) enum Packing {
    Stored,
    Deflated,
}

type Plain = ZipWriter<BufWriter<File>>;
type Sealed = ZipWriter<StreamWriter<AgeWriter<BufWriter<File>>>>;

enum Writer {
    Plain(Box<Plain>),
    Sealed(Box<Sealed>),
}

/// An archive that is being written. Dropped before it is whole, it is removed.
pub(crate) struct Archive {
    writer: Option<Writer>,
    aes: Option<Passphrase>,
    path: PathBuf,
    folder_identity: Option<(u64, u64)>,
}

impl Archive {
    pub(crate) fn begin(plan: &Plan, path: &Path, cipher: Cipher) -> Result<Self, HandoverError> {
        let part = files::aside(path);
        match fs::remove_file(&part) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let folder = folder_of(path);
        if let Some(volume) = Volume::of(folder)? {
            volume.takes_archive(plan)?;
        }
        let folder_identity = files::identity(folder)?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, File::create(&part)?);
        let mut archive = Self { writer: None, aes: None, path: path.to_owned(), folder_identity };
        archive.writer = Some(match cipher {
            Cipher::None => Writer::Plain(Box::new(ZipWriter::new(file))),
            Cipher::Aes(passphrase) => {
                archive.aes = Some(passphrase);
                Writer::Plain(Box::new(ZipWriter::new(file)))
            }
            Cipher::Age(passphrase) => {
                Writer::Sealed(Box::new(ZipWriter::new_stream(seal(file, &passphrase)?)))
            }
        });
        Ok(archive)
    }

    pub(crate) fn put(&mut self, path: &str, bytes: &[u8], packing: Packing) -> Result<(), HandoverError> {
        let method = match packing {
            Packing::Stored => CompressionMethod::Stored,
            Packing::Deflated => CompressionMethod::Deflated,
        };
        let mut options = FileOptions::<()>::default().compression_method(method);
        if let Some(passphrase) = &self.aes {
            options = options.with_aes_encryption(AesMode::Aes256, passphrase.reveal());
        }
        match &mut self.writer {
            Some(Writer::Plain(zip)) => add(zip, path, bytes, options),
            Some(Writer::Sealed(zip)) => add(zip, path, bytes, options),
            None => Err(HandoverError::BrokenOff),
        }
    }

    pub(crate) fn finish(mut self, plan: &Plan) -> Result<(), HandoverError> {
        for document in &plan.documents {
            self.put(&document.path, &document.bytes, Packing::Deflated)?;
        }
        self.put(SUMS, &plan.sums, Packing::Deflated)?;
        let written = match self.writer.take() {
            Some(Writer::Plain(zip)) => zip.finish().map_err(zip_fault)?,
            Some(Writer::Sealed(zip)) => zip.finish().map_err(zip_fault)?.into_inner().finish()?,
            None => return Err(HandoverError::BrokenOff),
        };
        let file = written.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        drop(file);
        if files::identity(folder_of(&self.path))? != self.folder_identity {
            return Err(HandoverError::PlaceLost(ErrorKind::NotFound.into()));
        }
        Ok(files::rename_durable(&files::aside(&self.path), &self.path)?)
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // Closed before it is removed: not every system removes an open file.
        drop(self.writer.take());
        fs::remove_file(files::aside(&self.path)).ok();
    }
}

fn add<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    path: &str,
    bytes: &[u8],
    options: FileOptions<'_, '_, ()>,
) -> Result<(), HandoverError> {
    zip.start_file(path, options).map_err(zip_fault)?;
    Ok(zip.write_all(bytes)?)
}

fn seal(file: BufWriter<File>, passphrase: &Passphrase) -> Result<AgeWriter<BufWriter<File>>, HandoverError> {
    let mut recipient = age::scrypt::Recipient::new(SecretString::from(passphrase.reveal().to_owned()));
    recipient.set_work_factor(AGE_WORK_LOG2);
    let recipient: &dyn age::Recipient = &recipient;
    let encryptor =
        age::Encryptor::with_recipients([recipient].into_iter()).map_err(|_| HandoverError::Cipher)?;
    Ok(encryptor.wrap_output(file)?)
}

fn zip_fault(error: ZipError) -> HandoverError {
    match error {
        ZipError::Io(error) => error.into(),
        other => HandoverError::Io(std::io::Error::other(other)),
    }
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
