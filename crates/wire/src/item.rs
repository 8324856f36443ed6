//! Items: numbered revisions of things, each taken once.

use caixiang_domain::OrderId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::blob::Sha256Hex;

/// Largest body of an item, bytes.
pub const MAX_ITEM: usize = 1 << 20;
/// Highest revision of a thing.
pub const MAX_REVISION: u32 = 1_000_000;

/// What there are revisions of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub enum Kind {
    /// A collection session ([`crate::SessionDocument`]).
    Session,
    /// A part of a session's roster ([`crate::RosterBatch`]).
    Roster,
    /// An order ([`crate::OrderRevision`]).
    Order,
    /// A document sent to a printer, with its sheets ([`crate::PrintManifest`]).
    Print,
    /// A parcel of sheets ([`crate::ParcelManifest`]).
    Parcel,
    /// What a kiosk made of a decision ([`crate::DecisionAnswer`]).
    Decision,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Session, Self::Roster, Self::Order, Self::Print, Self::Parcel, Self::Decision];

    /// The stable word, for databases.
    pub fn code(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Roster => "roster",
            Self::Order => "order",
            Self::Print => "print",
            Self::Parcel => "parcel",
            Self::Decision => "decision",
        }
    }

    /// The kind with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The part of the path: the plural.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Session => "sessions",
            Self::Roster => "rosters",
            Self::Order => "orders",
            Self::Print => "prints",
            Self::Parcel => "parcels",
            Self::Decision => "decisions",
        }
    }
}

/// Where a revision is put: `/v1/orders/{uuid}/revisions/{n}`.
pub fn item_path(kind: Kind, id: Uuid, revision: u32) -> String {
    format!("/v1/{}/{id}/revisions/{revision}", kind.plural())
}

/// Where an order's revision is put.
pub fn order_path(id: OrderId, revision: u32) -> String {
    item_path(Kind::Order, id.uuid(), revision)
}

/// The one right answer to an item: what the centre has kept. The same for the same bytes, however often they come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Receipt {
    /// Of what.
    pub kind: Kind,
    /// Its id.
    pub id: Uuid,
    /// Its revision.
    pub revision: u32,
    /// SHA-256 of the body as the centre got it.
    pub sha256: Sha256Hex,
}

impl Receipt {
    /// For these bytes.
    pub fn of(kind: Kind, id: Uuid, revision: u32, body: &[u8]) -> Self {
        Self { kind, id, revision, sha256: Sha256Hex::of(body) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_read_back() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_code(kind.code()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
        let id = Uuid::from_u128(7);
        assert_eq!(
            item_path(Kind::Order, id, 3),
            "/v1/orders/00000000-0000-0000-0000-000000000007/revisions/3"
        );
    }
}
