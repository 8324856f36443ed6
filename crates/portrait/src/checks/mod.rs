//! The checks: measurements on the original and on the finished file. What is allowed stands in the preset.

mod background;
mod clothes;
mod cover;
mod face;
mod finished;
mod glasses;
mod light;
mod quality;
mod region;

use caixiang_domain::{Measurement, Rgb};
use caixiang_vision::{Landmarks, Mask, Pose};
use image::RgbImage;

pub(crate) use face::{reach, source};
pub(crate) use finished::finished;

/// One picture with one face, as the checks see it.
///
/// For a photo in the making the picture is the crop at the finished size with its old background; for an existing
/// photo it is the decoded file.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The pixels.
    pub picture: &'a RgbImage,
    /// The landmarks, in its pixels.
    pub landmarks: &'a Landmarks,
    /// Where the head points.
    pub pose: Pose,
    /// How much of each pixel is the person's; the picture's size.
    pub alpha: &'a Mask,
    /// Pixels of this picture for one of the camera's; above 1 the picture was enlarged.
    pub magnification: f64,
}

/// Everything that is measured on the picture with its old background.
pub fn original(scene: &Scene<'_>, backdrop: Rgb) -> Vec<Measurement> {
    let mut all = face::measure(scene);
    all.extend(cover::measure(scene));
    all.extend(glasses::measure(scene));
    all.extend(light::measure(scene));
    all.extend(quality::measure(scene));
    all.extend(clothes::measure(scene, backdrop));
    all.extend(background::measure(scene));
    all
}

/// What a small frame of the live view can tell: pose, eyes, mouth, hair, glasses, hat and light.
pub(crate) fn live(scene: &Scene<'_>) -> Vec<Measurement> {
    let mut all = face::measure(scene);
    all.extend(cover::measure(scene));
    all.extend(glasses::measure(scene));
    all.extend(light::measure(scene));
    all
}
