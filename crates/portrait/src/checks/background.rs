//! The background the student stood before.

use caixiang_domain::{Check, Measurement, Unsure};
use caixiang_vision::Mask;
use image::RgbImage;

use super::Scene;
use super::region::{distance, median_colour, percentile, rgb};

/// Every third pixel in each direction is enough for a percentile.
const STEP: u32 = 3;
/// How far from the person a pixel must be, so that hair and cast light at the edge do not count.
const CLEAR_PX: isize = 4;
/// Fewer samples than this say nothing.
const MIN_SAMPLES: usize = 200;

pub(super) fn measure(scene: &Scene<'_>) -> Vec<Measurement> {
    let pixels = outside(scene.picture, scene.alpha);
    vec![if pixels.len() < MIN_SAMPLES {
        Measurement::unknown(Check::SourceBackground, Unsure::NotVisible)
    } else {
        Measurement::value(Check::SourceBackground, unevenness(scene.picture, &pixels))
    }]
}

/// Pixels that are surely not the person's, with their surroundings.
fn outside(picture: &RgbImage, alpha: &Mask) -> Vec<(u32, u32)> {
    let empty = |x: u32, y: u32| {
        let (x, y) = (x as isize, y as isize);
        [-CLEAR_PX, 0, CLEAR_PX]
            .iter()
            .all(|dy| [-CLEAR_PX, 0, CLEAR_PX].iter().all(|dx| alpha.at(x + dx, y + dy) < 0.05))
    };
    let rows = (0..picture.height()).step_by(STEP as usize);
    rows.flat_map(|y| (0..picture.width()).step_by(STEP as usize).map(move |x| (x, y)))
        .filter(|&(x, y)| empty(x, y))
        .collect()
}

/// The distance from the median colour within which nine tenths of the background lie, sRGB levels.
///
/// ISO/IEC 29794-5 takes the mean gradient of the background's luminance; a distance in colour also sees two flat
/// halves and smooth gradients, and a tenth of the area (a socket, the edge of a screen) may differ.
fn unevenness(picture: &RgbImage, pixels: &[(u32, u32)]) -> f64 {
    let middle = median_colour(picture, pixels);
    f64::from(percentile(pixels.iter().map(|&p| distance(rgb(picture, p), middle)).collect(), 0.9))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    #[test]
    fn sees_gradients_and_not_the_person() {
        let alpha = Mask::from_fn(90, 90, |x, _| f32::from(u8::from(x >= 60)));
        let check = |slope: u32| {
            let picture = RgbImage::from_fn(90, 90, |x, y| {
                if x >= 57 { Rgb([255, 0, 0]) } else { Rgb([(100 + slope * y / 10) as u8; 3]) }
            });
            unevenness(&picture, &outside(&picture, &alpha))
        };
        assert_eq!(check(0), 0.0);
        let found = [check(1), check(4), check(12)];
        assert!(found.is_sorted() && found[0] > 0.0 && found[2] > 60.0, "{found:?}");
    }
}
