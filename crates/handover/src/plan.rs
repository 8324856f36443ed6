//! Every file of a hand-over, with size and sum, before one is written.

use sha2::{Digest, Sha256};

use crate::error::HandoverError;
use crate::index::{self, Encoding};
use crate::lists::{IdNumbers, Lists};
use crate::names::{Names, PhotoPath};
use crate::record::{Parcel, Student};
use crate::target::Warning;

/// The list of sums, in the format that `sha256sum -c` reads. It is written last: where it is, the rest is whole.
pub(crate) const SUMS: &str = "SHA256SUMS";

/// What a hand-over is made of beside the photos.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// What the lists have in common.
    pub lists: Lists<'a>,
    /// How the index is written; `None` for no index.
    pub index: Option<Encoding>,
    /// The name of the volume in the index: the school's, or the session's.
    pub volume: &'a str,
    /// Width and height of each photo, pixels.
    pub picture_px: (u32, u32),
}

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// The collected students.
    Collected,
    /// 未采集名单.
    Missing,
    /// 采集汇总表.
    Summary,
    /// 邮寄清单.
    Mailing,
    /// The index.
    Index,
}

/// A file beside the photos.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it is.
    pub kind: DocumentKind,
    /// Its path inside the hand-over.
    pub path: String,
    /// Rows of each of its sheets, without headers and totals.
    pub rows: Vec<usize>,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// A photo of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPhoto {
    /// Whose it is: their place among the students.
    pub student: usize,
    /// Its path inside the hand-over.
    pub path: PhotoPath,
    /// Its bytes.
    pub size: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// Every file of a hand-over.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(crate) photos: Vec<PlannedPhoto>,
    pub(crate) documents: Vec<Document>,
    pub(crate) sums: Vec<u8>,
    pub(crate) picture_px: (u32, u32),
    /// Students of the session.
    pub(crate) students: usize,
    numbers_in_names: bool,
    masked: bool,
}

impl Plan {
    /// The photos, in the order of the students.
    pub fn photos(&self) -> &[PlannedPhoto] {
        &self.photos
    }

    /// The lists and the index.
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// Bytes of everything.
    pub fn bytes(&self) -> u64 {
        self.files().map(|(_, size)| size).sum()
    }

    /// What staff should know about what this plan gives away, whatever it is written to.
    pub fn warnings(&self) -> Vec<Warning> {
        let given_away = self.masked && self.numbers_in_names;
        given_away.then_some(Warning::NumbersInNames).into_iter().collect()
    }

    #[cfg(test)]
    pub(crate) fn for_tests(photos: Vec<PlannedPhoto>) -> Self {
        Self {
            students: photos.len(),
            photos,
            documents: Vec::new(),
            sums: Vec::new(),
            picture_px: (480, 640),
            numbers_in_names: false,
            masked: false,
        }
    }

    /// Path and size of every file.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, u64)> {
        let photos = self.photos.iter().map(|photo| (photo.path.as_str(), photo.size));
        let documents =
            self.documents.iter().map(|document| (document.path.as_str(), document.bytes.len() as u64));
        photos.chain(documents).chain([(SUMS, self.sums.len() as u64)])
    }
}

/// Makes the lists, the index and the plan of every file.
///
/// # Errors
/// [`HandoverError::TooMany`], [`HandoverError::OtherNames`] where the names are of other students, or when a list
/// cannot be made.
pub fn assemble(
    students: &[Student],
    parcels: &[Parcel],
    names: &Names,
    options: &Options,
) -> Result<Plan, HandoverError> {
    let lists = &options.lists;
    let mut documents =
        vec![lists.collected(students, names)?, lists.missing(students)?, lists.summary(students)?];
    if !parcels.is_empty() {
        documents.push(lists.mailing(parcels)?);
    }
    if let Some(encoding) = options.index {
        documents.push(index::document(students, names, options.volume, encoding));
    }
    let mut photos = Vec::new();
    for (student, (known, path)) in students.iter().zip(&names.paths).enumerate() {
        match (known.collected(), path) {
            (Some(photo), Some(path)) => photos.push(PlannedPhoto {
                student,
                path: path.clone(),
                size: photo.size,
                sha256: photo.sha256,
            }),
            (None, None) => {}
            _ => return Err(HandoverError::OtherNames),
        }
    }
    let mut sums: Vec<(&str, String)> =
        photos.iter().map(|photo| (photo.path.as_str(), hex::encode(photo.sha256))).collect();
    sums.extend(documents.iter().map(|document| {
        let sum: [u8; 32] = Sha256::digest(&document.bytes).into();
        (document.path.as_str(), hex::encode(sum))
    }));
    sums.sort_unstable();
    let sums: String = sums.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect();
    Ok(Plan {
        photos,
        sums: sums.into_bytes(),
        picture_px: options.picture_px,
        students: students.len(),
        numbers_in_names: names.id_numbers,
        masked: lists.id_numbers == IdNumbers::Masked,
        documents,
    })
}

#[cfg(test)]
mod tests {
    use caixiang_domain::{Details, Field};
    use jiff::civil::date;

    use super::*;
    use crate::lists::Columns;
    use crate::names::plan_names;
    use crate::record::{Collected, Outcome};
    use crate::template::Template;
    use crate::words::{Language, Words};

    #[test]
    fn masking_the_lists_and_not_the_names_is_said() {
        let made = date(2026, 6, 1).at(9, 30, 0, 0);
        let order = "000015-20240220115644602".parse().unwrap();
        let photo = Collected { order, taken: made, size: 1, sha256: [0; 32], notes: String::new() };
        let details = Details::new().with(Field::IdNumber, "11010519491231002X").with(Field::Name, "王小明");
        let students = [Student { details, outcome: Outcome::Collected(photo) }];
        let words = Words::load(Language::Chinese).unwrap();
        let warned = |template: &str, id_numbers| {
            let template = Template::parse(template).unwrap();
            let names = plan_names(&template, words.photo_folder(), &students).accept().unwrap();
            let lists = Lists { words: &words, title: "", made, id_numbers, columns: &Columns::Known };
            let options = Options { lists, index: None, volume: "", picture_px: (480, 640) };
            assemble(&students, &[], &names, &options).unwrap().warnings()
        };
        assert_eq!(warned("{id_number}.jpg", IdNumbers::Masked), [Warning::NumbersInNames]);
        assert_eq!(warned("{id_number}.jpg", IdNumbers::Whole), []);
        assert_eq!(warned("{name}.jpg", IdNumbers::Masked), []);
    }

    #[test]
    fn names_of_other_students_are_refused() {
        let words = Words::load(Language::English).unwrap();
        let names = Names { paths: vec![None, None], id_numbers: false };
        let made = date(2026, 6, 1).at(9, 30, 0, 0);
        let columns = &Columns::Known;
        let lists = Lists { words: &words, title: "", made, id_numbers: IdNumbers::Whole, columns };
        let options = Options { lists, index: None, volume: "", picture_px: (480, 640) };
        assert_eq!(assemble(&[], &[], &names, &options).unwrap_err().code(), "handover.other_names");
    }
}
