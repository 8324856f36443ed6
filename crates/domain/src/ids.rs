//! Ids are types: one for each kind of thing, all UUIDv7.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, from this moment and random bits.
            #[expect(clippy::new_without_default, reason = "a default that differs every time surprises")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id with this UUID.
            pub fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// Its UUID.
            pub fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::try_parse(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// A collection session (采集批次).
    SessionId;
    /// A person of a session: a row of its roster, or who came with a capture code.
    SubjectId;
    /// An order.
    OrderId;
    /// One photo: the original and the finished file made of it.
    PhotoId;
    /// One student's time at the kiosk, from identification to the order.
    VisitId;
    /// One photo sheet on paper.
    SheetId;
    /// One parcel of sheets.
    ParcelId;
    /// One document sent to a printer.
    PrintId;
}
