//! The slow mask worked out ahead: from a frame shortly before the one that becomes the photo.

use caixiang_domain::Preset;
use caixiang_vision::{Engine, Landmarks, VisionError};
use image::RgbImage;

use crate::framing::{self, RegionMask};
use crate::road::Found;

/// Farthest that the face may have moved since, in distances between the pupils.
const MOVED: f64 = 0.35;
/// Most that its size may have changed, as a factor.
const GROWN: f64 = 1.12;
/// Most that it may have turned in the picture, radians.
const TURNED: f64 = 0.12;

/// What stands out of a frame, with the face that it belongs to.
#[derive(Debug, Clone)]
pub struct Ahead {
    salient: RegionMask,
    landmarks: Landmarks,
    size_px: (u32, u32),
}

impl Ahead {
    /// Works the slow mask out for this frame.
    ///
    /// # Errors
    /// [`VisionError`] where a model fails.
    pub fn of(found: &Found, engine: &Engine, preset: &Preset) -> Result<Self, VisionError> {
        let (picture, landmarks) = (found.frame().picture(), found.landmarks());
        let (level, guess) = framing::levelled(landmarks, preset);
        let (width, height) = picture.dimensions();
        let region = framing::region(&guess, &level, preset, f64::from(width), f64::from(height));
        let mask = engine.salient_mask(&framing::for_masks(picture, region)?)?;
        let salient = RegionMask { region, mask, from_picture: None };
        Ok(Self { salient, landmarks: landmarks.clone(), size_px: (width, height) })
    }

    /// The mask laid onto a later frame by the face; `None` where the person has moved too far for that.
    pub(crate) fn mask_for(&self, picture: &RgbImage, landmarks: &Landmarks) -> Option<RegionMask> {
        let map = landmarks.map_onto(&self.landmarks);
        let (now, then) = (landmarks.eye_middle(), self.landmarks.eye_middle());
        let moved = (now[0] - then[0]).hypot(now[1] - then[1]) / landmarks.inter_eye().max(1.0);
        let grown = map.scale().max(1.0 / map.scale().max(1e-9));
        let fits = picture.dimensions() == self.size_px
            && moved <= MOVED
            && grown <= GROWN
            && map.angle_rad().abs() <= TURNED;
        fits.then(|| RegionMask { from_picture: Some(map), ..self.salient.clone() })
    }
}
