//! A part of a picture as brightness, and the filters on it.

use image::RgbImage;

use crate::checks::region::{luma, rgb};

/// Luma 0 to 255 of a rectangle, row by row.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::checks) struct Plane {
    pub(in crate::checks) width: usize,
    pub(in crate::checks) height: usize,
    pub(in crate::checks) values: Vec<f32>,
}

impl Plane {
    /// The rectangle from its upper left corner, clipped to the picture.
    pub(in crate::checks) fn cut(picture: &RgbImage, [left, top, right, bottom]: [u32; 4]) -> Self {
        let (right, bottom) = (right.min(picture.width()), bottom.min(picture.height()));
        let width = right.saturating_sub(left) as usize;
        let height = if width == 0 { 0 } else { bottom.saturating_sub(top) as usize };
        let values = (top..top + height as u32)
            .flat_map(|y| (left..left + width as u32).map(move |x| luma(rgb(picture, (x, y)))));
        Self { width, height, values: values.collect() }
    }

    /// The value at a place; the nearest one outside.
    pub(in crate::checks) fn at(&self, x: isize, y: isize) -> f32 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.values[y * self.width + x]
    }

    /// Half the size, each value the mean of four; an odd last row or column is dropped.
    pub(in crate::checks) fn half(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let (upper, lower) =
                (&self.values[2 * y * self.width..], &self.values[(2 * y + 1) * self.width..]);
            values.extend(
                (0..width).map(|x| (upper[2 * x] + upper[2 * x + 1] + lower[2 * x] + lower[2 * x + 1]) / 4.0),
            );
        }
        Self { width, height, values }
    }

    /// Smoothed by a Gaussian of this standard deviation in pixels, cut off at three of them; the edge repeated.
    pub(in crate::checks) fn smooth(&self, sigma: f32) -> Self {
        let reach = (3.0 * sigma).ceil() as usize;
        let weight = |i: usize| (-(i as f32 - reach as f32).powi(2) / (2.0 * sigma * sigma)).exp();
        let weights: Vec<f32> = (0..=2 * reach).map(weight).collect();
        let sum: f32 = weights.iter().sum();
        let weights: Vec<f32> = weights.into_iter().map(|weight| weight / sum).collect();
        let (width, height) = (self.width, self.height);
        let mut across = vec![0.0; width * height];
        let mut padded = vec![0.0; width + 2 * reach];
        for y in 0..height {
            let row = &self.values[y * width..(y + 1) * width];
            for (x, value) in padded.iter_mut().enumerate() {
                *value = row[x.saturating_sub(reach).min(width - 1)];
            }
            let target = &mut across[y * width..(y + 1) * width];
            for (k, weight) in weights.iter().enumerate() {
                for (value, source) in target.iter_mut().zip(&padded[k..]) {
                    *value += weight * source;
                }
            }
        }
        let mut values = vec![0.0; width * height];
        for y in 0..height {
            let target = &mut values[y * width..(y + 1) * width];
            for (k, weight) in weights.iter().enumerate() {
                let from = (y + k).saturating_sub(reach).min(height - 1);
                for (value, source) in target.iter_mut().zip(&across[from * width..(from + 1) * width]) {
                    *value += weight * source;
                }
            }
        }
        Self { width, height, values }
    }

    /// The difference of two planes of one size.
    pub(in crate::checks) fn minus(&self, other: &Self) -> Self {
        let values = self.values.iter().zip(&other.values).map(|(a, b)| a - b).collect();
        Self { values, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smoothing_keeps_the_mean_and_flattens() {
        let values = (0..400).map(|i| if (i / 4) % 2 == 0 { 0.0 } else { 100.0 }).collect();
        let plane = Plane { width: 20, height: 20, values };
        let smooth = plane.smooth(3.0);
        let middle = smooth.at(10, 10);
        assert!((middle - 50.0).abs() < 12.0, "{middle}");
        let flat = Plane { width: 5, height: 4, values: vec![7.0; 20] };
        assert!(flat.smooth(2.0).values.iter().all(|v| (v - 7.0).abs() < 1e-4));
        assert_eq!(flat.half(), Plane { width: 2, height: 2, values: vec![7.0; 4] });
    }

    #[test]
    fn cuts_inside_the_picture() {
        let picture = RgbImage::new(10, 8);
        assert_eq!(Plane::cut(&picture, [4, 4, 99, 99]).values.len(), 24);
        assert_eq!(Plane::cut(&picture, [12, 4, 99, 99]).values.len(), 0);
    }
}
