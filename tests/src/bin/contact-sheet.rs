//! `cargo xtask contact-sheet`: every finished photo of the test set on one sheet, to be looked at one by one.

use std::path::PathBuf;

use ab_glyph::{FontArc, PxScale};
use anyhow::{Context, Result};
use caixiang_portrait::{builtin_preset, make_photo, source};
use caixiang_tests::labels;
use clap::Parser;
use image::{Rgb, RgbImage, imageops};

/// Size of one photo on the sheet, and of the line below it.
const CELL: (u32, u32) = (360, 480);
const LINE: u32 = 52;

#[derive(Parser)]
struct Arguments {
    /// Folder for the sheets.
    #[arg(long, default_value = "out/contact-sheet")]
    out: PathBuf,
    /// The preset.
    #[arg(long, default_value = "chsi")]
    preset: String,
    /// Photos in a row.
    #[arg(long, default_value_t = 6)]
    columns: u32,
    /// Rows on a sheet.
    #[arg(long, default_value_t = 3)]
    rows: u32,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let preset =
        builtin_preset(&arguments.preset).with_context(|| format!("no preset {}", arguments.preset))?;
    let engine = caixiang_tests::engine();
    let font = std::fs::read(caixiang_tests::cache().join("fonts/NotoSansSC-Regular.ttf"))?;
    let font = FontArc::try_from_vec(font).context("the font is damaged")?;
    std::fs::create_dir_all(&arguments.out)?;

    let mut cells = Vec::new();
    for labelled in labels::read()? {
        let bytes = source::read(&caixiang_tests::photo(&labelled.file))?;
        match make_photo(bytes, engine, &preset, preset.default_backdrop().colour) {
            Ok(judged) => {
                let finished = image::load_from_memory(judged.finished().bytes())?.to_rgb8();
                let failed: Vec<&str> = judged.verdict().failures().map(|f| f.check.code()).take(3).collect();
                cells.push((finished, labelled.file, failed.join(" ")));
            }
            Err(error) => println!("{:32} {}", labelled.file, error.code()),
        }
    }
    let a_sheet = (arguments.columns * arguments.rows).max(1) as usize;
    for (number, chunk) in cells.chunks(a_sheet).enumerate() {
        let mut sheet = RgbImage::from_pixel(
            arguments.columns * (CELL.0 + 8),
            arguments.rows * (CELL.1 + LINE),
            Rgb([251, 250, 247]),
        );
        for (index, (photo, name, failed)) in chunk.iter().enumerate() {
            let x = (index as u32 % arguments.columns) * (CELL.0 + 8);
            let y = (index as u32 / arguments.columns) * (CELL.1 + LINE);
            let small = imageops::resize(photo, CELL.0, CELL.1, imageops::FilterType::CatmullRom);
            imageops::replace(&mut sheet, &small, i64::from(x), i64::from(y));
            let mut write = |text: &str, down: u32, size: f32| {
                let (x, y) = (x as i32 + 4, (y + CELL.1 + down) as i32);
                imageproc::drawing::draw_text_mut(
                    &mut sheet,
                    Rgb([28, 36, 48]),
                    x,
                    y,
                    PxScale::from(size),
                    &font,
                    text,
                );
            };
            write(name, 2, 20.0);
            write(failed, 24, 15.0);
        }
        let path = arguments.out.join(format!("sheet-{}.jpg", number + 1));
        sheet.save(&path)?;
        println!("{}", path.display());
    }
    Ok(())
}
