//! Clothes against the new backdrop.

use caixiang_domain::{Check, Measurement, Rgb, Unsure};
use caixiang_vision::{Landmarks, Mask, Point};
use image::RgbImage;

use super::Scene;
use super::light::lab::lab;
use super::quality::plane::Plane;
use super::region::{LEFT_CHEEK, RIGHT_CHEEK, percentile, within};

/// Clothes begin this far below the chin, in distances between the pupils: the neck is left out.
const BELOW_CHIN: f64 = 0.25;
/// The share of the picture that clothes must fill.
const MIN_SHARE: f64 = 0.005;
/// How near to the person's own skin a colour may be to be clothes; a\*, b\* and L\*.
const SKIN_CHROMA: f32 = 9.0;
const SKIN_LIGHTNESS: f32 = 28.0;
/// The share of the clothes that may have the backdrop's colour: a tie, a badge, a collar.
const FREE: f64 = 0.2;

pub(super) fn measure(scene: &Scene<'_>, backdrop: Rgb) -> Vec<Measurement> {
    let clothes = Clothes::find(scene.picture, scene.landmarks, scene.alpha);
    let (width, height) = scene.picture.dimensions();
    // One sample stands for four pixels.
    if (clothes.samples.len() * 4) as f64 <= MIN_SHARE * f64::from(width) * f64::from(height) {
        return [Check::ClothesBackground, Check::ClothesPattern]
            .map(|check| Measurement::unknown(check, Unsure::NotVisible))
            .to_vec();
    }
    vec![
        Measurement::value(Check::ClothesBackground, clothes.distance(backdrop)),
        clothes.pattern(scene.picture),
    ]
}

/// What the person wears, every second pixel in each direction.
struct Clothes {
    /// First row of the clothes; even.
    top: u32,
    /// Places in pixels, both even, with their colour in CIELAB.
    samples: Vec<((u32, u32), [f32; 3])>,
}

impl Clothes {
    fn find(picture: &RgbImage, face: &Landmarks, alpha: &Mask) -> Self {
        let cheeks: Vec<_> = [RIGHT_CHEEK, LEFT_CHEEK]
            .iter()
            .flat_map(|cheek| within(picture, face, cheek))
            .map(|(x, y)| lab(picture.get_pixel(x, y).0))
            .collect();
        let skin = std::array::from_fn(|c| percentile(cheeks.iter().map(|colour| colour[c]).collect(), 0.5));
        let top = face.get(Point::Chin)[1] + BELOW_CHIN * face.inter_eye();
        Self::below(picture, alpha, top.max(0.0) as u32 / 2 * 2, skin)
    }

    /// The person's pixels from this row on that do not have the colour of the skin.
    fn below(picture: &RgbImage, alpha: &Mask, top: u32, [l, a, b]: [f32; 3]) -> Self {
        // On a grey picture skin and clothes cannot be told apart by colour.
        let coloured = a.hypot(b) > 5.0;
        let bare = |colour: [f32; 3]| {
            coloured
                && (colour[1] - a).hypot(colour[2] - b) < SKIN_CHROMA
                && (colour[0] - l).abs() < SKIN_LIGHTNESS
        };
        let rows = (top..picture.height()).step_by(2);
        let samples = rows
            .flat_map(|y| (0..picture.width()).step_by(2).map(move |x| (x, y)))
            .filter(|&(x, y)| alpha.at(x as isize, y as isize) > 0.95)
            .map(|(x, y)| ((x, y), lab(picture.get_pixel(x, y).0)))
            .filter(|&(_, colour)| !bare(colour))
            .collect();
        Self { top, samples }
    }

    /// The distance in CIELAB (ΔE 1976) from the backdrop that a fifth of the clothes lie below.
    ///
    /// A fifth, and not the nearest pixel, so that a tie of the backdrop's colour passes and a shirt does not; CIELAB,
    /// because a navy suit is as blue as the backdrop and yet stands out.
    fn distance(&self, backdrop: Rgb) -> f64 {
        let back = lab(backdrop.0);
        let far = |(_, colour): &(_, [f32; 3])| {
            colour.iter().zip(back).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
        };
        f64::from(percentile(self.samples.iter().map(far).collect(), FREE))
    }

    /// Texture: the 75th percentile of the contrast between about 1 and 4 px, levels, 6 px inside the clothes' edge.
    ///
    /// Folds and a coarse knit look like a pattern to this and broad stripes like folds, so it is shown and not judged.
    fn pattern(&self, picture: &RgbImage) -> Measurement {
        let half = Plane::cut(picture, [0, self.top, picture.width(), picture.height()]).half();
        let fine = half.minus(&half.smooth(2.0));
        let mut worn = vec![false; fine.values.len()];
        let place = |(x, y): (u32, u32)| {
            let (x, y) = ((x / 2) as usize, ((y - self.top) / 2) as usize);
            (x < fine.width && y < fine.height).then(|| y * fine.width + x)
        };
        self.samples.iter().filter_map(|(p, _)| place(*p)).for_each(|at| worn[at] = true);
        let deep = |at: &usize| {
            let (x, y) = ((at % fine.width) as isize, (at / fine.width) as isize);
            [(-3, 0), (3, 0), (0, -3), (0, 3)].iter().all(|(dx, dy)| {
                let (x, y) = (x + dx, y + dy);
                x >= 0
                    && y >= 0
                    && (x as usize) < fine.width
                    && (y as usize) < fine.height
                    && worn[y as usize * fine.width + x as usize]
            })
        };
        let values: Vec<f32> = self
            .samples
            .iter()
            .filter_map(|(p, _)| place(*p))
            .filter(deep)
            .map(|at| fine.values[at].abs())
            .collect();
        Measurement::weak(Check::ClothesPattern, f64::from(percentile(values, 0.75)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use caixiang_domain::Reading;
    use image::Rgb as Pixel;

    const SKIN: [u8; 3] = [205, 160, 135];

    /// A bust 100 px wide; `colour(x, y)` of what it wears.
    fn worn(colour: impl Fn(u32, u32) -> [u8; 3]) -> (RgbImage, Clothes) {
        let picture = RgbImage::from_fn(100, 100, |x, y| Pixel(colour(x, y)));
        let alpha = Mask::from_fn(100, 100, |_, y| f32::from(u8::from(y >= 10)));
        let clothes = Clothes::below(&picture, &alpha, 20, lab(SKIN));
        (picture, clothes)
    }

    #[test]
    fn a_blue_shirt_is_near_and_a_blue_tie_far() {
        let folds = |x: u32, [r, g, b]: [u8; 3]| [r - (x % 20) as u8, g - (x % 20) as u8, b - (x % 20) as u8];
        let near = |colour: &dyn Fn(u32, u32) -> [u8; 3]| worn(colour).1.distance(Rgb::LIGHT_BLUE);
        assert!(near(&|x, _| folds(x, [110, 195, 250])) < 15.0);
        assert!(near(&|x, _| if x < 12 { [100, 197, 255] } else { [40, 40, 45] }) > 40.0);
        assert!(near(&|_, _| [25, 35, 70]) > 40.0, "navy");
        assert!(near(&|_, _| [240, 240, 242]) > 30.0, "white");
        assert!(worn(|_, _| [240, 240, 242]).1.distance(Rgb::WHITE) < 10.0, "white on white");
    }

    #[test]
    fn bare_skin_is_no_clothes() {
        assert!(worn(|_, _| SKIN).1.samples.is_empty());
        let (_, half) = worn(|x, _| if x < 50 { SKIN } else { [100, 197, 255] });
        assert!(half.distance(Rgb::LIGHT_BLUE) < 1.0);
    }

    #[test]
    fn stripes_are_a_pattern() {
        let weak = |colour: &dyn Fn(u32, u32) -> [u8; 3]| {
            let (picture, clothes) = worn(colour);
            match clothes.pattern(&picture).reading {
                Reading::Weak(value) => value,
                other => panic!("{other:?}"),
            }
        };
        assert!(weak(&|_, _| [60, 70, 80]) < 0.1);
        assert!(weak(&|x, _| [(60 + x / 2) as u8; 3]) < 2.0, "shading");
        assert!(weak(&|_, y| if y / 6 % 2 == 0 { [40; 3] } else { [200; 3] }) > 30.0);
    }
}
