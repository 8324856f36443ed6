//! From landmarks to the cropped picture: masks around the head, the hair's top, the fit, and the drawing.

use caixiang_domain::Preset;
use caixiang_vision::{Engine, Landmarks, Mask, Point, Similarity, VisionError, resize_region};
use fast_image_resize::FilterType;
use image::RgbImage;
use rayon::prelude::*;

use crate::geometry::{self, LevelHead, OutOfReach, Placement};
use crate::matting::{self, Matte};
use crate::render;
use crate::road::RoadError;

/// Least value of a mask at which a pixel counts as the person's.
const PERSON: f32 = 0.5;
/// Least value at a picture's edge at which the person is said to touch it.
const TOUCHES: f32 = 0.35;
/// The masks look at this much more than the expected frame, so that the true hair top and both shoulders are inside.
const MARGIN: f64 = 0.16;
/// Longer side of the picture that the masks are computed from. The networks look at 320 pixels.
const MASK_SIDE_PX: f64 = 640.0;
/// Height of the skull above the forehead's landmark, in lengths from forehead to chin: a first guess, before the
/// masks have seen the hair.
const SKULL_ABOVE_FOREHEAD: f64 = 0.30;

/// The cropped picture and everything drawn in the same frame.
#[derive(Debug)]
pub(crate) struct Framing {
    pub(crate) picture: RgbImage,
    pub(crate) landmarks: Landmarks,
    pub(crate) person: Mask,
    pub(crate) salient: Mask,
    /// Pixels beyond the source's edge.
    pub(crate) beyond: Vec<bool>,
    pub(crate) placement: Placement,
    /// From the frame to the picture that was worked on.
    pub(crate) to_source: Similarity,
}

/// A mask of a region of a picture.
#[derive(Debug, Clone)]
pub(crate) struct RegionMask {
    /// Left, top, width, height in the picture.
    pub(crate) region: [f64; 4],
    pub(crate) mask: Mask,
    /// From the picture at hand to the one the mask was computed from, where that is another.
    pub(crate) from_picture: Option<Similarity>,
}

impl RegionMask {
    /// The value at a place of the picture at hand.
    pub(crate) fn sample(&self, place: [f64; 2]) -> f32 {
        let [x, y] = self.from_picture.map_or(place, |map| map.apply(place));
        let [left, top, width, height] = self.region;
        let (columns, rows) = (self.mask.width() as f64, self.mask.height() as f64);
        self.mask.sample((x - left) / width * columns, (y - top) / height * rows)
    }
}

/// Masks of a region of the picture.
struct Masks {
    person: RegionMask,
    salient: RegionMask,
}

/// The region at the size that the mask networks are shown.
pub(crate) fn for_masks(picture: &RgbImage, region: [f64; 4]) -> Result<RgbImage, VisionError> {
    let [_, _, width, height] = region;
    let scale = (MASK_SIDE_PX / width.max(height)).min(1.0);
    let side = |length: f64| (length * scale).round().max(1.0) as u32;
    resize_region(picture, region, side(width), side(height), FilterType::Bilinear)
}

impl Masks {
    fn look(
        picture: &RgbImage,
        region: [f64; 4],
        engine: &Engine,
        salient: Option<RegionMask>,
    ) -> Result<Self, VisionError> {
        let small = for_masks(picture, region)?;
        let person = RegionMask { region, mask: engine.person_mask(&small)?, from_picture: None };
        let salient = match salient {
            Some(salient) => salient,
            None => RegionMask { region, mask: engine.salient_mask(&small)?, from_picture: None },
        };
        Ok(Self { person, salient })
    }

    /// The mean of both masks at a place of the picture.
    fn mean(&self, place: [f64; 2]) -> f32 {
        f32::midpoint(self.person.sample(place), self.salient.sample(place))
    }

    /// Whether the person reaches the picture's left, top, right and bottom edge inside the region. The bottom is
    /// always taken as reached: nobody ends above it.
    fn touches(&self, width: f64) -> [bool; 4] {
        const SAMPLES: usize = 64;
        let [left, top, w, h] = self.person.region;
        let along = |place: &dyn Fn(f64) -> [f64; 2]| {
            (0..=SAMPLES).any(|i| self.mean(place(i as f64 / SAMPLES as f64)) > TOUCHES)
        };
        // Where the region ends before the picture does, nothing was seen: that edge counts as the person's.
        [
            left > 0.5 || along(&|t| [1.0, top + t * h]),
            top > 0.5 || along(&|t| [left + t * w, 1.0]),
            left + w < width - 0.5 || along(&|t| [width - 1.0, top + t * h]),
            true,
        ]
    }
}

/// Width of the face between the cheeks: the widest pair of the face's outline, along the eye line.
pub(crate) fn face_width(landmarks: &Landmarks, along: f64) -> (f64, f64) {
    // Left and right outline from the temple to the jaw's corner.
    const RIGHT: [usize; 5] = [127, 234, 93, 132, 58];
    const LEFT: [usize; 5] = [356, 454, 323, 361, 288];
    let project = |index: usize| {
        let [x, y] = landmarks.at(index);
        x * along.cos() + y * along.sin()
    };
    let low = RIGHT.iter().chain(&LEFT).map(|&i| project(i)).fold(f64::INFINITY, f64::min);
    let high = RIGHT.iter().chain(&LEFT).map(|&i| project(i)).fold(f64::NEG_INFINITY, f64::max);
    (low, high)
}

fn level_head(landmarks: &Landmarks, level: &Similarity) -> LevelHead {
    let to_level = level.inverse();
    let (low, high) = face_width(&landmarks.moved(&to_level), 0.0);
    let forehead = to_level.apply(landmarks.get(Point::Forehead))[1];
    let chin = to_level.apply(landmarks.get(Point::Chin))[1];
    LevelHead {
        hair_top: forehead - SKULL_ABOVE_FOREHEAD * (chin - forehead),
        chin,
        face_width: high - low,
        middle: f64::midpoint(low, high),
    }
}

/// The frame in which the eyes are level, as far as the preset allows a turn, and a first guess of the head in it.
pub(crate) fn levelled(landmarks: &Landmarks, preset: &Preset) -> (Similarity, LevelHead) {
    let limit = preset.parts().max_level_deg.to_radians();
    let turn = landmarks.eye_slope_rad().clamp(-limit, limit);
    let level = Similarity::about([0.0, 0.0], landmarks.eye_middle(), 1.0, turn);
    let guess = level_head(landmarks, &level);
    (level, guess)
}

/// Finds the frame and draws everything into it; `salient` stands in for the slow mask where it is known already.
pub(crate) fn frame(
    picture: &RgbImage,
    landmarks: &Landmarks,
    engine: &Engine,
    preset: &Preset,
    salient: Option<RegionMask>,
) -> Result<Framing, RoadError> {
    let (level, guess) = levelled(landmarks, preset);
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));

    let masks = Masks::look(picture, region(&guess, &level, preset, width, height), engine, salient)?;
    let top = masks.person.region[1];
    let head = LevelHead { hair_top: hair_top(&|place| masks.mean(place), top, &guess, &level), ..guess };
    let edges = geometry::edges_of(width, height, &level, masks.touches(width));
    let placement = geometry::place(&head, &edges, preset)?;
    let to_source = placement.to_level().then(&level);

    let (out_width, out_height) = preset.size_px();
    let drawn = render::draw(picture, &to_source, out_width, out_height)?;
    let (columns, rows) = (out_width as usize, out_height as usize);
    let sample = |mask: &RegionMask| {
        let mut values = vec![0.0; columns * rows];
        values.par_chunks_exact_mut(columns).enumerate().for_each(|(y, line)| {
            for (x, value) in line.iter_mut().enumerate() {
                *value = mask.sample(to_source.apply([x as f64 + 0.5, y as f64 + 0.5]));
            }
        });
        Mask::new(columns, rows, values).ok_or(VisionError::Shape("mask"))
    };
    let mut beyond = vec![false; (out_width * out_height) as usize];
    for (index, beyond) in beyond.iter_mut().enumerate() {
        let (x, y) = (index % out_width as usize, index / out_width as usize);
        let [x, y] = to_source.apply([x as f64 + 0.5, y as f64 + 0.5]);
        *beyond = x < -1.0 || y < -1.0 || x > width + 1.0 || y > height + 1.0;
    }
    Ok(Framing {
        picture: drawn,
        landmarks: landmarks.moved(&to_source.inverse()),
        person: sample(&masks.person)?,
        salient: sample(&masks.salient)?,
        beyond,
        placement,
        to_source,
    })
}

impl Framing {
    /// The same frame drawn from a finer decoding of the same picture; `map` leads from the old picture to it.
    pub(crate) fn redraw(
        self,
        finer: &RgbImage,
        map: &Similarity,
        preset: &Preset,
    ) -> Result<Self, VisionError> {
        let to_source = self.to_source.then(map);
        let (width, height) = preset.size_px();
        let picture = render::draw(finer, &to_source, width, height)?;
        let placement = Placement { scale: self.placement.scale / map.scale(), ..self.placement };
        Ok(Self { picture, to_source, placement, ..self })
    }
}

/// The part of the picture that the masks look at: the frame as it would lie with the guessed hair top, and a margin.
pub(crate) fn region(
    guess: &LevelHead,
    level: &Similarity,
    preset: &Preset,
    width: f64,
    height: f64,
) -> [f64; 4] {
    // With edges nowhere near, the fit cannot fail.
    let far = geometry::no_edges();
    let (out_width, out_height) = preset.size_px();
    let (out_width, out_height) = (f64::from(out_width), f64::from(out_height));
    let corners = match geometry::place(guess, &far, preset) {
        Ok(placement) => {
            let map = placement.to_level().then(level);
            let (mx, my) = (out_width * MARGIN, out_height * MARGIN);
            [[-mx, -my], [out_width + mx, -my], [-mx, out_height + my], [out_width + mx, out_height + my]]
                .map(|corner| map.apply(corner))
        }
        Err(OutOfReach { .. }) => [[0.0, 0.0], [width, 0.0], [0.0, height], [width, height]],
    };
    let low = |axis: usize| corners.iter().map(|c| c[axis]).fold(f64::INFINITY, f64::min);
    let high = |axis: usize| corners.iter().map(|c| c[axis]).fold(f64::NEG_INFINITY, f64::max);
    let (left, top) = (low(0).clamp(0.0, width - 1.0), low(1).clamp(0.0, height - 1.0));
    let (right, bottom) = (high(0).clamp(left + 1.0, width), high(1).clamp(top + 1.0, height));
    [left, top, right - left, bottom - top]
}

/// The hair's top in the level frame, from what says how surely a place is the person's: upwards from the forehead in
/// the columns over the face, as long as they show the person.
pub(crate) fn hair_top(
    person: &dyn Fn([f64; 2]) -> f32,
    top_of_region: f64,
    guess: &LevelHead,
    level: &Similarity,
) -> f64 {
    const COLUMNS: i32 = 24;
    let step = guess.face_width / 120.0;
    let from = guess.hair_top * 0.55;
    let mut top = from;
    for column in 0..=COLUMNS {
        let x = guess.middle + guess.face_width * (f64::from(column) / f64::from(COLUMNS) - 0.5) * 0.9;
        let mut y = from;
        loop {
            let place = level.apply([x, y]);
            if place[1] < top_of_region || person(place) < PERSON {
                break;
            }
            y -= step;
        }
        top = top.min(y + step / 2.0);
    }
    top
}

/// Outline of the face by its landmarks, clockwise from the forehead.
const FACE_OVAL: [usize; 36] = [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
];

/// The part of a face that is the person's beyond doubt: its outline, drawn in by a tenth.
pub fn sure_face(landmarks: &Landmarks) -> Vec<[f64; 2]> {
    let outline = landmarks.pick(&FACE_OVAL);
    let count = outline.len() as f64;
    let middle = outline.iter().fold([0.0, 0.0], |m, p| [m[0] + p[0] / count, m[1] + p[1] / count]);
    outline
        .iter()
        .map(|p| [middle[0] + (p[0] - middle[0]) * 0.9, middle[1] + (p[1] - middle[1]) * 0.9])
        .collect()
}

/// Cuts the people with these faces out of a whole picture at its own size.
pub(crate) fn whole_matte(
    picture: &RgbImage,
    faces: &[Landmarks],
    engine: &Engine,
) -> Result<Matte, VisionError> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let region = [0.0, 0.0, width as f64, height as f64];
    let masks = Masks::look(picture, region, engine, None)?;
    let grow = |mask: &RegionMask| {
        Mask::from_fn(width, height, |x, y| mask.sample([x as f64 + 0.5, y as f64 + 0.5]))
    };
    let faces: Vec<_> = faces.iter().map(sure_face).collect();
    Ok(matting::matte(picture, &grow(&masks.person), &grow(&masks.salient), &faces))
}
