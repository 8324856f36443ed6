//! The watched folder and the stills.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by them")]

mod support;

use std::fs;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::Duration;

use caixiang_camera::{CameraEvent, Encoding, Fault, Source, Status};
use caixiang_virtual_camera::{drawn, jpeg};
use image::{DynamicImage, ImageFormat};
use support::*;

fn photo(n: u32) -> Vec<u8> {
    jpeg(&drawn(640, 480, n, 50))
}

fn watch(folder: &Path) -> (caixiang_camera::Camera, std::sync::mpsc::Receiver<CameraEvent>) {
    let (camera, events) = open(Source::Folder(folder.to_owned()));
    within(seconds(3.0), "watched", || is_live(&camera));
    (camera, events)
}

#[test]
fn photos_arrive_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    fs::write(path("IMG_0001.JPG"), photo(1)).unwrap();
    let (camera, events) = watch(folder.path());
    // What was there before is somebody else's photo.
    assert_eq!(camera.still(seconds(1.0)).unwrap_err(), Fault::NoPhoto);
    gives_nothing(&camera);

    // Written slowly, as by a tethered camera; with its RAW beside it.
    let bytes = photo(2);
    let mut file = fs::File::create(path("IMG_0002.JPG")).unwrap();
    fs::write(path("IMG_0002.CR3"), b"raw").unwrap();
    let (most, rest) = bytes.split_at(bytes.len() - 10);
    for part in most.chunks(bytes.len() / 4) {
        file.write_all(part).unwrap();
        assert!(camera.still(Duration::from_millis(600)).is_err(), "a half-written photo was taken");
    }
    file.write_all(rest).unwrap();
    let taken = camera.still(seconds(3.0)).unwrap();
    assert_eq!((&*taken.bytes, taken.encoding), (&bytes[..], Encoding::Jpeg));
    assert_eq!((taken.width_px, taken.height_px), (640, 480));
    assert_eq!(taken.file.as_deref(), Some(&*path("IMG_0002.JPG")));
    assert_eq!(camera.latest().unwrap().seq, taken.seq);
    let photos = |events: &std::sync::mpsc::Receiver<_>| {
        events.try_iter().filter(|event| matches!(event, CameraEvent::Photo { .. })).count()
    };
    assert_eq!(photos(&events), 1);

    // Each photo once.
    assert!(camera.still(seconds(1.0)).is_err());
    // Replaced under the same name: a new photo. Deleted: nothing.
    fs::write(path("IMG_0001.JPG"), photo(3)).unwrap();
    assert_eq!(*camera.still(seconds(3.0)).unwrap().bytes, photo(3)[..]);
    fs::remove_file(path("IMG_0001.JPG")).unwrap();
    assert!(camera.still(seconds(1.0)).is_err());
    assert!(is_live(&camera));
    camera.forget();
    gives_nothing(&camera);
}

#[test]
fn other_formats_are_photos_too() {
    let folder = tempfile::tempdir().unwrap();
    let (camera, _events) = watch(folder.path());
    let picture = DynamicImage::from(drawn(320, 240, 1, 3));
    for (name, format, encoding) in
        [("a.png", ImageFormat::Png, Encoding::Png), ("b.TIF", ImageFormat::Tiff, Encoding::Tiff)]
    {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        fs::write(folder.path().join(name), bytes.get_ref()).unwrap();
        let taken = camera.still(seconds(3.0)).unwrap();
        assert_eq!((&*taken.bytes, taken.encoding), (&bytes.get_ref()[..], encoding));
        // Not every screen shows these.
        assert!(camera.latest().is_none());
    }
}

#[test]
fn files_of_no_use_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let (camera, events) = watch(folder.path());
    let cut = photo(4);
    fs::write(folder.path().join("cut.jpg"), &cut[..cut.len() / 2]).unwrap();
    fs::File::create(folder.path().join("huge.jpg")).unwrap().set_len((128 << 20) + 1).unwrap();
    let mut refused = Vec::new();
    while refused.len() < 2 {
        if let CameraEvent::FileRefused { file, fault } = events.recv_timeout(seconds(15.0)).unwrap() {
            refused.push((file.file_name().unwrap().to_owned(), fault));
        }
    }
    assert_eq!(refused, [("huge.jpg".into(), Fault::FileTooLarge), ("cut.jpg".into(), Fault::FileDamaged)]);
    assert!(is_live(&camera));
    assert!(camera.still(Duration::ZERO).is_err());
}

#[test]
fn a_folder_that_vanishes_heals() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("photos");
    let (camera, _events) = open(Source::Folder(folder.clone()));
    lost_within(&camera, 3.0, Fault::FolderGone);
    fs::create_dir(&folder).unwrap();
    within(seconds(5.0), "watched", || is_live(&camera));
    fs::write(folder.join("a.jpg"), photo(1)).unwrap();
    within(seconds(3.0), "shown", || camera.latest().is_some());
    fs::rename(&folder, parent.path().join("away")).unwrap();
    lost_within(&camera, 2.0, Fault::FolderGone);
    gives_nothing(&camera);
    assert_eq!(camera.still(Duration::from_millis(10)).unwrap_err(), Fault::FolderGone);
    fs::rename(parent.path().join("away"), &folder).unwrap();
    within(seconds(5.0), "watched", || is_live(&camera));
    // The photos of before are not taken again.
    assert!(camera.still(seconds(1.0)).is_err());
    fs::write(folder.join("b.jpg"), photo(2)).unwrap();
    assert_eq!(*camera.still(seconds(3.0)).unwrap().bytes, photo(2)[..]);
}

#[test]
fn stills_are_shown_as_if_live() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..2 {
        fs::write(folder.path().join(format!("{n}.jpg")), photo(n)).unwrap();
    }
    fs::write(folder.path().join("notes.jpg"), b"no picture").unwrap();
    let (camera, _events) = open(Source::Stills(vec![folder.path().to_owned()]));
    live_within(&camera, 3.0);
    std::thread::sleep(seconds(1.3));
    let Status::Live { fps, .. } = camera.status() else { panic!("{:?}", camera.status()) };
    assert!((24.0..=33.0).contains(&fps), "{fps}");
    assert_eq!(*camera.still(seconds(1.0)).unwrap().bytes, photo(0)[..]);
    within(seconds(4.0), "the next picture", || *camera.latest().unwrap().bytes == photo(1)[..]);
    assert!((24..=36).contains(&camera.last_second().len()));
    assert!(is_live(&camera));

    let (none, _events) = open(Source::Stills(vec![folder.path().join("notes.jpg")]));
    lost_within(&none, 2.0, Fault::NoStills);
}
