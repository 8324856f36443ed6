//! JPEG files shown as if live: the demonstration, which needs no camera.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::fault::Fault;
use crate::format::Format;
use crate::frame::Encoding;
use crate::jpeg;
use crate::line::{Line, Picture};

/// Frames a second.
const FPS: u32 = 30;
/// Each picture is shown for so long.
const SHOWN: Duration = Duration::from_secs(4);
/// At most so many pictures and bytes are held.
const MOST: usize = 64;
const MOST_BYTES: usize = 256 << 20;
/// A still is a photo, not a film.
const MOST_FILE_BYTES: u64 = 32 << 20;

struct Still {
    bytes: Arc<[u8]>,
    width_px: u32,
    height_px: u32,
}

pub(crate) fn read(paths: &[PathBuf], line: &Line) -> Fault {
    let stills = load(paths);
    let Some(first) = stills.first() else { return Fault::NoStills };
    line.live(Some(Format { width_px: first.width_px, height_px: first.height_px, fps: FPS }));
    let begun = Instant::now();
    let mut frame = 0_u32;
    while !line.is_cut() {
        let shown = usize::try_from(begun.elapsed().as_secs() / SHOWN.as_secs()).unwrap_or(0) % stills.len();
        if let Some(still) = stills.get(shown) {
            line.give(Picture {
                bytes: Arc::clone(&still.bytes),
                encoding: Encoding::Jpeg,
                taken: Instant::now(),
                width_px: still.width_px,
                height_px: still.height_px,
                file: None,
            });
        }
        frame = frame.wrapping_add(1);
        // By the clock, so that the rate does not sink by what a frame costs.
        let next = begun + Duration::from_secs(1) / FPS * frame;
        line.pause(next.saturating_duration_since(Instant::now()));
    }
    Fault::NoStills
}

fn load(paths: &[PathBuf]) -> Vec<Still> {
    let mut bytes = 0;
    let stills = files(paths).into_iter().filter_map(|path| {
        let still = still(&path);
        if still.is_none() {
            tracing::warn!("a still cannot be shown");
        }
        still
    });
    let fits = |still: &Still| {
        bytes += still.bytes.len();
        bytes <= MOST_BYTES
    };
    stills
        .take_while({
            let mut fits = fits;
            move |still| fits(still)
        })
        .take(MOST)
        .collect()
}

/// The files themselves, and those of folders in the order of their names.
fn files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        let Ok(folder) = std::fs::read_dir(path) else {
            files.push(path.clone());
            continue;
        };
        let is_jpeg = |path: &PathBuf| {
            let extension = path.extension().unwrap_or_default();
            extension.eq_ignore_ascii_case("jpg") || extension.eq_ignore_ascii_case("jpeg")
        };
        let mut inside: Vec<_> = folder.flatten().map(|entry| entry.path()).filter(is_jpeg).collect();
        inside.sort();
        files.append(&mut inside);
    }
    files
}

fn still(path: &Path) -> Option<Still> {
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MOST_FILE_BYTES + 1).read_to_end(&mut bytes).ok()?;
    let whole = jpeg::whole(&bytes).filter(|whole| whole.bytes.len() as u64 <= MOST_FILE_BYTES)?;
    Some(Still { bytes: whole.complete(), width_px: whole.width_px, height_px: whole.height_px })
}
