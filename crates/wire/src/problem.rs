//! What went wrong, as a code. Its sentence is with whoever shows it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The body of every answer that is not a success.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable: `blob.missing`.
    pub code: String,
    /// What the sentence has in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $code;)*
        /// Every code that the centre answers with.
        pub const CODES: &[&str] = &[$($name,)*];
    };
}

codes! {
    /// The request is not signed, or by nobody the centre knows, or the signature is wrong.
    UNSIGNED = "kiosk.unsigned";
    /// The kiosk's clock is too far from the centre's; `now_ms` is the centre's time.
    CLOCK = "kiosk.clock";
    /// This kiosk's identity was revoked by staff.
    REVOKED = "kiosk.revoked";
    /// The thing belongs to another kiosk, or to a session that this kiosk does not have.
    NOT_YOURS = "kiosk.not_yours";
    /// The one-time code is wrong, or its time is over.
    ENROL_CODE = "enrol.code";
    /// The one-time code was used by another kiosk.
    ENROL_USED = "enrol.used";
    /// Other bytes are kept under this number already.
    OTHER_BODY = "item.other_body";
    /// An earlier revision is not here yet.
    GAP = "item.gap";
    /// The body is no message of this kind; `why`.
    BAD_BODY = "item.bad_body";
    /// Pictures of this order are not here yet; `blobs`.
    BLOBS_MISSING = "blob.missing";
    /// The bytes are not those of the name.
    BLOB_HASH = "blob.hash";
    /// The part does not go on where the centre's bytes end; `received`.
    BLOB_OFFSET = "blob.offset";
    /// A body or a blob beyond its limit.
    TOO_LARGE = "request.too_large";
    /// A request that says something impossible; `why`.
    BAD_REQUEST = "request.bad";
    /// Nothing is here by this name.
    NOT_FOUND = "request.not_found";
    /// The way exists, and is not gone with this method.
    METHOD = "request.method";
    /// Nobody is signed in.
    SIGNED_OUT = "staff.signed_out";
    /// The name or the password is wrong.
    SIGN_IN = "staff.sign_in";
    /// Too many attempts; `seconds`.
    LOCKED = "staff.locked";
    /// This member of staff may not do that.
    FORBIDDEN = "staff.forbidden";
    /// The order is not in a state for that any more; `state`.
    ORDER_STATE = "order.state";
    /// The decision has reached the kiosk: it cannot be taken back.
    DECISION_SENT = "decision.sent";
    /// The centre cannot reach its database or its store of blobs just now.
    UNAVAILABLE = "centre.unavailable";
    /// Something in the centre is broken; its log says what.
    INTERNAL = "centre.internal";
}

impl Problem {
    /// With this code.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), params: BTreeMap::new() }
    }

    /// With one more parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}
