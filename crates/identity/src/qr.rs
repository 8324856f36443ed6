//! Finds a QR code in a grey picture: as it is first, then by the treatments that help dim, blurred, small and tilted
//! codes on phone screens.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use rxing::common::{DetectorRXingResult, HybridBinarizer};
use rxing::qrcode::cpp_port::{QrReader as PatternReader, decoder::Decode};
use rxing::qrcode::detector::Detector;
use rxing::{BarcodeFormat, Binarizer, BinaryBitmap, DecodeHints, Luma8LuminanceSource, Reader};

use crate::grey::Grey;
pub use crate::grey::MAX_SIDE_PX;

/// What is done to the picture before it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Treatment {
    AsIs,
    Stretched,
    Sharpened,
    Half,
    Inverted,
    /// Stretched after the noise is taken out, then sharpened.
    Faint,
}

/// After the first look, the one that was measured to add most first.
const FURTHER: [Treatment; 5] =
    [Treatment::Faint, Treatment::Sharpened, Treatment::Inverted, Treatment::Stretched, Treatment::Half];

/// Reads codes, picture after picture.
#[derive(Debug, Default)]
pub struct QrReader {
    /// Where the next picture goes on, so that a live view tries everything over a few frames.
    turn: usize,
}

impl QrReader {
    /// A reader that has seen nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bytes of a code in this picture (8-bit grey, rows without gaps), exactly as they are in the code.
    ///
    /// The picture is looked at once as it is; further treatments follow while the budget lasts (the one begun is
    /// finished), going on in the next picture where they stopped.
    pub fn read(&mut self, width: u32, height: u32, luma: &[u8], budget: Duration) -> Option<Vec<u8>> {
        let begun = Instant::now();
        let picture = Grey::new(width, height, luma)?;
        if let Some(bytes) = look(&picture, Treatment::AsIs) {
            return Some(bytes);
        }
        for _ in FURTHER {
            if begun.elapsed() >= budget {
                break;
            }
            let treatment = FURTHER[self.turn];
            self.turn = (self.turn + 1) % FURTHER.len();
            if let Some(bytes) = look(&picture, treatment) {
                return Some(bytes);
            }
        }
        None
    }
}

fn look(picture: &Grey, treatment: Treatment) -> Option<Vec<u8>> {
    let treated = match treatment {
        Treatment::AsIs => picture.clone(),
        Treatment::Stretched => picture.stretched(),
        Treatment::Sharpened => picture.sharpened(),
        Treatment::Half => picture.half()?,
        Treatment::Inverted => picture.inverted(),
        Treatment::Faint => picture.softened(1).stretched().sharpened(),
    };
    // The picture comes from outside, and the reader's arithmetic on what it takes for a code is not ours to vouch for.
    catch_unwind(AssertUnwindSafe(|| {
        let (width, height) = (u32::try_from(treated.width).ok()?, u32::try_from(treated.height).ok()?);
        let source = Luma8LuminanceSource::new(treated.luma, width, height).ok()?;
        decode(HybridBinarizer::new(source))
    }))
    .ok()?
    .filter(|bytes| !bytes.is_empty())
}

/// Two ways to find the three corners, one way to read what is between them: the same code gives the same bytes.
fn decode<B: Binarizer>(binarizer: B) -> Option<Vec<u8>> {
    let hints = DecodeHints {
        TryHarder: Some(true),
        PossibleFormats: Some([BarcodeFormat::QR_CODE].into()),
        ..DecodeHints::default()
    };
    let mut bitmap = BinaryBitmap::new(binarizer);
    if let Ok(found) = PatternReader.decode_with_hints(&mut bitmap, &hints) {
        return Some(found.getRawBytes().to_vec());
    }
    let found = Detector::new(bitmap.get_black_matrix()).detect_with_hints(&hints).ok()?;
    let read = Decode(found.getBits()).ok()?;
    read.isValid().then(|| read.content().bytes().to_vec())
}

#[cfg(test)]
mod tests;
