//! An order's revision: the order as it stands after it, its photo, and who did what, why and when.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Fields;
use crate::blob::Sha256Hex;

/// A revision of an order. Its number is the order's, and the path's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrderRevision {
    /// The order after it.
    pub order: OrderHead,
    /// What the student confirmed, and the address.
    pub details: Fields,
    /// The photo in force.
    pub photo: PhotoHead,
    /// The move that was made; none for the first revision.
    pub step: Option<String>,
    /// Why: the reviewer's words, or why staff overrode a rule.
    pub reason: Option<String>,
    /// The decision of the centre that the kiosk carried out with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Uuid>,
    /// Who did it: `student`, `photographer`, `manager`, `system`, `centre`.
    pub actor: String,
    /// When, by the kiosk's clock: evidence, never ordering.
    pub at_ms: i64,
    /// Where the kiosk's audit log stood.
    pub audit: AuditHead,
    /// The photo's pictures as they were sent; none where their keys were destroyed before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<SealedPicture>,
}

/// The order itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct OrderHead {
    /// Its id.
    pub id: Uuid,
    /// The number for people: `000015-20240220115644602`.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9]{6}-[0-9]{17}$"))]
    pub number: String,
    /// Its session.
    pub session: Uuid,
    /// Whose photo it is.
    pub subject: Uuid,
    /// Where it stands: the state's code.
    pub state: String,
    /// Counts from 1.
    pub revision: u32,
    /// Code of the product.
    pub product: String,
    /// The fee, fen.
    pub fee_fen: u32,
    /// 拍摄号.
    pub shot_number: u32,
    /// The reviewer's words, where the state is `rejected`.
    pub rejection: Option<String>,
    /// When it was made, by the kiosk's clock.
    pub created_ms: i64,
}

/// The photo in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct PhotoHead {
    /// Its id.
    pub id: Uuid,
    /// When it was taken, by the kiosk's clock.
    pub taken_ms: i64,
    /// SHA-256 of the camera's file in the clear.
    pub original_sha256: Sha256Hex,
    /// Bytes of the camera's file.
    pub original_size: u64,
    /// SHA-256 of the finished file in the clear.
    pub finished_sha256: Sha256Hex,
    /// Bytes of the finished file.
    pub finished_size: u64,
    /// What the checks found, by check: `pass`, `warn`, `block`, `unknown`.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub findings: Fields,
}

/// A picture in the form of [`crate::picture`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct SealedPicture {
    /// `original` or `finished`.
    pub which: String,
    /// The blob.
    pub blob: Sha256Hex,
    /// Bytes of the blob.
    pub size: u64,
    /// The picture's key in a sealed box for the centre's recipient key, hexadecimal.
    pub key: Digits,
}

/// Bytes as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^([0-9a-f]{2})*$"))]
pub struct Digits(pub String);

impl Digits {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(bytes))
    }

    /// The bytes, where these are digits.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        hex::decode(&self.0).ok()
    }
}

/// The head of the kiosk's append-only audit log: each row's hash covers the one before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct AuditHead {
    /// Rows up to here.
    pub rows: u64,
    /// The last one's hash.
    pub hash: Sha256Hex,
}
