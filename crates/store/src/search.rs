//! Search: words in one index, found by how they begin. No scan, so a hundred thousand orders answer at once.

use std::collections::BTreeSet;

use caixiang_domain::SessionId;
use rusqlite::{Connection, params};

use crate::error::StoreError;
use crate::names;
use crate::orders::{self, OrderRow};
use crate::rows;
use crate::sessions;
use crate::store::Store;

pub(crate) const TABLE: &str = "
CREATE TABLE search_words (
    session INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    word TEXT NOT NULL,
    key INTEGER NOT NULL,
    PRIMARY KEY (session, kind, word, key)
) STRICT, WITHOUT ROWID;";

/// Words that are looked at for one answer. They come in order, so exact words are among them.
const MAX_WORDS: i64 = 600;

/// What a word leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Subject = 0,
    Order = 1,
}

impl Store {
    /// Orders by the beginning of a name (or of a given name), of its pinyin or initials, of a student or order number;
    /// in one session or in all. Exact ones first, then newest first.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn search(
        &self,
        session: Option<SessionId>,
        text: &str,
        limit: u32,
    ) -> Result<Vec<OrderRow>, StoreError> {
        let word = names::query(text);
        if word.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|conn| {
            let sessions = match session {
                Some(id) => vec![sessions::key_of(conn, id)?],
                None => {
                    rows::all(conn, "SELECT key FROM sessions ORDER BY key DESC", [], |row| Ok(row.get(0)?))?
                }
            };
            let mut found: Vec<(bool, i64)> = Vec::new();
            for session in sessions {
                found.extend(keys(conn, session, Kind::Order, &word)?);
            }
            found.sort_unstable_by(|a, b| b.cmp(a));
            let mut seen = BTreeSet::new();
            found.retain(|&(_, key)| seen.insert(key));
            let limit = usize::try_from(rows::page_limit(limit)).unwrap_or(0);
            found.into_iter().take(limit).map(|(_, key)| orders::row_by_key(conn, key)).collect()
        })
    }
}

/// What the words with this beginning lead to, and whether the word is exactly this.
fn keys(conn: &Connection, session: i64, kind: Kind, word: &str) -> Result<Vec<(bool, i64)>, StoreError> {
    rows::all(
        conn,
        "SELECT word = ?3, key FROM search_words
         WHERE session = ?1 AND kind = ?2 AND word >= ?3 AND word < ?4 ORDER BY word, key DESC LIMIT ?5",
        params![session, kind as i64, word, names::after(word), MAX_WORDS],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// Changes the words that lead to something from one set to another.
pub(crate) fn replace(
    conn: &Connection,
    session: i64,
    kind: Kind,
    key: i64,
    before: &BTreeSet<String>,
    words: &BTreeSet<String>,
) -> Result<(), StoreError> {
    for word in before.difference(words) {
        rows::change(
            conn,
            "DELETE FROM search_words WHERE session = ?1 AND kind = ?2 AND word = ?3 AND key = ?4",
            params![session, kind as i64, word, key],
        )?;
    }
    for word in words.difference(before) {
        rows::change(
            conn,
            "INSERT OR IGNORE INTO search_words (session, kind, word, key) VALUES (?1, ?2, ?3, ?4)",
            params![session, kind as i64, word, key],
        )?;
    }
    Ok(())
}
