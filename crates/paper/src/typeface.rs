//! The font: how wide texts are, and which characters it lacks.

use printpdf::{FontId, ParsedFont, PdfFont};

use crate::error::PaperError;
use crate::geometry::MM_PER_PT;

/// Stands where the font lacks a character: 〓, which compositors set where the right type was missing. Nobody takes it
/// for a part of a name.
pub const MISSING: char = '〓';

/// The font's family, by which the preview asks for it.
pub const FAMILY: &str = "Noto Sans SC";

/// The font's name within a PDF; its first six letters tell that it is a part of the font.
pub(crate) const FONT_ID: &str = "CXHANS";

/// What must not begin a line.
const CLOSING: [char; 16] =
    ['·', '，', '。', '、', '；', '：', '）', '》', '」', '』', '！', '？', '”', '%', ',', ')'];

/// The largest font file that is read.
const MAX_BYTES: usize = 64 << 20;

/// A font of which each document embeds what it uses.
pub struct Typeface {
    font: ParsedFont,
    units_per_em: f64,
}

impl Typeface {
    /// Reads a TrueType or OpenType font. The project's own is Noto Sans SC, which the set-up fetches.
    ///
    /// # Errors
    /// [`PaperError::Font`] when it is none, or lacks digits, Latin letters, basic Chinese or [`MISSING`].
    pub fn parse(bytes: &[u8]) -> Result<Self, PaperError> {
        if bytes.len() > MAX_BYTES {
            return Err(PaperError::Font);
        }
        let font = ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).ok_or(PaperError::Font)?;
        let units_per_em = f64::from(font.pdf_font_metrics.units_per_em);
        let face = Self { font, units_per_em };
        let whole = units_per_em > 0.0 && ['0', 'A', 'a', '学', MISSING].into_iter().all(|c| face.has(c));
        if whole { Ok(face) } else { Err(PaperError::Font) }
    }

    /// Whether the font has the character.
    pub fn has(&self, c: char) -> bool {
        self.glyph(c).is_some()
    }

    fn glyph(&self, c: char) -> Option<u16> {
        self.font.lookup_glyph_index(u32::from(c)).filter(|&glyph| glyph != 0)
    }

    /// The text's advance in ems. Widths are whole thousandths, as the PDF has them.
    pub(crate) fn width_em(&self, text: &str) -> f64 {
        let thousandths: f64 = text
            .chars()
            .filter_map(|c| self.glyph(c))
            .map(|glyph| {
                (f64::from(self.font.get_horizontal_advance(glyph)) * 1000.0 / self.units_per_em).floor()
            })
            .sum();
        thousandths / 1000.0
    }

    /// How wide the text is at this size.
    pub fn width_mm(&self, text: &str, size_pt: f64) -> f64 {
        self.width_em(text) * size_pt * MM_PER_PT
    }

    /// Breaks a text into lines of at most this width: at blanks where there are, between any two characters else.
    pub(crate) fn lines(&self, text: &str, size_pt: f64, width_mm: f64) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for c in text.chars() {
            line.push(c);
            if self.width_mm(line.trim_end(), size_pt) <= width_mm || line.chars().count() == 1 {
                continue;
            }
            // A word of Latin letters or a number goes to the next line whole, if it is not the line itself.
            let word = line.trim_end_matches(|c: char| c.is_ascii_graphic()).len();
            let mut at = if word > 0 && word < line.len() { word } else { line.len() - c.len_utf8() };
            // What closes or joins does not begin a line: it takes the character before it along.
            if line[at..].starts_with(CLOSING)
                && let Some((before, _)) = line[..at].char_indices().next_back().filter(|(at, _)| *at > 0)
            {
                at = before;
            }
            let rest = line.split_off(at);
            lines.push(line.trim_end().to_owned());
            line = rest.trim_start().to_owned();
        }
        lines.push(line.trim_end().to_owned());
        lines
    }

    pub(crate) fn for_pdf(&self) -> (FontId, PdfFont) {
        (FontId(FONT_ID.to_owned()), PdfFont::new(self.font.clone()))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::path::PathBuf;
    use std::sync::OnceLock;

    use super::*;

    /// The font's bytes, where the set-up has put them.
    pub(crate) fn font_path() -> PathBuf {
        let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.cache"));
        let cache = std::env::var_os("CAIXIANG_CACHE").map_or_else(beside, PathBuf::from);
        cache.join("fonts/NotoSansSC-Regular.ttf")
    }

    /// The project's font, read once.
    pub(crate) fn face() -> &'static Typeface {
        static FACE: OnceLock<Typeface> = OnceLock::new();
        FACE.get_or_init(|| {
            let bytes = std::fs::read(font_path()).expect("the font is fetched by `cargo xtask setup`");
            Typeface::parse(&bytes).expect("it is a font")
        })
    }

    #[test]
    fn digits_and_chinese_are_as_wide_as_each_other() {
        let face = face();
        assert!((face.width_mm("王小明", 10.0) - 30.0 * MM_PER_PT).abs() < 1e-9);
        for digit in '1'..='9' {
            assert_eq!(face.width_em("0"), face.width_em(&digit.to_string()), "tabular figures");
        }
    }

    #[test]
    fn rare_names_are_there_and_what_is_missing_is_known() {
        assert!("㛃𬭛䶮𣲗𫠆堃犇龘·".chars().all(|c| face().has(c)));
        assert!(!face().has('𠮷') && !face().has('😀'));
        assert!(matches!(Typeface::parse(b"no font"), Err(PaperError::Font)));
    }

    #[test]
    fn lines_break_between_characters_and_before_words() {
        let wide = 10.0 * 10.0 * MM_PER_PT;
        let lines = |text| face().lines(text, 10.0, wide);
        assert_eq!(
            lines("福建省莆田市城厢区学园街1133号莆田学院"),
            ["福建省莆田市城厢区学", "园街1133号莆田学院"]
        );
        assert_eq!(lines("Room 101, Building 12, Putian"), ["Room 101, Building", "12, Putian"]);
        assert_eq!(lines("000015-20240220115644602"), ["000015-20240220115", "644602"]);
        assert_eq!(lines("阿卜杜热依木吐尔逊·麦麦提"), ["阿卜杜热依木吐尔逊·", "麦麦提"]);
        assert_eq!(lines("阿卜杜热依木吐尔逊江·麦麦提"), ["阿卜杜热依木吐尔逊", "江·麦麦提"]);
        assert_eq!(lines(""), [""]);
    }
}
