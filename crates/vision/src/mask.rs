//! A soft mask: for each pixel how surely it belongs to the person.

use crate::sampling::whole_below;

/// Values 0 to 1, row by row.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    width: usize,
    height: usize,
    values: Vec<f32>,
}

impl Mask {
    /// A mask of this size; `values.len()` must be `width * height`, otherwise `None`.
    pub fn new(width: usize, height: usize, values: Vec<f32>) -> Option<Self> {
        (width > 0 && height > 0 && width.checked_mul(height) == Some(values.len())).then_some(Self {
            width,
            height,
            values,
        })
    }

    /// A mask computed pixel by pixel, `value(x, y)`.
    pub fn from_fn(width: usize, height: usize, mut value: impl FnMut(usize, usize) -> f32) -> Self {
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                values.push(value(x, y));
            }
        }
        Self { width, height, values }
    }

    /// Width, pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height, pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values for writing.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// The value at a pixel; the nearest one for a place outside.
    pub fn at(&self, x: isize, y: isize) -> f32 {
        let x = x.clamp(0, self.width as isize - 1) as usize;
        let y = y.clamp(0, self.height as isize - 1) as usize;
        self.values[y * self.width + x]
    }

    /// The value at a place between pixel centres (pixel `i` has its centre at `i + 0.5`), bilinear; the nearest
    /// pixel's for a place outside.
    pub fn sample(&self, x: f64, y: f64) -> f32 {
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (whole_below(x), whole_below(y));
        let (fx, fy) = ((x - left as f64) as f32, (y - top as f64) as f32);
        let upper = self.at(left, top) * (1.0 - fx) + self.at(left + 1, top) * fx;
        let lower = self.at(left, top + 1) * (1.0 - fx) + self.at(left + 1, top + 1) * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// A row of values.
    pub fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..(y + 1) * self.width]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_between_centres() {
        let mask = Mask::new(2, 1, vec![0.0, 1.0]).unwrap();
        assert_eq!(mask.sample(0.5, 0.5), 0.0);
        assert_eq!(mask.sample(1.0, 0.5), 0.5);
        assert_eq!(mask.sample(99.0, -9.0), 1.0);
        assert_eq!(Mask::new(2, 2, vec![0.0]), None);
        assert_eq!(Mask::new(0, 0, vec![]), None);
    }
}
