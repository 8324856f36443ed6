//! The receipt for a fee.

use caixiang_domain::Fen;

use crate::amount::capitals;
use crate::document::{Document, bounded, bounded_code};
use crate::drawing::{Align, Drawing, Style};
use crate::error::PaperError;
use crate::geometry::Rect;
use crate::paper::Paper;
use crate::typeface::Typeface;
use crate::words::Language;

/// The most receipts in one document.
pub const MAX_RECEIPTS: usize = 5_000;

/// What was paid, by whom, for what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The order's number, which is also the QR code.
    pub order_number: String,
    /// Who paid; left out where empty.
    pub name: String,
    /// Their student number; left out where empty.
    pub student_number: String,
    /// For what.
    pub product: String,
    /// How much.
    pub fee: Fen,
    /// When, in the words that the caller prints: nothing here looks at a clock.
    pub date: String,
    /// Who received it.
    pub payee: String,
}

/// Receipts, one a page.
///
/// # Errors
/// When a text or number is out of bounds, or there are too many.
pub fn receipts(
    face: &Typeface,
    language: Language,
    paper: &Paper,
    all: &[Receipt],
) -> Result<Document, PaperError> {
    if all.len() > MAX_RECEIPTS {
        return Err(PaperError::TooMany { max: MAX_RECEIPTS });
    }
    let pages = all.iter().map(|one| page(face, language, paper, one)).collect::<Result<_, _>>()?;
    Ok(Document { title: language.words().receipt.title.clone(), pages })
}

fn page(
    face: &Typeface,
    language: Language,
    paper: &Paper,
    receipt: &Receipt,
) -> Result<Drawing, PaperError> {
    let words = &language.words().receipt;
    for (what, text) in [
        ("name", &receipt.name),
        ("student_number", &receipt.student_number),
        ("product", &receipt.product),
        ("date", &receipt.date),
        ("payee", &receipt.payee),
    ] {
        bounded(what, text)?;
    }
    bounded_code(&receipt.order_number)?;
    let mut page = Drawing::new(paper.width_mm(), paper.height_mm());
    let room = paper.printable(false);

    let head_mm = 20.0;
    let title = Rect::new(room.x_mm, room.y_mm, room.width_mm, head_mm);
    // Two characters alone look lost: they are set apart, as on printed forms.
    let spaced = if words.title.chars().all(|c| !c.is_ascii()) {
        words.title.chars().map(String::from).collect::<Vec<_>>().join("  ")
    } else {
        words.title.clone()
    };
    page.lines_in(face, &title, &[(&spaced, Style::new(22.0).align(Align::Middle))], 1.0);
    page.code(room.right_mm() - 16.0, room.y_mm, 16.0, &receipt.order_number)?;
    page.rule((room.x_mm, title.bottom_mm()), (room.right_mm(), title.bottom_mm()), 0.5, 0.0);

    let figures = format!("{}{}", words.currency, receipt.fee);
    let in_words = capitals(receipt.fee);
    let mut rows = vec![(words.order_number.as_str(), receipt.order_number.as_str(), 12.0)];
    rows.push((&words.name, &receipt.name, 12.0));
    rows.push((&words.student_number, &receipt.student_number, 12.0));
    rows.push((&words.product, &receipt.product, 12.0));
    rows.push((&words.amount, &figures, 17.0));
    rows.push((&words.in_words, &in_words, 12.0));
    rows.retain(|(word, text, _)| !word.is_empty() && !text.is_empty());

    let foot_mm = 18.0;
    let top = title.bottom_mm() + 3.0;
    let row_mm = ((room.bottom_mm() - foot_mm - top) / rows.len() as f64).min(14.0);
    let word_mm = 30.0;
    for (index, (word, text, size_pt)) in rows.iter().enumerate() {
        let y_mm = top + index as f64 * row_mm;
        let row = Rect::new(room.x_mm, y_mm, word_mm, row_mm);
        page.lines_in(face, &row, &[(word, Style::new(10.5).grey(0.4))], 1.0);
        let rest = Rect::new(room.x_mm + word_mm, y_mm, room.width_mm - word_mm, row_mm);
        page.lines_in(face, &rest, &[(text, Style::new(*size_pt))], 1.0);
        page.rule((room.x_mm, y_mm + row_mm), (room.right_mm(), y_mm + row_mm), 0.15, 0.75);
    }

    let foot = Rect::new(room.x_mm, room.bottom_mm() - foot_mm + 4.0, room.width_mm, foot_mm - 6.0);
    let named = |word: &str, text: &str| format!("{word}{}{text}", language.words().colon_before_text());
    let payee = named(&words.payee, &receipt.payee);
    let payee = format!("{payee}{}", words.seal);
    page.lines_in(face, &Rect { width_mm: foot.width_mm * 0.64, ..foot }, &[(&payee, Style::new(11.0))], 1.0);
    let date = named(&words.date, &receipt.date);
    let right = Rect { x_mm: foot.x_mm + foot.width_mm * 0.66, width_mm: foot.width_mm * 0.34, ..foot };
    page.lines_in(face, &right, &[(&date, Style::new(11.0).align(Align::End))], 1.0);
    Ok(page)
}
