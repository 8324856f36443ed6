//! The lines of a face: which landmarks of MediaPipe's mesh make the outline, eyes, irises, brows, nose and lips.

use caixiang_vision::{Landmarks, Point};

use super::canvas::Place;
use crate::framing;

const OVAL: &[usize] = &[
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];
const RIGHT_EYE: &[usize] = &[33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246];
const LEFT_EYE: &[usize] = &[263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466];
const RIGHT_BROW: &[usize] = &[70, 63, 105, 66, 107, 55, 65, 52, 53, 46];
const LEFT_BROW: &[usize] = &[300, 293, 334, 296, 336, 285, 295, 282, 283, 276];
const OUTER_LIPS: &[usize] =
    &[61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185];
const INNER_LIPS: &[usize] =
    &[78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95];
const NOSE_BRIDGE: &[usize] = &[168, 6, 197, 195, 5, 4];
const NOSTRILS: &[usize] = &[64, 98, 97, 2, 326, 327, 294];
/// Middle of each iris, and four places on its rim.
const IRISES: [(usize, [usize; 4]); 2] = [(468, [469, 470, 471, 472]), (473, [474, 475, 476, 477])];
/// Between two landmarks, this many straight pieces.
const PIECES: usize = 4;

/// How strongly a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Eyes, irises and lips: what the checks look at most.
    Main,
    /// Outline, brows and nose.
    Fine,
}

/// The lines of one face, in pixels of its picture.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    pub(super) lines: Vec<(Weight, Vec<Place>)>,
    /// Middle and radius of the right and the left iris.
    pub(super) irises: [(Place, f32); 2],
    /// The nose's tip: where the pose's axes begin, so that they leave the eyes free.
    pub(super) nose: Place,
    /// Outermost places of the face to the left and to the right, and the height at which they lie.
    pub(super) cheeks: [Place; 2],
}

impl Lines {
    pub(super) fn of(landmarks: &Landmarks) -> Self {
        let (low, high) = framing::face_width(landmarks, 0.0);
        let height = |point: Point| landmarks.get(point)[1] as f32;
        let place = |index: usize| landmarks.at(index).map(|value| value as f32);
        let cheeks = [[low as f32, height(Point::RightCheek)], [high as f32, height(Point::LeftCheek)]];
        Self::from_places(place, cheeks)
    }

    /// The lines by a function that gives the place of each landmark.
    pub(super) fn from_places(place: impl Fn(usize) -> Place, cheeks: [Place; 2]) -> Self {
        let line = |weight, indices: &[usize], closed| {
            let places: Vec<Place> = indices.iter().map(|&index| place(index)).collect();
            (weight, smooth(&places, closed))
        };
        let lines = vec![
            line(Weight::Fine, OVAL, true),
            line(Weight::Fine, RIGHT_BROW, true),
            line(Weight::Fine, LEFT_BROW, true),
            line(Weight::Fine, NOSE_BRIDGE, false),
            line(Weight::Fine, NOSTRILS, false),
            line(Weight::Main, OUTER_LIPS, true),
            line(Weight::Main, INNER_LIPS, true),
            line(Weight::Main, RIGHT_EYE, true),
            line(Weight::Main, LEFT_EYE, true),
        ];
        let irises = IRISES.map(|(middle, rim)| {
            let centre = place(middle);
            let to = |index: usize| (place(index)[0] - centre[0]).hypot(place(index)[1] - centre[1]);
            (centre, rim.into_iter().map(to).sum::<f32>() / 4.0)
        });
        Self { lines, irises, nose: place(Point::NoseTip as usize), cheeks }
    }

    /// The same lines in another frame: `(place − from) · scale + to`.
    pub(super) fn placed(&self, from: Place, scale: f32, to: Place) -> Self {
        let map = |place: Place| std::array::from_fn(|axis| (place[axis] - from[axis]) * scale + to[axis]);
        Self {
            lines: self.lines.iter().map(|(w, line)| (*w, line.iter().copied().map(map).collect())).collect(),
            irises: self.irises.map(|(centre, radius)| (map(centre), radius * scale)),
            nose: map(self.nose),
            cheeks: self.cheeks.map(map),
        }
    }

    /// The middle between the irises and the distance between them.
    pub(super) fn eyes(&self) -> (Place, f32) {
        let [(a, _), (b, _)] = self.irises;
        ([f32::midpoint(a[0], b[0]), f32::midpoint(a[1], b[1])], (b[0] - a[0]).hypot(b[1] - a[1]))
    }
}

/// A uniform Catmull-Rom curve through the places.
fn smooth(places: &[Place], closed: bool) -> Vec<Place> {
    let count = places.len();
    if count < 3 {
        return places.to_vec();
    }
    let at = |index: isize| {
        let index =
            if closed { index.rem_euclid(count as isize) } else { index.clamp(0, count as isize - 1) };
        places[index as usize]
    };
    let spans = if closed { count } else { count - 1 };
    let mut out = Vec::with_capacity(spans * PIECES + 1);
    for span in 0..spans as isize {
        let [a, b, c, d] = [at(span - 1), at(span), at(span + 1), at(span + 2)];
        for piece in 0..PIECES {
            let t = piece as f32 / PIECES as f32;
            out.push(std::array::from_fn(|i| {
                b[i] + 0.5
                    * t
                    * (c[i] - a[i]
                        + t * (2.0 * a[i] - 5.0 * b[i] + 4.0 * c[i] - d[i]
                            + t * (3.0 * (b[i] - c[i]) + d[i] - a[i])))
            }));
        }
    }
    out.push(at(spans as isize));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_pass_through_their_places() {
        let corners = [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0]];
        let curve = smooth(&corners, true);
        assert_eq!((curve.first(), curve.last()), (Some(&corners[0]), Some(&corners[0])));
        assert!(corners.iter().all(|corner| curve.contains(corner)));
        let open = smooth(&corners, false);
        assert_eq!((open.first(), open.last()), (Some(&corners[0]), Some(&corners[3])));
    }
}
