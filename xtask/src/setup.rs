//! `setup`: the system's tools, then every file of the manifests, then the int8 model. Doing it again is quick.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::fetch::Network;
use crate::manifest::{Catalogue, Need, this_host};
use crate::place::{self, Place};
use crate::progress::{Steps, megabytes, seconds};
use crate::quantise::{self, Standing};
use crate::tools::{self, Tool};
use crate::{built, install, platform};

/// Brings the cache to what these needs ask for. What fails is said at the end, with the way to get it.
pub(crate) fn run(place: &Place, catalogue: &Catalogue, needs: &[Need], network: Network) -> Result<()> {
    let begun = Instant::now();
    let mut unmet = Vec::new();
    if let Err(error) = provide_tools(needs, network, &mut unmet) {
        unmet.push(format!("system tools: {error:#}"));
    }
    if needs.contains(&Need::Test)
        && let Err(error) = built::TAURI_DRIVER.provide(place, network)
    {
        unmet.push(format!("{}: {error:#}", built::TAURI_DRIVER.name));
    }

    for package in catalogue.packages.iter().filter(|package| !package.is_for_this_host()) {
        if package.files.iter().any(|file| file.needed_for == Need::Run && needs.contains(&Need::Run)) {
            unmet.push(format!("{}: models/manifest.toml has none for {}", package.title(), this_host()));
        }
    }
    place::sweep(&place.cache)?;
    place::sweep(&place.downloads())?;
    let plan = install::plan(place, catalogue, needs)?;
    let makes_int8 = needs.contains(&Need::Run) && quantise::look(place, catalogue)? == Standing::ToMake;
    let mut steps = Steps::new(plan.jobs.len() + plan.copies.len() + if makes_int8 { 2 } else { 0 });
    for job in &plan.jobs {
        let package = job.package;
        let what = format!("{} ({})", package.title(), megabytes(package.bytes));
        let step = steps.begin(what, Some(package.bytes));
        match install::run(place, job, network, &step) {
            Ok(()) => step.done(),
            Err(error) => {
                step.failed();
                unmet.push(format!("{}: {error:#}", package.title()));
            }
        }
    }
    for converted in &plan.copies {
        let step = steps.begin(converted.file.as_str(), None);
        match install::copy(place, converted) {
            Ok(()) => step.done(),
            Err(error) => {
                step.failed();
                unmet.push(format!("{error:#}"));
            }
        }
    }
    if makes_int8 {
        make_int8(place, catalogue, network, &mut steps);
    }
    if needs.contains(&Need::Run)
        && let Standing::Otherwise(actual) = quantise::look(place, catalogue)?
    {
        println!(
            "note: this machine made {} with sha256 {actual}, the manifest names {}. Another processor rounds \
             otherwise; the model is used.",
            catalogue.quantised.to, catalogue.quantised.sha256
        );
    }

    if !unmet.is_empty() {
        println!("\nSet-up is not complete:");
        for what in &unmet {
            println!("  - {what}");
        }
        bail!(
            "{} of set-up's steps did not work; run it again to take up from there (is there a network?)",
            unmet.len()
        );
    }
    println!("set-up: everything is in place in {} ({})", place.cache.display(), seconds(begun.elapsed()));
    Ok(())
}

/// A failure here is loud but not fatal: the float model does the same work, more slowly.
fn make_int8(place: &Place, catalogue: &Catalogue, network: Network, steps: &mut Steps) {
    let quantised = &catalogue.quantised;
    if let Err(error) = quantise::make(place, catalogue, network, steps) {
        println!("\n!! {} could not be made: {error:#}", quantised.to);
        println!("!! The float model {} is used instead: as good, but twice as slow.", quantised.from);
        println!("!! It needs Python 3.11 or later with venv and pip; `cargo xtask setup` tries again.\n");
    }
}

fn provide_tools(needs: &[Need], network: Network, unmet: &mut Vec<String>) -> Result<()> {
    let tests = needs.contains(&Need::Test);
    let wanted = tools::missing(tests);
    if wanted.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = wanted.iter().map(|tool| tool.name()).collect();
    println!("system tools: missing {}", names.join(", "));
    let left: Vec<Tool> = if network == Network::Allowed { tools::provide(tests)? } else { wanted };
    for tool in left {
        unmet.push(format!("{} is missing: {}", tool.name(), platform::how_to_install(&[tool])));
    }
    Ok(())
}
