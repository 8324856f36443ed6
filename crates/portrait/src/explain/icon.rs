//! The marks beside findings: a shape and a colour for each, so that neither is needed alone.

use caixiang_domain::{Decision, Finding, Outcome, Severity, Verdict};

use super::canvas::{Canvas, Ink, Place};
use super::style::{AMBER, AMBER_LINE, GREEN, GREY, INK, PAPER, RED, WHITE};

/// What a finding comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A green disc with a tick.
    Pass,
    /// A grey disc with a question mark.
    Unknown,
    /// An amber outline of a triangle.
    Note,
    /// An amber triangle.
    Warn,
    /// A red disc with a cross.
    Stop,
}

impl Mark {
    /// The mark of a finding; `None` where the preset asks for nothing.
    pub(super) fn of(finding: &Finding) -> Option<Self> {
        match (finding.outcome, finding.severity()) {
            (Outcome::NotAsked, _) => None,
            (Outcome::Unknown(_), _) => Some(Self::Unknown),
            (_, Some(Severity::Block)) => Some(Self::Stop),
            (_, Some(Severity::Warn)) => Some(Self::Warn),
            (_, Some(Severity::Note)) => Some(Self::Note),
            (Outcome::Pass | Outcome::TooLow | Outcome::TooHigh, None) => Some(Self::Pass),
        }
    }

    /// The mark of a whole verdict. Accepted with open questions is a question: *unknown* never counts as passed.
    pub(super) fn of_verdict(verdict: &Verdict) -> Self {
        match verdict.decision() {
            Decision::Reject => Self::Stop,
            Decision::Review => Self::Warn,
            Decision::Accept if verdict.unknowns().next().is_some() => Self::Unknown,
            Decision::Accept => Self::Pass,
        }
    }

    /// Its colour for lines.
    pub(super) fn ink(self) -> Ink {
        match self {
            Self::Pass => GREEN,
            Self::Unknown => GREY,
            Self::Note | Self::Warn => AMBER_LINE,
            Self::Stop => RED,
        }
    }

    /// Draws it around `centre`, `size` across.
    pub(super) fn draw(self, canvas: &mut Canvas, [x, y]: Place, size: f32) {
        // Shapes are laid out on a square of 24.
        let unit = size / 24.0;
        let at = |dx: f32, dy: f32| [x + dx * unit, y + dy * unit];
        let width = 2.6 * unit;
        match self {
            Self::Pass => {
                canvas.disc([x, y], 11.0 * unit, GREEN);
                canvas.stroke(&[at(-5.2, 0.4), at(-1.6, 4.0), at(5.4, -3.6)], width, WHITE);
            }
            Self::Stop => {
                canvas.disc([x, y], 11.0 * unit, RED);
                canvas.line(at(-3.9, -3.9), at(3.9, 3.9), width, WHITE);
                canvas.line(at(3.9, -3.9), at(-3.9, 3.9), width, WHITE);
            }
            Self::Unknown => {
                canvas.disc([x, y], 11.0 * unit, GREY);
                // Three quarters of a circle from the left over the top, then down to the middle.
                let mut hook: Vec<Place> = (0..=18)
                    .map(|step| {
                        let turn = (175.0 + 15.0 * step as f32).to_radians();
                        at(3.6 * turn.cos(), -2.6 + 3.6 * turn.sin())
                    })
                    .collect();
                hook.push(at(0.0, 3.0));
                canvas.stroke(&hook, width * 0.92, WHITE);
                canvas.disc(at(0.0, 6.4), 1.55 * unit, WHITE);
            }
            Self::Warn | Self::Note => {
                let corners = [at(0.0, -8.4), at(9.2, 7.6), at(-9.2, 7.6)];
                let sign = if self == Self::Warn {
                    canvas.polygon(&corners, 2.4 * unit, AMBER);
                    INK
                } else {
                    canvas.polygon(&corners, 2.4 * unit, AMBER_LINE);
                    canvas.polygon(&[at(0.0, -7.2), at(7.9, 6.8), at(-7.9, 6.8)], 0.8 * unit, PAPER);
                    AMBER_LINE
                };
                canvas.line(at(0.0, -3.6), at(0.0, 2.0), width * 0.92, sign);
                canvas.disc(at(0.0, 5.6), 1.5 * unit, sign);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::style::PAPER;
    use caixiang_domain::{Check, Measurement, Rule, Unsure};

    const ALL: [Mark; 5] = [Mark::Pass, Mark::Unknown, Mark::Note, Mark::Warn, Mark::Stop];

    fn drawn(mark: Mark, size: f32) -> image::RgbImage {
        let mut canvas = Canvas::new(48, 48, PAPER);
        mark.draw(&mut canvas, [24.0, 24.0], size);
        canvas.finish()
    }

    #[test]
    fn icons_stay_in_their_square_and_differ_without_colour() {
        for size in [14.0, 24.0, 40.0] {
            let half = (size / 2.0) as i64;
            let mut seen: Vec<Vec<bool>> = Vec::new();
            for mark in ALL {
                let picture = drawn(mark, size);
                for (x, y, pixel) in picture.enumerate_pixels() {
                    let out = (i64::from(x) - 24).abs() > half || (i64::from(y) - 24).abs() > half;
                    assert!(!out || pixel.0 == PAPER.rgb, "{mark:?} at {x}, {y}");
                }
                // What remains of the shape on a black-and-white print.
                let shape: Vec<bool> =
                    picture.pixels().map(|p| caixiang_domain::Rgb(p.0).luma() < 200.0).collect();
                assert!(
                    shape.iter().filter(|dark| **dark).count() > (size * size / 8.0) as usize,
                    "{mark:?}"
                );
                for other in &seen {
                    let apart = shape.iter().zip(other).filter(|(a, b)| a != b).count();
                    assert!(apart as f32 > size * size / 20.0, "{mark:?}: {apart}");
                }
                seen.push(shape);
            }
        }
    }

    #[test]
    fn marks_follow_the_finding() {
        let rule = |severity| Rule { min: None, max: Some(1.0), doubt: 0.0, severity };
        let of = |severity, value| Mark::of(&rule(severity).judge(Measurement::value(Check::Noise, value)));
        assert_eq!(of(Severity::Block, 0.0), Some(Mark::Pass));
        assert_eq!(of(Severity::Block, 2.0), Some(Mark::Stop));
        assert_eq!(of(Severity::Warn, 2.0), Some(Mark::Warn));
        assert_eq!(of(Severity::Note, 2.0), Some(Mark::Note));
        let unseen = Measurement::unknown(Check::Noise, Unsure::TooSmall);
        assert_eq!(Mark::of(&rule(Severity::Block).judge(unseen)), Some(Mark::Unknown));
        let verdict = Verdict::judge(&[unseen], |_| Some(rule(Severity::Block)));
        assert_eq!(Mark::of_verdict(&verdict), Mark::Unknown);
        let not_asked = Verdict::judge(&[unseen], |_| None);
        assert_eq!(Mark::of(&not_asked.findings()[0]), None);
        assert_eq!(Mark::of_verdict(&not_asked), Mark::Pass);
    }
}
