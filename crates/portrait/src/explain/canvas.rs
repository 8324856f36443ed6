//! A sheet to draw on: shapes by their signed distance, so that every edge is anti-aliased. Units are pixels of the
//! sheet; the distance formulas of capsule and rounded rectangle are the usual ones of Quílez's list.

use image::{Rgb, RgbImage};

/// A place on the sheet, x to the right and y down.
pub(super) type Place = [f32; 2];

/// A rectangle: left, top, right, bottom.
pub(super) type Area = [f32; 4];

/// A colour and how much of it covers what lies below, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ink {
    pub(super) rgb: [u8; 3],
    pub(super) alpha: f32,
}

impl Ink {
    pub(super) const fn solid(rgb: [u8; 3]) -> Self {
        Self { rgb, alpha: 1.0 }
    }

    pub(super) const fn at(self, alpha: f32) -> Self {
        Self { alpha, ..self }
    }
}

/// The sheet while it is drawn.
pub(super) struct Canvas {
    picture: RgbImage,
    clip: Area,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32, paper: Ink) -> Self {
        let picture = RgbImage::from_pixel(width.max(1), height.max(1), Rgb(paper.rgb));
        let clip = [0.0, 0.0, picture.width() as f32, picture.height() as f32];
        Self { picture, clip }
    }

    pub(super) fn finish(self) -> RgbImage {
        self.picture
    }

    /// Draws with nothing landing outside `area`.
    pub(super) fn within(&mut self, area: Area, draw: impl FnOnce(&mut Self)) {
        let before = self.clip;
        self.clip = common(before, area);
        draw(self);
        self.clip = before;
    }

    /// Mixes a colour into one pixel.
    pub(super) fn blend(&mut self, x: i32, y: i32, ink: Ink, coverage: f32) {
        let centre = [x as f32 + 0.5, y as f32 + 0.5];
        let [left, top, right, bottom] = self.clip;
        let inside = (left..right).contains(&centre[0]) && (top..bottom).contains(&centre[1]);
        if !inside {
            return;
        }
        let share = (coverage * ink.alpha).clamp(0.0, 1.0);
        let pixel = self.picture.get_pixel_mut(x as u32, y as u32);
        for (value, wanted) in pixel.0.iter_mut().zip(ink.rgb) {
            *value = (f32::from(*value) * (1.0 - share) + f32::from(wanted) * share + 0.5) as u8;
        }
    }

    /// Fills a shape given by its signed distance (negative inside), which lies within `bounds`.
    pub(super) fn shape(&mut self, bounds: Area, ink: Ink, distance: impl Fn(Place) -> f32) {
        let [left, top, right, bottom] = common(self.clip, grown(bounds, 1.0));
        for y in top.floor() as i32..bottom.ceil() as i32 {
            for x in left.floor() as i32..right.ceil() as i32 {
                let coverage = 0.5 - distance([x as f32 + 0.5, y as f32 + 0.5]);
                if coverage > 0.0 {
                    self.blend(x, y, ink, coverage.min(1.0));
                }
            }
        }
    }

    pub(super) fn rect(&mut self, area: Area, ink: Ink) {
        self.shape(area, ink, |place| box_distance(place, area, 0.0));
    }

    pub(super) fn round_rect(&mut self, area: Area, radius: f32, ink: Ink) {
        self.shape(area, ink, |place| box_distance(place, area, radius));
    }

    /// The outline of a rounded rectangle, centred on its edge.
    pub(super) fn round_frame(&mut self, area: Area, radius: f32, width: f32, ink: Ink) {
        self.shape(grown(area, width), ink, |place| box_distance(place, area, radius).abs() - width / 2.0);
    }

    pub(super) fn disc(&mut self, [x, y]: Place, radius: f32, ink: Ink) {
        self.shape([x - radius, y - radius, x + radius, y + radius], ink, |place| {
            (place[0] - x).hypot(place[1] - y) - radius
        });
    }

    pub(super) fn ring(&mut self, [x, y]: Place, radius: f32, width: f32, ink: Ink) {
        let reach = radius + width;
        self.shape([x - reach, y - reach, x + reach, y + reach], ink, |place| {
            ((place[0] - x).hypot(place[1] - y) - radius).abs() - width / 2.0
        });
    }

    /// A pie piece of less than half a turn around `middle_rad` (clockwise on the screen, 0 to the right).
    pub(super) fn sector(&mut self, [x, y]: Place, radius: f32, middle_rad: f32, half_rad: f32, ink: Ink) {
        let (sin, cos) = half_rad.min(1.57).sin_cos();
        let (turn_sin, turn_cos) = middle_rad.sin_cos();
        self.shape([x - radius, y - radius, x + radius, y + radius], ink, |place| {
            let (dx, dy) = (place[0] - x, place[1] - y);
            let (along, aside) = (dx * turn_cos + dy * turn_sin, (dy * turn_cos - dx * turn_sin).abs());
            (dx.hypot(dy) - radius).max(aside * cos - along * sin)
        });
    }

    /// A convex polygon, its corners clockwise on the screen, rounded by `radius`.
    pub(super) fn polygon(&mut self, corners: &[Place], radius: f32, ink: Ink) {
        let bounds = grown(bounds_of(corners), radius);
        self.shape(bounds, ink, |place| {
            let edges = corners.iter().zip(corners.iter().cycle().skip(1));
            let inside = edges
                .clone()
                .all(|(a, b)| (b[0] - a[0]) * (place[1] - a[1]) - (b[1] - a[1]) * (place[0] - a[0]) >= 0.0);
            let edge = edges.map(|(&a, &b)| to_segment(place, a, b)).fold(f32::INFINITY, f32::min);
            if inside { -edge - radius } else { edge - radius }
        });
    }

    pub(super) fn line(&mut self, a: Place, b: Place, width: f32, ink: Ink) {
        self.stroke(&[a, b], width, ink);
    }

    /// A line through several places. Joints are covered once, also where the ink is translucent.
    pub(super) fn stroke(&mut self, places: &[Place], width: f32, ink: Ink) {
        if places.iter().flatten().any(|value| !value.is_finite()) {
            return;
        }
        let radius = width / 2.0;
        let [left, top, right, bottom] = common(self.clip, grown(bounds_of(places), radius + 1.0));
        let (left, top) = (left.floor() as i32, top.floor() as i32);
        let (across, down) = (right.ceil() as i32 - left, bottom.ceil() as i32 - top);
        if across <= 0 || down <= 0 {
            return;
        }
        let mut covered = vec![0.0_f32; across as usize * down as usize];
        for pair in places.windows(2) {
            let [x0, y0, x1, y1] = grown(bounds_of(pair), radius + 1.0);
            let (x0, x1) = ((x0.floor() as i32 - left).max(0), (x1.ceil() as i32 - left).min(across));
            let (y0, y1) = ((y0.floor() as i32 - top).max(0), (y1.ceil() as i32 - top).min(down));
            for y in y0..y1 {
                for x in x0..x1 {
                    let place = [(x + left) as f32 + 0.5, (y + top) as f32 + 0.5];
                    let coverage = (radius + 0.5 - to_segment(place, pair[0], pair[1])).clamp(0.0, 1.0);
                    let cell = &mut covered[(y * across + x) as usize];
                    *cell = cell.max(coverage);
                }
            }
        }
        for (at, &coverage) in covered.iter().enumerate().filter(|(_, coverage)| **coverage > 0.0) {
            let at = at as i32;
            self.blend(left + at % across, top + at / across, ink, coverage);
        }
    }

    /// A straight line of dashes.
    pub(super) fn dashes(&mut self, a: Place, b: Place, [dash, gap]: [f32; 2], width: f32, ink: Ink) {
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let at = |t: f32| [a[0] + (b[0] - a[0]) * t / length, a[1] + (b[1] - a[1]) * t / length];
        let mut from = 0.0;
        while from < length && from.is_finite() && dash + gap > 0.5 {
            self.line(at(from), at((from + dash).min(length)), width, ink);
            from += dash + gap;
        }
    }

    /// Lays a picture with rounded corners at whole pixels.
    pub(super) fn picture(&mut self, [left, top]: Place, picture: &RgbImage, radius: f32) {
        let (left, top) = (left.round(), top.round());
        let area = [left, top, left + picture.width() as f32, top + picture.height() as f32];
        for (x, y, pixel) in picture.enumerate_pixels() {
            let place = [left + x as f32, top + y as f32];
            let coverage = 0.5 - box_distance([place[0] + 0.5, place[1] + 0.5], area, radius);
            self.blend(place[0] as i32, place[1] as i32, Ink::solid(pixel.0), coverage.clamp(0.0, 1.0));
        }
    }
}

pub(super) fn grown([left, top, right, bottom]: Area, by: f32) -> Area {
    [left - by, top - by, right + by, bottom + by]
}

fn common(a: Area, b: Area) -> Area {
    [a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]
}

fn bounds_of(places: &[Place]) -> Area {
    let low = |axis: usize| places.iter().map(|p| p[axis]).fold(f32::INFINITY, f32::min);
    let high = |axis: usize| places.iter().map(|p| p[axis]).fold(f32::NEG_INFINITY, f32::max);
    [low(0), low(1), high(0), high(1)]
}

fn to_segment(place: Place, a: Place, b: Place) -> f32 {
    let (px, py) = (place[0] - a[0], place[1] - a[1]);
    let (bx, by) = (b[0] - a[0], b[1] - a[1]);
    let length = (bx * bx + by * by).max(f32::MIN_POSITIVE);
    let t = ((px * bx + py * by) / length).clamp(0.0, 1.0);
    (px - bx * t).hypot(py - by * t)
}

fn box_distance(place: Place, [left, top, right, bottom]: Area, radius: f32) -> f32 {
    let radius = radius.min((right - left) / 2.0).min((bottom - top) / 2.0).max(0.0);
    let dx = (place[0] - f32::midpoint(left, right)).abs() - (right - left) / 2.0 + radius;
    let dy = (place[1] - f32::midpoint(top, bottom)).abs() - (bottom - top) / 2.0 + radius;
    dx.max(0.0).hypot(dy.max(0.0)) + dx.max(dy).min(0.0) - radius
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Ink = Ink::solid([255; 3]);
    const BLACK: Ink = Ink::solid([0; 3]);

    fn drawn(draw: impl FnOnce(&mut Canvas)) -> RgbImage {
        let mut canvas = Canvas::new(40, 40, WHITE);
        draw(&mut canvas);
        canvas.finish()
    }

    #[test]
    fn covers_the_right_area() {
        let darkness =
            |picture: RgbImage| picture.pixels().map(|p| f32::from(255 - p[0]) / 255.0).sum::<f32>();
        let cases: [(&str, f32, RgbImage); 5] = [
            ("rect", 200.0, drawn(|c| c.rect([5.0, 5.0, 25.0, 15.0], BLACK))),
            ("disc", 314.2, drawn(|c| c.disc([20.0, 20.0], 10.0, BLACK))),
            ("line", 40.0, drawn(|c| c.line([10.0, 20.5], [30.0, 20.5], 2.0, BLACK))),
            ("polygon", 200.0, drawn(|c| c.polygon(&[[20.0, 10.0], [30.0, 30.0], [10.0, 30.0]], 0.0, BLACK))),
            (
                "sector",
                39.3,
                drawn(|c| c.sector([20.0, 20.0], 10.0, 0.0, std::f32::consts::FRAC_PI_8, BLACK)),
            ),
        ];
        for (name, wanted, picture) in cases {
            let found = darkness(picture);
            assert!((found - wanted).abs() < wanted * 0.12, "{name}: {found}, not {wanted}");
        }
    }

    #[test]
    fn nothing_leaves_the_clip_or_the_sheet() {
        let picture = drawn(|canvas| {
            canvas.within([10.0, 10.0, 20.0, 20.0], |canvas| {
                canvas.rect([-100.0, -100.0, 1e9, 1e9], BLACK);
                canvas.stroke(&[[-1e6, 15.0], [1e6, 15.0]], 3.0, BLACK);
                canvas.stroke(&[[f32::NAN, 15.0], [1e6, 15.0]], 3.0, BLACK);
            });
            canvas.disc([400.0, -300.0], 9.0, BLACK);
        });
        for (x, y, pixel) in picture.enumerate_pixels() {
            let inside = (10..20).contains(&x) && (10..20).contains(&y);
            assert_eq!(pixel.0 == [0; 3], inside, "{x} {y}");
        }
    }
}
