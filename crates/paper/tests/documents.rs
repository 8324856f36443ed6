//! Labels, envelopes, receipts and lists as poppler reads them, and the preview held against the print.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by them")]

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use caixiang_domain::Fen;
use caixiang_paper::{
    Arrangement, Caption, Document, Drawing, Envelope, Language, Mailing, PackedSheet, Paper, PaperError,
    ParcelLabel, Person, Receipt, Set, Sheets, Typeface, envelopes, mailing_list, packing_list,
    parcel_labels, receipts, svg,
};
use image::RgbImage;

#[path = "common/drawn.rs"]
mod drawn;
#[path = "common/tools.rs"]
mod tools;

fn parcel() -> ParcelLabel {
    ParcelLabel {
        school: "莆田学院".to_owned(),
        college: "计算机与信息工程学院".to_owned(),
        class_name: "软件工程2101班".to_owned(),
        students: 42,
        sheets: 43,
        number: 3,
        of: 12,
        code: "000015-P-2024-003".to_owned(),
    }
}

fn envelope() -> Envelope {
    Envelope {
        recipient: "王建国".to_owned(),
        phone: "138 0000 0000".to_owned(),
        address: "福建省莆田市城厢区学园中街1133号莆田学院紫霄校区12号楼304室".to_owned(),
        name: "陈㛃".to_owned(),
        student_number: "20210001030".to_owned(),
        order_number: "000015-20240220115644602".to_owned(),
        sender: "大学生图像信息采集中心".to_owned(),
    }
}

fn receipt() -> Receipt {
    Receipt {
        order_number: "000015-20240220115644602".to_owned(),
        name: "刘𬭛".to_owned(),
        student_number: "20210001030".to_owned(),
        product: "毕业生图像采集（含纸质照片）".to_owned(),
        fee: Fen::new(1350).unwrap(),
        date: "2024-02-20".to_owned(),
        payee: "大学生图像信息采集中心".to_owned(),
    }
}

fn packed(count: usize) -> Vec<PackedSheet> {
    (0..count)
        .map(|index| PackedSheet {
            sheet_code: format!("000015-20240220115644{index:03}"),
            student_number: format!("2021{index:07}"),
            name: "龚䶮".to_owned(),
        })
        .collect()
}

fn mailings(count: usize) -> Vec<Mailing> {
    let envelope = envelope();
    (0..count)
        .map(|index| Mailing {
            order_number: format!("000015-20240220115644{index:03}"),
            student_number: envelope.student_number.clone(),
            name: envelope.name.clone(),
            recipient: envelope.recipient.clone(),
            phone: envelope.phone.clone(),
            address: envelope.address.clone(),
        })
        .collect()
}

/// Every document with its paper and words that must be found in it.
fn all(face: &Typeface, language: Language) -> Vec<(&'static str, Paper, Document, Vec<&'static str>)> {
    let mut all = Vec::new();
    for (name, paper) in [("parcel", Paper::LABEL), ("parcel on A5", Paper::A5)] {
        let label = parcel_labels(face, language, &paper, &[parcel()]).unwrap();
        all.push((name, paper, label, vec!["莆田学院", "软件工程2101班", "42", "43", "000015-P-2024-003"]));
    }
    for (name, paper) in
        [("DL", Paper::DL), ("C5", Paper::C5), ("B6", Paper::B6), ("envelope label", Paper::LABEL)]
    {
        let envelope = envelopes(face, language, &paper, &[envelope()]).unwrap();
        let words = vec!["王建国", "138 0000 0000", "陈㛃", "20210001030", "000015-20240220115644602"];
        all.push((name, paper, envelope, words));
    }
    let receipt = receipts(face, language, &Paper::A5, &[receipt()]).unwrap();
    all.push((
        "receipt",
        Paper::A5,
        receipt,
        vec!["刘𬭛", "13.50", "2024-02-20", "000015-20240220115644602"],
    ));
    let packing = packing_list(face, language, &parcel(), &packed(42)).unwrap();
    all.push(("packing", Paper::A4_LIST, packing, vec!["龚䶮", "20210000041", "000015-20240220115644041"]));
    let mailing = mailing_list(face, language, "2024届", &mailings(30)).unwrap();
    all.push(("mailing", Paper::A4_LYING, mailing, vec!["福建省莆田市", "138 0000 0000", "2024届"]));
    all
}

fn write(document: &Document, face: &Typeface, language: Language, path: &Path) {
    let mut bytes = Vec::new();
    document.write(face, language, &mut bytes).unwrap();
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn every_document_can_be_read_and_keeps_its_margins() {
    const DPI: u32 = 150;
    let (folder, face) = (tempfile::tempdir().unwrap(), tools::face());
    let file = folder.path().join("document.pdf");
    for language in [Language::Zh, Language::En] {
        for (name, paper, document, words) in all(&face, language) {
            assert!(document.missing().is_empty(), "{name}");
            write(&document, &face, language, &file);
            let text = tools::text(&file);
            for word in words {
                assert!(text.contains(word), "{name}: {word} is not in\n{text}");
            }
            for page in 1..=document.pages.len() {
                let picture = tools::render(&file, page, DPI);
                let room = tools::printable(&paper, paper.width_mm(), paper.height_mm());
                tools::white_outside(&picture, DPI, &room, name);
            }
            assert!(
                std::fs::metadata(&file).unwrap().len() < 120_000,
                "{name}: only what is used of the font"
            );
        }
    }
}

#[test]
fn lists_have_their_head_and_number_on_every_page() {
    let (folder, face) = (tempfile::tempdir().unwrap(), tools::face());
    let file = folder.path().join("list.pdf");
    let document = packing_list(&face, Language::Zh, &parcel(), &packed(200)).unwrap();
    write(&document, &face, Language::Zh, &file);
    let text = tools::text(&file);
    let pages = document.pages.len();
    assert!(pages >= 6, "{pages}");
    assert_eq!(text.matches("照片版号").count(), pages);
    assert!((1..=pages).all(|page| text.contains(&format!("第 {page} 页，共 {pages} 页"))));
    assert_eq!(text.matches("000015-20240220115644").count(), 200);
    assert_eq!(text.matches("签收人").count(), 1);
    let empty = packing_list(&face, Language::Zh, &parcel(), &[]).unwrap();
    assert_eq!(empty.pages.len(), 1);
}

#[test]
fn what_is_out_of_bounds_is_refused() {
    let face = tools::face();
    let code = |result: Result<Document, PaperError>| result.map(|_| ()).map_err(|error| error.code());
    let long = ParcelLabel { school: "学".repeat(201), ..parcel() };
    assert_eq!(code(parcel_labels(&face, Language::Zh, &Paper::LABEL, &[long])), Err("paper.too_long"));
    let bad = Envelope { order_number: "订单".to_owned(), ..envelope() };
    assert_eq!(code(envelopes(&face, Language::Zh, &Paper::DL, &[bad])), Err("paper.code"));
    let many = packed(20_001);
    assert_eq!(code(packing_list(&face, Language::Zh, &parcel(), &many)), Err("paper.too_many"));
    let lacking = Receipt { name: "张𠮷".to_owned(), ..receipt() };
    let document = receipts(&face, Language::Zh, &Paper::A5, &[lacking]).unwrap();
    assert_eq!(document.missing().iter().collect::<String>(), "𠮷");
}

/// The preview of a page as librsvg draws it, with our font and no other.
fn preview(page: &Drawing, folder: &Path, dpi: u32) -> RgbImage {
    let (source, target, fonts) =
        (folder.join("preview.svg"), folder.join("preview.png"), folder.join("fonts.conf"));
    std::fs::write(&source, svg(page, |index| format!("photo-{index}.jpg"))).unwrap();
    let cache = folder.join("fontconfig");
    std::fs::write(
        &fonts,
        format!(
            "<fontconfig><dir>{}</dir><cachedir>{}</cachedir></fontconfig>",
            tools::font_path().parent().unwrap().display(),
            cache.display()
        ),
    )
    .unwrap();
    let dpi = dpi.to_string();
    tools::run(
        Command::new("rsvg-convert")
            .env("FONTCONFIG_FILE", &fonts)
            .args(["-d", &dpi, "-p", &dpi, "-f", "png", "-o"])
            .arg(&target)
            .arg(&source),
    );
    image::open(&target).unwrap().into_rgb8()
}

/// How far apart two pixels of one edge may be, of 255: strokes of a letter are as thin as a pixel, and every renderer
/// greys them in its own way.
const LIKE: u32 = 144;

/// Holds print and preview against each other: the mean difference of all pixels, of 255, and the share of strong
/// differences that have no like pixel within 0.2 mm.
fn differences(print: &RgbImage, preview: &RgbImage, dpi: u32) -> (f64, f64) {
    let (width, height) = (print.width().min(preview.width()), print.height().min(preview.height()));
    let far = i64::from((0.2 * f64::from(dpi) / 25.4).floor() as u32);
    let (mut sum, mut strayed) = (0.0, 0_u32);
    let apart =
        |a: [u8; 3], b: [u8; 3]| (0..3).map(|part| u32::from(a[part].abs_diff(b[part]))).max().unwrap();
    for y in 0..height {
        for x in 0..width {
            let here = print.get_pixel(x, y).0;
            let there = preview.get_pixel(x, y).0;
            sum += (0..3).map(|part| f64::from(here[part].abs_diff(there[part]))).sum::<f64>() / 3.0;
            if apart(here, there) <= 96 {
                continue;
            }
            // One has an edge where the other has none: within 0.2 mm each must find its like.
            let like = |wanted: [u8; 3], picture: &RgbImage| {
                (-far..=far).any(|dy| {
                    (-far..=far).any(|dx| {
                        let (x, y) = (i64::from(x) + dx, i64::from(y) + dy);
                        let inside = x >= 0 && y >= 0 && x < i64::from(width) && y < i64::from(height);
                        inside && apart(wanted, picture.get_pixel(x as u32, y as u32).0) <= LIKE
                    })
                })
            };
            if !like(here, preview) || !like(there, print) {
                strayed += 1;
            }
        }
    }
    let count = f64::from(width) * f64::from(height);
    (sum / count, f64::from(strayed) / count)
}

#[test]
fn the_preview_equals_the_print() {
    const DPI: u32 = 300;
    let (folder, face) = (tempfile::tempdir().unwrap(), tools::face());
    let file = folder.path().join("print.pdf");
    let photo = drawn::drawn(3, 480, 640, 90);
    std::fs::write(folder.path().join("photo-0.jpg"), &photo).unwrap();
    let person = Person {
        name: "陈㛃".to_owned(),
        student_number: "20210001030".to_owned(),
        college: "计算机学院".to_owned(),
        class_name: "软件2101班".to_owned(),
        sheet_code: "000015-20240220115644602".to_owned(),
        photo: Arc::clone(&photo),
    };
    for (name, paper, set, caption) in [
        ("5寸", Paper::FIVE_INCH, Set::five(), Caption::Back),
        ("6寸", Paper::SIX_INCH, Set::four_and_eight(), Caption::None),
        ("A4", Paper::A4, Set::five(), Caption::Under),
    ] {
        let mut wish = Arrangement::new(paper, set);
        wish.marks.caption = caption;
        let sheets = Sheets::new(wish);
        let drawings = sheets.preview(&face, std::slice::from_ref(&person)).unwrap();
        tools::write(&sheets, std::slice::from_ref(&person), &file);
        for (index, drawing) in drawings.iter().enumerate() {
            let print = tools::render(&file, index + 1, DPI);
            check(&format!("{name}, page {index}"), &print, &preview(drawing, folder.path(), DPI), DPI);
        }
    }
    for (name, _, document, _) in all(&face, Language::Zh) {
        write(&document, &face, Language::Zh, &file);
        let print = tools::render(&file, 1, DPI);
        check(name, &print, &preview(&document.pages[0], folder.path(), DPI), DPI);
    }
}

/// The tolerance: both sizes equal to a pixel, a mean difference of at most 4 of 255 (pages full of small letters have
/// 3.3: each renderer greys their edges in its own way), and of 100,000 pixels at most one with an edge that the other
/// has not within 0.2 mm.
fn check(name: &str, print: &RgbImage, preview: &RgbImage, dpi: u32) {
    let apart = print.width().abs_diff(preview.width()).max(print.height().abs_diff(preview.height()));
    assert!(apart <= 1, "{name}: {apart} pixels larger or smaller");
    let (mean, strayed) = differences(print, preview, dpi);
    println!("{name}: mean {mean:.3} of 255, {:.1} of 100,000 pixels beyond 0.2 mm", strayed * 1e5);
    assert!(mean <= 4.0, "{name}: mean difference {mean}");
    assert!(strayed <= 1e-5, "{name}: {strayed} of the pixels have no like within 0.2 mm");
    // The measure itself sees a page that is 0.4 mm off.
    let off = (0.4 * f64::from(dpi) / 25.4).round() as u32;
    let (width, height) = preview.dimensions();
    let moved = image::imageops::crop_imm(preview, off, off, width - off, height - off).to_image();
    assert!(differences(print, &moved, dpi).1 > 1e-4, "{name}: 0.4 mm are not seen");
}
