//! What the tables and the end-to-end tests share: the cache, the engine, the test photos and their labels.

pub mod composites;
pub mod labels;

use std::path::PathBuf;
use std::sync::OnceLock;

use caixiang_vision::{Engine, Memory, ModelFiles, Salient, Threads};

/// The folder that the set-up fills: `$CAIXIANG_CACHE`, otherwise `.cache` at the root of the workspace.
pub fn cache() -> PathBuf {
    std::env::var_os("CAIXIANG_CACHE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../.cache"), PathBuf::from)
}

/// A test photo of the cache.
pub fn photo(name: &str) -> PathBuf {
    cache().join("photos").join(name)
}

/// One engine for the whole process, with two threads a model.
///
/// # Panics
/// Where the models are not there: a missing tool fails a test, it does not skip it.
#[expect(clippy::panic, reason = "this package is tests and tables")]
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        Engine::open(&ModelFiles::in_folder(cache()), Threads::new(2), Salient::Best, Memory::Kept)
            .unwrap_or_else(|error| panic!("{error}: run `cargo xtask setup`"))
    })
}

/// A line of this process's memory account in KB (`VmRSS`, `VmHWM`); 0 where the system keeps none.
pub fn memory_kb(line: &str) -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            status.lines().find(|l| l.starts_with(line))?.split_whitespace().nth(1)?.parse().ok()
        })
        .unwrap_or(0)
}

/// Processor time of this process so far, in milliseconds; 0 where the system keeps no account of it.
pub fn processor_ms() -> f64 {
    // Fields 14 and 15 of `stat`, in hundredths of a second (USER_HZ is 100 on every Linux that Rust runs on).
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() * 10.0
}
