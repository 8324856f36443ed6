//! Drawing the camera's picture into the frame: one resampling, in the quality of the finished photo.

use caixiang_vision::{Similarity, VisionError, resize_region, whole_below};
use fast_image_resize::FilterType;
use image::RgbImage;
use rayon::prelude::*;

/// Draws `picture` into a new one of this size; `map` leads from places in the new picture to places in the old.
///
/// A picture that gets smaller is drawn at twice the size from one that was scaled area-true, and halved: the turn
/// then costs no sharpness and brings no steps. Places outside the old picture show its nearest pixel.
///
/// # Errors
/// [`VisionError::Scale`] on a picture without pixels.
pub(crate) fn draw(
    picture: &RgbImage,
    map: &Similarity,
    width: u32,
    height: u32,
) -> Result<RgbImage, VisionError> {
    let step = map.scale();
    if step <= 1.0 {
        return Ok(bicubic(picture, map, width, height));
    }
    // The part of the old picture that is needed, with a margin for the kernels.
    let (w, h) = (f64::from(width), f64::from(height));
    let corners = [[0.0, 0.0], [w, 0.0], [0.0, h], [w, h]].map(|corner| map.apply(corner));
    let low = |axis: usize| corners.iter().map(|c| c[axis]).fold(f64::INFINITY, f64::min) - 4.0 * step;
    let high = |axis: usize| corners.iter().map(|c| c[axis]).fold(f64::NEG_INFINITY, f64::max) + 4.0 * step;
    let (full_width, full_height) = (f64::from(picture.width()), f64::from(picture.height()));
    let left = low(0).floor().clamp(0.0, full_width - 1.0);
    let top = low(1).floor().clamp(0.0, full_height - 1.0);
    let right = high(0).ceil().clamp(left + 1.0, full_width);
    let bottom = high(1).ceil().clamp(top + 1.0, full_height);

    let shrink = (step / 2.0).max(1.0);
    let small_width = ((right - left) / shrink).round().max(1.0);
    let small_height = ((bottom - top) / shrink).round().max(1.0);
    let region = [left, top, right - left, bottom - top];
    let small =
        resize_region(picture, region, small_width as u32, small_height as u32, FilterType::Lanczos3)?;
    // The two axes are rounded apart by less than half a pixel; the mean keeps the map a similarity.
    let ratio = f64::midpoint(small_width / (right - left), small_height / (bottom - top));
    let to_small = Similarity::about([left, top], [0.0, 0.0], ratio, 0.0);
    let from_double = Similarity::about([0.0, 0.0], [0.0, 0.0], 0.5, 0.0);
    let double = bicubic(&small, &from_double.then(map).then(&to_small), width * 2, height * 2);
    let whole = [0.0, 0.0, w * 2.0, h * 2.0];
    resize_region(&double, whole, width, height, FilterType::CatmullRom)
}

/// As [`draw`], for a glance at the live view: the turn may cost a little sharpness, and a fifth of the time.
///
/// # Errors
/// [`VisionError::Scale`] on a picture without pixels.
pub(crate) fn sketch(
    picture: &RgbImage,
    map: &Similarity,
    width: u32,
    height: u32,
) -> Result<RgbImage, VisionError> {
    let step = map.scale();
    // Up to here the four pixels of the kernel see all that lies below one of the new ones.
    const WITHIN_KERNEL: f64 = 1.5;
    if step <= WITHIN_KERNEL {
        return Ok(bicubic(picture, map, width, height));
    }
    let (full_width, full_height) = (f64::from(picture.width()), f64::from(picture.height()));
    let ratio = 1.0 / step;
    let side = |length: f64| (length * ratio).round().max(1.0) as u32;
    let whole = [0.0, 0.0, full_width, full_height];
    let small = resize_region(picture, whole, side(full_width), side(full_height), FilterType::Bilinear)?;
    let ratio = f64::midpoint(f64::from(small.width()) / full_width, f64::from(small.height()) / full_height);
    let to_small = Similarity::about([0.0, 0.0], [0.0, 0.0], ratio, 0.0);
    Ok(bicubic(&small, &map.then(&to_small), width, height))
}

/// Catmull-Rom interpolation.
fn bicubic(picture: &RgbImage, map: &Similarity, width: u32, height: u32) -> RgbImage {
    let mut out = RgbImage::new(width, height);
    let (w, h) = (picture.width() as isize, picture.height() as isize);
    let raw = picture.as_raw();
    let row_bytes = width as usize * 3;
    out.par_chunks_exact_mut(row_bytes).enumerate().for_each(|(row, line)| {
        for (column, pixel) in line.chunks_exact_mut(3).enumerate() {
            let [x, y] = map.apply([column as f64 + 0.5, row as f64 + 0.5]);
            let (x, y) = (x - 0.5, y - 0.5);
            let (column_at, row_at) = (whole_below(x), whole_below(y));
            let (left, top) = (column_at - 1, row_at - 1);
            let (wx, wy) = (weights((x - column_at as f64) as f32), weights((y - row_at as f64) as f32));
            let mut sum = [0.0_f32; 3];
            let inside = left >= 0 && left + 4 <= w;
            for (j, wy) in wy.into_iter().enumerate() {
                let line_start = (top + j as isize).clamp(0, h - 1) * w;
                if inside {
                    let at = (line_start + left) as usize * 3;
                    for (wx, place) in wx.into_iter().zip(raw[at..at + 12].as_chunks::<3>().0) {
                        let weight = wx * wy;
                        for (sum, &value) in sum.iter_mut().zip(place) {
                            *sum += weight * f32::from(value);
                        }
                    }
                    continue;
                }
                for (i, wx) in wx.into_iter().enumerate() {
                    let at = ((line_start + (left + i as isize).clamp(0, w - 1)) * 3) as usize;
                    let weight = wx * wy;
                    for (sum, &value) in sum.iter_mut().zip(&raw[at..at + 3]) {
                        *sum += weight * f32::from(value);
                    }
                }
            }
            for (value, sum) in pixel.iter_mut().zip(sum) {
                *value = (sum + 0.5).clamp(0.0, 255.0) as u8;
            }
        }
    });
    out
}

/// The four Catmull-Rom weights (Keys 1981, a = -1/2) for a fraction of a pixel.
fn weights(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [-0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1.0, -1.5 * t3 + 2.0 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A smooth picture whose colours are a linear function of the place: exact under any good resampling.
    fn ramp(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| image::Rgb([(x / 4) as u8, (y / 4) as u8, 50]))
    }

    #[test]
    fn keeps_places() {
        let picture = ramp(800, 800);
        for (scale, angle) in [(0.5, 0.0), (1.0, 0.05), (2.3, -0.08), (3.0, 0.0)] {
            let map = Similarity::about([60.0, 80.0], [400.0, 390.0], scale, angle);
            for draw in [draw, sketch] {
                let drawn = draw(&picture, &map, 120, 160).unwrap();
                for (x, y) in [(10, 10), (60, 80), (110, 150)] {
                    let [sx, sy] = map.apply([f64::from(x) + 0.5, f64::from(y) + 0.5]);
                    let pixel = drawn.get_pixel(x, y);
                    assert!(
                        (f64::from(pixel[0]) - sx / 4.0).abs() <= 1.5,
                        "{scale} {angle} {x}: {pixel:?} {sx}"
                    );
                    assert!(
                        (f64::from(pixel[1]) - sy / 4.0).abs() <= 1.5,
                        "{scale} {angle} {y}: {pixel:?} {sy}"
                    );
                }
            }
        }
    }
}
