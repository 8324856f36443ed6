//! Presets as files: TOML in, a checked [`Preset`] out. The built-in ones lie in `assets/presets/`.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use caixiang_domain::{
    Backdrop, Check, JpegRules, Preset, PresetError, PresetParts, Rgb, Rule, Severity, Span, Windows,
};
use serde::Deserialize;
use toml::Spanned;

/// Largest preset file that is read.
pub const MAX_PRESET_BYTES: u64 = 64 << 10;

/// Short name and text of each preset that the software brings.
const BUILTIN: [(&str, &str); 5] = [
    ("chsi", include_str!("../../../assets/presets/chsi.toml")),
    ("id-card", include_str!("../../../assets/presets/id-card.toml")),
    ("exit-entry", include_str!("../../../assets/presets/exit-entry.toml")),
    ("yanzhao", include_str!("../../../assets/presets/yanzhao.toml")),
    ("icao", include_str!("../../../assets/presets/icao.toml")),
];

/// Why there is no preset. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum PresetFileError {
    /// No built-in preset has this short name.
    #[error("there is no built-in preset `{0}`")]
    UnknownPreset(String),
    /// There is no such file.
    #[error("there is no such file")]
    NotFound,
    /// The file cannot be read.
    #[error("the preset cannot be read")]
    Unreadable(#[source] std::io::Error),
    /// More than [`MAX_PRESET_BYTES`].
    #[error("the preset is larger than {MAX_PRESET_BYTES} bytes")]
    TooLarge,
    /// Bytes that are no UTF-8.
    #[error("the preset is no UTF-8 text")]
    NotText,
    /// No TOML, a field too many, a field missing, or a value of the wrong kind.
    #[error("line {line}: {detail}")]
    Syntax {
        /// Where.
        line: usize,
        /// What the reader of TOML said.
        detail: String,
    },
    /// A check that does not exist.
    #[error("line {line}: there is no check `{code}`")]
    UnknownCheck {
        /// Where.
        line: usize,
        /// As it was written.
        code: String,
    },
    /// A colour not of the form `#RRGGBB`.
    #[error("line {line}: `{colour}` is no colour")]
    BadColour {
        /// Where.
        line: usize,
        /// As it was written.
        colour: String,
    },
    /// A backdrop's name is used twice, is empty, or begins with `#`.
    #[error("line {line}: the backdrop's name `{name}` cannot be used")]
    BadBackdropName {
        /// Where.
        line: usize,
        /// As it was written.
        name: String,
    },
    /// A limit without a number, with its ends swapped, not finite, or with a doubt that swallows the whole range.
    #[error("line {line}: the rule for `{check}` cannot be met or broken")]
    BadRule {
        /// Where.
        line: usize,
        /// Whose.
        check: Check,
    },
    /// A range with its ends swapped or not finite.
    #[error("line {line}: `{field}` is an empty range")]
    EmptyRange {
        /// Where.
        line: usize,
        /// Whose.
        field: &'static str,
    },
    /// A number outside what the software can do.
    #[error("line {line}: `{field}` is out of range")]
    OutOfRange {
        /// Where; 0 where the file does not name the field.
        line: usize,
        /// Which.
        field: &'static str,
    },
    /// No face can meet all windows at once.
    #[error("the geometry windows exclude each other: {0}")]
    Contradiction(&'static str),
    /// A rule that follows from the windows or the file section was given by hand too.
    #[error("line {line}: the rule for `{check}` follows from other sections")]
    DerivedRule {
        /// Where.
        line: usize,
        /// Whose.
        check: Check,
    },
}

impl PresetFileError {
    /// Every code, for the message files.
    pub const CODES: &'static [&'static str] = &[
        "preset.unknown",
        "preset.not_found",
        "preset.unreadable",
        "preset.too_large",
        "preset.not_text",
        "preset.syntax",
        "preset.unknown_check",
        "preset.bad_colour",
        "preset.bad_backdrop_name",
        "preset.bad_rule",
        "preset.empty_range",
        "preset.out_of_range",
        "preset.contradiction",
        "preset.derived_rule",
    ];

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPreset(_) => "preset.unknown",
            Self::NotFound => "preset.not_found",
            Self::Unreadable(_) => "preset.unreadable",
            Self::TooLarge => "preset.too_large",
            Self::NotText => "preset.not_text",
            Self::Syntax { .. } => "preset.syntax",
            Self::UnknownCheck { .. } => "preset.unknown_check",
            Self::BadColour { .. } => "preset.bad_colour",
            Self::BadBackdropName { .. } => "preset.bad_backdrop_name",
            Self::BadRule { .. } => "preset.bad_rule",
            Self::EmptyRange { .. } => "preset.empty_range",
            Self::OutOfRange { .. } => "preset.out_of_range",
            Self::Contradiction(_) => "preset.contradiction",
            Self::DerivedRule { .. } => "preset.derived_rule",
        }
    }

    /// The line of the file, counted from 1, where there is one.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Syntax { line, .. }
            | Self::UnknownCheck { line, .. }
            | Self::BadColour { line, .. }
            | Self::BadBackdropName { line, .. }
            | Self::BadRule { line, .. }
            | Self::EmptyRange { line, .. }
            | Self::OutOfRange { line, .. }
            | Self::DerivedRule { line, .. } => Some(*line).filter(|&line| line > 0),
            _ => None,
        }
    }

    /// What the message is about: a field, a check, a name as it was written.
    pub fn subject(&self) -> String {
        match self {
            Self::UnknownPreset(text)
            | Self::Syntax { detail: text, .. }
            | Self::UnknownCheck { code: text, .. }
            | Self::BadColour { colour: text, .. }
            | Self::BadBackdropName { name: text, .. } => text.clone(),
            Self::EmptyRange { field, .. } | Self::OutOfRange { field, .. } => (*field).to_owned(),
            Self::BadRule { check, .. } | Self::DerivedRule { check, .. } => check.code().to_owned(),
            Self::Contradiction(windows) => (*windows).to_owned(),
            Self::NotFound | Self::Unreadable(_) | Self::TooLarge | Self::NotText => String::new(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PresetFile {
    id: String,
    source: String,
    max_level_deg: f64,
    name: NameSection,
    size: SizeSection,
    file: FileSection,
    #[serde(default)]
    backdrop: Vec<BackdropSection>,
    windows: WindowsSection,
    #[serde(default)]
    checks: BTreeMap<Spanned<String>, RuleSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameSection {
    zh: String,
    en: String,
}

// Integers are read wide, so that a number out of range is told from one of the wrong kind.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SizeSection {
    width_px: i64,
    height_px: i64,
    dpi: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSection {
    min_quality: i64,
    min_bytes: i64,
    max_bytes: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackdropSection {
    name: Spanned<String>,
    colour: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WindowsSection {
    eye_line_px: Spanned<[f64; 2]>,
    hair_top_px: Spanned<[f64; 2]>,
    face_width_px: Spanned<[f64; 2]>,
    head_length_px: Option<Spanned<[f64; 2]>>,
    below_chin_px: Option<Spanned<[f64; 2]>>,
    centre_tolerance_px: f64,
    #[serde(default)]
    hair_yields: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSection {
    min: Option<f64>,
    max: Option<f64>,
    #[serde(default)]
    doubt: f64,
    severity: SeverityWord,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum SeverityWord {
    Note,
    Warn,
    Block,
}

impl From<SeverityWord> for Severity {
    fn from(word: SeverityWord) -> Self {
        match word {
            SeverityWord::Note => Self::Note,
            SeverityWord::Warn => Self::Warn,
            SeverityWord::Block => Self::Block,
        }
    }
}

/// The short names of the built-in presets; the first is the default.
pub fn builtin_preset_ids() -> impl Iterator<Item = &'static str> {
    BUILTIN.iter().map(|(id, _)| *id)
}

/// The built-in preset with this short name.
///
/// # Errors
/// [`PresetFileError::UnknownPreset`].
pub fn builtin_preset(id: &str) -> Result<Preset, PresetFileError> {
    let found = BUILTIN.iter().find(|(known, _)| *known == id);
    let (_, text) = found.ok_or_else(|| PresetFileError::UnknownPreset(shortened(id)))?;
    parse_preset(text)
}

/// Reads a preset from a file of at most [`MAX_PRESET_BYTES`].
///
/// # Errors
/// [`PresetFileError`].
pub fn load_preset(path: &Path) -> Result<Preset, PresetFileError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => PresetFileError::NotFound,
        _ => PresetFileError::Unreadable(error),
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(MAX_PRESET_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_PRESET_BYTES {
        return Err(PresetFileError::TooLarge);
    }
    let text = String::from_utf8(bytes).map_err(|_| PresetFileError::NotText)?;
    // Windows editors put a byte-order mark in front.
    parse_preset(text.strip_prefix('\u{feff}').unwrap_or(&text))
}

/// Reads a preset from the text of a file.
///
/// # Errors
/// [`PresetFileError`].
pub fn parse_preset(text: &str) -> Result<Preset, PresetFileError> {
    if text.len() as u64 > MAX_PRESET_BYTES {
        return Err(PresetFileError::TooLarge);
    }
    let file: PresetFile = toml::from_str(text).map_err(|error| PresetFileError::Syntax {
        line: error.span().map_or(0, |span| line_at(text, span.start)),
        detail: error.message().to_owned(),
    })?;
    let reader = Reader { text };
    let parts = reader.parts(file)?;
    Preset::try_from(parts).map_err(|error| match error {
        PresetError::OutOfRange { field, .. } => reader.out_of_range(field),
        PresetError::Contradiction(windows) => PresetFileError::Contradiction(windows),
        PresetError::DerivedRule(check) => {
            PresetFileError::DerivedRule { line: reader.line_of(check.code()), check }
        }
    })
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn parts(&self, file: PresetFile) -> Result<PresetParts, PresetFileError> {
        let windows = &file.windows;
        let optional = |range: &Option<Spanned<[f64; 2]>>, field| {
            range.as_ref().map(|range| self.span(range, field)).transpose()
        };
        Ok(PresetParts {
            width_px: self.fitting(file.size.width_px, "width_px")?,
            height_px: self.fitting(file.size.height_px, "height_px")?,
            dpi: self.fitting(file.size.dpi, "dpi")?,
            jpeg: JpegRules {
                min_quality: self.fitting(file.file.min_quality, "min_quality")?,
                min_bytes: self.fitting(file.file.min_bytes, "min_bytes")?,
                max_bytes: self.fitting(file.file.max_bytes, "max_bytes")?,
            },
            backdrops: self.backdrops(&file.backdrop)?,
            windows: Windows {
                eye_line_px: self.span(&windows.eye_line_px, "eye_line_px")?,
                hair_top_px: self.span(&windows.hair_top_px, "hair_top_px")?,
                face_width_px: self.span(&windows.face_width_px, "face_width_px")?,
                head_length_px: optional(&windows.head_length_px, "head_length_px")?,
                below_chin_px: optional(&windows.below_chin_px, "below_chin_px")?,
                centre_tolerance_px: windows.centre_tolerance_px,
                hair_yields: windows.hair_yields,
            },
            max_level_deg: file.max_level_deg,
            rules: self.rules(file.checks)?,
            id: file.id,
            name_zh: file.name.zh,
            name_en: file.name.en,
            source: file.source,
        })
    }

    fn backdrops(&self, sections: &[BackdropSection]) -> Result<Vec<Backdrop>, PresetFileError> {
        let mut all: Vec<Backdrop> = Vec::new();
        for section in sections {
            let name = section.name.get_ref();
            // On the command line `#` begins a colour.
            if name.is_empty() || name.starts_with('#') || all.iter().any(|other| other.name == *name) {
                let line = line_at(self.text, section.name.span().start);
                return Err(PresetFileError::BadBackdropName { line, name: shortened(name) });
            }
            let colour: Rgb = section.colour.get_ref().parse().map_err(|_| PresetFileError::BadColour {
                line: line_at(self.text, section.colour.span().start),
                colour: shortened(section.colour.get_ref()),
            })?;
            all.push(Backdrop { name: name.clone(), colour });
        }
        Ok(all)
    }

    fn rules(
        &self,
        sections: BTreeMap<Spanned<String>, RuleSection>,
    ) -> Result<BTreeMap<Check, Rule>, PresetFileError> {
        let mut all = BTreeMap::new();
        for (code, section) in sections {
            let line = line_at(self.text, code.span().start);
            let check = Check::from_code(code.get_ref())
                .ok_or_else(|| PresetFileError::UnknownCheck { line, code: shortened(code.get_ref()) })?;
            let RuleSection { min, max, doubt, severity } = section;
            let finite = min.iter().chain(&max).all(|limit| limit.is_finite());
            let doubt_fits = doubt.is_finite()
                && doubt >= 0.0
                && match (min, max) {
                    (None, None) => false,
                    // Something between must be left that passes.
                    (Some(min), Some(max)) => min + doubt <= max - doubt,
                    _ => true,
                };
            if !(finite && doubt_fits) {
                return Err(PresetFileError::BadRule { line, check });
            }
            all.insert(check, Rule { min, max, doubt, severity: severity.into() });
        }
        Ok(all)
    }

    fn span(&self, range: &Spanned<[f64; 2]>, field: &'static str) -> Result<Span, PresetFileError> {
        let [min, max] = *range.get_ref();
        let line = line_at(self.text, range.span().start);
        Span::new(min, max).ok_or(PresetFileError::EmptyRange { line, field })
    }

    fn fitting<T: TryFrom<i64>>(&self, number: i64, field: &'static str) -> Result<T, PresetFileError> {
        T::try_from(number).map_err(|_| self.out_of_range(field))
    }

    fn out_of_range(&self, field: &'static str) -> PresetFileError {
        // The domain's name for the list is a plural, the file's table is not.
        let written = if field == "backdrops" { "[[backdrop]]" } else { field };
        PresetFileError::OutOfRange { line: self.line_of(written), field }
    }

    /// The first line that is not a comment and names this key; 0 where none does.
    fn line_of(&self, key: &str) -> usize {
        let names = |line: &str| {
            let line = line.trim_start();
            !line.starts_with('#') && line.contains(key)
        };
        self.text.lines().position(names).map_or(0, |index| index + 1)
    }
}

fn line_at(text: &str, byte: usize) -> usize {
    text.as_bytes().iter().take(byte).filter(|&&b| b == b'\n').count() + 1
}

/// What a message repeats of a stranger's file.
fn shortened(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
#[path = "preset_file_tests.rs"]
mod tests;
