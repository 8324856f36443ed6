//! A roster that is looked at.

use serde::Serialize;
use ts_rs::TS;

use crate::view::Notice;

/// A roster that is looked at: what it says and what it would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterView {
    /// The file's name.
    pub file: String,
    /// Its sheets.
    pub sheets: Vec<String>,
    /// The one that shows.
    pub sheet: String,
    /// The row with the titles, from 0.
    pub header_row: u32,
    /// Its columns.
    pub columns: Vec<ColumnView>,
    /// Codes of what a column can be.
    pub fields: Vec<String>,
    /// The first rows, ID numbers masked.
    pub preview: Vec<Vec<String>>,
    /// What no column is: `name`, `number`.
    pub missing: Vec<String>,
    /// How many of everything.
    pub counts: RosterCounts,
    /// What is wrong with rows: the first 200.
    pub problems: Vec<RowProblemView>,
    /// What would change: the first 200.
    pub changes: Vec<ChangeView>,
    /// Rows that are of different people: the first 200.
    pub conflicts: Vec<ConflictView>,
}

/// How many of everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RosterCounts {
    /// Rows of students.
    pub rows: u32,
    /// Of these, not taken.
    pub refused: u32,
    /// Taken, but worth a look.
    pub warned: u32,
    /// New students.
    pub added: u32,
    /// Students of whom something changes.
    pub changed: u32,
    /// Students who stay as they are.
    pub same: u32,
    /// Students of the session who are not in the file; nothing happens to them.
    pub gone: u32,
    /// Rows that are of different people.
    pub conflicts: u32,
    /// Problems in all.
    pub problems: u32,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnView {
    /// Its title.
    pub title: String,
    /// Code of what it is; empty for nothing.
    pub field: String,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowProblemView {
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// Code of the field; empty where it is none's.
    pub field: String,
    /// What is wrong.
    pub problem: Notice,
    /// The row is not taken.
    pub refused: bool,
}

/// A student of whom something would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeView {
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// They have an order.
    pub has_order: bool,
    /// What changes.
    pub fields: Vec<FieldChangeView>,
}

/// A value that would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldChangeView {
    /// Code of the field.
    pub field: String,
    /// What is known.
    pub old: String,
    /// What the roster says.
    pub new: String,
}

/// A row whose numbers are of different people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConflictView {
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// How many people it is of.
    pub people: u32,
    /// Other rows with one of its numbers.
    pub rows: Vec<u32>,
}
