//! The database's shape: one step for each table, in the order in which they came to be. Steps are only ever added.

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::error::{OpenError, StoreError};

/// Marks the file as ours ("CXst").
const APPLICATION_ID: i64 = 0x4358_7374;

const STEPS: &[M<'static>] = &[
    M::up(crate::settings::TABLE),
    M::up(crate::sessions::TABLE),
    M::up(crate::subjects::TABLE),
    M::up(crate::search::TABLE),
    M::up(crate::photos::TABLE),
    M::up(crate::visits::TABLE),
    M::up(crate::orders::TABLE),
    M::up(crate::revisions::TABLE),
    M::up(crate::outbox::TABLE),
    M::up(crate::audit::TABLE),
    M::up(crate::pins::TABLE),
    M::up(crate::verdicts::COLUMNS),
    M::up(crate::today::INDEXES),
    M::up(crate::prints::TABLE),
    M::up(crate::parcels::TABLE),
    M::up(crate::sheets::TABLE),
    M::up(crate::prints::AGAIN),
    M::up(crate::outbox::OF_ALL_KINDS),
    M::up(crate::changes::TABLES),
];

/// Brings the database to this version's shape.
pub(crate) fn run(conn: &mut Connection) -> Result<(), OpenError> {
    let schema: i64 = conn.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if usize::try_from(schema).is_ok_and(|schema| schema > STEPS.len()) {
        return Err(OpenError::TooNew { schema });
    }
    if usize::try_from(schema).is_ok_and(|schema| schema == STEPS.len()) {
        return Ok(());
    }
    Migrations::from_slice(STEPS).to_latest(conn).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => StoreError::from(err),
        _ => StoreError::BadRow("schema"),
    })?;
    conn.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(())
}

/// Whether the database is one of ours and not an empty one that SQLite made of a lost file.
pub(crate) fn is_ours(conn: &Connection) -> Result<bool, StoreError> {
    let number = |pragma| conn.query_row(pragma, [], |row| row.get::<_, i64>(0));
    Ok(number("PRAGMA application_id")? == APPLICATION_ID && number("PRAGMA user_version")? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_is_valid_sql() {
        Migrations::from_slice(STEPS).validate().unwrap();
    }

    #[test]
    fn a_newer_database_is_refused() {
        let mut conn = Connection::open_in_memory().unwrap();
        run(&mut conn).unwrap();
        assert!(is_ours(&conn).unwrap());
        run(&mut conn).unwrap();
        conn.pragma_update(None, "user_version", 999).unwrap();
        assert!(matches!(run(&mut conn), Err(OpenError::TooNew { schema: 999 })));
    }
}
