//! Sizes and rates a camera offers as MJPEG, and the choice among them.

/// A size and a rate, as MJPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Format {
    /// Width, pixels.
    pub width_px: u32,
    /// Height, pixels.
    pub height_px: u32,
    /// Frames a second, a whole number: nokhwa opens no others.
    pub fps: u32,
}

/// Below this a live view stutters.
const LEAST_FPS: u32 = 24;
/// Among rates that do not stutter, the nearest to this one: more costs processor time and shows nothing more.
const USUAL_FPS: u32 = 30;
/// The live view's largest size; more only costs time.
const LIVE_SIDES_PX: (u32, u32) = (1920, 1080);
/// Below this the few frames that one photo takes last too long.
const LEAST_STILL_FPS: u32 = 3;
/// A photo is not worth the switch for fewer than this many times the live format's pixels (as a fraction).
const CLEARLY_LARGER: (u64, u64) = (3, 2);
/// No photo is made of more pixels (67 million).
const MOST_STILL_PIXELS: u64 = 8192 * 8192;

impl Format {
    fn pixels(self) -> u64 {
        u64::from(self.width_px) * u64::from(self.height_px)
    }

    fn is_live_size(self) -> bool {
        let (longer, shorter) = (self.width_px.max(self.height_px), self.width_px.min(self.height_px));
        longer <= LIVE_SIDES_PX.0 && shorter <= LIVE_SIDES_PX.1
    }

    /// The format for the live view: the largest up to 1920×1080 that keeps 24 frames a second. Where none does, the
    /// fastest up to that size; where all are larger, the smallest.
    pub fn for_live_view(offered: &[Self]) -> Option<Self> {
        let usable = || offered.iter().copied().filter(|format| format.pixels() > 0 && format.fps > 0);
        let live = || usable().filter(|format| format.is_live_size());
        let fluent = live().filter(|format| format.fps >= LEAST_FPS);
        fluent
            .max_by_key(|format| (format.pixels(), std::cmp::Reverse(format.fps.abs_diff(USUAL_FPS))))
            .or_else(|| live().max_by_key(|format| (format.fps, format.pixels())))
            .or_else(|| {
                usable().min_by_key(|format| (format.pixels(), std::cmp::Reverse(format.fps.min(USUAL_FPS))))
            })
    }

    /// The format for one photo: the one with the most pixels, at its highest rate. `None` where none has at least half
    /// as many pixels again as the live format (at three frames a second or more).
    pub fn for_still(offered: &[Self], live: Self) -> Option<Self> {
        offered
            .iter()
            .copied()
            .filter(|format| format.is_clearly_larger(live) && format.fps >= LEAST_STILL_FPS)
            .filter(|format| format.pixels() <= MOST_STILL_PIXELS)
            .max_by_key(|format| (format.pixels(), format.fps))
    }

    pub(crate) fn is_clearly_larger(self, live: Self) -> bool {
        let (times, of) = CLEARLY_LARGER;
        self.pixels().saturating_mul(of) >= live.pixels().saturating_mul(times)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn f(width_px: u32, height_px: u32, fps: u32) -> Format {
        Format { width_px, height_px, fps }
    }

    #[test]
    fn the_largest_fluent_one_is_taken() {
        let check = |offered: &[Format], wanted| assert_eq!(Format::for_live_view(offered), wanted);
        check(&[], None);
        check(&[f(640, 480, 30), f(1920, 1080, 30), f(3840, 2160, 30)], Some(f(1920, 1080, 30)));
        check(
            &[f(1280, 720, 60), f(1920, 1080, 60), f(1920, 1080, 25), f(1920, 1080, 5)],
            Some(f(1920, 1080, 25)),
        );
        check(&[f(1280, 720, 30), f(1920, 1080, 15)], Some(f(1280, 720, 30)));
        check(&[f(1280, 720, 10), f(1920, 1080, 5)], Some(f(1280, 720, 10)));
        check(&[f(3840, 2160, 30), f(2560, 1440, 30)], Some(f(2560, 1440, 30)));
        check(&[f(1080, 1920, 30), f(0, 0, 90)], Some(f(1080, 1920, 30)));
    }

    #[test]
    fn a_still_is_worth_it_only_where_it_is_clearly_larger() {
        let live = f(1920, 1080, 30);
        let check = |offered: &[Format], wanted| assert_eq!(Format::for_still(offered, live), wanted);
        check(&[], None);
        check(&[live, f(1280, 720, 60)], None);
        // 1.48 times and 1.78 times.
        check(&[live, f(1920, 1600, 15)], None);
        check(&[live, f(2560, 1440, 15)], Some(f(2560, 1440, 15)));
        check(
            &[f(2592, 1944, 30), f(3840, 2160, 5), f(3840, 2160, 15), f(4656, 3496, 1)],
            Some(f(3840, 2160, 15)),
        );
        check(&[f(3840, 2160, 5), f(40_000, 30_000, 5), f(u32::MAX, u32::MAX, 30)], Some(f(3840, 2160, 5)));
    }

    proptest! {
        #[test]
        fn what_is_chosen_is_offered_and_nothing_fluent_is_larger(
            offered in prop::collection::vec((1_u32..5000, 1_u32..4000, 1_u32..120), 1..30)
        ) {
            let offered: Vec<_> = offered.into_iter().map(|(w, h, fps)| f(w, h, fps)).collect();
            let chosen = Format::for_live_view(&offered).unwrap();
            prop_assert!(offered.contains(&chosen));
            let fluent = || offered.iter().filter(|o| o.is_live_size() && o.fps >= LEAST_FPS);
            prop_assert!(fluent().all(|other| other.pixels() <= chosen.pixels()));
            prop_assert!(fluent().count() == 0 || (chosen.fps >= LEAST_FPS && chosen.is_live_size()));
        }
    }
}
