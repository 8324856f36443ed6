//! Hand-overs of drawn photos, opened again by this crate and by the tools that schools have.
//!
//! Needs root for mounting, and `7z`, `age`, `fsck.vfat`, `mcopy`, `mkfs.vfat`, `script`, `sha256sum`, `soffice` with Calc,
//! `unzip`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests; clippy takes only the functions marked as such for one"
)]

mod check;
mod end_to_end;
mod formulas;
mod full_disk;
mod made;
mod resume;
mod tools;
