//! Where everything lies on the sheet: three pictures in a row, the list on the right, the record at the foot.

use caixiang_domain::Finding;
use image::RgbImage;

use super::canvas::{Area, Canvas};
use super::icon::Mark;
use super::letters::Letters;
use super::list::{Column, List};
use super::style::{CERTIFICATE, FIGURE_EM, GRID, HAIRLINE, INK, PAPER, QUIET, SMALL_EM};
use super::{ExplainError, View, camera, geometry, matte};

/// Width of the sheet.
pub(super) const WIDTH: f32 = 214.0 * GRID;
/// White space around everything.
pub(super) const MARGIN: f32 = 6.0 * GRID;
/// Size of the crop and the matte, and of the photo; pictures of other shapes lie inside.
const SIDE: [f32; 2] = [32.0 * GRID, 341.0];
const MAIN: [f32; 2] = [56.0 * GRID, 597.0];
/// Between the panels, beside the room for dimension lines.
const GAP: f32 = 2.0 * GRID;
/// From the sheet's top to the pictures.
const TOP: f32 = 16.0 * GRID;
/// Width of the list's columns.
const COLUMN: f32 = 44.0 * GRID;
/// Between columns of passed findings.
const COLUMN_GAP: f32 = 5.0 * GRID;
/// What the foot takes.
const FOOT: f32 = 5.0 * GRID;

/// Draws the sheet.
pub(super) fn draw(
    view: &View<'_>,
    words: &dyn Fn(&Finding) -> String,
    font: &[u8],
) -> Result<RgbImage, ExplainError> {
    let letters = Letters::open(font)?;
    let list_left = WIDTH - MARGIN - COLUMN;
    let main_left = MARGIN + SIDE[0] + GAP + geometry::ROOM[0];
    let matte_left = main_left + MAIN[0] + geometry::ROOM[2] + GAP;
    let side = inside([MARGIN, TOP], SIDE, view.camera);
    let main = inside([main_left, TOP], MAIN, view.photo);
    let pictures_bottom = (side[3] + camera::BELOW).max(main[3] + geometry::ROOM[3]);

    let below = pictures_bottom + 3.0 * GRID;
    let columns = [
        Column { left: list_left, top: TOP },
        Column { left: MARGIN, top: below },
        Column { left: MARGIN + COLUMN + COLUMN_GAP, top: below },
        Column { left: MARGIN + (COLUMN + COLUMN_GAP) * 2.0, top: below },
    ];
    let list = List::lay(view.verdict, words, &letters, &columns, COLUMN, pictures_bottom);
    let foot = (list.bottom / GRID).ceil() * GRID + 3.0 * GRID;
    let mut canvas = Canvas::new(WIDTH as u32, (foot + FOOT + MARGIN) as u32, PAPER);

    head(&mut canvas, &letters, view, list_left);
    camera::draw(&mut canvas, &letters, view, side, [MARGIN, MARGIN + SIDE[0]])?;
    geometry::draw(&mut canvas, &letters, view, main)?;
    let cut_out = inside([matte_left, TOP], SIDE, view.camera);
    matte::draw(&mut canvas, &letters, view, cut_out, [matte_left, matte_left + SIDE[0]])?;
    list.draw(&mut canvas, &letters);
    record(&mut canvas, &letters, view, foot);
    Ok(canvas.finish())
}

/// The largest rectangle of the picture's shape in the box, at its top and in its middle, at whole pixels.
fn inside([left, top]: [f32; 2], [width, height]: [f32; 2], picture: &RgbImage) -> Area {
    let (full_width, full_height) = (picture.width().max(1) as f32, picture.height().max(1) as f32);
    let scale = (width / full_width).min(height / full_height);
    let (w, h) = ((full_width * scale).round().max(1.0), (full_height * scale).round().max(1.0));
    let left = left + ((width - w) / 2.0).floor();
    [left, top, left + w, top + h]
}

/// The name on the left; on the right the decision's mark and how many findings of each kind there are.
fn head(canvas: &mut Canvas, letters: &Letters<'_>, view: &View<'_>, list_left: f32) {
    let line = MARGIN + 2.5 * GRID;
    // The certificate photo as a sign: head and shoulders before its blue.
    let sign = [MARGIN, MARGIN, MARGIN + 30.0, MARGIN + 40.0];
    canvas.round_rect(sign, 4.0, CERTIFICATE);
    canvas.within(sign, |canvas| {
        canvas.disc([MARGIN + 15.0, MARGIN + 17.0], 7.0, PAPER);
        canvas.round_rect([MARGIN + 4.0, MARGIN + 27.0, MARGIN + 26.0, MARGIN + 60.0], 9.0, PAPER);
    });
    letters.write(canvas, [MARGIN + 46.0, line], 24.0, INK, "采像 Caixiang");

    Mark::of_verdict(view.verdict).draw(canvas, [list_left + 20.0, line], 40.0);
    let findings = view.verdict.findings();
    let count = |mark| findings.iter().filter(|finding| Mark::of(finding) == Some(mark)).count();
    let mut x = list_left + 8.0 * GRID;
    for mark in [Mark::Stop, Mark::Warn, Mark::Note, Mark::Unknown, Mark::Pass] {
        let number = count(mark);
        if number == 0 {
            continue;
        }
        mark.draw(canvas, [x + 9.0, line], 18.0);
        let number = number.to_string();
        letters.write(canvas, [x + 24.0, line], 18.0, INK, &number);
        x += 24.0 + letters.width(&number, 18.0) + 2.5 * GRID;
    }
}

/// The foot: which rules, which decision, which file.
fn record(canvas: &mut Canvas, letters: &Letters<'_>, view: &View<'_>, top: f32) {
    canvas.line([MARGIN, top], [WIDTH - MARGIN, top], 1.0, HAIRLINE);
    let line = top + 3.5 * GRID;
    let mark = Mark::of_verdict(view.verdict);
    let sha256: String = view.sha256.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    let mut x = MARGIN;
    letters.write(canvas, [x, line], FIGURE_EM, INK, &view.preset.parts().id);
    x += letters.width(&view.preset.parts().id, FIGURE_EM) + 4.0 * GRID;
    mark.draw(canvas, [x + 8.0, line], 16.0);
    letters.write(canvas, [x + 22.0, line], FIGURE_EM, INK, view.verdict.decision().code());
    let (width, height) = (view.photo.width(), view.photo.height());
    let size = format!("{width} × {height} px");
    let end = WIDTH - MARGIN;
    letters.write_to(canvas, [end, line], SMALL_EM, QUIET, &sha256);
    let end = end - letters.width(&sha256, SMALL_EM) - 4.0 * GRID;
    letters.write_to(canvas, [end, line], SMALL_EM, QUIET, &size);
}
