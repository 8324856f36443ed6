//! What a kiosk has comes to the centre once, on any network.

#![expect(clippy::unwrap_used, reason = "tests; clippy takes only the functions marked as such for one")]

mod exactly_once;
mod not_the_centre;
