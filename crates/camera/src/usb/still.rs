//! One photo in a larger format than the live one: the camera is opened for it, and closed again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use crossbeam_channel::Sender;

use super::{Sorter, close, next, open, set_again};
use crate::control::{Chosen, ControlKind};
use crate::fault::Fault;
use crate::format::Format;
use crate::frame::Frame;
use crate::line::{Line, Picture, WantedStill};
use crate::platform::{self, Controls, Found};
use crate::watch::{Patience, Watch};

/// The photo's part of the time that the live picture stands still: enough for a camera that takes a second to start
/// and gives five frames a second.
const PHOTO_TIME: Duration = Duration::from_secs(2);
/// So many first whole frames are let pass: a sensor that was just started is still dark, or at an old exposure.
const PASSED: u32 = 2;
/// So long a camera finds its exposure and white balance anew, where those were not set.
const SETTLING: Duration = Duration::from_millis(500);

/// When the photo is given up.
pub(super) fn until(wanted: &WantedStill) -> Instant {
    wanted.until.min(Instant::now() + PHOTO_TIME)
}

/// Takes the photo and answers. The camera is closed before and afterwards.
pub(super) fn take(
    found: &Found,
    large: Format,
    live: Format,
    controls: &mut Controls,
    line: &Line,
    answer: &Sender<Result<Frame, Fault>>,
    until: Instant,
) {
    let mut camera = match open(found, large) {
        Ok(camera) => camera,
        Err(why) => return line.answer(answer, Err(why)),
    };
    set_again(controls, &mut camera, line);
    // The camera must be closed whatever happens: an open one keeps the live format out.
    let photo = catch_unwind(AssertUnwindSafe(|| expose(&mut camera, found, live, line, until)));
    let photo = photo.unwrap_or(Err(Fault::Refused));
    if let Err(why) = &photo {
        tracing::warn!(code = why.code(), "no photo in the larger format");
    }
    line.answer(answer, photo);
    // From here on nobody ends a wait in the driver: closing must not be disturbed.
    line.photo_is_over();
    close(camera);
}

/// The first frame that is settled, whole and large.
fn expose(
    camera: &mut nokhwa::Camera,
    found: &Found,
    live: Format,
    line: &Line,
    until: Instant,
) -> Result<Picture, Fault> {
    let begun = Instant::now();
    let patience = until.saturating_duration_since(begun);
    let mut watch = Watch::new(begun, Patience { opening: patience, silence: patience });
    let settling = settling(&line.chosen());
    let (mut sorter, mut passed, mut first) = (Sorter::default(), 0, None);
    while !line.is_cut() {
        if let Some(why) = watch.verdict(Instant::now()) {
            return Err(why);
        }
        let picture = match next(camera, &mut sorter) {
            Ok(Ok(picture)) => picture,
            Ok(Err(seen)) => {
                watch.saw(Instant::now(), seen);
                continue;
            }
            // A wait that was ended because the time is up (where it cannot be, the watch ends the epoch a second later),
            // or a camera that is gone.
            Err(error) => {
                tracing::info!(%error, "no frame for the photo");
                return Err(watch.verdict(Instant::now()).unwrap_or_else(|| platform::why(found)));
            }
        };
        let size = Format { width_px: picture.width_px, height_px: picture.height_px, fps: 0 };
        if !size.is_clearly_larger(live) {
            return Err(Fault::NoFormat);
        }
        let since_first = picture.taken.saturating_duration_since(*first.get_or_insert(picture.taken));
        if passed >= PASSED && since_first >= settling {
            // The stream began after the request, whatever the camera's clock says.
            return Ok(Picture { taken: picture.taken.max(begun), ..picture });
        }
        passed += 1;
    }
    Err(Fault::Stalled)
}

/// A camera whose exposure and white balance were set has nothing to find.
fn settling(chosen: &Chosen) -> Duration {
    let is_set = |kind| chosen.contains_key(&kind);
    if is_set(ControlKind::Exposure) && is_set(ControlKind::WhiteBalance) { Duration::ZERO } else { SETTLING }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Setting;

    #[test]
    fn only_what_is_not_set_must_settle() {
        let set = |kinds: &[ControlKind]| kinds.iter().map(|&kind| (kind, Setting::Value(1))).collect();
        assert_eq!(settling(&Chosen::new()), SETTLING);
        assert_eq!(settling(&set(&[ControlKind::Exposure, ControlKind::Zoom])), SETTLING);
        assert_eq!(settling(&set(&ControlKind::ALL)), Duration::ZERO);
    }
}
