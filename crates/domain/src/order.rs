//! An order and the only moves it can make.

use crate::ids::{OrderId, PhotoId, SessionId, SubjectId};
use crate::money::Fen;
use crate::order_number::OrderNumber;

/// Where an order stands. The words students see are in the message files under `order.<code>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OrderState {
    /// 待支付: created, the fee is due.
    PendingPayment,
    /// 已支付: settled or nothing due; the photo is not yet submitted for review.
    Paid,
    /// 待审核: the human review is due.
    PendingReview,
    /// 被驳回: the review failed; a new photo leads back.
    Rejected,
    /// 待制作: the review passed; the student is done.
    PendingProduction,
    /// 制作中: the provider has taken the photo.
    InProduction,
    /// 已完成: the electronic photo can be downloaded.
    Completed,
    /// 订单关闭: unpaid and given up.
    Closed,
    /// 已退款.
    Refunded,
}

/// A step of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// The fee is settled, or there is none.
    Settle,
    /// The photo goes to the human review.
    Submit,
    /// The review passes.
    Approve,
    /// The review fails.
    Reject,
    /// A new photo takes the rejected one's place.
    Replace,
    /// The provider takes the photo.
    TakeUp,
    /// The electronic photo is ready.
    Complete,
    /// Given up unpaid.
    Close,
    /// The fee is given back.
    Refund,
}

/// A move that this state does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an order that is {from:?} cannot {attempted:?}")]
pub struct ImpossibleMove {
    /// Where the order stands.
    pub from: OrderState,
    /// What was asked.
    pub attempted: Move,
}

impl OrderState {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::PendingPayment,
        Self::Paid,
        Self::PendingReview,
        Self::Rejected,
        Self::PendingProduction,
        Self::InProduction,
        Self::Completed,
        Self::Closed,
        Self::Refunded,
    ];

    /// The stable word for the database, the wire and the message files.
    pub fn code(self) -> &'static str {
        match self {
            Self::PendingPayment => "pending_payment",
            Self::Paid => "paid",
            Self::PendingReview => "pending_review",
            Self::Rejected => "rejected",
            Self::PendingProduction => "pending_production",
            Self::InProduction => "in_production",
            Self::Completed => "completed",
            Self::Closed => "closed",
            Self::Refunded => "refunded",
        }
    }

    /// The state with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Where the move leads.
    ///
    /// # Errors
    /// [`ImpossibleMove`] for every move that DOMAIN §3 does not list.
    pub fn after(self, attempted: Move) -> Result<Self, ImpossibleMove> {
        use {Move as M, OrderState as S};
        Ok(match (self, attempted) {
            (S::PendingPayment, M::Settle) => S::Paid,
            (S::PendingPayment, M::Close) => S::Closed,
            (S::Paid, M::Submit) | (S::Rejected, M::Replace) => S::PendingReview,
            (S::PendingReview, M::Approve) => S::PendingProduction,
            (S::PendingReview, M::Reject) => S::Rejected,
            (S::PendingProduction, M::TakeUp) => S::InProduction,
            (S::InProduction, M::Complete) => S::Completed,
            (S::Paid | S::PendingReview | S::Rejected, M::Refund) => S::Refunded,
            (from, attempted) => return Err(ImpossibleMove { from, attempted }),
        })
    }

    /// Whether nothing moves it any more.
    pub fn is_final(self) -> bool {
        Move::ALL.iter().all(|&attempted| self.after(attempted).is_err())
    }

    /// Whether the fee has been settled (or none was due) and not been given back.
    pub fn is_settled(self) -> bool {
        !matches!(self, Self::PendingPayment | Self::Closed | Self::Refunded)
    }
}

impl Move {
    /// Every move.
    pub const ALL: &'static [Self] = &[
        Self::Settle,
        Self::Submit,
        Self::Approve,
        Self::Reject,
        Self::Replace,
        Self::TakeUp,
        Self::Complete,
        Self::Close,
        Self::Refund,
    ];

    /// The stable word for the audit log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Settle => "settle",
            Self::Submit => "submit",
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Replace => "replace",
            Self::TakeUp => "take_up",
            Self::Complete => "complete",
            Self::Close => "close",
            Self::Refund => "refund",
        }
    }
}

/// An order as it stands now. Its history is its revisions, which are never rewritten.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// The number for people.
    pub number: OrderNumber,
    /// The session it belongs to.
    pub session: SessionId,
    /// Whose photo it is.
    pub subject: SubjectId,
    /// Where it stands.
    pub state: OrderState,
    /// Counts from 1; every change makes the next one.
    pub revision: u32,
    /// The photo in force.
    pub photo: PhotoId,
    /// Code of the product.
    pub product: String,
    /// The fee; one fee covers any number of shots.
    pub fee: Fen,
    /// The order of the shot in its session (拍摄号).
    pub shot_number: u32,
    /// The reviewer's words, where the state is rejected.
    pub rejection: Option<String>,
    /// When it was made, by the kiosk's clock: evidence, never ordering.
    pub created: jiff::Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// Every pair of state and move against the list of DOMAIN §3.
    #[test]
    fn only_the_listed_moves_exist() {
        use {Move as M, OrderState as S};
        let listed = [
            (S::PendingPayment, M::Settle, S::Paid),
            (S::Paid, M::Submit, S::PendingReview),
            (S::PendingReview, M::Approve, S::PendingProduction),
            (S::PendingProduction, M::TakeUp, S::InProduction),
            (S::InProduction, M::Complete, S::Completed),
            (S::PendingReview, M::Reject, S::Rejected),
            (S::Rejected, M::Replace, S::PendingReview),
            (S::PendingPayment, M::Close, S::Closed),
            (S::Paid, M::Refund, S::Refunded),
            (S::PendingReview, M::Refund, S::Refunded),
            (S::Rejected, M::Refund, S::Refunded),
        ];
        for &from in S::ALL {
            for &attempted in M::ALL {
                let wanted = listed.iter().find(|(state, step, _)| (*state, *step) == (from, attempted));
                match wanted {
                    Some(&(_, _, to)) => assert_eq!(from.after(attempted), Ok(to)),
                    None => assert_eq!(from.after(attempted), Err(ImpossibleMove { from, attempted })),
                }
            }
        }
    }

    #[test]
    fn three_states_are_final() {
        let last: Vec<_> = OrderState::ALL.iter().filter(|state| state.is_final()).collect();
        assert_eq!(last, [&OrderState::Completed, &OrderState::Closed, &OrderState::Refunded]);
    }

    #[test]
    fn codes_are_unique_and_read_back() {
        let codes: HashSet<_> = OrderState::ALL.iter().map(|state| state.code()).collect();
        assert_eq!(codes.len(), OrderState::ALL.len());
        assert!(OrderState::ALL.iter().all(|&state| OrderState::from_code(state.code()) == Some(state)));
        let moves: HashSet<_> = Move::ALL.iter().map(|step| step.code()).collect();
        assert_eq!(moves.len(), Move::ALL.len());
    }
}
