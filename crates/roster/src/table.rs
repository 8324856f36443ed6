//! A sheet as rows of trimmed text, bounded while it is built.

use std::collections::BTreeMap;
use std::fmt;

use crate::error::RosterError;
use crate::limits::{MAX_CELL_CHARS, MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT_BYTES};

/// What happened to a cell on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flag {
    /// It was a number of more than 15 digits: the spreadsheet has put zeros in place of the others.
    Rounded,
    /// It was longer than [`MAX_CELL_CHARS`] and was cut.
    Cut,
    /// It was an error of the spreadsheet, such as `#N/A`; its text is empty.
    SheetError,
}

/// A row with at least one value.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its number as the spreadsheet shows it, from 1.
    pub number: u32,
    /// Its cells from the first column to the last that has a value.
    pub cells: Vec<String>,
    /// What happened to cells, by their column from 0.
    pub flags: Vec<(usize, Flag)>,
}

impl Row {
    /// The text in a column; empty where there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// What happened to the cell in a column.
    pub fn flag(&self, column: usize) -> Option<Flag> {
        self.flags.iter().find(|(at, _)| *at == column).map(|(_, flag)| *flag)
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row({}, {} cells)", self.number, self.cells.len())
    }
}

/// A sheet: its rows from top to bottom without blank ones.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// The rows.
    pub rows: Vec<Row>,
}

impl Table {
    /// How many columns the widest row has.
    pub fn width(&self) -> usize {
        self.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0)
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({} rows)", self.rows.len())
    }
}

/// Takes cells in any order and refuses too many.
#[derive(Default)]
pub(crate) struct Builder {
    rows: BTreeMap<u32, Row>,
    cells: usize,
    text_bytes: usize,
}

impl Builder {
    /// Puts a text into a cell; row and column from 0. Blank cells are none.
    pub(crate) fn put(&mut self, row: u32, column: usize, text: &str) -> Result<(), RosterError> {
        // A part of what is too long is enough: longer than any cell that is kept.
        let mut chars = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
        let kept: String = chars.by_ref().take(MAX_CELL_CHARS).collect();
        let flag = chars.next().map(|_| Flag::Cut);
        let kept = kept.trim();
        if kept.is_empty() { Ok(()) } else { self.set(row, column, kept, flag) }
    }

    /// Puts a text with a flag into a cell.
    pub(crate) fn put_flagged(
        &mut self,
        row: u32,
        column: usize,
        text: &str,
        flag: Flag,
    ) -> Result<(), RosterError> {
        self.set(row, column, text, Some(flag))
    }

    fn set(&mut self, row: u32, column: usize, text: &str, flag: Option<Flag>) -> Result<(), RosterError> {
        if column >= MAX_COLUMNS {
            return Err(RosterError::too_large("columns", MAX_COLUMNS));
        }
        self.cells += 1;
        if self.cells > MAX_CELLS {
            return Err(RosterError::too_large("cells", MAX_CELLS));
        }
        self.text_bytes += text.len();
        if self.text_bytes > MAX_TEXT_BYTES {
            return Err(RosterError::too_large("text_bytes", MAX_TEXT_BYTES));
        }
        if self.rows.len() >= MAX_ROWS && !self.rows.contains_key(&row) {
            return Err(RosterError::too_large("rows", MAX_ROWS));
        }
        let number = row.saturating_add(1);
        let there = self.rows.entry(row).or_insert_with(|| Row { number, ..Row::default() });
        if there.cells.len() <= column {
            there.cells.resize(column + 1, String::new());
        }
        if let Some(cell) = there.cells.get_mut(column) {
            text.clone_into(cell);
        }
        there.flags.retain(|(at, _)| *at != column);
        there.flags.extend(flag.map(|flag| (column, flag)));
        Ok(())
    }

    pub(crate) fn finish(self) -> Table {
        Table { rows: self.rows.into_values().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_trimmed_cut_and_counted() {
        let mut builder = Builder::default();
        builder.put(4, 2, " \u{3000}王\n小明\t ").unwrap();
        builder.put(4, 3, "   ").unwrap();
        builder.put(9, 0, &"很".repeat(MAX_CELL_CHARS + 1)).unwrap();
        let table = builder.finish();
        assert_eq!(table.rows.len(), 2);
        assert_eq!(
            (table.rows[0].number, table.rows[0].cell(2), table.rows[0].cells.len()),
            (5, "王 小明", 3)
        );
        assert_eq!(table.rows[1].flag(0), Some(Flag::Cut));
        assert_eq!(table.rows[1].cell(0).chars().count(), MAX_CELL_CHARS);
        assert_eq!(format!("{table:?} {:?}", table.rows[0]), "Table(2 rows) Row(5, 3 cells)");
    }

    #[test]
    fn too_much_is_refused() {
        let mut builder = Builder::default();
        let code = |result: Result<(), RosterError>| result.err().map(|error| error.to_string());
        assert_eq!(code(builder.put(0, MAX_COLUMNS, "x")).as_deref(), Some("more than 100 columns"));
        assert_eq!(code(builder.put(0, MAX_COLUMNS, " ")), None);
        for row in 0..MAX_ROWS {
            builder.put(u32::try_from(row).unwrap(), 0, "x").unwrap();
        }
        assert_eq!(code(builder.put(0, 1, "x")), None);
        assert_eq!(code(builder.put(u32::MAX, 1, "x")).as_deref(), Some("more than 60000 rows"));
    }
}
