//! Ears: skin of the person's beside the outline of the face, where ears are.

use caixiang_domain::{Check, Measurement, Unsure};

use super::ground::{Ground, Side, Skin, Tolerance, along, share, steps};

/// Turned farther than this, one ear is behind the head.
const TURNED_DEG: f64 = 15.0;
/// The outline of the face beside the ears, from the height of the eyes to that of the nose.
const OUTLINE: [[usize; 4]; 2] = [[127, 234, 93, 132], [356, 454, 323, 361]];
/// In the shade of hair and with blood shining through, ears differ more from the cheek than the rest of the face.
const SKIN: Tolerance = Tolerance { dark: 0.35, bright: 2.0, hue: 0.16 };
/// Below this share of an ear seen, it is hidden whatever the other one does.
const HIDDEN: f64 = 0.15;

/// What can be said of one ear.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Ear {
    /// The share of its height that is seen.
    Seen(f64),
    /// The background begins at the outline: it lies flat, or the picture ends.
    Flat,
    /// Skin colour reaches farther than ears do: it is hair, or a hand.
    Disguised,
}

/// The share of the height of the less visible ear in which skin is seen beside the face.
///
/// Our own heuristic. Hair over an ear is the person's and not skin-coloured.
pub(super) fn measure(ground: &Ground<'_>) -> Measurement {
    if ground.is_turned(TURNED_DEG) {
        return Measurement::unknown(Check::EarsVisible, Unsure::Precondition);
    }
    if !ground.has_details() {
        return Measurement::unknown(Check::EarsVisible, Unsure::TooSmall);
    }
    match together(Side::BOTH.map(|side| look(ground, side))) {
        Ok(seen) => Measurement::value(Check::EarsVisible, seen),
        Err(why) => Measurement::unknown(Check::EarsVisible, why),
    }
}

/// The less visible of two ears: one that is hidden decides, otherwise both must be known.
fn together(ears: [Ear; 2]) -> Result<f64, Unsure> {
    let seen = |ear| if let Ear::Seen(share) = ear { Some(share) } else { None };
    let least = ears.into_iter().filter_map(seen).reduce(f64::min);
    match least {
        Some(share) if share < HIDDEN || ears.iter().all(|&ear| seen(ear).is_some()) => Ok(share),
        _ if ears.contains(&Ear::Disguised) => Err(Unsure::Method),
        _ => Err(Unsure::NotVisible),
    }
}

fn look(ground: &Ground<'_>, side: Side) -> Ear {
    let skin = ground.cheek(side);
    let line = along(&ground.scene.landmarks.pick(&side.of(OUTLINE[0], OUTLINE[1])), 0.0, 22);
    let row = |place: [f64; 2], from: f64, to: f64, count: usize| {
        steps(from, to, count).map(move |out| ground.beside(place, side.outward() * out, 0.0))
    };
    let beyond = line.iter().flat_map(|&place| row(place, 0.40, 0.55, 6));
    if share(beyond, |place| is_skin(ground, skin, place)) > 0.25 {
        return Ear::Disguised;
    }
    let beside = line.iter().flat_map(|&place| row(place, 0.04, 0.22, 10));
    if share(beside, |place| ground.on_person(place)) < 0.2 {
        return Ear::Flat;
    }
    let seen =
        share(&line, |&place| share(row(place, 0.04, 0.22, 10), |place| is_skin(ground, skin, place)) >= 0.3);
    Ear::Seen(seen)
}

fn is_skin(ground: &Ground<'_>, skin: Skin, place: [f64; 2]) -> bool {
    ground.on_person(place) && skin.is_like(ground.colour(place), SKIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hidden_ear_decides() {
        use Ear::{Disguised, Flat, Seen};
        let cases = [
            ([Seen(0.9), Seen(0.8)], Ok(0.8)),
            ([Seen(0.9), Seen(0.0)], Ok(0.0)),
            ([Seen(0.0), Flat], Ok(0.0)),
            ([Seen(0.9), Flat], Err(Unsure::NotVisible)),
            ([Flat, Flat], Err(Unsure::NotVisible)),
            ([Seen(0.9), Disguised], Err(Unsure::Method)),
        ];
        for (ears, wanted) in cases {
            assert_eq!(together(ears), wanted, "{ears:?}");
        }
    }
}
