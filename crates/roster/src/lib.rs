//! A school's roster in, judged rows out: reading the file, mapping its columns, judging its rows, comparing them
//! with what is known. No database and no screen.
//!
//! `Workbook::open → table → Mapping::guess → judge → plan`, each of which can be shown before the next.

mod bad_rows;
mod error;
mod header_names;
mod judge;
pub mod limits;
mod mapping;
mod plan;
mod read;
mod sheet;
mod table;
mod template;
mod words;

pub use bad_rows::{write_bad_rows, write_bad_rows_to};
pub use error::{CODES, RosterError, WrongKind};
pub use judge::{Counts, Judged, PROBLEM_CODES, Problem, RosterRow, RowProblem, Severity, judge};
pub use mapping::{Mapping, Needed};
pub use plan::{Change, Conflict, FieldChange, Known, Plan, plan};
pub use read::Workbook;
pub use table::{Flag, Row, Table};
pub use template::{write_template, write_template_to};
pub use words::Language;
