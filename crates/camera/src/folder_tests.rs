//! Which files of a watched folder are taken, and when.

use proptest::prelude::*;

use super::*;

fn listing(files: &[(&str, u64)]) -> Listing {
    files.iter().map(|&(name, bytes)| (name.into(), Stamp { bytes, changed: None })).collect()
}

#[test]
fn a_file_is_read_when_it_rests() {
    let begun = Instant::now();
    let at = |ms| begun + Duration::from_millis(ms);
    let mut watcher = Watcher::begin(listing(&[("old.jpg", 9)]));
    let mut check = |ms, files: &[(&str, u64)], wanted: &[(&str, Step)]| {
        let wanted: Vec<_> = wanted.iter().map(|&(name, step)| (PathBuf::from(name), step)).collect();
        assert_eq!(watcher.look(at(ms), &listing(files)), wanted, "at {ms}");
    };
    let (old, new) = (("old.jpg", 9), |bytes| ("new.jpg", bytes));
    check(0, &[old], &[]);
    check(200, &[old, new(10)], &[]);
    check(400, &[old, new(20)], &[]);
    check(600, &[old, new(20)], &[]);
    check(800, &[old, new(20)], &[("new.jpg", Step::Try)]);
    check(10_399, &[old, new(20)], &[("new.jpg", Step::Try)]);
    check(10_400, &[old, new(20)], &[("new.jpg", Step::TryLast)]);
    // Replaced, it is new; gone and back, too.
    check(10_500, &[("old.jpg", 7)], &[]);
    check(11_000, &[("old.jpg", 7)], &[("old.jpg", Step::Try)]);
    check(11_200, &[("huge.jpg", MOST_BYTES + 1)], &[("huge.jpg", Step::TooLarge)]);
    check(11_400, &[("huge.jpg", MOST_BYTES + 1)], &[]);
    // An empty file is a file that is about to be written.
    check(12_000, &[("none.jpg", 0)], &[]);
    check(13_000, &[("none.jpg", 0)], &[]);
    check(22_000, &[("none.jpg", 0)], &[("none.jpg", Step::TryLast)]);
}

#[test]
fn names_promise_photos_or_not() {
    let check = |name: &str, wanted| assert_eq!(promised(Path::new(name)), wanted, "{name}");
    check("/a/IMG_1.JPG", Some(Encoding::Jpeg));
    check("/a/IMG_1.jpeg", Some(Encoding::Jpeg));
    check("/a/IMG_1.png", Some(Encoding::Png));
    check("/a/IMG_1.TIF", Some(Encoding::Tiff));
    for none in
        ["/a/IMG_1.CR3", "/a/IMG_1.NEF", "/a/IMG_1.jpg.part", "/a/.IMG_1.jpg", "/a/IMG_1", "/a/notes.txt"]
    {
        check(none, None);
    }
}

#[test]
fn no_beginning_of_a_photo_is_whole() {
    let picture = image::DynamicImage::from(caixiang_virtual_camera::drawn(64, 48, 1, 4));
    for (format, encoding) in [
        (ImageFormat::Jpeg, Encoding::Jpeg),
        (ImageFormat::Png, Encoding::Png),
        (ImageFormat::Tiff, Encoding::Tiff),
    ] {
        let mut whole = Cursor::new(Vec::new());
        picture.write_to(&mut whole, format).unwrap();
        let whole = whole.into_inner();
        assert_eq!(judge(&whole), Some((encoding, 64, 48)));
        for cut in (0..whole.len()).step_by(7) {
            assert_eq!(judge(&whole[..cut]), None, "{format:?} cut at {cut} of {}", whole.len());
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..300), kind in 0_usize..4) {
        let head: &[u8] = [&[0xFF, 0xD8, 0xFF][..], b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*"][kind];
        let _ = judge(&[head, &bytes].concat());
    }
}
