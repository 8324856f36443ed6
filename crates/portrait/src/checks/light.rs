//! Light on the face: balance, exposure, shine, colour cast, colour and contrast.
//!
//! The measures follow the ideas of ISO/IEC 29794-5 (illumination uniformity, under- and over-exposure prevention,
//! natural colour, dynamic range), each with the difference that its comment states. They need no resolution: an
//! enlarged face has the same light.

pub(super) mod lab;

use caixiang_domain::{Check, Measurement, Unsure};
use caixiang_vision::Landmarks;
use image::RgbImage;

use super::Scene;
use super::region::{FACE_OVAL, FOREHEAD, LEFT_CHEEK, RIGHT_CHEEK, luma, percentile, rgb, within};
use lab::lab;

/// The student's right half of the forehead, from the middle to above the brow's outer end.
const RIGHT_FOREHEAD: [usize; 8] = [10, 109, 67, 103, 104, 69, 108, 151];
/// The student's left half of the forehead.
const LEFT_FOREHEAD: [usize; 8] = [10, 338, 297, 332, 333, 299, 337, 151];
/// The student's right jaw below the corner of the mouth, away from the outline.
const RIGHT_JAW: [usize; 5] = [212, 202, 211, 210, 214];
/// The student's left jaw.
const LEFT_JAW: [usize; 5] = [432, 422, 431, 430, 434];
/// The nose with its wings, below the bridge where glasses rest.
const NOSE: [usize; 12] = [168, 193, 198, 49, 48, 64, 94, 294, 278, 279, 420, 417];

/// Fewer pixels than this in a cheek say nothing.
const MIN_PIXELS: usize = 24;
/// With the head turned further, one half is in shade under any light.
const MAX_YAW_DEG: f64 = 20.0;
/// Skin below this level is dark on any well exposed picture, save on very dark skin (see [`underexposed`]).
const DARK: f32 = 90.0;
/// Skin above this level has lost its modelling.
const BRIGHT: f32 = 230.0;

type Pixels = Vec<(u32, u32)>;

/// Skin of one half of the face.
struct Half {
    cheek: Pixels,
    forehead: Pixels,
    jaw: Pixels,
}

impl Half {
    fn of(picture: &RgbImage, face: &Landmarks, [cheek, forehead, jaw]: [&[usize]; 3]) -> Self {
        let part = |indices| within(picture, face, indices);
        Self { cheek: part(cheek), forehead: part(forehead), jaw: part(jaw) }
    }
}

pub(super) fn measure(scene: &Scene<'_>) -> Vec<Measurement> {
    use Check as C;
    let (picture, face) = (scene.picture, scene.landmarks);
    let right = Half::of(picture, face, [&RIGHT_CHEEK, &RIGHT_FOREHEAD, &RIGHT_JAW]);
    let left = Half::of(picture, face, [&LEFT_CHEEK, &LEFT_FOREHEAD, &LEFT_JAW]);
    if right.cheek.len().min(left.cheek.len()) < MIN_PIXELS {
        let nothing = [
            C::LightBalance,
            C::Underexposed,
            C::Overexposed,
            C::HotSpots,
            C::ColourCast,
            C::ColourPresent,
            C::Contrast,
        ];
        return nothing.map(|check| Measurement::unknown(check, Unsure::TooSmall)).to_vec();
    }
    let balance = if scene.pose.yaw_deg.abs() > MAX_YAW_DEG {
        Measurement::unknown(C::LightBalance, Unsure::Precondition)
    } else {
        Measurement::value(C::LightBalance, balance(picture, &right, &left))
    };
    let oval: Pixels =
        within(picture, face, &FACE_OVAL).into_iter().filter(|(x, y)| x % 2 == 0 && y % 2 == 0).collect();
    let shades: Vec<f32> = oval.iter().map(|&p| luma(rgb(picture, p))).collect();
    let high = percentile(shades.clone(), 0.97);
    let contrast = f64::from(percentile(shades.clone(), 0.95) - percentile(shades, 0.05));
    let skin = skin(picture, &right, &left);
    let middle: Pixels =
        [&RIGHT_CHEEK, &LEFT_CHEEK, &FOREHEAD].iter().flat_map(|part| within(picture, face, *part)).collect();
    let over = share(&skin, |v| v >= BRIGHT);
    vec![
        balance,
        underexposed(share(&skin, |v| v < DARK), high),
        Measurement::value(C::Overexposed, over),
        Measurement::value(C::HotSpots, hot_spots(picture, &middle, &within(picture, face, &NOSE))),
        // Warm and blue tints near the skin's own colours are not seen on the labelled photos; strong casts are.
        Measurement::suspicion(C::ColourCast, cast(picture, &middle), 10.0),
        Measurement::value(C::ColourPresent, colour(picture, &oval)),
        Measurement::value(C::Contrast, contrast),
    ]
}

fn shade(picture: &RgbImage, pixels: &[(u32, u32)]) -> f32 {
    // Above the median: stubble and strands of hair darken the lower half of the values first.
    percentile(pixels.iter().map(|&p| luma(rgb(picture, p))).collect(), 0.6)
}

fn share(values: &[f32], test: impl Fn(f32) -> bool) -> f64 {
    values.iter().filter(|v| test(**v)).count() as f64 / values.len().max(1) as f64
}

/// Brightness of the darker half of the face over the brighter half's: the 60th percentile of luma in cheek (counted
/// twice), half forehead and jaw.
///
/// ISO/IEC 29794-5 intersects the luminance histograms of two zones; a ratio says how much light is missing and does
/// not fall with noise or stubble. A forehead much darker than the cheek below it lies under hair or a cap and is
/// left out.
fn balance(picture: &RgbImage, right: &Half, left: &Half) -> f64 {
    let shades = |half: &Half| [&half.cheek, &half.forehead, &half.jaw].map(|part| shade(picture, part));
    let (r, l) = (shades(right), shades(left));
    let forehead = [r, l].iter().all(|[cheek, forehead, _]| *forehead > 0.75 * cheek);
    let jaw = right.jaw.len().min(left.jaw.len()) >= MIN_PIXELS;
    let weights = [2.0, f32::from(u8::from(forehead)), f32::from(u8::from(jaw))];
    // An empty zone has no shade; its weight is nought.
    let sum = |shades: [f32; 3]| -> f32 {
        shades.iter().zip(weights).filter(|(_, weight)| *weight > 0.0).map(|(v, weight)| v * weight).sum()
    };
    let (r, l) = (sum(r), sum(l));
    f64::from(r.min(l) / r.max(l).max(1.0))
}

/// Luma of the skin zones; of the forehead only where no hair or cap lies over it.
fn skin(picture: &RgbImage, right: &Half, left: &Half) -> Vec<f32> {
    let mut pixels = Vec::new();
    for half in [right, left] {
        pixels.extend(&half.cheek);
        pixels.extend(&half.jaw);
        if shade(picture, &half.forehead) > 0.75 * shade(picture, &half.cheek) {
            pixels.extend(&half.forehead);
        }
    }
    pixels.iter().map(|&p| luma(rgb(picture, p))).collect()
}

/// Share of skin darker than [`DARK`].
///
/// ISO/IEC 29794-5 counts only levels up to 25, which finds black faces alone. At the higher level well lit dark skin
/// would be counted too; but then the whites of the eyes and the shine are bright, and nothing is decided: a weak
/// number. Shares below a fifth are the rims of zones: stubble, a strand of hair, the shade of the nose.
fn underexposed(share: f64, high: f32) -> Measurement {
    if share > 0.2 && high > 170.0 {
        Measurement::weak(Check::Underexposed, share)
    } else {
        Measurement::value(Check::Underexposed, share)
    }
}

/// Shine: the share of cheeks, forehead and nose that is above [`BRIGHT`], a tenth brighter than the skin's median, and
/// has lost 30 % of the skin's own colour (the specular part of the dichromatic reflection model, Shafer 1985, has the
/// colour of the lamp).
fn hot_spots(picture: &RgbImage, skin: &[(u32, u32)], nose: &[(u32, u32)]) -> f64 {
    let spread = |[r, g, b]: [f32; 3]| r.max(g).max(b) - r.min(g).min(b);
    let of = |measure: &dyn Fn([f32; 3]) -> f32| {
        percentile(skin.iter().map(|&p| measure(rgb(picture, p))).collect(), 0.5)
    };
    let least = BRIGHT.max(1.1 * of(&luma));
    // Grey skin has no colour to lose.
    let most = (0.7 * of(&spread)).max(12.0);
    let hot = skin
        .iter()
        .chain(nose)
        .map(|&p| rgb(picture, p))
        .filter(|&colour| luma(colour) >= least && spread(colour) <= most)
        .count();
    hot as f64 / (skin.len() + nose.len()).max(1) as f64
}

/// Distance, in CIELAB units, of the skin's median a\*, b\* from the colours that skin has under neutral light.
///
/// Over the whole range from light to dark, skin keeps a hue between red and yellow and varies in lightness and chroma;
/// so the allowed region is a sector, hue 35° to 70° and chroma 8 to 36, at any lightness. ISO/IEC 29794-5 allows the
/// box a\* 5–25, b\* 5–35, which passes pink casts of up to 50° in hue. A grey picture lies 8 away.
fn cast(picture: &RgbImage, skin: &[(u32, u32)]) -> f64 {
    let colours: Vec<_> = skin.iter().map(|&(x, y)| lab(picture.get_pixel(x, y).0)).collect();
    let median = |c: usize| percentile(colours.iter().map(|colour| colour[c]).collect(), 0.5);
    from_skin(median(1), median(2))
}

fn from_skin(a: f32, b: f32) -> f64 {
    let hue = b.atan2(a).clamp(35_f32.to_radians(), 70_f32.to_radians());
    let chroma = a.hypot(b).clamp(8.0, 36.0);
    f64::from((a - chroma * hue.cos()).hypot(b - chroma * hue.sin()))
}

/// Colour in the face beyond a tone: the median distance in a\*, b\* from the mean colour of equally light pixels,
/// CIELAB units.
///
/// A coloured face has lips, cheeks and eyes that differ in hue at the same lightness. A black-and-white picture has
/// none of that even where it was toned sepia, which mean chroma would take for colour.
fn colour(picture: &RgbImage, face: &[(u32, u32)]) -> f64 {
    const STEP: f32 = 4.0;
    const STEPS: usize = 26;
    let colours: Vec<_> = face.iter().map(|&(x, y)| lab(picture.get_pixel(x, y).0)).collect();
    let step = |l: f32| ((l / STEP) as usize).min(STEPS - 1);
    let mut sums = [[0.0_f32; 3]; STEPS];
    for &[l, a, b] in &colours {
        let sum = &mut sums[step(l)];
        *sum = [sum[0] + 1.0, sum[1] + a, sum[2] + b];
    }
    let rest = colours.iter().map(|&[l, a, b]| {
        let [n, sum_a, sum_b] = sums[step(l)];
        (a - sum_a / n).hypot(b - sum_b / n)
    });
    f64::from(percentile(rest.collect(), 0.5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    const SKIN: [u8; 3] = [205, 160, 135];

    fn all(picture: &RgbImage) -> Pixels {
        picture.enumerate_pixels().map(|(x, y, _)| (x, y)).collect()
    }

    fn halves(right: u8, left: u8, forehead: u8) -> (RgbImage, Half, Half) {
        let picture = RgbImage::from_fn(40, 40, |x, y| {
            let level = match (y < 10, x < 20) {
                (true, _) => forehead,
                (false, true) => right,
                (false, false) => left,
            };
            Rgb([level; 3])
        });
        let part = |xs: std::ops::Range<u32>, ys: std::ops::Range<u32>| -> Pixels {
            ys.flat_map(|y| xs.clone().map(move |x| (x, y))).collect()
        };
        let half = |xs: std::ops::Range<u32>| Half {
            cheek: part(xs.clone(), 10..25),
            forehead: part(xs.clone(), 0..10),
            jaw: part(xs, 25..40),
        };
        (picture, half(0..20), half(20..40))
    }

    #[test]
    fn balance_is_the_ratio_and_forgives_a_fringe() {
        let (picture, right, left) = halves(120, 160, 160);
        assert!((balance(&picture, &right, &left) - 520.0 / 640.0).abs() < 1e-4);
        let (picture, right, left) = halves(120, 160, 30);
        assert!((balance(&picture, &right, &left) - 0.75).abs() < 1e-4);
        assert!((balance(&picture, &left, &right) - 0.75).abs() < 1e-4);
        // The fringe is no dark skin.
        assert_eq!(share(&skin(&picture, &right, &left), |v| v < DARK), 0.0);
    }

    #[test]
    fn dark_skin_under_good_light_is_not_called_dark() {
        use caixiang_domain::Reading;
        assert_eq!(underexposed(0.9, 140.0).reading, Reading::Value(0.9));
        assert_eq!(underexposed(0.9, 200.0).reading, Reading::Weak(0.9));
        assert_eq!(underexposed(0.0, 200.0).reading, Reading::Value(0.0));
    }

    #[test]
    fn shine_is_bright_and_pale() {
        let picture = |spot: [u8; 3]| RgbImage::from_fn(20, 20, |x, _| Rgb(if x == 0 { spot } else { SKIN }));
        let found = |spot| hot_spots(&picture(spot), &all(&picture(spot)), &[]);
        assert_eq!(found([250, 245, 240]), 0.05);
        assert_eq!(found([255, 205, 175]), 0.0, "bright skin with its colour");
        assert_eq!(found(SKIN), 0.0);
    }

    #[test]
    fn skin_of_every_depth_has_no_cast() {
        // Light to dark, after the Monk scale's middle tones.
        for tone in [[246, 215, 195], [215, 170, 140], [160, 120, 90], [130, 90, 65], [96, 65, 52]] {
            let picture = RgbImage::from_pixel(4, 4, Rgb(tone));
            assert!(cast(&picture, &all(&picture)) < 3.0, "{tone:?}");
        }
        let mut last = 0.0;
        for blue in [0, 25, 50, 75] {
            let picture = RgbImage::from_pixel(4, 4, Rgb([205 - blue / 2, 160, 135 + blue]));
            let found = cast(&picture, &all(&picture));
            assert!(found >= last, "{blue}: {found}");
            last = found;
        }
        assert!(last > 10.0, "{last}");
    }

    #[test]
    fn a_toned_grey_picture_has_no_colour() {
        let sepia = RgbImage::from_fn(40, 40, |x, y| {
            let v = f64::from(60 + 3 * x + y);
            Rgb([v, v * 0.9, v * 0.75].map(|v| v as u8))
        });
        assert!(colour(&sepia, &all(&sepia)) < 1.0, "{}", colour(&sepia, &all(&sepia)));
        let rosy = RgbImage::from_fn(40, 40, |x, y| {
            let v = (60 + 3 * x + y) as u8;
            Rgb(if y % 3 == 0 { [v.saturating_add(30), v - 10, v - 15] } else { [v, v - 5, v - 20] })
        });
        assert!(colour(&rosy, &all(&rosy)) > 3.0);
    }
}
