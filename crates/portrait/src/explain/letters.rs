//! Text: measuring, wrapping and drawing in the bundled font. Sizes are in pixels an em.

use ab_glyph::{Font, FontRef, Point, PxScale};

use super::ExplainError;
use super::canvas::{Canvas, Ink, Place};

/// Height of figures and capitals, in ems: what centring a line goes by.
const CAPITAL: f32 = 0.733;
/// A glyph larger than this many ems is a damaged one; drawing it would only cost memory.
const LARGEST_GLYPH: f32 = 4.0;
/// What must not begin a line (the usual rule, as in W3C's *Requirements for Chinese Text Layout*).
const CLOSING: &str = "。，、；：？！）》」』】〕”’…·～%％°,.;:?!)]}";
/// What must not end a line.
const OPENING: &str = "（《「『【〔“‘([{";

/// A font that is ready to write.
pub(super) struct Letters<'a> {
    font: FontRef<'a>,
    /// ab_glyph's scale (ascent to descent) for one em.
    scale_of_em: f32,
}

impl<'a> Letters<'a> {
    /// Opens a TTF or OTF file's bytes.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, ExplainError> {
        let font = FontRef::try_from_slice(bytes).map_err(|_| ExplainError::Font)?;
        let units = font.units_per_em().filter(|units| *units > 0.0).ok_or(ExplainError::Font)?;
        let scale_of_em = font.height_unscaled() / units;
        // A font without figures, or with a line a hundred times its size, writes nothing that can be read.
        let usable = (0.5..4.0).contains(&scale_of_em) && font.outline(font.glyph_id('0')).is_some();
        if usable { Ok(Self { font, scale_of_em }) } else { Err(ExplainError::Font) }
    }

    /// Advance of one character at one pixel an em. Whatever a damaged table says, it stays within bounds.
    fn advance(&self, character: char) -> f32 {
        let glyph = self.font.glyph_id(character);
        let units = self.font.units_per_em().unwrap_or(1000.0);
        let advance = self.font.h_advance_unscaled(glyph) / units;
        if advance.is_finite() { advance.clamp(0.0, LARGEST_GLYPH) } else { 0.0 }
    }

    /// Width of a line.
    pub(super) fn width(&self, text: &str, em: f32) -> f32 {
        text.chars().map(|character| self.advance(character)).sum::<f32>() * em
    }

    /// Breaks a text into lines of at most this width.
    pub(super) fn wrap(&self, text: &str, em: f32, width: f32) -> Vec<String> {
        wrap(text, width, |character| self.advance(character) * em)
    }

    /// Writes a line; `left` is its left end, `middle` the height of the middle of its figures and capitals.
    pub(super) fn write(&self, canvas: &mut Canvas, [left, middle]: Place, em: f32, ink: Ink, text: &str) {
        let baseline = (middle + em * CAPITAL / 2.0).round();
        let scale = PxScale::from(em * self.scale_of_em);
        let mut x = left;
        for character in text.chars() {
            let place = Point { x, y: baseline };
            let glyph = self.font.glyph_id(character).with_scale_and_position(scale, place);
            x += self.advance(character) * em;
            let Some(outline) = self.font.outline_glyph(glyph) else { continue };
            let bounds = outline.px_bounds();
            let largest = em * LARGEST_GLYPH;
            if !(bounds.width() <= largest && bounds.height() <= largest) {
                continue;
            }
            let (from_x, from_y) = (bounds.min.x as i32, bounds.min.y as i32);
            outline.draw(|dx, dy, coverage| {
                canvas.blend(from_x + dx as i32, from_y + dy as i32, ink, coverage);
            });
        }
    }

    /// Writes a line that ends at `right`.
    pub(super) fn write_to(
        &self,
        canvas: &mut Canvas,
        [right, middle]: Place,
        em: f32,
        ink: Ink,
        text: &str,
    ) {
        self.write(canvas, [right - self.width(text, em), middle], em, ink, text);
    }

    /// Writes a line around `centre`.
    pub(super) fn write_at(
        &self,
        canvas: &mut Canvas,
        [centre, middle]: Place,
        em: f32,
        ink: Ink,
        text: &str,
    ) {
        self.write(canvas, [centre - self.width(text, em) / 2.0, middle], em, ink, text);
    }
}

/// Whether a character stands for itself as Chinese ones do: a line may break beside it.
fn is_wide(character: char) -> bool {
    matches!(u32::from(character),
        0x2E80..=0x9FFF | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60
        | 0x20000..=0x3FFFF)
}

fn may_break(before: char, after: char) -> bool {
    if after == ' ' || CLOSING.contains(after) || OPENING.contains(before) {
        return false;
    }
    before == ' '
        || is_wide(before)
        || is_wide(after)
        || (matches!(before, '-' | '/') && after.is_alphabetic())
        || (CLOSING.contains(before) && OPENING.contains(after))
}

/// Breaks a text into lines of at most `width`, between words and between Chinese characters; a word that is wider
/// than a line is broken anywhere. Always at least one line; control characters other than line feeds are left out.
pub(super) fn wrap(text: &str, width: f32, advance: impl Fn(char) -> f32) -> Vec<String> {
    let measure = |part: &str| part.chars().map(&advance).sum::<f32>();
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let characters: Vec<char> = paragraph.chars().filter(|c| !c.is_control()).collect();
        let mut line = String::new();
        let mut from = 0;
        while from < characters.len() {
            let to = (from + 1..characters.len())
                .find(|&at| may_break(characters[at - 1], characters[at]))
                .unwrap_or(characters.len());
            let unit: String = characters[from..to].iter().collect();
            from = to;
            // Spaces at a line's end hang over it.
            if measure(&line) + measure(unit.trim_end()) <= width {
                line.push_str(&unit);
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for character in unit.chars() {
                if !line.is_empty() && character != ' ' && measure(&line) + advance(character) > width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(character);
            }
        }
        lines.push(line);
    }
    lines.iter_mut().for_each(|line| line.truncate(line.trim_end().len()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Latin letters one wide, Chinese characters two.
    fn cells(character: char) -> f32 {
        if is_wide(character) { 2.0 } else { 1.0 }
    }

    #[test]
    fn breaks_where_readers_expect_it() {
        let cases: [(&str, f32, &[&str]); 9] = [
            ("", 8.0, &[""]),
            ("short", 8.0, &["short"]),
            ("look at the lens", 8.0, &["look at", "the lens"]),
            ("unmistakable", 5.0, &["unmis", "takab", "le"]),
            ("请看镜头", 4.0, &["请看", "镜头"]),
            ("请看，镜头", 4.0, &["请", "看，", "镜头"]),
            ("眼睛（右）闭", 6.0, &["眼睛", "（右）", "闭"]),
            ("头顶 72 px，合格", 8.0, &["头顶 72", "px，合格"]),
            ("one\ntwo", 8.0, &["one", "two"]),
        ];
        for (text, width, wanted) in cases {
            assert_eq!(wrap(text, width, cells), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_line_is_too_wide_and_nothing_is_lost(text in "[a-z 眼睛，。（）0-9.-]{0,60}", width in 4_u8..30) {
            let width = f32::from(width);
            let lines = wrap(&text, width, cells);
            for line in &lines {
                prop_assert!(line.chars().map(cells).sum::<f32>() <= width, "{lines:?}");
            }
            let squeezed = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(squeezed(&lines.concat()), squeezed(&text));
        }
    }

    #[test]
    fn a_damaged_font_is_an_error() {
        for bytes in [&b""[..], b"\0", b"not a font", &[0, 1, 0, 0, 0, 9, 0, 0], &[0xFF; 4096]] {
            assert!(matches!(Letters::open(bytes), Err(ExplainError::Font)));
        }
    }

    /// The font is fetched by the set-up; where it is not there yet, there is nothing to damage.
    #[test]
    fn a_font_damaged_inside_never_panics() {
        let font = crate::explain::tests::font();
        assert!(Letters::open(&font).is_ok());
        for keep in [12, 200, 4096, font.len() / 2] {
            let _ = Letters::open(&font[..keep]).map(|letters| letters.width("0 眼", 16.0));
        }
        let mut state = 7_u64;
        for _ in 0..24 {
            let mut damaged = font.clone();
            for _ in 0..64 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                // The tables' directory and heads lie at the front.
                let reach = if state & 1 == 0 { 512 } else { damaged.len() as u64 };
                damaged[((state >> 20) % reach) as usize] ^= (state >> 56) as u8;
            }
            if let Ok(letters) = Letters::open(&damaged) {
                let mut canvas = Canvas::new(80, 40, Ink::solid([255; 3]));
                letters.write(&mut canvas, [4.0, 20.0], 16.0, Ink::solid([0; 3]), "Aq0 眼睛");
            }
        }
    }
}
