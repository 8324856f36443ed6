//! The rows with problems as a workbook to send back: as they came, and why in words.

use std::collections::BTreeMap;
use std::io::{Seek, Write};
use std::path::Path;

use rust_xlsxwriter::Workbook;

use crate::error::RosterError;
use crate::judge::{Judged, RowProblem};
use crate::mapping::Mapping;
use crate::sheet;
use crate::table::Table;
use crate::words::{Language, Words};

/// Columns are this wide, in characters; the reason is wider.
const COLUMN_WIDTH: f64 = 20.0;
const REASON_WIDTH: f64 = 70.0;

/// Writes the rows with problems, all columns as text and a last one with the reasons.
///
/// # Errors
/// When the workbook cannot be made or written.
pub fn write_bad_rows(
    table: &Table,
    mapping: &Mapping,
    judged: &Judged,
    language: Language,
    out: impl Write + Seek + Send,
) -> Result<(), RosterError> {
    sheet::save_to(&mut workbook(table, mapping, judged, language)?, out)
}

/// As [`write_bad_rows`], to a file that is whole or not there.
///
/// # Errors
/// When the workbook cannot be made or the file not be written.
pub fn write_bad_rows_to(
    table: &Table,
    mapping: &Mapping,
    judged: &Judged,
    language: Language,
    path: &Path,
) -> Result<(), RosterError> {
    sheet::save(&mut workbook(table, mapping, judged, language)?, path)
}

fn workbook(
    table: &Table,
    mapping: &Mapping,
    judged: &Judged,
    language: Language,
) -> Result<Workbook, RosterError> {
    let words = Words::of(language);
    let mut by_row: BTreeMap<u32, Vec<RowProblem>> = BTreeMap::new();
    for problem in &judged.problems {
        by_row.entry(problem.row).or_default().push(*problem);
    }
    let mut workbook = Workbook::new();
    let (text, header) = (sheet::text(), sheet::header());
    let page = workbook.add_worksheet();
    page.set_name(&words.file.bad_rows).map_err(sheet::refused)?;
    // Bounded when the table was read.
    let width = u16::try_from(table.width()).map_err(|_| RosterError::BadMapping)?;
    for column in 0..width {
        page.set_column_width(column, COLUMN_WIDTH).map_err(sheet::refused)?;
        page.set_column_format(column, &text).map_err(sheet::refused)?;
    }
    page.set_column_width(width, REASON_WIDTH).map_err(sheet::refused)?;
    page.set_freeze_panes(1, 0).map_err(sheet::refused)?;
    if let Some(names) = table.rows.get(mapping.header_row) {
        for (column, name) in (0..).zip(&names.cells) {
            page.write_string_with_format(0, column, sheet::guard(name), &header).map_err(sheet::refused)?;
        }
    }
    page.write_string_with_format(0, width, &words.file.reason, &header).map_err(sheet::refused)?;
    let mut next = 1;
    for row in table.rows.iter().skip(mapping.header_row + 1) {
        let Some(problems) = by_row.get(&row.number) else { continue };
        for (column, cell) in (0..).zip(&row.cells).filter(|(_, cell)| !cell.is_empty()) {
            page.write_string_with_format(next, column, sheet::guard(cell), &text).map_err(sheet::refused)?;
        }
        page.write_string(next, width, words.reasons(row.number, problems)).map_err(sheet::refused)?;
        next += 1;
    }
    Ok(workbook)
}
