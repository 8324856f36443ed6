//! A photo preset: what one registry asks of a photo, in pixels of the finished picture.

use std::collections::BTreeMap;

use crate::check::Check;
use crate::colour::Rgb;
use crate::finding::{Rule, Severity};

/// An inclusive range; `min <= max` and both finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    min: f64,
    max: f64,
}

impl Span {
    /// A range, or `None` where it is empty or not finite.
    pub fn new(min: f64, max: f64) -> Option<Self> {
        (min.is_finite() && max.is_finite() && min <= max).then_some(Self { min, max })
    }

    /// Smallest value inside.
    pub fn min(self) -> f64 {
        self.min
    }

    /// Largest value inside.
    pub fn max(self) -> f64 {
        self.max
    }

    /// The middle.
    pub fn middle(self) -> f64 {
        f64::midpoint(self.min, self.max)
    }

    /// `max - min`.
    pub fn length(self) -> f64 {
        self.max - self.min
    }

    /// Whether the value lies inside, ends included.
    pub fn contains(self, value: f64) -> bool {
        self.min <= value && value <= self.max
    }

    /// Signed distance from the range: negative below, 0 inside, positive above.
    pub fn excess(self, value: f64) -> f64 {
        (value - self.max).max(0.0) + (value - self.min).min(0.0)
    }
}

/// A backdrop that a preset offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backdrop {
    /// Its name on the command line and in settings: `light-blue`, `white`, `grey`.
    pub name: String,
    /// Its colour.
    pub colour: Rgb,
}

/// What the finished file must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JpegRules {
    /// Never compress below this quality (libjpeg's scale).
    pub min_quality: u8,
    /// Smallest file, bytes.
    pub min_bytes: u64,
    /// Largest file, bytes.
    pub max_bytes: u64,
}

/// Where things must stand in the finished photo, pixels from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Windows {
    /// Height of the line through the pupils, from the top.
    pub eye_line_px: Span,
    /// Top of the hair, from the top.
    pub hair_top_px: Span,
    /// Width of the face between the cheeks.
    pub face_width_px: Span,
    /// Hair top to chin.
    pub head_length_px: Option<Span>,
    /// Chin to the lower edge.
    pub below_chin_px: Option<Span>,
    /// Largest distance of the face's middle from the photo's middle.
    pub centre_tolerance_px: f64,
    /// The hair window gives way where it cannot be had together with the others (GA 461: "hair may be cut").
    pub hair_yields: bool,
}

/// The parts of a preset before they are checked against each other.
#[derive(Debug, Clone, PartialEq)]
pub struct PresetParts {
    /// Short name: letters, digits, `-`.
    pub id: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Where the numbers come from.
    pub source: String,
    /// Width of the finished photo, pixels.
    pub width_px: u32,
    /// Height of the finished photo, pixels.
    pub height_px: u32,
    /// Density written into the file.
    pub dpi: u16,
    /// File rules.
    pub jpeg: JpegRules,
    /// Backdrops on offer; the first is the default.
    pub backdrops: Vec<Backdrop>,
    /// Geometry.
    pub windows: Windows,
    /// Largest rotation that may be used to level the eyes, degrees.
    pub max_level_deg: f64,
    /// Rules for everything that is not geometry of the finished file.
    pub rules: BTreeMap<Check, Rule>,
}

/// Why a preset cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PresetError {
    /// A field is outside what the software can do.
    #[error("`{field}` is out of range: {why}")]
    OutOfRange {
        /// The field's name.
        field: &'static str,
        /// What it must be.
        why: &'static str,
    },
    /// The windows exclude each other: no face can satisfy them.
    #[error("the geometry windows exclude each other: {0}")]
    Contradiction(&'static str),
    /// A rule that follows from the geometry or the file was given by hand too.
    #[error("the rule for `{0}` follows from the preset's geometry or file section and cannot be set apart")]
    DerivedRule(Check),
}

/// What one registry asks of a photo. Valid by construction.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    parts: PresetParts,
}

impl TryFrom<PresetParts> for Preset {
    type Error = PresetError;

    fn try_from(parts: PresetParts) -> Result<Self, PresetError> {
        let range =
            |ok: bool, field, why| if ok { Ok(()) } else { Err(PresetError::OutOfRange { field, why }) };
        let id_ok = (1..=40).contains(&parts.id.len())
            && parts.id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        range(id_ok, "id", "1 to 40 lower-case letters, digits or hyphens")?;
        range((64..=4096).contains(&parts.width_px), "width_px", "64 to 4096")?;
        range((64..=4096).contains(&parts.height_px), "height_px", "64 to 4096")?;
        range((50..=2400).contains(&parts.dpi), "dpi", "50 to 2400")?;
        range((1..=100).contains(&parts.jpeg.min_quality), "min_quality", "1 to 100")?;
        range(
            parts.jpeg.min_bytes < parts.jpeg.max_bytes && parts.jpeg.max_bytes <= 64 << 20,
            "max_bytes",
            "above min_bytes and at most 64 MiB",
        )?;
        range(!parts.backdrops.is_empty(), "backdrops", "at least one")?;
        range((0.0..=15.0).contains(&parts.max_level_deg), "max_level_deg", "0 to 15")?;
        let (width, height) = (f64::from(parts.width_px), f64::from(parts.height_px));
        let windows = &parts.windows;
        range(windows.face_width_px.min() >= 16.0, "face_width_px", "at least 16")?;
        range(windows.face_width_px.max() <= width, "face_width_px", "no wider than the photo")?;
        range(
            windows.eye_line_px.min() >= 0.0 && windows.eye_line_px.max() < height,
            "eye_line_px",
            "inside the photo",
        )?;
        range(
            (0.0..=width / 2.0).contains(&windows.centre_tolerance_px),
            "centre_tolerance_px",
            "0 to half the width",
        )?;
        if windows.hair_top_px.min() >= windows.eye_line_px.max() {
            return Err(PresetError::Contradiction("hair_top_px lies below eye_line_px"));
        }
        if let (Some(head), Some(below)) = (windows.head_length_px, windows.below_chin_px)
            && windows.hair_top_px.min() + head.min() + below.min() > height
        {
            return Err(PresetError::Contradiction(
                "hair_top_px + head_length_px + below_chin_px exceed the height",
            ));
        }
        if let Some(&check) = parts.rules.keys().find(|&&check| is_derived(check)) {
            return Err(PresetError::DerivedRule(check));
        }
        Ok(Self { parts })
    }
}

/// Whether a check's rule follows from the geometry and file sections.
fn is_derived(check: Check) -> bool {
    matches!(
        check,
        Check::EyeLine
            | Check::HairTop
            | Check::FaceWidth
            | Check::HeadLength
            | Check::BelowChin
            | Check::Centring
            | Check::FileWidth
            | Check::FileHeight
            | Check::FileDensity
            | Check::FileSize
            | Check::FileQuality
    )
}

impl Preset {
    /// Everything the preset says.
    pub fn parts(&self) -> &PresetParts {
        &self.parts
    }

    /// The same preset with other parts, checked again: a school may be stricter.
    pub fn with(&self, change: impl FnOnce(&mut PresetParts)) -> Result<Self, PresetError> {
        let mut parts = self.parts.clone();
        change(&mut parts);
        Self::try_from(parts)
    }

    /// Geometry windows.
    pub fn windows(&self) -> &Windows {
        &self.parts.windows
    }

    /// Width and height of the finished photo, pixels.
    pub fn size_px(&self) -> (u32, u32) {
        (self.parts.width_px, self.parts.height_px)
    }

    /// The backdrop that is used when nobody chose.
    pub fn default_backdrop(&self) -> &Backdrop {
        // `try_from` refuses an empty list.
        &self.parts.backdrops[0]
    }

    /// The backdrop of this name, where the preset offers it.
    pub fn backdrop(&self, name: &str) -> Option<&Backdrop> {
        self.parts.backdrops.iter().find(|backdrop| backdrop.name == name)
    }

    /// The rule for a check, from the geometry, the file section or the list of rules.
    pub fn rule(&self, check: Check) -> Option<Rule> {
        let parts = &self.parts;
        let windows = &parts.windows;
        let exactly = |value: f64| block(Some(value), Some(value));
        let within = |span: Span| block(Some(span.min()), Some(span.max()));
        match check {
            Check::EyeLine => Some(within(windows.eye_line_px)),
            Check::HairTop => {
                let rule = within(windows.hair_top_px);
                Some(if windows.hair_yields { Rule { severity: Severity::Note, ..rule } } else { rule })
            }
            Check::FaceWidth => Some(within(windows.face_width_px)),
            Check::HeadLength => windows.head_length_px.map(within),
            Check::BelowChin => windows.below_chin_px.map(within),
            Check::Centring => {
                Some(block(None, Some(windows.centre_tolerance_px / f64::from(parts.width_px))))
            }
            Check::FileWidth => Some(exactly(f64::from(parts.width_px))),
            Check::FileHeight => Some(exactly(f64::from(parts.height_px))),
            Check::FileDensity => Some(exactly(f64::from(parts.dpi))),
            #[expect(clippy::cast_precision_loss, reason = "bounded by 64 MiB")]
            Check::FileSize => {
                Some(block(Some(parts.jpeg.min_bytes as f64), Some(parts.jpeg.max_bytes as f64)))
            }
            Check::FileQuality => Some(block(Some(f64::from(parts.jpeg.min_quality)), None)),
            other => parts.rules.get(&other).copied(),
        }
    }
}

fn block(min: Option<f64>, max: Option<f64>) -> Rule {
    Rule { min, max, doubt: 0.0, severity: Severity::Block }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(min: f64, max: f64) -> Span {
        Span::new(min, max).unwrap()
    }

    fn parts() -> PresetParts {
        PresetParts {
            id: "chsi".into(),
            name_zh: "学信网".into(),
            name_en: "CHSI".into(),
            source: "教毕指〔2017〕99号".into(),
            width_px: 480,
            height_px: 640,
            dpi: 300,
            jpeg: JpegRules { min_quality: 60, min_bytes: 20 << 10, max_bytes: 40_000 },
            backdrops: vec![Backdrop { name: "light-blue".into(), colour: Rgb::LIGHT_BLUE }],
            windows: Windows {
                eye_line_px: span(200.0, 300.0),
                hair_top_px: span(50.0, 110.0),
                face_width_px: span(180.0, 300.0),
                head_length_px: None,
                below_chin_px: None,
                centre_tolerance_px: 15.0,
                hair_yields: false,
            },
            max_level_deg: 5.0,
            rules: BTreeMap::new(),
        }
    }

    #[test]
    fn derives_the_rules_of_geometry_and_file() {
        let preset = Preset::try_from(parts()).unwrap();
        let limits = |check| preset.rule(check).map(|rule| (rule.min, rule.max));
        assert_eq!(limits(Check::EyeLine), Some((Some(200.0), Some(300.0))));
        assert_eq!(limits(Check::FileWidth), Some((Some(480.0), Some(480.0))));
        assert_eq!(limits(Check::FileSize), Some((Some(20480.0), Some(40000.0))));
        assert_eq!(limits(Check::Yaw), None);
    }

    #[test]
    fn refuses_what_cannot_work() {
        type Spoil = fn(&mut PresetParts);
        let spoils: [(&str, Spoil); 9] = [
            ("id", |p| p.id = "Bad Id".into()),
            ("width_px", |p| p.width_px = 1_000_000),
            ("dpi", |p| p.dpi = 0),
            ("max_bytes", |p| p.jpeg.max_bytes = 0),
            ("backdrops", |p| p.backdrops.clear()),
            ("max_level_deg", |p| p.max_level_deg = f64::NAN),
            ("face_width_px", |p| p.windows.face_width_px = span(180.0, 900.0)),
            ("eye_line_px", |p| p.windows.eye_line_px = span(200.0, 700.0)),
            ("centre_tolerance_px", |p| p.windows.centre_tolerance_px = -1.0),
        ];
        for (field, spoil) in spoils {
            let mut parts = parts();
            spoil(&mut parts);
            match Preset::try_from(parts) {
                Err(PresetError::OutOfRange { field: found, .. }) => assert_eq!(found, field),
                other => panic!("{field}: {other:?}"),
            }
        }
        let mut low_hair = parts();
        low_hair.windows.hair_top_px = span(400.0, 500.0);
        assert!(matches!(Preset::try_from(low_hair), Err(PresetError::Contradiction(_))));
        let mut derived = parts();
        derived.rules.insert(Check::EyeLine, block(None, None));
        assert_eq!(Preset::try_from(derived), Err(PresetError::DerivedRule(Check::EyeLine)));
    }

    #[test]
    fn spans_tell_how_far_outside() {
        let window = span(50.0, 110.0);
        assert_eq!((window.excess(40.0), window.excess(80.0), window.excess(115.0)), (-10.0, 0.0, 5.0));
        assert_eq!(Span::new(2.0, 1.0), None);
        assert_eq!(Span::new(f64::NAN, 1.0), None);
    }
}
