//! A cap on what is sent a second, so that a session's other machines have a network too.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How much may be sent before the pace is felt, as time: what is sent goes in pieces, and pieces are not all alike.
const AHEAD: Duration = Duration::from_millis(250);

/// Cheap to clone; all clones share one cap.
#[derive(Debug, Clone)]
pub struct Pace {
    bytes_per_s: Option<u64>,
    /// When what was sent so far would have been sent at the pace.
    free_at: Arc<Mutex<Option<Instant>>>,
}

impl Pace {
    /// At most so many bytes a second; `None` for as many as go.
    pub fn new(bytes_per_s: Option<u64>) -> Self {
        Self { bytes_per_s: bytes_per_s.map(|rate| rate.max(1)), free_at: Arc::default() }
    }

    /// Waits until so many bytes may be sent.
    pub async fn wait(&self, bytes: usize) {
        let Some(rate) = self.bytes_per_s else { return };
        let takes = Duration::from_secs_f64(bytes as f64 / rate as f64);
        let until = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let from = free_at.map_or(now, |at| at.max(now.checked_sub(AHEAD).unwrap_or(now)));
            *free_at = Some(from + takes);
            from
        };
        tokio::time::sleep_until(until).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_cap_is_kept_and_none_does_not_wait() {
        let begun = Instant::now();
        let pace = Pace::new(Some(100_000));
        let other = pace.clone();
        for _ in 0..50 {
            pace.wait(10_000).await;
            other.wait(10_000).await;
        }
        let took = begun.elapsed().as_secs_f64();
        assert!((9.0..10.5).contains(&took), "a million bytes at a tenth of it a second took {took}");
        let begun = Instant::now();
        Pace::new(None).wait(usize::MAX).await;
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }
}
