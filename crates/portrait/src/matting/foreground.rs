//! The person's own colours at soft edges, where the camera saw a mixture with the old background.
//!
//! Fast multi-level foreground estimation (T. Germer, T. Uelwer, S. Conrad, S. Harmeling, 2020): foreground and
//! background colours that explain the picture and are smooth where alpha changes, from coarse to fine.

use caixiang_vision::Mask;
use image::RgbImage;
use rayon::prelude::*;

/// Smoothness everywhere.
const EVERYWHERE: f32 = 1e-5;
/// Rounds on levels up to [`SMALL`] pixels, and on larger ones.
const ROUNDS: (usize, usize) = (10, 2);
const SMALL: usize = 32;

type Colour = [f32; 3];

/// One size of the picture.
struct Level {
    width: usize,
    height: usize,
    colours: Vec<Colour>,
    alpha: Vec<f32>,
}

#[derive(Clone, Copy)]
struct Pair {
    foreground: Colour,
    background: Colour,
}

/// Estimates the foreground's colour in every pixel.
pub(super) fn estimate(picture: &RgbImage, alpha: &Mask) -> RgbImage {
    let (width, height) = (alpha.width(), alpha.height());
    let longer = width.max(height).max(2);
    let levels = (longer as f64).log2().ceil() as i32;
    let size = |length: usize, level: i32| {
        ((length as f64).powf(f64::from(level) / f64::from(levels)).round() as usize).clamp(1, length)
    };
    let mut pairs = vec![Pair { foreground: [0.5; 3], background: [0.5; 3] }];
    let (mut old_width, mut old_height) = (1, 1);
    for number in 0..=levels {
        let level = level_of(picture, alpha, size(width, number), size(height, number));
        let mut next: Vec<Pair> = (0..level.width * level.height)
            .map(|at| {
                let x = (at % level.width) * old_width / level.width;
                let y = (at / level.width) * old_height / level.height;
                pairs[y * old_width + x]
            })
            .collect();
        let rounds = if level.width.max(level.height) <= SMALL { ROUNDS.0 } else { ROUNDS.1 };
        let mut scratch = next.clone();
        for _ in 0..rounds {
            relax(&level, &next, &mut scratch);
            std::mem::swap(&mut next, &mut scratch);
        }
        (pairs, old_width, old_height) = (next, level.width, level.height);
    }
    let mut out = picture.clone();
    for ((pixel, pair), &a) in out.pixels_mut().zip(&pairs).zip(alpha.values()) {
        // Where the pixel is the person's alone, the camera's own value stays to the bit.
        if a < 1.0 {
            pixel.0 = pair.foreground.map(|value| (value * 255.0 + 0.5).clamp(0.0, 255.0) as u8);
        }
    }
    out
}

fn level_of(picture: &RgbImage, alpha: &Mask, width: usize, height: usize) -> Level {
    let (full_width, full_height) = (alpha.width(), alpha.height());
    let raw = picture.as_raw();
    let place = |at: usize| {
        let x = (at % width) * full_width / width;
        let y = (at / width) * full_height / height;
        y * full_width + x
    };
    let colours = (0..width * height)
        .map(|at| std::array::from_fn(|c| f32::from(raw[place(at) * 3 + c]) / 255.0))
        .collect();
    let alpha = (0..width * height).map(|at| alpha.values()[place(at)]).collect();
    Level { width, height, colours, alpha }
}

/// One round: each pixel's pair of colours from its own colour and its neighbours' pairs (a 2×2 system a channel).
fn relax(level: &Level, old: &[Pair], new: &mut [Pair]) {
    let (width, height) = (level.width, level.height);
    new.par_chunks_mut(width).enumerate().for_each(|(y, line)| {
        for (x, pair) in line.iter_mut().enumerate() {
            let at = y * width + x;
            let a = level.alpha[at];
            let neighbours = [
                at - usize::from(x > 0),
                at + usize::from(x + 1 < width),
                if y > 0 { at - width } else { at },
                if y + 1 < height { at + width } else { at },
            ];
            let (mut ff, fb, mut bb) = (a * a, a * (1.0 - a), (1.0 - a) * (1.0 - a));
            let mut right_f: Colour = level.colours[at].map(|c| a * c);
            let mut right_b: Colour = level.colours[at].map(|c| (1.0 - a) * c);
            for other in neighbours {
                let weight = EVERYWHERE + (a - level.alpha[other]).abs();
                ff += weight;
                bb += weight;
                for c in 0..3 {
                    right_f[c] += weight * old[other].foreground[c];
                    right_b[c] += weight * old[other].background[c];
                }
            }
            let scale = 1.0 / (ff * bb - fb * fb).max(f32::MIN_POSITIVE);
            for c in 0..3 {
                pair.foreground[c] = ((bb * right_f[c] - fb * right_b[c]) * scale).clamp(0.0, 1.0);
                pair.background[c] = ((ff * right_b[c] - fb * right_f[c]) * scale).clamp(0.0, 1.0);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_old_background_out_of_the_edge() {
        let alpha = Mask::from_fn(120, 120, |x, _| ((60.0 - x as f32) / 12.0 + 0.5).clamp(0.0, 1.0));
        let (person, wall) = ([180.0_f32, 120.0, 90.0], [30.0_f32, 90.0, 200.0]);
        let picture = RgbImage::from_fn(120, 120, |x, y| {
            let a = alpha.at(x as isize, y as isize);
            image::Rgb(std::array::from_fn(|c| (a * person[c] + (1.0 - a) * wall[c]).round() as u8))
        });
        let foreground = estimate(&picture, &alpha);
        for x in 50..64 {
            let pixel = foreground.get_pixel(x, 60);
            for c in 0..3 {
                assert!((f32::from(pixel[c]) - person[c]).abs() < 12.0, "{x}: {pixel:?}");
            }
        }
        assert_eq!(foreground.get_pixel(10, 60), picture.get_pixel(10, 60));
    }
}
