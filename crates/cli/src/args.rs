//! What may stand on the command line. Help is in the message files, like every other sentence.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Arg, ArgAction, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use crate::words::{Language, Words};

#[derive(Parser)]
#[command(name = "caixiang", version, disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true, subcommand_required = true, arg_required_else_help = true)]
struct Line {
    // Read by `language`, before there are words to complain with.
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    #[command(subcommand)]
    task: Task,
}

/// What is to be done.
#[derive(Subcommand)]
pub(crate) enum Task {
    Photo(PhotoArgs),
    Check(CheckArgs),
    Presets(PresetsArgs),
    Cutout(CutoutArgs),
    /// Of use to `cargo xtask run` only.
    #[command(hide = true)]
    DemoFrames(DemoFramesArgs),
}

#[derive(Args)]
pub(crate) struct PhotoArgs {
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,
    #[arg(short, long, default_value = "out", value_name = "DIR")]
    pub(crate) output: PathBuf,
    #[arg(long, default_value = "chsi", value_name = "ID|FILE.toml")]
    pub(crate) preset: PathBuf,
    #[arg(long, value_name = "NAME|#RRGGBB")]
    pub(crate) background: Option<String>,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) report: Format,
    #[arg(long, value_name = "OUT.png|DIR")]
    pub(crate) explain: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Args)]
pub(crate) struct CheckArgs {
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,
    #[arg(long, default_value = "chsi", value_name = "ID|FILE.toml")]
    pub(crate) preset: PathBuf,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) report: Format,
    #[arg(long, value_name = "OUT.png|DIR")]
    pub(crate) explain: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Args)]
pub(crate) struct PresetsArgs {
    #[arg(value_name = "ID|FILE.toml")]
    pub(crate) id: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t)]
    pub(crate) report: Format,
}

#[derive(Args)]
pub(crate) struct CutoutArgs {
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,
    #[arg(short, long, default_value = "out", value_name = "OUT.png|DIR")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) machine: Machine,
}

#[derive(Args)]
pub(crate) struct DemoFramesArgs {
    #[arg(required = true, value_name = "IN")]
    pub(crate) inputs: Vec<PathBuf>,
    #[arg(short, long, value_name = "DIR")]
    pub(crate) output: PathBuf,
}

/// What the models run on.
#[derive(Args)]
pub(crate) struct Machine {
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    #[arg(long, value_name = "DIR")]
    pub(crate) models: Option<PathBuf>,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Table,
    Json,
}

/// Parses the command line; on wrong usage, help or version it prints and ends the program, as clap does.
pub(crate) fn parse(words: &Words) -> Task {
    let matches = command(words).get_matches();
    match Line::from_arg_matches(&matches) {
        Ok(line) => line.task,
        Err(error) => error.exit(),
    }
}

/// The command with its help in the language of the words.
fn command(words: &Words) -> Command {
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let names: Vec<String> = Line::command().get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let root = in_words(Line::command(), words).arg(version.help(words.text("help/arg/version").to_owned()));
    names.iter().fold(root, |command, name| command.mut_subcommand(name, |sub| in_words(sub, words)))
}

fn in_words(command: Command, words: &Words) -> Command {
    let name = command.get_name().to_owned();
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command
        .about(words.text(&format!("help/command/{name}")).to_owned())
        .after_help(words.text(&format!("help/after/{name}")).trim().to_owned())
        .mut_args(|arg| {
            let of_command = format!("help/arg/{name}_{}", arg.get_id());
            let of_all = format!("help/arg/{}", arg.get_id());
            let key = if words.has(&of_command) { of_command } else { of_all };
            arg.help(words.text(&key).to_owned())
        })
        .arg(help.help(words.text("help/arg/help").to_owned()))
        .disable_help_flag(true)
}

/// The language that `--lang` names, otherwise the system's.
///
/// Read before the command line is parsed, because complaints about it are in that language too.
pub(crate) fn language() -> Language {
    asked_for(std::env::args_os()).unwrap_or_else(|| {
        // POSIX: the first that is set decides.
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(std::env::var_os);
        Language::of_locale(&set.into_iter().find(|value| !value.is_empty()).unwrap_or_default())
    })
}

fn asked_for(args: impl Iterator<Item = OsString>) -> Option<Language> {
    let args: Vec<_> = args.map(|arg| arg.to_string_lossy().into_owned()).collect();
    let after = args.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str());
    let joined = || args.iter().find_map(|arg| arg.strip_prefix("--lang="));
    Language::from_str(after.or_else(joined)?, true).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_sound_and_every_part_has_help() {
        for &language in Language::value_variants() {
            let words = Words::of(language);
            let mut command = command(&words);
            command.build();
            command.clone().debug_assert();
            for sub in std::iter::once(&command).chain(command.get_subcommands()) {
                let name = sub.get_name();
                assert!(words.has(&format!("help/command/{name}")), "{name}");
                assert!(words.has(&format!("help/after/{name}")), "{name}");
                for arg in sub.get_arguments() {
                    let id = arg.get_id();
                    let known =
                        words.has(&format!("help/arg/{id}")) || words.has(&format!("help/arg/{name}_{id}"));
                    assert!(known && arg.get_help().is_some(), "{name} {id}");
                }
            }
        }
    }

    #[test]
    fn finds_the_language_on_any_place_of_the_line() {
        let of = |line: &str| asked_for(line.split(' ').map(OsString::from));
        assert_eq!(of("caixiang photo a.jpg --lang zh"), Some(Language::Zh));
        assert_eq!(of("caixiang --lang=en photo"), Some(Language::En));
        assert_eq!(of("caixiang photo --lang"), None);
        assert_eq!(of("caixiang photo --lang fr"), None);
    }
}
