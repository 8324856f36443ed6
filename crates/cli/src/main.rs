//! `caixiang`: finished certificate photos, checks and cut-outs from a terminal.

mod args;
mod batch;
mod check;
mod cutout;
mod demo_frames;
mod explain;
mod fault;
mod inputs;
mod models;
mod output;
mod photo;
mod presets;
mod report;
mod words;

use std::process::ExitCode;

use args::Task;
use fault::Fault;
use words::Words;

/// Wrong usage or an installation that is not complete; what clap itself exits with.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let words = Words::of(args::language());
    run(&words).unwrap_or_else(|fault| {
        report::complain(&words, &fault);
        ExitCode::from(USAGE)
    })
}

fn run(words: &Words) -> Result<ExitCode, Fault> {
    output::stop_gently(words.text("cli/interrupted").to_owned());
    match args::parse(words) {
        Task::Photo(args) => photo::run(&args, words),
        Task::Check(args) => check::run(&args, words),
        Task::Presets(args) => presets::run(&args, words),
        Task::Cutout(args) => cutout::run(&args, words),
        Task::DemoFrames(args) => demo_frames::run(&args),
    }
}
