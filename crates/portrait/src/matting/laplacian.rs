//! Closed-form matting (A. Levin, D. Lischinski, Y. Weiss: A Closed-Form Solution to Natural Image Matting, 2008),
//! over the unknown pixels only.
//!
//! The matting Laplacian of 3×3 windows couples each pixel with the 5×5 around it. Rows exist for unknown pixels
//! alone; known neighbours go to the right-hand side. The system is solved by conjugate gradients with a diagonal
//! preconditioner, started from what the masks say.

use caixiang_vision::Mask;
use image::RgbImage;
use rayon::prelude::*;

use super::trimap::{Known, Trimap};

/// Regularisation of a window's colour covariance, for colours 0 to 1: the paper's value.
const EPSILON: f64 = 1e-7;
/// Pull of each unknown pixel towards the masks: keeps the solution from leaking where colours are alike. Stronger pulls
/// leave a haze of the old background on real photos.
const PRIOR: f32 = 1e-3;
/// Alpha nearer than this to 0 or 1 is the noise of the solution, and shows as a haze on a plain backdrop.
const HAZE: f32 = 0.03;
/// Relative residual at which the solution stands still to the eye (below half a grey level).
const TOLERANCE: f64 = 2e-3;
const MAX_ROUNDS: usize = 160;
/// Pixels of a 3×3 window, as offsets.
const WINDOW: [(isize, isize); 9] =
    [(-1, -1), (0, -1), (1, -1), (-1, 0), (0, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];
/// Index of the middle among the 25 neighbours.
const SELF: usize = 12;

/// Mean colour and inverse covariance of a window: μ, then the six entries of the symmetric inverse. In double precision:
/// a window across one edge has a covariance of rank one but for [`EPSILON`], and its determinant drowns in single.
type Window = ([f64; 3], [f64; 6]);

struct Row {
    coefficients: [f32; 25],
    /// Position among the unknowns; the row itself (with coefficient 0) for a known neighbour.
    columns: [u32; 25],
    right: f32,
}

/// Solves for the unknown pixels of a trimap.
pub(super) fn solve(picture: &RgbImage, trimap: &Trimap) -> Mask {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut alpha = trimap.guess.clone();
    let unknown: Vec<u32> =
        (0..alpha.len() as u32).filter(|&at| trimap.known[at as usize] == Known::No).collect();
    if !unknown.is_empty() && width >= 3 && height >= 3 {
        let rows = assemble(picture, trimap, &unknown);
        let start: Vec<f32> = unknown.iter().map(|&at| trimap.guess[at as usize]).collect();
        let solution = conjugate_gradients(&rows, start);
        for (&at, value) in unknown.iter().zip(solution) {
            alpha[at as usize] = ((value - HAZE) / (1.0 - 2.0 * HAZE)).clamp(0.0, 1.0);
        }
    }
    let mut next = alpha.into_iter();
    Mask::from_fn(width, height, |_, _| next.next().unwrap_or(0.0))
}

fn colour(raw: &[u8], at: usize) -> [f64; 3] {
    std::array::from_fn(|c| f64::from(raw[at * 3 + c]) / 255.0)
}

fn window(raw: &[u8], width: usize, centre: usize) -> Window {
    let colours = WINDOW.map(|(dx, dy)| colour(raw, centre.wrapping_add_signed(dy * width as isize + dx)));
    let mean: [f64; 3] = std::array::from_fn(|c| colours.iter().map(|p| p[c]).sum::<f64>() / 9.0);
    let cov = |a: usize, b: usize| {
        let sum: f64 = colours.iter().map(|p| (p[a] - mean[a]) * (p[b] - mean[b])).sum();
        sum / 9.0 + if a == b { EPSILON / 9.0 } else { 0.0 }
    };
    let (rr, rg, rb, gg, gb, bb) = (cov(0, 0), cov(0, 1), cov(0, 2), cov(1, 1), cov(1, 2), cov(2, 2));
    let (c00, c01, c02) = (gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg);
    let determinant = (rr * c00 + rg * c01 + rb * c02).max(f64::MIN_POSITIVE);
    let inverse = [
        c00 / determinant,
        c01 / determinant,
        c02 / determinant,
        (rr * bb - rb * rb) / determinant,
        (rb * rg - rr * gb) / determinant,
        (rr * gg - rg * rg) / determinant,
    ];
    (mean, inverse)
}

fn assemble(picture: &RgbImage, trimap: &Trimap, unknown: &[u32]) -> Vec<Row> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let raw = picture.as_raw().as_slice();
    // Windows whose middle lies within one pixel of an unknown pixel, and not on the picture's edge.
    let mut wanted = vec![false; width * height];
    let mut position = vec![u32::MAX; width * height];
    for (index, &at) in unknown.iter().enumerate() {
        position[at as usize] = index as u32;
        let (x, y) = ((at as usize % width) as isize, (at as usize / width) as isize);
        for (dx, dy) in WINDOW {
            let (x, y) = (x + dx, y + dy);
            if x >= 1 && y >= 1 && x < width as isize - 1 && y < height as isize - 1 {
                wanted[y as usize * width + x as usize] = true;
            }
        }
    }
    let centres: Vec<usize> = (0..wanted.len()).filter(|&at| wanted[at]).collect();
    let mut slot = vec![u32::MAX; width * height];
    centres.iter().enumerate().for_each(|(index, &at)| slot[at] = index as u32);
    let windows: Vec<Window> = centres.par_iter().map(|&at| window(raw, width, at)).collect();

    unknown
        .par_iter()
        .enumerate()
        .map(|(index, &at)| {
            let at = at as usize;
            let own = colour(raw, at);
            let mut coefficients = [0.0_f64; 25];
            for (wx, wy) in WINDOW {
                let centre = at.wrapping_add_signed(wy * width as isize + wx);
                let Some(&slot) = slot.get(centre).filter(|slot| **slot != u32::MAX) else { continue };
                // A neighbour across the picture's side is no neighbour.
                if (centre % width).abs_diff(at % width) > 1 {
                    continue;
                }
                let (mean, s) = &windows[slot as usize];
                let d: [f64; 3] = std::array::from_fn(|c| own[c] - mean[c]);
                let v = [
                    s[0] * d[0] + s[1] * d[1] + s[2] * d[2],
                    s[1] * d[0] + s[3] * d[1] + s[4] * d[2],
                    s[2] * d[0] + s[4] * d[1] + s[5] * d[2],
                ];
                for (dx, dy) in WINDOW {
                    let other = centre.wrapping_add_signed(dy * width as isize + dx);
                    let o = colour(raw, other);
                    let product: f64 = (0..3).map(|c| v[c] * (o[c] - mean[c])).sum();
                    let cell = ((wy + dy + 2) * 5 + wx + dx + 2) as usize;
                    coefficients[cell] -= (1.0 + product) / 9.0;
                    if cell == SELF {
                        coefficients[cell] += 1.0;
                    }
                }
            }
            let mut right = f64::from(PRIOR * trimap.guess[at]);
            coefficients[SELF] += f64::from(PRIOR);
            let mut columns = [index as u32; 25];
            for cell in 0..25 {
                if cell == SELF || coefficients[cell] == 0.0 {
                    continue;
                }
                let (dx, dy) = (cell as isize % 5 - 2, cell as isize / 5 - 2);
                let other = at.wrapping_add_signed(dy * width as isize + dx);
                if position[other] == u32::MAX {
                    right -= coefficients[cell] * f64::from(trimap.guess[other]);
                    coefficients[cell] = 0.0;
                } else {
                    columns[cell] = position[other];
                }
            }
            Row { coefficients: coefficients.map(|c| c as f32), columns, right: right as f32 }
        })
        .collect()
}

/// How many rows one thread takes at a time.
const CHUNK: usize = 2048;

fn conjugate_gradients(rows: &[Row], mut x: Vec<f32>) -> Vec<f32> {
    let multiply = |vector: &[f32], out: &mut [f32]| {
        out.par_chunks_mut(CHUNK).zip(rows.par_chunks(CHUNK)).for_each(|(out, rows)| {
            for (out, row) in out.iter_mut().zip(rows) {
                *out = row.coefficients.iter().zip(&row.columns).map(|(c, &i)| c * vector[i as usize]).sum();
            }
        });
    };
    let dot = |a: &[f32], b: &[f32]| -> f64 { a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum() };
    let diagonal: Vec<f32> = rows.iter().map(|row| 1.0 / row.coefficients[SELF].max(1e-6)).collect();
    let mut product = vec![0.0; x.len()];
    multiply(&x, &mut product);
    let mut residual: Vec<f32> = rows.iter().zip(&product).map(|(row, p)| row.right - p).collect();
    let scale = rows.iter().map(|row| f64::from(row.right).powi(2)).sum::<f64>().sqrt().max(1e-12);
    let mut conditioned: Vec<f32> = residual.iter().zip(&diagonal).map(|(r, d)| r * d).collect();
    let mut direction = conditioned.clone();
    let mut energy = dot(&residual, &conditioned);
    for _ in 0..MAX_ROUNDS {
        if dot(&residual, &residual).sqrt() <= TOLERANCE * scale {
            break;
        }
        multiply(&direction, &mut product);
        let curvature = dot(&direction, &product);
        if !(curvature > 0.0 && energy.is_finite()) {
            break;
        }
        let step = (energy / curvature) as f32;
        for i in 0..x.len() {
            x[i] += step * direction[i];
            residual[i] -= step * product[i];
            conditioned[i] = residual[i] * diagonal[i];
        }
        let next = dot(&residual, &conditioned);
        let keep = (next / energy) as f32;
        direction.iter_mut().zip(&conditioned).for_each(|(d, c)| *d = c + keep * *d);
        energy = next;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matting::trimap::trimap;

    /// A soft disc in one colour before another: the case for which the closed form is exact.
    #[test]
    fn recovers_the_alpha_of_two_plain_colours() {
        let (width, height) = (160, 160);
        let truth = Mask::from_fn(width, height, |x, y| {
            let distance = (x as f32 + 0.5 - 80.0).hypot(y as f32 + 0.5 - 80.0);
            ((45.0 - distance) / 6.0 + 0.5).clamp(0.0, 1.0)
        });
        let picture = RgbImage::from_fn(width as u32, height as u32, |x, y| {
            let a = truth.at(x as isize, y as isize);
            image::Rgb(
                [[200.0, 40.0], [60.0, 180.0], [30.0, 220.0]].map(|[f, b]| (a * f + (1.0 - a) * b) as u8),
            )
        });
        // Masks that know the disc only roughly.
        let rough = Mask::from_fn(width, height, |x, y| {
            let distance = (x as f32 + 0.5 - 81.0).hypot(y as f32 + 0.5 - 79.0);
            ((46.0 - distance) / 16.0 + 0.5).clamp(0.0, 1.0)
        });
        let solved = solve(&picture, &trimap(&rough, &rough, &[]));
        let worst =
            solved.values().iter().zip(truth.values()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let mean: f32 = solved.values().iter().zip(truth.values()).map(|(a, b)| (a - b).abs()).sum::<f32>()
            / (width * height) as f32;
        assert!(mean < 0.004 && worst < 0.2, "mean {mean}, worst {worst}");
    }

    #[test]
    fn a_picture_without_doubt_is_left_alone() {
        let mask = Mask::from_fn(40, 40, |_, _| 1.0);
        let picture = RgbImage::new(40, 40);
        assert!(solve(&picture, &trimap(&mask, &mask, &[])).values().iter().all(|&a| a == 1.0));
    }
}
