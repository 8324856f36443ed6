//! How a kiosk signs a request: Ed25519 over six lines, each ended by a line feed.
//!
//! ```text
//! caixiang-kiosk-1
//! <method, upper case>
//! <path and query, as sent>
//! <time by the centre's clock, milliseconds since 1970>
//! <the kiosk's id>
//! <SHA-256 of the body, hexadecimal>
//! ```
//!
//! The time bounds how long a copied request is of use ([`WINDOW_MS`]). A kiosk's own clock may be wrong by years: it
//! signs with the centre's time, which it learns from an answer and goes on with by its own steady clock. Every request
//! of a kiosk can be repeated without effect, so no nonce is kept.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use uuid::Uuid;

use crate::blob::Sha256Hex;

/// The header with the signature: `kiosk=<id>,time=<ms>,signature=<hexadecimal>`.
pub const HEADER: &str = "x-caixiang-signature";
/// The header with the centre's time, in every answer of the centre.
pub const TIME_HEADER: &str = "x-caixiang-time";
/// How far the time of a request may be from the centre's.
pub const WINDOW_MS: i64 = 5 * 60 * 1000;

const SCHEME: &str = "caixiang-kiosk-1";

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// `PUT`.
    pub method: &'a str,
    /// `/v1/changes?after=3`, as it is sent.
    pub path_and_query: &'a str,
    /// By the centre's clock.
    pub time_ms: i64,
    /// Who signs.
    pub kiosk: Uuid,
    /// Of the body; of nothing where there is none.
    pub body: &'a Sha256Hex,
}

/// A signature as its header says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who says to have signed.
    pub kiosk: Uuid,
    /// When, by the centre's clock.
    pub time_ms: i64,
    signature: [u8; 64],
}

/// A header that is no signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a signature of the form kiosk=…,time=…,signature=…")]
pub struct NotASignature;

impl Signed<'_> {
    fn text(&self) -> String {
        let Self { method, path_and_query, time_ms, kiosk, body } = self;
        format!("{SCHEME}\n{method}\n{path_and_query}\n{time_ms}\n{kiosk}\n{body}\n")
    }

    /// The header's value.
    pub fn header(&self, key: &SigningKey) -> String {
        let signature = hex::encode(key.sign(self.text().as_bytes()).to_bytes());
        format!("kiosk={},time={},signature={signature}", self.kiosk, self.time_ms)
    }

    /// Whether the claim is by who has this key, and about this request.
    pub fn is_signed_by(&self, claim: &Claim, key: &VerifyingKey) -> bool {
        let same = claim.kiosk == self.kiosk && claim.time_ms == self.time_ms;
        same && key.verify_strict(self.text().as_bytes(), &Signature::from_bytes(&claim.signature)).is_ok()
    }
}

impl Claim {
    /// Reads the header.
    ///
    /// # Errors
    /// [`NotASignature`].
    pub fn read(header: &str) -> Result<Self, NotASignature> {
        let mut parts = header.split(',');
        let mut next = |name: &str| {
            let value = parts.next().and_then(|part| part.strip_prefix(name))?;
            value.strip_prefix('=')
        };
        let kiosk = next("kiosk").and_then(|text| Uuid::try_parse(text).ok()).ok_or(NotASignature)?;
        let time_ms = next("time").and_then(|text| text.parse().ok()).ok_or(NotASignature)?;
        let mut signature = [0; 64];
        hex::decode_to_slice(next("signature").ok_or(NotASignature)?, &mut signature)
            .map_err(|_| NotASignature)?;
        if parts.next().is_some() { Err(NotASignature) } else { Ok(Self { kiosk, time_ms, signature }) }
    }
}

/// The proof of an enrolment: the plain code, signed.
pub fn prove_enrolment(plain_code: &str, key: &SigningKey) -> String {
    hex::encode(key.sign(enrolment_text(plain_code).as_bytes()).to_bytes())
}

/// Whether the proof is by who has this key.
pub fn is_enrolment_proved(plain_code: &str, proof: &str, key: &VerifyingKey) -> bool {
    let mut signature = [0; 64];
    hex::decode_to_slice(proof, &mut signature).is_ok()
        && key
            .verify_strict(enrolment_text(plain_code).as_bytes(), &Signature::from_bytes(&signature))
            .is_ok()
}

fn enrolment_text(plain_code: &str) -> String {
    format!("{SCHEME} enrolment\n{plain_code}\n")
}

/// A public key written as hexadecimal.
pub fn public_key(text: &str) -> Option<VerifyingKey> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_bytes(&[seed; 32])
    }

    #[test]
    fn a_signature_is_for_one_request_of_one_kiosk() {
        let body = Sha256Hex::of(b"{}");
        let kiosk = Uuid::from_u128(1);
        let signed = Signed {
            method: "PUT",
            path_and_query: "/v1/orders/x?y=1",
            time_ms: 1_700_000_000_123,
            kiosk,
            body: &body,
        };
        let claim = Claim::read(&signed.header(&key(1))).unwrap();
        let known = key(1).verifying_key();
        assert!(signed.is_signed_by(&claim, &known));
        assert!(!signed.is_signed_by(&claim, &key(2).verifying_key()));
        let other = Sha256Hex::of(b"{ }");
        for bent in [
            Signed { method: "GET", ..signed },
            Signed { path_and_query: "/v1/orders/x?y=2", ..signed },
            Signed { time_ms: signed.time_ms + 1, ..signed },
            Signed { kiosk: Uuid::from_u128(2), ..signed },
            Signed { body: &other, ..signed },
        ] {
            assert!(!bent.is_signed_by(&claim, &known), "{bent:?}");
        }
    }

    #[test]
    fn headers_that_are_none_are_refused() {
        let body = Sha256Hex::of(b"");
        let signed =
            Signed { method: "GET", path_and_query: "/", time_ms: -5, kiosk: Uuid::nil(), body: &body };
        let good = signed.header(&key(1));
        assert_eq!(Claim::read(&good).unwrap().time_ms, -5);
        for bad in
            ["", "kiosk=", &good[..good.len() - 2], &format!("{good},x=1"), &good.replace("time", "at")]
        {
            assert_eq!(Claim::read(bad), Err(NotASignature), "{bad}");
        }
    }

    #[test]
    fn an_enrolment_is_proved_by_its_key() {
        let proof = prove_enrolment("7K2MQ9ABCDEF", &key(1));
        assert!(is_enrolment_proved("7K2MQ9ABCDEF", &proof, &key(1).verifying_key()));
        assert!(!is_enrolment_proved("7K2MQ9ABCDEG", &proof, &key(1).verifying_key()));
        assert!(!is_enrolment_proved("7K2MQ9ABCDEF", &proof, &key(2).verifying_key()));
        assert!(!is_enrolment_proved("7K2MQ9ABCDEF", "00", &key(1).verifying_key()));
        assert!(public_key(&hex::encode(key(1).verifying_key().as_bytes())).is_some());
        assert!(public_key(&"0".repeat(64)).is_none(), "a key of small order signs anything");
    }
}
