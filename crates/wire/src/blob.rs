//! Blobs: bytes known by their SHA-256.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Largest blob, bytes: the largest picture of a camera with what enciphering adds.
pub const MAX_BLOB: u64 = (64 << 20) + 4096;
/// Largest body of one request, bytes. A larger blob goes in parts, and is gone on with after a break.
pub const MAX_PART: u64 = 2 << 20;

/// A SHA-256 as 64 lower-case hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema), schema(value_type = String, pattern = "^[0-9a-f]{64}$"))]
pub struct Sha256Hex(String);

/// A text that is no SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 64 lower-case hexadecimal digits")]
pub struct NotASha256;

impl Sha256Hex {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex::encode(Sha256::digest(bytes)))
    }

    /// With this value.
    pub fn new(hash: [u8; 32]) -> Self {
        Self(hex::encode(hash))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value.
    pub fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        // The constructors let nothing else in.
        hex::decode_to_slice(&self.0, &mut bytes).unwrap_or_default();
        bytes
    }
}

impl FromStr for Sha256Hex {
    type Err = NotASha256;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(digit) { Ok(Self(text.to_owned())) } else { Err(NotASha256) }
    }
}

impl TryFrom<String> for Sha256Hex {
    type Error = NotASha256;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sha256Hex> for String {
    fn from(hash: Sha256Hex) -> Self {
        hash.0
    }
}

impl fmt::Display for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Sha256Hex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much of a blob the centre has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct BlobStatus {
    /// Which.
    pub sha256: Sha256Hex,
    /// Bytes that are there from its begin on; the next part starts here.
    pub received: u64,
    /// It is whole, its hash was compared, and it is on the disk.
    pub complete: bool,
}

/// Where a blob is put and asked for.
pub fn path(sha256: &Sha256Hex) -> String {
    format!("/v1/blobs/{sha256}")
}

/// The place of a part in its blob, as `Content-Range` says it: `bytes 0-1023/4096`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartRange {
    /// First byte.
    pub first: u64,
    /// Bytes of this part; never none.
    pub length: u64,
    /// Bytes of the whole blob.
    pub total: u64,
}

impl fmt::Display for PartRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes {}-{}/{}", self.first, self.first + self.length - 1, self.total)
    }
}

impl FromStr for PartRange {
    type Err = NotARange;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (range, total) =
            text.strip_prefix("bytes ").and_then(|rest| rest.split_once('/')).ok_or(NotARange)?;
        let (first, last) = range.split_once('-').ok_or(NotARange)?;
        let number = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| text.parse::<u64>().ok()).flatten().ok_or(NotARange)
        };
        let (first, last, total) = (number(first)?, number(last)?, number(total)?);
        if first > last || last >= total || total > MAX_BLOB {
            return Err(NotARange);
        }
        Ok(Self { first, length: last - first + 1, total })
    }
}

/// A header that is no part's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a range of the form bytes 0-1023/4096")]
pub struct NotARange;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_hashes_are_hashes() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Sha256Hex::of(b"").as_str(), empty);
        assert_eq!(
            empty.parse::<Sha256Hex>().map(|hash| Sha256Hex::new(hash.bytes())),
            Ok(Sha256Hex::of(b""))
        );
        for text in ["", "e3", &empty.to_uppercase(), &format!("{empty}0"), &empty.replace('e', "/")] {
            assert!(text.parse::<Sha256Hex>().is_err(), "{text}");
            assert!(serde_json::from_value::<Sha256Hex>(text.into()).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn ranges_read_back(first in 0..MAX_BLOB, length in 1..MAX_PART, more in 0..MAX_BLOB) {
            let range = PartRange { first, length, total: first + length + more };
            let read = range.to_string().parse::<PartRange>();
            if range.total > MAX_BLOB {
                prop_assert_eq!(read, Err(NotARange));
            } else {
                prop_assert_eq!(read, Ok(range));
            }
        }

        #[test]
        fn no_text_is_misread(text in "(bytes )?[0-9+ -]{0,6}-[0-9]{0,6}/[0-9*]{0,6}") {
            if let Ok(range) = text.parse::<PartRange>() {
                prop_assert!(range.first + range.length <= range.total && range.length > 0);
            }
        }
    }
}
