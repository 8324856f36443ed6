//! People before backdrops where the true alpha is known: the matting's examination.
//!
//! A real person is cut out of a photo once; that cut-out is the truth by definition. It is laid before four
//! backdrops with grain, and the pipeline has to find it again. Fine strands of hair are drawn at the outline, since
//! a cut-out made by any matting has fewer of them than a head.

use caixiang_domain::Rgb;
use caixiang_portrait::matting::Matte;
use caixiang_portrait::{lay_on, matting};
use caixiang_vision::{Engine, Landmarks, Mask, VisionError};
use image::RgbImage;

/// A pseudo-random sequence that is the same everywhere (PCG's multiplier, high bits).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A sequence by its seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    }

    /// The next number, 0 to 1.
    pub fn roll(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// What stands behind the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    /// A blue cloth with folds.
    BlueCloth,
    /// A grey wall, lit from one side.
    GreyWall,
    /// A brick wall.
    Brick,
    /// A café: a real photograph, out of focus as behind a portrait.
    Cafe,
}

impl Behind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::BlueCloth, Self::GreyWall, Self::Brick, Self::Cafe];

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::BlueCloth => "blue cloth",
            Self::GreyWall => "grey wall",
            Self::Brick => "brick",
            Self::Cafe => "café",
        }
    }

    /// Draws it; `cafe` is the photograph for the café.
    pub fn draw(self, width: u32, height: u32, cafe: &RgbImage, dice: &mut Dice) -> RgbImage {
        let waves: Vec<[f32; 3]> =
            (0..6).map(|_| [dice.roll() * 0.03, dice.roll() * std::f32::consts::TAU, dice.roll()]).collect();
        let cafe = image::imageops::blur(
            &image::imageops::resize(cafe, width, height, image::imageops::FilterType::Triangle),
            5.0,
        );
        RgbImage::from_fn(width, height, |x, y| {
            let (fx, fy) = (x as f32, y as f32);
            let grain = (dice.roll() - 0.5) * 6.0;
            let colour = match self {
                Self::BlueCloth => {
                    let fold: f32 = waves.iter().map(|[f, p, t]| (fx * f + fy * f * t * 0.4 + p).sin()).sum();
                    [58.0 + fold * 5.0, 106.0 + fold * 8.0, 168.0 + fold * 10.0]
                }
                Self::GreyWall => {
                    let light = 190.0 - fx / width as f32 * 45.0 - fy / height as f32 * 15.0;
                    [light, light, light - 3.0]
                }
                Self::Brick => {
                    let row = y / 22;
                    let column = (x + (row % 2) * 26) / 52;
                    let mortar = y % 22 < 3 || (x + (row % 2) * 26) % 52 < 3;
                    let shade = f32::from((row.wrapping_mul(7919) ^ column.wrapping_mul(104_729)) as u8 % 40);
                    if mortar { [176.0, 168.0, 158.0] } else { [140.0 + shade, 72.0 + shade / 2.0, 56.0] }
                }
                Self::Cafe => cafe.get_pixel(x, y).0.map(f32::from),
            };
            image::Rgb(colour.map(|c| (c + grain).clamp(0.0, 255.0) as u8))
        })
    }
}

/// Adds strands of hair along the upper outline of a cut-out, in the colour of the hair beside them.
pub fn with_strands(mut truth: Matte, head_bottom: f64, dice: &mut Dice) -> Matte {
    let (width, height) = (truth.alpha.width(), truth.alpha.height());
    let solid = truth.alpha.clone();
    let bottom = (head_bottom as usize).min(height - 1);
    for _ in 0..260 {
        // A place on the outline: walk in from a random side of the head.
        let y0 = 1.0 + dice.roll() * (bottom.saturating_sub(2)) as f32;
        let from_left = dice.roll() < 0.5;
        let inside = |x: usize| solid.at(x as isize, y0 as isize) > 0.95;
        let start =
            if from_left { (0..width).find(|&x| inside(x)) } else { (0..width).rev().find(|&x| inside(x)) };
        let Some(start) = start.filter(|x| (2..width - 2).contains(x)) else { continue };
        let colour = *truth.foreground.get_pixel(start as u32, y0 as u32);
        let outwards = if from_left { -1.0 } else { 1.0 };
        let (mut x, mut y) = (start as f32, y0);
        let mut angle = (dice.roll() - 0.7) * 1.6;
        let bend = (dice.roll() - 0.5) * 0.12;
        let length = 6.0 + dice.roll() * 22.0;
        let thickness = 0.35 + dice.roll() * 0.6;
        let mut walked = 0.0;
        while walked < length {
            let fade = thickness * (1.0 - 0.6 * walked / length);
            for dy in -1..=1_i32 {
                for dx in -1..=1_i32 {
                    let (px, py) = (x.floor() as i32 + dx, y.floor() as i32 + dy);
                    if px < 0 || py < 0 || px >= width as i32 || py >= height as i32 {
                        continue;
                    }
                    let distance = (px as f32 + 0.5 - x).hypot(py as f32 + 0.5 - y);
                    let cover = (fade - distance + 0.5).clamp(0.0, 1.0) * fade.min(1.0);
                    let at = py as usize * width + px as usize;
                    let old = truth.alpha.values()[at];
                    if cover > old {
                        truth.alpha.values_mut()[at] = cover;
                        truth.foreground.put_pixel(px as u32, py as u32, colour);
                    }
                }
            }
            x += outwards * angle.cos() * 0.5;
            y += angle.sin() * 0.5;
            angle += bend * 0.5;
            walked += 0.5;
        }
    }
    truth
}

/// The person before a backdrop.
pub fn compose(truth: &Matte, behind: &RgbImage) -> RgbImage {
    let mut picture = truth.foreground.clone();
    for ((pixel, back), &alpha) in picture.pixels_mut().zip(behind.pixels()).zip(truth.alpha.values()) {
        for (value, back) in pixel.0.iter_mut().zip(back.0) {
            *value = (alpha * f32::from(*value) + (1.0 - alpha) * f32::from(back)).round() as u8;
        }
    }
    picture
}

/// How far a result is from the truth.
#[derive(Debug, Clone, Copy, Default)]
pub struct Distance {
    /// Mean absolute difference of alpha, ×1000.
    pub mad: f64,
    /// The same within the band around soft edges, ×1000.
    pub band: f64,
    /// Mean absolute difference of colour before CHSI's blue within the band, 0 to 255.
    pub colour: f64,
}

/// Compares. The band is every pixel within three of one where the true alpha is between 0.02 and 0.98.
pub fn compare(result: &Matte, truth: &Matte) -> Distance {
    let (width, height) = (truth.alpha.width() as isize, truth.alpha.height() as isize);
    let soft = |x: isize, y: isize| (0.02..=0.98).contains(&truth.alpha.at(x, y));
    let on_blue = (lay_on(result, Rgb::LIGHT_BLUE), lay_on(truth, Rgb::LIGHT_BLUE));
    let mut sums = [0.0_f64; 3];
    let mut count = 0.0_f64;
    let mut near = vec![false; (width * height) as usize];
    for y in 0..height {
        for x in 0..width {
            if soft(x, y) {
                for ny in (y - 3).max(0)..=(y + 3).min(height - 1) {
                    near[(ny * width + (x - 3).max(0)) as usize
                        ..=(ny * width + (x + 3).min(width - 1)) as usize]
                        .fill(true);
                }
            }
        }
    }
    for (at, near) in near.iter().enumerate() {
        let difference = f64::from((result.alpha.values()[at] - truth.alpha.values()[at]).abs());
        sums[0] += difference;
        if *near {
            sums[1] += difference;
            let (x, y) = (at as u32 % width as u32, at as u32 / width as u32);
            let (a, b) = (on_blue.0.get_pixel(x, y), on_blue.1.get_pixel(x, y));
            sums[2] += a.0.iter().zip(b.0).map(|(a, b)| f64::from(a.abs_diff(b))).sum::<f64>() / 3.0;
            count += 1.0;
        }
    }
    let count = count.max(1.0);
    Distance {
        mad: sums[0] / (width * height) as f64 * 1000.0,
        band: sums[1] / count * 1000.0,
        colour: sums[2] / count,
    }
}

/// The two masks of a whole picture at its size.
///
/// # Errors
/// Where a model fails.
pub fn masks(picture: &RgbImage, engine: &Engine) -> Result<(Mask, Mask), VisionError> {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let grow = |mask: Mask| {
        Mask::from_fn(width, height, |x, y| {
            mask.sample(
                (x as f64 + 0.5) / width as f64 * mask.width() as f64,
                (y as f64 + 0.5) / height as f64 * mask.height() as f64,
            )
        })
    };
    Ok((grow(engine.person_mask(picture)?), grow(engine.salient_mask(picture)?)))
}

/// Cuts out as the road does, from a picture already framed.
///
/// # Errors
/// Where a model fails.
pub fn cut_out(picture: &RgbImage, face: &Landmarks, engine: &Engine) -> Result<Matte, VisionError> {
    let (person, salient) = masks(picture, engine)?;
    Ok(matting::matte(picture, &person, &salient, &[caixiang_portrait::sure_face(face)]))
}
