//! Where things are: the repository, and the cache that everything fetched goes into.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// The variable that moves the cache; the programs read it too.
pub(crate) const CACHE_VARIABLE: &str = "CAIXIANG_CACHE";

/// The repository and its cache.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The folder with the workspace's `Cargo.toml`.
    pub(crate) repo: PathBuf,
    /// `$CAIXIANG_CACHE`, or `.cache` in the repository.
    pub(crate) cache: PathBuf,
}

impl Place {
    /// Finds the repository from the folder the command was started in.
    pub(crate) fn find() -> Result<Self> {
        let here = std::env::current_dir().context("the current folder cannot be read")?;
        let Some(repo) = here.ancestors().find(|folder| folder.join("models/manifest.toml").is_file()) else {
            bail!("no models/manifest.toml here or above: run this inside the repository");
        };
        let cache = match std::env::var_os(CACHE_VARIABLE) {
            Some(chosen) if !chosen.is_empty() => here.join(chosen),
            _ => repo.join(".cache"),
        };
        Ok(Self { repo: repo.to_path_buf(), cache })
    }

    /// Where a file of the manifest lives in the cache.
    pub(crate) fn cached(&self, to: &str) -> PathBuf {
        self.cache.join(to)
    }

    /// Package files as they came from the registries.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.cache.join("downloads")
    }

    /// The Python environment that fetches packages and makes the int8 model.
    pub(crate) fn venv(&self) -> PathBuf {
        self.cache.join("venv")
    }
}

/// What a temporary file or folder of ours begins with.
pub(crate) const PART: &str = ".part-";
/// After this long, a temporary folder belongs to nobody.
const STALE: Duration = Duration::from_secs(6 * 3600);

/// Removes what earlier runs left when they were stopped half-way.
pub(crate) fn sweep(folder: &Path) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten() {
        let age = entry.metadata().ok().and_then(|meta| meta.modified().ok()?.elapsed().ok());
        if !entry.file_name().to_string_lossy().starts_with(PART) || age.is_none_or(|age| age < STALE) {
            continue;
        }
        let path = entry.path();
        let removed =
            if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        removed.with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// Writes a file under a temporary name and renames it, so that a half-written one is never taken for whole.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file needs a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut part = tempfile::Builder::new()
        .prefix(PART)
        .tempfile_in(folder)
        .with_context(|| format!("cannot write in {}", folder.display()))?;
    std::io::Write::write_all(&mut part, bytes)
        .with_context(|| format!("cannot write {}: is the disk full?", path.display()))?;
    crate::platform::make_readable(part.path())?;
    part.persist(path).with_context(|| format!("cannot put {} in its place", path.display()))?;
    Ok(())
}
