//! Pictures as the world sends them, and files that are none: each decodes upright in sRGB, or has a code.

use std::io::Cursor;

use caixiang_portrait::jpeg::{self, Sampling};
use caixiang_portrait::{Frame, source};
use caixiang_tests::photo;
use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame as GifFrame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

/// Upper half red, lower half blue: turned or mirrored, it shows.
fn flag(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |_, y| Rgb(if y < height / 2 { [200, 30, 30] } else { [30, 30, 200] }))
}

fn encoded(picture: DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

fn code(bytes: Vec<u8>) -> &'static str {
    Frame::decode(bytes).map(|_| "decoded").unwrap_or_else(|error| error.code())
}

/// The picture decodes, and its top is red and its bottom blue.
fn check_flag(bytes: Vec<u8>, width: u32, height: u32) {
    let frame = Frame::decode(bytes).unwrap();
    let picture = frame.picture();
    assert_eq!(picture.dimensions(), (width, height));
    let (top, bottom) = (picture.get_pixel(width / 2, 4), picture.get_pixel(width / 2, height - 5));
    assert!(top[0] > 120 && top[2] < 120, "{top:?}");
    assert!(bottom[2] > 120 && bottom[0] < 120, "{bottom:?}");
}

/// A JPEG with an EXIF record that says how it is turned.
fn turned(orientation: u8, picture: &RgbImage) -> Vec<u8> {
    let plain = jpeg::encode(picture, 90, Sampling::Full, 72).unwrap();
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xFF, 0xE1]);
    bytes.extend((exif.len() as u16 + 2).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes
}

#[test]
fn ordinary_formats_decode() {
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::Tiff, ImageFormat::WebP, ImageFormat::Pnm]
    {
        check_flag(encoded(DynamicImage::ImageRgb8(flag(80, 60)), format), 80, 60);
    }
    check_flag(jpeg::encode(&flag(80, 60), 90, Sampling::Half, 300).unwrap(), 80, 60);
    check_flag(encoded(DynamicImage::ImageRgb8(flag(80, 60)), ImageFormat::Gif), 80, 60);
}

#[test]
fn unusual_pixels_decode() {
    let deep = DynamicImage::ImageRgb8(flag(80, 60));
    check_flag(encoded(DynamicImage::ImageRgb16(deep.to_rgb16()), ImageFormat::Png), 80, 60);
    let grey = encoded(DynamicImage::ImageLuma8(deep.to_luma8()), ImageFormat::Png);
    let pixel = *Frame::decode(grey).unwrap().picture().get_pixel(5, 5);
    assert!(pixel[0] == pixel[1] && pixel[1] == pixel[2]);

    // Transparent parts are laid on white, not shown in the colour that lies hidden there.
    let hidden =
        RgbaImage::from_fn(80, 60, |x, _| if x < 40 { Rgba([0, 0, 0, 0]) } else { Rgba([9, 9, 9, 255]) });
    let frame = Frame::decode(encoded(DynamicImage::ImageRgba8(hidden), ImageFormat::Png)).unwrap();
    assert_eq!((frame.picture().get_pixel(5, 5).0, frame.picture().get_pixel(75, 5).0), ([255; 3], [9; 3]));
    assert!(frame.info().flattened);
}

#[test]
fn a_palette_with_transparency_decodes() {
    let mut bytes = Vec::new();
    {
        let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(vec![0, 0, 0, 200, 30, 30]);
        encoder.set_trns(vec![0, 255]);
        let pixels: Vec<u8> = (0..64 * 64).map(|i| u8::from(i % 64 >= 32)).collect();
        encoder.write_header().unwrap().write_image_data(&pixels).unwrap();
    }
    let frame = Frame::decode(bytes).unwrap();
    assert_eq!(frame.picture().get_pixel(3, 3).0, [255; 3]);
    assert_eq!(frame.picture().get_pixel(60, 3).0, [200, 30, 30]);
}

#[test]
fn cmyk_decodes() {
    // Adobe's inverted CMYK, as printers' software writes it: no ink at all is white.
    let mut compress = mozjpeg::Compress::new(mozjpeg::ColorSpace::JCS_CMYK);
    compress.set_size(64, 64);
    let mut started = compress.start_compress(Vec::new()).unwrap();
    started.write_scanlines(&[255_u8; 64 * 64 * 4]).unwrap();
    let frame = Frame::decode(started.finish().unwrap()).unwrap();
    let pixel = frame.picture().get_pixel(30, 30).0;
    assert!(pixel.iter().all(|&value| value > 245) || pixel.iter().all(|&value| value < 10), "{pixel:?}");
}

#[test]
fn exif_turns_are_undone() {
    // What each orientation stores for a picture that shows red above blue.
    let upright = DynamicImage::ImageRgb8(flag(80, 60));
    let stored = [
        (1, upright.clone()),
        (2, upright.fliph()),
        (3, upright.rotate180()),
        (4, upright.flipv()),
        (5, upright.rotate90().fliph()),
        (6, upright.rotate270()),
        (7, upright.rotate270().fliph()),
        (8, upright.rotate90()),
    ];
    for (orientation, picture) in stored {
        let bytes = turned(orientation, &picture.into_rgb8());
        let frame = Frame::decode(bytes.clone()).unwrap();
        assert_eq!((frame.info().width_px, frame.info().height_px), (80, 60), "{orientation}");
        assert_eq!(frame.info().reoriented, orientation != 1);
        println!("orientation {orientation}");
        check_flag(bytes, 80, 60);
    }
}

#[test]
fn what_is_no_picture_has_a_code() {
    assert_eq!(code(Vec::new()), "source.empty");
    assert_eq!(code(b"Dear photographer, please find attached".to_vec()), "source.not_a_picture");
    assert_eq!(code(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec()), "source.heic");
    assert_eq!(code(b"\0\0\0\x18ftypisom\0\0\0\0isomiso2".to_vec()), "source.not_a_picture");
    assert_eq!(code(encoded(DynamicImage::ImageRgb8(flag(1, 1)), ImageFormat::Png)), "source.too_small");
    assert_eq!(code(jpeg::encode(&flag(1, 1), 90, Sampling::Full, 72).unwrap()), "source.too_small");
}

#[test]
fn cut_files_are_called_cut() {
    let jpeg = jpeg::encode(&flag(300, 300), 95, Sampling::Full, 72).unwrap();
    let png = encoded(DynamicImage::ImageRgb8(flag(300, 300)), ImageFormat::Png);
    for bytes in [&jpeg, &png] {
        for share in [0.3, 0.6, 0.9] {
            let cut = bytes[..(bytes.len() as f64 * share) as usize].to_vec();
            let code = code(cut);
            assert!(["source.truncated", "source.damaged"].contains(&code), "{code}");
        }
    }
    assert_eq!(code(jpeg[..jpeg.len() - 40].to_vec()), "source.truncated");
}

#[test]
fn pictures_that_move_are_refused() {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for shade in [0, 200] {
        encoder.encode_frame(GifFrame::new(RgbaImage::from_pixel(64, 64, Rgba([shade, 9, 9, 255])))).unwrap();
    }
    drop(encoder);
    assert_eq!(code(bytes), "source.animated");
}

/// A PNG of 20,000×20,000 pixels whose data is a few kilobytes: refused by its header, in no time and no memory.
#[test]
fn a_decompression_bomb_is_refused_by_its_header() {
    let mut bytes = Vec::new();
    {
        let mut encoder = png::Encoder::new(&mut bytes, 20_000, 20_000);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().unwrap();
        let mut stream = writer.stream_writer().unwrap();
        let row = vec![0_u8; 2500];
        for _ in 0..20_000 {
            std::io::Write::write_all(&mut stream, &row).unwrap();
        }
        stream.finish().unwrap();
    }
    assert!(bytes.len() < 200_000);
    let start = std::time::Instant::now();
    assert_eq!(code(bytes), "source.too_large");
    assert!(start.elapsed().as_secs() < 5, "the header alone decides");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any damage to a real photo decodes or has a code; nothing panics.
    #[test]
    fn damage_never_panics(places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12)) {
        static PHOTO: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
        let whole = PHOTO.get_or_init(|| source::read(&photo("gentelella_img.jpg")).unwrap());
        let mut bytes = whole.clone();
        for (place, value) in places {
            let at = place.index(bytes.len());
            bytes[at] = value;
        }
        if let Err(error) = Frame::decode(bytes) {
            prop_assert!(error.code().starts_with("source."));
        }
    }

    /// Noise behind any known signature decodes or has a code.
    #[test]
    fn noise_never_panics(kind in 0_usize..6, noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let start: [&[u8]; 6] = [b"\xFF\xD8\xFF\xE0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0", b"RIFF\0\0\0\0WEBPVP8 "];
        let mut bytes = start[kind].to_vec();
        bytes.extend(noise);
        if let Err(error) = Frame::decode(bytes) {
            prop_assert!(error.code().starts_with("source."));
        }
    }
}
