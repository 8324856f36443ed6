//! `caixiang cutout`: the person alone, as a transparent PNG at the picture's own size.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caixiang_portrait::cut_out;
use caixiang_vision::Engine;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::args::{CutoutArgs, Format};
use crate::fault::{self, Fault};
use crate::inputs::{self, Input};
use crate::report::{About, Reporter, Row};
use crate::words::Words;
use crate::{batch, models, output, photo};

pub(crate) fn run(args: &CutoutArgs, words: &Words) -> Result<ExitCode, Fault> {
    let inputs = inputs::gather(&args.inputs, Some(&args.output));
    let (folder, outputs) = places(&args.inputs, &inputs, &args.output)?;
    let opened = models::open(&args.machine)?;
    output::make_folder(&folder)?;

    let tasks: Vec<(Input, PathBuf)> = inputs.into_iter().zip(outputs).collect();
    let mut reporter = Reporter::new(words, Format::Table, tasks.len(), About::Cutouts);
    let work = |(input, output): &(Input, PathBuf)| {
        photo::one(input, words, |row, path| cut(row, path, output, &opened.engine))
    };
    batch::in_order(&tasks, opened.workers, work, |row| reporter.take(&row));
    reporter.finish()
}

/// The folder of the results and their paths.
fn places(named: &[PathBuf], inputs: &[Input], asked: &Path) -> Result<(PathBuf, Vec<PathBuf>), Fault> {
    let is_file = asked.extension().is_some_and(|e| e.eq_ignore_ascii_case("png")) && !asked.is_dir();
    if !is_file {
        return Ok((asked.to_path_buf(), output::plan(inputs, asked, "png")?));
    }
    // One picture in a folder today may be two tomorrow: a file is a place for a file only.
    if inputs.len() != 1 || named.iter().any(|path| path.is_dir()) {
        return Err(Fault::new("output.needs_folder").at(asked));
    }
    let outputs = vec![asked.to_path_buf()];
    output::refuse_inputs(inputs, &outputs)?;
    let folder = asked.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((folder.to_path_buf(), outputs))
}

fn cut(row: &mut Row, path: &Path, output: &Path, engine: &Engine) -> Result<(), Fault> {
    let bytes = fault::read(path)?;
    let picture = cut_out(&bytes, engine).map_err(|error| Fault::from(&error))?;
    drop(bytes);
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Adaptive)
        .write_image(picture.as_raw(), picture.width(), picture.height(), ExtendedColorType::Rgba8)
        .map_err(|error| Fault::new("output.failed").at(output).because(&error))?;
    output::write(output, &png)?;
    row.output = Some(fault::report_path(output));
    row.bytes = Some(png.len() as u64);
    Ok(())
}
