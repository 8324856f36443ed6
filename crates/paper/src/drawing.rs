//! A page as it is printed: what the PDF and the preview both draw, so that they cannot differ.

use std::collections::BTreeSet;

use qrcode::{Color, EcLevel, QrCode};

use crate::error::PaperError;
use crate::geometry::{MM_PER_PT, Rect, Turn};
use crate::typeface::{MISSING, Typeface};

/// The most characters of a code that is drawn as QR.
pub const MAX_CODE_CHARS: usize = 42;

/// Where a text's middle line is above its baseline, ems: half the height of a digit, nearly that of 汉字.
const MIDDLE_EM: f64 = 0.37;

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Align {
    /// Its beginning.
    #[default]
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// How a text is set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Size in points.
    pub size_pt: f64,
    /// 0 black to 1 white.
    pub grey: f64,
    /// What stands at the place.
    pub align: Align,
    /// Where its top points.
    pub turn: Turn,
}

impl Style {
    /// Black, upright, from its beginning.
    pub const fn new(size_pt: f64) -> Self {
        Self { size_pt, grey: 0.0, align: Align::Start, turn: Turn::Up }
    }

    /// The same in grey.
    pub const fn grey(self, grey: f64) -> Self {
        Self { grey, ..self }
    }

    /// The same aligned otherwise.
    pub const fn align(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// The same turned.
    pub const fn turn(self, turn: Turn) -> Self {
        Self { turn, ..self }
    }
}

/// One thing on a page. Greys go from 0, black, to 1, white.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A photo that covers its slot: scaled evenly, what stands out cut off evenly on both sides.
    Photo {
        /// The slot.
        slot: Rect,
        /// Where the photo's top points.
        turn: Turn,
        /// Which of the document's photos.
        photo: usize,
        /// Its width.
        width_px: u32,
        /// Its height.
        height_px: u32,
    },
    /// A line of text.
    Text {
        /// Where its baseline begins, to the right.
        x_mm: f64,
        /// Where its baseline begins, down.
        y_mm: f64,
        /// How far it goes.
        width_mm: f64,
        /// Size in points.
        size_pt: f64,
        /// Its grey.
        grey: f64,
        /// Where its top points.
        turn: Turn,
        /// What it says; the font has every character.
        text: String,
    },
    /// Filled rectangles, as one shape: no seams between those that touch.
    Fill {
        /// The rectangles.
        rects: Vec<Rect>,
        /// Their grey.
        grey: f64,
    },
}

/// A page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Its width.
    pub width_mm: f64,
    /// Its height.
    pub height_mm: f64,
    /// What is on it, the lower first.
    pub items: Vec<Item>,
    /// Characters that the font lacks: each stands as [`MISSING`].
    pub missing: BTreeSet<char>,
}

/// A photo's rectangle such that it covers the slot: `(scale in mm per pixel, x, y)` of the upright photo's upper left
/// corner against the upright slot's.
///
/// A diploma print is 33 × 48 mm (11 : 16) and the photo 480 × 640 (3 : 4): it is scaled to the height, and 20 pixels of
/// background on either side fall away. Nothing is ever stretched.
pub(crate) fn cover(wide_mm: f64, high_mm: f64, width_px: u32, height_px: u32) -> (f64, f64, f64) {
    let (width_px, height_px) = (f64::from(width_px), f64::from(height_px));
    let scale = (wide_mm / width_px).max(high_mm / height_px);
    (scale, (wide_mm - width_px * scale) / 2.0, (high_mm - height_px * scale) / 2.0)
}

/// What is printed of a text: control characters become blanks, what the font lacks [`MISSING`].
fn printed(face: &Typeface, text: &str, missing: &mut BTreeSet<char>) -> String {
    text.trim()
        .chars()
        .filter(|c| !is_invisible(*c))
        .map(|c| match c {
            c if c.is_control() || c.is_whitespace() => ' ',
            c if face.has(c) => c,
            c => {
                missing.insert(c);
                MISSING
            }
        })
        .collect()
}

/// Marks of direction, joiners and variation selectors, which fonts have no picture for.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

impl Drawing {
    /// An empty page.
    pub fn new(width_mm: f64, height_mm: f64) -> Self {
        Self { width_mm, height_mm, ..Self::default() }
    }

    /// Writes a line whose baseline passes through this place.
    pub fn text(&mut self, face: &Typeface, at_mm: (f64, f64), style: Style, text: &str) {
        let text = printed(face, text, &mut self.missing);
        if text.is_empty() {
            return;
        }
        let width_mm = face.width_mm(&text, style.size_pt);
        let back = match style.align {
            Align::Start => 0.0,
            Align::Middle => width_mm / 2.0,
            Align::End => width_mm,
        };
        let (right, down) = style.turn.reading();
        self.items.push(Item::Text {
            x_mm: at_mm.0 - right * back,
            y_mm: at_mm.1 - down * back,
            width_mm,
            size_pt: style.size_pt,
            grey: style.grey,
            turn: style.turn,
            text,
        });
    }

    /// Writes lines into a rectangle, one below the other around its middle; each shrinks to fit the width. `style`'s
    /// turn is that of the lines; its alignment is within the rectangle.
    pub fn lines_in(&mut self, face: &Typeface, rect: &Rect, lines: &[(&str, Style)], leading: f64) {
        let Some(turn) = lines.first().map(|(_, style)| style.turn) else { return };
        let (along_mm, across_mm) = if turn.is_sideways() {
            (rect.height_mm, rect.width_mm)
        } else {
            (rect.width_mm, rect.height_mm)
        };
        let (right, down) = turn.reading();
        let middle = (rect.x_mm + rect.width_mm / 2.0, rect.y_mm + rect.height_mm / 2.0);
        let heights: Vec<f64> = lines.iter().map(|(_, style)| style.size_pt * MM_PER_PT * leading).collect();
        let total: f64 = heights.iter().sum();
        let squeeze = (across_mm / total).min(1.0);
        let mut from_top = -total * squeeze / 2.0;
        for ((text, style), height_mm) in lines.iter().zip(heights) {
            let height_mm = height_mm * squeeze;
            let text = printed(face, text, &mut self.missing);
            let wide_mm = face.width_mm(&text, style.size_pt);
            let fitting = if wide_mm > along_mm { along_mm / wide_mm } else { 1.0 };
            let size_pt = style.size_pt * fitting.min(squeeze);
            let across = from_top + height_mm / 2.0 + MIDDLE_EM * size_pt * MM_PER_PT;
            let along = match style.align {
                Align::Start => -along_mm / 2.0,
                Align::Middle => 0.0,
                Align::End => along_mm / 2.0,
            };
            // Reading goes along (right, down); from the text's top to its bottom is a quarter turn with the clock.
            let at = (middle.0 + right * along - down * across, middle.1 + down * along + right * across);
            self.text(face, at, Style { size_pt, ..*style }, &text);
            from_top += height_mm;
        }
    }

    /// A line along an edge of the paper, drawn as a rectangle: its thickness is exact.
    pub fn rule(&mut self, from_mm: (f64, f64), to_mm: (f64, f64), thick_mm: f64, grey: f64) {
        let (x, y) = (from_mm.0.min(to_mm.0), from_mm.1.min(to_mm.1));
        let (w, h) = ((from_mm.0 - to_mm.0).abs(), (from_mm.1 - to_mm.1).abs());
        let half = thick_mm / 2.0;
        let rect =
            if w > h { Rect::new(x, y - half, w, thick_mm) } else { Rect::new(x - half, y, thick_mm, h) };
        self.items.push(Item::Fill { rects: vec![rect], grey });
    }

    /// A QR code that fills the square with this upper left corner; the caller keeps the white around it.
    ///
    /// # Errors
    /// [`PaperError::Code`] when the text is empty, too long, or other than printable ASCII.
    pub fn code(&mut self, x_mm: f64, y_mm: f64, side_mm: f64, text: &str) -> Result<(), PaperError> {
        let refusal = || PaperError::Code { max: MAX_CODE_CHARS };
        if text.is_empty() || text.len() > MAX_CODE_CHARS || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(refusal());
        }
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|_| refusal())?;
        let across = code.width();
        let module_mm = side_mm / across as f64;
        let dark: Vec<bool> = code.into_colors().into_iter().map(|color| color == Color::Dark).collect();
        let mut rects = Vec::new();
        for (row, modules) in dark.chunks(across).enumerate() {
            let mut at = 0;
            while at < across {
                let run = modules[at..].iter().take_while(|&&dark| dark).count();
                if run > 0 {
                    let (x, y) = (x_mm + at as f64 * module_mm, y_mm + row as f64 * module_mm);
                    rects.push(Rect::new(x, y, run as f64 * module_mm, module_mm));
                }
                at += run.max(1);
            }
        }
        self.items.push(Item::Fill { rects, grey: 0.0 });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typeface::tests::face;

    #[test]
    fn a_photo_covers_its_slot_and_loses_both_sides_evenly() {
        let (scale, x, y) = cover(33.0, 48.0, 480, 640);
        assert!((scale - 0.075).abs() < 1e-12 && (x + 1.5).abs() < 1e-12 && y.abs() < 1e-12);
        // 1.5 mm are 20 pixels of 0.075 mm.
        let (scale, x, y) = cover(35.0, 35.0, 480, 640);
        assert!((scale - 35.0 / 480.0).abs() < 1e-12 && x.abs() < 1e-12 && y < 0.0);
    }

    #[test]
    fn what_the_font_lacks_is_seen_and_told() {
        let mut page = Drawing::new(100.0, 50.0);
        page.text(face(), (10.0, 10.0), Style::new(10.0), " 𠮷\u{fe00}田\t㛃\u{202e} ");
        let Some(Item::Text { text, .. }) = page.items.first() else { panic!("a text") };
        assert_eq!(text, "〓田 㛃");
        assert_eq!(page.missing.iter().collect::<String>(), "𠮷");
    }

    #[test]
    fn long_lines_shrink_into_their_rectangle() {
        let rect = Rect::new(10.0, 10.0, 33.0, 6.0);
        for turn in [Turn::Up, Turn::Left, Turn::Down, Turn::Right] {
            let rect = if turn.is_sideways() { Rect::new(10.0, 10.0, 6.0, 33.0) } else { rect };
            let mut page = Drawing::new(100.0, 50.0);
            let style = Style::new(9.0).align(Align::Middle).turn(turn);
            let name = "阿卜杜热依木·麦麦提图尔荪·阿卜力克木";
            page.lines_in(face(), &rect, &[(name, style), ("20210001", style)], 1.2);
            assert_eq!(page.items.len(), 2);
            for item in &page.items {
                let Item::Text { x_mm, y_mm, width_mm, .. } = item else { panic!("texts only") };
                let (right, down) = turn.reading();
                for part in [0.0, *width_mm] {
                    let (x, y) = (x_mm + right * part, y_mm + down * part);
                    assert!(rect.contains(&Rect::new(x, y, 0.0, 0.0)), "{turn:?}: {x} {y}");
                }
            }
        }
    }

    #[test]
    fn codes_are_bounded() {
        let mut page = Drawing::new(100.0, 50.0);
        assert!(page.code(0.0, 0.0, 7.6, "000015-20240220115644602").is_ok());
        for bad in ["", "学号", "a b", &"X".repeat(43)] {
            assert!(matches!(page.code(0.0, 0.0, 7.6, bad), Err(PaperError::Code { .. })), "{bad}");
        }
    }
}
