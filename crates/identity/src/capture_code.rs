//! The capture code (图像采集码): bytes as they were scanned. What they mean is not public: they are never parsed.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::problem::Problem;

/// The longest code taken; a QR code holds less than 3 KB.
pub const MAX_CODE_BYTES: usize = 4096;

/// A scanned code. Wiped from memory when dropped; never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct CaptureCode(Zeroizing<Vec<u8>>);

impl CaptureCode {
    /// Takes what a scanner or a camera read.
    ///
    /// # Errors
    /// Where it is empty or longer than any code.
    pub fn from_scan(bytes: Vec<u8>) -> Result<Self, Problem> {
        let bytes = Zeroizing::new(bytes);
        match bytes.len() {
            0 => Err(Problem::CodeEmpty),
            1..=MAX_CODE_BYTES => Ok(Self(bytes)),
            _ => Err(Problem::CodeTooLong),
        }
    }

    /// The bytes themselves, to be kept encrypted; never for a screen or a log.
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }

    /// What codes are matched by.
    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&*self.0).into()
    }
}

impl fmt::Debug for CaptureCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CaptureCode(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_bounded() {
        let scan = |count: usize| CaptureCode::from_scan(vec![7; count]).map(|code| code.reveal().len());
        assert_eq!(scan(0), Err(Problem::CodeEmpty));
        assert_eq!(scan(1), Ok(1));
        assert_eq!(scan(MAX_CODE_BYTES), Ok(MAX_CODE_BYTES));
        assert_eq!(scan(MAX_CODE_BYTES + 1), Err(Problem::CodeTooLong));
    }

    #[test]
    fn it_is_matched_by_its_digest_and_never_shown() {
        let code = CaptureCode::from_scan(b"abc".to_vec()).expect("bounded");
        // The digest of "abc" in FIPS 180-2.
        assert_eq!(code.sha256()[..4], [0xba, 0x78, 0x16, 0xbf]);
        assert_eq!(format!("{code:?}"), "CaptureCode(hidden)");
    }
}
