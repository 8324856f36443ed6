//! `caixiang check`: finished photos in, findings out; nothing is written but the sheets of `--explain`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use caixiang_domain::Check;
use caixiang_portrait::{Checked, check_photo};
use sha2::{Digest, Sha256};

use crate::args::CheckArgs;
use crate::explain::Sheets;
use crate::fault::{self, Fault};
use crate::inputs::{self, Input};
use crate::report::{About, Reporter, Row};
use crate::words::Words;
use crate::{batch, models, photo, presets};

pub(crate) fn run(args: &CheckArgs, words: &Words) -> Result<ExitCode, Fault> {
    let preset = presets::find(&args.preset)?;
    let results: Vec<&Path> = args.explain.iter().map(PathBuf::as_path).collect();
    let inputs = inputs::gather(&args.inputs, &results);
    let mut sheets = Sheets::plan(args.explain.as_deref(), &args.inputs, &inputs)?;
    let opened = models::open(&args.machine)?;
    if let Some(sheets) = &mut sheets {
        sheets.prepare(&opened)?;
    }

    let places = |index| sheets.as_ref().and_then(|sheets| Some((sheets, sheets.place(index)?)));
    let tasks: Vec<_> = inputs.into_iter().enumerate().collect();
    let mut reporter = Reporter::new(words, args.report, tasks.len(), About::Checks);
    let work = |(index, input): &(usize, Input)| {
        photo::one(input, words, |row, path| {
            row.preset = Some(preset.parts().id.clone());
            let bytes = fault::read(path)?;
            let checked =
                check_photo(&bytes, &opened.engine, &preset).map_err(|error| Fault::from(&error))?;
            note(row, &bytes, &checked, words);
            if let Some((sheets, place)) = places(*index) {
                sheets.of_check(place, &checked, &preset, words)?;
                row.explanation = Some(fault::report_path(place));
            }
            Ok(())
        })
    };
    batch::in_order(&tasks, opened.workers, work, |row| reporter.take(&row));
    reporter.finish()
}

fn note(row: &mut Row, bytes: &[u8], checked: &Checked, words: &Words) {
    row.sha256 = Some(photo::hex(&Sha256::digest(bytes)));
    row.bytes = Some(bytes.len() as u64);
    let quality = checked.verdict.of(Check::FileQuality).and_then(|finding| finding.value);
    row.quality = quality.map(|quality| quality.clamp(0.0, 100.0) as u8);
    row.judge(words, &checked.verdict);
}
