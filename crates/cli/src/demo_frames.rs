//! `caixiang demo-frames`: portraits as a camera would show them, for the demonstration that has no camera.

use std::path::Path;
use std::process::ExitCode;

use caixiang_portrait::jpeg::{self, Sampling};
use caixiang_portrait::source;
use caixiang_vision::{VisionError, resize};
use image::{RgbImage, imageops};

use crate::args::DemoFramesArgs;
use crate::fault::{self, Fault};
use crate::inputs::{self, Input};
use crate::output;

/// What most USB cameras give.
const FRAME_PX: (u32, u32) = (1920, 1080);
const QUALITY: u8 = 88;
const DPI: u16 = 72;
/// Nobody stands still: where each frame of a person looks.
const SWAY: [Sway; 2] =
    [Sway { zoom: 1.0, right: 0.0, down: 0.0 }, Sway { zoom: 1.006, right: 0.9, down: 0.3 }];
/// Behind the portrait lies the portrait, scaled down to this and blurred until no face is left in it.
const BLURRED_PX: (u32, u32) = (64, 36);
const BLUR_PX: f32 = 3.0;
/// How bright that is, of the portrait's own light.
const DIMMED: f32 = 0.45;

#[derive(Clone, Copy)]
struct Sway {
    zoom: f64,
    /// How much of what the zoom leaves out lies to the left, and above.
    right: f64,
    down: f64,
}

/// Writes the frames of each portrait, in the order they were named.
pub(crate) fn run(args: &DemoFramesArgs) -> Result<ExitCode, Fault> {
    let inputs = inputs::gather(&args.inputs, &[&args.output]);
    output::make_folder(&args.output)?;
    for (index, input) in inputs.iter().enumerate() {
        let path = match input {
            Input::Picture(path) => path,
            Input::Unusable { fault, .. } => return Err(fault.clone()),
        };
        let portrait = source::picture(&fault::read(path)?).map_err(|error| Fault::from(&error))?;
        let backdrop = backdrop(&portrait).map_err(|error| internal(&error))?;
        for (number, sway) in SWAY.into_iter().enumerate() {
            let frame = frame(&portrait, &backdrop, sway).map_err(|error| internal(&error))?;
            let bytes = jpeg::encode(&frame, QUALITY, Sampling::Half, DPI)
                .map_err(|error| Fault::new("photo.encode_failed").because(&error))?;
            output::write(&args.output.join(name(index, number, path)), &bytes)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Sorted by name, the frames come person by person.
fn name(index: usize, number: usize, path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    format!("{:02}-{stem}-{}.jpg", index + 1, number + 1)
}

fn internal(error: &VisionError) -> Fault {
    Fault::new("photo.internal").because(error)
}

/// The portrait enlarged until it fills a frame, blurred and darkened.
fn backdrop(portrait: &RgbImage) -> Result<RgbImage, VisionError> {
    let (width, height) = (f64::from(portrait.width()), f64::from(portrait.height()));
    let ratio = f64::from(FRAME_PX.0) / f64::from(FRAME_PX.1);
    let seen = part(portrait, [width.min(height * ratio), height.min(width / ratio)], [0.5, 0.5]);
    let mut blurred = imageops::blur(&resize(&seen, BLURRED_PX.0, BLURRED_PX.1)?, BLUR_PX);
    for value in blurred.iter_mut() {
        *value = (f32::from(*value) * DIMMED) as u8;
    }
    resize(&blurred, FRAME_PX.0, FRAME_PX.1)
}

/// The whole portrait in the middle of a frame, as large as fits.
fn frame(portrait: &RgbImage, backdrop: &RgbImage, sway: Sway) -> Result<RgbImage, VisionError> {
    let (width, height) = (f64::from(portrait.width()), f64::from(portrait.height()));
    let scale = (f64::from(FRAME_PX.0) / width).min(f64::from(FRAME_PX.1) / height);
    let side = |length: f64, most: u32| ((length * scale).round() as u32).clamp(1, most);
    let (shown_width, shown_height) = (side(width, FRAME_PX.0), side(height, FRAME_PX.1));
    let seen = part(portrait, [width / sway.zoom, height / sway.zoom], [sway.right, sway.down]);
    let shown = resize(&seen, shown_width, shown_height)?;
    let mut frame = backdrop.clone();
    let left = (FRAME_PX.0 - shown_width) / 2;
    let top = (FRAME_PX.1 - shown_height) / 2;
    imageops::replace(&mut frame, &shown, left.into(), top.into());
    Ok(frame)
}

/// A part of a picture; `place` says how much of what is left over lies to the left of it and above.
fn part(picture: &RgbImage, size: [f64; 2], place: [f64; 2]) -> RgbImage {
    let side = |wanted: f64, most: u32| (wanted.round() as u32).clamp(1, most);
    let (width, height) = (side(size[0], picture.width()), side(size[1], picture.height()));
    let left = (f64::from(picture.width() - width) * place[0]).round() as u32;
    let top = (f64::from(picture.height() - height) * place[1]).round() as u32;
    imageops::crop_imm(picture, left, top, width, height).to_image()
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// A bright picture with a dark square in its middle.
    fn portrait(width: u32, height: u32) -> RgbImage {
        let quarter = width.min(height) / 4;
        RgbImage::from_fn(width, height, |x, y| {
            let dark = x.abs_diff(width / 2) < quarter && y.abs_diff(height / 2) < quarter;
            if dark { Rgb([20; 3]) } else { Rgb([220; 3]) }
        })
    }

    fn frames(portrait: &RgbImage) -> Vec<RgbImage> {
        let backdrop = backdrop(portrait).unwrap();
        SWAY.iter().map(|&sway| frame(portrait, &backdrop, sway).unwrap()).collect()
    }

    #[test]
    fn the_whole_portrait_fills_the_height_between_dark_sides() {
        let frame = &frames(&portrait(512, 512))[0];
        assert_eq!(frame.dimensions(), FRAME_PX);
        assert!(frame.get_pixel(960, 540).0[0] < 30, "the middle is the middle");
        for (x, y) in [(430, 5), (1490, 1075)] {
            assert!(frame.get_pixel(x, y).0[0] > 210, "the corner of the portrait at {x},{y}");
        }
        for (x, y) in [(2, 2), (1917, 1077), (400, 540), (1520, 540)] {
            let value = frame.get_pixel(x, y).0[0];
            assert!((1..=120).contains(&value), "{value} beside the portrait at {x},{y}");
        }
    }

    #[test]
    fn every_shape_of_portrait_becomes_a_frame() {
        for (width, height) in [(32, 32), (32, 4000), (4000, 32), (1920, 1080), (3000, 2000), (300, 400)] {
            for frame in frames(&portrait(width, height)) {
                assert_eq!(frame.dimensions(), FRAME_PX, "{width}x{height}");
            }
        }
    }

    #[test]
    fn a_person_sways_a_little() {
        let all = frames(&portrait(1200, 1500));
        let differing = |a: &RgbImage, b: &RgbImage| {
            let pairs = a.pixels().zip(b.pixels());
            pairs.filter(|(a, b)| a.0[0].abs_diff(b.0[0]) > 40).count() as f64 / f64::from(1920 * 1080)
        };
        for pair in all.windows(2) {
            let moved = differing(&pair[0], &pair[1]);
            assert!(moved > 1e-5 && moved < 0.02, "{moved}");
        }
    }
}
