//! What the tests share: waiting with a limit, and running a test in a process that sees virtual cameras.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by them")]
#![allow(dead_code, reason = "each test program takes what it needs")]

use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};

use caixiang_camera::{Camera, CameraEvent, Fault, Source, Status, list};
use caixiang_virtual_camera::{VirtualCamera, VirtualCameras};

/// No test takes longer; one that does hangs.
const TEST_TIME: Duration = Duration::from_secs(120);

/// Runs `body` with the cameras that `set_up` makes. The library is preloaded at a program's start, so this very test
/// runs again in a process of its own.
pub(crate) fn with_cameras(
    test: &str,
    set_up: impl FnOnce(&VirtualCameras),
    body: impl FnOnce(&VirtualCameras),
) {
    if let Some(cameras) = VirtualCameras::of_this_process() {
        return body(&cameras);
    }
    let cameras = VirtualCameras::new();
    set_up(&cameras);
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).stdout(Stdio::piped());
    cameras.show_to(&mut command);
    let mut child = command.spawn().unwrap();
    let begun = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begun.elapsed() > TEST_TIME {
            child.kill().unwrap();
            panic!("{test} hangs");
        }
        sleep(Duration::from_millis(20));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{test}: {}\n{said}", output.status);
}

/// One camera with pictures of 1920×1080.
pub(crate) fn one_camera(cameras: &VirtualCameras) {
    cameras.camera(90).add_drawn("default", 1920, 1080, 8);
}

/// The camera of [`one_camera`].
pub(crate) fn it(cameras: &VirtualCameras) -> VirtualCamera {
    cameras.camera(90)
}

/// Opens the first camera that is listed.
pub(crate) fn open_first() -> (Camera, Receiver<CameraEvent>) {
    let id = list().first().expect("a camera").id.clone();
    open(Source::Usb(id))
}

pub(crate) fn open(source: Source) -> (Camera, Receiver<CameraEvent>) {
    let (sender, events) = channel();
    let camera = Camera::open(source, move |event| {
        let _ = sender.send(event);
    });
    (camera, events)
}

/// Waits for it and tells how long that took.
pub(crate) fn within(limit: Duration, what: &str, mut ready: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !ready() {
        assert!(begun.elapsed() < limit, "{what}: not within {limit:?}");
        sleep(Duration::from_millis(5));
    }
    let took = begun.elapsed();
    eprintln!("{what}: {} ms", took.as_millis());
    took
}

pub(crate) fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

pub(crate) fn is_live(camera: &Camera) -> bool {
    matches!(camera.status(), Status::Live { .. })
}

pub(crate) fn live_within(camera: &Camera, limit: f64) {
    within(seconds(limit), "live", || is_live(camera) && camera.latest().is_some());
}

pub(crate) fn lost_within(camera: &Camera, limit: f64, fault: Fault) {
    within(
        seconds(limit),
        fault.code(),
        || matches!(camera.status(), Status::Lost { why, .. } if why == fault),
    );
}

/// Nothing that could become a photo.
pub(crate) fn gives_nothing(camera: &Camera) {
    assert!(camera.latest().is_none());
    assert!(camera.last_second().is_empty());
    assert!(camera.wait_after(0, Duration::from_millis(1)).is_none());
}
