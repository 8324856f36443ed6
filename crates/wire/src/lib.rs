//! What a kiosk and the centre say to each other, and nothing else: JSON bodies, paths, limits, and how a request is
//! signed. No I/O.
//!
//! A kiosk sends *items*: revision `n` of a thing with an id ([`Kind`], [`item_path`]), each exactly once in effect: the
//! same bytes again are answered the same, other bytes under the same number are refused. Pictures go before, by content,
//! enciphered as they lie in the kiosk's vault ([`blob`]); their keys come inside the order, sealed for the centre.
//! What the centre has to say comes down by a cursor ([`changes`]).

pub mod blob;
pub mod changes;
pub mod enrol;
pub mod item;
pub mod order;
pub mod paper;
pub mod picture;
pub mod problem;
pub mod roster;
pub mod session;
pub mod sign;

pub use blob::{BlobStatus, Sha256Hex};
pub use changes::{Change, Changes, DecisionAnswer, DecisionOutcome, ReviewDecision, Twin, Verdict};
pub use enrol::{Enrolled, Enrolment, KioskStatus};
pub use item::{Kind, Receipt, item_path};
pub use order::{AuditHead, Digits, OrderHead, OrderRevision, PhotoHead, SealedPicture};
pub use paper::{ParcelManifest, PrintManifest, SheetLine};
pub use problem::Problem;
pub use roster::{RosterBatch, RosterRow};
pub use session::SessionDocument;

/// The version of this protocol, the first part of every path.
pub const VERSION: &str = "v1";

/// What is known of a student, by the field's stable word.
pub type Fields = std::collections::BTreeMap<String, String>;

/// The header in which both sides tell the same request apart in their logs.
pub const REQUEST_ID: &str = "x-request-id";
