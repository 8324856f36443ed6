//! Where volumes are written to.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use atomic_write_file::AtomicWriteFile;

/// Takes one file after the other.
pub trait Volumes {
    /// What a volume is written into.
    type File: Write;

    /// Begins the volume with this number, from 1.
    ///
    /// # Errors
    /// When it cannot be begun.
    fn open(&mut self, number: u32) -> io::Result<Self::File>;

    /// The volume is whole.
    ///
    /// # Errors
    /// When it cannot be kept.
    fn close(&mut self, number: u32, file: Self::File) -> io::Result<()>;
}

/// Volumes in a folder: `stem-001.pdf` and so on. A file appears under its name only when it is whole and on the disk.
#[derive(Debug, Clone)]
pub struct Folder {
    folder: PathBuf,
    stem: String,
    written: Vec<PathBuf>,
}

impl Folder {
    /// Volumes of this name in this folder, which must be there.
    ///
    /// # Errors
    /// When the stem is no plain file name.
    pub fn new(folder: impl Into<PathBuf>, stem: &str) -> io::Result<Self> {
        let plain = !stem.is_empty() && stem.chars().all(|c| !c.is_control() && !"/\\:*?\"<>|".contains(c));
        if !plain {
            return Err(io::Error::from(io::ErrorKind::InvalidFilename));
        }
        Ok(Self { folder: folder.into(), stem: stem.to_owned(), written: Vec::new() })
    }

    /// The volumes that are whole.
    pub fn written(&self) -> &[PathBuf] {
        &self.written
    }

    fn path(&self, number: u32) -> PathBuf {
        self.folder.join(format!("{}-{number:03}.pdf", self.stem))
    }
}

impl Volumes for Folder {
    type File = BufWriter<AtomicWriteFile>;

    fn open(&mut self, number: u32) -> io::Result<Self::File> {
        Ok(BufWriter::new(AtomicWriteFile::open(self.path(number))?))
    }

    fn close(&mut self, number: u32, file: Self::File) -> io::Result<()> {
        let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
        // Synced before it is renamed.
        file.commit()?;
        self.written.push(self.path(number));
        Ok(())
    }
}

/// All volumes in memory, for tests and short runs.
impl Volumes for Vec<Vec<u8>> {
    type File = Vec<u8>;

    fn open(&mut self, _: u32) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn close(&mut self, _: u32, file: Vec<u8>) -> io::Result<()> {
        self.push(file);
        Ok(())
    }
}
