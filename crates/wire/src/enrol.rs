//! How a kiosk becomes one of the centre's, and what it is told about itself.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Where a kiosk enrols. The only request of a kiosk that is not signed by a known key: the code stands for it.
pub const ENROL_PATH: &str = "/v1/enrolments";
/// Where a kiosk asks about itself.
pub const ME_PATH: &str = "/v1/kiosk";
/// Where the centre's time is.
pub const TIME_PATH: &str = "/v1/time";

/// Letters and digits of a one-time code: none that are mistaken for each other.
pub const CODE_ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
/// Characters of a one-time code; 31^12 is about 2^59.
pub const CODE_LENGTH: usize = 12;

/// A one-time code as it is compared: upper case, without what people write between.
pub fn plain_code(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).take(64).collect()
}

/// What a kiosk says to enrol. The same code with the same key is answered the same, should the answer be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Enrolment {
    /// The one-time code that staff made at the centre.
    pub code: String,
    /// The kiosk's own public key (Ed25519), hexadecimal; the private one never leaves it.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{64}$"))]
    pub public_key: String,
    /// Signature of the code by that key, hexadecimal: the kiosk has the private one.
    #[cfg_attr(feature = "schema", schema(pattern = "^[0-9a-f]{128}$"))]
    pub proof: String,
    /// The program's version.
    #[cfg_attr(feature = "schema", schema(max_length = 64))]
    pub version: String,
}

/// What a kiosk becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Enrolled {
    /// Its id, in every signature.
    pub kiosk: Uuid,
    /// Its name, as staff wrote it.
    pub name: String,
    /// The collection point's number: the prefix of its order numbers.
    pub point: u32,
    /// The centre's recipient key (X25519), hexadecimal: photo keys are sealed for it.
    pub recipient: String,
    /// The centre's time, milliseconds since 1970.
    pub now_ms: i64,
}

/// What the centre knows of the kiosk that asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct KioskStatus {
    /// As when it enrolled; the recipient key may be a newer one.
    pub kiosk: Enrolled,
    /// The sessions it has.
    pub sessions: Vec<Uuid>,
}

/// The centre's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Time {
    /// Milliseconds since 1970.
    pub now_ms: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_compared_without_what_people_add() {
        assert_eq!(plain_code(" 7k2m-q9ab cdef\n"), "7K2MQ9ABCDEF");
        assert_eq!(plain_code(&"a".repeat(1000)).len(), 64);
        assert_eq!(plain_code("采集"), "");
    }
}
