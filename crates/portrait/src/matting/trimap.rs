//! Sure person, sure background, and the band between them that has to be solved.

use caixiang_vision::Mask;

/// Largest share of the picture that is solved. Closed-form matting slows down and leaks where the band is wide.
pub const MAX_UNKNOWN: f64 = 0.12;
/// Both masks above this: person.
const SURE_PERSON: f32 = 0.9;
/// Both masks below this: background.
const SURE_BACKGROUND: f32 = 0.1;
/// Half width of the square that the sure areas are eroded by, for a picture 640 pixels high.
const ERODE_PX: f64 = 4.0;

/// How much steeper than the masks' mean the solution's first guess is.
const STEEPER: f32 = 6.0;

/// What is known of a pixel before solving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Person,
    Background,
    No,
}

pub(super) struct Trimap {
    pub(super) known: Vec<Known>,
    /// What the masks say, for a start of the solution.
    pub(super) guess: Vec<f32>,
    pub(super) unknown: f64,
    pub(super) capped: bool,
}

/// Compares the masks, which have one size; `faces` are positions that belong to a person whatever the masks say.
pub(super) fn trimap(person: &Mask, salient: &Mask, faces: &[usize]) -> Trimap {
    let (width, height) = (person.width(), person.height());
    let pairs = || person.values().iter().zip(salient.values());
    let mut guess: Vec<f32> = pairs().map(|(a, b)| f32::midpoint(*a, *b)).collect();
    let radius = (ERODE_PX * height as f64 / 640.0).round().max(1.0) as usize;
    let mut inside: Vec<bool> = pairs().map(|(a, b)| a.min(*b) > SURE_PERSON).collect();
    let mut outside: Vec<bool> = pairs().map(|(a, b)| a.max(*b) < SURE_BACKGROUND).collect();
    for &at in faces {
        (inside[at], outside[at], guess[at]) = (true, false, 1.0);
    }
    erode(&mut inside, width, height, radius);
    erode(&mut outside, width, height, radius);
    let mut known: Vec<Known> = inside
        .iter()
        .zip(&outside)
        .map(|(inside, outside)| match (inside, outside) {
            (true, _) => Known::Person,
            (_, true) => Known::Background,
            _ => Known::No,
        })
        .collect();
    let open = known.iter().filter(|k| **k == Known::No).count();
    let unknown = open as f64 / known.len() as f64;
    let capped = unknown > MAX_UNKNOWN;
    if capped {
        narrow(&mut known, &guess, width, height);
    }
    for (guess, known) in guess.iter_mut().zip(&known) {
        *guess = match known {
            Known::Person => 1.0,
            Known::Background => 0.0,
            // What both masks half believe is rarely half the person's: the picture decides, the masks only lean.
            Known::No => ((*guess - 0.5) * STEEPER + 0.5).clamp(0.0, 1.0),
        };
    }
    Trimap { known, guess, unknown, capped }
}

/// Keeps the open pixels nearest to the line where the mean of the masks is one half, up to [`MAX_UNKNOWN`]; the others
/// are decided by that mean.
fn narrow(known: &mut [Known], guess: &[f32], width: usize, height: usize) {
    let most = (MAX_UNKNOWN * known.len() as f64) as usize;
    let mut distance = vec![u16::MAX; known.len()];
    let mut ring = std::collections::VecDeque::new();
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            let side = guess[at] > 0.5;
            let right = x + 1 < width && (guess[at + 1] > 0.5) != side;
            let below = y + 1 < height && (guess[at + width] > 0.5) != side;
            if right || below {
                distance[at] = 0;
                ring.push_back(at);
            }
        }
    }
    let mut kept = 0;
    while let Some(at) = ring.pop_front() {
        if known[at] == Known::No {
            kept += 1;
        }
        if kept >= most {
            break;
        }
        let next = distance[at] + 1;
        let (x, y) = (at % width, at / width);
        let around = [
            (x > 0).then(|| at - 1),
            (x + 1 < width).then_some(at + 1),
            (y > 0).then(|| at - width),
            (y + 1 < height).then_some(at + width),
        ];
        for other in around.into_iter().flatten().filter(|&o| known[o] == Known::No) {
            if distance[other] == u16::MAX {
                distance[other] = next;
                ring.push_back(other);
            }
        }
    }
    // What still waits in the ring was not counted.
    ring.into_iter().for_each(|at| distance[at] = u16::MAX);
    for at in 0..known.len() {
        if known[at] == Known::No && distance[at] == u16::MAX {
            known[at] = if guess[at] > 0.5 { Known::Person } else { Known::Background };
        }
    }
}

/// Erodes by a square of half width `radius`; beyond the picture's edge the nearest pixel goes on.
fn erode(area: &mut [bool], width: usize, height: usize, radius: usize) {
    let run = |line: &mut dyn FnMut(usize) -> bool, length: usize| -> Vec<bool> {
        // Distance to the last false pixel, forwards and backwards.
        let mut keep = vec![true; length];
        let mut since = usize::MAX / 2;
        for (i, keep) in keep.iter_mut().enumerate() {
            since = if line(i) { since + 1 } else { 0 };
            *keep &= since > radius;
        }
        since = usize::MAX / 2;
        for (i, keep) in keep.iter_mut().enumerate().rev() {
            since = if line(i) { since + 1 } else { 0 };
            *keep &= since > radius;
        }
        keep
    };
    for y in 0..height {
        let kept = run(&mut |x| area[y * width + x], width);
        area[y * width..(y + 1) * width].copy_from_slice(&kept);
    }
    for x in 0..width {
        let kept = run(&mut |y| area[y * width + x], height);
        kept.into_iter().enumerate().for_each(|(y, value)| area[y * width + x] = value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(width: usize, height: usize, radius: f32, soft: f32) -> Mask {
        let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
        Mask::from_fn(width, height, |x, y| {
            let distance = (x as f32 + 0.5 - cx).hypot(y as f32 + 0.5 - cy);
            ((radius - distance) / soft + 0.5).clamp(0.0, 1.0)
        })
    }

    #[test]
    fn a_sharp_disc_leaves_a_thin_band() {
        let mask = disc(480, 640, 150.0, 4.0);
        let trimap = trimap(&mask, &mask, &[]);
        assert!(!trimap.capped && trimap.unknown > 0.01 && trimap.unknown < 0.06, "{}", trimap.unknown);
        let at = |x: usize, y: usize| trimap.known[y * 480 + x];
        assert_eq!(at(240, 320), Known::Person);
        assert_eq!(at(5, 5), Known::Background);
        assert_eq!(at(240, 170), Known::No);
    }

    #[test]
    fn a_wide_band_is_capped() {
        let trimap = trimap(&disc(480, 640, 150.0, 4.0), &disc(480, 640, 220.0, 200.0), &[]);
        assert!(trimap.capped && trimap.unknown > MAX_UNKNOWN);
        let open = trimap.known.iter().filter(|k| **k == Known::No).count() as f64;
        assert!(open / trimap.known.len() as f64 <= MAX_UNKNOWN + 0.001);
        assert!(open > 1000.0);
    }

    #[test]
    fn erodes_by_a_square() {
        let mut area = vec![true; 25];
        area[12] = false;
        erode(&mut area, 5, 5, 1);
        let left: Vec<_> = (0..25).filter(|&i| area[i]).collect();
        assert_eq!(left, [0, 1, 2, 3, 4, 5, 9, 10, 14, 15, 19, 20, 21, 22, 23, 24]);
    }
}
