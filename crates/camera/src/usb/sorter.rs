//! New whole frames, told from what a driver hands out in their place.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use crate::jpeg;
use crate::watch::Seen;

/// A frame that waited longer than this in the driver is not shown and is no photo.
pub(super) const OLD: Duration = Duration::from_millis(700);
/// So many frames are compared with a new one: more than a driver has buffers.
const COMPARED: usize = 8;
/// So many last bytes tell whose end a frame has.
const END_BYTES: usize = 64;

/// Tells frames from what a driver hands out in their place.
#[derive(Default)]
pub(super) struct Sorter {
    /// The last frames, and which of them were torn.
    recent: VecDeque<(Arc<[u8]>, bool)>,
    /// Whether this camera's clock is ours: decided by the first frame.
    clock: Option<bool>,
}

impl Sorter {
    /// A new whole frame that is fit for use, or what it was instead.
    pub(super) fn sort(
        &mut self,
        buffer: &[u8],
        age: Option<Duration>,
    ) -> Result<(Arc<[u8]>, u32, u32), Seen> {
        let whole = jpeg::whole(buffer).ok_or(Seen::Broken)?;
        if self.recent.back().is_some_and(|(last, _)| **last == *whole.bytes) {
            return Err(Seen::Repeat);
        }
        // nokhwa hands out the driver's buffer whole. When a frame is cut off, an earlier frame's end follows in it, at
        // the place where that one had it: the markers are in order, the picture is not.
        let end = |bytes: &[u8]| bytes[bytes.len().saturating_sub(END_BYTES)..].to_vec();
        let ends_as = |other: &[u8]| other.len() == whole.bytes.len() && end(other) == end(whole.bytes);
        let torn = match self.recent.iter().find(|(other, _)| **other == *whole.bytes) {
            Some(&(_, torn)) => torn,
            None => self.recent.iter().any(|(other, _)| ends_as(other)),
        };
        if self.recent.len() == COMPARED {
            self.recent.pop_front();
        }
        self.recent.push_back((whole.bytes.into(), torn));
        if torn {
            return Err(Seen::Broken);
        }
        let ours = *self.clock.get_or_insert(age.is_some_and(|age| age < OLD));
        if ours && age.is_some_and(|age| age > OLD) {
            return Err(Seen::Late);
        }
        Ok((whole.complete(), whole.width_px, whole.height_px))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(n: u32) -> Vec<u8> {
        caixiang_virtual_camera::jpeg(&caixiang_virtual_camera::drawn(160, 96, n, 40))
    }

    #[test]
    fn new_frames_pass_and_repeats_do_not() {
        let mut sorter = Sorter::default();
        assert!(sorter.sort(&frame(1), None).is_ok());
        assert_eq!(sorter.sort(&frame(1), None).unwrap_err(), Seen::Repeat);
        assert!(sorter.sort(&frame(2), None).is_ok());
        // A loop of pictures repeats itself and is not frozen.
        assert!(sorter.sort(&frame(1), None).is_ok());
        assert_eq!(sorter.sort(b"no picture", None).unwrap_err(), Seen::Broken);
        assert_eq!(sorter.sort(&[], None).unwrap_err(), Seen::Broken);
    }

    #[test]
    fn a_frame_with_the_end_of_an_earlier_one_is_broken() {
        let (old, new) = (frame(1), frame(2));
        let shorter = old.len().min(new.len());
        for cut in [shorter / 2, shorter - 300, shorter - 80] {
            let mut sorter = Sorter::default();
            assert!(sorter.sort(&old, None).is_ok());
            for _ in 0..3 {
                let mut torn = old.clone();
                torn[..cut].copy_from_slice(&new[..cut]);
                assert_eq!(sorter.sort(&torn, None).unwrap_err(), Seen::Broken, "cut at {cut}");
                assert!(sorter.sort(&old, None).is_ok());
            }
            assert!(sorter.sort(&new, None).is_ok());
        }
    }

    #[test]
    fn late_frames_are_told_by_a_clock_that_is_ours() {
        let (young, old) = (Some(Duration::from_millis(20)), Some(Duration::from_millis(900)));
        let mut sorter = Sorter::default();
        assert!(sorter.sort(&frame(1), young).is_ok());
        assert_eq!(sorter.sort(&frame(2), old).unwrap_err(), Seen::Late);
        assert!(sorter.sort(&frame(3), young).is_ok());
        let mut foreign = Sorter::default();
        assert!(foreign.sort(&frame(1), Some(Duration::from_secs(5000))).is_ok());
        assert!(foreign.sort(&frame(2), Some(Duration::from_secs(5000))).is_ok());
    }
}
