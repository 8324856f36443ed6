//! How much may be printed: decided from counts, before an intent is made.

/// How many copies may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Of one order.
    pub per_order_max: u32,
    /// On one day, by this kiosk.
    pub per_day_max: u32,
}

/// How many copies have been printed, or may have been: the copies of the entries whose state
/// [counts](crate::State::counts).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Of this order; 0 for what is of none.
    pub of_order: u32,
    /// Today.
    pub of_day: u32,
}

/// No more may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuotaReached {
    /// Of this order.
    #[error("this order may be printed {max} times")]
    Order {
        /// The most.
        max: u32,
    },
    /// Today.
    #[error("{max} copies a day may be printed")]
    Day {
        /// The most.
        max: u32,
    },
}

impl QuotaReached {
    /// The stable code for the message files.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Order { .. } => "spool.quota_order",
            Self::Day { .. } => "spool.quota_day",
        }
    }
}

/// Whether so many copies more may be printed. A reprint counts as any print.
///
/// # Errors
/// When the order's or the day's quota does not have room for all of them; the order's is named first.
pub fn may_print(counts: Counts, copies: u16, quota: Quota) -> Result<(), QuotaReached> {
    let beyond = |counted: u32, max: u32| counted.saturating_add(u32::from(copies)) > max;
    if beyond(counts.of_order, quota.per_order_max) {
        return Err(QuotaReached::Order { max: quota.per_order_max });
    }
    if beyond(counts.of_day, quota.per_day_max) {
        return Err(QuotaReached::Day { max: quota.per_day_max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(of_order: u32, of_day: u32, copies: u16, expected: Result<(), &str>) {
        let quota = Quota { per_order_max: 2, per_day_max: 10 };
        let decided = may_print(Counts { of_order, of_day }, copies, quota);
        assert_eq!(decided.map_err(|reached| reached.code()), expected, "{of_order} {of_day} {copies}");
    }

    #[test]
    fn a_quota_is_reached_exactly() {
        check(0, 0, 1, Ok(()));
        check(1, 9, 1, Ok(()));
        check(0, 8, 2, Ok(()));
        check(2, 2, 1, Err("spool.quota_order"));
        check(1, 2, 2, Err("spool.quota_order"));
        check(0, 10, 1, Err("spool.quota_day"));
        check(0, 9, 2, Err("spool.quota_day"));
        check(2, 10, 1, Err("spool.quota_order"));
        check(u32::MAX, u32::MAX, u16::MAX, Err("spool.quota_order"));
    }
}
