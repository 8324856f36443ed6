//! The facade: opening, the newest frame, the last second, photos, controls.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::control::{Control, ControlKind, Setting};
use crate::fault::Fault;
use crate::format::Format;
use crate::frame::Frame;
use crate::line::{Request, Shared, WantedStill};
use crate::supervise;
use crate::usb::CameraId;

/// Where pictures come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A USB camera, by its stable id.
    Usb(CameraId),
    /// A folder into which a tethered camera's software drops its files.
    Folder(PathBuf),
    /// JPEG files, or folders of them, shown as if live: the demonstration.
    Stills(Vec<PathBuf>),
}

/// How the camera is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Status {
    /// It has not been live yet.
    Opening,
    /// Frames arrive (a folder: it is watched).
    Live {
        /// What the camera was set to; a folder has no format.
        format: Option<Format>,
        /// Frames of the last second.
        fps: f64,
    },
    /// It gives nothing. It is opened again and again.
    Lost {
        /// Since when.
        since: Instant,
        /// How often it was tried.
        attempt: u32,
        /// Why, for staff.
        why: Fault,
    },
}

/// What the owner is woken for; frames come too often for that.
#[derive(Debug, Clone, PartialEq)]
pub enum CameraEvent {
    /// The status changed.
    Status(Status),
    /// A photo arrived in the watched folder: [`Camera::still`] gives it.
    Photo {
        /// Its number.
        seq: u64,
    },
    /// A file in the watched folder is of no use.
    FileRefused {
        /// Which.
        file: Arc<Path>,
        /// Why.
        fault: Fault,
    },
}

/// A USB camera's frame is not shown as live for longer than this.
const FRESH: Duration = Duration::from_millis(1000);
/// A camera answers a setting between two frames.
const CONTROL_TIME: Duration = Duration::from_secs(2);
/// Dropping waits this long for the device to be let go.
const CLOSE_TIME: Duration = Duration::from_millis(800);

/// An open camera. Dropping it lets the device go; it never hangs.
pub struct Camera {
    shared: Arc<Shared>,
    is_folder: bool,
}

impl std::fmt::Debug for Camera {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Camera").field("status", &self.status()).finish_non_exhaustive()
    }
}

impl Camera {
    /// Opens a source. Returns at once: what becomes of it is told by `wake` (from other threads; it must not block)
    /// and [`Camera::status`].
    pub fn open(source: Source, wake: impl Fn(CameraEvent) + Send + 'static) -> Self {
        let is_folder = matches!(source, Source::Folder(_));
        let shared = Arc::new(Shared::new(supervise::patience(&source), Box::new(wake)));
        supervise::start(source, Arc::clone(&shared));
        Self { shared, is_folder }
    }

    /// How it is now.
    pub fn status(&self) -> Status {
        let state = self.shared.lock();
        match state.status {
            Status::Live { format, .. } => {
                let now = Instant::now();
                let second =
                    |frame: &&Frame| now.saturating_duration_since(frame.taken) <= Duration::from_secs(1);
                let frames = state.ring.at(now);
                let fps = u32::try_from(frames.iter().filter(second).count()).unwrap_or(u32::MAX);
                Status::Live { format, fps: f64::from(fps) }
            }
            other => other,
        }
    }

    /// The newest frame for the live view: `None` when the camera is not live. For a watched folder, the newest JPEG.
    pub fn latest(&self) -> Option<Frame> {
        let state = self.shared.lock();
        let live = matches!(state.status, Status::Live { .. });
        state.latest.clone().filter(|frame| live && (self.is_folder || frame.taken.elapsed() <= FRESH))
    }

    /// The newest frame after this number, waited for: the live view pulls.
    pub fn wait_after(&self, seq: u64, timeout: Duration) -> Option<Frame> {
        self.shared.wait_for(timeout, |state| {
            let live = matches!(state.status, Status::Live { .. });
            state.latest.clone().filter(|frame| live && frame.seq > seq)
        })
    }

    /// The last second of frames, oldest first, for the shutter; all of one epoch.
    pub fn last_second(&self) -> Vec<Frame> {
        let state = self.shared.lock();
        if matches!(state.status, Status::Live { .. }) { state.ring.at(Instant::now()) } else { Vec::new() }
    }

    /// A photo. A watched folder: the oldest file that arrived and was not taken yet, or the next. Otherwise the next
    /// frame: one taken after this call.
    ///
    /// # Errors
    /// [`Fault::NoPhoto`] when none came in time, or why the camera is lost.
    pub fn still(&self, timeout: Duration) -> Result<Frame, Fault> {
        let asked = Instant::now();
        let found = self.shared.wait_for(timeout, |state| {
            if self.is_folder {
                return state.arrived.pop_front();
            }
            state.latest.clone().filter(|frame| frame.taken >= asked)
        });
        found.ok_or_else(|| match self.status() {
            Status::Lost { why, .. } => why,
            _ => Fault::NoPhoto,
        })
    }

    /// The larger format in which a live USB camera can take one photo ([`Camera::large_still`]): the one with the most
    /// pixels, where those are at least half as many again as the live format's. Its sides may have another proportion,
    /// so that it shows more or less at the edges than the live view.
    pub fn offers_still(&self) -> Option<Format> {
        let state = self.shared.lock();
        state.still_format.filter(|_| matches!(state.status, Status::Live { .. }))
    }

    /// One photo in the larger format, taken after this call, with the controls as they were set. Two frames are let pass
    /// first, and half a second where exposure and white balance are the camera's own to find.
    ///
    /// It costs the live picture: the camera is closed, opened in the larger format, closed and opened again. Meanwhile
    /// [`Camera::latest`] and [`Camera::last_second`] are empty (take what is wanted of them before), and the status
    /// stays live. This returns as soon as the photo is there; the live picture comes back after it. Photo and picture
    /// have each an epoch of their own. When no live frame came 3 s after the last one, the camera is lost, and opened
    /// again like any other.
    ///
    /// # Errors
    /// [`Fault::NoFormat`] where the camera has no larger format: nothing is interrupted. [`Fault::NoPhoto`] when the
    /// time was up. Otherwise why the camera did not give it within 2 s, after which the live format is opened again, or
    /// why it is lost. (Where a wait in the driver cannot be ended, on Windows, a camera that stalls is always lost.)
    pub fn large_still(&self, timeout: Duration) -> Result<Frame, Fault> {
        let until = Instant::now().checked_add(timeout).ok_or(Fault::NoPhoto)?;
        let (sender, answer) = crossbeam_channel::bounded(1);
        let mut unasked = Some(sender);
        let found = self.shared.wait_for(timeout, |state| {
            if let Ok(answer) = answer.try_recv() {
                return Some(answer);
            }
            match state.status {
                Status::Lost { why, .. } => return Some(Err(why)),
                Status::Opening => return None,
                Status::Live { .. } => {}
            }
            // Without a frame, somebody else's photo is being taken.
            if unasked.is_some() && (state.still_format.is_none() || state.latest.is_some()) {
                if state.still_format.is_none() {
                    return Some(Err(Fault::NoFormat));
                }
                let request = Request::Still(WantedStill { until, answer: unasked.take()? });
                let sent = state.requests.as_ref().is_some_and(|requests| requests.try_send(request).is_ok());
                return (!sent).then_some(Err(Fault::NoPhoto));
            }
            None
        });
        found.unwrap_or(Err(Fault::NoPhoto))
    }

    /// Forgets every frame held: the next person must not see the last one's.
    pub fn forget(&self) {
        self.shared.change(None, |state| {
            state.latest = None;
            state.arrived.clear();
            state.ring.clear();
        });
    }

    /// The controls that the camera has, as they were when last asked. Empty when it is not live.
    pub fn controls(&self) -> Vec<Control> {
        self.shared.lock().controls.clone()
    }

    /// Sets a control; a value switches its automatic off. It is set again when the camera comes back.
    ///
    /// # Errors
    /// [`Fault::NoControl`], [`Fault::ControlRefused`], or why the camera is lost.
    pub fn set_control(&self, kind: ControlKind, setting: Setting) -> Result<(), Fault> {
        self.ask(|answer| Request::Set(kind, setting, answer))
    }

    /// After calibration: switches every automatic off and keeps what it had found.
    ///
    /// # Errors
    /// As [`Camera::set_control`]; the others are locked all the same.
    pub fn lock_controls(&self) -> Result<(), Fault> {
        self.ask(Request::Lock)
    }

    /// Hands everything back to the camera's automatics.
    ///
    /// # Errors
    /// As [`Camera::set_control`].
    pub fn unlock_controls(&self) -> Result<(), Fault> {
        self.ask(Request::Unlock)
    }

    fn ask(
        &self,
        request: impl FnOnce(crossbeam_channel::Sender<Result<(), Fault>>) -> Request,
    ) -> Result<(), Fault> {
        let (sender, answer) = crossbeam_channel::bounded(1);
        let requests = self.shared.lock().requests.clone();
        let sent = requests.is_some_and(|requests| requests.try_send(request(sender)).is_ok());
        let lost = || match self.status() {
            Status::Lost { why, .. } => why,
            _ => Fault::ControlRefused,
        };
        if !sent {
            return Err(lost());
        }
        answer.recv_timeout(CONTROL_TIME).unwrap_or_else(|_| Err(lost()))
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        self.shared.change(None, |state| state.closed = true);
        let freed = self.shared.wait_for(CLOSE_TIME, |state| (state.readers == 0).then_some(()));
        if freed.is_none() {
            tracing::warn!("a camera's thread did not end and was left behind");
        }
    }
}
