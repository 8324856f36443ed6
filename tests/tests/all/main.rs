//! End to end, on real photos and real models. One binary, so that the models are opened once.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod bad_input;
mod golden;
mod models;
mod repository;
mod road;
