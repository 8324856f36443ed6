//! A session's roster on its way between a kiosk and the centre, in parts.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Fields;
use crate::blob::Sha256Hex;

/// Most rows of one part.
pub const MAX_ROWS: usize = 500;

/// A part of a roster: these students are of the session, with these details. Students are only added and changed by
/// it; who left the roster is a row with `gone`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RosterBatch {
    /// The session.
    pub session: Uuid,
    /// At most 500.
    pub rows: Vec<RosterRow>,
}

/// One student.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RosterRow {
    /// Their id.
    pub subject: Uuid,
    /// What is known of them.
    pub details: Fields,
    /// SHA-256 of their capture code's bytes, where they came with one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_sha256: Option<Sha256Hex>,
    /// They left the roster, and have no order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}
