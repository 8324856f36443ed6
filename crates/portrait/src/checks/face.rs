//! Pose, eyes, mouth, expression and shoulders: mostly read off landmarks and blendshapes.

use caixiang_domain::{Check, Measurement, Unsure};
use caixiang_vision::{Blendshape, Landmarks, Point};

use super::Scene;
use super::region::{INNER_LIPS, LEFT_CHEEK, RIGHT_CHEEK, luma, mean, rgb, within};
use crate::framing;
use crate::geometry::Placement;
use crate::source::SourceInfo;

/// Below this distance between the pupils, details of eyes and mouth are guesses.
const MIN_INTER_EYE_PX: f64 = 24.0;

/// What the camera's picture as a whole says: people and sizes. `to_file` is the file's pixels for one of the
/// landmarks'.
///
/// Face size and inter-eye distance are measured in the file's own pixels (ISO/IEC 29794-5 asks for the inter-eye
/// distance, ISO/IEC 19794-5 for at least 90 px).
pub(crate) fn source(
    people: usize,
    landmarks: &Landmarks,
    to_file: f64,
    info: &SourceInfo,
) -> Vec<Measurement> {
    let (low, high) = framing::face_width(landmarks, landmarks.eye_slope_rad());
    let quality = match info.markers.as_ref().and_then(|markers| markers.quality) {
        Some(quality) => Measurement::value(Check::Compression, f64::from(quality)),
        // A format without loss.
        None => Measurement::value(Check::Compression, 100.0),
    };
    vec![
        Measurement::value(Check::FaceCount, people as f64),
        Measurement::value(Check::FaceSize, (high - low) * to_file),
        Measurement::value(Check::InterEye, landmarks.inter_eye() * to_file),
        quality,
    ]
}

/// How far the source would have had to reach for the windows to be met, summed over the sides.
pub(crate) fn reach(placement: &Placement) -> Measurement {
    Measurement::value(Check::SourceReach, placement.short.iter().sum())
}

pub(super) fn measure(scene: &Scene<'_>) -> Vec<Measurement> {
    let mut all = vec![
        // Angles of the fitted face mesh; see `caixiang_vision::Pose`.
        Measurement::value(Check::Yaw, scene.pose.yaw_deg),
        // The depth of a face of few pixels is a guess, and pitch hangs on it.
        if details(scene) {
            Measurement::value(Check::Pitch, scene.pose.pitch_deg)
        } else {
            Measurement::unknown(Check::Pitch, Unsure::TooSmall)
        },
        // Tilt by the line through the pupils on the camera's picture, as the registries measure it.
        Measurement::value(Check::Roll, scene.pose.roll_deg),
    ];
    all.extend(eyes(scene));
    all.extend(mouth(scene));
    all.extend(shoulders(scene));
    all
}

/// Whether the face has enough pixels, in the camera's own resolution, for details.
fn details(scene: &Scene<'_>) -> bool {
    scene.landmarks.inter_eye() / scene.magnification.max(1e-6) >= MIN_INTER_EYE_PX
}

/// Eyes: opening is one minus the `eyeBlink` blendshape of each eye; gaze the largest deviation that the `eyeLook`
/// blendshapes agree on in both eyes.
fn eyes(scene: &Scene<'_>) -> Vec<Measurement> {
    use Blendshape as B;
    let shapes = scene.landmarks.blendshapes();
    let get = |shape| f64::from(shapes.get(shape));
    let (blink_right, blink_left) = (get(B::EyeBlinkRight), get(B::EyeBlinkLeft));
    let sideways = (get(B::EyeLookOutLeft) - get(B::EyeLookInLeft) + get(B::EyeLookInRight)
        - get(B::EyeLookOutRight))
        / 2.0;
    let upwards =
        (get(B::EyeLookUpLeft) + get(B::EyeLookUpRight) - get(B::EyeLookDownLeft) - get(B::EyeLookDownRight))
            / 2.0;
    let away = sideways.abs().max(upwards.abs());
    let gaze = if !details(scene) {
        Measurement::unknown(Check::Gaze, Unsure::TooSmall)
    } else if scene.pose.yaw_deg.abs() > 15.0 {
        // A turned head looks at the lens out of the corner of the eye.
        Measurement::unknown(Check::Gaze, Unsure::Precondition)
    } else if blink_left.min(blink_right) > 0.45 {
        Measurement::unknown(Check::Gaze, Unsure::NotVisible)
    } else {
        Measurement::value(Check::Gaze, away)
    };
    let opening = |check, blink: f64| Measurement::value(check, 1.0 - blink);
    vec![
        opening(Check::EyeOpenRight, blink_right),
        opening(Check::EyeOpenLeft, blink_left),
        gaze,
        red_eyes(scene),
    ]
}

/// Whether a colour is a flash's reflection from inside an eye: bright, and more than twice as red as anything else.
/// Brown irises and skin in evening light reach 1.9 times.
fn shines_red([r, g, b]: [f32; 3]) -> bool {
    r > 110.0 && r > 2.2 * g.max(b)
}

/// Red pupils: the share of the inner iris, of both eyes the larger, that shines red (a colour rule of our own in the
/// manner of common red-eye correctors; there is no photo with red eyes among the test photos).
fn red_eyes(scene: &Scene<'_>) -> Measurement {
    if !details(scene) {
        return Measurement::unknown(Check::RedEye, Unsure::TooSmall);
    }
    let share = |pupil: Point, edge: usize| {
        let [cx, cy] = scene.landmarks.get(pupil);
        let [ex, ey] = scene.landmarks.at(edge);
        let radius = (ex - cx).hypot(ey - cy) * 0.8;
        let octagon: Vec<[f64; 2]> = (0..8)
            .map(|i| f64::from(i) * std::f64::consts::FRAC_PI_4)
            .map(|t| [cx + radius * t.cos(), cy + radius * t.sin()])
            .collect();
        let pixels = super::region::inside(scene.picture, &octagon);
        let red = pixels.iter().filter(|&&p| shines_red(rgb(scene.picture, p))).count();
        red as f64 / pixels.len().max(1) as f64
    };
    Measurement::value(Check::RedEye, share(Point::RightPupil, 469).max(share(Point::LeftPupil, 474)))
}

/// Mouth: the gap between the inner lips over the distance between the pupils; teeth as bright, pale pixels in it.
fn mouth(scene: &Scene<'_>) -> Vec<Measurement> {
    use Blendshape as B;
    let face = scene.landmarks;
    let (upper, lower) = (face.get(Point::LipUpperInner), face.get(Point::LipLowerInner));
    let gap = (lower[0] - upper[0]).hypot(lower[1] - upper[1]) / face.inter_eye().max(1e-6);
    let shapes = face.blendshapes();
    let both = |a, b| f64::from(f32::midpoint(shapes.get(a), shapes.get(b)));
    let strongest = [
        both(B::MouthSmileLeft, B::MouthSmileRight),
        f64::from(shapes.get(B::JawOpen)),
        both(B::MouthFrownLeft, B::MouthFrownRight),
        both(B::NoseSneerLeft, B::NoseSneerRight),
        f64::from(shapes.get(B::CheekPuff)),
    ];
    let expression = strongest.into_iter().fold(0.0, f64::max);
    let closed = if details(scene) {
        Measurement::value(Check::MouthClosed, gap)
    } else {
        Measurement::unknown(Check::MouthClosed, Unsure::TooSmall)
    };
    vec![closed, teeth(scene, gap), Measurement::value(Check::Expression, expression)]
}

/// Teeth: the share of the opening between the lips that is nearly as bright as the cheeks and much paler than lips.
fn teeth(scene: &Scene<'_>, gap: f64) -> Measurement {
    if gap < 0.015 {
        return Measurement::value(Check::Teeth, 0.0);
    }
    if !details(scene) {
        return Measurement::unknown(Check::Teeth, Unsure::TooSmall);
    }
    let cheeks: Vec<_> = [RIGHT_CHEEK, LEFT_CHEEK]
        .iter()
        .flat_map(|cheek| within(scene.picture, scene.landmarks, cheek))
        .collect();
    let skin = mean(cheeks.iter().map(|&p| luma(rgb(scene.picture, p))));
    let opening = within(scene.picture, scene.landmarks, &INNER_LIPS);
    if opening.len() < 12 {
        return Measurement::unknown(Check::Teeth, Unsure::TooSmall);
    }
    let bright = opening
        .iter()
        .map(|&p| rgb(scene.picture, p))
        .filter(|&[r, g, b]| luma([r, g, b]) > 0.72 * skin && g.max(b) > 0.62 * r)
        .count();
    Measurement::value(Check::Teeth, bright as f64 / opening.len() as f64)
}

/// Shoulders from the outline of the cut-out below the chin, at one face width on either side of the middle.
///
/// Hair over the shoulders and wide sleeves move the outline, so the slope is shown and not judged.
fn shoulders(scene: &Scene<'_>) -> Vec<Measurement> {
    let face = scene.landmarks;
    let (low, high) = framing::face_width(face, 0.0);
    let (middle, width) = (f64::midpoint(low, high), high - low);
    let chin = face.get(Point::Chin)[1];
    let alpha = scene.alpha;
    let bottom = alpha.height() as isize - 1;
    if chin >= bottom as f64 - width * 0.15 {
        return vec![
            Measurement::unknown(Check::ShouldersLevel, Unsure::NotVisible),
            Measurement::unknown(Check::ShouldersInFrame, Unsure::NotVisible),
        ];
    }
    let top_at = |x: f64| {
        let inside = (0.0..alpha.width() as f64).contains(&x);
        (chin as isize..=bottom).find(|&y| inside && alpha.at(x as isize, y) > 0.5).map(|y| y as f64)
    };
    let offsets = [0.70, 0.75, 0.80];
    let slopes: Vec<f64> = offsets
        .iter()
        .filter_map(|offset| {
            let (left, right) = (top_at(middle - offset * width)?, top_at(middle + offset * width)?);
            Some((right - left).atan2(2.0 * offset * width).to_degrees())
        })
        .collect();
    let level = if slopes.is_empty() {
        Measurement::unknown(Check::ShouldersLevel, Unsure::NotVisible)
    } else {
        Measurement::weak(Check::ShouldersLevel, slopes.iter().sum::<f64>() / slopes.len() as f64)
    };
    // How far the person reaches to either side in the lowest rows, where 0.85 face widths hold a shoulder.
    let reach = |direction: f64| {
        let steps = (0..).map(|i| f64::from(i) * 0.02).take_while(|share| {
            let x = middle + direction * share * width;
            *share <= 0.85
                && (0.0..alpha.width() as f64).contains(&x)
                && alpha.at(x as isize, bottom - 2) > 0.5
        });
        steps.last().unwrap_or(0.0) / 0.84
    };
    // On labelled photos this missed more cut shoulders than it saw: a person's number, not a judge's.
    vec![level, Measurement::weak(Check::ShouldersInFrame, reach(-1.0).min(reach(1.0)).min(1.0))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brown_iris_in_warm_light_is_no_red_eye() {
        assert!(shines_red([180.0, 50.0, 45.0]));
        assert!(!shines_red([150.0, 85.0, 60.0]));
        assert!(!shines_red([120.0, 64.0, 30.0]));
        assert!(!shines_red([60.0, 20.0, 18.0]));
    }
}
