//! From two masks to a soft edge: trimap, closed-form matting, foreground colours.

mod component;
mod foreground;
mod laplacian;
mod trimap;

use caixiang_vision::Mask;
use image::RgbImage;

pub use trimap::MAX_UNKNOWN;

/// A person cut out of a picture: how much of each pixel is theirs, and in which colour.
#[derive(Debug, Clone)]
pub struct Matte {
    /// Share of the person in each pixel, 0 to 1.
    pub alpha: Mask,
    /// The person's own colour in each pixel, free of the old background.
    pub foreground: RgbImage,
    /// Share of the picture in which the masks left the answer open, before it was capped.
    pub unknown: f64,
    /// The open area exceeded [`MAX_UNKNOWN`] and was narrowed to it.
    pub capped: bool,
}

/// Cuts a person out.
///
/// Both masks have the picture's size: `person` is sure of bodies, `salient` knows hair. Where both agree the answer is
/// taken; between, it comes from the picture by closed-form matting (Levin, Lischinski, Weiss 2008), and the person's
/// colours by the multi-level method of Germer et al. (2020). `faces` are outlines that are the person's beyond doubt:
/// a hand or a pattern can make both masks err there. What hangs together with no face is somebody or something else.
pub fn matte(picture: &RgbImage, person: &Mask, salient: &Mask, faces: &[Vec<[f64; 2]>]) -> Matte {
    let (width, height) = picture.dimensions();
    let faces: Vec<usize> = faces
        .iter()
        .flat_map(|face| crate::polygon::inside(width, height, face))
        .map(|(x, y)| (y * width + x) as usize)
        .collect();
    let trimap = trimap::trimap(person, salient, &faces);
    let mut alpha = laplacian::solve(picture, &trimap);
    component::keep_connected(&mut alpha, &faces);
    let foreground = foreground::estimate(picture, &alpha);
    Matte { alpha, foreground, unknown: trimap.unknown, capped: trimap.capped }
}
