//! What leaves on paper: photo sheets, labels, envelopes, receipts, packing and mailing lists, as PDF and as preview.
//!
//! A page is a [`Drawing`] in millimetres. The PDF and the preview on the screen are both made from it, so that what is
//! seen is what is printed. Photos go into the PDF byte for byte, never scaled or stretched: a slot's clip cuts off
//! what a print of another shape has no room for. Text is text: it can be searched and copied. A character that the
//! font lacks is printed as 〓 and told to the caller. Nothing here looks at a clock or draws a random number: the same
//! input makes the same bytes.

mod amount;
mod document;
mod drawing;
#[cfg(test)]
#[path = "../tests/common/drawn.rs"]
mod drawn;
mod envelope;
mod error;
mod geometry;
pub mod layout;
mod lists;
pub mod order;
pub mod paper;
mod parcel;
mod pdf;
mod photo;
mod receipt;
pub mod sheets;
mod svg;
mod table;
mod typeface;
mod words;

pub use document::{Document, MAX_TEXT_CHARS};
pub use drawing::{Align, Drawing, Item, MAX_CODE_CHARS, Style};
pub use envelope::{Envelope, MAX_ENVELOPES, envelopes};
pub use error::{CODES, PaperError};
pub use geometry::{MM_PER_PT, Rect, Turn};
pub use layout::{Arrangement, Caption, Layout, Marks};
pub use lists::{Mailing, PackedSheet, mailing_list, packing_list};
pub use paper::{Paper, PrintSize, Set};
pub use parcel::{MAX_LABELS, ParcelLabel, parcel_labels};
pub use photo::{MAX_PHOTO_BYTES, MAX_PHOTO_PX};
pub use receipt::{MAX_RECEIPTS, Receipt, receipts};
pub use sheets::{Folder, Missing, Person, Report, Sheets, VOLUME_PEOPLE, Volumes};
pub use svg::svg;
pub use table::MAX_ROWS;
pub use typeface::{FAMILY, MISSING, Typeface};
pub use words::Language;
