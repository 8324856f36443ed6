//! The commands that build and run something: the finished photos, the tests, the harnesses, the checks of CI.

use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::digest::{self, Found};
use crate::fetch::{self, Network};
use crate::manifest::{Catalogue, Need, PackageFile};
use crate::place::{CACHE_VARIABLE, Place};
use crate::progress::seconds;
use crate::{built, setup, ui};

const DEMO_PRESET: &str = "chsi";

/// Builds the command-line program and processes the demonstration portraits, or what `arguments` say.
pub(crate) fn photos(place: &Place, catalogue: &Catalogue, arguments: &[String]) -> Result<ExitCode> {
    setup::run(place, catalogue, &[Need::Run], Network::Allowed)?;
    let mut program = cargo(place);
    program.args(["run", "--release", "--package", "caixiang-cli", "--bin", "caixiang", "--"]);
    if !arguments.is_empty() {
        program.args(arguments);
        return Ok(exit_code(status(program)?));
    }

    let results = place.repo.join("out/photos");
    program.arg("photo").args(catalogue.demo.photos.iter().map(|photo| place.cached(photo)));
    program.arg("-o").arg(&results).args(["--preset", DEMO_PRESET]);
    program.arg("--explain").arg(results.join("explain"));
    let code = status(program)?;
    println!("\nThe finished photos and what the checks found: {}", results.display());
    println!("Each stage as a picture:                       {}", results.join("explain").display());
    match code {
        0 => println!("Every photo meets the preset `{DEMO_PRESET}`."),
        1 => println!(
            "Some photos do not meet the preset `{DEMO_PRESET}` (exit code 1): their findings say why."
        ),
        other => bail!("building or running `caixiang` failed (exit code {other})"),
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs every test of the workspace and of the page; `arguments` go to `cargo test`.
pub(crate) fn test(place: &Place, catalogue: &Catalogue, arguments: &[String]) -> Result<ExitCode> {
    let begun = Instant::now();
    setup::run(place, catalogue, &[Need::Run, Need::Accuracy, Need::Test], Network::Allowed)?;
    ui::build(place)?;
    ui::script(place, "the page's own tests pass", "test")?;
    build_tests(place)?;
    let mut tests = cargo(place);
    tests.args(["test", "--workspace"]).args(arguments);
    let code = status(tests)?;
    println!("set-up, build and tests: {}", seconds(begun.elapsed()));
    Ok(exit_code(code))
}

/// Builds the tests, and the kiosk that those of the window start: `cargo test` alone would not build it. With one
/// command, so that all is built with the same features and nothing twice.
pub(crate) fn build_tests(place: &Place) -> Result<()> {
    let build = ["build", "--workspace", "--tests", "--bin", "caixiang-kiosk"];
    check(place, "programs and tests are built", &build)
}

/// Runs one of the programs of the tests package, in release mode.
pub(crate) fn harness(
    place: &Place,
    catalogue: &Catalogue,
    name: &str,
    arguments: &[String],
) -> Result<ExitCode> {
    setup::run(place, catalogue, &[Need::Run, Need::Accuracy], Network::Allowed)?;
    let mut program = cargo(place);
    program.args(["run", "--release", "--package", "caixiang-tests", "--bin", name, "--"]).args(arguments);
    Ok(exit_code(status(program)?))
}

/// Everything a submission must pass.
pub(crate) fn ci(place: &Place, catalogue: &Catalogue) -> Result<ExitCode> {
    let needs = [Need::Run, Need::Accuracy, Need::Test, Need::Ci];
    check(place, "the code is formatted", &["fmt", "--all", "--check"])?;
    setup::run(place, catalogue, &needs, Network::Allowed)?;
    // The window's program carries the page in it and does not compile without.
    ui::build(place)?;
    ui::script(place, "the page's lints are quiet", "lint")?;
    ui::script(place, "the page's types are right", "check")?;
    let lints = ["clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"];
    check(place, "the lints are quiet", &lints)?;
    deny(place, catalogue)?;
    test(place, catalogue, &["--locked".to_owned()])
}

pub(crate) fn check(place: &Place, what: &str, arguments: &[&str]) -> Result<()> {
    println!("\n== {what}: cargo {}", arguments.join(" "));
    let begun = Instant::now();
    let mut command = cargo(place);
    command.args(arguments);
    let code = status(command)?;
    if code != 0 {
        bail!("`cargo {}` failed (exit code {code})", arguments.join(" "));
    }
    println!("== {}", seconds(begun.elapsed()));
    Ok(())
}

/// Licences, sources and layers. Advisories are not checked: their database is fetched from a place that only a
/// machine on the open network reaches (`cargo deny check advisories` there).
fn deny(place: &Place, catalogue: &Catalogue) -> Result<()> {
    println!(
        "\n== licences, sources and layers: cargo deny check bans licenses sources (no advisories: no network)"
    );
    let mut deny = Command::new(deny_program(place, catalogue)?);
    deny.args(["--locked", "check", "--hide-inclusion-graph"]);
    // The layers name crates that are still to come.
    deny.args(["--allow", "unused-wrapper", "bans", "licenses", "sources"]).current_dir(&place.repo);
    match status(deny)? {
        0 => Ok(()),
        code => bail!("`cargo deny` failed (exit code {code})"),
    }
}

/// The pinned program of the manifest, or where there is none for this system, one that cargo builds.
fn deny_program(place: &Place, catalogue: &Catalogue) -> Result<PathBuf> {
    let listed = format!("tools/{}", built::CARGO_DENY.name);
    let pinned = catalogue.packages.iter().filter(|package| package.is_for_this_host());
    let pinned = pinned.flat_map(|package| &package.files).find(|file| file.to == listed);
    if let Some(PackageFile { to, sha256, .. }) = pinned
        && digest::look(&place.cached(to), sha256)? == Found::Good
    {
        return Ok(place.cached(to));
    }
    built::CARGO_DENY.provide(place, Network::Allowed).context("there is no cargo-deny")
}

/// How programs are built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

/// The folder that cargo puts programs in.
pub(crate) fn programs(place: &Place, profile: Profile) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let mut metadata = cargo(place);
    let output = metadata
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .context("cargo cannot be started")?;
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("`cargo metadata` gave no metadata")?;
    let folder = match profile {
        Profile::Dev => "debug",
        Profile::Release => "release",
    };
    Ok(metadata.target_directory.join(folder))
}

/// Cargo in the repository, with the cache said to what it starts.
pub(crate) fn cargo(place: &Place) -> Command {
    let mut command = fetch::cargo();
    command.current_dir(&place.repo).env(CACHE_VARIABLE, &place.cache);
    command
}

pub(crate) fn status(mut command: Command) -> Result<i32> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("`{program}` cannot be started"))?;
    status.code().with_context(|| format!("`{program}` was killed ({status})"))
}

pub(crate) fn exit_code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}
