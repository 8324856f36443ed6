//! The left panel: the camera's crop with the face's lines and the pose's axes, the eyes enlarged, three dials.

use caixiang_domain::Check;
use caixiang_vision::{Pose, resize, resize_region};
use fast_image_resize::FilterType;

use super::canvas::{Area, Canvas, Ink, Place};
use super::icon::Mark;
use super::letters::Letters;
use super::mesh::{Lines, Weight};
use super::style::{
    ACCENT, CERTIFICATE, FIGURE_EM, GREY, GRID, HAIRLINE, INK, PANEL, QUIET, RADIUS, SMALL_EM, WHITE,
};
use super::{ExplainError, View, figures};

/// Height of the strip with the eyes.
const EYES_HEIGHT: f32 = 12.0 * GRID;
/// Width of the strip, in distances between the pupils.
const EYES_SPAN: f32 = 2.3;
/// Radius of a dial.
const DIAL: f32 = 4.5 * GRID;
/// What the eyes and the dials take below the crop.
pub(super) const BELOW: f32 = 32.0 * GRID;

/// Draws the panel; `frame` is where the crop lies, the column what the panel may take from left to
/// right.
pub(super) fn draw(
    canvas: &mut Canvas,
    letters: &Letters<'_>,
    view: &View<'_>,
    frame: Area,
    [column_left, column_right]: [f32; 2],
) -> Result<(), ExplainError> {
    let [left, top, right, bottom] = frame;
    let (width, height) = (right - left, bottom - top);
    canvas.picture([left, top], &resize(view.camera, width as u32, height as u32)?, RADIUS);
    let scale = width / view.camera.width() as f32;
    let lines = view.lines.placed([0.0; 2], scale, [left, top]);
    canvas.within(frame, |canvas| {
        face(canvas, &lines, 1.0);
        axes(canvas, &lines, view.pose);
    });
    canvas.round_frame(frame, RADIUS, 1.0, INK.at(0.12));
    let strip = [column_left, bottom + 2.0 * GRID, column_right, bottom + 2.0 * GRID + EYES_HEIGHT];
    eyes(canvas, view, strip)?;
    dials(canvas, letters, view, [column_left, strip[3] + 3.0 * GRID, column_right]);
    Ok(())
}

/// The lines: a dark breath below, so that they hold on bright skin, then white, with the irises in certificate blue.
fn face(canvas: &mut Canvas, lines: &Lines, boldness: f32) {
    for (weight, line) in &lines.lines {
        let (width, alpha) = if *weight == Weight::Main { (1.3, 0.95) } else { (1.0, 0.75) };
        canvas.stroke(line, (width + 1.6) * boldness, INK.at(0.22));
        canvas.stroke(line, width * boldness, WHITE.at(alpha));
    }
    for (centre, radius) in lines.irises {
        canvas.ring(centre, radius, 2.6 * boldness, INK.at(0.3));
        canvas.ring(centre, radius, 1.3 * boldness, CERTIFICATE);
        canvas.disc(centre, 1.3 * boldness, CERTIFICATE);
    }
}

/// The head's own axes, seen from the camera: to the side and upwards in white, where the face looks in blue.
fn axes(canvas: &mut Canvas, lines: &Lines, pose: Pose) {
    if ![pose.yaw_deg, pose.pitch_deg, pose.roll_deg].iter().all(|angle| angle.is_finite()) {
        return;
    }
    let (_, reach) = lines.eyes();
    let origin = lines.nose;
    let [side, up, look] = turned_axes(pose);
    let tip = |axis: [f64; 3], length: f32| {
        [origin[0] + axis[0] as f32 * length * reach, origin[1] - axis[1] as f32 * length * reach]
    };
    for (axis, length, ink) in [(side, 0.85, WHITE), (up, 0.85, WHITE), (look, 1.3, CERTIFICATE)] {
        arrow(canvas, origin, tip(axis, length), ink);
    }
    canvas.disc(origin, 3.6, INK.at(0.5));
    canvas.disc(origin, 2.6, CERTIFICATE);
}

/// The columns of the head's rotation (x to the right of the picture, y up, z to the camera): roll first, then pitch,
/// then yaw, as [`Pose`] defines them.
fn turned_axes(pose: Pose) -> [[f64; 3]; 3] {
    let turned = |[x, y, z]: [f64; 3]| {
        let (sin, cos) = (-pose.roll_deg).to_radians().sin_cos();
        let (x, y) = (x * cos - y * sin, x * sin + y * cos);
        let (sin, cos) = (-pose.pitch_deg).to_radians().sin_cos();
        let (y, z) = (y * cos - z * sin, y * sin + z * cos);
        let (sin, cos) = pose.yaw_deg.to_radians().sin_cos();
        [x * cos + z * sin, y, z * cos - x * sin]
    };
    [turned([1.0, 0.0, 0.0]), turned([0.0, 1.0, 0.0]), turned([0.0, 0.0, 1.0])]
}

fn arrow(canvas: &mut Canvas, from: Place, to: Place, ink: Ink) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy);
    let mut places = vec![vec![from, to]];
    if length > 8.0 {
        let (ux, uy) = (dx / length * 5.0, dy / length * 5.0);
        let barb = |side: f32| [to[0] - ux - uy * side * 0.62, to[1] - uy + ux * side * 0.62];
        places.push(vec![barb(1.0), to, barb(-1.0)]);
    }
    for line in &places {
        canvas.stroke(line, 3.6, INK.at(0.4));
    }
    for line in &places {
        canvas.stroke(line, 1.8, ink);
    }
}

/// The eyes, enlarged, with their lines.
fn eyes(canvas: &mut Canvas, view: &View<'_>, strip: Area) -> Result<(), ExplainError> {
    let [left, top, right, bottom] = strip;
    canvas.round_rect(strip, RADIUS, PANEL);
    let (middle, between) = view.lines.eyes();
    let (picture_width, picture_height) = (view.camera.width() as f32, view.camera.height() as f32);
    let width = (between * EYES_SPAN).min(picture_width);
    let height = width * (bottom - top) / (right - left);
    if !(width >= 4.0 && height <= picture_height) {
        return Ok(());
    }
    let from = [
        (middle[0] - width / 2.0).clamp(0.0, picture_width - width),
        (middle[1] - height / 2.0).clamp(0.0, picture_height - height),
    ];
    // A hair less, so that rounding never leaves the picture.
    let region = [from[0], from[1], width * 0.999, height * 0.999].map(f64::from);
    let size = ((right - left) as u32, (bottom - top) as u32);
    let enlarged = resize_region(view.camera, region, size.0, size.1, FilterType::CatmullRom)?;
    canvas.picture([left, top], &enlarged, RADIUS);
    let lines = view.lines.placed(from, (right - left) / width, [left, top]);
    let eyes_only = Lines { lines: lines.lines.into_iter().rev().take(2).collect(), ..lines };
    canvas.within(strip, |canvas| face(canvas, &eyes_only, 1.15));
    canvas.round_frame(strip, RADIUS, 1.0, INK.at(0.12));
    Ok(())
}

/// A head seen from above, from the side and from the front, each turned as the student's, in the allowed sector.
fn dials(canvas: &mut Canvas, letters: &Letters<'_>, view: &View<'_>, [left, top, right]: [f32; 3]) {
    let pose = view.pose;
    // Where the needle points at 0, and which way it turns as the angle grows.
    let all = [
        (Check::Yaw, pose.yaw_deg, 90.0_f32, -1.0_f32),
        (Check::Pitch, pose.pitch_deg, 0.0, -1.0),
        (Check::Roll, pose.roll_deg, -90.0, 1.0),
    ];
    let pitch = (right - left) / 3.0;
    for (index, (check, seen, rest, sense)) in all.into_iter().enumerate() {
        let centre = [left + pitch * (index as f32 + 0.5), top + DIAL];
        let finding = view.verdict.of(check);
        let angle = finding.and_then(|finding| finding.value).unwrap_or(seen);
        let at = |degrees: f64| (rest + sense * degrees as f32).to_radians();
        canvas.disc(centre, DIAL, PANEL);
        if let Some(rule) = finding.and_then(|finding| finding.rule) {
            let (min, max) = (rule.min.unwrap_or(-89.0).max(-89.0), rule.max.unwrap_or(89.0).min(89.0));
            let half = ((max - min) / 2.0).max(0.0).to_radians() as f32;
            canvas.sector(centre, DIAL, at(f64::midpoint(min, max)), half, CERTIFICATE.at(0.55));
        }
        canvas.ring(centre, DIAL, 1.0, HAIRLINE);
        let mark = finding.and_then(Mark::of);
        let ink = mark.map_or(ACCENT, Mark::ink);
        if angle.is_finite() {
            head(canvas, centre, check, at(angle));
            let direction =
                |length: f32| [centre[0] + at(angle).cos() * length, centre[1] + at(angle).sin() * length];
            canvas.line(direction(DIAL * 0.62), direction(DIAL), 2.6, ink);
        }
        let text = if angle.is_finite() { figures::value(check, angle) } else { "–".to_owned() };
        let line = centre[1] + DIAL + 2.0 * GRID;
        let shift = if mark.is_some() { 10.0 } else { 0.0 };
        letters.write_at(canvas, [centre[0] + shift, line], FIGURE_EM, INK, &text);
        if let Some(mark) = mark {
            let start = centre[0] + shift - letters.width(&text, FIGURE_EM) / 2.0;
            mark.draw(canvas, [start - 12.0, line], 15.0);
        }
        let limits = finding.map(figures::limits_of).unwrap_or_default();
        letters.write_at(canvas, [centre[0], line + 2.5 * GRID], SMALL_EM, QUIET, &limits);
    }
}

/// A small head that looks along `turn` (from above, from the side) or whose crown points there (from the front).
fn head(canvas: &mut Canvas, [x, y]: Place, check: Check, turn: f32) {
    let (sin, cos) = turn.sin_cos();
    let radius = DIAL * 0.42;
    // Forwards along the turn, sideways a quarter turn clockwise from it.
    let at = |along: f32, aside: f32| {
        [x + (cos * along - sin * aside) * radius, y + (sin * along + cos * aside) * radius]
    };
    let skin = GREY;
    match check {
        Check::Roll => {
            canvas.disc(at(0.12, 0.0), radius * 0.92, skin);
            canvas.disc(at(-0.3, 0.0), radius * 0.78, skin);
            canvas.disc(at(0.05, -0.36), 2.0, WHITE);
            canvas.disc(at(0.05, 0.36), 2.0, WHITE);
            canvas.line(at(-0.55, -0.25), at(-0.55, 0.25), 1.8, WHITE);
        }
        Check::Pitch => {
            canvas.disc([x, y], radius * 0.95, skin);
            canvas.stroke(&[at(0.75, -0.1), at(1.22, 0.22), at(0.8, 0.32)], 3.4, skin);
            canvas.disc(at(0.5, -0.2), 2.0, WHITE);
            canvas.line(at(0.42, 0.52), at(0.72, 0.52), 1.8, WHITE);
        }
        _ => {
            canvas.disc(at(0.0, -1.0), radius * 0.2, skin);
            canvas.disc(at(0.0, 1.0), radius * 0.2, skin);
            canvas.disc([x, y], radius * 0.95, skin);
            canvas.polygon(&[at(1.25, 0.0), at(0.7, 0.34), at(0.7, -0.34)], 1.2, skin);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_turn_as_the_pose_says() {
        let pose = |yaw_deg, pitch_deg, roll_deg| Pose { yaw_deg, pitch_deg, roll_deg };
        let [side, up, look] = turned_axes(pose(0.0, 0.0, 0.0));
        assert_eq!((side, up, look), ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]));
        // To the right of the picture, raised, clockwise on the screen.
        assert!(turned_axes(pose(20.0, 0.0, 0.0))[2][0] > 0.3);
        assert!(turned_axes(pose(0.0, 20.0, 0.0))[2][1] > 0.3);
        assert!(turned_axes(pose(0.0, 0.0, 20.0))[1][0] > 0.3);
    }
}
