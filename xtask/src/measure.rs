//! The programs that measure and try: bench, accuracy, faults, pictures of every screen.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::fetch::Network;
use crate::manifest::{Catalogue, Need};
use crate::place::{CACHE_VARIABLE, Place};
use crate::work::{self, Profile, cargo, exit_code, status};
use crate::{setup, ui};

/// Kills, power cuts and lost answers of the long run; the suite makes do with a few.
const LONG: [(&str, &str); 6] = [
    ("CAIXIANG_KILLS", "500"),
    ("CAIXIANG_CUTS", "25"),
    ("CAIXIANG_LOST_REPLIES", "200"),
    ("CAIXIANG_SENDER_KILLS", "200"),
    ("CAIXIANG_CENTRE_KILLS", "200"),
    ("CAIXIANG_SYNC_ORDERS", "1000"),
];
const KIOSK: &str = "caixiang-kiosk";
/// Where the pictures of the screens are kept.
const SCREENS: &str = "docs/pictures/screens";

/// A table of the bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Table {
    /// The road of a photo and the live guidance.
    Photo,
    /// Searching, opening and saving among a hundred thousand orders.
    Store,
    /// The kiosk's real window.
    Window,
    /// Sheets and a hand-over of five thousand students.
    Desk,
}

impl Table {
    fn programs(self) -> &'static [Program] {
        match self {
            Self::Photo => &[Program::Own("bench-photo")],
            Self::Store => &[Program::Own("bench-store")],
            Self::Window => &[Program::Own("bench-window")],
            Self::Desk => &[Program::Example("bench-sheets"), Program::Example("bench-handover")],
        }
    }
}

/// A program that prints a table.
#[derive(Debug, Clone, Copy)]
enum Program {
    /// Of the tests.
    Own(&'static str),
    /// An example of a crate.
    Example(&'static str),
}

impl Program {
    /// How cargo is asked for it.
    fn wanted(self) -> [&'static str; 2] {
        match self {
            Self::Own(name) => ["--bin", name],
            Self::Example(name) => ["--example", name],
        }
    }

    /// Where it is among what was built.
    fn path(self, built: &Path) -> PathBuf {
        match self {
            Self::Own(name) => built.join(name),
            Self::Example(name) => built.join("examples").join(name),
        }
    }
}

/// What is tried until it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Fault {
    /// Damaged files, and the road over and over.
    Photo,
    /// Kills, power cuts, a full disk, syncs that fail.
    Store,
    /// Networks that cut, lose and double; a centre that is killed.
    Centre,
}

impl Fault {
    /// The tests that try it.
    fn tests(self) -> &'static [&'static str] {
        match self {
            Self::Photo => &[],
            Self::Store => &["durability", "printers"],
            Self::Centre => &["api", "networks"],
        }
    }
}

/// One table of the bench, or all.
pub(crate) fn bench(
    place: &Place,
    catalogue: &Catalogue,
    only: Option<Table>,
    arguments: &[String],
) -> Result<ExitCode> {
    if only.is_none() && !arguments.is_empty() {
        bail!("arguments are for one table: say which, `cargo xtask bench photo -- …`");
    }
    setup::run(place, catalogue, &[Need::Run, Need::Accuracy, Need::Test], Network::Allowed)?;
    ui::build(place)?;
    // Everything at once: the features are those of the whole workspace, and nothing is built twice.
    let tables = only.map_or_else(|| Table::value_variants().to_vec(), |table| vec![table]);
    let mut build = vec!["build", "--release", "--locked", "--workspace", "--bin", KIOSK];
    let wanted = tables.iter().flat_map(|table| table.programs());
    build.extend(wanted.flat_map(|program| program.wanted()));
    work::check(place, "programs are built", &build)?;
    let programs = work::programs(place, Profile::Release)?;
    for program in tables.iter().flat_map(|table| table.programs()) {
        let mut program = Command::new(program.path(&programs));
        program.args(arguments).current_dir(&place.repo).env(CACHE_VARIABLE, &place.cache);
        program.env("CAIXIANG_KIOSK", programs.join(KIOSK));
        let code = status(program)?;
        if code != 0 {
            return Ok(exit_code(code));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The long versions of what the suite tries briefly.
pub(crate) fn faults(
    place: &Place,
    catalogue: &Catalogue,
    only: Option<Fault>,
    arguments: &[String],
) -> Result<ExitCode> {
    if only.is_none_or(|only| only == Fault::Photo) {
        let code = work::harness(place, catalogue, "faults", arguments)?;
        if only.is_some() || code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    setup::run(place, catalogue, &[Need::Test], Network::Allowed)?;
    let mut tests = cargo(place);
    let chosen = only.map_or_else(|| Fault::value_variants().to_vec(), |only| vec![only]);
    tests.args(["test", "--locked", "--workspace"]);
    tests.args(chosen.iter().flat_map(|fault| fault.tests()).flat_map(|test| ["--test", test]));
    tests.args(["--", "--nocapture"]);
    tests.envs(LONG);
    Ok(exit_code(status(tests)?))
}

/// Every screen in both languages, upright and lying, as pictures for the documents.
pub(crate) fn screens(place: &Place, catalogue: &Catalogue) -> Result<ExitCode> {
    setup::run(place, catalogue, &[Need::Run, Need::Accuracy, Need::Test], Network::Allowed)?;
    ui::build(place)?;
    work::build_tests(place)?;
    let folder: PathBuf = place.repo.join(SCREENS);
    let mut tests = cargo(place);
    tests.args(["test", "--locked", "--workspace", "--test", "all", "--", "--ignored", "looks"]);
    tests.env("CAIXIANG_PICTURES", &folder);
    let code = status(tests)?;
    println!("The pictures: {}", folder.display());
    Ok(exit_code(code))
}
