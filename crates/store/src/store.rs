//! The open store: one connection, and the rule that a failed write ends its use.

use std::cell::Cell;
use std::fs::File;

use caixiang_domain::PointNumber;
use jiff::tz::TimeZone;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::error::StoreError;
use crate::keys::{KeyCustody, Keys};
use crate::open::Place;
use crate::vault::Vault;

/// Commits between two checkpoints; a published order takes three or four.
const CHECKPOINT_EVERY: u32 = 64;

/// How durable writes are. Everything but `Full` exists so that the tests of durability can be seen to fail.
#[cfg_attr(
    not(feature = "weaker-for-tests"),
    expect(unreachable_pub, reason = "public with the test feature")
)]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// Files, folders and the database's log are synced.
    #[default]
    Full,
    /// Folders are not synced after a rename.
    #[cfg(feature = "weaker-for-tests")]
    NoFolderSync,
    /// Photos are not synced.
    #[cfg(feature = "weaker-for-tests")]
    NoFileSync,
    /// The database's log is synced at checkpoints only.
    #[cfg(feature = "weaker-for-tests")]
    SynchronousNormal,
}

/// The open store. One thread owns it.
pub struct Store {
    pub(crate) conn: Connection,
    pub(crate) keys: Keys,
    pub(crate) vault: Vault,
    pub(crate) place: Place,
    pub(crate) zone: TimeZone,
    pub(crate) keep_backups: usize,
    /// Set by the first write whose outcome is unknown; nothing but opening again clears it.
    pub(crate) broken: Cell<bool>,
    pub(crate) commits: u32,
    /// Held as long as the store is open. Last, so that it is let go after the connection.
    pub(crate) _lock: File,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("data", &self.place.data).finish_non_exhaustive()
    }
}

impl Store {
    /// Who keeps the secret that unlocks the store.
    pub fn custody(&self) -> KeyCustody {
        self.keys.custody
    }

    /// Whether a write failed in a way that asks for opening the store again.
    pub fn must_reopen(&self) -> bool {
        self.broken.get()
    }

    /// The collection point's number; 000000 before enrolment.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn point(&self) -> Result<PointNumber, StoreError> {
        let kept: Option<u32> = self.setting("point_number")?;
        PointNumber::new(kept.unwrap_or(0)).ok_or(StoreError::BadRow("point number"))
    }

    /// Sets the collection point's number.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn set_point(&mut self, point: PointNumber) -> Result<(), StoreError> {
        self.set_setting("point_number", &point.get())
    }

    /// Reads, unless the store is broken.
    pub(crate) fn read<T>(
        &self,
        look: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.usable()?;
        self.note(look(&self.conn))
    }

    /// Does all of it in one transaction, or nothing of it.
    pub(crate) fn write<T>(
        &mut self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.usable()?;
        let done = in_transaction(&mut self.conn, act);
        let value = self.note(done)?;
        self.commits += 1;
        if self.commits >= CHECKPOINT_EVERY {
            self.checkpoint();
        }
        Ok(value)
    }

    /// Fails when the store is broken.
    pub(crate) fn usable(&self) -> Result<(), StoreError> {
        if self.broken.get() { Err(StoreError::MustReopen) } else { Ok(()) }
    }

    /// Passes a result on, and remembers when it was fatal.
    pub(crate) fn note<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(error) = &result
            && error.is_fatal()
        {
            self.broken.set(true);
            tracing::error!(code = error.code(), "the store must be opened again");
        }
        result
    }

    /// Moves the log into the database. SQLite's own checkpoints hide a failed sync, after which the log would be
    /// overwritten though the database never reached the disk: so they are off, and this one looks at the result.
    pub(crate) fn checkpoint(&mut self) {
        self.move_log("PRAGMA wal_checkpoint(PASSIVE)");
    }

    /// Moves the log into the database and cuts it to nothing, so that what was deleted is in neither.
    pub(crate) fn checkpoint_and_empty(&mut self) {
        self.move_log("PRAGMA wal_checkpoint(TRUNCATE)");
    }

    fn move_log(&mut self, how: &str) {
        self.commits = 0;
        let outcome = self.conn.query_row(how, [], |_| Ok(()));
        match outcome.map_err(StoreError::from) {
            // What was committed is in the log, so it is safe; the next checkpoint tries again.
            Ok(()) | Err(StoreError::DiskFull) => {}
            Err(error) => {
                tracing::error!(code = error.code(), "a checkpoint failed; the store must be opened again");
                self.broken.set(true);
            }
        }
    }
}

fn in_transaction<T>(
    conn: &mut Connection,
    act: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let value = act(&transaction)?;
    transaction.commit()?;
    Ok(value)
}
