//! What the store promises of the disk, held to it: killed, cut off from power, full, failing to sync, damaged.
//!
//! Needs root for mounting, and `mkfs.ext4`, `mkfs.xfs`, `xfs_io` and `cc`. Longer runs by environment:
//! `CAIXIANG_KILLS` (20), `CAIXIANG_CUTS` (3 for each file system).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests; clippy takes only the functions marked as such for one"
)]

mod damage;
mod failing_sync;
mod full_disk;
mod kill;
mod power_cut;
mod volume;
mod writer;
