//! Paper: what was printed for whom, and which parcel it lies in.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A document sent to a printer: which sheets of whom, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PrintManifest {
    /// The print.
    pub print: Uuid,
    /// Its session.
    pub session: Uuid,
    /// What it is called in the ledger.
    pub title: String,
    /// The printer, as staff know it.
    pub printer: String,
    /// Pages.
    pub pages: u32,
    /// 1 for the first, 2 for the first reprint.
    pub copy: u32,
    /// The print that this one repeats.
    pub again_of: Option<Uuid>,
    /// `intended`, `submitted`, `done`, `unknown`, `failed`.
    pub state: String,
    /// Its sheets.
    pub sheets: Vec<SheetLine>,
    /// When this was so, by the kiosk's clock.
    pub at_ms: i64,
}

/// One sheet of one student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SheetLine {
    /// The sheet.
    pub sheet: Uuid,
    /// The code printed on it.
    pub code: String,
    /// Whose: the order.
    pub order: Uuid,
    /// The photo on it.
    pub photo: Uuid,
    /// 1 for the first sheet of this order.
    pub copy: u32,
}

/// A parcel: whose sheets lie in it, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ParcelManifest {
    /// The parcel.
    pub parcel: Uuid,
    /// Its session.
    pub session: Uuid,
    /// Its number in the session.
    pub number: u32,
    /// The college of its class; empty for a parcel to one student.
    pub college: String,
    /// Its class.
    pub class_name: String,
    /// The order of the one student it goes to.
    pub order: Option<Uuid>,
    /// `open`, `closed`, `sent`.
    pub state: String,
    /// The carrier.
    pub carrier: Option<String>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// The sheets in it.
    pub sheets: Vec<Uuid>,
    /// When this was so, by the kiosk's clock.
    pub at_ms: i64,
}
