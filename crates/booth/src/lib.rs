//! The student's session as a state machine, and everything it composes; knows no window.

pub mod action;
pub mod view;
