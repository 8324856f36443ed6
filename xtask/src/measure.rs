//! The programs that measure and try: bench, accuracy, faults, pictures of every screen.

use std::path::PathBuf;
use std::process::{Command, ExitCode};

use anyhow::{Result, bail};
use clap::ValueEnum;

use crate::fetch::Network;
use crate::manifest::{Catalogue, Need};
use crate::place::{CACHE_VARIABLE, Place};
use crate::work::{self, Profile, cargo, exit_code, status};
use crate::{setup, ui};

/// Kills, power cuts and lost answers of the long run; the suite makes do with a few.
const LONG: [(&str, &str); 4] = [
    ("CAIXIANG_KILLS", "500"),
    ("CAIXIANG_CUTS", "25"),
    ("CAIXIANG_LOST_REPLIES", "200"),
    ("CAIXIANG_SENDER_KILLS", "200"),
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
}

impl Table {
    fn program(self) -> &'static str {
        match self {
            Self::Photo => "bench-photo",
            Self::Store => "bench-store",
            Self::Window => "bench-window",
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
    build.extend(tables.iter().flat_map(|table| ["--bin", table.program()]));
    work::check(place, "programs are built", &build)?;
    let programs = work::programs(place, Profile::Release)?;
    for table in tables {
        let mut program = Command::new(programs.join(table.program()));
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
    if only != Some(Fault::Store) {
        let code = work::harness(place, catalogue, "faults", arguments)?;
        if only.is_some() || code != ExitCode::SUCCESS {
            return Ok(code);
        }
    }
    setup::run(place, catalogue, &[Need::Test], Network::Allowed)?;
    let mut tests = cargo(place);
    tests.args([
        "test",
        "--locked",
        "--workspace",
        "--test",
        "durability",
        "--test",
        "printers",
        "--",
        "--nocapture",
    ]);
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
