//! Sessions: the list and the form.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::Words;

/// A session in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Words,
    /// School.
    pub school: Words,
    /// 特征码.
    pub feature_code: String,
    /// `code` or `roster`.
    pub identity: String,
    /// First day, `yyyy-MM-dd`.
    pub opens: Option<String>,
    /// Last day.
    pub closes: Option<String>,
    /// Closed by staff.
    pub closed: bool,
    /// The one this kiosk photographs for.
    pub active: bool,
    /// The demonstration.
    pub demonstration: bool,
    /// Students of its list.
    pub students: u32,
    /// Of these, with an order.
    pub collected: u32,
}

/// What a form of a session says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionDraft {
    /// Id; none for a new one.
    pub id: Option<String>,
    /// 特征码.
    pub feature_code: String,
    /// Name.
    pub name: Words,
    /// The school's national code.
    pub school_code: String,
    /// School.
    pub school: Words,
    /// `code` or `roster`.
    pub identity: String,
    /// `centralised` or `individual`.
    pub delivery: String,
    /// Who pays.
    pub payer: String,
    /// Id of the preset.
    pub preset: String,
    /// Backdrop as `#rrggbb`.
    pub backdrop: String,
    /// What is asked, in this order.
    pub fields: Vec<FieldDraft>,
    /// What can be ordered.
    pub products: Vec<ProductDraft>,
    /// What to bring.
    pub bring: Vec<Words>,
    /// Glasses must come off.
    pub no_glasses: bool,
    /// First day, `yyyy-MM-dd`; empty for none.
    pub opens: String,
    /// Last day; empty for none.
    pub closes: String,
    /// Limits tighter than the preset's.
    pub stricter: Vec<StricterDraft>,
}

/// A field that is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldDraft {
    /// Its code.
    pub field: String,
    /// It must have a value.
    pub required: bool,
    /// The student may change it.
    pub editable: bool,
}

/// A product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProductDraft {
    /// Its code; empty for a new one.
    pub code: String,
    /// Name.
    pub name: Words,
    /// Fee, fen.
    pub fee_fen: u32,
    /// With paper photos.
    pub paper: bool,
}

/// A limit tighter than the preset's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StricterDraft {
    /// Code of the check.
    pub check: String,
    /// Smallest value.
    pub min: Option<f64>,
    /// Largest value.
    pub max: Option<f64>,
    /// `block`, `warn`, `note`, or empty for the preset's.
    pub severity: String,
}

/// The form of a session with what can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SessionForm {
    /// What it says.
    pub draft: SessionDraft,
    /// Presets.
    pub presets: Vec<PresetChoice>,
    /// Codes of the fields that can be asked.
    pub fields: Vec<String>,
    /// Who can pay.
    pub payers: Vec<String>,
    /// Schools of earlier sessions.
    pub schools: Vec<SchoolChoice>,
    /// Orders were made: mode, preset and backdrop stay.
    pub begun: bool,
}

/// A preset that can be chosen.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PresetChoice {
    /// Id.
    pub id: String,
    /// Name.
    pub name: Words,
    /// Backdrops as `#rrggbb`.
    pub backdrops: Vec<String>,
    /// Width, pixels.
    pub width_px: u32,
    /// Height, pixels.
    pub height_px: u32,
    /// What can be made stricter, with the preset's own limits.
    pub rules: Vec<StricterDraft>,
}

/// A school that was written before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SchoolChoice {
    /// National code.
    pub code: String,
    /// Name.
    pub name: Words,
}
