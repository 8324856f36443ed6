//! Who is handed over: every student of the session, with a photo or with the reason why there is none.

use caixiang_domain::{Details, OrderNumber, OrderState, Standing};
use jiff::civil::DateTime;

/// A student of the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Student {
    /// What is known of them.
    pub details: Details,
    /// Whether there is a photo.
    pub outcome: Outcome,
}

/// Whether there is a photo.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// There is.
    Collected(Collected),
    /// There is none to hand over.
    Missing(Missing),
}

/// A photo to be handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Collected {
    /// The order's number.
    pub order: OrderNumber,
    /// When the photo was taken, local time.
    pub taken: DateTime,
    /// Bytes of the photo's file.
    pub size: u64,
    /// SHA-256 of the photo's file.
    pub sha256: [u8; 32],
    /// What the review noted, in the language of the lists; empty where nothing.
    pub notes: String,
}

/// Why there is no photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// Not photographed yet.
    Waiting,
    /// Called and not there.
    Absent,
    /// The fee is due.
    Unpaid,
    /// The review is due.
    InReview,
    /// The review failed; a new photo is due.
    Rejected,
    /// Unpaid and given up.
    Closed,
    /// The fee was given back.
    Refunded,
}

impl Missing {
    /// Every reason.
    pub const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Absent,
        Self::Unpaid,
        Self::InReview,
        Self::Rejected,
        Self::Closed,
        Self::Refunded,
    ];

    /// Why a student who stands here has no photo that a school may have; `None` from the passed review on.
    pub fn of(standing: Standing) -> Option<Self> {
        Some(match standing {
            Standing::Waiting => Self::Waiting,
            Standing::Absent => Self::Absent,
            Standing::Ordered(state) => match state {
                OrderState::PendingPayment => Self::Unpaid,
                OrderState::Paid | OrderState::PendingReview => Self::InReview,
                OrderState::Rejected => Self::Rejected,
                OrderState::Closed => Self::Closed,
                OrderState::Refunded => Self::Refunded,
                OrderState::PendingProduction | OrderState::InProduction | OrderState::Completed => {
                    return None;
                }
            },
        })
    }

    /// The stable word for the message files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Absent => "absent",
            Self::Unpaid => "unpaid",
            Self::InReview => "in_review",
            Self::Rejected => "rejected",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
        }
    }
}

/// A parcel to be posted: an order of 散采 with paper photos.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    /// The order's number.
    pub order: OrderNumber,
    /// Student number and name, which stand on the envelope, and recipient, telephone, region and address.
    pub details: Details,
    /// The product's name, in the language of the lists.
    pub product: String,
    /// Who carries it; empty where not known yet.
    pub carrier: String,
    /// The carrier's number; empty where not known yet.
    pub tracking_number: String,
}

impl Student {
    /// The photo, where there is one.
    pub fn collected(&self) -> Option<&Collected> {
        match &self.outcome {
            Outcome::Collected(collected) => Some(collected),
            Outcome::Missing(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_passed_the_review_is_handed_over() {
        let handed: Vec<_> = OrderState::ALL
            .iter()
            .filter(|&&state| Missing::of(Standing::Ordered(state)).is_none())
            .map(|state| state.code())
            .collect();
        assert_eq!(handed, ["pending_production", "in_production", "completed"]);
        assert_eq!(Missing::of(Standing::Absent), Some(Missing::Absent));
    }
}
