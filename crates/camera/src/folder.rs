//! A folder into which a tethered camera's software drops its files. It is looked through again and again: change
//! notices do not come from network shares.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use image::{ImageFormat, ImageReader};

use crate::fault::Fault;
use crate::frame::Encoding;
use crate::jpeg;
use crate::line::{Line, Picture};
use crate::watch::Seen;

/// How often the folder is looked through.
const LOOK: Duration = Duration::from_millis(200);
/// A file is tried when it has not changed for so long.
const SETTLED: Duration = Duration::from_millis(350);
/// A file that has not changed for so long and is not whole never will be.
const GIVEN_UP: Duration = Duration::from_secs(10);
/// Larger than any photo.
const MOST_BYTES: u64 = 128 << 20;
/// Larger sides are no photo; the decoder behind this one has the same bound.
const MOST_SIDE_PX: u32 = 16_384;
/// So many files are looked at.
const MOST_FILES: usize = 20_000;

/// What the system says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    changed: Option<SystemTime>,
}

/// What is known of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Known {
    stamp: Stamp,
    state: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    /// It changed last at this moment.
    Growing(Instant),
    /// It was there before, was handed over, or was refused.
    Done,
}

/// What is to be done with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Read it; if it is not whole, wait.
    Try,
    /// Read it; if it is not whole, refuse it.
    TryLast,
    TooLarge,
}

type Listing = BTreeMap<PathBuf, Stamp>;

/// Decides which files are worth reading, from listing to listing.
#[derive(Debug, Default)]
struct Watcher {
    known: BTreeMap<PathBuf, Known>,
}

impl Watcher {
    /// What is in the folder when the watch begins is not for this session.
    fn begin(listing: Listing) -> Self {
        let known =
            listing.into_iter().map(|(path, stamp)| (path, Known { stamp, state: Progress::Done })).collect();
        Self { known }
    }

    /// Looks at a listing: which files to read now, oldest first.
    fn look(&mut self, now: Instant, listing: &Listing) -> Vec<(PathBuf, Step)> {
        self.known.retain(|path, _| listing.contains_key(path));
        let mut steps = Vec::new();
        for (path, &stamp) in listing {
            let fresh = Known { stamp, state: Progress::Growing(now) };
            let known = self.known.entry(path.clone()).or_insert(fresh);
            if known.stamp != stamp {
                *known = fresh;
            }
            let Progress::Growing(since) = known.state else { continue };
            let quiet = now.saturating_duration_since(since);
            if stamp.bytes > MOST_BYTES {
                known.state = Progress::Done;
                steps.push((path.clone(), Step::TooLarge));
            } else if quiet >= GIVEN_UP {
                steps.push((path.clone(), Step::TryLast));
            } else if quiet >= SETTLED && stamp.bytes > 0 {
                steps.push((path.clone(), Step::Try));
            }
        }
        steps.sort_by_key(|(path, _)| listing.get(path).and_then(|stamp| stamp.changed));
        steps
    }

    fn done(&mut self, path: &Path) {
        if let Some(known) = self.known.get_mut(path) {
            known.state = Progress::Done;
        }
    }
}

pub(crate) fn read(folder: &Path, line: &Line) -> Fault {
    let mut watcher = match list(folder) {
        Ok(listing) => Watcher::begin(listing),
        Err(error) => return gone(&error),
    };
    line.saw(Seen::Fresh);
    line.live(None);
    while !line.is_cut() {
        line.pause(LOOK);
        let listing = match list(folder) {
            Ok(listing) => listing,
            Err(error) => return gone(&error),
        };
        line.saw(Seen::Fresh);
        for (path, step) in watcher.look(Instant::now(), &listing) {
            match (step, photo(&path)) {
                (Step::TooLarge, _) => line.refuse(&path, Fault::FileTooLarge),
                (_, Ok(Some(picture))) => {
                    watcher.done(&path);
                    line.give(picture);
                }
                (Step::TryLast, Ok(None)) => {
                    watcher.done(&path);
                    line.refuse(&path, Fault::FileDamaged);
                }
                // Not whole yet, or locked by the program that writes it.
                (Step::Try, Ok(None)) => {}
                (Step::Try | Step::TryLast, Err(error)) => {
                    tracing::debug!(%error, "a file cannot be read yet");
                }
            }
        }
    }
    Fault::FolderGone
}

fn gone(error: &io::Error) -> Fault {
    tracing::warn!(%error, "the watched folder cannot be read");
    Fault::FolderGone
}

/// The encoding that a file's name promises; `None` for what is no photo, as the RAW beside a JPEG.
fn promised(path: &Path) -> Option<Encoding> {
    if path.file_name()?.to_str().is_some_and(|name| name.starts_with('.')) {
        return None;
    }
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    match extension.as_str() {
        "jpg" | "jpeg" => Some(Encoding::Jpeg),
        "png" => Some(Encoding::Png),
        "tif" | "tiff" => Some(Encoding::Tiff),
        _ => None,
    }
}

fn list(folder: &Path) -> io::Result<Listing> {
    let mut listing = Listing::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if promised(&path).is_none() {
            continue;
        }
        // A file may vanish between its name and its size.
        let Ok(about) = std::fs::metadata(&path) else { continue };
        if about.is_file() && listing.len() < MOST_FILES {
            listing.insert(path, Stamp { bytes: about.len(), changed: about.modified().ok() });
        }
    }
    Ok(listing)
}

/// The file's photo; `None` where it is not whole.
fn photo(path: &Path) -> io::Result<Option<Picture>> {
    let file = File::open(path)?;
    let about = file.metadata()?;
    if about.len() > MOST_BYTES {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    // It grew while it was read.
    if bytes.len() as u64 != about.len() {
        return Ok(None);
    }
    let Some((encoding, width_px, height_px)) = judge(&bytes) else { return Ok(None) };
    let fits = width_px <= MOST_SIDE_PX && height_px <= MOST_SIDE_PX;
    // The moment of the shutter as the file's time tells it, if that is believable.
    let age = about.modified().ok().and_then(|changed| changed.elapsed().ok()).unwrap_or_default();
    let taken = Instant::now().checked_sub(age.min(Duration::from_secs(60))).unwrap_or_else(Instant::now);
    let file = Some(path.into());
    Ok(fits.then(|| Picture { bytes: bytes.into(), encoding, taken, width_px, height_px, file }))
}

/// What the bytes themselves are, if they are whole: a name can lie.
fn judge(bytes: &[u8]) -> Option<(Encoding, u32, u32)> {
    let size = |format| ImageReader::with_format(Cursor::new(bytes), format).into_dimensions().ok();
    match image::guess_format(bytes).ok()? {
        ImageFormat::Jpeg => {
            let whole = jpeg::whole(bytes)?;
            Some((Encoding::Jpeg, whole.width_px, whole.height_px))
        }
        ImageFormat::Png => {
            let (width, height) = size(ImageFormat::Png).filter(|_| is_whole_png(bytes))?;
            Some((Encoding::Png, width, height))
        }
        ImageFormat::Tiff => {
            // A TIFF has no end mark, and its directory may come first: only decoding tells. Bounded by its size.
            let mut limits = image::Limits::default();
            limits.max_image_width = Some(MOST_SIDE_PX);
            limits.max_image_height = Some(MOST_SIDE_PX);
            let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Tiff);
            reader.limits(limits);
            let picture = reader.decode().ok()?;
            Some((Encoding::Tiff, picture.width(), picture.height()))
        }
        _ => None,
    }
}

/// From chunk to chunk to the last one.
fn is_whole_png(bytes: &[u8]) -> bool {
    let mut at = 8_usize;
    loop {
        let Some(head) = bytes.get(at..at + 8) else { return false };
        let (length, kind) = head.split_at(4);
        let length = length.iter().fold(0_usize, |sum, &byte| sum << 8 | usize::from(byte));
        // The checksum of four bytes follows.
        let Some(next) = at.checked_add(length).and_then(|end| end.checked_add(12)) else { return false };
        if next > bytes.len() {
            return false;
        }
        if kind == b"IEND" {
            return true;
        }
        at = next;
    }
}

#[cfg(test)]
#[path = "folder_tests.rs"]
mod tests;
