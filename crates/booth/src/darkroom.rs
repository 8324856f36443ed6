//! Shots become photos here, on a thread of their own: the best frame of the last second, the road, the verdict.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use caixiang_camera::{Camera, Frame as Shot};
use caixiang_domain::{Decision, Preset, Rgb, SubjectId, VisitId};
use caixiang_portrait::{Ahead, Frame, Judged, Operation, RoadError};
use caixiang_vision::{Engine, FaceTemplate};
use crossbeam_channel::{Receiver, Sender};
use serde::Deserialize;
use serde_json::json;

use crate::findings;
use crate::view::{FindingView, Notice, Viewport};

/// A tethered camera's file is waited for so long.
const FILE_TIME: Duration = Duration::from_secs(8);
/// Switching to the larger format and back takes a second or two; longer than this is a fault.
const LARGE_TIME: Duration = Duration::from_secs(3);
/// A mask that was worked out ahead is used for so long; it is laid onto the frame by the face.
const AHEAD_TIME: Duration = Duration::from_secs(4);
/// Faces of so many students are remembered for the wrong-person alarm, in memory only.
const REMEMBERED: usize = 300;

/// How a frame of the last second looked in passing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) epoch: u64,
    pub(crate) seq: u64,
    /// Opening of the eye that is more closed.
    pub(crate) eyes: f64,
    /// Movement since the look before.
    pub(crate) moved: f64,
    /// Larger is sharper.
    pub(crate) sharpness: f64,
    /// No rule was broken.
    pub(crate) well: bool,
}

/// What a photo is made by.
#[derive(Debug, Clone)]
pub(crate) struct Recipe {
    pub(crate) preset: Arc<Preset>,
    pub(crate) backdrop: Rgb,
}

/// Work for the darkroom.
pub(crate) enum Job {
    /// Work the slow mask out on this frame.
    Ahead(Shot, Arc<Preset>),
    /// Make a photo.
    Shoot(Box<Order>),
    /// Forget every face.
    ForgetFaces,
}

/// A shot to be made into a photo.
pub(crate) struct Order {
    pub(crate) camera: Arc<Camera>,
    /// The camera drops files: one is waited for.
    pub(crate) tethered: bool,
    /// The camera takes the photo in its larger format.
    pub(crate) large: bool,
    pub(crate) frames: Vec<Shot>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) recipe: Recipe,
    pub(crate) subject: SubjectId,
    pub(crate) name: String,
    pub(crate) visit: VisitId,
    pub(crate) compare: bool,
    /// When the shutter was pressed.
    pub(crate) pressed: Instant,
}

/// A photo that was made.
pub(crate) struct Developed {
    pub(crate) subject: SubjectId,
    pub(crate) visit: VisitId,
    pub(crate) result: Result<Print, Notice>,
    pub(crate) pressed: Instant,
}

/// The pictures and what is to be said of them.
pub(crate) struct Print {
    pub(crate) original: Vec<u8>,
    pub(crate) finished: Vec<u8>,
    /// JSON: operations, measurements, findings.
    pub(crate) record: String,
    pub(crate) crop: Viewport,
    pub(crate) findings: Vec<FindingView>,
    pub(crate) blocked: bool,
    pub(crate) for_review: u32,
    pub(crate) same_face: Option<String>,
}

/// Works until the last sender is gone.
pub(crate) fn work(engine: &Engine, jobs: &Receiver<Job>, done: &Sender<Developed>) {
    let mut ahead: Option<(Ahead, Instant)> = None;
    let mut faces = Faces::default();
    for job in jobs {
        match job {
            // Somebody already waits for a photo: it is made at once, with a mask of its own frame.
            Job::Ahead(..) if !jobs.is_empty() => {}
            Job::Ahead(shot, preset) => {
                let made = guarded(|| work_ahead(&shot, &preset, engine));
                ahead = made.ok().flatten().map(|made| (made, Instant::now()));
            }
            Job::ForgetFaces => faces = Faces::default(),
            Job::Shoot(order) => {
                let fresh =
                    ahead.take().filter(|(_, made)| made.elapsed() <= AHEAD_TIME).map(|(ahead, _)| ahead);
                let result =
                    guarded(|| develop(&order, fresh.as_ref(), engine, &mut faces)).and_then(|made| made);
                let Order { subject, visit, pressed, .. } = *order;
                if done.send(Developed { subject, visit, result, pressed }).is_err() {
                    return;
                }
            }
        }
    }
}

/// A panic in a decoder or a solver costs this photo and nothing else.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Notice> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| {
        tracing::error!("making a photo panicked");
        Notice::new("photo.model_failed")
    })
}

fn work_ahead(shot: &Shot, preset: &Preset, engine: &Engine) -> Option<Ahead> {
    let found = Frame::decode(shot.bytes.to_vec()).ok()?.find(engine).ok()?;
    Ahead::of(&found, engine, preset).ok()
}

/// The frame that becomes the photo: nothing wrong with it first, then open eyes, stillness, sharpness. Without a look
/// at any of them, the newest.
fn best<'a>(frames: &'a [Shot], seen: &[Seen]) -> Option<&'a Shot> {
    let epoch = frames.last()?.epoch;
    let sharpest = seen.iter().map(|seen| seen.sharpness).fold(f64::MIN_POSITIVE, f64::max);
    let score = |seen: &Seen| {
        f64::from(u8::from(seen.well)) + seen.eyes.min(0.8) - 3.0 * seen.moved.min(0.5)
            + 0.5 * seen.sharpness / sharpest
    };
    let looked = frames.iter().filter(|frame| frame.epoch == epoch).filter_map(|frame| {
        let seen = seen.iter().find(|seen| seen.seq == frame.seq && seen.epoch == epoch)?;
        Some((frame, score(seen)))
    });
    let best = looked.max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.seq.cmp(&b.0.seq)));
    best.map(|(frame, _)| frame).or(frames.last())
}

/// A photo in the camera's larger format. Where it fails, the best live frame serves: the student waits for no camera.
fn large(camera: &Camera) -> Option<Shot> {
    let shot = camera.large_still(LARGE_TIME);
    shot.inspect_err(|fault| tracing::warn!(code = fault.code(), "no photo in the larger format")).ok()
}

fn develop(
    order: &Order,
    ahead: Option<&Ahead>,
    engine: &Engine,
    faces: &mut Faces,
) -> Result<Print, Notice> {
    let large = if order.large { large(&order.camera) } else { None };
    // A mask of the live picture does not fit a picture of another format.
    let ahead = ahead.filter(|_| large.is_none());
    let shot = match large {
        Some(shot) => shot,
        None if order.tethered => order.camera.still(FILE_TIME).map_err(|fault| Notice::new(fault.code()))?,
        None => best(&order.frames, &order.seen).cloned().ok_or_else(|| Notice::new("capture.no_frame"))?,
    };
    let notice = |error: RoadError| Notice::new(error.code());
    let original = shot.bytes.to_vec();
    let Recipe { preset, backdrop } = &order.recipe;
    let frame = Frame::decode(original.clone()).map_err(RoadError::from).map_err(notice)?;
    let found = frame.find(engine).map_err(notice)?;
    let same_face = if order.compare {
        let template = engine.face_template(found.frame().picture(), found.landmarks());
        template.ok().flatten().and_then(|template| faces.meet(order.subject, &order.name, template))
    } else {
        None
    };
    let judged = found
        .frame_with(engine, preset, ahead)
        .map_err(notice)?
        .matte()
        .compose(*backdrop)
        .finish()
        .map_err(notice)?
        .judge(engine)
        .map_err(notice)?;
    let verdict = judged.verdict();
    Ok(Print {
        finished: judged.finished().bytes().to_vec(),
        record: record(&judged, &shot),
        crop: crop(&judged),
        findings: findings::of(verdict),
        blocked: verdict.decision() == Decision::Reject,
        for_review: u32::try_from(verdict.unknowns().count()).unwrap_or(u32::MAX),
        same_face,
        original,
    })
}

/// The part of the original that the photo shows, in shares, without its turn.
fn crop(judged: &Judged) -> Viewport {
    let framed = judged.matted().framed();
    let found = framed.found();
    let (width, height) = found.frame().picture().dimensions();
    let (width, height) = (f64::from(width), f64::from(height));
    let centre_and_factor = judged.finished().operations().iter().find_map(|operation| match operation {
        Operation::CroppedAndScaled { centre_px, factor } => Some((*centre_px, *factor)),
        _ => None,
    });
    let Some(([x, y], factor)) = centre_and_factor else { return Viewport::WHOLE };
    // Both are in pixels of the file.
    let info = found.frame().info();
    let (file_width, file_height) = (f64::from(info.width_px), f64::from(info.height_px));
    // An upright picture of a turned file has its sides exchanged.
    let (file_width, file_height) = if (file_width > file_height) == (width > height) {
        (file_width, file_height)
    } else {
        (file_height, file_width)
    };
    let (out_width, out_height) = judged.preset().size_px();
    let (crop_width, crop_height) = (f64::from(out_width) / factor, f64::from(out_height) / factor);
    Viewport {
        x: (x - crop_width / 2.0) / file_width,
        y: (y - crop_height / 2.0) / file_height,
        width: crop_width / file_width,
        height: crop_height / file_height,
    }
}

/// Everything that was done to the pixels and everything that was found, for the store and the review.
fn record(judged: &Judged, shot: &Shot) -> String {
    let hex = |colour: Rgb| {
        let [r, g, b] = colour.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    };
    let operations: Vec<_> = judged
        .finished()
        .operations()
        .iter()
        .map(|operation| match operation {
            Operation::Reoriented => json!({ "done": "reoriented" }),
            Operation::ConvertedToSrgb => json!({ "done": "converted_to_srgb" }),
            Operation::Flattened => json!({ "done": "flattened" }),
            Operation::Rotated { degrees } => json!({ "done": "rotated", "degrees": degrees }),
            Operation::CroppedAndScaled { centre_px, factor } => {
                json!({ "done": "cropped_and_scaled", "centre_px": centre_px, "factor": factor })
            }
            Operation::BackdropExtended { sides_px } => {
                json!({ "done": "backdrop_extended", "sides_px": sides_px })
            }
            Operation::BackgroundReplaced { colour } => {
                json!({ "done": "background_replaced", "colour": hex(*colour) })
            }
            Operation::Encoded { quality, half_colour } => {
                json!({ "done": "encoded", "quality": quality, "half_colour": half_colour })
            }
        })
        .collect();
    let findings: Vec<_> = judged
        .verdict()
        .findings()
        .iter()
        .map(|finding| {
            json!({
                "check": finding.check.code(),
                "value": finding.value,
                "outcome": finding.outcome.code(),
                "severity": finding.severity().map(caixiang_domain::Severity::code),
            })
        })
        .collect();
    let source = json!({ "width_px": shot.width_px, "height_px": shot.height_px, "frame": shot.seq });
    let crop = crop(judged);
    json!({ "source": source, "operations": operations, "findings": findings, "crop": crop }).to_string()
}

/// The part of the original that a photo shows, of its record; none where the record does not tell.
pub(crate) fn crop_of(record: &str) -> Option<Viewport> {
    #[derive(Deserialize)]
    struct Part {
        crop: Viewport,
    }
    serde_json::from_str(record).ok().map(|part: Part| part.crop)
}

/// Faces of those who agreed to it; never written anywhere.
#[derive(Default)]
struct Faces(VecDeque<(SubjectId, String, FaceTemplate)>);

impl Faces {
    /// Under whose other record this face was photographed just before; and it is remembered.
    fn meet(&mut self, subject: SubjectId, name: &str, template: FaceTemplate) -> Option<String> {
        let other = self
            .0
            .iter()
            .rev()
            .find(|(whose, _, known)| *whose != subject && known.is_same_person(&template))
            .map(|(_, name, _)| name.clone());
        // A face under the wrong name must not teach the alarm that it belongs there.
        if other.is_none() {
            self.0.retain(|(whose, ..)| *whose != subject);
            self.0.push_back((subject, name.to_owned(), template));
            if self.0.len() > REMEMBERED {
                self.0.pop_front();
            }
        }
        other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shot(epoch: u64, seq: u64) -> Shot {
        Shot {
            bytes: Arc::from(vec![0xFF]),
            encoding: caixiang_camera::Encoding::Jpeg,
            seq,
            epoch,
            taken: Instant::now(),
            width_px: 1,
            height_px: 1,
            file: None,
        }
    }

    fn seen(seq: u64, eyes: f64, moved: f64) -> Seen {
        Seen { epoch: 1, seq, eyes, moved, sharpness: 5.0, well: eyes > 0.5 }
    }

    #[test]
    fn a_blink_does_not_become_the_photo() {
        let frames: Vec<_> = (1..=4).map(|seq| shot(1, seq)).collect();
        let looked = [seen(2, 0.9, 0.02), seen(3, 0.7, 0.01), seen(4, 0.1, 0.0)];
        assert_eq!(best(&frames, &looked).map(|frame| frame.seq), Some(2));
        assert_eq!(best(&frames, &[]).map(|frame| frame.seq), Some(4));
        assert!(best(&[], &looked).is_none());
    }

    #[test]
    fn a_frame_from_before_the_camera_was_lost_is_not_taken() {
        let frames = [shot(1, 2), shot(2, 3)];
        assert_eq!(best(&frames, &[seen(2, 0.9, 0.0)]).map(|frame| frame.seq), Some(3));
    }

    #[test]
    fn the_crop_is_read_back_from_the_record() {
        let crop = crop_of(r#"{"crop":{"x":0.1,"y":0.2,"width":0.3,"height":0.4}}"#);
        assert_eq!(crop, Some(Viewport { x: 0.1, y: 0.2, width: 0.3, height: 0.4 }));
        assert_eq!(crop_of("{}"), None);
    }
}
