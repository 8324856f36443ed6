//! The finished file: the best quality whose size lies in the preset's window.

use caixiang_domain::JpegRules;
use image::RgbImage;

use crate::jpeg::{self, JpegFailure, Sampling};

/// Below this quality, half the colour resolution at a higher quality looks better than full resolution.
const FULL_COLOUR_FROM: u8 = 85;
/// Above this the file grows and nobody sees why.
const BEST_QUALITY: u8 = 100;

/// An encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The file.
    pub bytes: Vec<u8>,
    /// Quality on libjpeg's scale.
    pub quality: u8,
    /// Colour planes at half resolution.
    pub half_colour: bool,
}

/// Encodes at the highest quality that fits under the upper bound, never below the floor.
///
/// Where even the floor is too large, the file at the floor comes back, and where the best quality is too small, that
/// one: the size check says so. Quality is searched by halving: the size grows with it.
///
/// # Errors
/// [`JpegFailure`] where libjpeg fails.
pub fn encode(picture: &RgbImage, rules: &JpegRules, dpi: u16) -> Result<Encoded, JpegFailure> {
    let floor = rules.min_quality.max(1);
    if let Some(full) = best(picture, rules, dpi, Sampling::Full, floor.max(FULL_COLOUR_FROM))? {
        return Ok(full);
    }
    if let Some(half) = best(picture, rules, dpi, Sampling::Half, floor)? {
        return Ok(half);
    }
    let bytes = jpeg::encode(picture, floor, Sampling::Half, dpi)?;
    Ok(Encoded { bytes, quality: floor, half_colour: true })
}

/// The best quality from `floor` up that fits, or `None` where not even `floor` does.
fn best(
    picture: &RgbImage,
    rules: &JpegRules,
    dpi: u16,
    sampling: Sampling,
    floor: u8,
) -> Result<Option<Encoded>, JpegFailure> {
    let attempt = |quality: u8| -> Result<Option<Encoded>, JpegFailure> {
        let bytes = jpeg::encode(picture, quality, sampling, dpi)?;
        let fits = bytes.len() as u64 <= rules.max_bytes;
        Ok(fits.then_some(Encoded { bytes, quality, half_colour: sampling == Sampling::Half }))
    };
    let Some(mut found) = attempt(floor)? else { return Ok(None) };
    let (mut low, mut high) = (floor, BEST_QUALITY.max(floor) + 1);
    while high - low > 1 {
        let middle = u8::midpoint(low, high);
        match attempt(middle)? {
            Some(better) => (low, found) = (middle, better),
            None => high = middle,
        }
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noisy(strength: u32) -> RgbImage {
        let mut state = 1_u32;
        RgbImage::from_fn(480, 640, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let value = (128 + (state >> 24) % strength.max(1)) as u8;
            image::Rgb([value, value / 2, 90])
        })
    }

    #[test]
    fn fills_the_window() {
        let rules = JpegRules { min_quality: 60, min_bytes: 20 << 10, max_bytes: 40_000 };
        for strength in [10, 30] {
            let encoded = encode(&noisy(strength), &rules, 300).unwrap();
            let size = encoded.bytes.len() as u64;
            assert!((rules.min_bytes..=rules.max_bytes).contains(&size), "{strength}: {size}");
            assert!(encoded.quality >= 60);
        }
    }

    #[test]
    fn keeps_the_floor_and_hands_back_what_there_is() {
        let rules = JpegRules { min_quality: 60, min_bytes: 20 << 10, max_bytes: 40_000 };
        let wild = encode(&noisy(127), &rules, 300).unwrap();
        assert_eq!(wild.quality, 60);
        assert!(wild.bytes.len() as u64 > rules.max_bytes);
        let plain = encode(&noisy(1), &rules, 300).unwrap();
        assert_eq!(plain.quality, 100);
        assert!((plain.bytes.len() as u64) < rules.min_bytes);
    }
}
