//! The database's shape: steps, only ever added.

use std::borrow::Cow;

use sqlx_core::migrate::{Migration, MigrationType, Migrator};
use sqlx_core::sql_str::SqlSafeStr;

const STEPS: &[(&str, &str)] = &[("kiosks and what they send", include_str!("schema/0001.sql"))];

/// Brings the database to this version's shape; two copies that start together wait for each other.
///
/// # Errors
/// When the database refuses, or is of a newer version.
pub(crate) async fn migrate(pool: &sqlx::PgPool) -> Result<(), sqlx_core::migrate::MigrateError> {
    let steps = (1..).zip(STEPS).map(|(version, (what, sql))| {
        Migration::new(version, Cow::Borrowed(*what), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator::with_migrations(steps.collect()).run(pool).await
}
