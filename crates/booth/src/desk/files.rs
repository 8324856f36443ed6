//! Folders and files that staff choose: USB sticks first, then home and disks. No system dialog: it would cover a
//! kiosk, and fingers miss it.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;

use super::Desk;
use super::talk::{FolderEntry, FolderView};
use crate::perform::local;
use crate::platform;
use crate::view::{Notice, Role};

/// Entries of one folder that are listed.
const MOST_ENTRIES: usize = 2000;

/// A place to begin with.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    /// `usb`, `home` or `disk`.
    pub(crate) what: &'static str,
}

pub(super) fn folder(desk: &Desk, path: Option<&str>, endings: &[String]) -> Result<FolderView, Notice> {
    // Looked at first: a closed desk tells nothing of the disk.
    desk.ask(Role::Manager, |_| Ok(()))?;
    match path {
        None => Ok(places()),
        Some(path) => read(Path::new(path), endings),
    }
}

fn places() -> FolderView {
    let entries = platform::places().into_iter().map(|place| FolderEntry {
        name: place.name,
        path: place.path.to_string_lossy().into_owned(),
        what: place.what.to_owned(),
        bytes: 0,
        changed: String::new(),
    });
    FolderView { path: None, above: None, entries: entries.collect(), cut: false }
}

fn read(path: &Path, endings: &[String]) -> Result<FolderView, Notice> {
    let gone = |_| Notice::new("files.unreadable").with("path", path.display());
    let mut entries = Vec::new();
    let mut cut = false;
    for entry in std::fs::read_dir(path).map_err(gone)?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(about) = std::fs::metadata(entry.path()) else { continue };
        let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        let wanted = about.is_dir() || ending.is_some_and(|ending| endings.contains(&ending));
        if name.starts_with('.') || !wanted {
            continue;
        }
        if entries.len() == MOST_ENTRIES {
            cut = true;
            break;
        }
        entries.push(FolderEntry {
            name,
            path: entry.path().to_string_lossy().into_owned(),
            what: if about.is_dir() { "folder" } else { "file" }.to_owned(),
            bytes: if about.is_dir() { 0 } else { about.len() },
            changed: about.modified().ok().and_then(moment).unwrap_or_default(),
        });
    }
    entries
        .sort_by(|a, b| b.what.cmp(&a.what).then_with(|| a.name.to_lowercase().cmp(&b.name.to_lowercase())));
    let above = path.parent().map(|above| above.to_string_lossy().into_owned());
    Ok(FolderView { path: Some(path.to_string_lossy().into_owned()), above, entries, cut })
}

fn moment(time: SystemTime) -> Option<String> {
    Timestamp::try_from(time).ok().map(local)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_come_first_and_only_wanted_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.xlsx", "a.CSV", "c.txt", ".hidden.csv"] {
            std::fs::write(folder.path().join(name), b"x").unwrap();
        }
        std::fs::create_dir(folder.path().join("z")).unwrap();
        let view = read(folder.path(), &["xlsx".to_owned(), "csv".to_owned()]).unwrap();
        let names: Vec<_> = view.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["z", "a.CSV", "b.xlsx"]);
        assert_eq!((view.cut, view.entries[1].bytes), (false, 1));
        let gone = read(&folder.path().join("nowhere"), &[]).unwrap_err();
        assert_eq!(gone.code, "files.unreadable");
    }
}
