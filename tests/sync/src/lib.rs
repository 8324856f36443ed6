//! A kiosk's store and a real centre, with bad networks between them.

#![expect(clippy::unwrap_used, reason = "tests; clippy takes only the functions marked as such for one")]

pub mod dice;
pub mod kiosk;
pub mod network;
pub mod server;
