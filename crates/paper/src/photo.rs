//! A photo's file as it goes into the PDF: byte for byte, only its header is read.

use std::sync::Arc;

/// The largest file that is taken: 8 MiB, two hundred times what a certificate photo has.
pub const MAX_PHOTO_BYTES: usize = 8 << 20;
/// The longest side that is taken.
pub const MAX_PHOTO_PX: u32 = 16_384;

/// A JPEG file and what its header says.
#[derive(Debug, Clone)]
pub(crate) struct Jpeg {
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) grey: bool,
}

impl Jpeg {
    /// Takes a file whose frame header promises what every PDF reader decodes: 8 bits, grey or three colours, baseline,
    /// extended or progressive (ISO 32000-1, 7.4.8; ITU-T T.81, B.2.2).
    pub(crate) fn read(bytes: Arc<[u8]>) -> Option<Self> {
        if bytes.len() > MAX_PHOTO_BYTES || bytes.get(..2)? != [0xff, 0xd8] || !bytes.ends_with(&[0xff, 0xd9])
        {
            return None;
        }
        let mut at = 2;
        loop {
            if *bytes.get(at)? != 0xff {
                return None;
            }
            let marker = *bytes.get(at + 1)?;
            if marker == 0xff {
                // Fill bytes may precede a marker.
                at += 1;
                continue;
            }
            let length = usize::from(u16::from_be_bytes([*bytes.get(at + 2)?, *bytes.get(at + 3)?]));
            if matches!(marker, 0xc0..=0xc2) {
                let frame = bytes.get(at + 4..at + 2 + length.max(8))?;
                let side = |i: usize| u32::from(u16::from_be_bytes([frame[i], frame[i + 1]]));
                let (bits, height_px, width_px, parts) = (frame[0], side(1), side(3), frame[5]);
                let sound = bits == 8
                    && (1..=MAX_PHOTO_PX).contains(&width_px)
                    && (1..=MAX_PHOTO_PX).contains(&height_px)
                    && matches!(parts, 1 | 3);
                return sound.then_some(Self { bytes, width_px, height_px, grey: parts == 1 });
            }
            // The scan, another frame, or what has no length: no frame that is understood came before.
            if length < 2
                || matches!(marker, 0x01 | 0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xd0..=0xda)
            {
                return None;
            }
            at += 2 + length;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawn::drawn;

    #[test]
    fn the_header_is_read_and_held_against_limits() {
        let file = drawn(1, 480, 640, 90);
        let jpeg = Jpeg::read(Arc::clone(&file)).expect("a JPEG");
        assert_eq!((jpeg.width_px, jpeg.height_px, jpeg.grey), (480, 640, false));
        let changed = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = file.to_vec();
            change(&mut bytes);
            Jpeg::read(bytes.into())
        };
        let frame = file.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        assert!(changed(&|bytes| bytes.truncate(bytes.len() / 2)).is_none(), "a file cut short");
        assert!(changed(&|bytes| bytes[frame + 4] = 12).is_none(), "12 bits");
        assert!(changed(&|bytes| bytes[frame + 9] = 4).is_none(), "four colours");
        assert!(changed(&|bytes| bytes[frame + 5..frame + 9].fill(0)).is_none(), "no pixels");
        assert!(changed(&|bytes| bytes[frame + 1] = 0xc3).is_none(), "lossless");
        assert!(changed(&|bytes| bytes[0] = 0).is_none());
        assert!(Jpeg::read(vec![].into()).is_none());
    }

    #[test]
    fn no_bytes_stop_it() {
        let file = drawn(2, 48, 64, 60);
        for cut in 0..file.len() {
            let mut bytes = file[..cut].to_vec();
            bytes.extend([0xff, 0xd9]);
            let _ = Jpeg::read(bytes.into());
        }
    }
}
