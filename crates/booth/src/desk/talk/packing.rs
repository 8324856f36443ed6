//! Parcels, and the papers that go with them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::printing::ClassKey;
use crate::view::Language;

/// The parcels of the open session, and what has none yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParcelsView {
    /// Parcels by number.
    pub rows: Vec<ParcelRow>,
    /// Classes or students whose parcel has not been begun.
    pub due: Vec<DueRow>,
    /// A parcel is for a student and not for a class.
    pub individual: bool,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParcelRow {
    /// Its id.
    pub id: String,
    /// What its label is scanned by.
    pub code: String,
    /// Its number in the session.
    pub number: u32,
    /// The college; for a student their name.
    pub college: String,
    /// The class; for a student their student number.
    pub class_name: String,
    /// Whose order, where it is for one student.
    pub order: Option<String>,
    /// `open`, `closed` or `sent`.
    pub state: String,
    /// Sheets in it.
    pub sheets: u32,
    /// Orders that belong in it.
    pub wanted: u32,
    /// Who carries it.
    pub carrier: String,
    /// The carrier's number.
    pub tracking: String,
    /// When it left, local time; empty before.
    pub sent: String,
}

/// A class or a student whose parcel has not been begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DueRow {
    /// The college; for a student their name.
    pub college: String,
    /// The class; for a student their student number.
    pub class_name: String,
    /// The student's order; none for a class.
    pub order: Option<String>,
    /// Approved orders.
    pub wanted: u32,
    /// Of these, with a printed sheet.
    pub printed: u32,
}

/// A parcel opened: what lies in it and what is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParcelDetail {
    /// The parcel.
    pub parcel: ParcelRow,
    /// Sheets in it.
    pub sheets: Vec<PackedRow>,
    /// Orders that belong in it and do not lie there.
    pub missing: Vec<MissingRow>,
}

/// A sheet in a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PackedRow {
    /// Its code.
    pub code: String,
    /// The student.
    pub name: String,
    /// Their student number.
    pub student_number: String,
}

/// An order whose sheet is not in its parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MissingRow {
    /// The order.
    pub order: String,
    /// The student.
    pub name: String,
    /// Their student number.
    pub student_number: String,
    /// Its sheet was printed: it must be somewhere.
    pub printed: bool,
}

/// What became of a code that was scanned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ScanView {
    /// `put`, `already_in`, `in_other`, `wrong_parcel`, `old_copy`, `not_in_force`, `no_such_sheet`, `not_open`, or
    /// `parcel`: the label of a parcel.
    pub outcome: String,
    /// The parcel that is open now.
    pub parcel: Option<String>,
    /// The number of the parcel where the sheet lies or belongs.
    pub number: Option<u32>,
    /// The code.
    pub code: String,
    /// The student; empty where no sheet has the code.
    pub name: String,
    /// Their class.
    pub class_name: String,
}

/// A parcel's next state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ParcelStep {
    /// Which.
    pub id: String,
    /// `open`, `closed` or `sent`.
    pub state: String,
    /// Who carries it, for `sent`.
    pub carrier: String,
    /// The carrier's number, for `sent`.
    pub tracking: String,
}

/// Papers that go with parcels and orders.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PapersWanted {
    /// `labels`, `packing`, `envelopes`, `mailing` or `receipts`.
    pub what: String,
    /// Ids of parcels, for receipts of orders; all where empty.
    pub ids: Vec<String>,
    /// Only of this class, for receipts.
    pub class: Option<ClassKey>,
    /// The language.
    pub language: Language,
}

/// Papers as they would be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PapersView {
    /// The first pages, as SVG.
    pub pages: Vec<String>,
    /// Pages in all.
    pub total: u32,
    /// Characters that the font lacks.
    pub lacking: String,
}
