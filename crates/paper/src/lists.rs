//! The list in a parcel, and the list of what is posted.

use crate::document::{Document, bounded, bounded_code};
use crate::drawing::Align;
use crate::error::PaperError;
use crate::paper::Paper;
use crate::parcel::ParcelLabel;
use crate::table::{self, Cell, Column, Frame, MAX_ROWS};
use crate::typeface::Typeface;
use crate::words::{Language, fill};

/// One sheet in a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackedSheet {
    /// The sheet's code.
    pub sheet_code: String,
    /// Whose photos are on it.
    pub student_number: String,
    /// Their name.
    pub name: String,
}

/// One thing that is posted.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailing {
    /// The order.
    pub order_number: String,
    /// Whose photos they are.
    pub student_number: String,
    /// Their name.
    pub name: String,
    /// Who gets them.
    pub recipient: String,
    /// Their telephone.
    pub phone: String,
    /// Their address.
    pub address: String,
}

impl std::fmt::Debug for Mailing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mailing({})", self.order_number)
    }
}

/// The list that lies in a parcel, on A4: every sheet with a box to tick.
///
/// # Errors
/// When a text or code is out of bounds, or there are too many rows.
pub fn packing_list(
    face: &Typeface,
    language: Language,
    parcel: &ParcelLabel,
    sheets: &[PackedSheet],
) -> Result<Document, PaperError> {
    let all_words = language.words();
    let words = &all_words.packing;
    for (what, text) in
        [("school", &parcel.school), ("college", &parcel.college), ("class_name", &parcel.class_name)]
    {
        bounded(what, text)?;
    }
    bounded_code(&parcel.code)?;
    let mut rows = Vec::with_capacity(sheets.len().min(MAX_ROWS));
    for (index, sheet) in sheets.iter().enumerate() {
        bounded("sheet_code", &sheet.sheet_code)?;
        bounded("student_number", &sheet.student_number)?;
        bounded("name", &sheet.name)?;
        rows.push(vec![
            Cell::Text((index + 1).to_string()),
            Cell::Text(sheet.student_number.clone()),
            Cell::Text(sheet.name.clone()),
            Cell::Text(sheet.sheet_code.clone()),
            Cell::Tick,
        ]);
    }
    let columns = [
        Column { head: &words.row, width_mm: 14.0, align: Align::End },
        Column { head: &words.student_number, width_mm: 38.0, align: Align::Start },
        Column { head: &words.name, width_mm: 54.0, align: Align::Start },
        Column { head: &words.sheet_code, width_mm: 54.0, align: Align::Start },
        Column { head: &words.checked, width_mm: 18.0, align: Align::Middle },
    ];
    let whose = [parcel.school.as_str(), parcel.college.as_str(), parcel.class_name.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(&all_words.separator);
    let below = [
        whose,
        [fill(&words.count, &[("count", &sheets.len())]), parcel.code.clone()].join(&all_words.separator),
    ];
    let aside = fill(&words.parcel, &[("number", &parcel.number), ("of", &parcel.of)]);
    let frame = Frame {
        title: &words.title,
        below: &below,
        aside: &aside,
        signatures: &[&words.packed_by, &words.received_by, &words.date],
    };
    let pages = table::pages(face, language, &Paper::A4_LIST, &frame, &columns, &rows)?;
    Ok(Document { title: words.title.clone(), pages })
}

/// The list of everything that is posted, on A4 lying.
///
/// # Errors
/// When a text is out of bounds, or there are too many rows.
pub fn mailing_list(
    face: &Typeface,
    language: Language,
    heading: &str,
    mailings: &[Mailing],
) -> Result<Document, PaperError> {
    let all_words = language.words();
    let words = &all_words.mailing;
    bounded("heading", heading)?;
    let mut rows = Vec::with_capacity(mailings.len().min(MAX_ROWS));
    for (index, mailing) in mailings.iter().enumerate() {
        let texts = [
            ("order_number", &mailing.order_number),
            ("student_number", &mailing.student_number),
            ("name", &mailing.name),
            ("recipient", &mailing.recipient),
            ("phone", &mailing.phone),
            ("address", &mailing.address),
        ];
        let mut row = vec![Cell::Text((index + 1).to_string())];
        for (what, text) in texts {
            bounded(what, text)?;
            row.push(Cell::Text(text.clone()));
        }
        rows.push(row);
    }
    let columns = [
        Column { head: &words.row, width_mm: 13.0, align: Align::End },
        Column { head: &words.order_number, width_mm: 52.0, align: Align::Start },
        Column { head: &words.student_number, width_mm: 30.0, align: Align::Start },
        Column { head: &words.name, width_mm: 26.0, align: Align::Start },
        Column { head: &words.recipient, width_mm: 26.0, align: Align::Start },
        Column { head: &words.phone, width_mm: 30.0, align: Align::Start },
        Column { head: &words.address, width_mm: 96.0, align: Align::Start },
    ];
    let aside = fill(&words.count, &[("count", &mailings.len())]);
    let below = [heading.to_owned()];
    let frame = Frame { title: &words.title, below: &below, aside: &aside, signatures: &[] };
    let pages = table::pages(face, language, &Paper::A4_LYING, &frame, &columns, &rows)?;
    Ok(Document { title: words.title.clone(), pages })
}
