//! The last second of frames, for the shutter; bounded in age, number and bytes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::frame::Frame;

/// How long a frame stays of use to the shutter.
const KEPT: Duration = Duration::from_millis(1100);
/// At most this many frames: more than a second of the fastest camera in use.
const MOST_FRAMES: usize = 70;
/// At most this many bytes: thirty frames of 4K.
const MOST_BYTES: usize = 96 << 20;

/// The newest frames, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Ring {
    frames: VecDeque<Frame>,
    bytes: usize,
}

impl Ring {
    pub(crate) fn push(&mut self, frame: Frame) {
        self.bytes += frame.bytes.len();
        let newest = frame.taken;
        self.frames.push_back(frame);
        while self.frames.len() > 1
            && (self.frames.len() > MOST_FRAMES
                || self.bytes > MOST_BYTES
                || self
                    .frames
                    .front()
                    .is_some_and(|first| newest.saturating_duration_since(first.taken) > KEPT))
        {
            self.bytes -= self.frames.pop_front().map_or(0, |first| first.bytes.len());
        }
    }

    /// The frames that are no older than a second, oldest first.
    pub(crate) fn at(&self, now: Instant) -> Vec<Frame> {
        let young = |frame: &&Frame| now.saturating_duration_since(frame.taken) <= KEPT;
        self.frames.iter().filter(young).cloned().collect()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::frame::Encoding;

    fn frame(seq: u64, taken: Instant, bytes: usize) -> Frame {
        let bytes = vec![0; bytes].into();
        Frame { bytes, encoding: Encoding::Jpeg, seq, epoch: 1, taken, width_px: 1, height_px: 1, file: None }
    }

    proptest! {
        #[test]
        fn it_stays_within_its_bounds(
            steps in prop::collection::vec((0_u64..200, 0_usize..3_000_000), 1..120), wait_ms in 0_u64..3000
        ) {
            let begun = Instant::now();
            let (mut ring, mut now) = (Ring::default(), begun);
            for (seq, &(gap_ms, bytes)) in steps.iter().enumerate() {
                now += Duration::from_millis(gap_ms);
                ring.push(frame(seq as u64, now, bytes));
                prop_assert_eq!(ring.bytes, ring.frames.iter().map(|f| f.bytes.len()).sum::<usize>());
                prop_assert!(ring.frames.len() <= MOST_FRAMES && ring.bytes <= MOST_BYTES);
            }
            let kept = ring.at(now);
            prop_assert_eq!(kept.last().map(|f| f.seq), Some(steps.len() as u64 - 1));
            prop_assert!(kept.windows(2).all(|two| two[0].seq + 1 == two[1].seq));
            let later = now + Duration::from_millis(wait_ms);
            prop_assert!(ring.at(later).iter().all(|f| later - f.taken <= KEPT));
            ring.clear();
            prop_assert!(ring.at(now).is_empty());
        }
    }
}
