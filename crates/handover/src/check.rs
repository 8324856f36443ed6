//! What was written, opened again and reconciled with the plan to the last photo.

mod content;
mod read;

use std::collections::HashMap;

use crate::error::HandoverError;
use crate::plan::{Document, Plan, PlannedPhoto, SUMS};
use crate::target::Target;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Photos that are there, with the bytes of the plan, and are JPEGs of the right size.
    pub photos: usize,
    /// Lists and index that are there, with the bytes of the plan, and have the rows of the plan.
    pub documents: usize,
    /// Everything that is not as planned.
    pub problems: Vec<CheckProblem>,
}

/// Something that is not as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckProblem {
    /// A file of the plan is not there.
    Missing(String),
    /// A file is there that the plan does not have.
    Extra(String),
    /// A file has other bytes than planned, or cannot be read to its end.
    Differs(String),
    /// A photo is no JPEG.
    NotJpeg(String),
    /// A photo has another size than planned.
    PictureSize {
        /// Which.
        path: String,
        /// Its width, pixels.
        width_px: u32,
        /// Its height, pixels.
        height_px: u32,
    },
    /// A list cannot be opened.
    ListUnreadable(String),
    /// A list has other rows than planned.
    ListRows {
        /// Which.
        path: String,
        /// Rows of each sheet, as found.
        found: Vec<usize>,
    },
    /// The students in the list of collected and in that of missing ones are not those of the session.
    Counts {
        /// Rows of the list of collected students.
        collected: usize,
        /// Rows of the list of missing ones.
        missing: usize,
    },
}

impl CheckProblem {
    /// The stable word for the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "missing",
            Self::Extra(_) => "extra",
            Self::Differs(_) => "differs",
            Self::NotJpeg(_) => "not_jpeg",
            Self::PictureSize { .. } => "picture_size",
            Self::ListUnreadable(_) => "list_unreadable",
            Self::ListRows { .. } => "list_rows",
            Self::Counts { .. } => "counts",
        }
    }
}

impl Checked {
    /// Whether everything is as planned.
    pub fn is_whole(&self) -> bool {
        self.problems.is_empty()
    }
}

/// What a path should hold.
enum Expected<'a> {
    Photo(&'a PlannedPhoto),
    Document(&'a Document),
    Sums(&'a [u8]),
}

/// Opens again what was written and holds it against the plan.
///
/// # Errors
/// [`HandoverError::PlaceLost`] where there is nothing, [`HandoverError::WrongPassphrase`], [`HandoverError::Damaged`]
/// where an archive cannot be opened, or when the file system refuses.
pub fn check(plan: &Plan, target: &Target) -> Result<Checked, HandoverError> {
    let photos = plan.photos.iter().map(|photo| (photo.path.as_str(), Expected::Photo(photo)));
    let documents =
        plan.documents.iter().map(|document| (document.path.as_str(), Expected::Document(document)));
    let mut expected: HashMap<&str, Expected> = photos.chain(documents).collect();
    expected.insert(SUMS, Expected::Sums(&plan.sums));
    let mut checked = Checked { photos: 0, documents: 0, problems: Vec::new() };
    let mut counted = content::Counted::default();
    read::each_file(target, |path, file| {
        let Some(expected) = expected.remove(path) else {
            checked.problems.push(CheckProblem::Extra(path.to_owned()));
            return;
        };
        let found = match expected {
            Expected::Photo(photo) => {
                content::photo(photo, plan.picture_px, file).map(|()| checked.photos += 1)
            }
            Expected::Document(document) => {
                content::document(document, file, &mut counted).map(|()| checked.documents += 1)
            }
            Expected::Sums(sums) => content::same(path, sums, file).map(|_| ()),
        };
        checked.problems.extend(found.err());
    })?;
    let mut missing: Vec<_> = expected.into_keys().collect();
    missing.sort_unstable();
    checked.problems.extend(missing.into_iter().map(|path| CheckProblem::Missing(path.to_owned())));
    if let (Some(collected), Some(missing)) = (counted.collected, counted.missing)
        && (collected != plan.photos.len() || collected + missing != plan.students)
    {
        checked.problems.push(CheckProblem::Counts { collected, missing });
    }
    Ok(checked)
}
