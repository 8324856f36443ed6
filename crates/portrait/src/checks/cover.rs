//! What hides the face: hair, hats, hands, masks.
//!
//! ISO/IEC 29794-5 asks that eyes, mouth and face be free of occlusion; its reference implementation (OFIQ) segments
//! the occluders with a network. We have none with a fitting licence, so these are our own heuristics: a place of the
//! face where skin should be, and is not skin-coloured, is covered. What has the colour of skin (a hand, blond hair)
//! is therefore not seen.

mod ears;
pub(super) mod ground;

use std::collections::HashSet;

use caixiang_domain::{Check, Measurement, Reading, Unsure};
use caixiang_vision::Point;

use self::ground::{Ground, Side, Skin, Tolerance, along, median, share, steps};
use super::Scene;
use super::glasses;
use super::region::{rgb, within};

/// Turned farther than this, one half of the face is too narrow to look at.
const TURNED_DEG: f64 = 20.0;

/// The outer ends of brows and eyes, and the chin: where they are in the picture the face is.
const ENDS: [usize; 5] = [70, 300, 33, 263, 152];
/// Upper edges of the brows, from the temple to the nose.
const BROW: [[usize; 5]; 2] = [[70, 63, 105, 66, 107], [300, 293, 334, 296, 336]];
/// Above this share of a brow covered, what covers it may reach over the eye.
const BROW_IN_DOUBT: f64 = 0.35;
/// Edges of the lower lids.
const LOWER_LID: [[usize; 6]; 2] = [[7, 163, 144, 145, 153, 154], [249, 390, 373, 374, 380, 381]];
/// Above this share of the skin below an eye covered, it is covered whatever the brow says.
const EYE_SURELY: f64 = 0.5;
/// The face below the eyes: cheeks, nose, jaw.
const LOWER_FACE: [usize; 41] = [
    234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454,
    346, 347, 348, 349, 343, 412, 399, 437, 6, 217, 174, 188, 114, 120, 119, 118, 117, 111, 116, 227,
];
/// The mouth with a margin for lipstick.
const MOUTH: [usize; 20] =
    [57, 43, 106, 182, 83, 18, 313, 406, 335, 273, 287, 410, 322, 391, 393, 164, 167, 165, 92, 186];
/// The nose, where no beard grows.
const NOSE: [usize; 16] = [6, 114, 217, 198, 209, 129, 98, 97, 2, 326, 327, 358, 429, 420, 437, 343];
/// Skin that a mask leaves free, from between the brows to the root of the nose.
const ABOVE_MASK: [usize; 4] = [9, 8, 168, 6];

pub(super) fn measure(scene: &Scene<'_>) -> Vec<Measurement> {
    let ground = Ground::of(scene);
    let brows = brows(&ground);
    vec![
        face(&ground),
        eyes(&ground, brows),
        Measurement { check: Check::BrowsCovered, ..brows },
        ears::measure(&ground),
        head(&ground),
    ]
}

/// Why nothing can be said of what lies on this face, if so.
fn blocked(ground: &Ground<'_>) -> Option<Unsure> {
    if ground.is_turned(TURNED_DEG) {
        Some(Unsure::Precondition)
    } else if !ground.has_details() {
        Some(Unsure::TooSmall)
    } else if !ground.shows(&ENDS) {
        Some(Unsure::NotVisible)
    } else {
        None
    }
}

/// Brows: the share of the more covered brow above which there is no skin but hair or a brim.
///
/// The landmarks follow a brow even below a fringe; hair that hides the brow also hides the skin directly above it,
/// which is easier to see than hair on hair.
fn brows(ground: &Ground<'_>) -> Measurement {
    const SKIN: Tolerance = Tolerance { dark: 0.65, bright: 2.0, hue: 0.08 };
    if let Some(why) = blocked(ground) {
        return Measurement::unknown(Check::BrowsCovered, why);
    }
    let covered = Side::BOTH.map(|side| {
        let skin = ground.cheek(side);
        let line = ground.scene.landmarks.pick(&side.of(BROW[0], BROW[1]));
        share(along(&line, 0.6, 24), |place| {
            let above = steps(-0.10, -0.02, 7).map(|down| ground.colour(ground.beside(place, 0.0, down)));
            share(above, |colour| skin.is_like(colour, SKIN)) < 0.4
        })
    });
    Measurement::value(Check::BrowsCovered, covered[0].max(covered[1]))
}

/// Eyes: the share of the skin below the more covered eye that is not skin-coloured.
///
/// What hides an eye from above crosses the brow first: where the brow is in doubt, an eye that seems free is too.
fn eyes(ground: &Ground<'_>, brows: Measurement) -> Measurement {
    const SKIN: Tolerance = Tolerance { dark: 0.4, bright: 2.0, hue: 0.12 };
    if let Some(why) = blocked(ground) {
        return Measurement::unknown(Check::EyesCovered, why);
    }
    let covered = Side::BOTH.map(|side| {
        let skin = ground.cheek(side);
        let lid = ground.scene.landmarks.pick(&side.of(LOWER_LID[0], LOWER_LID[1]));
        let below = lid.iter().flat_map(|&place| {
            steps(0.04, 0.16, 7).map(move |down| ground.colour(ground.beside(place, 0.0, down)))
        });
        share(below, |colour| !skin.is_like(colour, SKIN))
    });
    let covered = covered[0].max(covered[1]);
    match brows.reading {
        Reading::Value(brow) if brow > BROW_IN_DOUBT && covered < EYE_SURELY => {
            Measurement::weak(Check::EyesCovered, covered)
        }
        _ => Measurement::value(Check::EyesCovered, covered),
    }
}

/// Face: how much of the face below the eyes, and how much of the nose, has not the colour of the skin between the
/// brows; the smaller of the two, for a beard leaves the nose free and a mask does not.
///
/// Hands are skin and not seen.
fn face(ground: &Ground<'_>) -> Measurement {
    const SKIN: Tolerance = Tolerance { dark: 0.3, bright: 1.8, hue: 0.10 };
    if let Some(why) = blocked(ground) {
        return Measurement::unknown(Check::FaceCovered, why);
    }
    if glasses::lens_darkness(ground) > glasses::DARK {
        // The skin about the eyes cannot be seen and there is nothing to compare with.
        return Measurement::unknown(Check::FaceCovered, Unsure::Precondition);
    }
    let (picture, landmarks) = (ground.scene.picture, ground.scene.landmarks);
    let skin = Skin::new(median(&ABOVE_MASK.map(|landmark| ground.patch(landmark))));
    let other = |pixel| !skin.is_like(rgb(picture, pixel), SKIN);
    let mouth: HashSet<_> = within(picture, landmarks, &MOUTH).into_iter().collect();
    let lower = within(picture, landmarks, &LOWER_FACE).into_iter().filter(|pixel| !mouth.contains(pixel));
    let nose = within(picture, landmarks, &NOSE);
    // Hands have the skin's colour: a small share clears nobody.
    Measurement::suspicion(Check::FaceCovered, share(lower, other).min(share(nose, other)), 0.55)
}

/// Head: the share of what is above the forehead that has a colour hair does not grow in.
///
/// A dark or brown hat looks like hair to this, and dyed hair like a hat: for a person to look at.
fn head(ground: &Ground<'_>) -> Measurement {
    let top = ground.scene.landmarks.get(Point::Forehead);
    let crown: Vec<_> = steps(-1.0, -0.05, 20)
        .flat_map(|down| steps(-0.9, 0.9, 37).map(move |along| (along, down)))
        .map(|(along, down)| ground.beside(top, along, down))
        .filter(|&place| ground.is_inside(place) && ground.on_person(place))
        .collect();
    if crown.len() < 20 {
        return Measurement::unknown(Check::HeadCover, Unsure::NotVisible);
    }
    Measurement::weak(Check::HeadCover, share(crown, |place| !grows(ground.colour(place))))
}

/// Whether hair grows in this colour: black, brown, red, blond, grey, white, all with red over blue or nearly so.
fn grows([r, g, b]: [f32; 3]) -> bool {
    let strongest = r.max(g).max(b);
    // Dark hair mirrors the sky.
    if strongest < 60.0 {
        return true;
    }
    let blue_or_green = b > 1.2 * r || g > 1.12 * r;
    let scarlet = strongest > 90.0 && r > 2.2 * g && r > 2.2 * b;
    !blue_or_green && !scarlet
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_colours_of_hair() {
        let cases = [
            ([20.0, 22.0, 30.0], true, "black under the sky"),
            ([92.0, 64.0, 45.0], true, "brown"),
            ([220.0, 190.0, 140.0], true, "blond"),
            ([170.0, 90.0, 50.0], true, "red"),
            ([200.0, 200.0, 205.0], true, "white"),
            ([40.0, 60.0, 140.0], false, "a blue cap"),
            ([190.0, 30.0, 35.0], false, "a red cap"),
            ([40.0, 110.0, 60.0], false, "a green scarf"),
        ];
        for (colour, wanted, what) in cases {
            assert_eq!(grows(colour), wanted, "{what}");
        }
    }
}
