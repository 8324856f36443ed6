//! The label of a parcel: one per class, to be read from across a store room.

use crate::document::{Document, bounded, bounded_code};
use crate::drawing::{Align, Drawing, Style};
use crate::error::PaperError;
use crate::geometry::{MM_PER_PT, Rect};
use crate::paper::Paper;
use crate::typeface::Typeface;
use crate::words::{Language, fill};

/// The most labels in one document.
pub const MAX_LABELS: usize = 5_000;

/// What stands on a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParcelLabel {
    /// The school's name.
    pub school: String,
    /// The college within it.
    pub college: String,
    /// The class.
    pub class_name: String,
    /// How many students' photos are inside.
    pub students: u32,
    /// On how many sheets.
    pub sheets: u32,
    /// Which parcel it is, from 1.
    pub number: u32,
    /// Of how many.
    pub of: u32,
    /// What the parcel is scanned by: printable ASCII.
    pub code: String,
}

/// Labels, one a page.
///
/// # Errors
/// When a text or code is out of bounds, or there are too many.
pub fn parcel_labels(
    face: &Typeface,
    language: Language,
    paper: &Paper,
    labels: &[ParcelLabel],
) -> Result<Document, PaperError> {
    if labels.len() > MAX_LABELS {
        return Err(PaperError::TooMany { max: MAX_LABELS });
    }
    let pages = labels.iter().map(|label| page(face, language, paper, label)).collect::<Result<_, _>>()?;
    Ok(Document { title: language.words().parcel.title.clone(), pages })
}

fn page(
    face: &Typeface,
    language: Language,
    paper: &Paper,
    label: &ParcelLabel,
) -> Result<Drawing, PaperError> {
    let words = &language.words().parcel;
    for (what, text) in
        [("school", &label.school), ("college", &label.college), ("class_name", &label.class_name)]
    {
        bounded(what, text)?;
    }
    bounded_code(&label.code)?;
    let mut page = Drawing::new(paper.width_mm(), paper.height_mm());
    let room = paper.printable(false);
    let part = |from: f64, to: f64| {
        Rect::new(room.x_mm, room.y_mm + from * room.height_mm, room.width_mm, (to - from) * room.height_mm)
    };
    // A line as high as its part, if it is not too long for that.
    let line = |rect: &Rect, share: f64| Style::new(rect.height_mm * share / MM_PER_PT);

    let school = part(0.0, 0.10);
    page.lines_in(face, &school, &[(&label.school, line(&school, 0.46).grey(0.2))], 1.0);
    page.rule((room.x_mm, school.bottom_mm()), (room.right_mm(), school.bottom_mm()), 0.5, 0.0);
    let college = part(0.13, 0.25);
    page.lines_in(face, &college, &[(&label.college, line(&college, 0.50))], 1.0);
    let class = part(0.25, 0.45);
    page.lines_in(face, &class, &[(&label.class_name, line(&class, 0.52))], 1.0);

    let counts = part(0.47, 0.63);
    page.rule((room.x_mm, counts.y_mm), (room.right_mm(), counts.y_mm), 0.2, 0.6);
    let half = Rect { width_mm: counts.width_mm / 2.0, ..counts };
    let both = [
        (half, &words.students, label.students, &words.students_unit),
        (half.moved(half.width_mm, 0.0), &words.sheets, label.sheets, &words.sheets_unit),
    ];
    for (rect, name, count, unit) in both {
        let upper =
            Rect { y_mm: rect.y_mm + 0.12 * rect.height_mm, height_mm: 0.28 * rect.height_mm, ..rect };
        page.lines_in(face, &upper, &[(name, line(&upper, 0.6).grey(0.4))], 1.0);
        let lower =
            Rect { y_mm: rect.y_mm + 0.40 * rect.height_mm, height_mm: 0.55 * rect.height_mm, ..rect };
        page.lines_in(face, &lower, &[(format!("{count} {unit}").trim(), line(&lower, 0.72))], 1.0);
    }
    page.rule((room.x_mm, counts.bottom_mm()), (room.right_mm(), counts.bottom_mm()), 0.2, 0.6);

    let foot = part(0.66, 1.0);
    let side_mm = (foot.height_mm - 8.0).min(foot.width_mm * 0.42);
    let code_mm = (room.x_mm + 2.0, foot.y_mm + 2.0);
    page.code(code_mm.0, code_mm.1, side_mm, &label.code)?;
    let right =
        Rect::new(code_mm.0 + side_mm + 6.0, code_mm.1, room.right_mm() - code_mm.0 - side_mm - 6.0, side_mm);
    let number = fill(&words.number, &[("number", &label.number)]);
    let of = fill(&words.of, &[("of", &label.of)]);
    let large = Style::new(right.height_mm * 0.24 / MM_PER_PT);
    let lines =
        [(number.as_str(), large), (of.as_str(), Style { size_pt: large.size_pt * 0.6, ..large }.grey(0.3))];
    page.lines_in(face, &right, &lines, 1.5);
    let under = Rect::new(code_mm.0, code_mm.1 + side_mm + 1.5, room.width_mm - 2.0, 4.5);
    page.lines_in(face, &under, &[(&label.code, Style::new(9.0).grey(0.2).align(Align::Start))], 1.0);
    Ok(page)
}
