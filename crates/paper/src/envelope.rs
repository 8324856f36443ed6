//! Envelopes for students who have their photos sent: 散采.

use crate::document::{Document, bounded, bounded_code};
use crate::drawing::{Drawing, Style};
use crate::error::PaperError;
use crate::geometry::{MM_PER_PT, Rect};
use crate::paper::Paper;
use crate::typeface::Typeface;
use crate::words::Language;

/// The most envelopes in one document.
pub const MAX_ENVELOPES: usize = 5_000;
/// White around the code, mm.
const QUIET_MM: f64 = 2.5;

/// Where an envelope goes, and whose photos are in it.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Envelope {
    /// Who gets it.
    pub recipient: String,
    /// Their telephone.
    pub phone: String,
    /// Their address.
    pub address: String,
    /// Whose photos they are.
    pub name: String,
    /// Their student number.
    pub student_number: String,
    /// The order's number, which is also the QR code.
    pub order_number: String,
    /// Who sends it, with address and telephone as the sender wants them; nothing where empty.
    pub sender: String,
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Envelope({})", self.order_number)
    }
}

/// Envelopes, one a page, on an envelope or on label paper.
///
/// # Errors
/// When a text or number is out of bounds, or there are too many.
pub fn envelopes(
    face: &Typeface,
    language: Language,
    paper: &Paper,
    all: &[Envelope],
) -> Result<Document, PaperError> {
    if all.len() > MAX_ENVELOPES {
        return Err(PaperError::TooMany { max: MAX_ENVELOPES });
    }
    let pages = all.iter().map(|one| page(face, language, paper, one)).collect::<Result<_, _>>()?;
    Ok(Document { title: language.words().envelope.title.clone(), pages })
}

fn page(
    face: &Typeface,
    language: Language,
    paper: &Paper,
    envelope: &Envelope,
) -> Result<Drawing, PaperError> {
    let all_words = language.words();
    let words = &all_words.envelope;
    for (what, text) in [
        ("recipient", &envelope.recipient),
        ("phone", &envelope.phone),
        ("address", &envelope.address),
        ("name", &envelope.name),
        ("student_number", &envelope.student_number),
        ("sender", &envelope.sender),
    ] {
        bounded(what, text)?;
    }
    bounded_code(&envelope.order_number)?;
    let mut page = Drawing::new(paper.width_mm(), paper.height_mm());
    let room = paper.printable(false);
    // A label is narrow: the address begins at its edge. An envelope leaves a fifth free, as letters do.
    let label = room.width_mm < room.height_mm;
    let left = room.x_mm + if label { 0.0 } else { 0.16 * room.width_mm };
    let wide = room.right_mm() - left;

    // From the top: address, recipient, telephone.
    let address = Style::new(if label { 16.0 } else { 15.0 });
    let mut y_mm = room.y_mm + if label { 8.0 } else { 0.14 * room.height_mm };
    for line in face.lines(&envelope.address, address.size_pt, wide).iter().take(4) {
        page.text(face, (left, y_mm + address.size_pt * MM_PER_PT * 0.8), address, line);
        y_mm += address.size_pt * MM_PER_PT * 1.5;
    }
    y_mm += 4.0;
    let recipient = [envelope.recipient.as_str(), words.to.as_str()].join("  ");
    let name = Rect::new(left, y_mm, wide, 24.0 * MM_PER_PT * 1.2);
    page.lines_in(face, &name, &[(recipient.trim(), Style::new(24.0))], 1.0);
    y_mm = name.bottom_mm() + 2.0;
    if !envelope.phone.is_empty() {
        let phone = format!("{}{}{}", words.phone, all_words.colon_before_text(), envelope.phone);
        let rect = Rect::new(left, y_mm, wide, 14.0 * MM_PER_PT * 1.2);
        page.lines_in(face, &rect, &[(&phone, Style::new(14.0))], 1.0);
    }

    // At the foot: the code, whose photos they are, and who sends it.
    let side_mm = if label { 24.0 } else { 20.0 };
    let foot_mm = room.bottom_mm() - side_mm;
    page.rule((room.x_mm, foot_mm - 4.0), (room.right_mm(), foot_mm - 4.0), 0.2, 0.6);
    page.code(room.x_mm, foot_mm, side_mm, &envelope.order_number)?;
    let beside = room.x_mm + side_mm + 2.0 * QUIET_MM;
    let named = |word: &str, text: &str| format!("{word}{}{text}", all_words.colon_before_text());
    let student = named(&words.student_number, &envelope.student_number);
    let whose = named(&words.name, &envelope.name);
    let order = named(&words.order_number, &envelope.order_number);
    let split = !label && !envelope.sender.is_empty();
    let wide = (room.right_mm() - beside) * if split { 0.5 } else { 1.0 };
    let rect = Rect::new(beside, foot_mm, wide - 3.0, side_mm);
    let style = Style::new(11.0);
    let small = Style::new(8.0).grey(0.3);
    page.lines_in(face, &rect, &[(&whose, style), (&student, style), (&order, small)], 1.5);
    if !envelope.sender.is_empty() {
        let from = named(&words.from, &envelope.sender);
        let place = if label {
            Rect::new(room.x_mm, foot_mm - 18.0, room.width_mm, 12.0)
        } else {
            Rect::new(beside + wide, foot_mm, room.right_mm() - beside - wide, side_mm)
        };
        let lines = face.lines(&from, 9.0, place.width_mm);
        let lines: Vec<(&str, Style)> =
            lines.iter().take(5).map(|line| (line.as_str(), Style::new(9.0).grey(0.2))).collect();
        page.lines_in(face, &place, &lines, 1.5);
    }
    Ok(page)
}
