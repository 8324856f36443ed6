//! Files that are whole or not there: written aside, renamed, and made durable all at once.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// What a file is called until it is whole.
const PART: &str = "part";

/// Where a file is written until it is whole.
pub(crate) fn aside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(PART);
    path.with_file_name(name)
}

/// Writes a file aside and renames it. It is durable only after [`settle`].
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = aside(path);
    let written = File::create(&part).and_then(|mut file| file.write_all(bytes));
    if let Err(error) = written.and_then(|()| fs::rename(&part, path)) {
        fs::remove_file(&part).ok();
        return Err(error);
    }
    Ok(())
}

/// Writes a file aside, makes it durable, and renames it.
pub(crate) fn write_durable(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let part = aside(path);
    let mut file = File::create(&part)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    rename_durable(&part, path)
}

/// Renames a durable file within its folder, and makes the name durable.
pub(crate) fn rename_durable(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)?;
    to.parent().map_or(Ok(()), sync_folder)
}

/// Makes the names in a folder durable. NTFS writes renames to its journal itself.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes every file below the folder durable: one call for the whole file system, which is many times faster than one
/// a file, and says when a write failed that was acknowledged before.
#[cfg(target_os = "linux")]
pub(crate) fn settle(root: &Path, _files: impl Iterator<Item = PathBuf>) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(root)?)?)
}

/// Makes every one of these files durable.
#[cfg(not(target_os = "linux"))]
pub(crate) fn settle(_root: &Path, files: impl Iterator<Item = PathBuf>) -> io::Result<()> {
    for file in files {
        fs::OpenOptions::new().write(true).open(file)?.sync_all()?;
    }
    Ok(())
}

/// Opens a file to be read from the disk itself as far as the system lets us: pages that are in memory only because
/// they were just written are dropped first.
pub(crate) fn open_fresh(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    #[cfg(target_os = "linux")]
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).ok();
    Ok(file)
}

/// Which folder this is, whatever is mounted over it or taken away below it; `None` where the system does not say.
#[cfg(unix)]
pub(crate) fn identity(folder: &Path) -> io::Result<Option<(u64, u64)>> {
    use std::os::unix::fs::MetadataExt;
    let metadata = fs::metadata(folder)?;
    Ok(Some((metadata.dev(), metadata.ino())))
}

/// Which folder this is; not known here.
#[cfg(not(unix))]
pub(crate) fn identity(folder: &Path) -> io::Result<Option<(u64, u64)>> {
    fs::metadata(folder).map(|_| None)
}
