//! The third panel: the matte with its soft band tinted, and the softest place of the edge enlarged, before and after.

use caixiang_domain::Check;
use caixiang_vision::{Mask, resize, resize_region};
use fast_image_resize::FilterType;
use image::RgbImage;

use super::canvas::{Area, Canvas};
use super::icon::Mark;
use super::letters::Letters;
use super::style::{CERTIFICATE, FIGURE_EM, GRID, INK, QUIET, RADIUS, SMALL_EM, WHITE};
use super::{ExplainError, View, figures};

/// What is neither the person's alone nor the background's alone.
const SOFT: std::ops::Range<f32> = 0.02..0.98;
/// Height of the loupes.
const LOUPE: f32 = 16.0 * GRID;
/// Height of what a loupe shows, over the picture's.
const LOUPE_SHARE: f32 = 0.085;

/// Draws the panel; `frame` is where the matte lies, the column what the panel may take from left to
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
    let tinted = tinted(view.alpha);
    canvas.picture([left, top], &resize(&tinted, width as u32, height as u32)?, RADIUS);
    canvas.round_frame(frame, RADIUS, 1.0, INK.at(0.12));

    let loupes = [column_left, bottom + 2.0 * GRID, column_right, bottom + 2.0 * GRID + LOUPE];
    let halves = if view.changed { 2.0 } else { 1.0 };
    let each = (column_right - column_left - (halves - 1.0) * GRID) / halves;
    let region_height = LOUPE_SHARE * view.alpha.height() as f32;
    let size = [region_height * each / LOUPE, region_height];
    if let Some(place) =
        softest(view.alpha, view.lines.nose[1].max(0.0) as usize, size.map(|side| side as usize))
    {
        let region = [place[0], place[1], size[0].floor() as usize, size[1].floor() as usize];
        let scale = width / view.alpha.width() as f32;
        let [x, y, w, h] = region.map(|value| value as f32 * scale);
        let seen = [left + x, top + y, left + x + w, top + y + h];
        canvas.round_frame(seen, 2.0, 3.0, INK.at(0.6));
        canvas.round_frame(seen, 2.0, 1.5, WHITE);
        let mut from = loupes[0];
        let pictures: &[&RgbImage] = if view.changed { &[view.camera, view.photo] } else { &[view.photo] };
        for picture in pictures {
            let area = [from, loupes[1], from + each, loupes[3]];
            let region = region.map(|value| value as f64);
            let enlarged = resize_region(picture, region, each as u32, LOUPE as u32, FilterType::CatmullRom)?;
            canvas.picture([from, loupes[1]], &enlarged, RADIUS);
            canvas.round_frame(area, RADIUS, 1.0, INK.at(0.12));
            from += each + GRID;
        }
    }
    legend(canvas, letters, view, [column_left, loupes[3] + 3.0 * GRID, column_right]);
    Ok(())
}

/// What each grey means, and how much of the picture was open.
fn legend(canvas: &mut Canvas, letters: &Letters<'_>, view: &View<'_>, [left, top, right]: [f32; 3]) {
    let (from, to) = (left + 2.0 * GRID, right - 2.0 * GRID);
    let middle = top + 0.5 * GRID;
    let length = (to - from).max(2.0);
    let ramp =
        RgbImage::from_fn(length as u32, GRID as u32, |x, _| image::Rgb(tint(x as f32 / (length - 1.0))));
    canvas.picture([from, top], &ramp, 0.0);
    canvas.round_frame([from, top, to, top + GRID], 1.0, 1.0, INK.at(0.2));
    letters.write(canvas, [left, middle], SMALL_EM, QUIET, "0");
    letters.write_to(canvas, [right, middle], SMALL_EM, QUIET, "1");

    let line = top + 4.0 * GRID;
    if let Some(finding) = view.verdict.of(Check::MatteUnknown)
        && let Some(value) = finding.value
    {
        let text = figures::value(finding.check, value);
        let limits = finding.rule.map_or(String::new(), |rule| {
            let percent = |limit: Option<f64>| limit.map(|limit| limit * 100.0);
            figures::limits(percent(rule.min), percent(rule.max))
        });
        let mut x = left;
        canvas.round_rect([x, line - 6.0, x + 12.0, line + 6.0], 2.0, CERTIFICATE);
        x += 20.0;
        if let Some(mark) = Mark::of(finding) {
            mark.draw(canvas, [x + 8.0, line], 15.0);
            x += 22.0;
        }
        letters.write(canvas, [x, line], FIGURE_EM, INK, &text);
        x += letters.width(&text, FIGURE_EM) + GRID;
        letters.write(canvas, [x, line], SMALL_EM, QUIET, &limits);
    }
}

/// Ink to white by alpha, the soft values drawn towards the certificate's blue.
fn tint(alpha: f32) -> [u8; 3] {
    let share = if SOFT.contains(&alpha) { 0.72 } else { 0.0 };
    std::array::from_fn(|channel| {
        let grey = f32::from(INK.rgb[channel]) * (1.0 - alpha) + f32::from(WHITE.rgb[channel]) * alpha;
        // The blue keeps some of alpha's brightness, so that inner and outer edge stay apart.
        let blue = f32::from(CERTIFICATE.rgb[channel]) * (0.45 + 0.55 * alpha);
        (grey * (1.0 - share) + blue * share + 0.5) as u8
    })
}

fn tinted(alpha: &Mask) -> RgbImage {
    RgbImage::from_fn(alpha.width() as u32, alpha.height() as u32, |x, y| {
        image::Rgb(tint(alpha.at(x as isize, y as isize).clamp(0.0, 1.0)))
    })
}

/// The corner of the rectangle of this size that holds most soft pixels, in the rows above `rows`: hair, not clothes.
/// `None` where nothing is soft there or the picture is smaller than the rectangle.
fn softest(alpha: &Mask, rows: usize, [width, height]: [usize; 2]) -> Option<[usize; 2]> {
    let (full_width, full_height) = (alpha.width(), alpha.height().min(rows));
    if width == 0 || height == 0 || width > full_width || height > full_height {
        return None;
    }
    // Sums over everything above and to the left of each corner.
    let stride = full_width + 1;
    let mut sums = vec![0_u32; stride * (full_height + 1)];
    for y in 0..full_height {
        let mut row = 0;
        for (x, value) in alpha.row(y).iter().enumerate() {
            row += u32::from(SOFT.contains(value));
            sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
        }
    }
    let inside = |x: usize, y: usize| {
        let at = |x: usize, y: usize| i64::from(sums[y * stride + x]);
        at(x + width, y + height) + at(x, y) - at(x + width, y) - at(x, y + height)
    };
    let places = (0..=full_height - height).flat_map(|y| (0..=full_width - width).map(move |x| [x, y]));
    places.max_by_key(|&[x, y]| inside(x, y)).filter(|&[x, y]| inside(x, y) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_softest_place() {
        let alpha = Mask::from_fn(60, 90, |x, y| {
            if (30..40).contains(&x) && (20..30).contains(&y) { 0.5 } else { f32::from(u8::from(y > 25)) }
        });
        assert_eq!(softest(&alpha, 60, [10, 10]), Some([30, 20]));
        assert_eq!(softest(&alpha, 15, [10, 10]), None);
        assert_eq!(softest(&alpha, 500, [100, 10]), None);
        assert_eq!(softest(&Mask::from_fn(60, 90, |_, _| 1.0), 60, [10, 10]), None);
    }

    #[test]
    fn only_soft_values_are_tinted() {
        assert_eq!((tint(0.0), tint(1.0)), (INK.rgb, WHITE.rgb));
        let [r, _, b] = tint(0.5);
        assert!(b > r + 60);
    }
}
