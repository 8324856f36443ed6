//! Scaling pictures and cutting turned squares out of them for the networks.

use fast_image_resize as fir;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use image::RgbImage;

use crate::error::VisionError;

/// A similarity: from a small upright picture to a place in a larger one. Places are in pixels, where pixel `i` has
/// its centre at `i + 0.5`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Similarity {
    cos: f64,
    sin: f64,
    origin: [f64; 2],
}

impl Similarity {
    /// Maps the middle of a `size`-pixel square to `centre`, turned by `angle_rad` (clockwise on the screen), so that
    /// the square covers `extent` pixels there.
    pub fn square(size: f64, centre: [f64; 2], extent: f64, angle_rad: f64) -> Self {
        let scale = extent / size;
        let (sin, cos) = angle_rad.sin_cos();
        let (cos, sin) = (cos * scale, sin * scale);
        let half = size / 2.0;
        Self { cos, sin, origin: [centre[0] - cos * half + sin * half, centre[1] - sin * half - cos * half] }
    }

    /// A similarity by scale and turn, which maps `from` to `to`.
    pub fn about(from: [f64; 2], to: [f64; 2], scale: f64, angle_rad: f64) -> Self {
        let (sin, cos) = angle_rad.sin_cos();
        let (cos, sin) = (cos * scale, sin * scale);
        Self {
            cos,
            sin,
            origin: [to[0] - cos * from[0] + sin * from[1], to[1] - sin * from[0] - cos * from[1]],
        }
    }

    /// The similarity that brings the places `from` nearest to `to`: least squares (Umeyama 1991, in two dimensions).
    pub fn fit<const N: usize>(from: &[[f64; 2]; N], to: &[[f64; 2]; N]) -> Self {
        Self::fit_pairs(from.iter().zip(to).map(|(&from, &to)| (from, to)))
    }

    /// The same over any number of pairs of places.
    pub(crate) fn fit_pairs(pairs: impl Iterator<Item = ([f64; 2], [f64; 2])> + Clone) -> Self {
        let count = pairs.clone().count().max(1) as f64;
        let (mut from, mut to) = ([0.0; 2], [0.0; 2]);
        for (p, q) in pairs.clone() {
            for axis in 0..2 {
                from[axis] += p[axis] / count;
                to[axis] += q[axis] / count;
            }
        }
        let (mut along, mut across, mut square) = (0.0, 0.0, f64::MIN_POSITIVE);
        for (p, q) in pairs {
            let (px, py, qx, qy) = (p[0] - from[0], p[1] - from[1], q[0] - to[0], q[1] - to[1]);
            along += px * qx + py * qy;
            across += px * qy - py * qx;
            square += px * px + py * py;
        }
        let (cos, sin) = (along / square, across / square);
        Self::about(from, to, cos.hypot(sin), sin.atan2(cos))
    }

    /// Where a place lands.
    pub fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        [self.cos * x - self.sin * y + self.origin[0], self.sin * x + self.cos * y + self.origin[1]]
    }

    /// The way back.
    pub fn inverse(&self) -> Self {
        let square = self.cos * self.cos + self.sin * self.sin;
        let (cos, sin) = (self.cos / square, -self.sin / square);
        let [x, y] = self.origin;
        Self { cos, sin, origin: [-(cos * x - sin * y), -(sin * x + cos * y)] }
    }

    /// First `self`, then `next`.
    pub fn then(&self, next: &Self) -> Self {
        Self {
            cos: next.cos * self.cos - next.sin * self.sin,
            sin: next.sin * self.cos + next.cos * self.sin,
            origin: next.apply(self.origin),
        }
    }

    /// Length of one step of the small picture in the larger one.
    pub fn scale(&self) -> f64 {
        self.cos.hypot(self.sin)
    }

    /// The turn, radians, clockwise on the screen.
    pub fn angle_rad(&self) -> f64 {
        self.sin.atan2(self.cos)
    }
}

/// Scales a whole picture (Lanczos 3 when it gets larger, an area-true filter of the same kernel when smaller).
///
/// # Errors
/// [`VisionError::Scale`] on a picture without pixels.
pub fn resize(picture: &RgbImage, width: u32, height: u32) -> Result<RgbImage, VisionError> {
    let whole = [0.0, 0.0, f64::from(picture.width()), f64::from(picture.height())];
    resize_region(picture, whole, width, height, fir::FilterType::Lanczos3)
}

/// Scales the region `[left, top, width, height]` (fractions of a pixel allowed; must lie inside the picture).
///
/// # Errors
/// [`VisionError::Scale`] where the region leaves the picture or is empty.
pub fn resize_region(
    picture: &RgbImage,
    [left, top, region_width, region_height]: [f64; 4],
    width: u32,
    height: u32,
    filter: fir::FilterType,
) -> Result<RgbImage, VisionError> {
    // Typed for RGB alone: the untyped call would compile the resizers of every pixel format into this crate.
    let source = TypedImageRef::<U8x3>::from_buffer(picture.width(), picture.height(), picture)
        .map_err(|_| VisionError::Shape("picture"))?;
    let mut out = RgbImage::new(width, height);
    let mut target = TypedImage::<U8x3>::from_buffer(width, height, &mut out)
        .map_err(|_| VisionError::Shape("picture"))?;
    let options = fir::ResizeOptions::new().resize_alg(fir::ResizeAlg::Convolution(filter)).crop(
        left,
        top,
        region_width,
        region_height,
    );
    fir::Resizer::new().resize_typed(&source, &mut target, &options)?;
    drop(target);
    Ok(out)
}

/// What lies beyond the picture's edge for a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beyond {
    Black,
    Nearest,
}

/// Cuts a turned square out of a picture as `size`×`size` RGB values 0 to 255.
///
/// The region is first scaled down area-true to about twice the target, so that large faces do not alias.
pub(crate) fn cut_square(
    picture: &RgbImage,
    map: &Similarity,
    size: usize,
    beyond: Beyond,
) -> Result<Vec<f32>, VisionError> {
    let side = size as f64;
    let corners = [[0.0, 0.0], [side, 0.0], [0.0, side], [side, side]].map(|corner| map.apply(corner));
    let low = |axis: usize| corners.iter().map(|c| c[axis]).fold(f64::INFINITY, f64::min).floor();
    let high = |axis: usize| corners.iter().map(|c| c[axis]).fold(f64::NEG_INFINITY, f64::max).ceil();
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    // Two pixels more, so that what the kernel reads at the square's edge is there.
    let (left, top) = ((low(0) - 2.0).clamp(0.0, width - 1.0), (low(1) - 2.0).clamp(0.0, height - 1.0));
    let (right, bottom) =
        ((high(0) + 2.0).clamp(left + 1.0, width), (high(1) + 2.0).clamp(top + 1.0, height));
    let shrink = (map.scale() / 1.5).max(1.0);
    let small_width = ((right - left) / shrink).ceil().max(1.0);
    let small_height = ((bottom - top) / shrink).ceil().max(1.0);
    let region = [left, top, right - left, bottom - top];
    let small =
        resize_region(picture, region, small_width as u32, small_height as u32, fir::FilterType::Bilinear)?;
    let (sx, sy) = (small_width / (right - left), small_height / (bottom - top));

    let mut out = vec![0.0; size * size * 3];
    for (index, pixel) in out.chunks_exact_mut(3).enumerate() {
        let [x, y] = map.apply([(index % size) as f64 + 0.5, (index / size) as f64 + 0.5]);
        if beyond == Beyond::Black && !(0.0..width).contains(&x) | !(0.0..height).contains(&y) {
            continue;
        }
        let rgb = bilinear(&small, (x - left) * sx, (y - top) * sy);
        pixel.copy_from_slice(&rgb);
    }
    Ok(out)
}

/// The whole number at or below a value. `f64::floor` is a call into the C library where the processor is assumed to be
/// old, and these loops ask for each pixel.
pub fn whole_below(value: f64) -> isize {
    let cut = value as isize;
    cut - isize::from(cut as f64 > value)
}

/// The colour at a place, bilinear, the nearest pixel's for a place outside.
fn bilinear(picture: &RgbImage, x: f64, y: f64) -> [f32; 3] {
    let (width, height) = (picture.width() as isize, picture.height() as isize);
    let (x, y) = (x - 0.5, y - 0.5);
    let (left, top) = (whole_below(x), whole_below(y));
    let (fx, fy) = ((x - left as f64) as f32, (y - top as f64) as f32);
    let (x, y) = (left, top);
    let raw = picture.as_raw();
    let at = |x: isize, y: isize| {
        let start = ((y.clamp(0, height - 1) * width + x.clamp(0, width - 1)) * 3) as usize;
        [f32::from(raw[start]), f32::from(raw[start + 1]), f32::from(raw[start + 2])]
    };
    let (a, b, c, d) = (at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1));
    std::array::from_fn(|i| {
        (a[i] * (1.0 - fx) + b[i] * fx) * (1.0 - fy) + (c[i] * (1.0 - fx) + d[i] * fx) * fy
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_way_back_leads_back(
            x in -500.0..500.0, y in -500.0..500.0, cx in -300.0..300.0, cy in -300.0..300.0,
            extent in 1.0..2000.0, angle in -3.0..3.0,
        ) {
            let map = Similarity::square(256.0, [cx, cy], extent, angle);
            let [bx, by] = map.inverse().apply(map.apply([x, y]));
            prop_assert!((bx - x).abs() < 1e-6 && (by - y).abs() < 1e-6);
            let [ix, iy] = map.then(&map.inverse()).apply([x, y]);
            prop_assert!((ix - x).abs() < 1e-6 && (iy - y).abs() < 1e-6);
            let [mx, my] = map.apply([128.0, 128.0]);
            prop_assert!((mx - cx).abs() < 1e-6 && (my - cy).abs() < 1e-6);
        }
    }

    #[test]
    fn cuts_what_is_there() {
        let picture = RgbImage::from_fn(200, 100, |x, _| image::Rgb([if x < 100 { 10 } else { 200 }, 0, 0]));
        let map = Similarity::square(64.0, [50.0, 50.0], 60.0, 0.0);
        let cut = cut_square(&picture, &map, 64, Beyond::Nearest).unwrap();
        assert!(cut.chunks(3).all(|p| (p[0] - 10.0).abs() < 0.01));
        let outside = Similarity::square(64.0, [-500.0, 50.0], 60.0, 0.3);
        assert!(cut_square(&picture, &outside, 64, Beyond::Black).unwrap().iter().all(|&v| v == 0.0));
        assert!(
            cut_square(&picture, &outside, 64, Beyond::Nearest)
                .unwrap()
                .chunks(3)
                .all(|p| (p[0] - 10.0).abs() < 0.01)
        );
    }
}
