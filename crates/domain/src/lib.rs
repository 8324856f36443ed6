//! The field's own terms: photo presets, checks, findings. Types and rules only: no I/O, no JSON, no screen.

pub mod check;
pub mod colour;
pub mod finding;
pub mod ids;
pub mod money;
pub mod order;
pub mod order_number;
pub mod preset;
pub mod session;
pub mod terms;

pub use check::{Check, Unit};
pub use colour::Rgb;
pub use finding::{Decision, Finding, Measurement, Outcome, Reading, Rule, Severity, Unsure, Verdict};
pub use ids::{OrderId, ParcelId, PhotoId, PrintId, SessionId, SheetId, SubjectId, VisitId};
pub use money::Fen;
pub use order::{ImpossibleMove, Move, Order, OrderState};
pub use order_number::{NotAnOrderNumber, OrderNumber, PointNumber};
pub use preset::{Backdrop, JpegRules, Preset, PresetError, PresetParts, Span, Windows};
pub use session::{
    Bilingual, Delivery, Details, FeatureCode, Field, FieldRule, IdentityMode, MAX_FIELD_CHARS,
    NotAFeatureCode, Payer, Product, Session, Standing, Subject,
};
pub use terms::{Stricter, Terms};
