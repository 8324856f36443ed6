//! Who a student is, from numbers and codes: document numbers, passport lines, capture codes. No card reader yet.

pub mod capture_code;
mod grey;
mod letters;
pub mod mrz;
pub mod number;
mod problem;
pub mod qr;
mod typed;
pub mod wedge;

pub use capture_code::{CaptureCode, MAX_CODE_BYTES};
pub use mrz::{Mrz, Sex};
pub use number::{DocumentKind, DocumentNumber};
pub use problem::{CODES, Problem};
pub use qr::{MAX_SIDE_PX, QrReader};
pub use typed::{Typed, check_as_typed};
pub use wedge::{Heard, Key, Wedge};
