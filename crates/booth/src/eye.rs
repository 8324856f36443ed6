//! Looks at the live view on a thread of its own: for a capture code, or for how the person in front stands.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use caixiang_camera::{Camera, Frame};
use caixiang_domain::Preset;
use caixiang_identity::{CaptureCode, QrReader};
use caixiang_portrait::{FaceGlance, Watch};
use caixiang_vision::Engine;

use crate::darkroom::Seen;
use crate::event::{Event, Glimpse, Look};
use crate::guidance::Guide;

/// Between two looks at a person: 16 a second.
const FACE_PACE: Duration = Duration::from_millis(60);
/// Between two looks for a code: the phone is held for a second or two.
const CODE_PACE: Duration = Duration::from_millis(180);
/// Time that one look for a code may take.
const CODE_BUDGET: Duration = Duration::from_millis(60);
/// How long a frame is waited for before asking whether anything changed.
const FRAME_TIME: Duration = Duration::from_millis(250);
/// Something is said at least this often while somebody may be there, changed or not.
const HEARTBEAT: Duration = Duration::from_millis(500);
/// While the shutter may open any moment, the mask is worked out ahead this often.
const AHEAD_PACE: Duration = Duration::from_millis(3000);
/// Looks that are remembered: about two seconds.
const REMEMBERED: usize = 40;
/// The same code is not reported again for so long, while the phone is still there.
const SAME_CODE: Duration = Duration::from_secs(4);

/// What is looked for, with what.
#[derive(Clone)]
struct Task {
    look: Look,
    preset: Option<Arc<Preset>>,
    /// Grows with every change, so that nothing of a person before is taken over.
    turn: u64,
}

struct Inner {
    task: Task,
    camera: Option<Arc<Camera>>,
    seen: VecDeque<Seen>,
    closed: bool,
}

/// What the eye and the booth share.
pub(crate) struct Sight {
    inner: Mutex<Inner>,
    changed: Condvar,
}

impl Sight {
    pub(crate) fn new() -> Self {
        let task = Task { look: Look::Off, preset: None, turn: 0 };
        let inner = Inner { task, camera: None, seen: VecDeque::new(), closed: false };
        Self { inner: Mutex::new(inner), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Whole values are put in and taken out: a panic elsewhere leaves nothing half-done.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks for something else from now on.
    pub(crate) fn look(&self, look: Look, preset: Option<Arc<Preset>>) {
        let mut inner = self.lock();
        let turn = inner.task.turn + 1;
        inner.task = Task { look, preset, turn };
        inner.seen.clear();
        self.changed.notify_all();
    }

    /// Another camera, or none.
    pub(crate) fn use_camera(&self, camera: Option<Arc<Camera>>) {
        self.lock().camera = camera;
        self.changed.notify_all();
    }

    /// The camera in use.
    pub(crate) fn camera(&self) -> Option<Arc<Camera>> {
        self.lock().camera.clone()
    }

    /// How the last frames looked.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.lock().seen.iter().copied().collect()
    }

    /// Ends the thread.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    /// Waits until there is something to look at; `None` when it is closed.
    fn task(&self) -> Option<(Task, Arc<Camera>)> {
        let mut inner = self.lock();
        loop {
            if inner.closed {
                return None;
            }
            if inner.task.look != Look::Off
                && let Some(camera) = &inner.camera
            {
                return Some((inner.task.clone(), Arc::clone(camera)));
            }
            inner = self.changed.wait(inner).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn remember(&self, turn: u64, seen: Seen) {
        let mut inner = self.lock();
        if inner.task.turn == turn {
            inner.seen.push_back(seen);
            if inner.seen.len() > REMEMBERED {
                inner.seen.pop_front();
            }
        }
    }
}

/// Tells the booth what is seen; `ahead` asks for the slow mask of a frame.
pub(crate) fn watch(
    sight: &Sight,
    engine: &Engine,
    tell: &dyn Fn(Event),
    ahead: &dyn Fn(Frame, Arc<Preset>),
) {
    let mut last_seq = 0;
    let mut codes = Codes::default();
    let mut person: Option<Person> = None;
    while let Some((task, camera)) = sight.task() {
        let begun = Instant::now();
        if person.as_ref().is_some_and(|person| person.turn != task.turn) {
            person = None;
        }
        let Some(frame) = camera.wait_after(last_seq, FRAME_TIME) else { continue };
        last_seq = frame.seq;
        let pace = match (task.look, &task.preset) {
            (Look::Codes, _) => {
                if let Some(code) = codes.look(&frame) {
                    tell(Event::CodeRead(code));
                }
                CODE_PACE
            }
            (Look::Face { eager }, Some(preset)) => {
                let person = person.get_or_insert_with(|| Person::new(Arc::clone(preset), task.turn));
                if let Some(seen) = person.look(&frame, engine, tell) {
                    sight.remember(task.turn, seen);
                    if eager && seen.well && person.ahead_due() {
                        ahead(frame, Arc::clone(preset));
                    }
                }
                FACE_PACE
            }
            _ => FACE_PACE,
        };
        std::thread::sleep(pace.saturating_sub(begun.elapsed()));
    }
}

/// Capture codes in front of the camera.
#[derive(Default)]
struct Codes {
    reader: QrReader,
    last: Option<([u8; 32], Instant)>,
}

impl Codes {
    fn look(&mut self, frame: &Frame) -> Option<[u8; 32]> {
        // A little over a thousand pixels across: enough for a phone at arm's length.
        let longer = frame.width_px.max(frame.height_px);
        let eighths = [2_u8, 4, 6].into_iter().find(|&n| longer * u32::from(n) / 8 >= 1100).unwrap_or(8);
        let picture = caixiang_portrait::jpeg::decode(&frame.bytes, eighths).ok()?;
        let (width, height) = (picture.width(), picture.height());
        let luma: Vec<u8> = picture
            .pixels()
            .map(|pixel| {
                let [r, g, b] = pixel.0.map(u32::from);
                ((r * 77 + g * 150 + b * 29) >> 8) as u8
            })
            .collect();
        let bytes = self.reader.read(width, height, &luma, CODE_BUDGET)?;
        let code = CaptureCode::from_scan(bytes).ok()?.sha256();
        let again = self.last.is_some_and(|(last, when)| last == code && when.elapsed() < SAME_CODE);
        if !again {
            self.last = Some((code, Instant::now()));
        }
        (!again).then_some(code)
    }
}

/// The person in front of the camera.
struct Person {
    watch: Watch,
    guide: Guide,
    aspect: f64,
    begun: Instant,
    turn: u64,
    told: Option<(Glimpse, Instant)>,
    ahead: Option<Instant>,
}

impl Person {
    fn new(preset: Arc<Preset>, turn: u64) -> Self {
        let (width, height) = preset.size_px();
        Self {
            watch: Watch::new((*preset).clone()),
            guide: Guide::new(),
            aspect: f64::from(width) / f64::from(height),
            begun: Instant::now(),
            turn,
            told: None,
            ahead: None,
        }
    }

    fn look(&mut self, frame: &Frame, engine: &Engine, tell: &dyn Fn(Event)) -> Option<Seen> {
        // A frame that cannot be looked at is one of thirty: the next one is.
        let glance = self.watch.look(&frame.bytes, engine).ok()?;
        let picture = f64::from(frame.width_px.max(1)) / f64::from(frame.height_px.max(1));
        let now_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let glimpse = self.guide.glimpse(&glance, self.aspect, picture, now_ms);
        if self.told.is_none_or(|(told, when)| told != glimpse || when.elapsed() >= HEARTBEAT) {
            self.told = Some((glimpse, Instant::now()));
            tell(Event::Glimpsed(glimpse));
        }
        let face: &FaceGlance = glance.face.as_ref()?;
        Some(Seen {
            epoch: frame.epoch,
            seq: frame.seq,
            eyes: face.eye_opening,
            moved: face.moved.unwrap_or(0.0),
            sharpness: face.sharpness,
            well: glimpse.ready,
        })
    }

    /// Whether the mask should be worked out ahead now; asked for, it is taken as done.
    fn ahead_due(&mut self) -> bool {
        let due = self.ahead.is_none_or(|when| when.elapsed() >= AHEAD_PACE);
        if due {
            self.ahead = Some(Instant::now());
        }
        due
    }
}
