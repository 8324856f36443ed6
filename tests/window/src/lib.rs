//! What the tests of the window share: a desk of its own for each test, the kiosk on it, and a hand on its screen.
#![expect(clippy::expect_used, clippy::panic, reason = "for tests: what is missing fails them")]

mod desk;
mod disk;
mod kiosk;
mod look;
mod pictures;
mod process;
mod roster;
mod school;
mod tools;
mod way;
mod words;

pub use desk::{Desk, Setup};
pub use disk::Disk;
pub use kiosk::{DARKROOM, Kiosk};
pub use look::{Look, speak};
pub use pictures::{PHOTO_HEIGHT_PX, PHOTO_WIDTH_PX, People};
pub use process::Usage;
pub use roster::{PIN, STUDENTS, Student};
pub use school::{ORDERS, School, approve_all, bomb, roster, store, workbook};
pub use way::{ENTER, PHONE};

/// Runs a test to its end on this thread.
///
/// # Panics
/// Where the test does, or no runtime can be had.
pub fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(test);
}
