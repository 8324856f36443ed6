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

/// Leaving the live format for one photo and coming back to it takes no longer in all.
const AWAY: Duration = Duration::from_secs(3);
/// This many of a kind are no accident.
const MANY: u32 = 5;

/// What is waited for.
#[derive(Debug, Clone, Copy)]
enum Phase {
    /// The first frame.
    Opening,
    /// The next frame.
    Live,
    /// The first frame after one photo in another format. While the photo is being taken: until when it may.
    Away { photo_until: Option<Instant> },
}

/// The watch over one opening of the camera.
#[derive(Debug)]
pub(crate) struct Watch {
    patience: Patience,
    /// When it was opened, the last fresh frame, or when it left its live format.
    since: Instant,
    phase: Phase,
    repeats: u32,
    broken: u32,
}

impl Watch {
    pub(crate) fn new(now: Instant, patience: Patience) -> Self {
        Self { patience, since: now, phase: Phase::Opening, repeats: 0, broken: 0 }
    }

    pub(crate) fn saw(&mut self, now: Instant, seen: Seen) {
        match seen {
            Seen::Fresh => *self = Self { phase: Phase::Live, ..Self::new(now, self.patience) },
            Seen::Repeat => self.repeats += 1,
            Seen::Broken => self.broken += 1,
            Seen::Late => {}
        }
    }

    /// The live format is left for one photo, which may take until then.
    pub(crate) fn leaves(&mut self, now: Instant, photo_until: Instant) {
        let phase = Phase::Away { photo_until: Some(photo_until) };
        *self = Self { phase, ..Self::new(now, self.patience) };
    }

    /// The photo is taken or given up. What is waited for is the live format, within the time for both.
    pub(crate) fn comes_back(&mut self) {
        if let Phase::Away { photo_until } = &mut self.phase {
            *photo_until = None;
        }
    }

    /// The photo should be given up: the live format needs the time that is left.
    pub(crate) fn photo_is_overdue(&self, now: Instant) -> bool {
        matches!(self.phase, Phase::Away { photo_until: Some(until) } if now >= until)
    }

    /// What is wrong, if anything is.
    pub(crate) fn verdict(&self, now: Instant) -> Option<Fault> {
        let patience = match self.phase {
            Phase::Opening => self.patience.opening,
            Phase::Live => self.patience.silence,
            Phase::Away { .. } => AWAY,
        };
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

    #[test]
    fn a_photo_in_another_format_has_a_time_of_its_own() {
        let begun = Instant::now();
        let at = |ms| begun + Duration::from_millis(ms);
        let mut watch = Watch::new(begun, PATIENCE);
        watch.saw(at(100), Seen::Fresh);
        watch.leaves(at(1000), at(3000));
        assert!(!watch.photo_is_overdue(at(2999)) && watch.photo_is_overdue(at(3000)));
        assert_eq!((watch.verdict(at(3999)), watch.verdict(at(4000))), (None, Some(Fault::Stalled)));
        watch.comes_back();
        assert!(!watch.photo_is_overdue(at(3000)));
        // Coming back does not begin the time again.
        assert_eq!((watch.verdict(at(3999)), watch.verdict(at(4000))), (None, Some(Fault::Stalled)));
        watch.saw(at(3500), Seen::Fresh);
        assert_eq!((watch.verdict(at(4499)), watch.verdict(at(4500))), (None, Some(Fault::Stalled)));
        watch.comes_back();
        assert_eq!(watch.verdict(at(4500)), Some(Fault::Stalled));
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
