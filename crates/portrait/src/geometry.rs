//! Where the frame lies: a small constrained fit of the preset's windows to one head, inside what the camera saw.

use caixiang_domain::{Preset, Span};
use caixiang_vision::Similarity;

/// A head in the *level frame*: pixels of the camera's picture, turned so that the eyes are as level as the preset
/// allows, with the origin between the pupils, x to the right and y down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelHead {
    /// Top of the hair; negative.
    pub hair_top: f64,
    /// The chin; positive.
    pub chin: f64,
    /// Width of the face between the cheeks.
    pub face_width: f64,
    /// The middle between the cheeks.
    pub middle: f64,
}

/// An edge of the camera's picture in the level frame: the places `p` with `normal · p >= offset` lie inside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Edge {
    /// Unit vector to the inside.
    pub normal: [f64; 2],
    /// Distance of the edge from the origin, along the normal.
    pub offset: f64,
    /// The person touches this edge: beyond it there is more of them, which nobody saw. Where it is `false`, only
    /// backdrop lies beyond, and the new backdrop may go on.
    pub person_touches: bool,
}

/// The four edges: left, top, right, bottom.
pub type Edges = [Edge; 4];

/// Missing length on each side in pixels of the finished photo: left, top, right, bottom.
pub type Shortage = [f64; 4];

/// Where the finished photo lies on the camera's picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placement {
    /// Pixels of the finished photo for one of the level frame.
    pub scale: f64,
    /// Place of the level frame's origin (between the pupils) on the finished photo.
    pub eyes: [f64; 2],
    /// By how much the camera's picture would have had to reach farther for the preset's windows to be met. All 0
    /// where they are met.
    pub short: Shortage,
    /// By how much the backdrop goes on beyond the camera's picture, where nobody stands.
    pub extended: Shortage,
}

impl Placement {
    /// From places on the finished photo to places in the level frame.
    pub fn to_level(&self) -> Similarity {
        Similarity::about(self.eyes, [0.0, 0.0], 1.0 / self.scale, 0.0)
    }
}

/// No frame exists that shows the whole head without inventing pixels.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the picture does not reach far enough around the head")]
pub struct OutOfReach {
    /// What is missing for the preset's windows.
    pub short: Shortage,
}

/// How far a compromise may leave the face-width window, as a factor on either side.
const COMPROMISE: f64 = 1.45;
/// Steps of the search: scale, eye line, side shift.
const STEPS: [usize; 3] = [40, 16, 6];
/// Half a pixel of the finished photo: what rounding hides.
const TOLERANCE_PX: f64 = 0.5;

/// Finds the frame.
///
/// Among frames that invent nothing, the one that breaks the windows least; among those that break none, the one
/// nearest to the middle of all windows. The search is a grid over scale, eye line and side shift, refined around its
/// best point: the windows are a handful of linear inequalities, but which of them bind changes with the head.
///
/// # Errors
/// [`OutOfReach`] where no frame that holds the whole head lies inside the picture.
pub fn place(head: &LevelHead, edges: &Edges, preset: &Preset) -> Result<Placement, OutOfReach> {
    let task = Task { head, preset };
    let free = task.search(None);
    let best = task.search(Some(edges));
    let shortage = |candidate: &Candidate| task.beyond(candidate, edges, true);
    let reached = best.filter(|b| shortage(b).iter().all(|&s| s <= TOLERANCE_PX) && task.holds_head(b));
    let wanted = free.as_ref().map_or([0.0; 4], shortage);
    let Some(best) = reached else { return Err(OutOfReach { short: wanted }) };
    let compromised = task.broken(&best) > free.map_or(0.0, |f| task.broken(&f)) + 1e-9;
    Ok(Placement {
        scale: best.scale,
        eyes: best.eyes,
        short: if compromised { wanted } else { [0.0; 4] },
        extended: task.beyond(&best, edges, false),
    })
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    scale: f64,
    eyes: [f64; 2],
}

struct Task<'a> {
    head: &'a LevelHead,
    preset: &'a Preset,
}

impl Task<'_> {
    /// The best candidate, inside the edges where they are given.
    fn search(&self, edges: Option<&Edges>) -> Option<Candidate> {
        let windows = self.preset.windows();
        let (width, _) = self.preset.size_px();
        let face = self.head.face_width;
        if !(face.is_finite() && face > 0.0) {
            return None;
        }
        let scale_span = [
            windows.face_width_px.min() / face / COMPROMISE,
            windows.face_width_px.max() / face * COMPROMISE,
        ];
        let eye = windows.eye_line_px;
        let eye_span = [eye.min() - eye.length() * 0.25, eye.max() + eye.length() * 0.25];
        let side_span = [-windows.centre_tolerance_px, windows.centre_tolerance_px];
        let half = f64::from(width) / 2.0;

        let mut best: Option<(f64, Candidate, [f64; 3])> = None;
        let mut spans = [scale_span.map(f64::ln), eye_span, side_span];
        for _round in 0..4 {
            for s in steps(spans[0], STEPS[0]) {
                for y in steps(spans[1], STEPS[1]) {
                    for x in steps(spans[2], STEPS[2]) {
                        let scale = s.exp();
                        let candidate = Candidate { scale, eyes: [half - self.head.middle * scale + x, y] };
                        let cost = self.cost(&candidate, x, edges);
                        if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                            best = Some((cost, candidate, [s, y, x]));
                        }
                    }
                }
            }
            let (_, _, at) = best.as_ref()?;
            // Look closer around the best point, never outside the first spans.
            let first = [scale_span.map(f64::ln), eye_span, side_span];
            for axis in 0..3 {
                let reach = (spans[axis][1] - spans[axis][0]) / STEPS[axis] as f64 * 2.0;
                spans[axis] =
                    [(at[axis] - reach).max(first[axis][0]), (at[axis] + reach).min(first[axis][1])];
            }
        }
        best.map(|(_, candidate, _)| candidate)
    }

    /// Inventing pixels weighs more than any window, a broken window more than any distance from the middle.
    fn cost(&self, candidate: &Candidate, side: f64, edges: Option<&Edges>) -> f64 {
        let missing: f64 = edges.map_or(0.0, |edges| self.beyond(candidate, edges, true).iter().sum());
        let backdrop: f64 = edges.map_or(0.0, |edges| self.beyond(candidate, edges, false).iter().sum());
        let missing = (missing - TOLERANCE_PX).max(0.0);
        1e6 * missing + 1e3 * self.broken(candidate) + self.distance(candidate, side) + 0.002 * backdrop
    }

    /// The quantities that have windows, with their weight.
    fn quantities(&self, candidate: &Candidate) -> [Option<(f64, Span, f64)>; 5] {
        let windows = self.preset.windows();
        let (_, height) = self.preset.size_px();
        let [_, eye] = candidate.eyes;
        let hair = eye + self.head.hair_top * candidate.scale;
        let chin = eye + self.head.chin * candidate.scale;
        let hair_weight = if windows.hair_yields { 0.01 } else { 1.0 };
        [
            Some((eye, windows.eye_line_px, 1.0)),
            Some((hair, windows.hair_top_px, hair_weight)),
            Some((self.head.face_width * candidate.scale, windows.face_width_px, 1.0)),
            windows.head_length_px.map(|span| (chin - hair, span, 1.0)),
            windows.below_chin_px.map(|span| (f64::from(height) - chin, span, 1.0)),
        ]
    }

    /// By how much windows are broken, in shares of the photo's height.
    fn broken(&self, candidate: &Candidate) -> f64 {
        let height = f64::from(self.preset.size_px().1);
        let excess = |(value, span, weight): (f64, Span, f64)| weight * span.excess(value).abs() / height;
        self.quantities(candidate).into_iter().flatten().map(excess).sum()
    }

    /// Distance from the middle of the windows. Near an end counts more than near the middle, so that the finished
    /// photo's own measurement, which differs by a pixel or two, stays inside.
    fn distance(&self, candidate: &Candidate, side: f64) -> f64 {
        let off = |(value, span, weight): (f64, Span, f64)| {
            let half = (span.length() / 2.0).max(1.0);
            weight * ((value - span.middle()).abs() / half).powi(4)
        };
        let tolerance = self.preset.windows().centre_tolerance_px.max(1.0);
        self.quantities(candidate).into_iter().flatten().map(off).sum::<f64>()
            + 2.0 * (side / tolerance).powi(2)
    }

    /// How far the frame goes beyond each edge, in pixels of the finished photo, for edges that the person touches or
    /// for the others.
    fn beyond(&self, candidate: &Candidate, edges: &Edges, person_touches: bool) -> Shortage {
        let (width, height) = self.preset.size_px();
        let (width, height) = (f64::from(width), f64::from(height));
        let corners = [[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]];
        edges.map(|edge| {
            if edge.person_touches != person_touches {
                return 0.0;
            }
            let deepest = corners
                .iter()
                .map(|corner| {
                    (edge.normal[0] * (corner[0] - candidate.eyes[0])
                        + edge.normal[1] * (corner[1] - candidate.eyes[1]))
                        / candidate.scale
                })
                .fold(f64::INFINITY, f64::min);
            (edge.offset - deepest).max(0.0) * candidate.scale
        })
    }

    /// The face, and the hair unless it may yield, are inside the photo.
    fn holds_head(&self, candidate: &Candidate) -> bool {
        let (width, height) = self.preset.size_px();
        let [x, y] = candidate.eyes;
        let middle = x + self.head.middle * candidate.scale;
        let half = self.head.face_width / 2.0 * candidate.scale;
        let top = y + self.head.hair_top * candidate.scale;
        middle - half >= 0.0
            && middle + half <= f64::from(width)
            && y + self.head.chin * candidate.scale <= f64::from(height)
            && (top >= 0.0 || self.preset.windows().hair_yields)
    }
}

/// `count + 1` values from one end to the other.
fn steps([from, to]: [f64; 2], count: usize) -> impl Iterator<Item = f64> {
    (0..=count).map(move |i| from + (to - from) * i as f64 / count as f64)
}

/// The edges of a picture without end: nothing is out of its reach.
pub(crate) fn no_edges() -> Edges {
    edges_of(1e7, 1e7, &Similarity::about([0.0, 0.0], [5e6, 5e6], 1.0, 0.0), [false; 4])
}

/// The edges of a picture of this size, seen from the level frame.
///
/// `to_picture` leads from the level frame to the picture; `touches` says for left, top, right and bottom whether the
/// person touches that edge.
pub fn edges_of(width: f64, height: f64, to_picture: &Similarity, touches: [bool; 4]) -> Edges {
    let from_picture = to_picture.inverse();
    let origin = from_picture.apply([0.0, 0.0]);
    let turned = |[x, y]: [f64; 2]| {
        let end = from_picture.apply([x, y]);
        let (dx, dy) = (end[0] - origin[0], end[1] - origin[1]);
        let length = dx.hypot(dy).max(f64::MIN_POSITIVE);
        [dx / length, dy / length]
    };
    let edge = |normal: [f64; 2], on: [f64; 2], person_touches: bool| {
        let on = from_picture.apply(on);
        Edge { normal, offset: normal[0] * on[0] + normal[1] * on[1], person_touches }
    };
    [
        edge(turned([1.0, 0.0]), [0.0, 0.0], touches[0]),
        edge(turned([0.0, 1.0]), [0.0, 0.0], touches[1]),
        edge(turned([-1.0, 0.0]), [width, 0.0], touches[2]),
        edge(turned([0.0, -1.0]), [0.0, height], touches[3]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn chsi() -> Preset {
        crate::builtin_preset("chsi").unwrap()
    }

    /// A picture of this size with the eyes at `eyes`, turned by `turn_rad`.
    fn edges(width: f64, height: f64, eyes: [f64; 2], turn_rad: f64, touches: [bool; 4]) -> Edges {
        edges_of(width, height, &Similarity::about([0.0, 0.0], eyes, 1.0, turn_rad), touches)
    }

    const HEAD: LevelHead = LevelHead { hair_top: -190.0, chin: 190.0, face_width: 250.0, middle: 0.0 };

    fn windows_met(head: &LevelHead, placement: &Placement) -> bool {
        let preset = chsi();
        let windows = preset.windows();
        let [x, y] = placement.eyes;
        let middle = x + head.middle * placement.scale;
        windows.eye_line_px.contains(y)
            && windows.hair_top_px.contains(y + head.hair_top * placement.scale)
            && windows.face_width_px.contains(head.face_width * placement.scale)
            && (middle - 240.0).abs() <= windows.centre_tolerance_px + 1e-6
    }

    #[test]
    fn an_ordinary_head_in_a_large_picture_meets_every_window() {
        let all = edges(2000.0, 2600.0, [1000.0, 1100.0], 0.02, [false, false, false, true]);
        let placement = place(&HEAD, &all, &chsi()).unwrap();
        assert!(windows_met(&HEAD, &placement), "{placement:?}");
        assert_eq!((placement.short, placement.extended), ([0.0; 4], [0.0; 4]));
    }

    #[test]
    fn a_picture_that_ends_below_the_chin_is_short_below() {
        let all = edges(2000.0, 1320.0, [1000.0, 1100.0], 0.0, [false, false, false, true]);
        let short = match place(&HEAD, &all, &chsi()) {
            Ok(placement) => placement.short,
            Err(error) => error.short,
        };
        assert!(short[3] > 20.0 && short[0] == 0.0 && short[2] == 0.0, "{short:?}");
    }

    #[test]
    fn a_face_cut_by_the_side_is_out_of_reach() {
        let all = edges(2000.0, 2600.0, [60.0, 1100.0], 0.0, [true, false, false, true]);
        let error = place(&HEAD, &all, &chsi()).unwrap_err();
        assert!(error.short[0] > 50.0, "{error:?}");
    }

    #[test]
    fn backdrop_goes_on_only_where_nobody_stands() {
        // Little room above the hair.
        let above = |touches| edges(2000.0, 2600.0, [1000.0, 195.0], 0.0, [false, touches, false, true]);
        let free = place(&HEAD, &above(false), &chsi()).unwrap();
        assert!(windows_met(&HEAD, &free) && free.extended[1] > 20.0, "{free:?}");
        let cut = place(&HEAD, &above(true), &chsi());
        assert!(cut.is_err() || cut.unwrap().short[1] > 20.0);
    }

    #[test]
    fn hostile_numbers_are_refused() {
        let all = edges(2000.0, 2600.0, [1000.0, 1100.0], 0.0, [true; 4]);
        for width in [0.0, -5.0, f64::NAN, f64::INFINITY] {
            assert!(place(&LevelHead { face_width: width, ..HEAD }, &all, &chsi()).is_err());
        }
    }

    proptest! {
        // Any plausible head is inside every window, or the reason has a name: a side that is short, or a head whose
        // own proportions no scale can satisfy.
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn inside_the_windows_or_a_named_reason(
            face_width in 60.0..900.0_f64,
            hair in 0.55..1.15_f64,
            chin in 0.65..0.95_f64,
            middle in -0.08..0.08_f64,
            picture in (400.0..4000.0_f64, 400.0..4000.0_f64),
            eyes in (0.1..0.9_f64, 0.1..0.9_f64),
            turn in -0.08..0.08_f64,
            touches in any::<[bool; 3]>(),
        ) {
            let head = LevelHead {
                hair_top: -hair * face_width,
                chin: chin * face_width,
                face_width,
                middle: middle * face_width,
            };
            let (width, height) = picture;
            let all = edges(
                width, height, [eyes.0 * width, eyes.1 * height], turn, [touches[0], touches[1], touches[2], true],
            );
            match place(&head, &all, &chsi()) {
                Ok(placement) => {
                    let met = windows_met(&head, &placement);
                    let short = placement.short.iter().any(|&side| side > 0.0);
                    // Hair to eyes must fit between 90 and 250 px while the face is 180 to 300 px wide.
                    let possible = hair * 300.0 >= 90.0 && hair * 180.0 <= 250.0;
                    prop_assert!(met || short || !possible, "{placement:?}");
                    // No pixel of the person is invented.
                    for (edge, side) in all.iter().zip(0..) {
                        if edge.person_touches {
                            let task = Task { head: &head, preset: &chsi() };
                            let candidate = Candidate { scale: placement.scale, eyes: placement.eyes };
                            prop_assert!(task.beyond(&candidate, &all, true)[side] <= TOLERANCE_PX);
                        }
                    }
                }
                Err(error) => prop_assert!(error.short.iter().any(|&side| side > 0.0), "{error:?}"),
            }
        }
    }
}
