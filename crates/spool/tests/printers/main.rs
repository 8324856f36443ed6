//! Real IPP printers: Debian's `ippeveprinter`, alone and behind a real CUPS, with every fault that can be played, and
//! the ledger held to what came out on paper.
//!
//! Needs root (a mount namespace for the DNS-SD daemon) and the packages `cups-ipp-utils`, `cups-daemon`,
//! `cups-client`, `avahi-daemon`, `dbus`. Longer runs: `CAIXIANG_LOST_REPLIES` (12), `CAIXIANG_SENDER_KILLS` (12).

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests; clippy takes only the functions marked as such for one"
)]

mod book;
mod cups;
mod cutter;
mod faults;
mod lost;
mod plain;
mod sender;
