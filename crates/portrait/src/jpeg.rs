//! JPEG by libjpeg (mozjpeg): scaled decoding, plain baseline encoding, and a look at a file's markers.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::RgbImage;
use mozjpeg::{ColorSpace, Compress, Decompress, PixelDensity, PixelDensityUnit};

/// libjpeg gave up on the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("libjpeg refused the data")]
pub struct JpegFailure;

/// How the colour planes are thinned out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    /// Full colour resolution (4:4:4): clean edges against a saturated backdrop.
    Full,
    /// Half in both directions (4:2:0).
    Half,
}

/// Decodes to RGB at `eighths`/8 of the size (1, 2, 4 or 8), which costs far less than decoding and scaling.
///
/// The caller has checked the size in the header against its limits.
///
/// # Errors
/// [`JpegFailure`] on data that libjpeg cannot decode, CMYK among it.
pub fn decode(bytes: &[u8], eighths: u8) -> Result<RgbImage, JpegFailure> {
    // libjpeg's errors arrive as unwinding from inside the library.
    catch_unwind(AssertUnwindSafe(|| {
        let mut decompress = Decompress::new_mem(bytes).ok()?;
        decompress.scale(eighths);
        let mut started = decompress.rgb().ok()?;
        let (width, height) = (started.width(), started.height());
        let mut pixels = vec![0_u8; width.checked_mul(height)?.checked_mul(3)?];
        started.read_scanlines_into::<u8>(&mut pixels).ok()?;
        started.finish().ok()?;
        RgbImage::from_raw(width.try_into().ok()?, height.try_into().ok()?, pixels)
    }))
    .ok()
    .flatten()
    .ok_or(JpegFailure)
}

/// Encodes as a baseline JPEG with a JFIF header that carries the density, and nothing else.
///
/// # Errors
/// [`JpegFailure`] on a picture that libjpeg cannot take (over 65,500 pixels on a side).
pub fn encode(picture: &RgbImage, quality: u8, sampling: Sampling, dpi: u16) -> Result<Vec<u8>, JpegFailure> {
    catch_unwind(AssertUnwindSafe(|| {
        let mut compress = Compress::new(ColorSpace::JCS_RGB);
        // libjpeg-turbo's settings: registries read baseline everywhere, and the search for the quality runs often.
        compress.set_fastest_defaults();
        compress.set_size(picture.width() as usize, picture.height() as usize);
        compress.set_color_space(ColorSpace::JCS_YCbCr);
        compress.set_quality(f32::from(quality));
        compress.set_optimize_coding(true);
        compress.set_pixel_density(PixelDensity { unit: PixelDensityUnit::Inches, x: dpi, y: dpi });
        let step = match sampling {
            Sampling::Full => 1,
            Sampling::Half => 2,
        };
        compress.set_chroma_sampling_pixel_sizes((step, step), (step, step));
        let mut started = compress.start_compress(Vec::new()).ok()?;
        started.write_scanlines(picture.as_raw()).ok()?;
        started.finish().ok()
    }))
    .ok()
    .flatten()
    .ok_or(JpegFailure)
}

/// What the markers of a JPEG say, without decoding it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markers {
    /// Whether the end-of-image marker is there.
    pub complete: bool,
    /// Quality on libjpeg's scale, from the luminance table.
    pub quality: Option<u8>,
    /// Baseline (SOF0), and not progressive or another process.
    pub baseline: bool,
    /// Bits a sample and number of components.
    pub precision_components: Option<(u8, u8)>,
    /// JFIF density in dots an inch, where the header gives one.
    pub density_dpi: Option<(u16, u16)>,
    /// Segments other than JFIF that carry records: EXIF, ICC, XMP, Photoshop, comments.
    pub records: usize,
}

/// Walks the markers (ITU-T T.81, annex B). Never reads beyond the data.
pub fn markers(bytes: &[u8]) -> Markers {
    let mut found = Markers::default();
    let mut at = 2;
    while let Some(marker) = next_marker(bytes, &mut at) {
        match marker {
            0xD9 => {
                found.complete = true;
                break;
            }
            0x01 | 0xD0..=0xD8 => continue,
            _ => {}
        }
        let Some(length) = bytes.get(at..at + 2).map(|b| usize::from(u16::from_be_bytes([b[0], b[1]])))
        else {
            break;
        };
        let Some(body) = bytes.get(at + 2..at + length.max(2)) else { break };
        match marker {
            0xDB => found.quality = found.quality.or_else(|| quality_of(body)),
            // Start of frame, all processes; C4, C8 and CC are other things.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                found.baseline = marker == 0xC0;
                found.precision_components = body.first().copied().zip(body.get(5).copied());
            }
            0xE0 if body.starts_with(b"JFIF\0") => found.density_dpi = density_of(body),
            0xE1..=0xEF | 0xFE => found.records += 1,
            _ => {}
        }
        at += length.max(2);
    }
    found
}

/// Finds the next marker at or after `at`, skipping entropy-coded data, and steps behind it.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let start = *at + bytes.get(*at..)?.iter().position(|&b| b == 0xFF)?;
        let code = *bytes.get(start + 1)?;
        // FF 00 is a stuffed byte; FF FF is filling.
        *at = start + if code == 0xFF { 1 } else { 2 };
        if !matches!(code, 0x00 | 0xFF) {
            return Some(code);
        }
    }
}

fn density_of(jfif: &[u8]) -> Option<(u16, u16)> {
    let unit = *jfif.get(7)?;
    let number = |i: usize| Some(u16::from_be_bytes([*jfif.get(i)?, *jfif.get(i + 1)?]));
    let (x, y) = (number(8)?, number(10)?);
    let inch = |per_cm: u16| (f64::from(per_cm) * 2.54).round() as u16;
    match unit {
        1 => Some((x, y)),
        2 => Some((inch(x), inch(y))),
        _ => None,
    }
}

/// libjpeg's quality from the luminance table: its tables are the standard's (T.81, table K.1) times one factor.
fn quality_of(table: &[u8]) -> Option<u8> {
    // Sum of the 64 entries of table K.1.
    const STANDARD_SUM: f64 = 3688.0;
    let (&kind, entries) = table.split_first()?;
    if kind & 0x0F != 0 {
        return None;
    }
    let sum: f64 = if kind >> 4 == 0 {
        entries.get(..64)?.iter().map(|&e| f64::from(e)).sum()
    } else {
        entries.get(..128)?.chunks_exact(2).map(|e| f64::from(u16::from_be_bytes([e[0], e[1]]))).sum()
    };
    let percent = sum / STANDARD_SUM * 100.0;
    let quality = if percent <= 100.0 { (200.0 - percent) / 2.0 } else { 5000.0 / percent };
    Some(quality.round().clamp(1.0, 100.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn picture() -> RgbImage {
        RgbImage::from_fn(64, 48, |x, y| image::Rgb([(x * 4) as u8, (y * 5) as u8, 90]))
    }

    #[test]
    fn writes_what_it_says() {
        for quality in [60, 75, 90, 98] {
            let bytes = encode(&picture(), quality, Sampling::Half, 300).unwrap();
            let seen = markers(&bytes);
            assert!(seen.complete && seen.baseline);
            assert_eq!(seen.records, 0);
            assert_eq!(seen.density_dpi, Some((300, 300)));
            assert_eq!(seen.precision_components, Some((8, 3)));
            assert!(seen.quality.unwrap().abs_diff(quality) <= 1, "{quality}: {seen:?}");
            assert_eq!(decode(&bytes, 8).unwrap().dimensions(), (64, 48));
            assert_eq!(decode(&bytes, 4).unwrap().dimensions(), (32, 24));
        }
    }

    #[test]
    fn a_cut_file_is_not_complete() {
        let bytes = encode(&picture(), 90, Sampling::Full, 300).unwrap();
        assert!(!markers(&bytes[..bytes.len() - 2]).complete);
        assert!(!markers(&bytes[..bytes.len() / 2]).complete);
        assert!(decode(b"\xFF\xD8 no jpeg at all", 8).is_err());
    }

    proptest! {
        #[test]
        fn never_panics_on_noise(noise in proptest::collection::vec(any::<u8>(), 0..600)) {
            let mut bytes = vec![0xFF, 0xD8];
            bytes.extend(noise);
            markers(&bytes);
            let _ = decode(&bytes, 8);
        }

        #[test]
        fn never_panics_on_a_damaged_file(at in 0_usize..2000, value in any::<u8>()) {
            let mut bytes = encode(&picture(), 90, Sampling::Full, 300).unwrap();
            let length = bytes.len();
            bytes[at % length] = value;
            markers(&bytes);
            if let Ok(picture) = decode(&bytes, 1) {
                prop_assert!(picture.width() <= 8192);
            }
        }
    }
}
