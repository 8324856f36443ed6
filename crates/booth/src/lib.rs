//! The student's session as a state machine, and everything it composes; knows no window.

pub mod action;
mod details;
pub mod event;
mod guidance;
#[cfg(test)]
mod guidance_tests;
pub mod next;
mod numbers;
pub mod show;
pub mod state;
pub mod view;
