//! Glasses: whether they are worn, how dark the lenses are, what they mirror.
//!
//! That a frame draws a bridge across the root of the nose and rims below the eyes, and a bare face draws neither, is
//! the idea of Jiang, Binkert, Achermann and Bunke (Towards detection of glasses in facial images, 2000); the
//! measures and limits are ours.

use caixiang_domain::{Check, Measurement, Unsure};
use caixiang_vision::Point;

use super::Scene;
use super::cover::ground::{Ground, Side, share, steps};
use super::region::{mean, percentile};

/// Turned farther than this, the bridge hides behind the nose.
const TURNED_DEG: f64 = 20.0;
/// Below this there are no glasses of which more could be said.
const WORN: f64 = 0.21;
/// Above this the lenses are dark.
pub(super) const DARK: f64 = 0.6;
/// Distance of two samples of a profile, over the distance between the pupils.
const STEP: f64 = 0.01;
/// The outer corners of the eyes.
const EYE_CORNERS: [usize; 2] = [33, 263];
/// The edges of the lower lids.
const LOWER_LID: [[usize; 6]; 2] = [[7, 163, 144, 145, 153, 154], [249, 390, 373, 374, 380, 381]];

pub(super) fn measure(scene: &Scene<'_>) -> Vec<Measurement> {
    let ground = Ground::of(scene);
    let all = [Check::Glasses, Check::GlassesTinted, Check::GlassesGlare];
    if ground.is_turned(TURNED_DEG) {
        return all.map(|check| Measurement::unknown(check, Unsure::Precondition)).to_vec();
    }
    if !ground.has_details() {
        return all.map(|check| Measurement::unknown(check, Unsure::TooSmall)).to_vec();
    }
    if !ground.shows(&EYE_CORNERS) {
        return all.map(|check| Measurement::unknown(check, Unsure::NotVisible)).to_vec();
    }
    let worn = worn(&ground);
    let (tinted, glare) = if worn < WORN {
        (Measurement::value(Check::GlassesTinted, 0.0), Measurement::value(Check::GlassesGlare, 0.0))
    } else {
        (
            Measurement::value(Check::GlassesTinted, lens_darkness(&ground)),
            // Reflections off the pupil are as small as shine on the lid; see `glare`.
            Measurement::weak(Check::GlassesGlare, glare(&ground)),
        )
    };
    vec![Measurement::value(Check::Glasses, worn), tinted, glare]
}

/// How strongly a frame is drawn: the geometric mean of the steepest edge across the root of the nose and the steepest
/// one below the eye where it is fainter, each over the cheeks' brightness; at most 1.
fn worn(ground: &Ground<'_>) -> f64 {
    let skin = Side::BOTH.map(|side| ground.cheek(side).luma());
    let skin = f64::from(f32::midpoint(skin[0], skin[1]));
    let (bridge, root) =
        (ground.scene.landmarks.get(Point::NoseBridge), ground.scene.landmarks.get(Point::NoseRoot));
    let nose = [f64::midpoint(bridge[0], root[0]), f64::midpoint(bridge[1], root[1])];
    let (from, to) = (ground.depth(nose, Point::BetweenBrows as usize), ground.depth(nose, 195));
    let across = steepest(&profile(ground, nose, 0.08, from, to)) / skin;
    let rims = Side::BOTH.map(|side| steepest(&profile(ground, ground.pupil(side), 0.15, 0.2, 0.65)) / skin);
    (across * rims[0].min(rims[1])).sqrt().min(1.0)
}

/// Brightness down a strip of the face, averaged across it, so that a hair or a mole counts little and a bar much.
fn profile(ground: &Ground<'_>, middle: [f64; 2], half_width: f64, from: f64, to: f64) -> Vec<f32> {
    let across = (half_width * 2.0 / 0.02).round() as usize + 1;
    let count = ((to - from) / STEP).max(0.0) as usize + 1;
    (0..count)
        .map(|i| from + i as f64 * STEP)
        .map(|down| {
            let row = steps(-half_width, half_width, across);
            mean(row.map(|along| ground.luma(ground.beside(middle, along, down))))
        })
        .collect()
}

/// The largest change of a profile over 0.06 distances between the pupils, the width of a rim.
fn steepest(profile: &[f32]) -> f64 {
    const REACH: usize = 6;
    let changes = profile.iter().zip(profile.iter().skip(REACH)).map(|(a, b)| f64::from((a - b).abs()));
    changes.fold(0.0, f64::max)
}

/// How much darker than the cheek the skin below the eyes is, seen through the lens that is lighter: 0 clear, 1 black.
///
/// Mirrored lenses are as bright as skin and are not seen.
pub(super) fn lens_darkness(ground: &Ground<'_>) -> f64 {
    let clear = Side::BOTH.map(|side| {
        let lid = ground.scene.landmarks.pick(&side.of(LOWER_LID[0], LOWER_LID[1]));
        let below = lid
            .iter()
            .flat_map(|&place| steps(0.04, 0.16, 7).map(move |down| ground.beside(place, 0.0, down)))
            .map(|place| ground.luma(place));
        f64::from(percentile(below.collect(), 0.5) / ground.cheek(side).luma())
    });
    (1.0 - clear[0].max(clear[1])).clamp(0.0, 1.0)
}

/// The share of pale, blown pixels about the pupil, of both eyes the larger.
///
/// On our photos this tells a reflection no better than a guess: white of the eye and shine on the lid count, tinted
/// reflections do not.
fn glare(ground: &Ground<'_>) -> f64 {
    let eyes = Side::BOTH.map(|side| {
        let skin = ground.cheek(side).luma();
        let places = steps(-0.16, 0.26, 22)
            .flat_map(|down| steps(-0.3, 0.3, 31).map(move |along| (along, down)))
            .map(|(along, down)| ground.colour(ground.beside(ground.pupil(side), along, down)));
        share(places, |colour| is_pale(colour, skin))
    });
    eyes[0].max(eyes[1])
}

/// Nearly white, or colourless and much brighter than the skin.
fn is_pale([r, g, b]: [f32; 3], skin: f32) -> bool {
    let (least, most) = (r.min(g).min(b), r.max(g).max(b));
    least > 240.0 || (least > 1.25 * skin && most - least < 0.25 * most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_steeper_than_shading() {
        let shading: Vec<f32> = (0..60).map(|i| 150.0 + i as f32 * 0.5).collect();
        let bar: Vec<f32> = (0..60).map(|i| if (28..34).contains(&i) { 40.0 } else { 150.0 }).collect();
        assert!(steepest(&shading) < 5.0);
        assert_eq!(steepest(&bar), 110.0);
        assert_eq!(steepest(&[]), 0.0);
    }

    #[test]
    fn pale_is_not_bright_skin() {
        assert!(is_pale([252.0, 250.0, 248.0], 160.0));
        assert!(is_pale([215.0, 220.0, 225.0], 150.0));
        assert!(!is_pale([240.0, 200.0, 170.0], 160.0));
        assert!(!is_pale([180.0, 180.0, 180.0], 160.0));
    }
}
