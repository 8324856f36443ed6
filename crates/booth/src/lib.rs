//! The student's session as a state machine, and everything it composes; knows no window.
//!
//! [`next::next`] decides, [`show::show`] says what is on the screen, [`Booth`] does what was decided.

pub mod action;
mod album;
mod booth;
mod cameras;
mod darkroom;
mod demo;
pub mod desk;
mod details;
pub mod event;
mod eye;
mod findings;
mod guidance;
#[cfg(test)]
mod guidance_tests;
mod ledger;
pub mod next;
mod numbers;
pub mod outbox;
mod perform;
#[cfg(target_os = "linux")]
#[path = "platform/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "platform/windows.rs"]
mod platform;
mod run;
mod saved;
pub mod show;
pub mod state;
pub mod view;

pub use booth::{Booth, Config};
