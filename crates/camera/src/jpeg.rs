//! Is this a whole JPEG, where does it end, how large is it: by its markers alone, nothing is decoded.

use std::sync::Arc;

use crate::tables::HUFFMAN_TABLES;

/// A JPEG from its SOI to its EOI.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whole<'a> {
    /// Without what follows the EOI.
    pub(crate) bytes: &'a [u8],
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    /// Where the first scan begins, if no Huffman table comes before it.
    bare_scan: Option<usize>,
}

impl Whole<'_> {
    /// Bytes that every decoder reads: a camera may leave out the tables of Motion-JPEG, which some decoders do not know.
    pub(crate) fn complete(self) -> Arc<[u8]> {
        match self.bare_scan {
            None => self.bytes.into(),
            Some(at) => {
                let (before, scan) = self.bytes.split_at(at);
                [before, HUFFMAN_TABLES, scan].concat().into()
            }
        }
    }
}

/// The JPEG at the beginning of the bytes; `None` where there is none or it is cut off.
pub(crate) fn whole(bytes: &[u8]) -> Option<Whole<'_>> {
    if !bytes.starts_with(&[0xFF, 0xD8]) {
        return None;
    }
    let (mut at, mut size, mut tables, mut bare_scan, mut scanned) = (2, None, false, None, false);
    loop {
        let marker_at = at;
        at = skip_fill(bytes, at)?;
        let marker = *bytes.get(at)?;
        at += 1;
        match marker {
            // Standing alone: TEM and restarts.
            0x01 | 0xD0..=0xD7 => continue,
            0xD9 => {
                let (width_px, height_px) = size.filter(|_| scanned)?;
                return Some(Whole { bytes: &bytes[..at], width_px, height_px, bare_scan });
            }
            0x00 | 0xD8 | 0xFF => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]));
        let segment = bytes.get(at + 2..at.checked_add(length.max(2))?)?;
        at += length.max(2);
        match marker {
            0xC4 => tables = true,
            // Start of frame, but for DHT, JPG and DAC.
            0xC0..=0xCF if !matches!(marker, 0xC8 | 0xCC) => {
                let two =
                    |i: usize| Some(u32::from(u16::from_be_bytes([*segment.get(i)?, *segment.get(i + 1)?])));
                let (height, width) = (two(1)?, two(3)?);
                size = Some((width, height)).filter(|_| width > 0 && height > 0);
            }
            0xDA => {
                if !tables && !scanned {
                    bare_scan = Some(marker_at);
                }
                scanned = true;
                at = end_of_scan(bytes, at)?;
            }
            _ => {}
        }
    }
}

/// Past the FF (and any that fill) before a marker.
fn skip_fill(bytes: &[u8], mut at: usize) -> Option<usize> {
    if *bytes.get(at)? != 0xFF {
        return None;
    }
    while *bytes.get(at)? == 0xFF {
        at += 1;
    }
    Some(at)
}

/// Where the marker behind entropy-coded data begins; a stuffed zero and restarts belong to the data.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|&byte| byte == 0xFF)?;
        match *bytes.get(at + 1)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Some(at),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample() -> Vec<u8> {
        caixiang_virtual_camera::jpeg(&caixiang_virtual_camera::drawn(96, 64, 3, 10))
    }

    fn without_tables(bytes: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let (mut rest, mut tables, mut at) = (bytes[..2].to_vec(), Vec::new(), 2);
        while bytes[at + 1] != 0xDA {
            let length = usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
            let segment = &bytes[at..at + 2 + length];
            if segment[1] == 0xC4 {
                tables.extend(&segment[4..])
            } else {
                rest.extend(segment)
            }
            at += 2 + length;
        }
        rest.extend(&bytes[at..]);
        (rest, tables)
    }

    #[test]
    fn a_jpeg_is_trimmed_to_its_end() {
        let jpeg = sample();
        let mut buffer = jpeg.clone();
        buffer.extend([0; 100]);
        buffer.extend(&jpeg);
        let whole = whole(&buffer).unwrap();
        assert_eq!((whole.bytes, whole.width_px, whole.height_px), (&jpeg[..], 96, 64));
        assert_eq!(&*whole.complete(), &jpeg[..]);
    }

    #[test]
    fn missing_tables_are_put_in() {
        let jpeg = sample();
        let (bare, tables) = without_tables(&jpeg);
        assert_eq!(HUFFMAN_TABLES[4..].len(), tables.len());
        let complete = whole(&bare).unwrap().complete();
        let pixels = |bytes: &[u8]| image::load_from_memory(bytes).unwrap().into_rgb8();
        assert!(whole(&complete).unwrap().bare_scan.is_none());
        assert_eq!(pixels(&complete), pixels(&jpeg));
    }

    #[test]
    fn the_tables_are_those_of_the_standard() {
        // The `image` crate's encoder writes the same four, in an order of its own.
        let by_id = |tables: &[u8]| {
            let (mut found, mut at) = (std::collections::BTreeMap::new(), 0);
            while at < tables.len() {
                let values: usize = tables[at + 1..at + 17].iter().map(|&n| usize::from(n)).sum();
                found.insert(tables[at], tables[at + 1..at + 17 + values].to_vec());
                at += 17 + values;
            }
            found
        };
        assert_eq!(by_id(&HUFFMAN_TABLES[4..]), by_id(&without_tables(&sample()).1));
    }

    proptest! {
        #[test]
        fn no_beginning_of_a_jpeg_is_whole(cut in 0_usize..100_000) {
            let jpeg = sample();
            prop_assert!(whole(&jpeg[..cut % jpeg.len()]).is_none());
        }

        #[test]
        fn any_bytes_are_borne(mut bytes in prop::collection::vec(any::<u8>(), 0..400), spoilt in 0_usize..2000) {
            let _ = whole(&bytes);
            bytes.splice(..0, [0xFF, 0xD8, 0xFF]);
            let _ = whole(&bytes);
            let mut jpeg = sample();
            let at = spoilt % jpeg.len();
            jpeg[at] ^= 0x5A;
            if let Some(whole) = whole(&jpeg) {
                prop_assert!(whole.complete().ends_with(&[0xFF, 0xD9]));
            }
        }
    }
}
