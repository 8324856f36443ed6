//! Settings: one JSON document by key.

use rusqlite::{Connection, params};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::StoreError;
use crate::rows;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE settings (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;";

/// Largest setting, bytes of JSON.
const MAX_VALUE: usize = 1 << 20;

impl Store {
    /// A setting; `None` where it was never set.
    ///
    /// # Errors
    /// When the database refuses or the document is of another shape.
    pub fn setting<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.read(|conn| get(conn, key))
    }

    /// Sets a setting.
    ///
    /// # Errors
    /// When the database refuses or the value is no JSON or too large.
    pub fn set_setting<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), StoreError> {
        self.write(|conn| set(conn, key, value))
    }

    /// Sets several settings, all or none.
    ///
    /// # Errors
    /// As [`Store::set_setting`].
    pub fn set_settings(&mut self, values: &[(&str, serde_json::Value)]) -> Result<(), StoreError> {
        self.write(|conn| values.iter().try_for_each(|(key, value)| set(conn, key, value)))
    }
}

pub(crate) fn get<T: DeserializeOwned>(conn: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    rows::one(conn, "SELECT value FROM settings WHERE key = ?1", params![key], |row| {
        serde_json::from_str(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)
            .map_err(|_| StoreError::BadDocument("setting"))
    })
}

pub(crate) fn set<T: Serialize + ?Sized>(conn: &Connection, key: &str, value: &T) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).map_err(|_| StoreError::BadDocument("setting"))?;
    if text.len() > MAX_VALUE {
        return Err(StoreError::TooLarge { what: "setting", max: MAX_VALUE });
    }
    rows::change(
        conn,
        "INSERT INTO settings (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2",
        params![key, text],
    )?;
    Ok(())
}
