//! What can go wrong here, each with a stable code. The sentences are in the message files.

use std::io;
use std::path::PathBuf;

use caixiang_domain::{ImpossibleMove, PhotoId};

use crate::backup::Backup;

/// Why the store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Writing to the disk failed in a way after which nothing that is in memory can be trusted.
    #[error("a write to the disk failed; the store must be opened again")]
    MustReopen,
    /// No space is left; nothing was written and nothing was lost.
    #[error("the disk is full")]
    DiskFull,
    /// The database is damaged.
    #[error("the database is damaged")]
    Damaged,
    /// There is no such thing.
    #[error("no such {0}")]
    NotFound(&'static str),
    /// The order's state does not know this move.
    #[error(transparent)]
    ImpossibleMove(#[from] ImpossibleMove),
    /// The review of an order has not passed: nothing is printed of it.
    #[error("the review of the order has not passed")]
    NotApproved,
    /// A print or a parcel cannot go back, or on from where it is.
    #[error("this step is not possible any more")]
    ImpossibleStep,
    /// The photo, or a file in it, was in this order before.
    #[error("the same photo was in this order before")]
    SameRejectedPhoto,
    /// The photo belongs to another order or another student.
    #[error("photo {0} belongs to another order or student")]
    PhotoInUse(PhotoId),
    /// The photo's file is missing, damaged, or its key was destroyed.
    #[error("photo {0} cannot be read")]
    PhotoUnreadable(PhotoId),
    /// More bytes than are taken.
    #[error("{what} has more than {max} bytes")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// The most that is taken.
        max: usize,
    },
    /// A document that is no JSON.
    #[error("{0} is no JSON document")]
    BadDocument(&'static str),
    /// A PIN of fewer than four or more than twelve digits.
    #[error("a PIN has four to twelve digits")]
    BadPin,
    /// A row that this version cannot read.
    #[error("the database holds a {0} that cannot be read")]
    BadRow(&'static str),
    /// The database refused.
    #[error("the database refused")]
    Database(#[source] rusqlite::Error),
    /// The file system refused.
    #[error("the file system refused")]
    Io(#[source] io::Error),
    /// Enciphering or deciphering failed.
    #[error("a key could not be used")]
    Cipher,
}

/// Why the store did not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("the store is in use by another process")]
    InUse,
    /// The database was damaged. It was set aside, never overwritten, and these backups can be restored.
    #[error("the database is damaged and was set aside")]
    Damaged {
        /// Where the damaged file is now.
        set_aside: PathBuf,
        /// Backups, newest first.
        backups: Vec<Backup>,
    },
    /// There are keys but no database: it was removed, or set aside by an earlier start.
    #[error("the database is missing")]
    Missing {
        /// Backups, newest first.
        backups: Vec<Backup>,
    },
    /// The secret that unlocks the database's key is another one.
    #[error("the key does not fit")]
    WrongKey,
    /// The secret or the key file is gone, or the keystore does not answer.
    #[error("the key is missing")]
    KeyMissing,
    /// A newer version wrote this database.
    #[error("the database has schema {schema}, which is newer than this version")]
    TooNew {
        /// Its schema's number.
        schema: i64,
    },
    /// The folders for data and for the secret are the same or one inside the other.
    #[error("the folder of the secret must be apart from the folder of the data")]
    BadPlace,
    /// The backup cannot be read with this store's key or is damaged itself.
    #[error("the backup cannot be used")]
    BadBackup,
    /// The file system refused.
    #[error("the file system refused")]
    Disk(#[source] io::Error),
    /// Anything else.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Every code of this crate.
pub const CODES: &[&str] = &[
    "store.must_reopen",
    "store.disk_full",
    "store.damaged",
    "store.not_found",
    "store.impossible_move",
    "store.not_approved",
    "store.impossible_step",
    "store.same_rejected_photo",
    "store.photo_in_use",
    "store.photo_unreadable",
    "store.too_large",
    "store.bad_document",
    "store.bad_pin",
    "store.bad_row",
    "store.database",
    "store.io",
    "store.cipher",
    "store.in_use",
    "store.missing",
    "store.wrong_key",
    "store.key_missing",
    "store.too_new",
    "store.bad_place",
    "store.bad_backup",
];

impl StoreError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::MustReopen => "store.must_reopen",
            Self::DiskFull => "store.disk_full",
            Self::Damaged => "store.damaged",
            Self::NotFound(_) => "store.not_found",
            Self::ImpossibleMove(_) => "store.impossible_move",
            Self::NotApproved => "store.not_approved",
            Self::ImpossibleStep => "store.impossible_step",
            Self::SameRejectedPhoto => "store.same_rejected_photo",
            Self::PhotoInUse(_) => "store.photo_in_use",
            Self::PhotoUnreadable(_) => "store.photo_unreadable",
            Self::TooLarge { .. } => "store.too_large",
            Self::BadDocument(_) => "store.bad_document",
            Self::BadPin => "store.bad_pin",
            Self::BadRow(_) => "store.bad_row",
            Self::Database(_) => "store.database",
            Self::Io(_) => "store.io",
            Self::Cipher => "store.cipher",
        }
    }

    /// Whether the store must not be used any more before it was opened again.
    pub(crate) fn is_fatal(&self) -> bool {
        matches!(self, Self::MustReopen | Self::Damaged)
    }
}

impl OpenError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InUse => "store.in_use",
            Self::Damaged { .. } => "store.damaged",
            Self::Missing { .. } => "store.missing",
            Self::WrongKey => "store.wrong_key",
            Self::KeyMissing => "store.key_missing",
            Self::TooNew { .. } => "store.too_new",
            Self::BadPlace => "store.bad_place",
            Self::BadBackup => "store.bad_backup",
            Self::Disk(_) => "store.io",
            Self::Store(error) => error.code(),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as E;
        match error.sqlite_error_code() {
            Some(E::DiskFull) => Self::DiskFull,
            // A failed fsync is among these: the kernel may have dropped the pages and will not say so twice.
            Some(E::SystemIoFailure | E::CannotOpen | E::ReadOnly) => Self::MustReopen,
            Some(E::DatabaseCorrupt | E::NotADatabase) => Self::Damaged,
            _ => Self::Database(error),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<io::Error> for OpenError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Store(StoreError::DiskFull),
            _ => Self::Disk(error),
        }
    }
}

impl From<rusqlite::Error> for OpenError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_is_listed_once() {
        let listed: HashSet<_> = CODES.iter().collect();
        assert_eq!(listed.len(), CODES.len());
        for error in [
            StoreError::MustReopen,
            StoreError::DiskFull,
            StoreError::NotFound("order"),
            StoreError::BadPin,
            StoreError::Cipher,
            StoreError::Io(io::Error::other("x")),
        ] {
            assert!(listed.contains(&error.code()), "{error}");
        }
        for error in
            [OpenError::InUse, OpenError::WrongKey, OpenError::TooNew { schema: 9 }, OpenError::BadBackup]
        {
            assert!(listed.contains(&error.code()), "{error}");
        }
    }

    #[test]
    fn a_full_disk_and_a_failed_sync_are_told_apart() {
        let sqlite =
            |code| StoreError::from(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None));
        assert_eq!(sqlite(rusqlite::ffi::SQLITE_FULL).code(), "store.disk_full");
        assert_eq!(sqlite(rusqlite::ffi::SQLITE_IOERR_FSYNC).code(), "store.must_reopen");
        assert_eq!(sqlite(rusqlite::ffi::SQLITE_NOTADB).code(), "store.damaged");
        assert!(sqlite(rusqlite::ffi::SQLITE_IOERR_FSYNC).is_fatal());
        assert!(!sqlite(rusqlite::ffi::SQLITE_FULL).is_fatal());
    }
}
