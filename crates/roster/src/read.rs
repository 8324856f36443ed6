//! Opens a roster of any kind: told by what is in it, held against limits before a library sees it.

mod biff;
mod cell;
mod kind;
mod package;
mod text;
mod xls;
mod xlsx;

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::error::RosterError;
use crate::limits::MAX_FILE_BYTES;
use crate::table::Table;
use kind::Kind;

/// An opened roster.
pub struct Workbook {
    sheets: Vec<String>,
    content: Content,
}

enum Content {
    Xlsx(Box<xlsx::Xlsx>),
    Xls(Box<xls::Xls>),
    Text(String),
}

impl fmt::Debug for Workbook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Workbook({} sheets)", self.sheets.len())
    }
}

impl Workbook {
    /// Opens a file. Its name tells nothing but what a sheet of plain text is called.
    ///
    /// # Errors
    /// Any of [`RosterError`] but those of mapping and writing.
    pub fn open(path: &Path) -> Result<Self, RosterError> {
        let file = File::open(path).map_err(RosterError::Io)?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(RosterError::Io)?;
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::from_bytes(bytes, &name)
    }

    /// Opens the bytes of a file; `name` is what a sheet of plain text is called.
    ///
    /// # Errors
    /// As [`Workbook::open`].
    pub fn from_bytes(bytes: Vec<u8>, name: &str) -> Result<Self, RosterError> {
        if bytes.len() as u64 > MAX_FILE_BYTES {
            return Err(RosterError::too_large("bytes", MAX_FILE_BYTES));
        }
        match kind::kind(&bytes)? {
            Kind::Zip => {
                package::check(&bytes)?;
                let (book, sheets) = guarded(|| xlsx::open(bytes))?;
                Ok(Self { sheets, content: Content::Xlsx(Box::new(book)) })
            }
            Kind::CompoundFile => {
                let (book, sheets) = guarded(|| xls::open(bytes))?;
                Ok(Self { sheets, content: Content::Xls(Box::new(book)) })
            }
            Kind::Text => {
                Ok(Self { sheets: vec![name.to_owned()], content: Content::Text(text::decode(&bytes)?) })
            }
        }
    }

    /// The names of the sheets that are shown, in their order; of plain text the file's name.
    pub fn sheets(&self) -> &[String] {
        &self.sheets
    }

    /// The rows of a sheet.
    ///
    /// # Errors
    /// [`RosterError::NoSheet`], or when the sheet is damaged or too large.
    pub fn table(&mut self, sheet: &str) -> Result<Table, RosterError> {
        if !self.sheets.iter().any(|name| name == sheet) {
            return Err(RosterError::NoSheet);
        }
        match &mut self.content {
            Content::Xlsx(book) => guarded(|| xlsx::table(book, sheet)),
            Content::Xls(book) => guarded(|| xls::table(book, sheet)),
            Content::Text(text) => text::table(text),
        }
    }
}

/// Runs the reading of a workbook, where a library may stumble over what no spreadsheet writes.
fn guarded<T>(read: impl FnOnce() -> Result<T, RosterError>) -> Result<T, RosterError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(RosterError::Damaged))
}
