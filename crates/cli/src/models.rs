//! Where the models are, and opening them once.

use std::path::{Path, PathBuf};

use caixiang_vision::{Engine, Memory, ModelFiles, Salient, Threads};

use crate::args::Machine;
use crate::fault::Fault;

/// The variable that moves the cache; the set-up reads it, too.
const CACHE_VARIABLE: &str = "CAIXIANG_CACHE";

/// The opened models and how many photos are worked on at a time.
pub(crate) struct Opened {
    pub(crate) engine: Engine,
    pub(crate) files: ModelFiles,
    pub(crate) workers: usize,
}

/// Opens the models.
///
/// Each model runs one picture at a time on all threads, while other workers decode, cut out and encode.
///
/// # Errors
/// `models.missing` or `models.unusable`.
pub(crate) fn open(machine: &Machine) -> Result<Opened, Fault> {
    let threads = machine.threads.map_or_else(Threads::all, |count| Threads::new(count.get()));
    // Cutting out runs on rayon's threads. Where they exist already, their number stays.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global();
    let files = ModelFiles::in_folder(folder(machine.models.as_deref()));
    let engine = Engine::open(&files, threads, Salient::Best, Memory::Kept)
        .map_err(|error| Fault::of_models(&error))?;
    Ok(Opened { engine, files, workers: threads.get() })
}

/// `--models`, `$CAIXIANG_CACHE`, the first `.cache` with models upwards from the current folder, then from the
/// program. Where there is none, the nearest place it could be: the complaint names it.
fn folder(chosen: Option<&Path>) -> PathBuf {
    if let Some(chosen) = chosen {
        return chosen.to_path_buf();
    }
    if let Some(chosen) = std::env::var_os(CACHE_VARIABLE).filter(|value| !value.is_empty()) {
        return chosen.into();
    }
    let starts = [std::env::current_dir().ok(), std::env::current_exe().ok()];
    let found = starts
        .iter()
        .flatten()
        .flat_map(|start| start.ancestors())
        .map(|folder| folder.join(".cache"))
        .find(|cache| cache.join("models").is_dir());
    found.unwrap_or_else(|| PathBuf::from(".cache"))
}
