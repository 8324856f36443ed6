//! An empty roster for schools that ask which columns are wanted.

use std::io::{Seek, Write};
use std::path::Path;

use caixiang_domain::Field;
use rust_xlsxwriter::Workbook;

use crate::error::RosterError;
use crate::sheet;
use crate::words::{Language, Words};

/// The columns that schools use, in their usual order.
const COLUMNS: [Field; 16] = [
    Field::StudentNumber,
    Field::Name,
    Field::Sex,
    Field::Nation,
    Field::Birth,
    Field::IdNumber,
    Field::Phone,
    Field::ExamNumber,
    Field::Level,
    Field::Duration,
    Field::SchoolCode,
    Field::SchoolName,
    Field::College,
    Field::Major,
    Field::ClassName,
    Field::Remark,
];

const COLUMN_WIDTH: f64 = 18.0;
const NOTE_WIDTH: f64 = 90.0;

/// Writes an empty roster: the names of the columns, all set to text, and a second sheet that says how to fill it in.
///
/// # Errors
/// When the workbook cannot be made or written.
pub fn write_template(language: Language, out: impl Write + Seek + Send) -> Result<(), RosterError> {
    sheet::save_to(&mut workbook(language)?, out)
}

/// As [`write_template`], to a file that is whole or not there.
///
/// # Errors
/// When the workbook cannot be made or the file not be written.
pub fn write_template_to(language: Language, path: &Path) -> Result<(), RosterError> {
    sheet::save(&mut workbook(language)?, path)
}

fn workbook(language: Language) -> Result<Workbook, RosterError> {
    let words = Words::of(language);
    let mut workbook = Workbook::new();
    let (text, header) = (sheet::text(), sheet::header());
    let page = workbook.add_worksheet();
    page.set_name(&words.file.roster).map_err(sheet::refused)?;
    page.set_freeze_panes(1, 0).map_err(sheet::refused)?;
    for (column, field) in (0..).zip(COLUMNS) {
        page.set_column_width(column, COLUMN_WIDTH).map_err(sheet::refused)?;
        page.set_column_format(column, &text).map_err(sheet::refused)?;
        page.write_string_with_format(0, column, words.field(field), &header).map_err(sheet::refused)?;
    }
    let notes = workbook.add_worksheet();
    notes.set_name(&words.file.notes).map_err(sheet::refused)?;
    notes.set_column_width(0, NOTE_WIDTH).map_err(sheet::refused)?;
    for (row, note) in (0..).zip(&words.template.notes) {
        notes.write_string(row, 0, note).map_err(sheet::refused)?;
    }
    Ok(workbook)
}
