//! SHA-256 of files and bytes, as the manifests write it.

use std::fmt;
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// A SHA-256 in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Digest(String);

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let hexadecimal = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() == 64 && hexadecimal {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is no sha256: 64 lower-case hexadecimal digits were expected"))
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

fn finish(hasher: Sha256) -> Digest {
    let mut text = String::with_capacity(64);
    for byte in hasher.finalize() {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    Digest(text)
}

/// The digest of bytes in memory.
pub(crate) fn of_bytes(bytes: &[u8]) -> Digest {
    let mut hasher = Sha256::new();
    hasher.update(bytes);
    finish(hasher)
}

/// The digest of a file, read in pieces.
pub(crate) fn of_file(path: &Path) -> Result<Digest> {
    let mut file = std::fs::File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut piece).with_context(|| format!("cannot read {}", path.display()))?;
        if read == 0 {
            return Ok(finish(hasher));
        }
        hasher.update(&piece[..read]);
    }
}

/// What is at a path, against what should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    /// The file is there and is the right one.
    Good,
    /// There is no file.
    Missing,
    /// There is another file.
    Wrong(Digest),
}

/// Compares the file at a path with the digest it should have.
pub(crate) fn look(path: &Path, expected: &Digest) -> Result<Found> {
    if !path.is_file() {
        return Ok(Found::Missing);
    }
    let actual = of_file(path)?;
    Ok(if actual == *expected { Found::Good } else { Found::Wrong(actual) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_of_known_bytes() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(of_bytes(b"abc").to_string(), known);
    }

    #[test]
    fn only_64_hexadecimal_digits_are_a_digest() {
        assert!(Digest::try_from("abc".to_owned()).is_err());
        assert!(Digest::try_from("G".repeat(64)).is_err());
        assert!(Digest::try_from("0".repeat(64)).is_ok());
    }
}
