//! Programs that cargo builds into the cache, where no package of the manifest has them ready.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::fetch::{self, Network};
use crate::place::Place;
use crate::platform;

/// A program of a crate of the same name.
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// Judges licences, sources and layers.
pub(crate) const CARGO_DENY: Program = Program { name: "cargo-deny", version: "0.20.2" };
/// Stands between tests and the driver of the web view.
pub(crate) const TAURI_DRIVER: Program = Program { name: "tauri-driver", version: "2.1.0" };

impl Program {
    /// Where it is, built or not.
    pub(crate) fn path(&self, place: &Place) -> PathBuf {
        place.cached("tools/bin").join(format!("{}{}", self.name, platform::PROGRAM_ENDING))
    }

    /// The program, built now if it is not there.
    pub(crate) fn provide(&self, place: &Place, network: Network) -> Result<PathBuf> {
        let Self { name, version } = self;
        let path = self.path(place);
        if path.is_file() {
            return Ok(path);
        }
        let mut install = fetch::cargo();
        install
            .args(["install", "--locked", name, "--version", version, "--root"])
            .arg(place.cached("tools"));
        if network == Network::Offline {
            install.arg("--offline");
        }
        let status = install.status().context("cargo cannot be started")?;
        if !status.success() || !path.is_file() {
            bail!("it could not be built: cargo install --locked {name} --version {version}");
        }
        Ok(path)
    }
}
