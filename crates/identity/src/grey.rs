//! Grey pictures and what is done to them so that a code on a poor screen can be read.

/// The longest side of a picture that is looked at.
pub const MAX_SIDE_PX: u32 = 4096;

/// Side of the squares whose darkest and brightest spots set the local contrast.
const TILE_PX: usize = 16;
/// Less difference than this is noise, not contrast.
const LEAST_RANGE: f32 = 10.0;

/// A picture in one byte a pixel, rows without gaps.
#[derive(Clone)]
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) luma: Vec<u8>,
}

impl Grey {
    /// A bounded picture whose size is what it says.
    pub(crate) fn new(width: u32, height: u32, luma: &[u8]) -> Option<Self> {
        let bounded = (1..=MAX_SIDE_PX).contains(&width) && (1..=MAX_SIDE_PX).contains(&height);
        let (width, height) = (width as usize, height as usize);
        (bounded && luma.len() == width * height).then(|| Self { width, height, luma: luma.to_vec() })
    }

    fn built(width: usize, height: usize, mut row: impl FnMut(usize, &mut [u8])) -> Self {
        let mut luma = vec![0; width * height];
        luma.chunks_exact_mut(width).enumerate().for_each(|(y, line)| row(y, line));
        Self { width, height, luma }
    }

    fn row(&self, y: usize) -> &[u8] {
        let from = y.min(self.height - 1) * self.width;
        &self.luma[from..from + self.width]
    }

    /// Light for dark.
    pub(crate) fn inverted(&self) -> Self {
        Self { luma: self.luma.iter().map(|&value| 255 - value).collect(), ..*self }
    }

    /// Half as wide and high, each pixel the mean of four: takes the grid of a screen out.
    pub(crate) fn half(&self) -> Option<Self> {
        let (width, height) = (self.width / 2, self.height / 2);
        (width > 0 && height > 0).then(|| {
            Self::built(width, height, |y, line| {
                let (upper, lower) = (self.row(2 * y), self.row(2 * y + 1));
                for (to, (a, b)) in line.iter_mut().zip(upper.chunks_exact(2).zip(lower.chunks_exact(2))) {
                    let sum = u16::from(a[0]) + u16::from(a[1]) + u16::from(b[0]) + u16::from(b[1]);
                    *to = ((sum + 2) / 4) as u8;
                }
            })
        })
    }

    /// Edges made steeper: each pixel moved away from the mean around it.
    pub(crate) fn sharpened(&self) -> Self {
        let soft = self.softened(3);
        let luma = self.luma.iter().zip(&soft.luma).map(|(&sharp, &soft)| {
            let (sharp, soft) = (i32::from(sharp), i32::from(soft));
            (sharp + 2 * (sharp - soft)).clamp(0, 255) as u8
        });
        Self { luma: luma.collect(), ..*self }
    }

    /// The mean over a square of `2 × radius + 1` pixels.
    pub(crate) fn softened(&self, radius: usize) -> Self {
        self.softened_rows(radius).turned().softened_rows(radius).turned()
    }

    fn softened_rows(&self, radius: usize) -> Self {
        Self::built(self.width, self.height, |y, line| {
            let row = self.row(y);
            let at = |x: usize| u32::from(row[x.min(row.len() - 1)]);
            let mut sum = at(0) * (radius as u32 + 1) + (1..=radius).map(at).sum::<u32>();
            for (x, to) in line.iter_mut().enumerate() {
                *to = (sum / (2 * radius as u32 + 1)) as u8;
                sum += at(x + radius + 1);
                sum -= at(x.saturating_sub(radius));
            }
        })
    }

    fn turned(&self) -> Self {
        Self::built(self.height, self.width, |x, line| {
            line.iter_mut().enumerate().for_each(|(y, to)| *to = self.luma[y * self.width + x]);
        })
    }

    /// Contrast stretched to the full range by what is dark and bright near by.
    pub(crate) fn stretched(&self) -> Self {
        let (across, down) = (self.width.div_ceil(TILE_PX), self.height.div_ceil(TILE_PX));
        let mut ends = vec![(255_u8, 0_u8); across * down];
        for y in 0..self.height {
            for (x, &value) in self.row(y).iter().enumerate() {
                let end = &mut ends[(y / TILE_PX) * across + x / TILE_PX];
                *end = (end.0.min(value), end.1.max(value));
            }
        }
        // The neighbours' too, so that a square inside one module has both.
        let around = |x: usize, y: usize| {
            let mut all = (255_u8, 0_u8);
            for ny in y.saturating_sub(1)..(y + 2).min(down) {
                for nx in x.saturating_sub(1)..(x + 2).min(across) {
                    let end = ends[ny * across + nx];
                    all = (all.0.min(end.0), all.1.max(end.1));
                }
            }
            (f32::from(all.0), f32::from(all.1))
        };
        let wide: Vec<(f32, f32)> = (0..down * across).map(|at| around(at % across, at / across)).collect();
        let columns: Vec<_> = (0..self.width).map(|x| between(x, across)).collect();
        let mut here = vec![(0.0, 0.0); across];
        Self::built(self.width, self.height, |y, line| {
            let (top, bottom, v) = between(y, down);
            for (x, here) in here.iter_mut().enumerate() {
                *here = mixed(wide[top * across + x], wide[bottom * across + x], v);
            }
            for ((to, &value), &(left, right, u)) in line.iter_mut().zip(self.row(y)).zip(&columns) {
                let (dark, bright) = mixed(here[left], here[right], u);
                let range = (bright - dark).max(LEAST_RANGE);
                *to = ((f32::from(value) - dark) / range * 255.0).clamp(0.0, 255.0) as u8;
            }
        })
    }
}

fn mixed(one: (f32, f32), other: (f32, f32), share: f32) -> (f32, f32) {
    (one.0 + (other.0 - one.0) * share, one.1 + (other.1 - one.1) * share)
}

/// The squares before and after this pixel, and how far it is from the first's middle to the second's.
fn between(at: usize, squares: usize) -> (usize, usize, f32) {
    let place = ((at as f32 + 0.5) / TILE_PX as f32 - 0.5).clamp(0.0, (squares - 1) as f32);
    let first = place as usize;
    (first, (first + 1).min(squares - 1), place - first as f32)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn treatments_do_what_they_say() {
        let grey = Grey::new(4, 2, &[0, 4, 100, 100, 8, 12, 100, 100]).expect("its size");
        assert_eq!(grey.half().map(|half| half.luma), Some(vec![6, 100]));
        assert_eq!(grey.inverted().luma[..3], [255, 251, 155]);
        // 80 to 96 becomes the full range.
        let faint: Vec<u8> = (0..64 * 64).map(|at| if at % 7 < 3 { 80 } else { 96 }).collect();
        let stretched = Grey::new(64, 64, &faint).expect("its size").stretched();
        assert!(stretched.luma.iter().all(|value| matches!(value, 0 | 255)));
        // A mean of an even picture is that picture.
        assert!(
            Grey::new(9, 5, &[77; 45]).expect("its size").softened(3).luma.iter().all(|&value| value == 77)
        );
    }

    #[test]
    fn a_picture_is_the_size_it_says() {
        assert!(Grey::new(4, 2, &[0; 7]).is_none());
        assert!(Grey::new(0, 2, &[]).is_none());
        assert!(Grey::new(u32::MAX, u32::MAX, &[0; 1]).is_none());
    }

    proptest! {
        #[test]
        fn no_size_stops_them(width in 1_usize..70, height in 1_usize..70, seed in any::<u8>()) {
            let luma: Vec<u8> = (0..width * height).map(|at| (at * 31) as u8 ^ seed).collect();
            let grey = Grey::new(width as u32, height as u32, &luma).expect("its size");
            for treated in [Some(grey.inverted()), grey.half(), Some(grey.sharpened()), Some(grey.stretched())] {
                prop_assert!(treated.is_none_or(|treated| treated.luma.len() == treated.width * treated.height));
            }
        }
    }
}
