//! 未采集名单: the students without a photo, and why.

use super::Lists;
use super::cell::Cell;
use super::sheet::{Column, Sheet};
use crate::record::{Outcome, Student};

pub(crate) fn sheet(lists: &Lists, students: &[Student]) -> Sheet {
    let fields = lists.fields(students);
    let mut columns = vec![Column::new(&lists.words.column.number)];
    columns.extend(lists.headers(&fields));
    columns.push(Column::new(&lists.words.column.reason));
    let mut rows = Vec::new();
    for student in students {
        let Outcome::Missing(missing) = student.outcome else { continue };
        let mut row = vec![Cell::Ordinal(rows.len() as u64 + 1)];
        row.extend(fields.iter().map(|&field| lists.cell(&student.details, field)));
        row.push(Cell::text(lists.words.missing(missing)));
        rows.push(row);
    }
    Sheet { name: lists.words.sheet.missing.clone(), columns, rows, totals: None }
}
