//! The lists of a hand-over: who was collected, who was not and why, how many by class and college, what is posted.

mod cell;
mod collected;
mod mailing;
mod missing;
mod sheet;
mod summary;

use caixiang_domain::{Details, Field};
use jiff::civil::DateTime;

pub(crate) use cell::guarded;

use crate::error::HandoverError;
use crate::names::Names;
use crate::plan::{Document, DocumentKind};
use crate::record::{Parcel, Student};
use crate::words::Words;
use cell::Cell;
use sheet::Column;

/// Most students of a hand-over, and most parcels: rows are made in memory.
pub const MAX_STUDENTS: usize = 100_000;

/// How numbers of identity documents are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IdNumbers {
    /// In full: schools file by them.
    #[default]
    Whole,
    /// The first three and last two characters, as on the screens.
    Masked,
}

/// Which fields of a student stand in the lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Columns {
    /// Those of the roster that at least one student has.
    #[default]
    Known,
    /// These, in this order.
    These(Vec<Field>),
}

/// What the lists of a session have in common.
#[derive(Debug, Clone, Copy)]
pub struct Lists<'a> {
    /// Their language.
    pub words: &'a Words,
    /// The session's name, at the head of each printed page.
    pub title: &'a str,
    /// When they were made, local time.
    pub made: DateTime,
    /// How numbers of identity documents are written.
    pub id_numbers: IdNumbers,
    /// Which fields stand in the lists of students.
    pub columns: &'a Columns,
}

/// The fields of a roster, in the order in which schools have them (DOMAIN §5).
const ROSTER: [Field; 17] = [
    Field::StudentNumber,
    Field::Name,
    Field::Sex,
    Field::Nation,
    Field::Birth,
    Field::IdNumber,
    Field::LastFour,
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

impl Lists<'_> {
    /// The collected students, with order, file, time and sum.
    ///
    /// # Errors
    /// [`HandoverError::TooMany`], [`HandoverError::OtherNames`], or when the list cannot be made.
    pub fn collected(&self, students: &[Student], names: &Names) -> Result<Document, HandoverError> {
        bounded(students.len())?;
        if names.paths.len() != students.len() {
            return Err(HandoverError::OtherNames);
        }
        let sheet = collected::sheet(self, students, names);
        self.document(DocumentKind::Collected, &self.words.file.collected, vec![sheet])
    }

    /// 未采集名单: the students without a photo, and why.
    ///
    /// # Errors
    /// [`HandoverError::TooMany`], or when the list cannot be made.
    pub fn missing(&self, students: &[Student]) -> Result<Document, HandoverError> {
        bounded(students.len())?;
        let sheet = missing::sheet(self, students);
        self.document(DocumentKind::Missing, &self.words.file.missing, vec![sheet])
    }

    /// 采集汇总表: how many by class and by college, as values.
    ///
    /// # Errors
    /// [`HandoverError::TooMany`], or when the list cannot be made.
    pub fn summary(&self, students: &[Student]) -> Result<Document, HandoverError> {
        bounded(students.len())?;
        let sheets = summary::sheets(self, students);
        self.document(DocumentKind::Summary, &self.words.file.summary, sheets)
    }

    /// 邮寄清单: one row an order.
    ///
    /// # Errors
    /// [`HandoverError::TooMany`], or when the list cannot be made.
    pub fn mailing(&self, parcels: &[Parcel]) -> Result<Document, HandoverError> {
        bounded(parcels.len())?;
        let sheet = mailing::sheet(self, parcels);
        self.document(DocumentKind::Mailing, &self.words.file.mailing, vec![sheet])
    }

    fn document(
        &self,
        kind: DocumentKind,
        name: &str,
        sheets: Vec<sheet::Sheet>,
    ) -> Result<Document, HandoverError> {
        let rows = sheets.iter().map(|sheet| sheet.rows.len()).collect();
        let bytes = sheet::write(&sheets, self.title, self.made, &self.words.other.page)
            .map_err(HandoverError::List)?;
        Ok(Document { kind, path: format!("{name}.xlsx"), rows, bytes })
    }

    /// The fields of students in these lists.
    fn fields(&self, students: &[Student]) -> Vec<Field> {
        match self.columns {
            Columns::These(fields) => fields.clone(),
            Columns::Known => ROSTER
                .into_iter()
                .filter(|&field| students.iter().any(|student| student.details.get(field).is_some()))
                .collect(),
        }
    }

    fn headers(&self, fields: &[Field]) -> Vec<Column> {
        fields.iter().map(|&field| Column::new(self.words.field(field))).collect()
    }

    /// A student's value of a field.
    fn cell(&self, details: &Details, field: Field) -> Cell {
        let value = details.get(field).unwrap_or_default();
        match (field, self.id_numbers) {
            (Field::IdNumber, IdNumbers::Masked) => Cell::text(&masked(value)),
            _ => Cell::text(value),
        }
    }
}

fn bounded(count: usize) -> Result<(), HandoverError> {
    if count > MAX_STUDENTS { Err(HandoverError::TooMany { max: MAX_STUDENTS }) } else { Ok(()) }
}

/// The first three and last two characters of a long number, and never more than a third of any.
fn masked(number: &str) -> String {
    let count = number.chars().count();
    let shown = (count / 3).min(5);
    let tail = shown / 2;
    let head = shown - tail;
    number.chars().enumerate().map(|(at, c)| if at < head || at >= count - tail { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked_as_on_the_screens() {
        assert_eq!(masked("11010519491231002X"), "110*************2X");
        assert_eq!(masked("E12345678"), "E1******8");
        assert_eq!(masked(""), "");
    }

    #[test]
    fn every_field_of_a_roster_is_listed_once() {
        let private = [Field::Recipient, Field::RecipientPhone, Field::Region, Field::Address];
        let expected: Vec<_> = Field::ALL.iter().copied().filter(|field| !private.contains(field)).collect();
        assert_eq!(ROSTER.to_vec(), expected);
    }
}
