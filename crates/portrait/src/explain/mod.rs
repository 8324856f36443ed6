//! One sheet that explains a photo: what the camera saw, how the finished photo meets its preset, how the person was cut
//! out, and every finding. Words come from outside; what is drawn here is lines, marks and numbers.

mod camera;
mod canvas;
mod figures;
mod geometry;
mod icon;
mod letters;
mod list;
mod matte;
mod mesh;
mod sheet;
mod style;

use caixiang_domain::{Finding, Preset, Verdict};
use caixiang_vision::{Mask, Pose, VisionError};
use image::RgbImage;

use crate::road::{Checked, Judged};
use crate::source::{self, SourceError};
use mesh::Lines;

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub enum ExplainError {
    /// The font's bytes are none that can be written with.
    #[error("the font is damaged or of an unknown kind")]
    Font,
    /// The finished file cannot be decoded.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A picture cannot be scaled.
    #[error(transparent)]
    Vision(#[from] VisionError),
}

/// What the sheet shows.
struct View<'a> {
    /// The camera's picture in the finished frame, and the face on it.
    camera: &'a RgbImage,
    lines: Lines,
    pose: Pose,
    /// The finished photo as its file shows it.
    photo: &'a RgbImage,
    /// Share of the person in each pixel; the size of `camera`.
    alpha: &'a Mask,
    /// The camera's picture and the photo are two pictures, worth comparing.
    changed: bool,
    preset: &'a Preset,
    verdict: &'a Verdict,
    sha256: &'a [u8; 32],
}

/// Draws the sheet of a photo that was made.
///
/// `words` gives the line for a finding, in whatever language the reader wants; `font` are the bytes of a TTF or OTF
/// file that has its characters.
///
/// # Errors
/// [`ExplainError::Font`] for a damaged font; the others where a picture cannot be decoded or scaled.
pub fn explain_photo(
    judged: &Judged,
    words: &dyn Fn(&Finding) -> String,
    font: &[u8],
) -> Result<RgbImage, ExplainError> {
    let matted = judged.matted();
    let framed = matted.framed();
    let photo = source::decode_at(judged.finished().bytes(), f64::INFINITY)?.picture;
    let pose = framed.found().pose();
    let view = View {
        camera: framed.picture(),
        lines: Lines::of(framed.landmarks()),
        // The crop is already turned.
        pose: Pose { roll_deg: pose.roll_deg - framed.turn_rad().to_degrees(), ..pose },
        photo: &photo,
        alpha: &matted.matte().alpha,
        changed: true,
        preset: judged.preset(),
        verdict: judged.verdict(),
        sha256: judged.finished().sha256(),
    };
    sheet::draw(&view, words, font)
}

/// Draws the sheet of a file that was checked; arguments as for [`explain_photo`].
///
/// # Errors
/// [`ExplainError::Font`] for a damaged font, [`ExplainError::Vision`] where a picture cannot be scaled.
pub fn explain_check(
    checked: &Checked,
    preset: &Preset,
    words: &dyn Fn(&Finding) -> String,
    font: &[u8],
) -> Result<RgbImage, ExplainError> {
    let view = View {
        camera: &checked.picture,
        lines: Lines::of(&checked.landmarks),
        pose: checked.pose(),
        photo: &checked.picture,
        alpha: checked.alpha(),
        changed: false,
        preset,
        verdict: &checked.verdict,
        sha256: checked.sha256(),
    };
    sheet::draw(&view, words, font)
}

#[cfg(test)]
mod tests;
