//! The watchdog's decision, pure: from what was seen of a camera to whether it is well.

use std::time::{Duration, Instant};

use crate::fault::Fault;

/// What came from the camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A new whole frame (for a folder: it was looked through).
    Fresh,
    /// The frame before, byte for byte.
    Repeat,
    /// Bytes that are no whole JPEG.
    Broken,
    /// A frame that was taken too long ago.
    Late,
}

/// How long may nothing come?
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// Until the first frame.
    pub(crate) opening: Duration,
    /// Between frames.
    pub(crate) silence: Duration,
}

/// This many of a kind are no accident.
const MANY: u32 = 5;

/// The watch over one epoch.
#[derive(Debug)]
pub(crate) struct Watch {
    patience: Patience,
    /// When it was opened, or the last fresh frame.
    since: Instant,
    live: bool,
    repeats: u32,
    broken: u32,
}

impl Watch {
    pub(crate) fn new(now: Instant, patience: Patience) -> Self {
        Self { patience, since: now, live: false, repeats: 0, broken: 0 }
    }

    pub(crate) fn saw(&mut self, now: Instant, seen: Seen) {
        match seen {
            Seen::Fresh => *self = Self { live: true, ..Self::new(now, self.patience) },
            Seen::Repeat => self.repeats += 1,
            Seen::Broken => self.broken += 1,
            Seen::Late => {}
        }
    }

    /// What is wrong, if anything is.
    pub(crate) fn verdict(&self, now: Instant) -> Option<Fault> {
        let patience = if self.live { self.patience.silence } else { self.patience.opening };
        if now.saturating_duration_since(self.since) < patience {
            return None;
        }
        Some(match (self.repeats >= MANY, self.broken >= MANY) {
            (true, _) => Fault::Frozen,
            (_, true) => Fault::BrokenFrames,
            _ => Fault::Stalled,
        })
    }
}

/// How long to wait before the next attempt (counted from 1). It never grows so far that a camera that is plugged in
/// again waits long.
pub(crate) fn pause(attempt: u32) -> Duration {
    Duration::from_millis(250 << attempt.saturating_sub(1).min(3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PATIENCE: Patience = Patience { opening: Duration::from_secs(6), silence: Duration::from_secs(1) };

    fn check(events: &[(u64, Seen)], at_ms: u64, wanted: Option<Fault>) {
        let begun = Instant::now();
        let mut watch = Watch::new(begun, PATIENCE);
        for &(ms, seen) in events {
            watch.saw(begun + Duration::from_millis(ms), seen);
        }
        assert_eq!(watch.verdict(begun + Duration::from_millis(at_ms)), wanted, "{events:?} at {at_ms}");
    }

    #[test]
    fn silence_repeats_and_broken_frames_are_told_apart() {
        let many = |seen| (1..=20).map(|n| (100 + n * 33, seen)).collect::<Vec<_>>();
        check(&[], 5999, None);
        check(&[], 6000, Some(Fault::Stalled));
        check(&[(100, Seen::Fresh)], 1099, None);
        check(&[(100, Seen::Fresh)], 1100, Some(Fault::Stalled));
        let after_fresh = |seen| [vec![(100, Seen::Fresh)], many(seen)].concat();
        check(&after_fresh(Seen::Repeat), 1100, Some(Fault::Frozen));
        check(&after_fresh(Seen::Repeat), 1000, None);
        check(&after_fresh(Seen::Broken), 1100, Some(Fault::BrokenFrames));
        check(&after_fresh(Seen::Late), 1100, Some(Fault::Stalled));
        check(&[after_fresh(Seen::Repeat), vec![(900, Seen::Fresh)]].concat(), 1500, None);
        check(&many(Seen::Broken), 6000, Some(Fault::BrokenFrames));
    }

    proptest! {
        #[test]
        fn it_speaks_exactly_when_nothing_fresh_came_for_a_second(
            gaps_ms in prop::collection::vec((0_u64..400, 0_u8..4), 0..60), wait_ms in 0_u64..3000
        ) {
            let begun = Instant::now();
            let (mut watch, mut now) = (Watch::new(begun, PATIENCE), begun);
            watch.saw(now, Seen::Fresh);
            let mut fresh = now;
            for (gap_ms, kind) in gaps_ms {
                now += Duration::from_millis(gap_ms);
                let seen = [Seen::Fresh, Seen::Repeat, Seen::Broken, Seen::Late][usize::from(kind)];
                watch.saw(now, seen);
                if seen == Seen::Fresh {
                    fresh = now;
                }
            }
            now += Duration::from_millis(wait_ms);
            prop_assert_eq!(watch.verdict(now).is_some(), now - fresh >= PATIENCE.silence);
        }
    }

    #[test]
    fn pauses_grow_and_stay_short() {
        let pauses: Vec<_> = (1..=6).map(|attempt| pause(attempt).as_millis()).collect();
        assert_eq!(pauses, [250, 500, 1000, 2000, 2000, 2000]);
        assert_eq!(pause(u32::MAX), Duration::from_secs(2));
    }
}
