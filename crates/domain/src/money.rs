//! Money, in whole fen.

use std::fmt;

/// An amount of renminbi in fen; never negative, at most a million yuan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fen(u32);

impl Fen {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The largest amount, a million yuan.
    pub const MAX: Self = Self(100_000_000);

    /// This many fen; none above [`Fen::MAX`].
    pub fn new(fen: u32) -> Option<Self> {
        (fen <= Self::MAX.0).then_some(Self(fen))
    }

    /// The number of fen.
    pub fn get(self) -> u32 {
        self.0
    }

    /// Whether nothing is due.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Fen {
    /// Yuan with two decimals and no sign: `13.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_in_yuan_and_bounded() {
        assert_eq!(Fen::new(1350).map(|fen| fen.to_string()).as_deref(), Some("13.50"));
        assert_eq!(Fen::new(5).map(|fen| fen.to_string()).as_deref(), Some("0.05"));
        assert_eq!(Fen::new(100_000_001), None);
    }
}
