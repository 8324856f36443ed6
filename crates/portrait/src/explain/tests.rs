//! The whole sheet from a made-up face: no model runs.

use std::collections::BTreeMap;
use std::path::PathBuf;

use caixiang_domain::{
    Backdrop, Check, JpegRules, Measurement, PresetParts, Rgb, Rule, Severity, Span, Unsure, Windows,
};

use super::*;
use style::PAPER;

/// The bundled font, where the set-up has fetched it.
pub(super) fn font() -> Vec<u8> {
    let cache = std::env::var_os("CAIXIANG_CACHE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.cache")), PathBuf::from);
    std::fs::read(cache.join("fonts/NotoSansSC-Regular.ttf"))
        .expect("the font is fetched by `cargo xtask setup`")
}

fn preset() -> Preset {
    let span = |min, max| Span::new(min, max).unwrap();
    Preset::try_from(PresetParts {
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
            centre_tolerance_px: 14.0,
            hair_yields: false,
        },
        max_level_deg: 5.0,
        rules: BTreeMap::new(),
    })
    .unwrap()
}

fn lines() -> Lines {
    // Landmarks round a circle: nonsense as a face, good enough to be drawn.
    let place = |index: usize| {
        let turn = index as f32 * 0.7;
        [240.0 + 90.0 * turn.cos(), 260.0 + 120.0 * turn.sin()]
    };
    Lines::from_places(place, [[150.0, 260.0], [330.0, 260.0]])
}

/// Draws a sheet on which every check says something of this length, with values out of all proportion if asked.
fn drawn(font: &[u8], picture: (u32, u32), size: f64, words: &str) -> RgbImage {
    let camera = RgbImage::from_pixel(picture.0, picture.1, image::Rgb([90, 120, 60]));
    let alpha =
        Mask::from_fn(picture.0 as usize, picture.1 as usize, |x, _| (x as f32 / 60.0 - 2.0).clamp(0.0, 1.0));
    let preset = preset();
    let severities = [Severity::Block, Severity::Warn, Severity::Note];
    let measurements: Vec<_> = Check::ALL
        .iter()
        .enumerate()
        .map(|(index, &check)| {
            if index % 7 == 0 {
                Measurement::unknown(check, Unsure::Method)
            } else {
                Measurement::value(check, size)
            }
        })
        .collect();
    let verdict = Verdict::judge(&measurements, |check| {
        let severity = severities[check as usize % 3];
        preset.rule(check).or(Some(Rule {
            min: None,
            max: Some(200.0 * (check as usize % 2) as f64),
            doubt: 0.0,
            severity,
        }))
    });
    let view = View {
        camera: &camera,
        lines: lines(),
        pose: Pose { yaw_deg: 3.0, pitch_deg: -4.0, roll_deg: f64::NAN },
        photo: &camera,
        alpha: &alpha,
        changed: true,
        preset: &preset,
        verdict: &verdict,
        sha256: &[0xAB; 32],
    };
    sheet::draw(&view, &|finding| format!("{words}{}", finding.check), font).unwrap()
}

#[test]
fn margins_stay_white_whatever_is_said() {
    let font = font();
    let long = "眼睛到照片上边的距离，unbreakable".repeat(6);
    let cases = [
        ((480, 640), 100.0, ""),
        ((480, 640), 100.0, long.as_str()),
        ((480, 640), 1e9, "头"),
        ((480, 640), -1e9, "头"),
        ((900, 300), 40.0, ""),
        ((60, 400), 3.0, ""),
        ((8, 8), 3.0, ""),
    ];
    for (picture, size, words) in cases {
        let sheet = drawn(&font, picture, size, words);
        let margin = sheet::MARGIN as u32 - 8;
        let (width, height) = sheet.dimensions();
        assert_eq!(width, sheet::WIDTH as u32);
        for (x, y, pixel) in sheet.enumerate_pixels() {
            let edge = x < margin || y < margin || x >= width - margin || y >= height - margin;
            assert!(!edge || pixel.0 == PAPER.rgb, "{picture:?} {size}: {x}, {y} of {width}×{height}");
        }
    }
}

#[test]
fn a_longer_list_makes_a_taller_sheet() {
    let font = font();
    let short = drawn(&font, (480, 640), 100.0, "");
    let long = drawn(&font, (480, 640), 100.0, &"很长的一句话，".repeat(12));
    assert!(long.height() > short.height());
}

#[test]
fn a_damaged_font_gives_no_sheet() {
    let preset = preset();
    let camera = RgbImage::new(48, 64);
    let alpha = Mask::from_fn(48, 64, |_, _| 1.0);
    let view = View {
        camera: &camera,
        lines: lines(),
        pose: Pose { yaw_deg: 0.0, pitch_deg: 0.0, roll_deg: 0.0 },
        photo: &camera,
        alpha: &alpha,
        changed: false,
        preset: &preset,
        verdict: &Verdict::default(),
        sha256: &[0; 32],
    };
    let failed = sheet::draw(&view, &|finding| finding.check.to_string(), b"no font");
    assert!(matches!(failed, Err(ExplainError::Font)));
}
