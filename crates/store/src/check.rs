//! The store's self-check: the database's pages, its references, the audit chain, the photos.

use caixiang_domain::PhotoId;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::audit::{AuditBreak, AuditHead};
use crate::error::StoreError;
use crate::photos::Which;
use crate::rows;
use crate::store::Store;

/// What the self-check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// Every page and index of the database is sound.
    pub sound: bool,
    /// References that lead nowhere.
    pub broken_references: u64,
    /// The audit log, or where its chain breaks.
    pub audit: Result<AuditHead, AuditBreak>,
    /// Photos in use whose files are missing or of the wrong size.
    pub dangling: Vec<PhotoId>,
    /// Photos that were read and are not what they were; empty when they were not read.
    pub unreadable: Vec<PhotoId>,
}

impl CheckReport {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.sound
            && self.broken_references == 0
            && self.audit.is_ok()
            && self.dangling.is_empty()
            && self.unreadable.is_empty()
    }
}

impl Store {
    /// Checks everything; with `read_photos` every picture is deciphered as well, which takes long.
    ///
    /// # Errors
    /// When the database or the disk refuses.
    pub fn self_check(&self, read_photos: bool) -> Result<CheckReport, StoreError> {
        let sound = match self.read(is_sound) {
            Err(StoreError::Damaged) => false,
            sound => sound?,
        };
        if !sound {
            self.broken.set(true);
            let audit = Err(AuditBreak { row: 0 });
            let (dangling, unreadable) = (Vec::new(), Vec::new());
            return Ok(CheckReport { sound, broken_references: 0, audit, dangling, unreadable });
        }
        let broken = "SELECT count(*) FROM pragma_foreign_key_check";
        let broken_references = self.read(|conn| rows::number(conn, broken, []))?.unsigned_abs();
        let mut unreadable = Vec::new();
        if read_photos {
            let kept = self.read(|conn| {
                let sql = "SELECT id FROM photos WHERE discarded IS NULL";
                rows::all(conn, sql, [], |row| Ok(PhotoId::from_uuid(rows::uuid(row, 0)?)))
            })?;
            for photo in kept {
                for which in Which::ALL {
                    match self.read_photo(photo, which) {
                        Ok(_) => {}
                        Err(StoreError::PhotoUnreadable(_)) => unreadable.push(photo),
                        Err(error) => return Err(error),
                    }
                }
            }
            unreadable.dedup();
        }
        let (audit, dangling) = (self.verify_audit()?, self.dangling()?);
        Ok(CheckReport { sound, broken_references, audit, dangling, unreadable })
    }
}

impl Store {
    /// Photos whose keys are there.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn photos_kept(&self) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM photos WHERE discarded IS NULL";
        Ok(self.read(|conn| rows::number(conn, sql, []))?.unsigned_abs())
    }

    /// When the newest order was made, by the clock of then.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn last_order_time(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT created FROM orders ORDER BY key DESC LIMIT 1";
        self.read(|conn| rows::one(conn, sql, [], |row| rows::time(row, 0)))
    }
}

/// Whether SQLite finds every page as it should be.
pub(crate) fn is_sound(conn: &Connection) -> Result<bool, StoreError> {
    let verdict: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    Ok(verdict == "ok")
}
