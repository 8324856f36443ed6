//! The field's own terms: photo presets, checks, findings. Types and rules only: no I/O, no JSON, no screen.

pub mod check;
pub mod colour;
pub mod finding;
pub mod preset;

pub use check::{Check, Unit};
pub use colour::Rgb;
pub use finding::{Decision, Finding, Measurement, Outcome, Reading, Rule, Severity, Unsure, Verdict};
pub use preset::{Backdrop, JpegRules, Preset, PresetError, PresetParts, Span, Windows};
