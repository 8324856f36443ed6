//! Opening the store: made only where there is nothing, never made anew over something that is damaged or lost.

use std::cell::Cell;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rusqlite::{Connection, OpenFlags};
use serde_json::json;
use zeroize::Zeroizing;

use crate::audit::{self, About, Actor};
use crate::backup::{self, Backup};
use crate::check;
use crate::error::{OpenError, StoreError};
use crate::keys::{self, Key, KeyCustody, Keys};
use crate::migrations;
use crate::platform;
use crate::store::{Durability, Store};
use crate::sweep::SweepReport;
use crate::vault::Vault;

/// A process that is just being started from this one holds a copy of a lock that was let go, for milliseconds.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(25);

/// Where the store lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder of the database, the photos and the backups.
    pub data: PathBuf,
    /// The folder of the secret, where the platform keeps none. Apart from the other; best on another disk.
    pub config: PathBuf,
}

impl Place {
    fn database(&self) -> PathBuf {
        self.data.join("store.db")
    }

    fn vault(&self) -> PathBuf {
        self.data.join("vault")
    }

    pub(crate) fn backups(&self) -> PathBuf {
        self.data.join("backups")
    }

    pub(crate) fn quarantine(&self) -> PathBuf {
        self.data.join("quarantine")
    }
}

/// How the store is opened.
#[derive(Debug, Clone)]
pub struct Options {
    /// The zone whose local time is in order numbers.
    pub zone: TimeZone,
    /// Whether the platform's keystore is asked to keep the secret of a new store.
    pub keystore: bool,
    /// How many backups are kept.
    pub keep_backups: usize,
    /// For the tests of durability only.
    #[cfg(feature = "weaker-for-tests")]
    pub durability: Durability,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            zone: TimeZone::system(),
            keystore: true,
            keep_backups: 7,
            #[cfg(feature = "weaker-for-tests")]
            durability: Durability::Full,
        }
    }
}

impl Options {
    fn durability(&self) -> Durability {
        #[cfg(feature = "weaker-for-tests")]
        return self.durability;
        #[cfg(not(feature = "weaker-for-tests"))]
        Durability::Full
    }
}

/// The store, and what its opening found.
#[derive(Debug)]
pub struct Opened {
    /// The store.
    pub store: Store,
    /// Who keeps the secret. A passphrase file is weaker: the user must be told.
    pub custody: KeyCustody,
    /// What was set right.
    pub sweep: SweepReport,
}

/// Says that a new, empty store is wanted though there may be an old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeginAnew {
    /// Everything that is there is put aside, nothing is removed.
    SetOldAside,
}

/// Opens the store of a place; makes one where there is nothing yet.
///
/// # Errors
/// See [`OpenError`]. A damaged database is renamed and stays; nothing is made in its place.
pub fn open(place: &Place, options: &Options) -> Result<Opened, OpenError> {
    let lock = enter(place)?;
    let database = place.database();
    let new = database.with_added_extension("new");
    let keys = if keys::exist(place) {
        let keys = keys::unlock(place)?;
        if !database.exists() {
            // A first start that ended between keeping the keys and naming the database.
            if !new.exists() || !is_empty(&place.vault())? {
                return Err(OpenError::Missing { backups: backup::list(place)? });
            }
            fs::rename(&new, &database)?;
            platform::sync_folder(&place.data)?;
        }
        keys
    } else {
        if database.exists() || !is_empty(&place.vault())? || !is_empty(&place.backups())? {
            return Err(OpenError::KeyMissing);
        }
        begin(place, options, &database, &new)?
    };
    let conn = match open_database(&database, &keys.database, options.durability()) {
        Err(OpenError::Store(StoreError::Damaged)) => {
            let set_aside = set_aside(&database, "damaged")?;
            tracing::error!("the database is damaged and was set aside");
            return Err(OpenError::Damaged { set_aside, backups: backup::list(place)? });
        }
        conn => conn?,
    };
    if !place.vault().is_dir() {
        fs::create_dir(place.vault())?;
        platform::sync_folder(&place.data)?;
    }
    let custody = keys.custody;
    if custody == KeyCustody::PassphraseFile {
        tracing::warn!("no platform keystore keeps the store's secret; it is in a file, which is weaker");
    }
    let mut store = Store {
        conn,
        keys,
        vault: Vault::new(place.vault(), options.durability()),
        place: place.clone(),
        zone: options.zone.clone(),
        keep_backups: options.keep_backups,
        broken: Cell::new(false),
        commits: 0,
        _lock: lock,
    };
    let sweep = store.sweep(Timestamp::now())?;
    if sweep != SweepReport::default() {
        tracing::warn!(?sweep, "the start set something right");
    }
    Ok(Opened { store, custody, sweep })
}

/// Puts a backup in the database's place. What is there is set aside.
///
/// # Errors
/// [`OpenError::BadBackup`], [`OpenError::InUse`], or when the keys or the disk refuse; then nothing has changed.
pub fn restore(place: &Place, backup: &Backup) -> Result<(), OpenError> {
    let _lock = enter(place)?;
    let keys = keys::unlock(place)?;
    let database = place.database();
    let copy = database.with_added_extension("restoring");
    fs::copy(&backup.path, &copy)?;
    let checked = check_copy(&copy, &keys, backup);
    if checked.is_err() {
        fs::remove_file(&copy)?;
        return checked;
    }
    File::open(&copy)?.sync_all()?;
    set_aside(&database, "replaced")?;
    fs::rename(&copy, &database)?;
    platform::sync_folder(&place.data)?;
    Ok(())
}

/// Puts everything of a place aside, so that the next [`open`] makes an empty store. Nothing is removed; where to.
///
/// # Errors
/// [`OpenError::InUse`], or when the disk refuses.
pub fn begin_anew(place: &Place, confirmed: BeginAnew) -> Result<PathBuf, OpenError> {
    let BeginAnew::SetOldAside = confirmed;
    let _lock = enter(place)?;
    let aside = place.data.join(format!("set-aside-{}", backup::stamp(Timestamp::now())));
    fs::create_dir(&aside)?;
    let database = place.database();
    let log = with_ending(&database, "-wal");
    let new = database.with_added_extension("new");
    // The keys go last: as long as they are there, nothing is made anew.
    for path in [
        database,
        log,
        new,
        place.vault(),
        place.quarantine(),
        place.backups(),
        keys::copy(place),
        keys::file(place),
    ] {
        if let Some(name) = path.file_name()
            && path.exists()
        {
            fs::rename(&path, aside.join(name))?;
        }
    }
    platform::sync_folder(&place.data)?;
    Ok(aside)
}

/// Takes the place for this process.
fn enter(place: &Place) -> Result<File, OpenError> {
    for folder in [&place.data, &place.config] {
        if !folder.is_dir() {
            fs::create_dir_all(folder)?;
            folder.parent().map_or(Ok(()), platform::sync_folder)?;
        }
    }
    let (data, config) = (place.data.canonicalize()?, place.config.canonicalize()?);
    if config.starts_with(&data) || data.starts_with(&config) {
        return Err(OpenError::BadPlace);
    }
    let lock = File::create(place.data.join("store.lock"))?;
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
    }
    Err(OpenError::InUse)
}

/// The very first start. The database gets its name last, so that one with its name is always whole.
fn begin(place: &Place, options: &Options, database: &Path, new: &Path) -> Result<Keys, OpenError> {
    for leftover in [new.to_owned(), with_ending(new, "-wal")] {
        if leftover.exists() {
            fs::remove_file(leftover)?;
        }
    }
    let (keys, text) = keys::generate(place, options.keystore)?;
    let mut conn = connect(new, &keys.database, OpenFlags::SQLITE_OPEN_CREATE, Durability::Full)?;
    migrations::run(&mut conn)?;
    audit::append(&conn, Timestamp::now(), Actor::System, "store.begin", About::default(), &json!({}))?;
    conn.close().map_err(|(_, error)| StoreError::from(error))?;
    File::open(new)?.sync_all()?;
    platform::sync_folder(&place.data)?;
    keys::keep(place, &text)?;
    fs::rename(new, database)?;
    platform::sync_folder(&place.data)?;
    Ok(keys)
}

fn open_database(path: &Path, key: &Key, durability: Durability) -> Result<Connection, OpenError> {
    // SQLite would take an empty file for a new database.
    if fs::metadata(path)?.len() == 0 {
        return Err(StoreError::Damaged.into());
    }
    let mut conn = connect(path, key, OpenFlags::empty(), durability)?;
    if !migrations::is_ours(&conn)? || !check::is_sound(&conn)? {
        return Err(StoreError::Damaged.into());
    }
    migrations::run(&mut conn)?;
    Ok(conn)
}

fn connect(
    path: &Path,
    key: &Key,
    flags: OpenFlags,
    durability: Durability,
) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    set_key(&conn, key)?;
    let synchronous = match durability {
        #[cfg(feature = "weaker-for-tests")]
        Durability::SynchronousNormal => "NORMAL",
        _ => "FULL",
    };
    // Temporary tables in memory: a file for them would not be encrypted. Checkpoints are ours: see `Store::checkpoint`.
    conn.execute_batch(&format!(
        "PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA journal_mode = WAL;
         PRAGMA synchronous = {synchronous};
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA trusted_schema = OFF;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = 16777216;
         PRAGMA cache_size = -32000;"
    ))?;
    conn.set_prepared_statement_cache_capacity(128);
    Ok(conn)
}

/// Gives SQLCipher its raw key. Must come before anything else.
pub(crate) fn set_key(conn: &Connection, key: &Key) -> Result<(), StoreError> {
    let text = Zeroizing::new(hex::encode(key.as_slice()));
    // What SQLCipher has to say comes back as an error; it need not write to the terminal as well.
    let pragma =
        Zeroizing::new(format!("PRAGMA cipher_log_level = NONE; PRAGMA key = \"x'{}'\";", text.as_str()));
    Ok(conn.execute_batch(&pragma)?)
}

/// Looks whether a copy of a backup is whole, and notes in it that it was restored.
fn check_copy(copy: &Path, keys: &Keys, backup: &Backup) -> Result<(), OpenError> {
    let conn = match open_database(copy, &keys.database, Durability::Full) {
        Err(OpenError::Store(StoreError::Damaged)) => return Err(OpenError::BadBackup),
        conn => conn?,
    };
    let detail = json!({ "made": backup.made.to_string() });
    audit::append(&conn, Timestamp::now(), Actor::Manager, "store.restore", About::default(), &detail)?;
    conn.close().map_err(|(_, error)| StoreError::from(error))?;
    Ok(())
}

/// Renames a database and its log, with the time; where it is now.
fn set_aside(database: &Path, why: &str) -> io::Result<PathBuf> {
    let aside = database.with_file_name(format!("store-{why}-{}.db", backup::stamp(Timestamp::now())));
    // A log that stayed behind would be played into whatever gets the database's name next.
    for (from, to) in
        [(database.to_owned(), aside.clone()), (with_ending(database, "-wal"), with_ending(&aside, "-wal"))]
    {
        if from.exists() {
            fs::rename(from, to)?;
        }
    }
    database.parent().map_or(Ok(()), platform::sync_folder)?;
    Ok(aside)
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn is_empty(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        entries => Ok(entries?.next().is_none()),
    }
}
