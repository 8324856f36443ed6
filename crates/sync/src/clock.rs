//! The centre's time at the kiosk. The kiosk's own clock may be wrong by years and jump: it is only where this begins.
//! Each answer of the centre sets it right, and between answers the machine's steady clock carries it on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

/// Cheap to clone; all clones are one clock.
#[derive(Debug, Clone)]
pub struct CentreClock(Arc<Mutex<(i64, Instant)>>);

impl Default for CentreClock {
    fn default() -> Self {
        Self(Arc::new(Mutex::new((Timestamp::now().as_millisecond(), Instant::now()))))
    }
}

impl CentreClock {
    /// The centre's time as far as it is known, milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let (then, at) = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        then.saturating_add(i64::try_from(at.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    /// The centre said that it is this time.
    pub fn set(&self, now_ms: i64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (now_ms, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_from_what_the_centre_said() {
        let clock = CentreClock::default();
        let other = clock.clone();
        clock.set(1_000);
        std::thread::sleep(std::time::Duration::from_millis(20));
        assert!((1_020..5_000).contains(&other.now_ms()));
        other.set(-7);
        assert!(clock.now_ms() < 1_000);
    }
}
