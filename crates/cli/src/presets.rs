//! `caixiang presets`: what each preset asks for, in words and numbers. Also finds the preset that a command names.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::Path;
use std::process::ExitCode;

use caixiang_domain::{Check, Preset, Unit};
use caixiang_portrait::{builtin_preset, builtin_preset_ids, load_preset};
use serde::Serialize;

use crate::args::{Format, PresetsArgs};
use crate::fault::Fault;
use crate::report::{self, unit_code};
use crate::words::{Language, Words, amount};

/// The preset that `--preset` names: a `.toml` file or a path, otherwise a built-in one.
pub(crate) fn find(asked: &Path) -> Result<Preset, Fault> {
    let is_file =
        asked.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) || asked.components().count() > 1;
    let found = if is_file { load_preset(asked) } else { builtin_preset(&asked.to_string_lossy()) };
    found.map_err(|error| Fault::of_preset(&error, asked))
}

pub(crate) fn run(args: &PresetsArgs, words: &Words) -> Result<ExitCode, Fault> {
    let presets = match &args.id {
        Some(id) => vec![find(id)?],
        None => builtin_preset_ids().map(|id| find(Path::new(id))).collect::<Result<_, _>>()?,
    };
    let texts: Vec<_> = presets
        .iter()
        .map(|preset| match args.report {
            Format::Table => in_words(preset, words),
            Format::Json => serde_json::to_string(&PresetRow::of(preset, words)).unwrap_or_default() + "\n",
        })
        .collect();
    let between = if args.report == Format::Table { "\n" } else { "" };
    match report::print(&texts.join(between)) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Fault::new("report.failed").because(&error))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn name<'a>(preset: &'a Preset, words: &Words) -> &'a str {
    match words.language() {
        Language::Zh => &preset.parts().name_zh,
        Language::En => &preset.parts().name_en,
    }
}

fn in_words(preset: &Preset, words: &Words) -> String {
    let parts = preset.parts();
    let bytes = |count: u64| amount(Unit::Byte, count as f64);
    let backdrops: Vec<_> = parts.backdrops.iter().map(|b| format!("{} {}", b.name, b.colour)).collect();
    let list = words.list(&backdrops);
    let (least, most) = (bytes(parts.jpeg.min_bytes), bytes(parts.jpeg.max_bytes));
    let level = amount(Unit::Degree, parts.max_level_deg);
    let size: [(&str, &dyn Display); 3] =
        [("width", &parts.width_px), ("height", &parts.height_px), ("dpi", &parts.dpi)];
    let mut lines = vec![
        format!("{}  {}", parts.id, name(preset, words)),
        words.fill("cli/preset_source", &[("source", &parts.source)]),
        words.fill("cli/preset_size", &size),
        words.fill(
            "cli/preset_file",
            &[("quality", &parts.jpeg.min_quality), ("min", &least), ("max", &most)],
        ),
        words.fill("cli/preset_backdrops", &[("list", &list)]),
        words.fill("cli/preset_level", &[("degrees", &level)]),
    ];
    if parts.windows.hair_yields {
        lines.push(words.text("cli/preset_hair_yields").to_owned());
    }
    lines.push(words.text("cli/preset_rules").to_owned());
    for &check in Check::ALL {
        if let Some(rule) = preset.rule(check) {
            lines.push(format!("  {}  [{check}]", report::limits(words, (check, rule))));
        }
    }
    lines.join("\n    ") + "\n"
}

#[derive(Serialize)]
struct PresetRow<'a> {
    id: &'a str,
    name: &'a str,
    source: &'a str,
    width_px: u32,
    height_px: u32,
    dpi: u16,
    min_quality: u8,
    min_bytes: u64,
    max_bytes: u64,
    max_level_deg: f64,
    hair_yields: bool,
    backdrops: Vec<BackdropRow<'a>>,
    rules: Vec<RuleRow<'a>>,
}

#[derive(Serialize)]
struct BackdropRow<'a> {
    name: &'a str,
    colour: String,
}

#[derive(Serialize)]
struct RuleRow<'a> {
    check: &'static str,
    name: &'a str,
    unit: &'static str,
    min: Option<f64>,
    max: Option<f64>,
    doubt: f64,
    severity: &'static str,
}

impl<'a> PresetRow<'a> {
    fn of(preset: &'a Preset, words: &'a Words) -> Self {
        let parts = preset.parts();
        let rules = Check::ALL.iter().filter_map(|&check| {
            let rule = preset.rule(check)?;
            Some(RuleRow {
                check: check.code(),
                name: words.check(check),
                unit: unit_code(check.unit()),
                min: rule.min,
                max: rule.max,
                doubt: rule.doubt,
                severity: rule.severity.code(),
            })
        });
        Self {
            id: &parts.id,
            name: name(preset, words),
            source: &parts.source,
            width_px: parts.width_px,
            height_px: parts.height_px,
            dpi: parts.dpi,
            min_quality: parts.jpeg.min_quality,
            min_bytes: parts.jpeg.min_bytes,
            max_bytes: parts.jpeg.max_bytes,
            max_level_deg: parts.max_level_deg,
            hair_yields: parts.windows.hair_yields,
            backdrops: parts
                .backdrops
                .iter()
                .map(|backdrop| BackdropRow { name: &backdrop.name, colour: backdrop.colour.to_string() })
                .collect(),
            rules: rules.collect(),
        }
    }
}
