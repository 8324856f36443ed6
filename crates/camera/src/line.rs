//! The line between a reading thread and the facade: frames, what was seen, requests; cut when the epoch ends.

use std::cell::Cell;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender};

use crate::camera::{CameraEvent, Status};
use crate::control::{Chosen, Control, ControlKind, Setting};
use crate::fault::Fault;
use crate::format::Format;
use crate::frame::{Encoding, Frame};
use crate::ring::Ring;
use crate::watch::{Patience, Seen, Watch};

/// What the facade asks of the reading thread.
#[derive(Debug)]
pub(crate) enum Request {
    Set(ControlKind, Setting, Sender<Result<(), Fault>>),
    Lock(Sender<Result<(), Fault>>),
    Unlock(Sender<Result<(), Fault>>),
    Still(WantedStill),
}

/// One photo in the larger format.
#[derive(Debug)]
pub(crate) struct WantedStill {
    /// Later nobody waits for it any more.
    pub(crate) until: Instant,
    pub(crate) answer: Sender<Result<Frame, Fault>>,
}

/// A picture on its way in.
pub(crate) struct Picture {
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) encoding: Encoding,
    pub(crate) taken: Instant,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) file: Option<Arc<Path>>,
}

pub(crate) struct State {
    pub(crate) status: Status,
    pub(crate) closed: bool,
    /// Reading threads that have not ended.
    pub(crate) readers: usize,
    pub(crate) epoch: u64,
    /// The epoch's thread may still give frames.
    reading: bool,
    pub(crate) seq: u64,
    /// The newest frame that a browser can show.
    pub(crate) latest: Option<Frame>,
    /// The newest photos of a watched folder, until they are taken.
    pub(crate) arrived: VecDeque<Frame>,
    pub(crate) ring: Ring,
    /// The larger format that the camera has for one photo.
    pub(crate) still_format: Option<Format>,
    pub(crate) controls: Vec<Control>,
    pub(crate) chosen: Chosen,
    pub(crate) requests: Option<Sender<Request>>,
    pub(crate) watch: Watch,
}

type Wake = Box<dyn Fn(CameraEvent) + Send>;

pub(crate) struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    wake: Mutex<Wake>,
    pub(crate) patience: Patience,
}

/// Photos of a watched folder that wait to be taken.
const MOST_ARRIVED: usize = 4;

impl Shared {
    pub(crate) fn new(patience: Patience, wake: Wake) -> Self {
        let state = State {
            status: Status::Opening,
            closed: false,
            readers: 0,
            epoch: 0,
            reading: false,
            seq: 0,
            latest: None,
            arrived: VecDeque::new(),
            ring: Ring::default(),
            still_format: None,
            controls: Vec::new(),
            chosen: Chosen::new(),
            requests: None,
            watch: Watch::new(Instant::now(), patience),
        };
        Self { state: Mutex::new(state), changed: Condvar::new(), wake: Mutex::new(wake), patience }
    }

    // A panic elsewhere leaves the state whole: every change is one assignment or a push.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the condition gives something, or the time is up.
    pub(crate) fn wait_for<T>(
        &self,
        timeout: Duration,
        mut ready: impl FnMut(&mut State) -> Option<T>,
    ) -> Option<T> {
        let end = Instant::now().checked_add(timeout);
        let mut state = self.lock();
        loop {
            if let Some(found) = ready(&mut state) {
                return Some(found);
            }
            let left = end.map_or(timeout, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return None;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Changes the state, then tells whoever waits and the owner.
    pub(crate) fn change(&self, event: Option<CameraEvent>, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.changed.notify_all();
        if let Some(event) = event {
            self.wake.lock().unwrap_or_else(PoisonError::into_inner)(event);
        }
    }

    pub(crate) fn set_status(&self, status: Status) {
        self.change(Some(CameraEvent::Status(status)), |state| state.status = status);
    }

    /// Begins an epoch: the line for its reading thread.
    pub(crate) fn begin(self: &Arc<Self>) -> Line {
        let (sender, requests) = crossbeam_channel::bounded(8);
        let mut state = self.lock();
        state.epoch += 1;
        state.reading = true;
        state.readers += 1;
        state.requests = Some(sender);
        state.watch = Watch::new(Instant::now(), self.patience);
        Line { epoch: Cell::new(state.epoch), shared: Arc::clone(self), requests }
    }

    /// Cuts the line of the present epoch: nothing it gave or will give is of use.
    pub(crate) fn cut(&self) {
        let mut state = self.lock();
        state.reading = false;
        state.requests = None;
        state.latest = None;
        state.arrived.clear();
        state.ring.clear();
        state.still_format = None;
        state.controls.clear();
        drop(state);
        self.changed.notify_all();
    }
}

/// The reading thread's end.
pub(crate) struct Line {
    /// Changes where the thread itself opens the camera again, for one photo.
    epoch: Cell<u64>,
    shared: Arc<Shared>,
    pub(crate) requests: Receiver<Request>,
}

impl Line {
    /// The thread's work is no longer wanted.
    pub(crate) fn is_cut(&self) -> bool {
        self.is_cut_in(&self.shared.lock())
    }

    fn is_cut_in(&self, state: &State) -> bool {
        state.closed || !state.reading || state.epoch != self.epoch.get()
    }

    /// Waits, but not longer than until the line is cut.
    pub(crate) fn pause(&self, time: Duration) {
        self.shared.wait_for(time, |state| self.is_cut_in(state).then_some(()));
    }

    pub(crate) fn saw(&self, seen: Seen) {
        let mut state = self.shared.lock();
        if state.epoch == self.epoch.get() {
            state.watch.saw(Instant::now(), seen);
        }
    }

    /// It works now, in this format (a folder has none). The owner is not told again of a camera that was live all along
    /// and comes back from one photo.
    pub(crate) fn live(&self, format: Option<Format>) {
        let state = self.shared.lock();
        let told = matches!(state.status, Status::Live { format: before, .. } if before == format);
        let wanted = !self.is_cut_in(&state) && !told;
        drop(state);
        if wanted {
            self.shared.set_status(Status::Live { format, fps: 0.0 });
        }
    }

    /// The camera has this format for one photo, beside the live one.
    pub(crate) fn offers_still(&self, format: Option<Format>) {
        let mut state = self.shared.lock();
        if !self.is_cut_in(&state) {
            state.still_format = format;
        }
    }

    /// The live format is left for one photo, which may take until then. A new epoch begins: what was given before is
    /// gone, and nothing is live meanwhile.
    pub(crate) fn leave(&self, photo_until: Instant) {
        self.begin_again(|watch| watch.leaves(Instant::now(), photo_until));
    }

    /// The photo is taken or given up: nobody ends a wait for it any more.
    pub(crate) fn photo_is_over(&self) {
        let mut state = self.shared.lock();
        if !self.is_cut_in(&state) {
            state.watch.comes_back();
        }
    }

    /// The live format is opened: another epoch.
    pub(crate) fn come_back(&self) {
        self.begin_again(Watch::comes_back);
    }

    /// A line that was cut stays cut.
    fn begin_again(&self, watched: impl FnOnce(&mut Watch)) {
        self.shared.change(None, |state| {
            if self.is_cut_in(state) {
                return;
            }
            state.epoch += 1;
            self.epoch.set(state.epoch);
            state.latest = None;
            state.ring.clear();
            watched(&mut state.watch);
        });
    }

    /// Hands a photo to who asked for it, and to nobody else: it is neither shown nor kept.
    pub(crate) fn answer(&self, answer: &Sender<Result<Frame, Fault>>, photo: Result<Picture, Fault>) {
        self.shared.change(None, |state| {
            let photo = if self.is_cut_in(state) { Err(Fault::Stalled) } else { photo };
            // Nobody waits any more where the time was up.
            let _ = answer.send(photo.map(|picture| self.frame(state, picture)));
        });
    }

    pub(crate) fn chosen(&self) -> Chosen {
        self.shared.lock().chosen.clone()
    }

    pub(crate) fn choose(&self, change: impl FnOnce(&mut Chosen)) {
        change(&mut self.shared.lock().chosen);
    }

    pub(crate) fn controls(&self, controls: Vec<Control>) {
        let mut state = self.shared.lock();
        if state.epoch == self.epoch.get() {
            state.controls = controls;
        }
    }

    /// Hands a frame over. After the line is cut it goes nowhere.
    pub(crate) fn give(&self, picture: Picture) {
        let mut state = self.shared.lock();
        if self.is_cut_in(&state) {
            return;
        }
        let frame = self.frame(&mut state, picture);
        state.watch.saw(Instant::now(), Seen::Fresh);
        let seq = frame.seq;
        let is_photo = frame.file.is_some();
        if frame.encoding == Encoding::Jpeg {
            state.latest = Some(frame.clone());
        }
        if is_photo {
            if state.arrived.len() == MOST_ARRIVED {
                state.arrived.pop_front();
            }
            state.arrived.push_back(frame.clone());
        }
        state.ring.push(frame);
        drop(state);
        self.shared.change(is_photo.then_some(CameraEvent::Photo { seq }), |_| {});
    }

    fn frame(&self, state: &mut State, picture: Picture) -> Frame {
        state.seq += 1;
        Frame {
            bytes: picture.bytes,
            encoding: picture.encoding,
            seq: state.seq,
            epoch: self.epoch.get(),
            taken: picture.taken,
            width_px: picture.width_px,
            height_px: picture.height_px,
            file: picture.file,
        }
    }

    /// A file of the watched folder is of no use.
    pub(crate) fn refuse(&self, file: &Path, fault: Fault) {
        if !self.is_cut() {
            self.shared.change(Some(CameraEvent::FileRefused { file: file.into(), fault }), |_| {});
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.shared.change(None, |state| state.readers -= 1);
    }
}
