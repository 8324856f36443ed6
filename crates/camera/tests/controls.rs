//! Exposure, white balance, focus and zoom of USB cameras: read, set, locked, and kept over a replug.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by them")]
#![cfg(target_os = "linux")]

mod support;

use caixiang_camera::{Camera, Control, ControlKind, Fault, Setting};
use caixiang_virtual_camera::Flag;
use support::*;

fn control(camera: &Camera, kind: ControlKind) -> Control {
    camera.controls().into_iter().find(|control| control.kind == kind).expect("the control")
}

#[test]
fn controls_are_read_and_set() {
    with_cameras("controls_are_read_and_set", one_camera, |_| {
        let (camera, _events) = open_first();
        live_within(&camera, 5.0);
        assert_eq!(
            camera.controls().iter().map(|control| control.kind).collect::<Vec<_>>(),
            ControlKind::ALL
        );
        let exposure = control(&camera, ControlKind::Exposure);
        assert_eq!(
            (exposure.min, exposure.max, exposure.normal, exposure.automatic),
            (3, 2047, 250, Some(true))
        );
        assert_eq!(control(&camera, ControlKind::Zoom).automatic, None);
        // A value switches the automatic off, and goes to the nearest that the camera has.
        camera.set_control(ControlKind::Focus, Setting::Value(123)).unwrap();
        let focus = control(&camera, ControlKind::Focus);
        assert_eq!((focus.value, focus.automatic), (125, Some(false)));
        camera.set_control(ControlKind::Exposure, Setting::Value(i64::MAX)).unwrap();
        let exposure = control(&camera, ControlKind::Exposure);
        assert_eq!((exposure.value, exposure.automatic), (2047, Some(false)));
        camera.set_control(ControlKind::Exposure, Setting::Automatic).unwrap();
        assert_eq!(control(&camera, ControlKind::Exposure).automatic, Some(true));
        assert_eq!(camera.set_control(ControlKind::Zoom, Setting::Automatic), Err(Fault::NoControl));
        camera.set_control(ControlKind::Zoom, Setting::Value(150)).unwrap();
        assert_eq!(control(&camera, ControlKind::Zoom).value, 150);
    });
}

#[test]
fn locked_controls_stay_as_they_are() {
    with_cameras("locked_controls_stay_as_they_are", one_camera, |cameras| {
        it(cameras).set(Flag::Drift);
        let (camera, _events) = open_first();
        live_within(&camera, 5.0);
        camera.lock_controls().unwrap();
        let locked = camera.controls();
        // What the automatic had found, not what the camera would fall back to.
        assert!(locked[0].value > locked[0].normal, "{locked:?}");
        assert!(locked.iter().all(|control| control.automatic != Some(true)), "{locked:?}");
        std::thread::sleep(seconds(0.7));
        camera.set_control(ControlKind::Zoom, Setting::Value(100)).unwrap();
        assert_eq!(camera.controls(), locked);
        // Unplugged, the camera forgets; what was locked is said to it again.
        it(cameras).set(Flag::Unplug);
        lost_within(&camera, 1.5, Fault::Unplugged);
        assert_eq!(camera.controls(), []);
        it(cameras).clear(Flag::Unplug);
        live_within(&camera, 10.0);
        assert_eq!(camera.controls(), locked);
        camera.unlock_controls().unwrap();
        let automatic: Vec<_> = camera.controls().iter().map(|control| control.automatic).collect();
        assert_eq!(automatic, [Some(true), Some(true), Some(true), None]);
    });
}

#[test]
fn a_camera_without_controls_works() {
    with_cameras(
        "a_camera_without_controls_works",
        |cameras| {
            one_camera(cameras);
            it(cameras).write("controls", "none");
        },
        |cameras| {
            let (camera, _events) = open_first();
            live_within(&camera, 5.0);
            assert_eq!(camera.controls(), []);
            assert_eq!(camera.set_control(ControlKind::Focus, Setting::Value(1)), Err(Fault::NoControl));
            camera.lock_controls().unwrap();
            it(cameras).set(Flag::Unplug);
            lost_within(&camera, 1.5, Fault::Unplugged);
            assert_eq!(camera.set_control(ControlKind::Focus, Setting::Value(1)), Err(Fault::Unplugged));
        },
    );
}
