//! What the live view says to the student: one thing at a time, the most important, and never flickering.
//!
//! The rules are those of the final check, broken on the small frame; here is only what is said about them, and when.

use caixiang_domain::{Check, Finding, Outcome, Severity};
use caixiang_portrait::{FaceGlance, Glance};

use crate::event::Glimpse;
use crate::view::Viewport;

/// A prompt stays at least so long (UI: stable for at least 0.7 s).
const STABLE_MS: u64 = 700;
/// A fault must be seen for so long before it is spoken of.
const NOTICED_MS: u64 = 250;
/// All must have been well for so long before *ready* shows.
const WELL_MS: u64 = 200;
/// A face that moves faster than this between two looks, in distances between the pupils, is not still.
const STILL: f64 = 0.12;
/// The frame of the photo may lie so far from where it shows, as a share of it, before the view follows.
const FOLLOW: f64 = 0.07;
/// So near to where it should be, as a share of its height, the view comes to rest: nobody sits quite still.
const ARRIVED: f64 = 0.02;
/// How far the view moves towards the face with each look.
const EASE: f64 = 0.35;

/// The prompt where nobody is there.
const NOBODY: &str = "nobody";

/// The prompt for a broken rule, most important first: what hides the person, where they stand, how they hold
/// themselves, what they wear, the light.
pub(crate) fn prompt_for(finding: &Finding) -> Option<&'static str> {
    let low = finding.outcome == Outcome::TooLow;
    Some(match finding.check {
        Check::FaceCount if low => NOBODY,
        Check::FaceCount => "alone",
        Check::FaceSize | Check::InterEye if !low => "back",
        Check::FaceSize | Check::InterEye | Check::Upscaled => "closer",
        Check::FaceCovered => "covered",
        // Yaw grows as the student turns to their own left; the prompt says the way back.
        Check::Yaw if low => "turn_left",
        Check::Yaw => "turn_right",
        Check::Pitch if low => "chin_up",
        Check::Pitch => "chin_down",
        Check::Roll => "level",
        Check::EyeOpenLeft | Check::EyeOpenRight => "eyes",
        Check::EyesCovered | Check::BrowsCovered | Check::EarsVisible => "hair",
        Check::Gaze => "gaze",
        Check::MouthClosed | Check::Teeth => "mouth",
        Check::Expression => "expression",
        Check::Glasses | Check::GlassesTinted | Check::GlassesGlare => "glasses",
        Check::HeadCover => "hat",
        Check::Underexposed => "dark",
        Check::Overexposed | Check::HotSpots => "bright",
        Check::LightBalance | Check::Contrast | Check::ColourCast => "light",
        _ => return None,
    })
}

/// Importance of a prompt; smaller comes first.
fn rank(prompt: &str) -> usize {
    const ORDER: [&str; 23] = [
        NOBODY,
        "alone",
        "back",
        "closer",
        "left",
        "right",
        "covered",
        "hat",
        "glasses",
        "level",
        "turn_left",
        "turn_right",
        "chin_up",
        "chin_down",
        "hair",
        "eyes",
        "gaze",
        "mouth",
        "expression",
        "dark",
        "bright",
        "light",
        "still",
    ];
    ORDER.iter().position(|one| *one == prompt).unwrap_or(ORDER.len())
}

/// What one frame asks for; `None` where all is well.
fn asks(glance: &Glance) -> Option<&'static str> {
    let Some(face) = &glance.face else { return Some(NOBODY) };
    let broken = face.verdict.failures();
    // A note is worth knowing and no reason to keep anybody waiting.
    let grave = broken.filter(|finding| finding.severity().is_some_and(|s| s >= Severity::Warn));
    let mut all: Vec<&'static str> = grave.filter_map(prompt_for).collect();
    all.extend(place(face));
    if face.moved.is_some_and(|moved| moved > STILL) {
        all.push("still");
    }
    all.into_iter().min_by_key(|prompt| rank(prompt))
}

/// Where to stand, when the photo's frame does not fit into the picture. The student sees themselves mirrored: what
/// is missing on the left of the camera's picture is on their right.
fn place(face: &FaceGlance) -> Option<&'static str> {
    const BEYOND: f64 = 0.02;
    let [left, top, right, bottom] = face.short;
    let beyond = |side: f64| side > BEYOND;
    match (beyond(left), beyond(right)) {
        (true, true) => Some("back"),
        (true, false) => Some("left"),
        (false, true) => Some("right"),
        (false, false) if beyond(top) || beyond(bottom) => Some("back"),
        (false, false) => None,
    }
}

/// Keeps what is said steady while frames come and go.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Guide {
    shown: Option<&'static str>,
    shown_since: u64,
    /// When a frame last asked for what shows.
    shown_asked: u64,
    /// What the last frame asked for, and since when frames have.
    wanted: Option<(Option<&'static str>, u64)>,
    viewport: Option<Viewport>,
    following: bool,
}

impl Guide {
    /// A guide that has said nothing.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// What to say after this frame. `aspect` is the photo's width over its height, `picture` that of the camera's
    /// picture; `now_ms` must not go back.
    pub(crate) fn glimpse(&mut self, glance: &Glance, aspect: f64, picture: f64, now_ms: u64) -> Glimpse {
        let asked = asks(glance);
        if self.wanted.is_none() {
            self.shown_asked = now_ms;
        }
        let since = self.wanted.filter(|(wanted, _)| *wanted == asked).map_or(now_ms, |(_, since)| since);
        self.wanted = Some((asked, since));
        let noticed = now_ms.saturating_sub(since) >= if asked.is_none() { WELL_MS } else { NOTICED_MS };
        if asked == self.shown && (asked.is_some() || noticed) {
            self.shown_asked = now_ms;
        }
        // Faults that take turns are none of them there for long; something must be said all the same.
        let outdated = asked.is_some() && now_ms.saturating_sub(self.shown_asked) >= STABLE_MS;
        // What is said first need not wait for what was said before.
        let free = self.shown.is_none() || now_ms.saturating_sub(self.shown_since) >= STABLE_MS;
        if self.shown != asked && (noticed || outdated) && free {
            self.shown = asked;
            self.shown_since = now_ms;
            self.shown_asked = now_ms;
        }
        let viewport = self.follow(glance.face.as_ref(), aspect, picture);
        Glimpse {
            prompt: self.shown,
            ready: self.shown.is_none() && asked.is_none() && noticed && glance.face.is_some(),
            viewport,
            somebody: glance.face.is_some(),
        }
    }

    /// Part of the picture that fills the photo's frame on the screen: it follows the face of a short or seated
    /// student, inside the picture, and rests while the face moves little.
    fn follow(&mut self, face: Option<&FaceGlance>, aspect: f64, picture: f64) -> Viewport {
        let middle = at_rest(aspect, picture);
        // Another camera's picture may have another shape.
        let before = self.viewport.map_or(middle, |viewport| inside(viewport, aspect, picture));
        let target =
            face.filter(|face| face.frame.iter().all(|share| share.is_finite())).map_or(middle, |face| {
                let [x, y, width, height] = face.frame;
                inside(Viewport { x, y, width, height }, aspect, picture)
            });
        let far = (target.x - before.x).abs().max((target.y - before.y).abs()) > FOLLOW * before.height
            || (target.height / before.height - 1.0).abs() > FOLLOW;
        let near = (target.x - before.x).abs().max((target.y - before.y).abs()) < ARRIVED * before.height;
        self.following = self.viewport.is_some() && ((self.following && !near) || far);
        if face.is_none() && self.shown != Some(NOBODY) {
            // A face that is missed for a frame or two has not gone.
            return *self.viewport.insert(before);
        }
        let step = match self.viewport {
            // The first picture of all shows what it shows.
            None => 1.0,
            Some(_) if self.following => EASE,
            Some(_) => return before,
        };
        let mix = |from: f64, to: f64| from + (to - from) * step;
        let moved = Viewport {
            x: mix(before.x, target.x),
            y: mix(before.y, target.y),
            width: mix(before.width, target.width),
            height: mix(before.height, target.height),
        };
        self.viewport = Some(moved);
        moved
    }
}

/// The frame when nobody is there: the middle, nine tenths of the height or as much as the width gives.
fn at_rest(aspect: f64, picture: f64) -> Viewport {
    let height = (0.9_f64).min(picture / aspect);
    let width = height * aspect / picture;
    Viewport { x: (1.0 - width) / 2.0, y: (1.0 - height) / 2.0, width, height }
}

/// The frame at the photo's shape, moved and if need be shrunk to lie inside the picture.
fn inside(frame: Viewport, aspect: f64, picture: f64) -> Viewport {
    let height = frame.height.clamp(0.2, 1.0).min(picture / aspect);
    // Rounding must not make it wider than the picture.
    let width = (height * aspect / picture).min(1.0);
    let centre = (frame.x + frame.width / 2.0, frame.y + frame.height / 2.0);
    Viewport {
        x: (centre.0 - width / 2.0).clamp(0.0, 1.0 - width),
        y: (centre.1 - height / 2.0).clamp(0.0, 1.0 - height),
        width,
        height,
    }
}
