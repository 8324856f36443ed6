//! How long to wait after failures.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);

/// The wait after so many failures in a row: doubled each time up to five minutes, of which a part between half and all
/// is taken, so that kiosks that lost the same network do not come back in step. `part` is from 0 to 1.
pub fn delay(failures: u32, part: f64) -> Duration {
    let doubled = FIRST.saturating_mul(1 << failures.saturating_sub(1).min(20)).min(LONGEST);
    doubled.mul_f64(0.5 + part.clamp(0.0, 1.0) / 2.0)
}

/// A random part.
pub(crate) fn random_part() -> f64 {
    let mut bytes = [0; 4];
    // Without random bytes kiosks would only come back in step.
    getrandom::fill(&mut bytes).ok();
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_five_minutes() {
        let seconds: Vec<_> = (1..12).map(|failures| delay(failures, 1.0).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(delay(u32::MAX, 0.0), Duration::from_secs(150));
        assert!((0..100).map(|_| random_part()).all(|part| (0.0..=1.0).contains(&part)));
    }
}
