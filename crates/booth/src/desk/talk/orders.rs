//! Students and orders in lists, and one order large.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{PhotoView, Viewport};

/// Which students are asked for.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudentsWanted {
    /// The beginning of a name, its pinyin or initials, or a number.
    pub text: String,
    /// Of one class only.
    pub class_name: Option<String>,
    /// `waiting`, `absent`, `ordered` or an order's state; empty for all.
    pub standing: String,
    /// Index of the first row.
    pub offset: u32,
    /// How many rows.
    pub limit: u32,
}

/// Students of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudentsPage {
    /// The rows asked for.
    pub rows: Vec<StudentRow>,
    /// Index of the first.
    pub offset: u32,
    /// How many match.
    pub total: u32,
    /// Classes to choose from.
    pub classes: Vec<String>,
}

/// A student of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StudentRow {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Student number.
    pub student_number: String,
    /// College.
    pub college: String,
    /// Class.
    pub class_name: String,
    /// `waiting`, `absent` or an order's state.
    pub standing: String,
}

/// Which orders are asked for, and how they are sorted.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrdersWanted {
    /// The beginning of a name, its pinyin or initials, or a number.
    pub text: String,
    /// In one state; empty for all.
    pub state: String,
    /// Of one college.
    pub college: Option<String>,
    /// Of one class.
    pub class_name: Option<String>,
    /// `clean`, `warned` or `blocked`; empty for all.
    pub grade: String,
    /// `newest`, `oldest`, `class`, `grade` or `name`.
    pub sort: String,
    /// Index of the first row.
    pub offset: u32,
    /// How many rows.
    pub limit: u32,
}

/// Orders of the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrdersPage {
    /// The rows asked for.
    pub rows: Vec<OrderRow>,
    /// Index of the first.
    pub offset: u32,
    /// How many match.
    pub total: u32,
    /// Classes to choose from.
    pub classes: Vec<String>,
}

/// An order of the list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrderRow {
    /// Id.
    pub id: String,
    /// Number.
    pub number: String,
    /// 拍摄号.
    pub shot_number: u32,
    /// State: `order.<code>`.
    pub state: String,
    /// When it was made, local time.
    pub created: String,
    /// The fee, fen.
    pub fee_fen: u32,
    /// Why it was rejected.
    pub rejection: Option<String>,
    /// The student's name.
    pub name: String,
    /// Student number.
    pub student_number: String,
    /// College.
    pub college: String,
    /// Class.
    pub class_name: String,
    /// `clean`, `warned`, `blocked`, or empty where that is not known.
    pub grade: String,
    /// Codes of the checks whose limits are broken.
    pub broken: Vec<String>,
    /// Why staff let a blocked photo pass.
    pub override_reason: Option<String>,
    /// Where the page gets the pictures.
    pub photo: PhotoView,
}

/// One order, with everything the review looks at.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrderDetail {
    /// The order.
    pub order: OrderRow,
    /// The part of the camera's picture that the photo shows.
    pub crop: Option<Viewport>,
    /// Its history, from the first.
    pub history: Vec<RevisionRow>,
}

/// A step of an order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RevisionRow {
    /// Where the order stood after it.
    pub state: String,
    /// Why.
    pub reason: Option<String>,
    /// `student`, `photographer`, `manager`, `system` or `centre`.
    pub actor: String,
    /// When, local time.
    pub at: String,
    /// A new photo came with it.
    pub new_photo: bool,
}
