//! What an answer means. Only the one right answer is *sent*; everything else, a captive portal's friendly 200 too, is
//! *not sent*, and this says what to do then.

use caixiang_wire::{Problem, problem};
use reqwest::StatusCode;

/// Why something was not sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// No connection, or one that broke.
    #[error("the centre cannot be reached: {0}")]
    Network(String),
    /// TLS failed: a wrong certificate, or somebody between.
    #[error("the connection to the centre is not safe: {0}")]
    NotSafe(String),
    /// Who answered is not the centre: a captive portal, a proxy, a wrong address.
    #[error("what answered is not the centre (status {0})")]
    NotTheCentre(u16),
    /// The centre says that it cannot just now.
    #[error("the centre is busy or down (status {0})")]
    Busy(u16),
    /// The centre's clock and ours are apart; ours was set, and once more is worth a try.
    #[error("the clock was wrong")]
    Clock,
    /// This kiosk is not, or no longer, one of the centre's: nothing can be sent until staff enrol it anew.
    #[error("the centre does not know this kiosk: {0}")]
    Refused(String),
    /// Pictures are missing at the centre: they go first.
    #[error("the centre has not all pictures yet")]
    BlobsMissing,
    /// A part of a blob does not go on where the centre's bytes end.
    #[error("the centre has another part of it")]
    Offset,
    /// This one will never be taken as it is.
    #[error("the centre does not take it: {0:?}")]
    Never(Aside),
}

/// Why an item was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    /// The centre's code.
    pub code: String,
    /// What it said beside, for the log.
    pub detail: String,
}

impl NotSent {
    /// The stable word for the outbox and the words of the sync page.
    pub fn code(&self) -> &str {
        match self {
            Self::Network(_) => "sync.network",
            Self::NotSafe(_) => "sync.not_safe",
            Self::NotTheCentre(_) => "sync.not_the_centre",
            Self::Busy(_) => "sync.busy",
            Self::Clock => "sync.clock",
            Self::Refused(_) => "sync.refused",
            Self::BlobsMissing | Self::Offset => "sync.pictures",
            Self::Never(_) => "sync.aside",
        }
    }

    /// From a request that had no answer.
    pub(crate) fn no_answer(error: &reqwest::Error) -> Self {
        let mut text = String::new();
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(inner) = cause {
            // The deepest says most; addresses are in the first only.
            text = inner.to_string();
            cause = inner.source();
        }
        let lower = text.to_lowercase();
        // The library has no code for it: only to choose the words, everything here is tried again.
        if error.is_connect() && ["certificate", "tls", "handshake"].iter().any(|word| lower.contains(word)) {
            Self::NotSafe(text)
        } else {
            Self::Network(text)
        }
    }

    /// From an answer that is not a success. `is_centre`: it has the mark that every answer of the centre has.
    pub(crate) fn refused(status: StatusCode, is_centre: bool, body: &[u8]) -> Self {
        let known = serde_json::from_slice::<Problem>(body).ok().filter(|_| is_centre);
        let Some(said) = known else {
            // A balancer before the centre answers like this while the centre restarts.
            let busy =
                [StatusCode::BAD_GATEWAY, StatusCode::SERVICE_UNAVAILABLE, StatusCode::GATEWAY_TIMEOUT];
            let of_the_centre = is_centre || busy.contains(&status);
            return if of_the_centre {
                Self::Busy(status.as_u16())
            } else {
                Self::NotTheCentre(status.as_u16())
            };
        };
        match said.code.as_str() {
            problem::CLOCK => Self::Clock,
            problem::UNSIGNED | problem::REVOKED | problem::ENROL_CODE | problem::ENROL_USED => {
                Self::Refused(said.code)
            }
            problem::BLOBS_MISSING => Self::BlobsMissing,
            problem::BLOB_OFFSET => Self::Offset,
            problem::OTHER_BODY
            | problem::GAP
            | problem::BAD_BODY
            | problem::NOT_YOURS
            | problem::BLOB_HASH
            | problem::TOO_LARGE
            | problem::NOT_FOUND
            | problem::METHOD => {
                let detail = said.params.into_iter().map(|(name, value)| format!("{name}={value}"));
                Self::Never(Aside { code: said.code, detail: detail.collect::<Vec<_>>().join(" ") })
            }
            _ => Self::Busy(status.as_u16()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(code: &str) -> Vec<u8> {
        serde_json::to_vec(&Problem::new(code)).unwrap()
    }

    #[test]
    fn only_the_centres_own_no_sets_an_item_aside() {
        let status = StatusCode::CONFLICT;
        let never = NotSent::refused(status, true, &said(problem::OTHER_BODY));
        assert!(matches!(never, NotSent::Never(aside) if aside.code == problem::OTHER_BODY));
        assert_eq!(NotSent::refused(status, false, &said(problem::OTHER_BODY)), NotSent::NotTheCentre(409));
        assert_eq!(NotSent::refused(StatusCode::FORBIDDEN, false, b"<html>"), NotSent::NotTheCentre(403));
        assert_eq!(NotSent::refused(StatusCode::BAD_GATEWAY, false, b"<html>"), NotSent::Busy(502));
        assert_eq!(NotSent::refused(StatusCode::INTERNAL_SERVER_ERROR, true, b""), NotSent::Busy(500));
        let revoked = NotSent::refused(StatusCode::FORBIDDEN, true, &said(problem::REVOKED));
        assert_eq!(revoked, NotSent::Refused(problem::REVOKED.into()));
    }

    #[test]
    fn every_code_of_the_centre_has_a_meaning() {
        for code in problem::CODES {
            let meant = NotSent::refused(StatusCode::BAD_REQUEST, true, &said(code));
            assert!(!matches!(meant, NotSent::NotTheCentre(_)), "{code}");
        }
    }
}
