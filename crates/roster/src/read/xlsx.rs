//! Workbooks of today (xlsx, xlsm), cell by cell: the size that a sheet declares reserves nothing.

use std::io::Cursor;

use calamine::{Reader, SheetType, SheetVisible, XlsxError};

use crate::error::RosterError;
use crate::read::cell;
use crate::table::{Builder, Table};

pub(super) type Xlsx = calamine::Xlsx<Cursor<Vec<u8>>>;

/// The last row of a sheet, from 0.
const LAST_ROW: u32 = 1_048_575;

pub(super) fn open(bytes: Vec<u8>) -> Result<(Xlsx, Vec<String>), RosterError> {
    let book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets = names(book.sheets_metadata());
    if sheets.is_empty() { Err(RosterError::Damaged) } else { Ok((book, sheets)) }
}

/// Worksheets that are shown; where none is, all.
pub(super) fn names(sheets: &[calamine::Sheet]) -> Vec<String> {
    let of = |shown: bool| -> Vec<String> {
        sheets
            .iter()
            .filter(|sheet| sheet.typ == SheetType::WorkSheet)
            .filter(|sheet| !shown || sheet.visible == SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .collect()
    };
    let shown = of(true);
    if shown.is_empty() { of(false) } else { shown }
}

fn damaged(error: XlsxError) -> RosterError {
    match error {
        XlsxError::Password => RosterError::Encrypted,
        _ => RosterError::Damaged,
    }
}

pub(super) fn table(book: &mut Xlsx, sheet: &str) -> Result<Table, RosterError> {
    let mut cells = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    let zeros: Vec<usize> = cells
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().map_or(0, |format| cell::zeros(&format.format_code)))
        .collect();
    let mut builder = Builder::default();
    loop {
        match cells.next_cell_with_style_id() {
            Ok(Some((cell, style))) => {
                let (row, column) = cell.get_position();
                if row > LAST_ROW {
                    return Err(RosterError::Damaged);
                }
                let zeros = zeros.get(style).copied().unwrap_or(0);
                cell::put(&mut builder, (row, column), cell.get_value(), zeros)?;
            }
            Ok(None) => return Ok(builder.finish()),
            // An error value that this library does not know, such as #SPILL!: that cell is empty, the next is read.
            Err(XlsxError::CellError(_)) => {}
            Err(error) => return Err(damaged(error)),
        }
    }
}
