//! Photo sheets: from students to pages, and from pages to volumes.

mod page;
mod volumes;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::Arc;

pub use volumes::{Folder, Volumes};

use crate::document::{bounded, bounded_code};
use crate::drawing::{Drawing, cover};
use crate::error::PaperError;
use crate::layout::{Arrangement, Caption, Layout};
use crate::pdf::{self, About};
use crate::photo::Jpeg;
use crate::typeface::Typeface;
use crate::words::Language;

/// How many students are in a volume unless told otherwise: a file of some 7 MB.
pub const VOLUME_PEOPLE: NonZeroU32 = NonZeroU32::MIN.saturating_add(199);
/// The most students whose missing characters are told one by one.
const MAX_TOLD: usize = 1000;

/// A student with the photo to print.
#[derive(Clone)]
pub struct Person {
    /// Their name, as it is printed.
    pub name: String,
    /// Their student number.
    pub student_number: String,
    /// Their college, for the order and the strip beside the photos.
    pub college: String,
    /// Their class.
    pub class_name: String,
    /// What the sheet is scanned by: printable ASCII. Never an ID number.
    pub sheet_code: String,
    /// A JPEG file; it goes into the PDF as it is.
    pub photo: Arc<[u8]>,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({})", self.sheet_code)
    }
}

/// A student whose name or number has characters that the font lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Whose.
    pub sheet_code: String,
    /// Which characters; they are printed as [`crate::MISSING`].
    pub characters: BTreeSet<char>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Report {
    /// How many students.
    pub people: u64,
    /// On how many sheets of paper.
    pub sheets: u64,
    /// In how many files.
    pub volumes: u32,
    /// Who has to be looked at before the sheets go out; a thousand at most.
    pub missing: Vec<Missing>,
    /// The coarsest print, dots per inch: under 300 a photo is too small for its print.
    pub lowest_dpi: f64,
}

/// How a run of sheets is printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheets {
    /// How each sheet is laid out.
    pub arrangement: Arrangement,
    /// The language of the words on the back.
    pub language: Language,
    /// After how many students a new file begins; whole sheets only.
    pub volume_people: NonZeroU32,
}

impl Sheets {
    /// Sheets in Chinese, in volumes of [`VOLUME_PEOPLE`].
    pub fn new(arrangement: Arrangement) -> Self {
        Self { arrangement, language: Language::Zh, volume_people: VOLUME_PEOPLE }
    }

    /// The pages for the first sheet of these students, for the preview; the photos are numbered in their order.
    ///
    /// # Errors
    /// As [`Sheets::write`].
    pub fn preview(&self, face: &Typeface, people: &[Person]) -> Result<Vec<Drawing>, PaperError> {
        let layout = self.arrangement.layout()?;
        let people = &people[..people.len().min(layout.blocks.len())];
        let photos = people.iter().map(photo).collect::<Result<Vec<_>, _>>()?;
        self.sheet(face, &layout, people, &photos, 0)
    }

    /// Writes all sheets, in the order in which the students come; see [`crate::order::by_class`].
    ///
    /// Only one volume is in memory at a time. `progress` hears how many students are done after each volume.
    ///
    /// # Errors
    /// When the set does not fit, a student's text or photo cannot be printed, or reading or writing fails. Volumes
    /// that were closed before stay.
    pub fn write<E>(
        &self,
        face: &Typeface,
        people: impl IntoIterator<Item = Result<Person, E>>,
        volumes: &mut impl Volumes,
        mut progress: impl FnMut(u64),
    ) -> Result<Report, PaperError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let layout = self.arrangement.layout()?;
        let a_sheet = layout.blocks.len().max(1);
        let a_volume =
            usize::try_from(self.volume_people.get()).unwrap_or(usize::MAX).div_ceil(a_sheet) * a_sheet;
        let mut report = Report { lowest_dpi: f64::INFINITY, ..Report::default() };
        let mut people = people.into_iter();
        loop {
            let volume = people
                .by_ref()
                .take(a_volume)
                .collect::<Result<Vec<Person>, E>>()
                .map_err(|error| PaperError::Source(error.into()))?;
            if volume.is_empty() {
                return Ok(report);
            }
            self.volume(face, &layout, &volume, volumes, &mut report)?;
            progress(report.people);
        }
    }

    /// Writes one file.
    fn volume(
        &self,
        face: &Typeface,
        layout: &Layout,
        people: &[Person],
        volumes: &mut impl Volumes,
        report: &mut Report,
    ) -> Result<(), PaperError> {
        let photos = people.iter().map(photo).collect::<Result<Vec<_>, _>>()?;
        let a_sheet = layout.blocks.len().max(1);
        let mut pages = Vec::new();
        for (index, (people, photos)) in people.chunks(a_sheet).zip(photos.chunks(a_sheet)).enumerate() {
            pages.extend(self.sheet(face, layout, people, photos, index * a_sheet)?);
            report.sheets += 1;
        }
        for (person, photo) in people.iter().zip(&photos) {
            tell_missing(face, person, &mut report.missing);
            for slot in layout.blocks.iter().take(1).flat_map(|block| &block.slots) {
                let (scale, _, _) =
                    cover(slot.size.width_mm(), slot.size.height_mm(), photo.width_px, photo.height_px);
                report.lowest_dpi = report.lowest_dpi.min(25.4 / scale);
            }
        }
        report.volumes += 1;
        let words = self.language.words();
        let about = About {
            title: &words.sheets.title,
            language: &words.tag,
            duplex: self.arrangement.marks.caption == Caption::Back,
        };
        let mut file = volumes.open(report.volumes)?;
        pdf::write(&pages, &photos, face, about, &mut file)?;
        volumes.close(report.volumes, file)?;
        report.people += people.len() as u64;
        Ok(())
    }

    /// The front of a sheet, and the back where names stand there. Photos are numbered from `first` on.
    fn sheet(
        &self,
        face: &Typeface,
        layout: &Layout,
        people: &[Person],
        photos: &[Jpeg],
        first: usize,
    ) -> Result<Vec<Drawing>, PaperError> {
        for person in people {
            bounded("name", &person.name)?;
            bounded("student_number", &person.student_number)?;
            bounded("college", &person.college)?;
            bounded("class_name", &person.class_name)?;
            bounded_code(&person.sheet_code)?;
        }
        let words = self.language.words();
        let mut pages = vec![page::front(face, words, layout, people, photos, first)?];
        if self.arrangement.marks.caption == Caption::Back {
            pages.push(page::back(face, words, layout, people));
        }
        Ok(pages)
    }
}

fn photo(person: &Person) -> Result<Jpeg, PaperError> {
    let refusal = || PaperError::Photo { sheet_code: person.sheet_code.clone() };
    Jpeg::read(Arc::clone(&person.photo)).ok_or_else(refusal)
}

fn tell_missing(face: &Typeface, person: &Person, told: &mut Vec<Missing>) {
    let mut page = Drawing::default();
    for text in [&person.name, &person.student_number, &person.college, &person.class_name] {
        page.text(face, (0.0, 0.0), crate::drawing::Style::new(1.0), text);
    }
    if !page.missing.is_empty() && told.len() < MAX_TOLD {
        told.push(Missing { sheet_code: person.sheet_code.clone(), characters: page.missing });
    }
}
