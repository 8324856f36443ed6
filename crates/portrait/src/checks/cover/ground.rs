//! What the checks of coverings stand on: places relative to one face, and whether a colour is this person's skin.
//!
//! Both are our own heuristics. Lengths are in distances between the pupils, so that crop and camera do not matter;
//! colours are compared with a patch of the same face in the same light, so that complexion and lamp matter less.

use caixiang_vision::Point;

use super::super::Scene;
use super::super::region::{LEFT_CHEEK, RIGHT_CHEEK, luma, median_colour, rgb, within};

/// Below this distance between the pupils, in the camera's pixels, what lies on a face is a guess.
const MIN_INTER_EYE_PX: f64 = 24.0;

/// One side of the face. The student's right is on the left of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Side {
    Right,
    Left,
}

impl Side {
    pub(in super::super) const BOTH: [Self; 2] = [Self::Right, Self::Left];

    /// Away from the middle of the face, along the eye line.
    pub(super) fn outward(self) -> f64 {
        match self {
            Self::Right => -1.0,
            Self::Left => 1.0,
        }
    }

    /// The one of two landmarks that lies on this side.
    pub(in super::super) fn of<T>(self, right: T, left: T) -> T {
        match self {
            Self::Right => right,
            Self::Left => left,
        }
    }
}

/// Places on a picture, by the axes of a face.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Ground<'a> {
    pub(in super::super) scene: Scene<'a>,
    /// From the student's right pupil to the left one, of length 1.
    across: [f64; 2],
    /// Distance between the pupils, pixels of the picture.
    unit_px: f64,
}

impl<'a> Ground<'a> {
    pub(in super::super) fn of(scene: &Scene<'a>) -> Self {
        let angle = scene.landmarks.eye_slope_rad();
        Self {
            scene: *scene,
            across: [angle.cos(), angle.sin()],
            unit_px: scene.landmarks.inter_eye().max(1e-6),
        }
    }

    /// Whether the camera gave the face enough pixels.
    pub(in super::super) fn has_details(&self) -> bool {
        self.unit_px / self.scene.magnification.max(1e-6) >= MIN_INTER_EYE_PX
    }

    /// Whether the head is turned sideways by more than this.
    pub(in super::super) fn is_turned(&self, most_deg: f64) -> bool {
        let yaw_deg = self.scene.pose.yaw_deg;
        yaw_deg.is_nan() || yaw_deg.abs() > most_deg
    }

    /// Whether all these landmarks are inside the picture. The network guesses those beyond its edge.
    pub(in super::super) fn shows(&self, landmarks: &[usize]) -> bool {
        self.scene.landmarks.pick(landmarks).iter().all(|&place| self.is_inside(place))
    }

    /// Whether a place is inside the picture.
    pub(in super::super) fn is_inside(&self, [x, y]: [f64; 2]) -> bool {
        let picture = self.scene.picture;
        (0.0..f64::from(picture.width())).contains(&x) && (0.0..f64::from(picture.height())).contains(&y)
    }

    /// The place so far along the eye line and so far down from another.
    pub(in super::super) fn beside(&self, [x, y]: [f64; 2], along: f64, down: f64) -> [f64; 2] {
        let [ax, ay] = self.across.map(|a| a * self.unit_px);
        [x + along * ax - down * ay, y + along * ay + down * ax]
    }

    /// How far a landmark lies below a place.
    pub(in super::super) fn depth(&self, from: [f64; 2], landmark: usize) -> f64 {
        let [x, y] = self.scene.landmarks.at(landmark);
        let [ax, ay] = self.across;
        ((y - from[1]) * ax - (x - from[0]) * ay) / self.unit_px
    }

    /// The colour at a place; the nearest pixel's for a place outside.
    pub(in super::super) fn colour(&self, [x, y]: [f64; 2]) -> [f32; 3] {
        let clamp = |v: f64, side: u32| v.clamp(0.0, f64::from(side.max(1) - 1)) as u32;
        let picture = self.scene.picture;
        rgb(picture, (clamp(x, picture.width()), clamp(y, picture.height())))
    }

    /// The brightness between pixels, bilinear.
    pub(in super::super) fn luma(&self, [x, y]: [f64; 2]) -> f32 {
        let (left, top) = ((x - 0.5).floor(), (y - 0.5).floor());
        let (fx, fy) = ((x - 0.5 - left) as f32, (y - 0.5 - top) as f32);
        let at = |dx: f64, dy: f64| luma(self.colour([left + dx + 0.5, top + dy + 0.5]));
        let upper = at(0.0, 0.0) * (1.0 - fx) + at(1.0, 0.0) * fx;
        let lower = at(0.0, 1.0) * (1.0 - fx) + at(1.0, 1.0) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// Whether a place is the person's.
    pub(super) fn on_person(&self, [x, y]: [f64; 2]) -> bool {
        self.scene.alpha.sample(x, y) > 0.5
    }

    /// The skin of one cheek.
    pub(in super::super) fn cheek(&self, side: Side) -> Skin {
        let pixels = within(self.scene.picture, self.scene.landmarks, side.of(&RIGHT_CHEEK, &LEFT_CHEEK));
        Skin::new(median_colour(self.scene.picture, &pixels))
    }

    /// The median colour of a small square about a landmark.
    pub(super) fn patch(&self, landmark: usize) -> [f32; 3] {
        let centre = self.scene.landmarks.at(landmark);
        let colours: Vec<_> = steps(-0.07, 0.07, 7)
            .flat_map(|down| steps(-0.07, 0.07, 7).map(move |along| (along, down)))
            .map(|(along, down)| self.colour(self.beside(centre, along, down)))
            .collect();
        median(&colours)
    }

    /// A pupil.
    pub(in super::super) fn pupil(&self, side: Side) -> [f64; 2] {
        self.scene.landmarks.get(side.of(Point::RightPupil, Point::LeftPupil))
    }
}

/// Evenly spaced numbers, both ends included.
pub(in super::super) fn steps(from: f64, to: f64, count: usize) -> impl Iterator<Item = f64> + Clone {
    let gap = (to - from) / (count.max(2) - 1) as f64;
    (0..count).map(move |i| from + i as f64 * gap)
}

/// Places evenly spaced by number between the corners of a line; the first `skip` of its length, counted in
/// corners, is left out.
pub(super) fn along(line: &[[f64; 2]], skip: f64, count: usize) -> Vec<[f64; 2]> {
    let last = line.len().saturating_sub(1);
    steps(skip, last as f64, count)
        .filter_map(|t| {
            let i = (t as usize).min(last.saturating_sub(1));
            let (a, b, f) = (line.get(i)?, line.get(i + 1)?, t - i as f64);
            Some([a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f])
        })
        .collect()
}

/// The median colour, channel by channel; `NaN`s of nothing.
pub(super) fn median(colours: &[[f32; 3]]) -> [f32; 3] {
    std::array::from_fn(|c| super::super::region::percentile(colours.iter().map(|v| v[c]).collect(), 0.5))
}

/// The share of the items for which something holds; `NaN` of nothing.
pub(in super::super) fn share<T>(
    items: impl IntoIterator<Item = T>,
    mut holds: impl FnMut(T) -> bool,
) -> f64 {
    let (mut yes, mut all) = (0_u32, 0_u32);
    for item in items {
        all += 1;
        yes += u32::from(holds(item));
    }
    f64::from(yes) / f64::from(all)
}

/// The skin of a person in the light of a picture.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Skin {
    luma: f32,
    hue: [f32; 3],
}

/// How far from the reference a colour may be and still be skin.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tolerance {
    /// Least brightness, over the reference's: shade.
    pub(super) dark: f32,
    /// Greatest brightness, over the reference's: shine.
    pub(super) bright: f32,
    /// Greatest sum of the differences of the three channels' shares: blush, make-up, coloured light.
    pub(super) hue: f32,
}

impl Skin {
    pub(super) fn new(colour: [f32; 3]) -> Self {
        // Below eight grey levels a ratio of brightnesses is noise.
        Self { luma: luma(colour).max(8.0), hue: shares(colour) }
    }

    /// Brightness, grey levels.
    pub(in super::super) fn luma(&self) -> f32 {
        self.luma
    }

    /// Whether a colour could be this skin, lighter or darker.
    pub(super) fn is_like(&self, colour: [f32; 3], tolerance: Tolerance) -> bool {
        let ratio = luma(colour) / self.luma;
        let hue: f32 = shares(colour).iter().zip(self.hue).map(|(a, b)| (a - b).abs()).sum();
        ratio > tolerance.dark && ratio < tolerance.bright && hue < tolerance.hue
    }
}

/// The channels' shares of their sum: colour without brightness.
fn shares(colour: [f32; 3]) -> [f32; 3] {
    let sum = colour.iter().sum::<f32>() + 1e-3;
    colour.map(|c| c / sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOSE: Tolerance = Tolerance { dark: 0.5, bright: 2.0, hue: 0.1 };

    #[test]
    fn tells_skin_from_other_things() {
        let cases = [
            ([198.0, 150.0, 125.0], true, "itself"),
            ([140.0, 106.0, 88.0], true, "in shade"),
            ([250.0, 195.0, 165.0], true, "in the light"),
            ([40.0, 30.0, 26.0], false, "black hair"),
            ([120.0, 165.0, 205.0], false, "a surgical mask"),
            ([90.0, 60.0, 20.0], false, "brown hair"),
        ];
        let skin = Skin::new([198.0, 150.0, 125.0]);
        for (colour, wanted, what) in cases {
            assert_eq!(skin.is_like(colour, LOOSE), wanted, "{what}");
        }
    }

    #[test]
    fn steps_along_a_line() {
        assert_eq!(steps(0.0, 1.0, 3).collect::<Vec<_>>(), [0.0, 0.5, 1.0]);
        let line = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]];
        assert_eq!(along(&line, 0.0, 3), [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]);
        assert_eq!(along(&line, 1.0, 3), [[2.0, 0.0], [2.0, 1.0], [2.0, 2.0]]);
        assert!(along(&[], 0.0, 3).is_empty());
    }

    #[test]
    fn counts_shares() {
        assert_eq!(share([1, 2, 3, 4], |n| n > 3), 0.25);
        assert!(share([0; 0], |_| true).is_nan());
    }
}
