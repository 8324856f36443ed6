//! `caixiang photo`: camera pictures in, finished certificate photos out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use caixiang_domain::{Preset, Rgb};
use caixiang_portrait::{Judged, Operation, make_photo};

use crate::args::PhotoArgs;
use crate::explain::Sheets;
use crate::fault::{self, Fault};
use crate::inputs::{self, Input};
use crate::report::{About, Reporter, Row};
use crate::words::Words;
use crate::{batch, models, output, presets};

pub(crate) fn run(args: &PhotoArgs, words: &Words) -> Result<ExitCode, Fault> {
    let preset = presets::find(&args.preset)?;
    let backdrop = backdrop(&preset, args.background.as_deref())?;
    let results: Vec<&Path> = args.explain.iter().chain([&args.output]).map(PathBuf::as_path).collect();
    let inputs = inputs::gather(&args.inputs, &results);
    let outputs = output::plan(&inputs, &args.output, "jpg")?;
    let mut sheets = Sheets::plan(args.explain.as_deref(), &args.inputs, &inputs)?;
    let opened = models::open(&args.machine)?;
    output::make_folder(&args.output)?;
    if let Some(sheets) = &mut sheets {
        sheets.prepare(&opened)?;
    }

    let places = |index| sheets.as_ref().and_then(|sheets| Some((sheets, sheets.place(index)?)));
    let tasks: Vec<_> = inputs.into_iter().zip(outputs).enumerate().collect();
    let mut reporter = Reporter::new(words, args.report, tasks.len(), About::Photos);
    let work = |(index, (input, output)): &(usize, (Input, PathBuf))| {
        one(input, words, |row, path| {
            row.preset = Some(preset.parts().id.clone());
            row.backdrop = Some(backdrop.to_string());
            let bytes = fault::read(path)?;
            let judged =
                make_photo(bytes, &opened.engine, &preset, backdrop).map_err(|error| Fault::from(&error))?;
            keep(row, output, &judged, words)?;
            if let Some((sheets, place)) = places(*index) {
                sheets.of_photo(place, &judged, words)?;
                row.explanation = Some(fault::report_path(place));
            }
            Ok(())
        })
    };
    batch::in_order(&tasks, opened.workers, work, |row| reporter.take(&row));
    reporter.finish()
}

/// One picture's row, whatever happens: an unusable input, a fault and even a panic end in a row of the report.
pub(crate) fn one(
    input: &Input,
    words: &Words,
    work: impl FnOnce(&mut Row, &Path) -> Result<(), Fault>,
) -> Row {
    let start = Instant::now();
    let mut row = Row::of(input.path());
    let done = match input {
        Input::Unusable { fault, .. } => Err(fault.clone()),
        Input::Picture(path) => catch_unwind(AssertUnwindSafe(|| work(&mut row, path)))
            .unwrap_or_else(|_| Err(Fault::new("photo.internal"))),
    };
    if let Err(fault) = done {
        row.fail(words, &fault);
    }
    row.took(start.elapsed())
}

/// Writes the photo and notes what it is.
fn keep(row: &mut Row, output: &Path, judged: &Judged, words: &Words) -> Result<(), Fault> {
    let finished = judged.finished();
    // Also where checks failed: staff decide, and the row says so.
    output::write(output, finished.bytes())?;
    row.output = Some(fault::report_path(output));
    row.sha256 = Some(hex(finished.sha256()));
    row.bytes = Some(finished.bytes().len() as u64);
    row.quality = finished.operations().iter().rev().find_map(|operation| match operation {
        Operation::Encoded { quality, .. } => Some(*quality),
        _ => None,
    });
    row.operations = finished.operations().iter().map(Into::into).collect();
    row.judge(words, judged.verdict());
    Ok(())
}

/// The colour for `--background`: a backdrop of the preset by name, or any colour; the preset's first by default.
fn backdrop(preset: &Preset, asked: Option<&str>) -> Result<Rgb, Fault> {
    let Some(asked) = asked else { return Ok(preset.default_backdrop().colour) };
    let named = preset.backdrop(asked).map(|backdrop| backdrop.colour);
    named.or_else(|| asked.parse().ok()).ok_or_else(|| {
        let offered: Vec<_> = preset.parts().backdrops.iter().map(|b| b.name.as_str()).collect();
        Fault::new("background.unknown")
            .with("value", asked.chars().take(60).collect::<String>())
            .with("offered", offered.join(", "))
    })
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
