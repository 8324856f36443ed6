//! `caixiang check`: finished photos in, findings out; nothing is written.

use std::path::Path;
use std::process::ExitCode;

use caixiang_domain::{Check, Preset};
use caixiang_portrait::check_photo;
use caixiang_vision::Engine;
use sha2::{Digest, Sha256};

use crate::args::CheckArgs;
use crate::fault::{self, Fault};
use crate::report::{About, Reporter, Row};
use crate::words::Words;
use crate::{batch, inputs, models, photo, presets};

pub(crate) fn run(args: &CheckArgs, words: &Words) -> Result<ExitCode, Fault> {
    let preset = presets::find(&args.preset)?;
    let inputs = inputs::gather(&args.inputs, None);
    let opened = models::open(&args.machine)?;
    let mut reporter = Reporter::new(words, args.report, inputs.len(), About::Checks);
    let work = |input: &inputs::Input| {
        photo::one(input, words, |row, path| {
            row.preset = Some(preset.parts().id.clone());
            look(row, path, &opened.engine, &preset, words)
        })
    };
    batch::in_order(&inputs, opened.workers, work, |row| reporter.take(&row));
    reporter.finish()
}

fn look(row: &mut Row, path: &Path, engine: &Engine, preset: &Preset, words: &Words) -> Result<(), Fault> {
    let bytes = fault::read(path)?;
    let checked = check_photo(&bytes, engine, preset).map_err(|error| Fault::from(&error))?;
    row.sha256 = Some(photo::hex(&Sha256::digest(&bytes)));
    row.bytes = Some(bytes.len() as u64);
    let quality = checked.verdict.of(Check::FileQuality).and_then(|finding| finding.value);
    row.quality = quality.map(|quality| quality.clamp(0.0, 100.0) as u8);
    row.judge(words, &checked.verdict);
    Ok(())
}
