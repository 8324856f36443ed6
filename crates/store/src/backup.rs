//! Backups of the database, made while it is in use, encrypted like it, newest kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::open::{self, Place};
use crate::platform;
use crate::store::Store;

const TIME: &str = "%Y%m%dT%H%M%S%.3fZ";
/// Pages copied in one go; there is one connection, so nothing else waits.
const PAGES: i32 = 4096;

/// A backup of the database. The photos are files of their own, which are never written twice, and are not in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Where it is.
    pub path: PathBuf,
    /// When it was made.
    pub made: Timestamp,
    /// Its size in bytes.
    pub size: u64,
}

impl Store {
    /// Makes a backup and removes those that are too many.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] with nothing left behind, or when the disk or the database refuses.
    pub fn backup(&mut self, now: Timestamp) -> Result<Backup, StoreError> {
        self.usable()?;
        let folder = self.place.backups();
        fs::create_dir_all(&folder)?;
        let path = folder.join(format!("store-{}.db", stamp(now)));
        let temporary = path.with_added_extension("part");
        remove(&temporary)?;
        if let Err(error) = self.copy_to(&temporary) {
            remove(&temporary).ok();
            return Err(error);
        }
        fs::File::open(&temporary)?.sync_all()?;
        fs::rename(&temporary, &path)?;
        platform::sync_folder(&folder)?;
        for old in list(&self.place)?.iter().skip(self.keep_backups.max(1)) {
            remove(&old.path)?;
        }
        Ok(Backup { size: fs::metadata(&path)?.len(), path, made: now })
    }

    /// Makes a backup and removes every older one: what was destroyed since is in none.
    ///
    /// # Errors
    /// As [`Store::backup`].
    pub(crate) fn renew_backups(&mut self, now: Timestamp) -> Result<Backup, StoreError> {
        let newest = self.backup(now)?;
        for old in list(&self.place)? {
            if old.path != newest.path {
                remove(&old.path)?;
            }
        }
        Ok(newest)
    }

    /// Every backup, newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn backups(&self) -> Result<Vec<Backup>, StoreError> {
        Ok(list(&self.place)?)
    }

    fn copy_to(&self, path: &Path) -> Result<(), StoreError> {
        let mut copy = Connection::open(path)?;
        open::set_key(&copy, &self.keys.database)?;
        rusqlite::backup::Backup::new(&self.conn, &mut copy)?.run_to_completion(
            PAGES,
            Duration::ZERO,
            None,
        )?;
        // One file, complete by itself.
        copy.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
        copy.close().map_err(|(_, error)| error.into())
    }
}

/// Every backup of a place, newest first.
pub(crate) fn list(place: &Place) -> io::Result<Vec<Backup>> {
    let entries = match fs::read_dir(place.backups()) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut backups = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if let Some(made) = name.to_str().and_then(made_at) {
            backups.push(Backup { path: entry.path(), made, size: entry.metadata()?.len() });
        }
    }
    backups.sort_unstable_by_key(|backup| std::cmp::Reverse(backup.made));
    Ok(backups)
}

/// A time as it stands in the names of files.
pub(crate) fn stamp(time: Timestamp) -> String {
    // The format is a constant and every timestamp fits it; should it fail, the number of milliseconds names as well.
    strtime::format(TIME, &time.to_zoned(TimeZone::UTC)).unwrap_or_else(|_| time.as_millisecond().to_string())
}

fn made_at(name: &str) -> Option<Timestamp> {
    let text = name.strip_prefix("store-")?.strip_suffix(".db")?;
    let time = strtime::parse(TIME, text).ok()?.to_datetime().ok()?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_time() {
        let time: Timestamp = "2026-11-22T09:04:05.123Z".parse().unwrap();
        let name = format!("store-{}.db", stamp(time));
        assert_eq!(name, "store-20261122T090405.123Z.db");
        assert_eq!(made_at(&name), Some(time));
        for strange in ["store-.db", "store-20261122T090405.123Z.db.part", "x.db"] {
            assert_eq!(made_at(strange), None, "{strange}");
        }
    }
}
