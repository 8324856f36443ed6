//! The first half of the road on a small frame, many times a second: what the live view tells the student.
//!
//! The rules are those of the final check, so that what the live view promises the photo keeps.

use caixiang_domain::{Check, Measurement, Preset, Reading, Verdict};
use caixiang_vision::{Engine, Landmarks, Mask, Similarity, VisionError};
use image::RgbImage;

use crate::checks::{self, Scene};
use crate::framing::{self, RegionMask};
use crate::geometry::{self, LevelHead, OutOfReach};
use crate::render;
use crate::road::{RoadError, people};
use crate::source::{self, SourceInfo};

/// Longer side of the frame that is looked at.
const SIDE_PX: f64 = 900.0;
/// The frame of the photo is drawn this much smaller than finished.
const SHRINK: f64 = 0.5;
/// Everybody in the picture is looked for once in so many frames; in between the face is followed.
const SEARCH_EVERY: u32 = 10;
/// The person's mask is computed once in so many frames.
const MASK_EVERY: u32 = 3;

/// What one frame of the live view shows.
#[derive(Debug, Clone)]
pub struct Glance {
    /// People in the picture.
    pub people: usize,
    /// The person in front, if there is one.
    pub face: Option<FaceGlance>,
}

/// What one frame shows of the person in front.
#[derive(Debug, Clone)]
pub struct FaceGlance {
    /// Broken rules and rules that are kept, those of the final check which a small frame can tell.
    pub verdict: Verdict,
    /// Frame of the photo in shares of the picture: left, top, width, height.
    pub frame: [f64; 4],
    /// By how much the photo's windows lie beyond the picture on the left, top, right and bottom, in shares of the
    /// frame.
    pub short: [f64; 4],
    /// Middle between the pupils in shares of the picture.
    pub eyes: [f64; 2],
    /// Opening of the eye that is more closed, 0 to 1.
    pub eye_opening: f64,
    /// How far the eyes' middle moved since the frame before, in distances between the pupils; none on the first.
    pub moved: Option<f64>,
    /// Mean brightness step between neighbouring pixels of the face, grey levels: larger is sharper. Comparable
    /// between frames of one face only.
    pub sharpness: f64,
}

/// Watches the frames of one camera.
#[derive(Debug)]
pub struct Watch {
    preset: Preset,
    face: Option<Landmarks>,
    people: usize,
    person: Option<RegionMask>,
    frame: u32,
}

impl Watch {
    /// A watch that judges by this preset.
    pub fn new(preset: Preset) -> Self {
        Self { preset, face: None, people: 0, person: None, frame: 0 }
    }

    /// Looks at a frame.
    ///
    /// # Errors
    /// [`RoadError::Source`] on bytes that are no picture, [`RoadError::Vision`] where a model fails.
    pub fn look(&mut self, jpeg: &[u8], engine: &Engine) -> Result<Glance, RoadError> {
        let decoded = source::decode_at(jpeg, SIDE_PX)?;
        let picture = &decoded.picture;
        let before = self.face.take();
        self.frame = self.frame.wrapping_add(1);
        let followed = match &before {
            Some(before) if !self.frame.is_multiple_of(SEARCH_EVERY) => engine.follow(picture, before)?,
            _ => None,
        };
        let face = match followed {
            Some(face) => Some(face),
            None => self.search(picture, engine)?,
        };
        let Some(face) = face else {
            self.person = None;
            return Ok(Glance { people: self.people, face: None });
        };
        let glance = self.judge(picture, decoded.scale, &decoded.info, &face, before.as_ref(), engine)?;
        self.face = Some(face);
        Ok(Glance { people: self.people, face: Some(glance) })
    }

    fn search(&mut self, picture: &RgbImage, engine: &Engine) -> Result<Option<Landmarks>, VisionError> {
        let faces = engine.faces(picture)?;
        self.people = people(&faces);
        for face in &faces {
            if let Some(found) = engine.landmarks(picture, face)? {
                return Ok(Some(found));
            }
        }
        self.people = 0;
        Ok(None)
    }

    fn judge(
        &mut self,
        picture: &RgbImage,
        scale: f64,
        info: &SourceInfo,
        face: &Landmarks,
        before: Option<&Landmarks>,
        engine: &Engine,
    ) -> Result<FaceGlance, RoadError> {
        let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
        let (level, guess) = framing::levelled(face, &self.preset);
        let region = framing::region(&guess, &level, &self.preset, width, height);
        if self.person.is_none() || self.frame.is_multiple_of(MASK_EVERY) {
            let mask = engine.person_mask(&framing::for_masks(picture, region)?)?;
            self.person = Some(RegionMask { region, mask, from_picture: None });
        }
        let person = self.person.as_ref().ok_or(VisionError::Shape("person"))?;
        let inside = |place: [f64; 2]| person.sample(place);
        let head = LevelHead { hair_top: framing::hair_top(&inside, region[1], &guess, &level), ..guess };
        // As if the person touched every edge: the live view asks for a frame that invents nothing.
        let edges = geometry::edges_of(width, height, &level, [true; 4]);
        let (placement, short) = match geometry::place(&head, &edges, &self.preset) {
            Ok(placement) => (placement, placement.short),
            Err(OutOfReach { short }) => {
                (geometry::place(&head, &geometry::no_edges(), &self.preset)?, short)
            }
        };
        let to_picture = placement.to_level().then(&level);
        let (out_width, out_height) = self.preset.size_px();
        let half = |length: u32| (f64::from(length) * SHRINK).round() as u32;
        let grow = Similarity::about([0.0, 0.0], [0.0, 0.0], 1.0 / SHRINK, 0.0);
        let from_small = grow.then(&to_picture);
        let crop = render::sketch(picture, &from_small, half(out_width), half(out_height))?;
        let alpha = Mask::from_fn(crop.width() as usize, crop.height() as usize, |x, y| {
            person.sample(from_small.apply([x as f64 + 0.5, y as f64 + 0.5]))
        });
        let landmarks = face.moved(&from_small.inverse());
        let scene = Scene {
            picture: &crop,
            landmarks: &landmarks,
            pose: engine.pose(face),
            alpha: &alpha,
            // Details are judged by the pixels at hand.
            magnification: 1.0,
        };
        let mut measurements = checks::live(&scene);
        measurements.extend(checks::source(self.people, face, 1.0 / scale, info));
        // Finished pixels for one of the camera's.
        measurements.push(Measurement::value(Check::Upscaled, placement.scale * scale));
        let verdict = Verdict::judge(&measurements, |check| self.preset.rule(check));

        let corners = [[0.0, 0.0], [f64::from(out_width), f64::from(out_height)]];
        let [low, high] = corners.map(|corner| {
            let middle = [f64::from(out_width) / 2.0, f64::from(out_height) / 2.0];
            let centre = to_picture.apply(middle);
            // The frame upright: the page shows it without its turn.
            let step = to_picture.scale();
            [centre[0] + (corner[0] - middle[0]) * step, centre[1] + (corner[1] - middle[1]) * step]
        });
        let shares = |[x, y]: [f64; 2]| [x / width, y / height];
        let ([left, top], [right, bottom]) = (shares(low), shares(high));
        let eyes = face.eye_middle();
        let moved = before.map(|before| {
            let then = before.eye_middle();
            (eyes[0] - then[0]).hypot(eyes[1] - then[1]) / face.inter_eye().max(1.0)
        });
        let opening = |check| match measurements.iter().find(|m| m.check == check).map(|m| m.reading) {
            Some(Reading::Value(value) | Reading::Weak(value)) => value,
            _ => 0.0,
        };
        let sizes = [out_width, out_height, out_width, out_height].map(f64::from);
        Ok(FaceGlance {
            verdict,
            frame: [left, top, right - left, bottom - top],
            short: std::array::from_fn(|side| short[side] / sizes[side]),
            eyes: shares(eyes),
            eye_opening: opening(Check::EyeOpenLeft).min(opening(Check::EyeOpenRight)),
            moved,
            sharpness: sharpness(&crop, &landmarks),
        })
    }
}

/// Mean absolute step between neighbouring pixels, in grey levels, over the square around the eyes and the nose.
fn sharpness(crop: &RgbImage, face: &Landmarks) -> f64 {
    let [cx, cy] = face.eye_middle();
    let reach = face.inter_eye();
    let clamp = |value: f64, most: u32| value.clamp(0.0, f64::from(most.saturating_sub(2))) as u32;
    let (left, right) = (clamp(cx - reach, crop.width()), clamp(cx + reach, crop.width()));
    let (top, bottom) = (clamp(cy - reach * 0.5, crop.height()), clamp(cy + reach, crop.height()));
    let grey = |x: u32, y: u32| {
        let [r, g, b] = crop.get_pixel(x, y).0.map(i32::from);
        (r + 2 * g + b) / 4
    };
    let (mut sum, mut count) = (0_i64, 0_i64);
    for y in top..bottom {
        for x in left..right {
            let here = grey(x, y);
            sum += i64::from((grey(x + 1, y) - here).abs() + (grey(x, y + 1) - here).abs());
            count += 2;
        }
    }
    sum as f64 / count.max(1) as f64
}
