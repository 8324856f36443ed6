//! USB cameras through nokhwa, guarded against what it does not guard against itself.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nokhwa::utils::{
    ApiBackend, CameraFormat, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};

use crate::control::{self, Chosen, Setting};
use crate::fault::Fault;
use crate::format::Format;
use crate::frame::Encoding;
use crate::jpeg;
use crate::line::{Line, Picture, Request};
use crate::platform::{self, Controls, Found};
use crate::watch::Seen;

/// A camera's stable id: the same after a restart and in another socket, as far as the system can tell.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CameraId(String);

impl CameraId {
    pub(crate) fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for CameraId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for CameraId {
    type Err = Infallible;

    /// Any text: an id that no camera has is a camera that is not plugged in.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// A USB camera that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CameraInfo {
    /// Its stable id.
    pub id: CameraId,
    /// Its name, as its maker wrote it.
    pub name: String,
    /// What it offers as MJPEG with whole frame rates, largest first. Empty where another program keeps it.
    pub formats: Vec<Format>,
}

impl CameraInfo {
    /// The format for the live view.
    pub fn live_format(&self) -> Option<Format> {
        Format::for_live_view(&self.formats)
    }

    /// The format with the most pixels.
    pub fn still_format(&self) -> Option<Format> {
        Format::largest(&self.formats)
    }
}

/// The USB cameras that are plugged in, in the system's order. Never panics; a system that cannot tell has none.
pub fn list() -> Vec<CameraInfo> {
    present().into_iter().filter_map(Result::ok).map(|found| found.info).collect()
}

/// Every camera with what is known of it, or why nothing is.
fn present() -> Vec<Result<Found, Fault>> {
    // nokhwa unwraps names it does not expect.
    let listed = catch_unwind(|| nokhwa::query(ApiBackend::Auto)).unwrap_or_else(|_| Ok(Vec::new()));
    let mut listed = listed.unwrap_or_else(|error| {
        tracing::warn!(%error, "cameras cannot be listed");
        Vec::new()
    });
    listed.sort_by_key(|camera| camera.index().as_index().unwrap_or(u32::MAX));
    let describe = |camera| catch_unwind(AssertUnwindSafe(|| platform::describe(camera))).unwrap_or(None);
    listed.iter().filter_map(describe).collect()
}

fn find(id: &CameraId) -> Result<Found, Fault> {
    let mut why = Fault::None;
    for camera in present() {
        match camera {
            Ok(found) if found.info.id == *id => return Ok(found),
            Ok(_) if why == Fault::None => why = Fault::Unplugged,
            Ok(_) => {}
            // It may be the one: what keeps it from being asked is what staff should know.
            Err(fault) => why = fault,
        }
    }
    Err(why)
}

/// Reads until the line is cut or the camera fails, and says why.
pub(crate) fn read(id: &CameraId, line: &Line) -> Fault {
    platform::begin_reading();
    // libv4l panics where a driver surprises it.
    let result = catch_unwind(AssertUnwindSafe(|| open_and_pump(id, line)));
    result.unwrap_or_else(|_| {
        tracing::error!("the camera's driver layer panicked");
        Fault::Refused
    })
}

fn open_and_pump(id: &CameraId, line: &Line) -> Fault {
    let opened = find(id).and_then(|found| {
        let format = found.info.live_format().ok_or(Fault::NoFormat)?;
        platform::prepare(&found, format)?;
        let camera = open(&found, format)?;
        Ok((found, format, camera))
    });
    let (found, format, mut camera) = match opened {
        Ok(opened) => opened,
        Err(why) => return why,
    };
    let why = catch_unwind(AssertUnwindSafe(|| pump(&mut camera, &found, format, line)));
    // Closing panics, too, when the driver refuses it; by itself, so that it cannot meet another panic.
    if catch_unwind(AssertUnwindSafe(|| drop(camera))).is_err() {
        tracing::error!("the camera could not be closed");
    }
    why.unwrap_or(Fault::Refused)
}

fn open(found: &Found, format: Format) -> Result<nokhwa::Camera, Fault> {
    let resolution = Resolution::new(format.width_px, format.height_px);
    let wanted = CameraFormat::new(resolution, FrameFormat::MJPEG, format.fps);
    let request = RequestedFormat::with_formats(RequestedFormatType::Exact(wanted), &[FrameFormat::MJPEG]);
    let refused = |error: nokhwa::NokhwaError| {
        tracing::warn!(%error, "the camera cannot be opened");
        platform::why(found)
    };
    let mut camera = nokhwa::Camera::new(found.index.clone(), request).map_err(refused)?;
    match camera.open_stream() {
        Ok(()) => Ok(camera),
        Err(error) => Err(refused(error)),
    }
}

fn pump(camera: &mut nokhwa::Camera, found: &Found, format: Format, line: &Line) -> Fault {
    let mut controls = Controls::open(found);
    if let Err(fault) = apply(&mut controls, camera, &line.chosen()) {
        tracing::warn!(code = fault.code(), "the camera did not take all settings again");
    }
    line.controls(controls.read(camera));
    let (mut sorter, mut live) = (Sorter::default(), false);
    while !line.is_cut() {
        while let Ok(request) = line.requests.try_recv() {
            answer(request, &mut controls, camera, line);
        }
        let buffer = match camera.frame() {
            Ok(buffer) => buffer,
            Err(error) => {
                tracing::info!(%error, "no frame");
                return platform::why(found);
            }
        };
        let age = buffer.capture_timestamp().and_then(age_of);
        match sorter.sort(buffer.buffer(), age) {
            Ok((bytes, width_px, height_px)) => {
                if !live {
                    live = true;
                    line.live(Some(format));
                }
                let now = Instant::now();
                let taken = age.and_then(|age| now.checked_sub(age.min(OLD))).unwrap_or(now);
                line.give(Picture {
                    bytes,
                    encoding: Encoding::Jpeg,
                    taken,
                    width_px,
                    height_px,
                    file: None,
                });
            }
            Err(seen) => line.saw(seen),
        }
    }
    Fault::Refused
}

fn age_of(stamp: Duration) -> Option<Duration> {
    Some(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.saturating_sub(stamp))
}

/// A frame that waited longer than this in the driver is not shown and is no photo.
const OLD: Duration = Duration::from_millis(700);
/// So many frames are compared with a new one: more than a driver has buffers.
const COMPARED: usize = 8;
/// So many last bytes tell whose end a frame has.
const END_BYTES: usize = 64;

/// Tells frames from what a driver hands out in their place.
#[derive(Default)]
struct Sorter {
    /// The last frames, and which of them were torn.
    recent: VecDeque<(Arc<[u8]>, bool)>,
    /// Whether this camera's clock is ours: decided by the first frame.
    clock: Option<bool>,
}

impl Sorter {
    /// A new whole frame that is fit for use, or what it was instead.
    fn sort(&mut self, buffer: &[u8], age: Option<Duration>) -> Result<(Arc<[u8]>, u32, u32), Seen> {
        let whole = jpeg::whole(buffer).ok_or(Seen::Broken)?;
        if self.recent.back().is_some_and(|(last, _)| **last == *whole.bytes) {
            return Err(Seen::Repeat);
        }
        // nokhwa hands out the driver's buffer whole. When a frame is cut off, an earlier frame's end follows in it, at
        // the place where that one had it: the markers are in order, the picture is not.
        let end = |bytes: &[u8]| bytes[bytes.len().saturating_sub(END_BYTES)..].to_vec();
        let ends_as = |other: &[u8]| other.len() == whole.bytes.len() && end(other) == end(whole.bytes);
        let torn = match self.recent.iter().find(|(other, _)| **other == *whole.bytes) {
            Some(&(_, torn)) => torn,
            None => self.recent.iter().any(|(other, _)| ends_as(other)),
        };
        if self.recent.len() == COMPARED {
            self.recent.pop_front();
        }
        self.recent.push_back((whole.bytes.into(), torn));
        if torn {
            return Err(Seen::Broken);
        }
        let ours = *self.clock.get_or_insert(age.is_some_and(|age| age < OLD));
        if ours && age.is_some_and(|age| age > OLD) {
            return Err(Seen::Late);
        }
        Ok((whole.complete(), whole.width_px, whole.height_px))
    }
}

fn answer(request: Request, controls: &mut Controls, camera: &mut nokhwa::Camera, line: &Line) {
    let (wanted, answer) = match request {
        Request::Set(kind, setting, answer) => (Chosen::from([(kind, setting)]), answer),
        Request::Lock(answer) => (control::locked(&controls.read(camera)), answer),
        Request::Unlock(answer) => (control::unlocked(&controls.read(camera)), answer),
    };
    let result = apply(controls, camera, &wanted);
    line.choose(|chosen| {
        for (kind, setting) in wanted {
            match setting {
                Setting::Automatic => chosen.remove(&kind),
                value => chosen.insert(kind, value),
            };
        }
    });
    line.controls(controls.read(camera));
    // Nobody waits any more where the time was up.
    let _ = answer.send(result);
}

/// Sets all of them, and tells the first that failed.
fn apply(controls: &mut Controls, camera: &mut nokhwa::Camera, wanted: &Chosen) -> Result<(), Fault> {
    wanted.iter().map(|(&kind, &setting)| controls.set(camera, kind, setting)).fold(Ok(()), Result::and)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(n: u32) -> Vec<u8> {
        caixiang_virtual_camera::jpeg(&caixiang_virtual_camera::drawn(160, 96, n, 40))
    }

    #[test]
    fn new_frames_pass_and_repeats_do_not() {
        let mut sorter = Sorter::default();
        assert!(sorter.sort(&frame(1), None).is_ok());
        assert_eq!(sorter.sort(&frame(1), None).unwrap_err(), Seen::Repeat);
        assert!(sorter.sort(&frame(2), None).is_ok());
        // A loop of pictures repeats itself and is not frozen.
        assert!(sorter.sort(&frame(1), None).is_ok());
        assert_eq!(sorter.sort(b"no picture", None).unwrap_err(), Seen::Broken);
        assert_eq!(sorter.sort(&[], None).unwrap_err(), Seen::Broken);
    }

    #[test]
    fn a_frame_with_the_end_of_an_earlier_one_is_broken() {
        let (old, new) = (frame(1), frame(2));
        let shorter = old.len().min(new.len());
        for cut in [shorter / 2, shorter - 300, shorter - 80] {
            let mut sorter = Sorter::default();
            assert!(sorter.sort(&old, None).is_ok());
            for _ in 0..3 {
                let mut torn = old.clone();
                torn[..cut].copy_from_slice(&new[..cut]);
                assert_eq!(sorter.sort(&torn, None).unwrap_err(), Seen::Broken, "cut at {cut}");
                assert!(sorter.sort(&old, None).is_ok());
            }
            assert!(sorter.sort(&new, None).is_ok());
        }
    }

    #[test]
    fn late_frames_are_told_by_a_clock_that_is_ours() {
        let (young, old) = (Some(Duration::from_millis(20)), Some(Duration::from_millis(900)));
        let mut sorter = Sorter::default();
        assert!(sorter.sort(&frame(1), young).is_ok());
        assert_eq!(sorter.sort(&frame(2), old).unwrap_err(), Seen::Late);
        assert!(sorter.sort(&frame(3), young).is_ok());
        let mut foreign = Sorter::default();
        assert!(foreign.sort(&frame(1), Some(Duration::from_secs(5000))).is_ok());
        assert!(foreign.sort(&frame(2), Some(Duration::from_secs(5000))).is_ok());
    }
}
