//! Reading rows: small functions that turn columns into the field's types.

use caixiang_domain::{Details, Field};
use jiff::Timestamp;
use rusqlite::{Connection, Params, Row};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::StoreError;

/// The first row, if any.
pub(crate) fn one<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Every row.
pub(crate) fn all<T>(
    conn: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Changes rows; how many.
pub(crate) fn change(conn: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    Ok(conn.prepare_cached(sql)?.execute(params)?)
}

/// One number, such as a count.
pub(crate) fn number(conn: &Connection, sql: &str, params: impl Params) -> Result<i64, StoreError> {
    Ok(conn.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
}

/// A UUID column.
pub(crate) fn uuid(row: &Row<'_>, column: usize) -> Result<Uuid, StoreError> {
    Ok(Uuid::from_bytes(row.get(column)?))
}

/// A UUID column that may be empty.
pub(crate) fn maybe_uuid(row: &Row<'_>, column: usize) -> Result<Option<Uuid>, StoreError> {
    Ok(row.get::<_, Option<[u8; 16]>>(column)?.map(Uuid::from_bytes))
}

/// A time column.
pub(crate) fn time(row: &Row<'_>, column: usize) -> Result<Timestamp, StoreError> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|_| StoreError::BadRow("time"))
}

/// A small number that is never negative.
pub(crate) fn small(row: &Row<'_>, column: usize) -> Result<u32, StoreError> {
    u32::try_from(row.get::<_, i64>(column)?).map_err(|_| StoreError::BadRow("number"))
}

/// What is known of a student, as JSON by the fields' codes.
pub(crate) fn details_json(details: &Details) -> Value {
    Value::Object(details.iter().map(|(field, value)| (field.code().to_owned(), value.into())).collect())
}

/// The reverse of [`details_json`]; a field this version does not know is an error, never dropped in silence.
pub(crate) fn details_from(text: &str) -> Result<Details, StoreError> {
    let bad = || StoreError::BadRow("details");
    let fields: Map<String, Value> = serde_json::from_str(text).map_err(|_| bad())?;
    let mut details = Details::new();
    for (code, value) in &fields {
        details.set(Field::from_code(code).ok_or_else(bad)?, value.as_str().ok_or_else(bad)?);
    }
    Ok(details)
}

/// How many rows a page of at most this many holds; sizes from outside are bounded.
pub(crate) fn page_limit(limit: u32) -> i64 {
    i64::from(limit.min(1000))
}
