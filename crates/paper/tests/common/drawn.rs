//! Photos that are drawn, and of nobody.

use std::sync::Arc;

use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

/// A drawn head and shoulders on light blue: nobody. Noise makes the file as large as a real one.
pub(crate) fn drawn(seed: u32, width: u32, height: u32, quality: u8) -> Arc<[u8]> {
    let mut state = seed.wrapping_mul(2_654_435_761).max(1);
    let picture = RgbImage::from_fn(width, height, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let (u, v) = (f64::from(x) / f64::from(width) - 0.5, f64::from(y) / f64::from(height));
        let within =
            |cx: f64, cy: f64, rx: f64, ry: f64| ((u - cx) / rx).powi(2) + ((v - cy) / ry).powi(2) < 1.0;
        let shade = (state % 9) as u8;
        let tone = |r: u8, g: u8, b: u8| {
            Rgb([r.saturating_sub(shade), g.saturating_sub(shade), b.saturating_sub(shade)])
        };
        if within(-0.07, 0.38, 0.025, 0.012) || within(0.07, 0.38, 0.025, 0.012) {
            tone(40, 35, 35)
        } else if within(0.0, 0.50, 0.06, 0.012) {
            tone(190, 90, 90)
        } else if within(0.0, 0.40, 0.18, 0.22) {
            tone(236, 200, 170)
        } else if within(0.0, 0.34, 0.22, 0.24) {
            tone(45, 40, 38)
        } else if within(0.0, 1.0, 0.42, 0.30) {
            tone(60, 70 + (seed % 60) as u8, 110)
        } else {
            Rgb([100, 197, 255])
        }
    });
    let mut bytes = Vec::new();
    // Memory takes everything; no bytes would fail whatever is tested.
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode(picture.as_raw(), width, height, ExtendedColorType::Rgb8)
        .unwrap_or_default();
    bytes.into()
}
