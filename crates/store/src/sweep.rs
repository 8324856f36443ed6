//! What is set right when the store is opened: half-written files, photos without an owner, owners without a photo.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use caixiang_domain::PhotoId;
use caixiang_wire::picture;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::error::StoreError;
use crate::photos::{self, Which};
use crate::platform;
use crate::rows;
use crate::store::Store;
use crate::vault::Listing;

/// Files nobody can read are kept so long, for the case that an older database with their keys comes back.
const QUARANTINE: Duration = Duration::from_secs(30 * 24 * 3600);

/// What the start found and set right.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SweepReport {
    /// Half-written files that were removed.
    pub temporary: usize,
    /// Files of photos that were discarded before, now removed.
    pub leftover: usize,
    /// Files that no photo is known for, put into quarantine.
    pub quarantined: usize,
    /// Photos that belong to no order and no visit: nobody was told that they were kept. Destroyed.
    pub unused: usize,
    /// Photos of orders or visits whose files are missing or of the wrong size. Staff must be told.
    pub dangling: Vec<PhotoId>,
}

struct Known {
    original: u64,
    finished: u64,
    discarded: bool,
    used: bool,
}

impl Store {
    /// Sets right what a crash, a power cut or a restored backup left behind.
    pub(crate) fn sweep(&mut self, now: Timestamp) -> Result<SweepReport, StoreError> {
        let listing = self.vault.list()?;
        let known = self.read(known)?;
        let mut report = SweepReport { dangling: dangling(&known, &listing), ..SweepReport::default() };
        for path in &listing.temporary {
            fs::remove_file(path)?;
            report.temporary += 1;
        }
        let mut homeless = listing.strange;
        for ((photo, _), (_, path)) in listing.files {
            match known.get(&photo) {
                None => homeless.push(path),
                Some(photo) if photo.discarded => {
                    fs::remove_file(path)?;
                    report.leftover += 1;
                }
                Some(_) => {}
            }
        }
        report.quarantined = homeless.len();
        let quarantine = self.place.quarantine();
        for path in homeless {
            set_apart(&path, &quarantine)?;
        }
        purge(&quarantine)?;
        let unused: Vec<_> = known
            .iter()
            .filter(|(_, known)| !known.used && !known.discarded)
            .map(|(&photo, _)| photo)
            .collect();
        report.unused = unused.len();
        if !unused.is_empty() {
            self.write(|conn| {
                unused.iter().try_for_each(|&photo| photos::discard(conn, photo, now).map(drop))
            })?;
            self.forget(unused);
        }
        Ok(report)
    }

    /// Photos in use whose files are missing or of the wrong size.
    pub(crate) fn dangling(&self) -> Result<Vec<PhotoId>, StoreError> {
        let known = self.read(known)?;
        Ok(dangling(&known, &self.vault.list()?))
    }
}

fn known(conn: &Connection) -> Result<HashMap<PhotoId, Known>, StoreError> {
    let rows = rows::all(
        conn,
        "SELECT id, original_size, finished_size, discarded IS NOT NULL,
             EXISTS (SELECT 1 FROM revisions r WHERE r.photo = p.id)
             OR EXISTS (SELECT 1 FROM visits v WHERE v.photo = p.id)
         FROM photos p",
        [],
        |row| {
            let known = Known {
                original: row.get::<_, i64>(1)?.unsigned_abs(),
                finished: row.get::<_, i64>(2)?.unsigned_abs(),
                discarded: row.get(3)?,
                used: row.get(4)?,
            };
            Ok((PhotoId::from_uuid(rows::uuid(row, 0)?), known))
        },
    )?;
    Ok(rows.into_iter().collect())
}

fn dangling(known: &HashMap<PhotoId, Known>, listing: &Listing) -> Vec<PhotoId> {
    let is_there = |photo: PhotoId, which: Which, size: u64| {
        listing.files.get(&(photo, which)).is_some_and(|&(length, _)| length == size + picture::OVERHEAD)
    };
    let mut missing: Vec<PhotoId> = known
        .iter()
        .filter(|(photo, known)| {
            let whole = is_there(**photo, Which::Original, known.original)
                && is_there(**photo, Which::Finished, known.finished);
            known.used && !known.discarded && !whole
        })
        .map(|(&photo, _)| photo)
        .collect();
    missing.sort_unstable();
    missing
}

fn set_apart(path: &Path, quarantine: &Path) -> io::Result<()> {
    fs::create_dir_all(quarantine)?;
    let Some(name) = path.file_name() else { return Ok(()) };
    let to = quarantine.join(name);
    match fs::rename(path, &to) {
        // The photos may be on a disk of their own: there first, gone here after.
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            fs::copy(path, &to)?;
            File::open(&to)?.sync_all()?;
            platform::sync_folder(quarantine)?;
            fs::remove_file(path)
        }
        renamed => renamed.and_then(|()| platform::sync_folder(quarantine)),
    }
}

fn purge(quarantine: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(quarantine) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let written = entry.metadata()?.modified().unwrap_or_else(|_| SystemTime::now());
        if written.elapsed().is_ok_and(|age| age > QUARANTINE) && entry.file_type()?.is_file() {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
