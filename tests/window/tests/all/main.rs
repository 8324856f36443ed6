//! The kiosk as people meet it: the real program in a real window, a camera made of pictures, taps and keys.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test fails by panicking")]

mod camera;
mod desk;
mod kill;
mod line;
mod looks;
mod office;
mod paper;
mod review;
mod student;
