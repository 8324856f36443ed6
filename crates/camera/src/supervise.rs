//! The thread that watches a reading thread, and opens the source again when it is lost.

use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::camera::{Source, Status};
use crate::fault::Fault;
use crate::line::{Line, Shared};
use crate::platform;
use crate::watch::{self, Patience};
use crate::{folder, stills, usb};

/// How often the watch is asked.
const TICK: Duration = Duration::from_millis(50);
/// A reading thread may take this long to let its device go.
const LET_GO: Duration = Duration::from_millis(500);
/// A camera that was live for this long was well: attempts count from one again.
const WELL: Duration = Duration::from_secs(5);
/// Threads that never returned; more are not risked.
const MOST_LEFT_BEHIND: usize = 3;

/// How long a source may be silent.
pub(crate) fn patience(source: &Source) -> Patience {
    let seconds = Duration::from_secs;
    match source {
        // Some cameras need seconds to start; once running, a second without a frame is a fault.
        Source::Usb(_) => Patience { opening: seconds(6), silence: seconds(1) },
        // A large file from a slow share takes its time.
        Source::Folder(_) => Patience { opening: seconds(15), silence: seconds(15) },
        Source::Stills(_) => Patience { opening: seconds(15), silence: seconds(5) },
    }
}

/// Starts to watch; the thread ends soon after the camera is closed.
pub(crate) fn start(source: Source, shared: Arc<Shared>) {
    let lost = Arc::clone(&shared);
    let started =
        thread::Builder::new().name("camera-watch".into()).spawn(move || supervise(&source, &shared));
    if let Err(error) = started {
        tracing::error!(%error, "no thread for the camera");
        lost.set_status(Status::Lost { since: Instant::now(), attempt: 1, why: Fault::Refused });
    }
}

fn supervise(source: &Source, shared: &Arc<Shared>) {
    let (mut attempt, mut lost_since, mut left_behind) = (0, None, Vec::<JoinHandle<()>>::new());
    let (mut ever_live, mut before) = (false, Fault::Refused);
    while !shared.lock().closed {
        left_behind.retain(|thread| !thread.is_finished());
        left_behind.iter().for_each(platform::interrupt);
        let begun = Instant::now();
        let mut why = if left_behind.len() < MOST_LEFT_BEHIND {
            read_once(source, shared, &mut left_behind)
        } else {
            before
        };
        shared.cut();
        if shared.lock().closed {
            break;
        }
        let was_live = matches!(shared.lock().status, Status::Live { .. });
        ever_live |= was_live;
        why = match why {
            // It is this program's own thread that still has it.
            Fault::Busy if !left_behind.is_empty() => before,
            Fault::None if ever_live => Fault::Unplugged,
            other => other,
        };
        before = why;
        if was_live {
            lost_since = None;
            if begun.elapsed() >= WELL {
                attempt = 0;
            }
        }
        attempt += 1;
        let since = *lost_since.get_or_insert_with(Instant::now);
        tracing::warn!(code = why.code(), attempt, "the camera is lost");
        shared.set_status(Status::Lost { since, attempt, why });
        shared.wait_for(watch::pause(attempt), |state| state.closed.then_some(()));
    }
    // A thread that is stuck in the driver is not joined; its last chance to end is a signal.
    let end = Instant::now() + LET_GO;
    while Instant::now() < end && left_behind.iter().any(|thread| !thread.is_finished()) {
        left_behind.iter().for_each(platform::interrupt);
        thread::sleep(TICK);
    }
}

/// Reads until something is wrong or the camera is closed; a thread that does not end is put with those left behind.
fn read_once(source: &Source, shared: &Arc<Shared>, left_behind: &mut Vec<JoinHandle<()>>) -> Fault {
    let (ended, end) = crossbeam_channel::bounded(1);
    let line = shared.begin();
    let its_source = source.clone();
    let thread = thread::Builder::new().name("camera-read".into()).spawn(move || {
        let why = read(&its_source, &line);
        // The device is free before the end is told.
        drop(line);
        let _ = ended.send(why);
    });
    let thread = match thread {
        Ok(thread) => thread,
        Err(error) => {
            tracing::error!(%error, "no thread to read the camera");
            return Fault::Refused;
        }
    };
    let why = loop {
        match end.recv_timeout(TICK) {
            Ok(why) => break why,
            Err(crossbeam_channel::RecvTimeoutError::Disconnected) => break Fault::Refused,
            Err(crossbeam_channel::RecvTimeoutError::Timeout) => {}
        }
        let state = shared.lock();
        if state.closed {
            break Fault::Stalled;
        }
        let now = Instant::now();
        if let Some(fault) = state.watch.verdict(now) {
            break fault;
        }
        // The lock is held, so that it is the wait for the photo that ends: the thread takes it to come back.
        if state.watch.photo_is_overdue(now) {
            platform::interrupt(&thread);
        }
    };
    shared.cut();
    let until = Instant::now() + LET_GO;
    while !thread.is_finished() {
        if Instant::now() >= until {
            tracing::warn!(code = why.code(), "the camera's thread does not come back from the driver");
            left_behind.push(thread);
            break;
        }
        platform::interrupt(&thread);
        thread::sleep(Duration::from_millis(10));
    }
    why
}

fn read(source: &Source, line: &Line) -> Fault {
    match source {
        Source::Usb(id) => usb::read(id, line),
        Source::Folder(folder) => folder::read(folder, line),
        Source::Stills(paths) => stills::read(paths, line),
    }
}
