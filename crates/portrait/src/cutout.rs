//! The person alone: a picture at its own size with the background transparent.

use caixiang_vision::{Engine, Landmarks, resize};
use image::{Rgba, RgbaImage};

use crate::framing;
use crate::road::RoadError;
use crate::source;

/// Longer side above which the edge is solved on a smaller copy. The closed form's time and memory grow with the
/// length of the edge times its width: at 1600 pixels it stays near two seconds on two cores.
const SOLVED_SIDE_PX: u32 = 1600;

/// Cuts the person out of a picture: the camera's own colours where the pixel is the person's alone, estimated ones
/// along the edge.
///
/// Pictures with a longer side above 1600 pixels are solved at that size; opacity and edge colours are scaled up from
/// there (bilinear).
///
/// # Errors
/// [`RoadError::Source`], [`RoadError::NoFace`] or [`RoadError::Vision`].
pub fn cut_out(bytes: &[u8], engine: &Engine) -> Result<RgbaImage, RoadError> {
    let picture = source::decode_at(bytes, f64::INFINITY)?.picture;
    let (width, height) = picture.dimensions();
    let shrink = (f64::from(SOLVED_SIDE_PX) / f64::from(width.max(height))).min(1.0);
    let side = |length: u32| ((f64::from(length) * shrink).round() as u32).max(1);
    let small = if shrink < 1.0 { &resize(&picture, side(width), side(height))? } else { &picture };
    let found = engine.faces(small)?;
    let people = found.iter().take(crate::road::people(&found));
    let landmarks: Vec<Landmarks> = people
        .map(|face| engine.landmarks(small, face))
        .filter_map(Result::transpose)
        .collect::<Result<_, _>>()?;
    if landmarks.is_empty() {
        return Err(RoadError::NoFace);
    }
    let matte = framing::whole_matte(small, &landmarks, engine)?;
    let to_small =
        [f64::from(small.width()) / f64::from(width), f64::from(small.height()) / f64::from(height)];
    let mut out = RgbaImage::new(width, height);
    for (x, y, pixel) in out.enumerate_pixels_mut() {
        let place = [(f64::from(x) + 0.5) * to_small[0], (f64::from(y) + 0.5) * to_small[1]];
        let alpha = matte.alpha.sample(place[0], place[1]);
        let opacity = (alpha.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        let [r, g, b] = match opacity {
            255 => picture.get_pixel(x, y).0,
            // Nothing of the old background may hide in what is not seen.
            0 => [0; 3],
            _ if shrink < 1.0 => bilinear(&matte.foreground, place),
            _ => matte.foreground.get_pixel(x, y).0,
        };
        *pixel = Rgba([r, g, b, opacity]);
    }
    Ok(out)
}

fn bilinear(picture: &image::RgbImage, [x, y]: [f64; 2]) -> [u8; 3] {
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let at = |dx: f64, dy: f64| {
        let clamp = |value: f64, length: u32| value.clamp(0.0, f64::from(length - 1)) as u32;
        picture.get_pixel(clamp(left + dx, picture.width()), clamp(top + dy, picture.height())).0
    };
    let corners = [at(0.0, 0.0), at(1.0, 0.0), at(0.0, 1.0), at(1.0, 1.0)];
    let weights = [(1.0 - fx) * (1.0 - fy), fx * (1.0 - fy), (1.0 - fx) * fy, fx * fy];
    std::array::from_fn(|c| {
        let sum: f64 =
            corners.iter().zip(weights).map(|(corner, weight)| f64::from(corner[c]) * weight).sum();
        (sum + 0.5).clamp(0.0, 255.0) as u8
    })
}
