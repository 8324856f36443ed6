//! What the centre has to say to a kiosk, in the order in which it said it.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::roster::RosterBatch;
use crate::session::SessionDocument;

/// Where changes are asked for: `/v1/changes?after=3&wait=25`.
pub const PATH: &str = "/v1/changes";
/// Longest that an answer is held back until there is something, seconds.
pub const MAX_WAIT_S: u32 = 55;
/// Most changes in one answer.
pub const MAX_CHANGES: usize = 200;

/// Changes after a cursor. Asking again with the same cursor gives the same ones, and perhaps more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Changes {
    /// The oldest first.
    pub changes: Vec<Numbered>,
    /// The cursor to ask with next, once these are on the kiosk's disk.
    pub next: i64,
}

/// A change and its place in this kiosk's row of changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Numbered {
    /// Grows by one from change to change.
    pub seq: i64,
    /// What it is.
    pub change: Change,
}

/// One thing that the centre has to say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Change {
    /// A decision of the human review (终审).
    Decision(ReviewDecision),
    /// The session is this kiosk's, as it is now.
    Session {
        /// Its id.
        id: Uuid,
        /// What it says.
        document: Box<SessionDocument>,
    },
    /// The session is no longer this kiosk's.
    SessionGone {
        /// Its id.
        id: Uuid,
    },
    /// A part of the roster of one of this kiosk's sessions.
    Roster(RosterBatch),
    /// Another kiosk photographed the same student.
    Twin(Twin),
    /// The fee of an order is settled.
    Paid {
        /// The order.
        order: Uuid,
        /// The payment's own number with who took it.
        transaction: String,
    },
}

/// What a reviewer decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Verdict {
    /// The photo passes.
    Approve,
    /// The photo does not.
    Reject,
}

impl Verdict {
    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
        }
    }
}

/// A decision about one photo of one order. The kiosk is the only one that makes revisions of its orders: it carries the
/// decision out where it still fits, and says what it made of it with a [`DecisionAnswer`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct ReviewDecision {
    /// Its id.
    pub id: Uuid,
    /// The order.
    pub order: Uuid,
    /// The photo that was looked at.
    pub photo: Uuid,
    /// What was decided.
    pub verdict: Verdict,
    /// Why, where it was rejected.
    pub reason: Option<String>,
    /// When, by the centre's clock.
    pub at_ms: i64,
}

/// What a kiosk made of a decision: item [`crate::Kind::Decision`], revision 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct DecisionAnswer {
    /// The decision.
    pub decision: Uuid,
    /// The order.
    pub order: Uuid,
    /// What came of it.
    pub outcome: DecisionOutcome,
}

/// What came of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum DecisionOutcome {
    /// It is this revision of the order.
    Applied {
        /// The revision.
        revision: u32,
    },
    /// The order had gone on: another photo, or a state that knows no such step.
    Overtaken {
        /// The revision at which the order stood.
        revision: u32,
    },
    /// The kiosk has no such order.
    UnknownOrder,
}

/// The same student was photographed at another kiosk of the session too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Twin {
    /// The session.
    pub session: Uuid,
    /// This kiosk's order.
    pub order: Uuid,
    /// The other order's number.
    pub other_number: String,
    /// The other kiosk's name.
    pub other_kiosk: String,
    /// When the other order was made, by its kiosk's clock.
    pub other_created_ms: i64,
}
