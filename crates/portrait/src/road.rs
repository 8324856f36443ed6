//! The road of a photo: Frame → Found → Framed → Matted → Composed → Finished → Verdict.
//!
//! Each stage consumes the one before and keeps its fields to itself, so that none can be skipped or done twice.

use caixiang_domain::{Measurement, Preset, Rgb, Verdict};
use caixiang_vision::{Engine, Face, Landmarks, Mask, Pose, VisionError};
use image::RgbImage;
use sha2::{Digest, Sha256};

use crate::ahead::Ahead;
use crate::checks::{self, Scene};
use crate::encode::{self, Encoded};
use crate::framing::{self, Framing};
use crate::geometry::{OutOfReach, Placement};
use crate::matting::{self, Matte};
use crate::source::{self, Decoded, SourceError, SourceInfo};

/// Faces smaller than this share of the largest one's area are bystanders or posters on the wall.
const BYSTANDER_SHARE: f64 = 0.25;

/// How many of the faces, the largest first, are people in the picture and not behind it.
pub(crate) fn people(faces: &[Face]) -> usize {
    let least = faces.first().map_or(0.0, |face| face.area() * BYSTANDER_SHARE);
    faces.iter().filter(|face| face.area() >= least).count()
}

/// Why there is no photo.
#[derive(Debug, thiserror::Error)]
pub enum RoadError {
    /// The file is no picture that can be worked on.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Nobody is in the picture.
    #[error("no face was found")]
    NoFace,
    /// The picture does not show enough around the head.
    #[error(transparent)]
    OutOfReach(#[from] OutOfReach),
    /// A model failed.
    #[error(transparent)]
    Vision(#[from] VisionError),
    /// The encoder failed.
    #[error("the JPEG could not be written")]
    Encode(#[from] crate::jpeg::JpegFailure),
}

impl RoadError {
    /// The codes beside those of [`SourceError::CODES`], for the message files.
    pub const CODES: &'static [&'static str] =
        &["photo.no_face", "photo.out_of_reach", "photo.model_failed", "photo.encode_failed"];

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Source(error) => error.code(),
            Self::NoFace => "photo.no_face",
            Self::OutOfReach(_) => "photo.out_of_reach",
            Self::Vision(_) => "photo.model_failed",
            Self::Encode(_) => "photo.encode_failed",
        }
    }
}

/// Something that was done to the pixels; the record goes with the photo.
#[derive(Debug, Clone, PartialEq)]
pub enum Operation {
    /// Turned or mirrored upright as the EXIF record asks.
    Reoriented,
    /// Converted from another colour profile to sRGB.
    ConvertedToSrgb,
    /// Transparent parts laid on white.
    Flattened,
    /// Turned to level the eyes, degrees, clockwise positive.
    Rotated {
        /// The angle.
        degrees: f64,
    },
    /// Cut out of the source and scaled: finished pixels for one source pixel.
    CroppedAndScaled {
        /// Middle of the crop in the upright source, pixels.
        centre_px: [f64; 2],
        /// Finished pixels for one source pixel.
        factor: f64,
    },
    /// The backdrop goes on where the source ends and nobody stands: left, top, right, bottom in finished pixels.
    BackdropExtended {
        /// How far.
        sides_px: [f64; 4],
    },
    /// The background was replaced by this colour, with the person's own colours estimated along the edge.
    BackgroundReplaced {
        /// The colour.
        colour: Rgb,
    },
    /// Compressed.
    Encoded {
        /// Quality on libjpeg's scale.
        quality: u8,
        /// Colour planes at half resolution.
        half_colour: bool,
    },
}

/// A decoded picture.
#[derive(Debug)]
pub struct Frame {
    bytes: Vec<u8>,
    decoded: Decoded,
}

impl Frame {
    /// Decodes a file's bytes.
    ///
    /// # Errors
    /// [`SourceError`] on anything that is no picture within the bounds.
    pub fn decode(bytes: Vec<u8>) -> Result<Self, SourceError> {
        let decoded = source::decode(&bytes)?;
        Ok(Self { bytes, decoded })
    }

    /// What is known beside the pixels.
    pub fn info(&self) -> &SourceInfo {
        &self.decoded.info
    }

    /// The pixels that are worked on: upright, sRGB; large JPEGs scaled down.
    pub fn picture(&self) -> &RgbImage {
        &self.decoded.picture
    }

    /// Finds the person.
    ///
    /// # Errors
    /// [`RoadError::NoFace`], or [`RoadError::Vision`] where a model fails.
    pub fn find(self, engine: &Engine) -> Result<Found, RoadError> {
        let faces = engine.faces(&self.decoded.picture)?;
        for (index, face) in faces.iter().enumerate() {
            if let Some(landmarks) = engine.landmarks(&self.decoded.picture, face)? {
                let pose = engine.pose(&landmarks);
                let people = people(&faces[index..]);
                return Ok(Found { main: index, frame: self, faces, people, landmarks, pose });
            }
        }
        Err(RoadError::NoFace)
    }
}

/// A picture with its person.
#[derive(Debug)]
pub struct Found {
    frame: Frame,
    faces: Vec<Face>,
    main: usize,
    people: usize,
    landmarks: Landmarks,
    pose: Pose,
}

impl Found {
    /// All faces, the largest first.
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// The face that the photo is made of.
    pub fn face(&self) -> &Face {
        &self.faces[self.main]
    }

    /// Faces large enough to be people in the picture and not behind it.
    pub fn people(&self) -> usize {
        self.people
    }

    /// The landmarks, in pixels of [`Frame::picture`].
    pub fn landmarks(&self) -> &Landmarks {
        &self.landmarks
    }

    /// Where the head points.
    pub fn pose(&self) -> Pose {
        self.pose
    }

    /// The picture.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Levels and crops to the preset.
    ///
    /// # Errors
    /// [`RoadError::OutOfReach`] where the picture ends too near to the head, [`RoadError::Vision`] where a model fails.
    pub fn frame_to(self, engine: &Engine, preset: &Preset) -> Result<Framed, RoadError> {
        self.frame_with(engine, preset, None)
    }

    /// The same, with the slow mask worked out ahead on a frame just before; one that does not fit this frame is not
    /// used. Everything else, the matte too, comes from this frame.
    ///
    /// # Errors
    /// As [`Found::frame_to`].
    pub fn frame_with(
        mut self,
        engine: &Engine,
        preset: &Preset,
        ahead: Option<&Ahead>,
    ) -> Result<Framed, RoadError> {
        let picture = &self.frame.decoded.picture;
        let salient = ahead.and_then(|ahead| ahead.mask_for(picture, &self.landmarks));
        let mut framing = framing::frame(picture, &self.landmarks, engine, preset, salient)?;
        // A small face in a large JPEG: decode again with the pixels that the crop needs.
        let magnification = framing.placement.scale;
        if magnification > 1.0 && self.frame.decoded.scale < 1.0 {
            let old = &self.frame.decoded;
            let least = f64::from(old.picture.width().max(old.picture.height())) * magnification;
            let finer = source::decode_at(&self.frame.bytes, least)?;
            let growth = f64::from(finer.picture.width()) / f64::from(old.picture.width());
            let map = caixiang_vision::Similarity::about([0.0, 0.0], [0.0, 0.0], growth, 0.0);
            framing = framing.redraw(&finer.picture, &map, preset)?;
            self.landmarks = self.landmarks.moved(&map);
            self.frame.decoded = finer;
        }
        Ok(Framed { found: self, framing, preset: preset.clone() })
    }
}

/// A picture cropped to the preset, with its old background.
#[derive(Debug)]
pub struct Framed {
    found: Found,
    framing: Framing,
    preset: Preset,
}

impl Framed {
    /// The cropped picture.
    pub fn picture(&self) -> &RgbImage {
        &self.framing.picture
    }

    /// The landmarks on it.
    pub fn landmarks(&self) -> &Landmarks {
        &self.framing.landmarks
    }

    /// Where it lies on the source.
    pub fn placement(&self) -> &Placement {
        &self.framing.placement
    }

    /// The stage before.
    pub fn found(&self) -> &Found {
        &self.found
    }

    /// By how much the frame is turned against the source, radians, clockwise on the screen.
    pub fn turn_rad(&self) -> f64 {
        self.framing.to_source.angle_rad()
    }

    /// Cuts the person out.
    pub fn matte(self) -> Matted {
        let framing = &self.framing;
        let mut matte = matting::matte(
            &framing.picture,
            &framing.person,
            &framing.salient,
            &[framing::sure_face(&framing.landmarks)],
        );
        // Beyond the source there is nobody, whatever a mask says.
        for (alpha, beyond) in matte.alpha.values_mut().iter_mut().zip(&framing.beyond) {
            if *beyond {
                *alpha = 0.0;
            }
        }
        Matted { framed: self, matte }
    }
}

/// A person cut out.
#[derive(Debug)]
pub struct Matted {
    framed: Framed,
    matte: Matte,
}

impl Matted {
    /// The cropped picture with its old background.
    pub fn framed(&self) -> &Framed {
        &self.framed
    }

    /// The cut-out.
    pub fn matte(&self) -> &Matte {
        &self.matte
    }

    /// Lays the person on a backdrop.
    pub fn compose(self, backdrop: Rgb) -> Composed {
        let picture = lay_on(&self.matte, backdrop);
        Composed { matted: self, backdrop, picture }
    }
}

/// The person before one colour: `alpha · foreground + (1 − alpha) · backdrop`, in sRGB as cameras and viewers mix.
pub fn lay_on(matte: &Matte, backdrop: Rgb) -> RgbImage {
    let mut picture = matte.foreground.clone();
    for (pixel, &alpha) in picture.pixels_mut().zip(matte.alpha.values()) {
        for (value, back) in pixel.0.iter_mut().zip(backdrop.0) {
            let mixed = alpha * f32::from(*value) + (1.0 - alpha) * f32::from(back);
            *value = (mixed + 0.5).clamp(0.0, 255.0) as u8;
        }
    }
    picture
}

/// A person before the new backdrop.
#[derive(Debug)]
pub struct Composed {
    matted: Matted,
    backdrop: Rgb,
    picture: RgbImage,
}

impl Composed {
    /// The picture before it is compressed.
    pub fn picture(&self) -> &RgbImage {
        &self.picture
    }

    /// Compresses into the preset's window.
    ///
    /// # Errors
    /// [`RoadError::Encode`] where libjpeg fails.
    pub fn finish(self) -> Result<Finished, RoadError> {
        let parts = self.matted.framed.preset.parts();
        let encoded = encode::encode(&self.picture, &parts.jpeg, parts.dpi)?;
        let sha256: [u8; 32] = Sha256::digest(&encoded.bytes).into();
        let operations = self.operations(&encoded);
        Ok(Finished { composed: self, encoded, sha256, operations })
    }

    fn operations(&self, encoded: &Encoded) -> Vec<Operation> {
        let framed = &self.matted.framed;
        let decoded = &framed.found.frame.decoded;
        let info = &decoded.info;
        let framing = &framed.framing;
        let mut done = Vec::new();
        if info.reoriented {
            done.push(Operation::Reoriented);
        }
        if info.converted {
            done.push(Operation::ConvertedToSrgb);
        }
        if info.flattened {
            done.push(Operation::Flattened);
        }
        let degrees = -framing.to_source.angle_rad().to_degrees();
        if degrees.abs() > 0.005 {
            done.push(Operation::Rotated { degrees });
        }
        let (width, height) = framed.preset.size_px();
        let centre = framing.to_source.apply([f64::from(width) / 2.0, f64::from(height) / 2.0]);
        done.push(Operation::CroppedAndScaled {
            centre_px: centre.map(|c| c / decoded.scale),
            factor: framing.placement.scale * decoded.scale,
        });
        if framing.placement.extended.iter().any(|&side| side > 0.5) {
            done.push(Operation::BackdropExtended { sides_px: framing.placement.extended });
        }
        done.push(Operation::BackgroundReplaced { colour: self.backdrop });
        done.push(Operation::Encoded { quality: encoded.quality, half_colour: encoded.half_colour });
        done
    }
}

/// A finished file.
#[derive(Debug)]
pub struct Finished {
    composed: Composed,
    encoded: Encoded,
    sha256: [u8; 32],
    operations: Vec<Operation>,
}

impl Finished {
    /// The JPEG.
    pub fn bytes(&self) -> &[u8] {
        &self.encoded.bytes
    }

    /// Its SHA-256.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Everything that was done to the pixels, in order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The stage before, for explanations.
    pub fn composed(&self) -> &Composed {
        &self.composed
    }

    /// Judges the original and the finished file, the latter decoded again.
    ///
    /// # Errors
    /// [`RoadError::Vision`] where a model fails.
    pub fn judge(self, engine: &Engine) -> Result<Judged, RoadError> {
        let matted = &self.composed.matted;
        let framed = &matted.framed;
        let found = &framed.found;
        let preset = &framed.preset;
        let scene = Scene {
            picture: &framed.framing.picture,
            landmarks: &framed.framing.landmarks,
            pose: found.pose,
            alpha: &matted.matte.alpha,
            magnification: framed.framing.placement.scale * found.frame.decoded.scale,
        };
        let mut measurements = checks::original(&scene, self.composed.backdrop);
        measurements.extend(checks::source(
            found.people,
            &found.landmarks,
            1.0 / found.frame.decoded.scale,
            &found.frame.decoded.info,
        ));
        measurements.push(Measurement::value(caixiang_domain::Check::MatteUnknown, matted.matte.unknown));
        measurements.push(checks::reach(&framed.framing.placement));
        let finished = checks::finished(self.bytes(), &[self.composed.backdrop], engine)?;
        measurements.extend(finished.measurements);
        let verdict = Verdict::judge(&measurements, |check| preset.rule(check));
        Ok(Judged { finished: self, measurements, verdict })
    }
}

/// A finished photo with what is to be said of it.
#[derive(Debug)]
pub struct Judged {
    finished: Finished,
    measurements: Vec<Measurement>,
    verdict: Verdict,
}

impl Judged {
    /// The finished file.
    pub fn finished(&self) -> &Finished {
        &self.finished
    }

    /// Everything that was measured, whether the preset has a rule for it or not.
    pub fn measurements(&self) -> &[Measurement] {
        &self.measurements
    }

    /// The judgement.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The preset it was judged by.
    pub fn preset(&self) -> &Preset {
        &self.finished.composed.matted.framed.preset
    }

    /// The cut-out stage.
    pub fn matted(&self) -> &Matted {
        &self.finished.composed.matted
    }
}

/// Walks the whole road.
///
/// # Errors
/// Whatever stops it: see [`RoadError`].
pub fn make_photo(
    bytes: Vec<u8>,
    engine: &Engine,
    preset: &Preset,
    backdrop: Rgb,
) -> Result<Judged, RoadError> {
    Frame::decode(bytes)?
        .find(engine)?
        .frame_to(engine, preset)?
        .matte()
        .compose(backdrop)
        .finish()?
        .judge(engine)
}

/// An existing finished photo, judged without being changed.
#[derive(Debug)]
pub struct Checked {
    /// Everything that was measured.
    pub measurements: Vec<Measurement>,
    /// The judgement.
    pub verdict: Verdict,
    /// The decoded file and the face on it, for explanations.
    pub picture: RgbImage,
    /// The landmarks on it.
    pub landmarks: Landmarks,
    pose: Pose,
    alpha: Mask,
    sha256: [u8; 32],
}

impl Checked {
    /// Where the head points.
    pub fn pose(&self) -> Pose {
        self.pose
    }

    /// Share of the person in each pixel of the picture.
    pub fn alpha(&self) -> &Mask {
        &self.alpha
    }

    /// The file's SHA-256.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }
}

/// Judges an existing file by a preset.
///
/// # Errors
/// [`RoadError::Source`], [`RoadError::NoFace`] or [`RoadError::Vision`].
pub fn check_photo(bytes: &[u8], engine: &Engine, preset: &Preset) -> Result<Checked, RoadError> {
    let allowed: Vec<Rgb> = preset.parts().backdrops.iter().map(|backdrop| backdrop.colour).collect();
    let seen = checks::finished(bytes, &allowed, engine)?;
    let mut measurements = seen.measurements;
    let alpha = framing::whole_matte(&seen.picture, std::slice::from_ref(&seen.landmarks), engine)?.alpha;
    let pose = engine.pose(&seen.landmarks);
    let scene =
        Scene { picture: &seen.picture, landmarks: &seen.landmarks, pose, alpha: &alpha, magnification: 1.0 };
    measurements.extend(checks::original(&scene, seen.backdrop));
    measurements.extend(checks::source(seen.people, &seen.landmarks, 1.0, &seen.info));
    let verdict = Verdict::judge(&measurements, |check| preset.rule(check));
    let sha256 = Sha256::digest(bytes).into();
    Ok(Checked {
        measurements,
        verdict,
        picture: seen.picture,
        landmarks: seen.landmarks,
        pose,
        alpha,
        sha256,
    })
}
