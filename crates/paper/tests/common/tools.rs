//! Poppler and librsvg: what other programs make of our files. A tool that is missing fails the test.

use std::path::{Path, PathBuf};
use std::process::Command;

use caixiang_paper::{Paper, Person, Rect, Sheets, Typeface};
use image::RgbImage;

/// The project's font, where the set-up has put it.
pub(crate) fn font_path() -> PathBuf {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.cache"));
    let cache = std::env::var_os("CAIXIANG_CACHE").map_or_else(beside, PathBuf::from);
    cache
        .join("fonts/NotoSansSC-Regular.ttf")
        .canonicalize()
        .expect("the font is fetched by `cargo xtask setup`")
}

pub(crate) fn face() -> Typeface {
    Typeface::parse(&std::fs::read(font_path()).unwrap()).unwrap()
}

/// Runs a tool to its end and gives what it said.
pub(crate) fn run(command: &mut Command) -> String {
    let name = command.get_program().to_string_lossy().into_owned();
    let output =
        command.output().unwrap_or_else(|error| panic!("{name} of poppler-utils or librsvg2-bin: {error}"));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// One page (from 1) of a file as pixels.
pub(crate) fn render(pdf: &Path, page: usize, dpi: u32) -> RgbImage {
    let stem = pdf.with_extension(format!("{page}-{dpi}"));
    run(Command::new("pdftoppm")
        .args(["-r", &dpi.to_string(), "-f", &page.to_string(), "-singlefile"])
        .arg(pdf)
        .arg(&stem));
    let file = PathBuf::from(format!("{}.ppm", stem.display()));
    let picture = image::open(&file).unwrap().into_rgb8();
    std::fs::remove_file(file).unwrap();
    picture
}

/// The text of a file, as a person copies it.
pub(crate) fn text(pdf: &Path) -> String {
    run(Command::new("pdftotext").args(["-layout"]).arg(pdf).arg("-"))
}

/// Writes a run of sheets as one file.
pub(crate) fn write(sheets: &Sheets, people: &[Person], path: &Path) {
    let mut volumes: Vec<Vec<u8>> = Vec::new();
    let people = people.iter().cloned().map(Ok::<_, std::io::Error>);
    sheets.write(&face(), people, &mut volumes, |_| ()).unwrap();
    assert_eq!(volumes.len(), 1);
    std::fs::write(path, &volumes[0]).unwrap();
}

/// Where the printer may print, on a page of this size on this paper.
pub(crate) fn printable(paper: &Paper, width_mm: f64, height_mm: f64) -> Rect {
    Rect::new(0.0, 0.0, width_mm, height_mm).inset(paper.margin_mm())
}

/// Nothing but white outside of the rectangle, give or take a pixel.
pub(crate) fn white_outside(picture: &RgbImage, dpi: u32, rect: &Rect, what: &str) {
    let px = |mm: f64| mm * f64::from(dpi) / 25.4;
    for (x, y, pixel) in picture.enumerate_pixels() {
        let (x, y) = (f64::from(x), f64::from(y));
        let within = x + 2.0 > px(rect.x_mm)
            && x - 1.0 < px(rect.right_mm())
            && y + 2.0 > px(rect.y_mm)
            && y - 1.0 < px(rect.bottom_mm());
        assert!(within || pixel.0.iter().all(|&part| part > 250), "{what}: ink at pixel {x} {y}");
    }
}
