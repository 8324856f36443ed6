//! `cargo xtask`: the project's own commands, from a bare machine to a tested build.

mod archive;
mod built;
mod center;
mod client;
mod digest;
mod doctor;
mod fetch;
mod install;
mod kiosk;
mod manifest;
mod measure;
mod models;
mod place;
mod platform;
mod progress;
mod quantise;
mod setup;
mod tools;
mod ui;
mod venv;
mod work;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::fetch::Network;
use crate::manifest::{Catalogue, Need};
use crate::measure::{Fault, Table};
use crate::place::Place;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install tools, fetch models, runtime, fonts and test photos, make the int8 model; quick when all is there
    Setup {
        /// Download nothing: use only what was downloaded before
        #[arg(long)]
        offline: bool,
        /// Only what one purpose needs; without it, what running and testing need
        #[arg(long, value_enum)]
        only: Option<Need>,
    },
    /// Say what is there, what is missing and how to get it
    Doctor,
    /// Look at the fetched files, or copy them for a machine without a network
    #[command(subcommand)]
    Models(Models),
    /// Open the kiosk's window with a demonstration session; a plugged-in camera is used, otherwise portraits are shown
    Run {
        /// Over the whole screen, not in a window
        #[arg(long)]
        fullscreen: bool,
        /// Arguments for the kiosk
        #[arg(last = true)]
        arguments: Vec<OsString>,
    },
    /// Run the centre with a PostgreSQL of its own and a folder of blobs, both under `out/center`
    Center {
        /// Where to listen
        #[arg(long, default_value = "127.0.0.1:8480")]
        listen: String,
    },
    /// Build the kiosk's page; quick when nothing changed
    Ui,
    /// Process the demonstration portraits; arguments after `--` go to `caixiang` instead
    Photos {
        /// Arguments for `caixiang`
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Run every test of the workspace and of the page
    Test(Rest),
    /// Measure speed and memory: of photos, of the store, of the kiosk's window, of sheets and hand-overs
    Bench {
        /// One table only
        table: Option<Table>,
        /// Arguments for its program
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Measure how well faces, edges and checks are judged
    Accuracy(Rest),
    /// Broken files and broken machines, for long: the suite tries each briefly
    Faults {
        /// One kind only
        fault: Option<Fault>,
        /// Arguments for the program that breaks photos
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Photograph every screen for the documents
    Screens,
    /// Put before and after of the test photos on one picture
    ContactSheet(Rest),
    /// Everything a submission must pass
    Ci,
}

#[derive(Subcommand)]
enum Models {
    /// Every file with its licence and where it comes from
    List,
    /// Check the digest of every file
    Verify,
    /// Copy models, runtime and fonts to a folder; CAIXIANG_CACHE=<folder> then works without a network
    CopyTo {
        /// The folder, made if need be
        folder: PathBuf,
        /// Copy the test photos too
        #[arg(long)]
        with_photos: bool,
    },
    /// Where the cache is
    Path,
}

#[derive(clap::Args)]
struct Rest {
    /// Arguments for the program
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let place = Place::find()?;
    let catalogue = Catalogue::read(&place.repo)?;
    match arguments.command {
        Task::Setup { offline, only } => {
            let needs = only.map_or_else(|| vec![Need::Run, Need::Accuracy, Need::Test], |need| vec![need]);
            let network = if offline { Network::Offline } else { Network::Allowed };
            setup::run(&place, &catalogue, &needs, network)?;
        }
        Task::Doctor => return doctor::run(&place, &catalogue),
        Task::Models(Models::List) => models::list(&catalogue),
        Task::Models(Models::Verify) => return models::verify(&place, &catalogue),
        Task::Models(Models::CopyTo { folder, with_photos }) => {
            models::copy_to(&place, &catalogue, &folder, with_photos)?;
        }
        Task::Models(Models::Path) => println!("{}", place.cache.display()),
        Task::Run { fullscreen, arguments } => {
            return kiosk::run(&place, &catalogue, fullscreen, &arguments);
        }
        Task::Center { listen } => return center::run(&place, &catalogue, &listen),
        Task::Ui => ui::build(&place)?,
        Task::Photos { arguments } => return work::photos(&place, &catalogue, &arguments),
        Task::Test(rest) => return work::test(&place, &catalogue, &rest.arguments),
        Task::Bench { table, arguments } => return measure::bench(&place, &catalogue, table, &arguments),
        Task::Accuracy(rest) => return work::harness(&place, &catalogue, "accuracy", &rest.arguments),
        Task::Faults { fault, arguments } => {
            return measure::faults(&place, &catalogue, fault, &arguments);
        }
        Task::Screens => return measure::screens(&place, &catalogue),
        Task::ContactSheet(rest) => {
            return work::harness(&place, &catalogue, "contact-sheet", &rest.arguments);
        }
        Task::Ci => return work::ci(&place, &catalogue),
    }
    Ok(ExitCode::SUCCESS)
}
