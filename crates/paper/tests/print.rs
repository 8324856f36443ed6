//! Sheets as a printer sees them: measured on pictures that poppler makes of the files.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by them")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use caixiang_identity::QrReader;
use caixiang_paper::{Arrangement, Caption, Paper, Person, PrintSize, Rect, Set, Sheets, Turn};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, Rgb, RgbImage};

#[path = "common/drawn.rs"]
mod drawn;
#[path = "common/tools.rs"]
mod tools;

/// Red on its left half, green on its right, blue in its uppermost tenth.
fn target() -> Arc<[u8]> {
    let picture = RgbImage::from_fn(480, 640, |x, y| match (x, y) {
        (_, ..64) => Rgb([0, 0, 255]),
        (..240, _) => Rgb([255, 0, 0]),
        _ => Rgb([0, 255, 0]),
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 100)
        .encode(picture.as_raw(), 480, 640, ExtendedColorType::Rgb8)
        .unwrap();
    bytes.into()
}

fn person(name: &str, photo: Arc<[u8]>) -> Person {
    Person {
        name: name.to_owned(),
        student_number: "20210001030".to_owned(),
        college: "计算机学院".to_owned(),
        class_name: "软件2101班".to_owned(),
        sheet_code: "000015-20240220115644602".to_owned(),
        photo,
    }
}

fn is_photo(pixel: &Rgb<u8>) -> bool {
    let (max, min) = (pixel.0.iter().max().unwrap(), pixel.0.iter().min().unwrap());
    max - min > 128
}

/// Every paper with every set that fits it.
fn all(change: impl Fn(&mut Arrangement)) -> Vec<(String, Arrangement)> {
    let sets = [
        ("five", Set::five()),
        ("four and eight", Set::four_and_eight()),
        ("as many as fit", Set::Fill(PrintSize::DIPLOMA)),
    ];
    let mut all = Vec::new();
    for (paper_name, paper) in Paper::PRESETS {
        for (set_name, set) in &sets {
            let mut wish = Arrangement::new(paper, set.clone());
            change(&mut wish);
            if wish.layout().is_ok() {
                all.push((format!("{set_name} on {paper_name}"), wish));
            }
        }
    }
    assert!(all.len() >= 10, "{} arrangements", all.len());
    all
}

#[test]
fn printed_millimetres_are_right() {
    const DPI: u32 = 600;
    const TOLERANCE_MM: f64 = 0.1;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.pdf");
    let photo = target();
    for (name, wish) in all(|wish| wish.marks.cut = false) {
        let layout = wish.layout().unwrap();
        tools::write(&Sheets::new(wish), &[person("王小明", Arc::clone(&photo))], &file);
        let picture = tools::render(&file, 1, DPI);
        let px = |mm: f64| mm * f64::from(DPI) / 25.4;
        let mm = |px: u32| (f64::from(px) + 0.5) * 25.4 / f64::from(DPI);
        assert!((f64::from(picture.width()) - px(layout.width_mm)).abs() <= 1.0, "{name}: width of the page");
        assert!(
            (f64::from(picture.height()) - px(layout.height_mm)).abs() <= 1.0,
            "{name}: height of the page"
        );

        // Colour is where photos are, and nowhere else.
        let slots: Vec<Rect> = layout.slots().map(|slot| slot.photo).collect();
        let within = |rect: &Rect, x: f64, y: f64| {
            x > rect.x_mm && x < rect.right_mm() && y > rect.y_mm && y < rect.bottom_mm()
        };
        let (inner, outer): (Vec<Rect>, Vec<Rect>) =
            slots.iter().map(|slot| (slot.inset(TOLERANCE_MM), slot.inset(-TOLERANCE_MM))).unzip();
        for (x, y, pixel) in picture.enumerate_pixels() {
            let (x_mm, y_mm) = (mm(x), mm(y));
            if is_photo(pixel) {
                assert!(outer.iter().any(|slot| within(slot, x_mm, y_mm)), "{name}: colour at {x_mm} {y_mm}");
            } else if inner.iter().any(|slot| within(slot, x_mm, y_mm)) {
                // Between red and green no channel leads for a pixel or two.
                let grey = pixel.0.iter().all(|&part| part > 200) || pixel.0.iter().all(|&part| part < 50);
                assert!(!grey, "{name}: no photo at {x_mm} {y_mm}");
            }
        }

        // Red meets green in the middle of each slot, and the blue band is a tenth of the photo: nothing is
        // stretched, and both sides are cut evenly.
        let at = |x_mm: f64, y_mm: f64| picture.get_pixel(px(x_mm) as u32, px(y_mm) as u32).0;
        for slot in layout.slots() {
            let (wide, high) = (slot.size.width_mm(), slot.size.height_mm());
            let scale = (wide / 480.0).max(high / 640.0);
            let band = 64.0 * scale - (640.0 * scale - high) / 2.0;
            let point = |along: f64, below: f64| match slot.turn {
                Turn::Up => at(slot.photo.x_mm + along, slot.photo.y_mm + below),
                Turn::Left => at(slot.photo.x_mm + below, slot.photo.bottom_mm() - along),
                other => panic!("{other:?}"),
            };
            let middle = wide / 2.0;
            let lead = |pixel: [u8; 3]| (0..3).max_by_key(|&part| pixel[part]).unwrap();
            assert_eq!(lead(point(middle - TOLERANCE_MM - 0.05, high * 0.6)), 0, "{name}: {slot:?}");
            assert_eq!(lead(point(middle + TOLERANCE_MM + 0.05, high * 0.6)), 1, "{name}: {slot:?}");
            assert_eq!(lead(point(wide * 0.25, band - TOLERANCE_MM - 0.05)), 2, "{name}: {slot:?}");
            assert_eq!(lead(point(wide * 0.25, band + TOLERANCE_MM + 0.05)), 0, "{name}: {slot:?}");
        }
    }
}

#[test]
fn photos_are_in_the_file_byte_for_byte_and_fine_enough() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.pdf");
    let photos: Vec<Arc<[u8]>> = (1..=4).map(|seed| drawn::drawn(seed, 480, 640, 90)).collect();
    let people: Vec<Person> = photos.iter().map(|photo| person("王小明", Arc::clone(photo))).collect();
    let mut wish = Arrangement::new(Paper::A4, Set::four_and_eight());
    wish.several = true;
    tools::write(&Sheets::new(wish), &people, &file);
    tools::run(Command::new("pdfimages").arg("-all").arg(&file).arg(folder.path().join("photo")));
    let found: BTreeSet<Vec<u8>> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    assert_eq!(found, photos.iter().map(|photo| photo.to_vec()).collect());

    let list = tools::run(Command::new("pdfimages").arg("-list").arg(&file));
    let rows: Vec<Vec<&str>> = list.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows.len(), 4 * 12);
    for row in rows {
        let (x_ppi, y_ppi): (u32, u32) = (row[12].parse().unwrap(), row[13].parse().unwrap());
        assert!(x_ppi >= 300 && x_ppi.abs_diff(y_ppi) <= 1, "{row:?}");
    }
}

/// Names whose characters fonts often lack; the last one is in no font of ours.
const NAMES: [&str; 5] = ["王小明", "陈㛃", "刘𬭛", "龚䶮", "张𠮷"];

#[test]
fn names_can_be_searched_and_a_missing_character_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.pdf");
    let photo = drawn::drawn(1, 480, 640, 60);
    let people: Vec<Person> = NAMES.iter().map(|name| person(name, Arc::clone(&photo))).collect();
    for caption in [Caption::Under, Caption::Back] {
        let mut wish = Arrangement::new(Paper::SIX_INCH, Set::five());
        wish.marks.caption = caption;
        let sheets = Sheets::new(wish);
        tools::write(&sheets, &people, &file);
        let text = tools::text(&file);
        for name in ["王小明", "陈㛃", "刘𬭛", "龚䶮", "张〓"] {
            // Five under or behind the photos, one in the strip.
            assert_eq!(text.matches(name).count(), 6, "{caption:?}: {name}");
        }
        assert!(text.contains("20210001030") && text.contains("计算机学院"));
        let mut volumes: Vec<Vec<u8>> = Vec::new();
        let people = people.iter().cloned().map(Ok::<_, std::io::Error>);
        let report = sheets.write(&tools::face(), people, &mut volumes, |_| ()).unwrap();
        assert_eq!(report.missing.len(), 1);
        assert_eq!(report.missing[0].characters.iter().collect::<String>(), "𠮷");
        let kept = std::fs::read(&file).unwrap();
        assert!(volumes == [kept], "the same students make the same bytes");
    }
    let fonts = tools::run(Command::new("pdffonts").arg(&file));
    let row: Vec<&str> = fonts.lines().nth(2).unwrap().split_whitespace().collect();
    assert!(row[0].starts_with("CXHANS+") && row.contains(&"Identity-H"), "{fonts}");
    assert_eq!(
        row[row.len() - 5..row.len() - 2],
        ["yes", "yes", "yes"],
        "embedded, subset, Unicode: {fonts}"
    );
    assert!(std::fs::metadata(&file).unwrap().len() < 300_000);
}

fn duplex(paper: Paper, set: Set, folder: &Path) {
    const DPI: u32 = 150;
    let file = folder.join("duplex.pdf");
    let mut wish = Arrangement::new(paper, set);
    wish.marks.caption = Caption::Back;
    let layout = wish.layout().unwrap();
    tools::write(&Sheets::new(wish), &[person("王小明", target())], &file);
    assert!(String::from_utf8_lossy(&std::fs::read(&file).unwrap()).contains("/DuplexFlipLongEdge"));
    let (front, back) = (tools::render(&file, 1, DPI), tools::render(&file, 2, DPI));
    assert_eq!(front.dimensions(), back.dimensions());
    let mut inked = vec![0; layout.prints()];
    for (x, y, pixel) in back.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] < 128) {
        let mm = |px: u32| (f64::from(px) + 0.5) * 25.4 / f64::from(DPI);
        // Turned over its long edge.
        let (x_mm, y_mm) = if layout.width_mm > layout.height_mm {
            (mm(x), layout.height_mm - mm(y))
        } else {
            (layout.width_mm - mm(x), mm(y))
        };
        let slot = layout
            .slots()
            .position(|slot| slot.photo.inset(1.0).contains(&Rect::new(x_mm, y_mm, 0.0, 0.0)))
            .unwrap_or_else(|| panic!("{pixel:?} at {x_mm} {y_mm} is behind no photo"));
        let seen =
            front.get_pixel((x_mm * f64::from(DPI) / 25.4) as u32, (y_mm * f64::from(DPI) / 25.4) as u32);
        assert!(is_photo(seen), "{x_mm} {y_mm}");
        inked[slot] += 1;
    }
    assert!(inked.iter().all(|&count| count > 100), "{inked:?}");
}

#[test]
fn the_back_is_behind_its_photo() {
    let folder = tempfile::tempdir().unwrap();
    duplex(Paper::A4, Set::five(), folder.path());
    duplex(Paper::SIX_INCH, Set::four_and_eight(), folder.path());
    duplex(Paper::FIVE_INCH, Set::five(), folder.path());
}

#[test]
fn nothing_stands_in_the_margins_and_codes_are_read() {
    const DPI: u32 = 300;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sheet.pdf");
    let photo = drawn::drawn(1, 480, 640, 80);
    for (name, wish) in all(|wish| wish.marks.cut = true) {
        let layout = wish.layout().unwrap();
        let paper = wish.paper;
        tools::write(&Sheets::new(wish), &[person("阿卜杜热依木·麦麦提图尔荪", Arc::clone(&photo))], &file);
        let picture = tools::render(&file, 1, DPI);
        let room = tools::printable(&paper, layout.width_mm, layout.height_mm);
        tools::white_outside(&picture, DPI, &room, &name);
        let px = |mm: f64| (mm * f64::from(DPI) / 25.4).round() as u32;
        let code = layout.blocks[0].code;
        let (x, y) = (px(code.x_mm - 1.2), px(code.y_mm - 1.2));
        let crop = image::imageops::crop_imm(&picture, x, y, px(10.0), px(10.0)).to_image();
        let grey = image::imageops::grayscale(&crop);
        let read = QrReader::new()
            .read(grey.width(), grey.height(), grey.as_raw(), Duration::from_secs(5))
            .unwrap_or_else(|| panic!("{name}: no code"));
        assert_eq!(read.as_slice(), b"000015-20240220115644602", "{name}");
    }
}
