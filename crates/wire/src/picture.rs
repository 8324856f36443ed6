//! The form of a picture as it lies in a kiosk's vault and in the centre's store of blobs: enciphered under a key of its
//! own with XChaCha20-Poly1305, bound to its photo and to which of the two pictures it is.
//!
//! `"CXP1"`, 24 bytes nonce, the text, 16 bytes tag.

use caixiang_domain::PhotoId;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

const MAGIC: &[u8; 4] = b"CXP1";
const NONCE: usize = 24;
const TAG: usize = 16;

/// What a sealed picture has beside the picture, bytes.
pub const OVERHEAD: u64 = (MAGIC.len() + NONCE + TAG) as u64;

/// The camera's picture.
pub const ORIGINAL: &str = "original";
/// The finished picture.
pub const FINISHED: &str = "finished";

/// The picture cannot be opened: a bit, the key, or what it belongs to differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the picture cannot be opened")]
pub struct CannotOpen;

fn bound(photo: PhotoId, which: &str) -> Vec<u8> {
    format!("caixiang picture {photo} {which}").into_bytes()
}

/// Enciphers a picture under its key, with a nonce never used before under it.
///
/// # Errors
/// [`CannotOpen`] for pictures beyond the cipher's 256 GiB.
pub fn seal(
    key: &[u8; 32],
    nonce: [u8; NONCE],
    photo: PhotoId,
    which: &str,
    picture: &[u8],
) -> Result<Vec<u8>, CannotOpen> {
    let payload = Payload { msg: picture, aad: &bound(photo, which) };
    let text = XChaCha20Poly1305::new(key.into())
        .encrypt(XNonce::from_slice(&nonce), payload)
        .map_err(|_| CannotOpen)?;
    Ok([MAGIC.as_slice(), &nonce, &text].concat())
}

/// The reverse of [`seal`].
///
/// # Errors
/// [`CannotOpen`].
pub fn open(
    key: &[u8; 32],
    photo: PhotoId,
    which: &str,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
    let rest = sealed.strip_prefix(MAGIC.as_slice()).ok_or(CannotOpen)?;
    let (nonce, text) = rest.split_at_checked(NONCE).ok_or(CannotOpen)?;
    XChaCha20Poly1305::new(key.into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: text, aad: &bound(photo, which) })
        .map(Zeroizing::new)
        .map_err(|_| CannotOpen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_opens_only_as_what_it_is() {
        let (photo, key) = (PhotoId::new(), [7; 32]);
        let sealed = seal(&key, [1; NONCE], photo, FINISHED, b"picture").unwrap();
        assert_eq!(sealed.len() as u64, 7 + OVERHEAD);
        assert_eq!(open(&key, photo, FINISHED, &sealed).unwrap().as_slice(), b"picture");
        assert!(open(&key, photo, ORIGINAL, &sealed).is_err());
        assert!(open(&key, PhotoId::new(), FINISHED, &sealed).is_err());
        assert!(open(&[8; 32], photo, FINISHED, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut bent = sealed.clone();
            bent[at] ^= 1;
            assert!(open(&key, photo, FINISHED, &bent).is_err(), "byte {at}");
            assert!(open(&key, photo, FINISHED, &sealed[..at]).is_err(), "cut at {at}");
        }
    }
}
