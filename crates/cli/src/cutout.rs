//! `caixiang cutout`: the person alone, as a transparent PNG at the picture's own size.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caixiang_portrait::cut_out;
use caixiang_vision::Engine;
use image::ExtendedColorType;

use crate::args::{CutoutArgs, Format};
use crate::fault::{self, Fault};
use crate::inputs::{self, Input};
use crate::report::{About, Reporter, Row};
use crate::words::Words;
use crate::{batch, models, output, photo};

pub(crate) fn run(args: &CutoutArgs, words: &Words) -> Result<ExitCode, Fault> {
    let inputs = inputs::gather(&args.inputs, &[&args.output]);
    let (folder, outputs) = output::pictures(&args.inputs, &inputs, &args.output)?;
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

fn cut(row: &mut Row, path: &Path, output: &Path, engine: &Engine) -> Result<(), Fault> {
    let bytes = fault::read(path)?;
    let picture = cut_out(&bytes, engine).map_err(|error| Fault::from(&error))?;
    drop(bytes);
    let png = output::png(picture.as_raw(), picture.dimensions(), ExtendedColorType::Rgba8)
        .map_err(|error| Fault::new("output.failed").at(output).because(&error))?;
    output::write(output, &png)?;
    row.output = Some(fault::report_path(output));
    row.bytes = Some(png.len() as u64);
    Ok(())
}
