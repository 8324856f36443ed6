//! Judges every row of a table: what it says of a student, and what is wrong with it.

mod problem;
mod value;

use std::collections::{BTreeMap, HashMap};

use caixiang_domain::{Details, Field, MAX_FIELD_CHARS};
use caixiang_identity::{DocumentKind, DocumentNumber};

use crate::error::RosterError;
use crate::mapping::{Mapping, Needed};
use crate::table::{Flag, Row, Table};

pub use problem::{PROBLEM_CODES, Problem, RosterRow, RowProblem, Severity};

/// What became of the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Rows that speak of a student: taken and refused.
    pub rows: usize,
    /// Rows that are taken.
    pub taken: usize,
    /// Rows that are not taken.
    pub refused: usize,
    /// Rows that are taken with a warning.
    pub warned: usize,
    /// Rows that repeat the header or have nothing in the columns that are used.
    pub skipped: usize,
}

/// What a table says, row by row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Judged {
    /// The rows that are taken, from top to bottom.
    pub rows: Vec<RosterRow>,
    /// What is wrong, from top to bottom.
    pub problems: Vec<RowProblem>,
    /// How many of each.
    pub counts: Counts,
}

/// Judges the rows below the header.
///
/// # Errors
/// [`RosterError::BadMapping`] where the mapping does not fit the table.
pub fn judge(table: &Table, mapping: &Mapping) -> Result<Judged, RosterError> {
    mapping.check(table)?;
    let columns: Vec<(usize, Field)> =
        mapping.columns.iter().enumerate().filter_map(|(at, field)| field.map(|field| (at, field))).collect();
    let (above, below) = table.rows.split_at(mapping.header_row + 1);
    let mut counts = Counts::default();
    let mut rows = Vec::new();
    let mut problems = Vec::new();
    for row in below {
        let speaks = columns.iter().any(|(at, _)| !row.cell(*at).is_empty() || row.flag(*at).is_some());
        if !speaks || above.last().is_some_and(|header| repeats(header, row, &columns)) {
            counts.skipped += 1;
            continue;
        }
        rows.push(read_row(row, &columns, &mut problems));
    }
    find_duplicates(&rows, mapping, &mut problems);
    problems.sort_by_key(|problem| (problem.row, problem.column));
    counts.rows = rows.len();
    let mut worst: BTreeMap<u32, Severity> = BTreeMap::new();
    for problem in &problems {
        let severity = worst.entry(problem.row).or_insert(Severity::Warning);
        *severity = problem.severity().max(*severity);
    }
    rows.retain(|row| worst.get(&row.row) != Some(&Severity::Error));
    counts.taken = rows.len();
    counts.refused = counts.rows - counts.taken;
    counts.warned = worst.values().filter(|severity| **severity == Severity::Warning).count();
    Ok(Judged { rows, problems, counts })
}

/// Whether a row is the header once more, as at the top of each printed page.
fn repeats(header: &Row, row: &Row, columns: &[(usize, Field)]) -> bool {
    let same = |(at, _): &(usize, Field)| row.cell(*at) == header.cell(*at);
    columns.len() > 1 && columns.iter().all(same)
}

/// What a row says of a student, and what is wrong with its values taken by themselves.
fn read_row(row: &Row, columns: &[(usize, Field)], problems: &mut Vec<RowProblem>) -> RosterRow {
    let mut details = Details::new();
    let mut document = None;
    let column_of = |wanted: Field| columns.iter().find(|(_, field)| *field == wanted).map(|(at, _)| *at);
    let mut note = |field: Option<Field>, problem: Problem| {
        problems.push(RowProblem { row: row.number, column: field.and_then(column_of), field, problem });
    };
    // An unreadable cell has been told; that its value is missing need not be.
    let mut told = false;
    for &(at, field) in columns {
        let value = value::value(field, row.cell(at));
        let problem = match row.flag(at) {
            Some(Flag::SheetError) => Some(Problem::SheetError),
            Some(Flag::Rounded) if value::is_number(field) => Some(Problem::NumberRounded),
            Some(Flag::Cut) => Some(Problem::TooLong { max: MAX_FIELD_CHARS }),
            _ => wrong(field, &value, &mut document),
        };
        if let Some(problem) = problem {
            note(Some(field), problem);
            told = true;
        }
        // Digits that are lost are nobody's number: two rows that share what is left of it are no duplicates.
        if problem != Some(Problem::NumberRounded) {
            details.set(field, document_or(field, &value, document.as_ref()));
        }
    }
    if let Some(number) = &document {
        for (field, problem) in contradictions(number, &details) {
            note(Some(field), problem);
        }
    }
    let has = |field: Field| details.get(field).is_some();
    if !has(Field::Name) && !told {
        note(Some(Field::Name), Problem::Missing(Needed::Name));
    }
    if !has(Field::StudentNumber) && !has(Field::IdNumber) && !told {
        note(None, Problem::Missing(Needed::Number));
    }
    RosterRow { row: row.number, details }
}

/// The plain form of a document number where it is one, the value itself otherwise.
fn document_or<'a>(field: Field, value: &'a str, document: Option<&'a DocumentNumber>) -> &'a str {
    match document {
        Some(number) if field == Field::IdNumber => number.reveal(),
        _ => value,
    }
}

/// What is wrong with a value by itself.
fn wrong(field: Field, value: &str, document: &mut Option<DocumentNumber>) -> Option<Problem> {
    if value.is_empty() {
        return None;
    }
    if value::is_number(field) && value::is_shortened(value) {
        return Some(Problem::NumberRounded);
    }
    if value.chars().nth(MAX_FIELD_CHARS).is_some() {
        return Some(Problem::TooLong { max: MAX_FIELD_CHARS });
    }
    match field {
        Field::IdNumber => match DocumentNumber::parse(value) {
            Ok(number) => {
                *document = Some(number);
                None
            }
            Err(problem) => Some(wrong_number(value, problem)),
        },
        Field::Phone | Field::RecipientPhone => (!value::is_phone(value)).then_some(Problem::BadPhone),
        Field::Birth => value::date(value).is_none().then_some(Problem::BadDate),
        _ => None,
    }
}

/// What is wrong with a document number, in the words of somebody who looks at a cell.
fn wrong_number(value: &str, problem: caixiang_identity::Problem) -> Problem {
    use caixiang_identity::Problem as Of;
    let chars = value.chars().count();
    let digits = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'X');
    match problem {
        _ if digits && chars != 18 => Problem::Length { chars },
        Of::TooShort { .. } | Of::TooLong => Problem::Length { chars },
        // Three zeros at the end and a check character that does not fit: a spreadsheet kept 15 digits of it.
        Of::Checksum if value.ends_with("000") => Problem::NumberRounded,
        Of::Checksum => Problem::Checksum,
        Of::Year | Of::Month | Of::Day => Problem::IdDate,
        _ => Problem::IdCharacter,
    }
}

/// Where the row contradicts the document number: the birth date, and the sex, which the 17th digit of a resident's
/// number tells (GB 11643: odd for men).
fn contradictions(number: &DocumentNumber, details: &Details) -> Vec<(Field, Problem)> {
    let mut found = Vec::new();
    let birth = details.get(Field::Birth).and_then(value::date);
    if number.birth().zip(birth).is_some_and(|(inside, beside)| inside != beside) {
        found.push((Field::Birth, Problem::BirthMismatch));
    }
    if matches!(number.kind(), DocumentKind::ResidentId | DocumentKind::ResidencePermit) {
        let odd = number.reveal().as_bytes().get(16).is_some_and(|digit| digit % 2 == 1);
        let other = if odd { "女" } else { "男" };
        if details.get(Field::Sex) == Some(other) {
            found.push((Field::Sex, Problem::SexMismatch));
        }
    }
    found
}

/// Rows with the same student number or document number. Of rows that are alike the first is taken; where they
/// differ, nobody here knows which is right, and none is.
fn find_duplicates(rows: &[RosterRow], mapping: &Mapping, problems: &mut Vec<RowProblem>) {
    for field in [Field::StudentNumber, Field::IdNumber] {
        let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate() {
            if let Some(number) = row.details.get(field) {
                groups.entry(number.to_uppercase()).or_default().push(at);
            }
        }
        let mut note = |at: usize, other: usize| {
            let (Some(row), Some(other)) = (rows.get(at), rows.get(other)) else { return };
            problems.push(RowProblem {
                row: row.row,
                column: mapping.column(field),
                field: Some(field),
                problem: Problem::Duplicate { other_row: other.row },
            });
        };
        for group in groups.into_values() {
            let [first, second, ..] = group[..] else { continue };
            let details = |at: usize| rows.get(at).map(|row| &row.details);
            if group.iter().any(|&at| details(at) != details(first)) {
                note(first, second);
            }
            group.iter().skip(1).for_each(|&at| note(at, first));
        }
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
