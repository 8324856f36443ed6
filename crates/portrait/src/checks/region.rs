//! Pixels inside parts of a face, and small statistics over them.

use caixiang_vision::Landmarks;
use image::RgbImage;

/// Outline of the face, clockwise from the forehead.
pub(super) const FACE_OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
/// The student's right cheek (left in the picture), away from eye, nose, mouth and outline.
pub(super) const RIGHT_CHEEK: [usize; 6] = [117, 101, 36, 206, 187, 123];
/// The student's left cheek.
pub(super) const LEFT_CHEEK: [usize; 6] = [346, 330, 266, 426, 411, 352];
/// The middle of the forehead, above the brows.
pub(super) const FOREHEAD: [usize; 6] = [109, 10, 338, 337, 9, 108];
/// The opening between the lips.
pub(super) const INNER_LIPS: [usize; 20] =
    [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95];

/// A pixel's colour as numbers 0 to 255.
pub(super) fn rgb(picture: &RgbImage, (x, y): (u32, u32)) -> [f32; 3] {
    picture.get_pixel(x, y).0.map(f32::from)
}

/// Brightness 0 to 255 by the Rec. 601 weights.
pub(super) fn luma([r, g, b]: [f32; 3]) -> f32 {
    0.299 * r + 0.587 * g + 0.114 * b
}

/// The pixels whose centres lie inside the polygon, clipped to the picture.
pub(super) fn inside(picture: &RgbImage, polygon: &[[f64; 2]]) -> Vec<(u32, u32)> {
    crate::polygon::inside(picture.width(), picture.height(), polygon)
}

/// The pixels inside the polygon of these landmarks.
pub(super) fn within(picture: &RgbImage, landmarks: &Landmarks, indices: &[usize]) -> Vec<(u32, u32)> {
    inside(picture, &landmarks.pick(indices))
}

/// The mean; `NaN` of nothing.
pub(super) fn mean(values: impl IntoIterator<Item = f32>) -> f32 {
    let (sum, count) = values.into_iter().fold((0.0_f64, 0_u32), |(s, n), v| (s + f64::from(v), n + 1));
    (sum / f64::from(count)) as f32
}

/// The value below which this share of the values lies; `NaN` of nothing.
pub(super) fn percentile(mut values: Vec<f32>, share: f64) -> f32 {
    if values.is_empty() {
        return f32::NAN;
    }
    let at = ((values.len() - 1) as f64 * share.clamp(0.0, 1.0)).round() as usize;
    *values.select_nth_unstable_by(at, f32::total_cmp).1
}

/// The median colour, channel by channel; `NaN`s of nothing.
pub(super) fn median_colour(picture: &RgbImage, pixels: &[(u32, u32)]) -> [f32; 3] {
    std::array::from_fn(|c| percentile(pixels.iter().map(|&p| rgb(picture, p)[c]).collect(), 0.5))
}

/// Euclidean distance of two colours, 0 to 441.7.
pub(super) fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles() {
        assert_eq!(percentile(vec![5.0, 1.0, 3.0], 0.5), 3.0);
        assert_eq!(percentile(vec![5.0, 1.0, 3.0], 1.0), 5.0);
        assert!(percentile(vec![], 0.5).is_nan());
    }
}
