//! What can be said on the command line.

use std::path::PathBuf;

use anyhow::{Context, Result};
use caixiang_booth::Config;
use caixiang_store::Place;
use clap::Parser;

/// Names of the folders below the user's.
const FOLDER: &str = "caixiang";

/// Caixiang: the photo kiosk.
#[derive(Debug, Parser)]
#[command(version, about)]
pub(crate) struct Options {
    /// Folder of orders, photos, backups and logs.
    #[arg(long, env = "CAIXIANG_DATA")]
    data: Option<PathBuf>,
    /// Folder of the secret, where the system keeps none.
    #[arg(long, env = "CAIXIANG_CONFIG")]
    config: Option<PathBuf>,
    /// Folder that `cargo xtask setup` filled: models and their runtime.
    #[arg(long, env = "CAIXIANG_CACHE")]
    cache: Option<PathBuf>,
    /// JPEG files, or folders of them, for the demonstration camera.
    #[arg(long, num_args = 1..)]
    stills: Vec<PathBuf>,
    /// Open the demonstration session where no session is open.
    #[arg(long)]
    demonstration: bool,
    /// Folder that a tethered camera's software drops its files into.
    #[arg(long)]
    watch: Option<PathBuf>,
    /// Do not ask the system's keystore; keep the secret in a file.
    #[arg(long)]
    no_keystore: bool,
    /// In a window, not over the whole screen.
    #[arg(long)]
    pub(crate) windowed: bool,
    /// Size of the window, as 1920x1080.
    #[arg(long, value_parser = size, default_value = "1920x1080")]
    pub(crate) size: (f64, f64),
}

/// Where everything lies.
#[derive(Debug)]
pub(crate) struct Folders {
    pub(crate) data: PathBuf,
    config: PathBuf,
    cache: PathBuf,
}

fn size(text: &str) -> Result<(f64, f64), String> {
    let side = |text: &str| text.parse::<u16>().ok().filter(|&side| side >= 320).map(f64::from);
    let sides = text.split_once('x').and_then(|(width, height)| Some((side(width)?, side(height)?)));
    sides.ok_or_else(|| "a size is width x height in pixels, each at least 320, as 1920x1080".to_owned())
}

impl Options {
    /// The folders as they were given, or the user's own.
    pub(crate) fn folders(&self) -> Result<Folders> {
        let given = |folder: &Option<PathBuf>, own: Option<PathBuf>, what: &str| {
            let own = || own.map(|own| own.join(FOLDER));
            folder
                .clone()
                .or_else(own)
                .with_context(|| format!("this user has no folder for {what}: give one"))
        };
        let folders = Folders {
            data: given(&self.data, dirs::data_local_dir(), "data (--data)")?,
            config: given(&self.config, dirs::config_dir(), "settings (--config)")?,
            cache: given(&self.cache, dirs::cache_dir(), "models (--cache)")?,
        };
        for folder in [&folders.data, &folders.config] {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        Ok(folders)
    }

    /// How the booth begins.
    pub(crate) fn config(&self, folders: &Folders) -> Config {
        Config {
            place: Place { data: folders.data.clone(), config: folders.config.clone() },
            cache: folders.cache.clone(),
            demonstration: self.stills.clone(),
            demonstrate: self.demonstration,
            watched: self.watch.clone(),
            keystore: !self.no_keystore,
        }
    }
}
