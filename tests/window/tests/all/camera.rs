//! The live view and what happens to the camera.

use std::time::{Duration, Instant};

use caixiang_virtual_camera::Flag;
use caixiang_window_tests::{Desk, Kiosk, People, STUDENTS, Setup, run};

const SOON: Duration = Duration::from_secs(20);

async fn to_the_camera(kiosk: &Kiosk) {
    kiosk.agree(false).await;
    kiosk.identify(&STUDENTS[0]).await;
    kiosk.give_details().await;
    kiosk.tap("next").await;
    kiosk.screen("capture").await;
}

#[test]
fn the_prompt_says_what_to_change() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        to_the_camera(&kiosk).await;
        let says = async |people: People, prompts: &[&str]| {
            people.before(&desk.camera());
            let said = async |kiosk: &Kiosk| {
                prompts.contains(&kiosk.state("prompt").await.unwrap_or_default().as_str())
            };
            kiosk.until(&format!("{people:?}: one of {prompts:?}"), SOON, said).await;
        };
        says(People::Nobody, &["nobody"]).await;
        says(People::Turned, &["turn_left", "turn_right"]).await;
        says(People::Moving, &["still"]).await;
        says(People::Laughing, &["mouth"]).await;
        says(People::Blink, &["eyes", "level", "chin_down", "turn_left", "turn_right"]).await;
        assert_eq!(kiosk.state("phase").await.as_deref(), Some("aiming"), "nobody was photographed by this");
        People::Good.before(&desk.camera());
        kiosk.until_state("ready", "true", SOON).await;
    });
}

#[test]
fn an_unplugged_camera_comes_back_by_itself() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        to_the_camera(&kiosk).await;
        People::Good.before(&desk.camera());
        kiosk.until_state("phase", "countdown", SOON).await;
        desk.camera().set(Flag::Unplug);
        kiosk.wait_for("camera-notice").await;
        println!("unplugged: {}", kiosk.data("camera-notice", "code").await);
        assert!(!kiosk.shows("countdown").await);
        assert!(!kiosk.is_enabled("shoot").await, "without a camera there is no shutter");
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(kiosk.state("phase").await.as_deref(), Some("aiming"));
        desk.camera().clear(Flag::Unplug);
        let plugged = Instant::now();
        kiosk.wait_gone("camera-notice").await;
        kiosk.live().await;
        println!("live again {:?} after it was plugged in", plugged.elapsed());
        kiosk.screen_after_work("result").await;
        kiosk.picture("photo-finished").await;
    });
}

#[test]
fn the_demonstration_camera_needs_no_hardware() {
    run(async {
        let desk = Desk::new(Setup { stills: true, ..Setup::default() });
        let kiosk = desk.open().await;
        to_the_camera(&kiosk).await;
        kiosk.live().await;
        kiosk.tap("shoot").await;
        kiosk.screen_after_work("result").await;
        kiosk.picture("photo-finished").await;
    });
}

/// The camera has 4K at a low rate: photos are taken in it once staff say so, and the live view comes back by itself.
#[test]
fn a_photo_can_be_taken_in_the_larger_format() {
    run(async {
        let desk = Desk::new(Setup::default());
        let camera = desk.camera();
        camera.write("formats", "MJPG 1920x1080 1/25\nMJPG 3840x2160 1/15\n");
        let frame = image::open(camera.folder().join("good/1920x1080/0000.jpg")).unwrap();
        let large = frame.resize_exact(3840, 2160, image::imageops::FilterType::Triangle).to_rgb8();
        let large = std::slice::from_ref(&large);
        camera.add("good", large).add("nobody", large);
        let kiosk = desk.open().await;
        kiosk.screen("welcome").await;
        kiosk.open_panel().await;
        kiosk.tap("tab-camera").await;
        kiosk.wait_for("large-still").await;
        kiosk.tap("large-still").await;
        kiosk.tap("close-staff").await;
        to_the_camera(&kiosk).await;
        kiosk.shoot_here(&desk, People::Good).await;
        assert_eq!(kiosk.picture("photo-original").await, (3840, 2160));
        kiosk.tap("retake").await;
        kiosk.screen("capture").await;
        kiosk.live().await;
    });
}
