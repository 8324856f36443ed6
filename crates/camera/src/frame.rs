//! One picture as the camera gave it.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// How a picture's bytes are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// JPEG: everything but some files of a watched folder.
    Jpeg,
    /// PNG, from a watched folder.
    Png,
    /// TIFF, from a watched folder.
    Tiff,
}

/// One picture, its bytes untouched.
#[derive(Clone)]
pub struct Frame {
    /// The encoded picture.
    pub bytes: Arc<[u8]>,
    /// How it is encoded.
    pub encoding: Encoding,
    /// Grows with every frame, over reopenings too.
    pub seq: u64,
    /// Grows every time the camera is opened again: frames of different epochs do not belong together.
    pub epoch: u64,
    /// When it was taken, as well as is known.
    pub taken: Instant,
    /// Width in its header, pixels.
    pub width_px: u32,
    /// Height in its header, pixels.
    pub height_px: u32,
    /// The file it came from, for a watched folder.
    pub file: Option<Arc<Path>>,
}

// A frame shows a person: no bytes and no file name in a log.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame {}.{} {}×{} px", self.epoch, self.seq, self.width_px, self.height_px)
    }
}
