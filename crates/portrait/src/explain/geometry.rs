//! The middle panel: the finished photo with the preset's windows as bands, what was measured as lines in the colour of
//! their mark, and dimension lines with numbers around it, as on a technical drawing.

use caixiang_domain::{Check, Finding, Span};
use caixiang_vision::resize;

use super::canvas::{Area, Canvas, Ink, Place};
use super::icon::Mark;
use super::letters::Letters;
use super::style::{ACCENT, FIGURE_EM, GRID, INK, PAPER, QUIET, RADIUS, SMALL_EM, WHITE};
use super::{ExplainError, View, figures};

/// Room that dimension lines and numbers take: left, above, right, below the photo.
pub(super) const ROOM: [f32; 4] = [14.0 * GRID, 5.0 * GRID, 14.0 * GRID, 8.0 * GRID];
/// From the photo to the first dimension line, and from one to the next.
const STEP: f32 = 1.5 * GRID;
/// Height of a label of two lines.
const LABEL: f32 = 5.0 * GRID;

/// A height that was measured, with its window where the preset has one.
struct Level<'a> {
    finding: &'a Finding,
    /// Pixels of the photo from its upper edge.
    at: f64,
    /// Where the dimension line begins.
    from: f64,
    window: Option<(f64, f64)>,
}

/// The panel while it is drawn: a frame on the sheet and the scale of the photo in it.
struct Panel<'a, 'b> {
    canvas: &'a mut Canvas,
    letters: &'a Letters<'b>,
    frame: Area,
    scale: f32,
}

/// Draws the panel; `frame` is where the photo lies.
pub(super) fn draw(
    canvas: &mut Canvas,
    letters: &Letters<'_>,
    view: &View<'_>,
    frame: Area,
) -> Result<(), ExplainError> {
    let [left, top, right, bottom] = frame;
    let (width, height) = (right - left, bottom - top);
    canvas.picture([left, top], &resize(view.photo, width as u32, height as u32)?, RADIUS);
    canvas.round_frame(frame, RADIUS, 1.0, INK.at(0.12));

    let scale = width / view.photo.width() as f32;
    let mut panel = Panel { canvas, letters, frame, scale };
    let windows = view.preset.windows();
    let photo_height = f64::from(view.photo.height());
    let seen = |check| view.verdict.of(check).and_then(|finding| Some((finding, finding.value?)));
    let ends = |span: Span| Some((span.min(), span.max()));

    let hair = seen(Check::HairTop).map(|(finding, at)| Level {
        finding,
        at,
        from: 0.0,
        window: ends(windows.hair_top_px),
    });
    let eyes = seen(Check::EyeLine).map(|(finding, at)| Level {
        finding,
        at,
        from: 0.0,
        window: ends(windows.eye_line_px),
    });
    let below = seen(Check::BelowChin).map(|(finding, value)| Level {
        finding,
        at: photo_height - value,
        from: photo_height,
        window: windows.below_chin_px.map(|span| (photo_height - span.max(), photo_height - span.min())),
    });
    // The head's length matters only to presets that bound it; then its window lies at the chin, too.
    let length = windows.head_length_px.and_then(|span| {
        let (hair, (finding, value)) = (hair.as_ref()?, seen(Check::HeadLength)?);
        let window = Some((hair.at + span.min(), hair.at + span.max()));
        Some(Level { finding, at: hair.at + value, from: hair.at, window })
    });

    panel.centre(view);
    let face = panel.face_width(view);
    for level in [&hair, &eyes, &length, &below].into_iter().flatten() {
        panel.band(level.window);
    }
    let irises = panel.irises(view);
    for level in [&hair, &eyes, &below].into_iter().flatten() {
        panel.level(level, &irises);
    }
    panel.pupils(&irises);
    let unseen: Vec<_> = [Check::HairTop, Check::EyeLine]
        .into_iter()
        .filter_map(|check| view.verdict.of(check).filter(|finding| finding.value.is_none()))
        .filter_map(|finding| Some((finding, finding.rule?)))
        .filter_map(|(finding, rule)| Some((finding, Span::new(rule.min?, rule.max?)?)))
        .collect();
    for &(_, span) in &unseen {
        panel.band(ends(span));
    }
    panel.dimensions([hair.as_ref(), eyes.as_ref()], &unseen, -1.0);
    panel.dimensions([below.as_ref(), length.as_ref()], &[], 1.0);
    if let Some(face) = face {
        panel.width_label(&face);
    }
    Ok(())
}

/// The face's width below the photo: where it begins and ends on the sheet.
struct FaceWidth<'a> {
    finding: &'a Finding,
    value: f64,
    ends: [f32; 2],
}

impl Panel<'_, '_> {
    fn y(&self, photo: f64) -> f32 {
        self.frame[1] + photo as f32 * self.scale
    }

    /// A window as a translucent band with dashed edges.
    fn band(&mut self, window: Option<(f64, f64)>) {
        let Some((min, max)) = window else { return };
        let [left, _, right, _] = self.frame;
        let (from, to) = (self.y(min), self.y(max));
        self.canvas.within(self.frame, |canvas| {
            canvas.rect([left, from, right, to], ACCENT.at(0.13));
            for y in [from, to] {
                canvas.dashes([left, y], [right, y], [6.0, 4.0], 1.0, ACCENT.at(0.7));
            }
        });
    }

    /// What was measured: a line across the photo, which leaves the eyes' rings free.
    fn level(&mut self, level: &Level<'_>, irises: &[(Place, f32); 2]) {
        let [left, _, right, _] = self.frame;
        let (y, ink) = (self.y(level.at), ink_of(level.finding));
        let mut x = left;
        let mut pieces = Vec::new();
        for (centre, radius) in irises {
            let half = (radius * radius - (y - centre[1]).powi(2)).max(0.0).sqrt();
            if half > 0.0 && centre[0] - half > x {
                pieces.push([x, centre[0] - half]);
                x = centre[0] + half;
            }
        }
        pieces.push([x, right]);
        self.canvas.within(self.frame, |canvas| {
            for &[from, to] in &pieces {
                canvas.line([from, y], [to, y], 3.6, WHITE.at(0.55));
                canvas.line([from, y], [to, y], 1.8, ink);
            }
        });
    }

    /// Middle and radius of the rings round the irises, on the sheet.
    fn irises(&self, view: &View<'_>) -> [(Place, f32); 2] {
        let scale = view.photo.width() as f32 / view.camera.width() as f32 * self.scale;
        let lines = view.lines.placed([0.0; 2], scale, [self.frame[0], self.frame[1]]);
        lines.irises.map(|(centre, radius)| (centre, radius + 1.5))
    }

    fn pupils(&mut self, irises: &[(Place, f32); 2]) {
        self.canvas.within(self.frame, |canvas| {
            for &(centre, radius) in irises {
                canvas.ring(centre, radius, 3.2, INK.at(0.3));
                canvas.ring(centre, radius, 1.6, WHITE);
            }
        });
    }

    /// The photo's centre line with its tolerance, and the face's middle as a pointer above the photo.
    fn centre(&mut self, view: &View<'_>) {
        let [left, top, right, bottom] = self.frame;
        // The rule is a share of the width, so that it holds for files of other sizes, too.
        let width = f64::from(view.photo.width());
        let limit = view.preset.rule(Check::Centring).and_then(|rule| rule.max).map(|max| max * width);
        let tolerance = limit.unwrap_or_default() as f32 * self.scale;
        let middle = f32::midpoint(left, right);
        self.canvas.within(self.frame, |canvas| {
            canvas.rect([middle - tolerance, top, middle + tolerance, bottom], ACCENT.at(0.06));
            for x in [middle - tolerance, middle + tolerance] {
                canvas.dashes([x, top], [x, bottom], [6.0, 4.0], 1.0, ACCENT.at(0.3));
            }
            canvas.dashes([middle, top], [middle, bottom], [14.0, 6.0], 1.0, WHITE.at(0.7));
        });
        let Some(finding) = view.verdict.of(Check::Centring) else { return };
        let Some(share) = finding.value else { return };
        let cheeks = view.lines.cheeks;
        let aside = f32::midpoint(cheeks[0][0], cheeks[1][0]) - view.camera.width() as f32 / 2.0;
        let offset = share * width * f64::from(aside).signum();
        let x = (middle + offset as f32 * self.scale).clamp(left, right);
        let ink = ink_of(finding);
        self.canvas.polygon(&[[x - 6.0, top - 11.0], [x + 6.0, top - 11.0], [x, top - 3.0]], 0.6, ink);
        let value = figures::value(Check::FaceWidth, offset);
        let limits = figures::limits(limit.map(|limit| -limit), limit);
        let line = top - 3.5 * GRID;
        self.line_label([middle, line], Mark::of(finding), &value, &limits);
    }

    /// Mark, value and limits in one line around `centre`.
    fn line_label(&mut self, [centre, line]: Place, mark: Option<Mark>, value: &str, limits: &str) {
        let widths = [self.letters.width(value, FIGURE_EM), self.letters.width(limits, SMALL_EM)];
        let icon = if mark.is_some() { 20.0 } else { 0.0 };
        let mut at = centre - (widths[0] + widths[1] + icon + GRID) / 2.0;
        if let Some(mark) = mark {
            mark.draw(self.canvas, [at + 8.0, line], 15.0);
            at += icon;
        }
        self.letters.write(self.canvas, [at, line], FIGURE_EM, INK, value);
        self.letters.write(self.canvas, [at + widths[0] + GRID, line], SMALL_EM, QUIET, limits);
    }

    /// The face's width: from the cheeks down to a dimension line below the photo, on which the window's two ends lie as
    /// bands.
    fn face_width<'f>(&mut self, view: &View<'f>) -> Option<FaceWidth<'f>> {
        let finding = view.verdict.of(Check::FaceWidth)?;
        let value = finding.value?;
        let [left, top, right, bottom] = self.frame;
        let ratio = view.photo.width() as f32 / view.camera.width() as f32 * self.scale;
        let cheeks = view.lines.placed([0.0; 2], ratio, [left, top]).cheeks;
        let middle = f32::midpoint(cheeks[0][0], cheeks[1][0]);
        let half = value as f32 * self.scale / 2.0;
        let ends = [middle - half, middle + half];
        let window = view.preset.windows().face_width_px;
        let [near, far] = [window.min(), window.max()].map(|width| width as f32 * self.scale / 2.0);
        let ink = ink_of(finding);
        let y = bottom + STEP;
        let reach = [left - ROOM[0] + GRID, y - GRID, right + ROOM[2] - GRID, y + GRID];
        self.canvas.within(reach, |canvas| {
            for side in [-1.0, 1.0] {
                let (a, b) = (middle + side * near, middle + side * far);
                canvas.rect([a.min(b), y - 6.0, a.max(b), y + 6.0], ACCENT.at(0.16));
                for x in [a, b] {
                    canvas.line([x, y - 6.0], [x, y + 6.0], 1.0, ACCENT.at(0.8));
                }
            }
        });
        self.canvas.within(self.frame, |canvas| {
            for (x, cheek) in ends.iter().zip(cheeks) {
                canvas.line([*x, cheek[1]], [*x, bottom], 2.6, INK.at(0.14));
                canvas.dashes([*x, cheek[1]], [*x, bottom], [3.0, 3.0], 1.2, WHITE);
                canvas.disc([*x, cheek[1]], 4.2, WHITE.at(0.8));
                canvas.disc([*x, cheek[1]], 3.0, ink);
            }
        });
        let ends = ends.map(|x| x.clamp(reach[0], reach[2]));
        self.dimension([ends[0], y], [ends[1], y], ink);
        Some(FaceWidth { finding, value, ends })
    }

    fn width_label(&mut self, face: &FaceWidth<'_>) {
        let centre = f32::midpoint(face.ends[0], face.ends[1]).max(self.frame[0]).min(self.frame[2]);
        let line = self.frame[3] + STEP + 2.5 * GRID;
        let value = figures::value(Check::FaceWidth, face.value);
        let limits = figures::limits_of(face.finding);
        self.line_label([centre, line], Mark::of(face.finding), &value, &limits);
    }

    /// Dimension lines beside the photo, on the left (`side` −1) or on the right (1), and their labels. What was not
    /// seen has only a label, at the middle of its window.
    fn dimensions(&mut self, levels: [Option<&Level<'_>>; 2], unseen: &[(&Finding, Span)], side: f32) {
        let edge = if side < 0.0 { self.frame[0] } else { self.frame[2] };
        let mut labels: Vec<_> =
            unseen.iter().map(|(finding, span)| (self.y(span.middle()), *finding)).collect();
        for (index, level) in levels.into_iter().enumerate() {
            let Some(level) = level else { continue };
            let finding = level.finding;
            let x = edge + side * STEP * (index as f32 + 1.0);
            let bounds = [self.frame[1], self.frame[3]];
            let [from, to] = [level.from, level.at].map(|y| self.y(y).clamp(bounds[0], bounds[1]));
            let ink = ink_of(finding);
            self.canvas.line([edge + side * 2.0, to], [x, to], 1.0, ink.at(0.6));
            self.dimension([x, from], [x, to], ink);
            // On the left a number stands at the line it belongs to, on the right at the middle of the length.
            labels.push((if side < 0.0 { to } else { f32::midpoint(from, to) }, finding));
        }
        labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        let wanted: Vec<f32> = labels.iter().map(|label| label.0).collect();
        let reach = [self.frame[1] + LABEL / 2.0, self.frame[3] - LABEL / 2.0];
        let x = edge + side * (STEP * 2.0 + 1.5 * GRID);
        for (middle, (_, finding)) in spread(&wanted, LABEL, reach).into_iter().zip(labels) {
            self.label([x, middle], side, finding);
        }
    }

    /// Mark and value, and the limits below; aligned towards the photo.
    fn label(&mut self, [x, middle]: Place, side: f32, finding: &Finding) {
        let value = finding.value.map_or("–".to_owned(), |value| figures::value(finding.check, value));
        let limits = figures::limits_of(finding);
        let upper = if limits.is_empty() { middle } else { middle - 9.0 };
        let width = self.letters.width(&value, FIGURE_EM);
        let mark = Mark::of(finding);
        let icon = if mark.is_some() { 20.0 } else { 0.0 };
        let start = if side < 0.0 { x - width - icon } else { x };
        if let Some(mark) = mark {
            mark.draw(self.canvas, [start + 8.0, upper], 15.0);
        }
        self.letters.write(self.canvas, [start + icon, upper], FIGURE_EM, INK, &value);
        let start = if side < 0.0 { x - self.letters.width(&limits, SMALL_EM) } else { x + icon };
        self.letters.write(self.canvas, [start, middle + 10.0], SMALL_EM, QUIET, &limits);
    }

    /// A line with a short bar at each end, across or upright.
    fn dimension(&mut self, a: Place, b: Place, ink: Ink) {
        let upright = (a[0] - b[0]).abs() < 0.01;
        self.canvas.line(a, b, 1.6, ink);
        for [x, y] in [a, b] {
            let (dx, dy) = if upright { (4.0, 0.0) } else { (0.0, 6.0) };
            self.canvas.line([x - dx, y - dy], [x + dx, y + dy], 3.2, PAPER.at(0.6));
            self.canvas.line([x - dx, y - dy], [x + dx, y + dy], 1.8, ink);
        }
    }
}

fn ink_of(finding: &Finding) -> Ink {
    Mark::of(finding).map_or(ACCENT, Mark::ink)
}

/// Moves sorted middles apart until they are `height` away from each other, inside `reach` where there is room.
fn spread(wanted: &[f32], height: f32, [low, high]: [f32; 2]) -> Vec<f32> {
    let mut out: Vec<f32> = wanted.iter().map(|&at| at.max(low).min(high.max(low))).collect();
    for i in 1..out.len() {
        out[i] = out[i].max(out[i - 1] + height);
    }
    // Back from the lower end where the last was pushed beyond it.
    let mut least = high;
    for at in out.iter_mut().rev() {
        *at = at.min(least);
        least = *at - height;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_keep_apart() {
        assert_eq!(spread(&[50.0, 55.0], 20.0, [10.0, 200.0]), [50.0, 70.0]);
        assert_eq!(spread(&[190.0, 195.0], 20.0, [10.0, 200.0]), [180.0, 200.0]);
        assert_eq!(spread(&[-50.0, 400.0], 20.0, [10.0, 200.0]), [10.0, 200.0]);
        assert!(spread(&[], 20.0, [0.0, 1.0]).is_empty());
    }
}
