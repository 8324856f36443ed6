//! One photo in a larger format than the live one: the real nokhwa switches virtual cameras, and every fault in between.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by them")]
#![cfg(target_os = "linux")]

mod support;

use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use caixiang_camera::{Camera, CameraEvent, ControlKind, Fault, Format, Frame, Setting, Source, Status};
use caixiang_virtual_camera::{Flag, VirtualCameras, jpeg};
use support::*;

/// The live format at 30 frames a second, and a larger one at a low rate.
fn large_at(fps: u32) -> impl FnOnce(&VirtualCameras) {
    move |cameras| {
        one_camera(cameras);
        it(cameras)
            .write("formats", &format!("MJPG 1920x1080 1/30\nMJPG 1280x720 1/60\nMJPG 3840x2160 1/{fps}\n"))
            .add_drawn("default", 3840, 2160, 1);
    }
}

fn live_and_full(camera: &Camera, limit: f64) -> Frame {
    within(seconds(limit), "the last second is full", || camera.last_second().len() >= 24);
    camera.latest().expect("a frame")
}

/// What came to the owner. A switch for a photo is no loss: it is live once and for all.
fn only_live(events: &Receiver<CameraEvent>) {
    let events: Vec<_> = events.try_iter().collect();
    assert!(matches!(events[..], [CameraEvent::Status(Status::Live { .. })]), "{events:?}");
}

/// The photo fails, the live picture comes back of itself, and nobody was told of a loss.
fn fails_and_comes_back(camera: &Camera, before: &Frame, wanted: Fault) {
    let asked = Instant::now();
    assert_eq!(camera.large_still(seconds(5.0)).unwrap_err(), wanted);
    eprintln!("{}: after {} ms", wanted.code(), asked.elapsed().as_millis());
    let after = live_and_full(camera, 3.0);
    assert_eq!((after.epoch, after.width_px), (before.epoch + 2, 1920));
}

/// What the virtual camera wrote into the frame: the settings it was taken with.
fn taken_with(frame: &Frame) -> String {
    String::from_utf8_lossy(&frame.bytes[6..70]).trim().to_owned()
}

#[test]
fn a_photo_is_taken_in_the_larger_format() {
    with_cameras("a_photo_is_taken_in_the_larger_format", large_at(15), |_| {
        let (camera, events) = open_first();
        live_within(&camera, 5.0);
        assert_eq!(camera.offers_still(), Some(Format { width_px: 3840, height_px: 2160, fps: 15 }));
        let mut open_files = 0;
        for round in 0..4 {
            let before = live_and_full(&camera, 3.0);
            let asked = Instant::now();
            let photo = camera.large_still(seconds(5.0)).unwrap();
            let took = asked.elapsed();
            assert!((asked..Instant::now()).contains(&photo.taken));
            assert_eq!((photo.width_px, photo.height_px), (3840, 2160));
            assert!(photo.seq > before.seq);
            assert_eq!(photo.epoch, before.epoch + 1);
            assert!(camera.last_second().iter().all(|frame| frame.width_px == 1920));
            within(seconds(2.0), "live again", || camera.latest().is_some());
            eprintln!("photo after {} ms, live after {} ms", took.as_millis(), asked.elapsed().as_millis());
            assert_eq!(camera.latest().unwrap().epoch, before.epoch + 2);
            live_and_full(&camera, 2.0);
            let second = camera.last_second();
            assert!(second.iter().all(|frame| frame.epoch == before.epoch + 2 && frame.seq > photo.seq));
            assert!(second.iter().all(|frame| (frame.width_px, frame.height_px) == (1920, 1080)));
            let picture = image::load_from_memory(&photo.bytes).unwrap();
            assert_eq!((picture.width(), picture.height()), (3840, 2160));
            // Nothing stays open from the photos before.
            let files = std::fs::read_dir("/proc/self/fd").unwrap().count();
            assert!(round == 0 || files <= open_files, "{files} files are open, {open_files} before");
            open_files = files;
        }
        only_live(&events);
    });
}

#[test]
fn a_camera_that_is_slow_to_start_is_not_taken_for_lost() {
    with_cameras(
        "a_camera_that_is_slow_to_start_is_not_taken_for_lost",
        |cameras| {
            large_at(5)(cameras);
            it(cameras).write("start_ms", "600");
        },
        |_| {
            let (camera, events) = open_first();
            live_within(&camera, 5.0);
            let before = live_and_full(&camera, 3.0);
            let asked = Instant::now();
            let photo = camera.large_still(seconds(5.0)).unwrap();
            let took = asked.elapsed();
            within(seconds(3.0), "live again", || camera.latest().is_some());
            eprintln!("photo after {} ms, live after {} ms", took.as_millis(), asked.elapsed().as_millis());
            assert_eq!((photo.width_px, camera.latest().unwrap().epoch), (3840, before.epoch + 2));
            only_live(&events);
        },
    );
}

#[test]
fn two_who_ask_at_once_have_a_photo_each() {
    with_cameras("two_who_ask_at_once_have_a_photo_each", large_at(15), |_| {
        let (camera, events) = open_first();
        live_within(&camera, 5.0);
        let before = camera.latest().unwrap();
        let ask = || camera.large_still(seconds(10.0)).unwrap();
        let (one, other) = std::thread::scope(|scope| {
            let other = scope.spawn(ask);
            (ask(), other.join().unwrap())
        });
        let mut epochs = [one.epoch - before.epoch, other.epoch - before.epoch];
        epochs.sort_unstable();
        assert_eq!((epochs, one.width_px, other.width_px), ([1, 3], 3840, 3840));
        live_and_full(&camera, 3.0);
        only_live(&events);
    });
}

#[test]
fn what_was_set_holds_for_the_photo() {
    with_cameras("what_was_set_holds_for_the_photo", large_at(15), |cameras| {
        // The worst of cameras: each format begins with the maker's settings.
        it(cameras).set(Flag::Forget);
        let (camera, _events) = open_first();
        live_within(&camera, 5.0);
        let free = camera.large_still(seconds(5.0)).unwrap();
        assert!(
            taken_with(&free).ends_with("exposure=250 white=4000 focus=0 zoom=100"),
            "{}",
            taken_with(&free)
        );
        for (kind, value) in [
            (ControlKind::Exposure, 500),
            (ControlKind::WhiteBalance, 5200),
            (ControlKind::Focus, 125),
            (ControlKind::Zoom, 150),
        ] {
            camera.set_control(kind, Setting::Value(value)).unwrap();
        }
        let set = camera.controls();
        let asked = Instant::now();
        let photo = camera.large_still(seconds(5.0)).unwrap();
        eprintln!("photo after {} ms with everything set", asked.elapsed().as_millis());
        let wanted = "exposure=500 white=5200 focus=125 zoom=150";
        assert!(taken_with(&photo).ends_with(wanted), "{}", taken_with(&photo));
        // Two frames were let pass, after which the exposure holds.
        let number: u32 = taken_with(&photo)[..8].parse().unwrap();
        assert!(number >= 3, "frame {number} of its stream");
        let live = live_and_full(&camera, 3.0);
        assert!(taken_with(&live).ends_with(wanted), "{}", taken_with(&live));
        assert_eq!(camera.controls(), set);
    });
}

#[test]
fn a_camera_unplugged_during_the_photo_comes_back() {
    with_cameras("a_camera_unplugged_during_the_photo_comes_back", large_at(5), |cameras| {
        let (camera, _events) = open_first();
        live_within(&camera, 5.0);
        let photo = std::thread::scope(|scope| {
            let photo = scope.spawn(|| camera.large_still(seconds(5.0)));
            within(seconds(2.0), "the live picture ends", || camera.latest().is_none());
            std::thread::sleep(seconds(0.3));
            it(cameras).set(Flag::Unplug);
            photo.join().unwrap()
        });
        assert_eq!(photo.unwrap_err(), Fault::Unplugged);
        lost_within(&camera, 1.5, Fault::Unplugged);
        gives_nothing(&camera);
        assert_eq!(camera.offers_still(), None);
        assert_eq!(camera.large_still(seconds(0.1)).unwrap_err(), Fault::Unplugged);
        it(cameras).clear(Flag::Unplug);
        live_within(&camera, 10.0);
        assert_eq!(camera.large_still(seconds(5.0)).unwrap().width_px, 3840);
        live_and_full(&camera, 3.0);
    });
}

#[test]
fn a_camera_without_a_larger_format_is_left_alone() {
    with_cameras(
        "a_camera_without_a_larger_format_is_left_alone",
        |cameras| {
            one_camera(cameras);
            it(cameras).write("formats", "MJPG 1920x1080 1/30\nMJPG 2048x1152 1/10\nMJPG 640x480 1/30\n");
        },
        |_| {
            let (camera, events) = open_first();
            live_within(&camera, 5.0);
            let before = live_and_full(&camera, 3.0);
            assert_eq!(camera.offers_still(), None);
            assert_eq!(camera.large_still(seconds(5.0)).unwrap_err(), Fault::NoFormat);
            let after = camera.wait_after(before.seq, seconds(1.0)).unwrap();
            assert_eq!(after.epoch, before.epoch);
            assert!(camera.last_second().len() >= 24);
            only_live(&events);
        },
    );
}

#[test]
fn stills_have_no_larger_format() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("1.jpg"), jpeg(&caixiang_virtual_camera::drawn(96, 64, 0, 1))).unwrap();
    let (camera, _events) = open(Source::Stills(vec![folder.path().to_owned()]));
    live_within(&camera, 5.0);
    assert_eq!(camera.offers_still(), None);
    assert_eq!(camera.large_still(seconds(1.0)).unwrap_err(), Fault::NoFormat);
    assert!(camera.still(seconds(1.0)).is_ok());
}

#[test]
fn a_camera_that_cannot_do_what_it_offers_stays_live() {
    with_cameras("a_camera_that_cannot_do_what_it_offers_stays_live", large_at(15), |cameras| {
        let (camera, events) = open_first();
        live_within(&camera, 5.0);
        for (flag, fault) in [
            (Flag::Stall, Fault::Stalled),
            (Flag::Short, Fault::BrokenFrames),
            (Flag::Freeze, Fault::Frozen),
            (Flag::NoSpace, Fault::Refused),
        ] {
            let before = live_and_full(&camera, 3.0);
            it(cameras).set_at(flag, 3840, 2160);
            fails_and_comes_back(&camera, &before, fault);
            it(cameras).clear(flag);
        }
        // Nobody waits any longer: the photo is given up, and the live picture comes back.
        let before = live_and_full(&camera, 3.0);
        it(cameras).set_at(Flag::Stall, 3840, 2160);
        assert_eq!(camera.large_still(seconds(0.4)).unwrap_err(), Fault::NoPhoto);
        live_and_full(&camera, 3.0);
        assert_eq!(camera.large_still(Duration::ZERO).unwrap_err(), Fault::NoPhoto);
        it(cameras).clear(Flag::Stall);
        let photo = camera.large_still(seconds(5.0)).unwrap();
        assert_eq!((photo.epoch, photo.width_px), (before.epoch + 3, 3840));
        only_live(&events);
    });
}

#[test]
fn a_camera_that_hangs_in_the_photo_is_lost_and_comes_back() {
    with_cameras("a_camera_that_hangs_in_the_photo_is_lost_and_comes_back", large_at(15), |cameras| {
        let (camera, _events) = open_first();
        live_within(&camera, 5.0);
        let before = live_and_full(&camera, 3.0);
        it(cameras).set_at(Flag::Hang, 3840, 2160);
        let asked = Instant::now();
        assert_eq!(camera.large_still(seconds(8.0)).unwrap_err(), Fault::Stalled);
        assert!(asked.elapsed() < seconds(5.0), "{:?}", asked.elapsed());
        eprintln!("lost after {} ms", asked.elapsed().as_millis());
        gives_nothing(&camera);
        it(cameras).clear(Flag::Hang);
        live_within(&camera, 10.0);
        let photo = camera.large_still(seconds(5.0)).unwrap();
        assert!(photo.width_px == 3840 && photo.epoch > before.epoch);
        // Closing waits for nobody.
        live_and_full(&camera, 3.0);
        it(cameras).set_at(Flag::Hang, 3840, 2160);
        assert_eq!(camera.large_still(seconds(0.3)).unwrap_err(), Fault::NoPhoto);
        let begun = Instant::now();
        drop(camera);
        assert!(begun.elapsed() < seconds(1.5), "closing took {:?}", begun.elapsed());
        it(cameras).clear(Flag::Hang);
    });
}

#[test]
fn a_live_format_that_does_not_come_back_is_a_loss() {
    with_cameras("a_live_format_that_does_not_come_back_is_a_loss", large_at(5), |cameras| {
        let (camera, _events) = open_first();
        live_within(&camera, 5.0);
        // Somebody else takes it in between.
        let photo = std::thread::scope(|scope| {
            let photo = scope.spawn(|| camera.large_still(seconds(5.0)));
            within(seconds(2.0), "the live picture ends", || camera.latest().is_none());
            std::thread::sleep(seconds(0.3));
            it(cameras).set(Flag::Busy);
            photo.join().unwrap()
        });
        assert_eq!(photo.unwrap().width_px, 3840);
        lost_within(&camera, 2.0, Fault::Busy);
        it(cameras).clear(Flag::Busy);
        live_within(&camera, 10.0);
        // It opens, and gives no frame.
        live_and_full(&camera, 5.0);
        let (seen, photo) = std::thread::scope(|scope| {
            let photo = scope.spawn(|| camera.large_still(seconds(5.0)));
            within(seconds(2.0), "the live picture ends", || camera.latest().is_none());
            it(cameras).set_at(Flag::Stall, 1920, 1080);
            (Instant::now(), photo.join().unwrap())
        });
        assert_eq!(photo.unwrap().width_px, 3840);
        lost_within(&camera, 4.0, Fault::Stalled);
        eprintln!("lost {} ms after the live picture ended", seen.elapsed().as_millis());
        it(cameras).clear(Flag::Stall);
        live_within(&camera, 10.0);
    });
}
