//! What the written workbooks share: text that stays text, and files that are whole or not there.

use std::io::{self, Seek, Write};
use std::path::Path;

use atomic_write_file::AtomicWriteFile;
use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};

use crate::error::RosterError;

/// Cells that hold text whatever is typed into them: long numbers keep their digits.
pub(crate) fn text() -> Format {
    Format::new().set_num_format("@")
}

/// The row of column names.
pub(crate) fn header() -> Format {
    text().set_bold().set_align(FormatAlign::Center).set_background_color(Color::RGB(0xDD_EB_F7))
}

/// Text that no spreadsheet takes for a formula, not even after it was saved as plain text and opened again.
pub(crate) fn guard(text: &str) -> String {
    let risky = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    if risky { format!("'{text}") } else { text.to_owned() }
}

/// Writes a workbook to wherever.
pub(crate) fn save_to(workbook: &mut Workbook, out: impl Write + Seek + Send) -> Result<(), RosterError> {
    workbook.save_to_writer(out).map_err(failed)
}

/// Writes a workbook to a file, which is the old one or the whole new one whatever happens.
pub(crate) fn save(workbook: &mut Workbook, path: &Path) -> Result<(), RosterError> {
    let bytes = workbook.save_to_buffer().map_err(failed)?;
    let mut file = AtomicWriteFile::open(path).map_err(RosterError::Io)?;
    file.write_all(&bytes).map_err(RosterError::Io)?;
    file.commit().map_err(RosterError::Io)
}

/// A full disk is the file system's fault and not the workbook's.
fn failed(error: XlsxError) -> RosterError {
    match error {
        XlsxError::IoError(error) => RosterError::Io(error),
        XlsxError::ZipError(error) => RosterError::Io(io::Error::other(error)),
        error => RosterError::Write(error),
    }
}

/// A failure to put something into a workbook.
pub(crate) fn refused(error: XlsxError) -> RosterError {
    RosterError::Write(error)
}
