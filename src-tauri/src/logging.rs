//! The log: a file a day, none older than a month, no student's data in it.

use std::path::Path;

use anyhow::{Context, Result};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Days that are kept.
const DAYS: usize = 31;

/// Begins to log into a folder; what is written last is on the disk when the guard is dropped.
pub(crate) fn begin(folder: &Path) -> Result<WorkerGuard> {
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("kiosk")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .with_context(|| format!("no log can be written in {}", folder.display()))?;
    let (writer, guard) = tracing_appender::non_blocking(file);
    let layer = fmt::layer().with_writer(writer).with_ansi(false);
    tracing_subscriber::registry().with(LevelFilter::INFO).with(layer).try_init()?;
    Ok(guard)
}
