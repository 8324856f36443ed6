//! USB cameras through nokhwa, guarded against what it does not guard against itself.

use std::convert::Infallible;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nokhwa::utils::{
    ApiBackend, CameraFormat, FrameFormat, RequestedFormat, RequestedFormatType, Resolution,
};

use crate::control::{self, Chosen, Setting};
use crate::fault::Fault;
use crate::format::Format;
use crate::frame::Encoding;
use crate::line::{Line, Picture, Request, WantedStill};
use crate::platform::{self, Controls, Found};
use crate::watch::Seen;

use sorter::{OLD, Sorter};

mod sorter;
mod still;

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

    /// The larger format for one photo, where it has one ([`Format::for_still`]).
    pub fn still_format(&self) -> Option<Format> {
        Format::for_still(&self.formats, self.live_format()?)
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
        let camera = open(&found, format)?;
        Ok((found, format, camera))
    });
    let (found, live, mut camera) = match opened {
        Ok(opened) => opened,
        Err(why) => return why,
    };
    // Open for as long as the camera is read, whatever its format: so it forgets nothing, and its node stays its own.
    let mut controls = Controls::open(&found);
    let large = found.info.still_format();
    line.offers_still(large);
    loop {
        let end = catch_unwind(AssertUnwindSafe(|| pump(&mut camera, &mut controls, &found, live, line)));
        let wanted = match end.unwrap_or(End::Lost(Fault::Refused)) {
            End::Lost(why) => {
                close(camera);
                return why;
            }
            End::Still(wanted) => wanted,
        };
        let Some(large) = large else {
            line.answer(&wanted.answer, Err(Fault::NoFormat));
            close(camera);
            return Fault::Refused;
        };
        let until = still::until(&wanted);
        line.leave(until);
        if !close(camera) {
            line.answer(&wanted.answer, Err(Fault::Refused));
            return Fault::Refused;
        }
        still::take(&found, large, live, &mut controls, line, &wanted.answer, until);
        line.come_back();
        if line.is_cut() {
            return Fault::Refused;
        }
        camera = match open(&found, live) {
            Ok(camera) => camera,
            Err(why) => return why,
        };
    }
}

fn open(found: &Found, format: Format) -> Result<nokhwa::Camera, Fault> {
    platform::prepare(found, format)?;
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

/// Closing panics where the driver refuses it; by itself, so that it cannot meet another panic.
fn close(camera: nokhwa::Camera) -> bool {
    let closed = catch_unwind(AssertUnwindSafe(|| drop(camera))).is_ok();
    if !closed {
        tracing::error!("the camera could not be closed");
    }
    closed
}

/// Why the live picture ends.
enum End {
    Lost(Fault),
    /// For one photo.
    Still(WantedStill),
}

fn pump(
    camera: &mut nokhwa::Camera,
    controls: &mut Controls,
    found: &Found,
    format: Format,
    line: &Line,
) -> End {
    set_again(controls, camera, line);
    line.controls(controls.read(camera));
    let (mut sorter, mut live, mut wanted) = (Sorter::default(), false, None);
    while !line.is_cut() {
        while wanted.is_none()
            && let Ok(request) = line.requests.try_recv()
        {
            wanted = answer(request, controls, camera, line);
        }
        // Between two photos there is a live picture: a camera that does not come back is not kept busy.
        if live
            && let Some(wanted) = wanted.take()
            && Instant::now() < wanted.until
        {
            return End::Still(wanted);
        }
        match next(camera, &mut sorter) {
            Ok(Ok(picture)) => {
                if !live {
                    live = true;
                    line.live(Some(format));
                }
                line.give(picture);
            }
            Ok(Err(seen)) => line.saw(seen),
            Err(error) => {
                tracing::info!(%error, "no frame");
                return End::Lost(platform::why(found));
            }
        }
    }
    End::Lost(Fault::Refused)
}

/// Waits for the next frame: a picture, or what came in its place.
fn next(
    camera: &mut nokhwa::Camera,
    sorter: &mut Sorter,
) -> Result<Result<Picture, Seen>, nokhwa::NokhwaError> {
    let buffer = camera.frame()?;
    let age = buffer.capture_timestamp().and_then(age_of);
    let sorted = sorter.sort(buffer.buffer(), age);
    let now = Instant::now();
    let taken = age.and_then(|age| now.checked_sub(age.min(OLD))).unwrap_or(now);
    let picture = |(bytes, width_px, height_px)| Picture {
        bytes,
        encoding: Encoding::Jpeg,
        taken,
        width_px,
        height_px,
        file: None,
    };
    Ok(sorted.map(picture))
}

fn age_of(stamp: Duration) -> Option<Duration> {
    Some(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.saturating_sub(stamp))
}

/// Does what is asked; a photo is given back, since the picture must end for it.
fn answer(
    request: Request,
    controls: &mut Controls,
    camera: &mut nokhwa::Camera,
    line: &Line,
) -> Option<WantedStill> {
    let (wanted, answer) = match request {
        Request::Set(kind, setting, answer) => (Chosen::from([(kind, setting)]), answer),
        Request::Lock(answer) => (control::locked(&controls.read(camera)), answer),
        Request::Unlock(answer) => (control::unlocked(&controls.read(camera)), answer),
        Request::Still(wanted) => return Some(wanted),
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
    None
}

/// What was chosen is said to a camera that was just opened.
fn set_again(controls: &mut Controls, camera: &mut nokhwa::Camera, line: &Line) {
    if let Err(fault) = apply(controls, camera, &line.chosen()) {
        tracing::warn!(code = fault.code(), "the camera did not take all settings again");
    }
}

/// Sets all of them, and tells the first that failed.
fn apply(controls: &mut Controls, camera: &mut nokhwa::Camera, wanted: &Chosen) -> Result<(), Fault> {
    wanted.iter().map(|(&kind, &setting)| controls.set(camera, kind, setting)).fold(Ok(()), Result::and)
}
