//! The collected students: one row a student.

use super::Lists;
use super::cell::Cell;
use super::sheet::{Column, Sheet};
use crate::names::Names;
use crate::record::Student;

pub(crate) fn sheet(lists: &Lists, students: &[Student], names: &Names) -> Sheet {
    let fields = lists.fields(students);
    let words = &lists.words.column;
    let mut columns = vec![Column::new(&words.number)];
    columns.extend(lists.headers(&fields));
    columns.extend([&words.order_number, &words.taken, &words.notes].map(|word| Column::new(word)));
    columns.extend([&words.photo, &words.sha256].map(|word| Column::unprinted(word)));
    let mut rows = Vec::new();
    for (student, path) in students.iter().zip(&names.paths) {
        let Some((photo, path)) = student.collected().zip(path.as_ref()) else { continue };
        let mut row = vec![Cell::Ordinal(rows.len() as u64 + 1)];
        row.extend(fields.iter().map(|&field| lists.cell(&student.details, field)));
        row.extend([
            Cell::text(&photo.order.to_string()),
            Cell::text(&photo.taken.strftime("%Y-%m-%d %H:%M:%S").to_string()),
            Cell::text(&photo.notes),
            Cell::text(path.as_str()),
            Cell::text(&hex::encode(photo.sha256)),
        ]);
        rows.push(row);
    }
    Sheet { name: lists.words.sheet.collected.clone(), columns, rows, totals: None }
}
