//! The kiosk's memory: one encrypted SQLite database and a vault of encrypted photos. The only kiosk crate with SQL.
//!
//! A [`Store`] is owned by one thread. What it answers `Ok` to is on the disk: the photo's files first, then one
//! transaction with the order, its revision, the outbox and the audit log.

mod audit;
mod backup;
mod changes;
mod check;
mod error;
mod keys;
mod migrations;
mod names;
mod open;
mod orders;
mod outbox;
mod packing;
mod parcels;
mod photos;
mod pins;
mod platform;
mod prints;
mod publish;
mod queue;
mod retention;
mod review;
mod revisions;
mod rows;
mod search;
mod sessions;
mod settings;
mod sheets;
mod store;
mod subjects;
mod sweep;
mod today;
mod vault;
mod verdicts;
mod visits;

pub use audit::{Actor, AuditBreak, AuditHead};
pub use backup::Backup;
pub use changes::{Told, TwinRow};
pub use check::CheckReport;
pub use error::{CODES, OpenError, StoreError};
pub use keys::KeyCustody;
pub use open::{BeginAnew, Opened, Options, Place, begin_anew, open, restore};
pub use orders::{OrderFilter, OrderRow};
pub use outbox::{OutboxRow, Outgoing, Waiting};
pub use packing::Packed;
pub use parcels::{MissingSheet, Parcel, ParcelDue, ParcelFor, ParcelState};
pub use photos::{NewPhoto, PhotoRecord, Which};
pub use pins::{PinAnswer, Role};
pub use prints::{NewPrint, Print, PrintState};
pub use publish::NewOrder;
pub use queue::{Page, QueueCounts, QueueFilter, QueueRow, QueueStanding};
pub use retention::KeptPhotos;
pub use review::{DeskFilter, DeskRow, DeskSort};
pub use revisions::Revision;
pub use sheets::{ApprovedPhoto, PrintableOrder, Sheet, SheetCounts};
#[cfg(feature = "weaker-for-tests")]
pub use store::Durability;
pub use store::Store;
pub use sweep::SweepReport;
pub use today::{ClassProgress, PhotoFindings};
pub use verdicts::PhotoGrade;
pub use visits::Visit;

#[cfg(test)]
mod desk_tests;
#[cfg(test)]
mod order_tests;
#[cfg(test)]
mod store_tests;
#[cfg(test)]
mod testing;
