//! Sharpness, motion blur, noise and enlargement, at the size of the picture that is measured.

pub(super) mod plane;

use caixiang_domain::{Check, Measurement, Unsure};
use caixiang_vision::Landmarks;

use super::Scene;
use super::region::{LEFT_CHEEK, RIGHT_CHEEK, inside, percentile, within};
use plane::Plane;

/// The right brow and eye in one outline, the lips, the left brow and eye: where a face has edges.
const DETAILS: [&[usize]; 3] = [
    &[70, 63, 105, 66, 107, 55, 133, 155, 154, 153, 145, 144, 163, 7, 33, 46],
    &[300, 293, 334, 296, 336, 285, 362, 382, 381, 380, 374, 373, 390, 249, 263, 276],
    &[61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185],
];

/// How far beyond the outlines of the details their edges reach.
const GROWTH: f64 = 1.2;
/// Pixels around the details that the filters need.
const MARGIN_PX: f64 = 12.0;
/// Side of the blocks in which noise is measured.
const BLOCK: usize = 8;
/// Fewer blocks than this say nothing.
const MIN_BLOCKS: usize = 6;
/// The finest octave over the middle one on faces that fill the frame pixel by pixel; see [`sharpness`].
const SHARP: f64 = 0.75;
/// With more noise than this, levels, the finest octave holds little else.
const MAX_NOISE: f64 = 6.0;
/// Enlarged further, the finest octave is empty and has no direction.
const MAX_MAGNIFICATION: f64 = 2.0;

pub(super) fn measure(scene: &Scene<'_>) -> Vec<Measurement> {
    let mut all = vec![upscaled(scene)];
    match Part::of(scene) {
        Some(part) => all.extend(part.measure(scene.magnification)),
        None => all.extend(
            [Check::Sharpness, Check::MotionBlur, Check::Noise]
                .map(|check| Measurement::unknown(check, Unsure::NotVisible)),
        ),
    }
    all
}

/// The enlargement as the pipeline did it. A source that had been enlarged before it came to us is not found here:
/// its missing octaves show as low sharpness.
fn upscaled(scene: &Scene<'_>) -> Measurement {
    Measurement::value(Check::Upscaled, scene.magnification)
}

/// The part of the face from the brows to the lips.
struct Part {
    plane: Plane,
    /// Places on it with edges.
    details: Vec<usize>,
    /// Upper left corners of blocks that lie wholly in a cheek.
    blocks: Vec<usize>,
}

impl Part {
    fn of(scene: &Scene<'_>) -> Option<Self> {
        let face = scene.landmarks;
        let outlines: Vec<_> = DETAILS.iter().map(|outline| grown(face, outline)).collect();
        let cheeks = [face.pick(&RIGHT_CHEEK), face.pick(&LEFT_CHEEK)];
        let points = || outlines.iter().chain(&cheeks).flatten();
        let low =
            |c: usize| (points().map(|p| p[c]).fold(f64::INFINITY, f64::min) - MARGIN_PX).max(0.0) as u32;
        let high = |c: usize| (points().map(|p| p[c]).fold(0.0, f64::max) + MARGIN_PX).max(0.0) as u32;
        let (left, top) = (low(0), low(1));
        let plane = Plane::cut(scene.picture, [left, top, high(0), high(1)]);
        if plane.values.is_empty() {
            return None;
        }
        let place = |(x, y): (u32, u32)| {
            let (x, y) = (x.checked_sub(left)? as usize, y.checked_sub(top)? as usize);
            (x < plane.width && y < plane.height).then(|| y * plane.width + x)
        };
        let details: Vec<_> =
            outlines.iter().flat_map(|outline| inside(scene.picture, outline)).filter_map(place).collect();
        let mut cheek = vec![false; plane.values.len()];
        for zone in [&RIGHT_CHEEK, &LEFT_CHEEK] {
            within(scene.picture, face, zone).into_iter().filter_map(place).for_each(|at| cheek[at] = true);
        }
        let blocks = blocks(&cheek, plane.width);
        (!details.is_empty()).then_some(Self { plane, details, blocks })
    }

    fn measure(&self, magnification: f64) -> Vec<Measurement> {
        let grain = noise(&self.plane, &self.blocks);
        let noise = match grain {
            Some(level) => Measurement::value(Check::Noise, level),
            None => Measurement::unknown(Check::Noise, Unsure::TooSmall),
        };
        let sharpness = if grain.is_some_and(|level| level > MAX_NOISE) {
            Measurement::unknown(Check::Sharpness, Unsure::Method)
        } else {
            Measurement::value(Check::Sharpness, sharpness(&self.plane, &self.details, &self.blocks))
        };
        let motion = if magnification > MAX_MAGNIFICATION {
            Measurement::unknown(Check::MotionBlur, Unsure::TooSmall)
        } else {
            Measurement::weak(Check::MotionBlur, isotropy(&self.plane, &self.details))
        };
        vec![sharpness, motion, noise]
    }
}

/// An outline, grown about its middle.
fn grown(face: &Landmarks, outline: &[usize]) -> Vec<[f64; 2]> {
    let points = face.pick(outline);
    let count = points.len() as f64;
    let middle = [0, 1].map(|c| points.iter().map(|p| p[c]).sum::<f64>() / count);
    points.into_iter().map(|p| [0, 1].map(|c| middle[c] + GROWTH * (p[c] - middle[c]))).collect()
}

/// Corners of the blocks of a grid that lie wholly inside.
fn blocks(inside: &[bool], width: usize) -> Vec<usize> {
    let height = inside.len() / width.max(1);
    let rows = (0..(height + 1).saturating_sub(BLOCK)).step_by(BLOCK);
    rows.flat_map(|y| (0..(width + 1).saturating_sub(BLOCK)).step_by(BLOCK).map(move |x| y * width + x))
        .filter(|corner| (0..BLOCK).all(|y| (0..BLOCK).all(|x| inside[corner + y * width + x])))
        .collect()
}

/// The value of a filtered plane's standard deviation that this share of the blocks lies below.
fn block_deviation(plane: &Plane, blocks: &[usize], share: f64) -> Option<f64> {
    let deviation = |corner: &usize| {
        let count = (BLOCK * BLOCK) as f32;
        let (mut sum, mut squares) = (0.0, 0.0);
        for y in 0..BLOCK {
            let from = corner + y * plane.width;
            for value in &plane.values[from..from + BLOCK] {
                sum += value;
                squares += value * value;
            }
        }
        (squares / count - (sum / count).powi(2)).max(0.0).sqrt()
    };
    (blocks.len() >= MIN_BLOCKS).then(|| f64::from(percentile(blocks.iter().map(deviation).collect(), share)))
}

/// Noise on the cheeks, levels (standard deviation).
///
/// The picture under the mask 1 −2 1 / −2 4 −2 / 1 −2 1, which cancels shading and straight edges (Immerkær 1996), a
/// sixth of its deviation in blocks, of these the lower quartile: pores, stubble and the ridge of a cheek fill some
/// blocks, noise all of them. Enlarging smooths noise away, so this is what is left of it in the finished photo.
fn noise(plane: &Plane, blocks: &[usize]) -> Option<f64> {
    let mut values = vec![0.0; plane.values.len()];
    for y in 1..plane.height.saturating_sub(1) {
        let rows = [y - 1, y, y + 1].map(|y| &plane.values[y * plane.width..(y + 1) * plane.width]);
        for x in 1..plane.width.saturating_sub(1) {
            let second = |row: &[f32]| row[x - 1] - 2.0 * row[x] + row[x + 1];
            values[y * plane.width + x] = (second(rows[0]) - 2.0 * second(rows[1]) + second(rows[2])) / 6.0;
        }
    }
    block_deviation(&Plane { values, ..*plane }, blocks, 0.25)
}

fn energy(plane: &Plane, places: &[usize]) -> f64 {
    places.iter().map(|&at| f64::from(plane.values[at]).powi(2)).sum::<f64>() / places.len().max(1) as f64
}

/// Contrast of eyes, brows and mouth in the finest octave (below σ 1 px) over that in a middle one (σ 2 to 4 px),
/// scaled so that a face photographed pixel by pixel has about 1.
///
/// Natural pictures have about equal contrast in every octave (Field 1987), and blur takes the finest first; the ratio
/// depends neither on exposure nor on the strength of someone's brows. The noise that the flat parts of the cheeks
/// show in the finest octave is subtracted. ISO/IEC 29794-5 trains a forest on Sobel and Laplacian statistics; we do
/// with one number that can be explained.
fn sharpness(plane: &Plane, details: &[usize], blocks: &[usize]) -> f64 {
    let first = plane.smooth(1.0);
    // Gaussians compose: σ² adds up to 2² and 4².
    let second = first.smooth(3.0_f32.sqrt());
    let third = second.smooth(12.0_f32.sqrt());
    let finest = plane.minus(&first);
    let grain = block_deviation(&finest, blocks, 0.4).unwrap_or(0.0);
    let fine = (energy(&finest, details) - grain * grain).max(0.0);
    let middle = energy(&second.minus(&third), details);
    // Nothing to see at all: not sharp.
    if middle < 0.05 { 0.0 } else { (fine / middle).sqrt() / SHARP }
}

/// How evenly detail is kept in all directions: differences over 1 px relative to those over 5 px along four
/// directions, the smallest over the largest. 1 is the same everywhere; motion lowers it along its path.
///
/// Faces of themselves have more lines across than upright, and the ranges of sharp and of shaken faces overlap: a
/// weak number.
fn isotropy(plane: &Plane, details: &[usize]) -> f64 {
    let width = plane.width.max(1);
    let along = |(dx, dy): (isize, isize), reach: isize| -> f64 {
        let difference = |&at: &usize| {
            let (x, y) = ((at % width) as isize, (at / width) as isize);
            let (dx, dy) = (dx * reach, dy * reach);
            f64::from(plane.at(x + dx, y + dy) - plane.at(x - dx, y - dy)).powi(2)
        };
        details.iter().step_by(2).map(difference).sum()
    };
    let kept = [(1, 0), (1, 1), (0, 1), (-1, 1)].map(|way| (along(way, 1) / along(way, 5)).sqrt());
    kept.into_iter().fold(f64::INFINITY, f64::min) / kept.into_iter().fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Random rectangles, as sharp as pixels are, on the left; a flat cheek on the right.
    fn scene() -> (Plane, Vec<usize>, Vec<usize>) {
        let mut random = random();
        let (width, height) = (160, 120);
        let mut values = vec![120.0; width * height];
        for _ in 0..300 {
            let [x, y, w, h] = [70.0, 110.0, 12.0, 12.0].map(|most| (random() * most) as usize);
            let level = (random() * 160.0) as f32 + 40.0;
            for y in y..(y + h).min(height) {
                values[y * width + x..y * width + x + w].fill(level);
            }
        }
        let plane = Plane { width, height, values };
        let details = (0..width * height).filter(|at| at % width < 80).collect();
        let cheek: Vec<bool> = (0..width * height).map(|at| at % width > 100).collect();
        (plane, details, blocks(&cheek, width))
    }

    /// A small linear congruential generator, 0 to 1.
    fn random() -> impl FnMut() -> f64 {
        let mut state = 7_u64;
        move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        }
    }

    fn noisy(plane: &Plane, deviation: f64) -> Plane {
        let mut random = random();
        let mut gauss = || (0..12).map(|_| random()).sum::<f64>() - 6.0;
        let values = plane.values.iter().map(|v| v + (deviation * gauss()) as f32).collect();
        Plane { values, ..*plane }
    }

    #[test]
    fn sharpness_falls_with_blur_and_not_with_gain() {
        let (plane, details, blocks) = scene();
        let sharp = sharpness(&plane, &details, &blocks);
        let blurred = [0.7, 1.0, 1.5, 2.0, 3.0].map(|s| sharpness(&plane.smooth(s), &details, &blocks));
        assert!(sharp > 0.7, "{sharp}");
        assert!(blurred.iter().rev().is_sorted() && blurred[0] < sharp, "{sharp} {blurred:?}");
        assert!(blurred[3] < 0.35, "{blurred:?}");
        let faint = Plane { values: plane.values.iter().map(|v| v * 0.3).collect(), ..plane };
        assert!((sharpness(&faint, &details, &blocks) - sharp).abs() < 0.01);
    }

    #[test]
    fn noise_is_measured_and_not_taken_for_sharpness() {
        let (plane, details, blocks) = scene();
        for level in [0.0, 2.0, 4.0, 8.0] {
            let found = noise(&noisy(&plane, level), &blocks).unwrap();
            assert!((found - level).abs() < 0.15 * level + 0.05, "{level}: {found}");
        }
        let soft = plane.smooth(2.0);
        let clean = sharpness(&soft, &details, &blocks);
        let grainy = sharpness(&noisy(&soft, 4.0), &details, &blocks);
        assert!((grainy - clean).abs() < 0.1, "{clean} {grainy}");
    }

    #[test]
    fn motion_has_a_direction() {
        let (plane, details, _) = scene();
        let mut dragged = plane.clone();
        for (at, value) in dragged.values.iter_mut().enumerate() {
            let (x, y) = ((at % plane.width) as isize, (at / plane.width) as isize);
            *value = (-4..=4).map(|dx| plane.at(x + dx, y)).sum::<f32>() / 9.0;
        }
        let [still, soft, moved] =
            [&plane, &plane.smooth(2.0), &dragged].map(|plane| isotropy(plane, &details));
        assert!(still > 0.65 && soft > 0.65 && moved < 0.55, "{still} {soft} {moved}");
    }

    #[test]
    fn too_few_blocks_say_nothing() {
        let (plane, _, blocks) = scene();
        assert_eq!(noise(&plane, &blocks[..3]), None);
    }
}
