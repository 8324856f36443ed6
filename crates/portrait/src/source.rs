//! From bytes of unknown origin to an upright sRGB picture, with every bound set before anything is allocated.

use std::io::{Cursor, Read};
use std::path::Path;

use image::codecs::{gif::GifDecoder, jpeg::JpegDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::Orientation;
use image::{AnimationDecoder, DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};

use crate::jpeg;

/// Largest file that is read.
pub const MAX_FILE_BYTES: u64 = 128 << 20;
/// Longest side of a picture.
pub const MAX_SIDE_PX: u32 = 16_384;
/// Most pixels of a picture (67 million: above every camera in use at a booth).
pub const MAX_PIXELS: u64 = 8192 * 8192;
/// Shortest side that can hold a face worth looking at.
pub const MIN_SIDE_PX: u32 = 32;
/// Decoders may allocate this much: the largest picture in 16 bits and four channels.
const MAX_DECODER_BYTES: u64 = MAX_PIXELS * 8;
/// Analysis needs no more than this on the longer side; JPEGs are decoded scaled down to the next size above.
const WORKING_SIDE_PX: u32 = 1600;

/// Why bytes are no picture that can be worked on.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// There is nothing at this place.
    #[error("there is no such file")]
    NotFound,
    /// A folder where a file should be.
    #[error("this is a folder")]
    IsFolder,
    /// The system does not let us read it.
    #[error("no permission to read the file")]
    NoPermission,
    /// Reading failed.
    #[error("the file cannot be read")]
    Unreadable(#[source] std::io::Error),
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// More bytes than [`MAX_FILE_BYTES`].
    #[error("the file has {bytes} bytes")]
    FileTooLarge {
        /// Its size.
        bytes: u64,
    },
    /// No picture of a kind that is known.
    #[error("the file is no picture")]
    NotAPicture,
    /// An iPhone's HEIC or AVIF, which this software cannot decode.
    #[error("the file is a HEIC or AVIF picture")]
    Heic,
    /// A moving picture.
    #[error("the picture moves")]
    Animated,
    /// The file ends too early.
    #[error("the file is cut off")]
    Truncated,
    /// The data cannot be decoded.
    #[error("the picture is damaged")]
    Damaged,
    /// Too few pixels.
    #[error("the picture has only {width}×{height} pixels")]
    TooSmall {
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
    },
    /// Too many pixels.
    #[error("the picture has {width}×{height} pixels")]
    TooLarge {
        /// Width, pixels.
        width: u32,
        /// Height, pixels.
        height: u32,
    },
}

impl SourceError {
    /// Every code, for the message files.
    pub const CODES: &'static [&'static str] = &[
        "source.not_found",
        "source.is_folder",
        "source.no_permission",
        "source.unreadable",
        "source.empty",
        "source.file_too_large",
        "source.not_a_picture",
        "source.heic",
        "source.animated",
        "source.truncated",
        "source.damaged",
        "source.too_small",
        "source.too_large",
    ];

    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "source.not_found",
            Self::IsFolder => "source.is_folder",
            Self::NoPermission => "source.no_permission",
            Self::Unreadable(_) => "source.unreadable",
            Self::Empty => "source.empty",
            Self::FileTooLarge { .. } => "source.file_too_large",
            Self::NotAPicture => "source.not_a_picture",
            Self::Heic => "source.heic",
            Self::Animated => "source.animated",
            Self::Truncated => "source.truncated",
            Self::Damaged => "source.damaged",
            Self::TooSmall { .. } => "source.too_small",
            Self::TooLarge { .. } => "source.too_large",
        }
    }
}

/// Reads a file whole, within [`MAX_FILE_BYTES`].
///
/// # Errors
/// What [`SourceError`] has for files.
pub fn read(path: &Path) -> Result<Vec<u8>, SourceError> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => SourceError::NotFound,
        std::io::ErrorKind::PermissionDenied => SourceError::NoPermission,
        std::io::ErrorKind::IsADirectory => SourceError::IsFolder,
        _ => SourceError::Unreadable(error),
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(SourceError::IsFolder);
    }
    if about.len() > MAX_FILE_BYTES {
        return Err(SourceError::FileTooLarge { bytes: about.len() });
    }
    let mut bytes = Vec::new();
    // A file can grow while it is read, and a device has no length: the bound holds for what is read, too.
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    let length = bytes.len() as u64;
    if length > MAX_FILE_BYTES {
        return Err(SourceError::FileTooLarge { bytes: length });
    }
    Ok(bytes)
}

/// What is known of a picture beside its pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceInfo {
    /// Name of the file format.
    pub format: &'static str,
    /// Width of the upright picture in the file, pixels.
    pub width_px: u32,
    /// Height of the upright picture in the file, pixels.
    pub height_px: u32,
    /// Size of the file.
    pub bytes: u64,
    /// It was turned or mirrored upright as its EXIF record asks.
    pub reoriented: bool,
    /// Its colours were converted from another profile to sRGB.
    pub converted: bool,
    /// Transparent parts were laid on white.
    pub flattened: bool,
    /// What the JPEG's markers say.
    pub markers: Option<jpeg::Markers>,
}

/// A decoded picture: upright, 8-bit sRGB.
#[derive(Debug, Clone)]
pub(crate) struct Decoded {
    pub(crate) picture: RgbImage,
    /// Pixels of `picture` for one pixel of the file.
    pub(crate) scale: f64,
    pub(crate) info: SourceInfo,
}

/// Decodes at a size fit for analysis: JPEGs whose longer side exceeds [`WORKING_SIDE_PX`] twice are scaled down
/// while decoding.
pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, SourceError> {
    decode_at(bytes, f64::from(WORKING_SIDE_PX))
}

/// The picture of a file at its own size: upright, 8-bit sRGB.
///
/// # Errors
/// [`SourceError`] where it cannot be decoded or its size is out of bounds.
pub fn picture(bytes: &[u8]) -> Result<RgbImage, SourceError> {
    decode_at(bytes, f64::INFINITY).map(|decoded| decoded.picture)
}

/// Decodes so that the longer side has at least `least_px`, where the file has that many.
pub(crate) fn decode_at(bytes: &[u8], least_px: f64) -> Result<Decoded, SourceError> {
    match sniff(bytes)? {
        ImageFormat::Jpeg => decode_jpeg(bytes, least_px),
        format => decode_other(bytes, format),
    }
}

fn sniff(bytes: &[u8]) -> Result<ImageFormat, SourceError> {
    if bytes.is_empty() {
        return Err(SourceError::Empty);
    }
    // ISO base media file: HEIC, HEIF and AVIF name themselves behind `ftyp`.
    if bytes.get(4..8) == Some(b"ftyp") {
        let brand = bytes.get(8..12).unwrap_or_default();
        let known: [&[u8]; 8] = [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif", b"avis"];
        return Err(if known.contains(&brand) { SourceError::Heic } else { SourceError::NotAPicture });
    }
    match image::guess_format(bytes) {
        Ok(
            format @ (ImageFormat::Jpeg
            | ImageFormat::Png
            | ImageFormat::Bmp
            | ImageFormat::Gif
            | ImageFormat::Pnm
            | ImageFormat::Tiff
            | ImageFormat::WebP),
        ) => Ok(format),
        Ok(ImageFormat::Avif) => Err(SourceError::Heic),
        _ => Err(SourceError::NotAPicture),
    }
}

fn check_size(width: u32, height: u32) -> Result<(), SourceError> {
    if width.min(height) < MIN_SIDE_PX {
        return Err(SourceError::TooSmall { width, height });
    }
    if width.max(height) > MAX_SIDE_PX || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(SourceError::TooLarge { width, height });
    }
    Ok(())
}

fn decode_jpeg(bytes: &[u8], least_px: f64) -> Result<Decoded, SourceError> {
    let markers = jpeg::markers(bytes);
    let headless = |_| if markers.complete { SourceError::Damaged } else { SourceError::Truncated };
    let mut decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(headless)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    if !markers.complete {
        return Err(SourceError::Truncated);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let four_channels = markers.precision_components.is_some_and(|(_, components)| components == 4);
    let longer = f64::from(width.max(height));
    let eighths = [1, 2, 4].into_iter().find(|&n| longer * f64::from(n) / 8.0 >= least_px).unwrap_or(8);
    let (mut picture, scale) = if four_channels {
        let picture = DynamicImage::from_decoder(decoder).map_err(|_| SourceError::Damaged)?;
        (picture.into_rgb8(), 1.0)
    } else {
        let picture = jpeg::decode(bytes, eighths).map_err(|_| SourceError::Damaged)?;
        (picture, f64::from(eighths) / 8.0)
    };
    let converted = !four_channels && profile.is_some_and(|profile| to_srgb(&mut picture, &profile));
    let info = SourceInfo {
        format: "JPEG",
        width_px: width,
        height_px: height,
        bytes: bytes.len() as u64,
        reoriented: false,
        converted,
        flattened: false,
        markers: Some(markers),
    };
    Ok(upright(picture, scale, orientation, info))
}

fn decode_other(bytes: &[u8], format: ImageFormat) -> Result<Decoded, SourceError> {
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    // The size is read by itself first, so that a picture too large is told from one that is damaged.
    let (width, height) = ImageReader::with_format(Cursor::new(bytes), format)
        .into_dimensions()
        .map_err(|error| failure(&error))?;
    check_size(width, height)?;
    if moves(bytes, format)? {
        return Err(SourceError::Animated);
    }
    let mut decoder = reader.into_decoder().map_err(|error| failure(&error))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten();
    let decoded = DynamicImage::from_decoder(decoder).map_err(|error| failure(&error))?;
    let flattened = decoded.color().has_alpha();
    let mut picture = if flattened { on_white(&decoded) } else { decoded.into_rgb8() };
    let converted = profile.is_some_and(|profile| to_srgb(&mut picture, &profile));
    let name = match format {
        ImageFormat::Png => "PNG",
        ImageFormat::Bmp => "BMP",
        ImageFormat::Gif => "GIF",
        ImageFormat::Pnm => "PNM",
        ImageFormat::Tiff => "TIFF",
        _ => "WebP",
    };
    let info = SourceInfo {
        format: name,
        width_px: width,
        height_px: height,
        bytes: bytes.len() as u64,
        reoriented: false,
        converted,
        flattened,
        markers: None,
    };
    Ok(upright(picture, 1.0, orientation, info))
}

fn failure(error: &image::ImageError) -> SourceError {
    use std::error::Error;
    let mut cause: Option<&dyn Error> = Some(error);
    while let Some(error) = cause {
        if error
            .downcast_ref::<std::io::Error>()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::UnexpectedEof)
        {
            return SourceError::Truncated;
        }
        cause = error.source();
    }
    SourceError::Damaged
}

fn moves(bytes: &[u8], format: ImageFormat) -> Result<bool, SourceError> {
    let cursor = Cursor::new(bytes);
    Ok(match format {
        ImageFormat::Png => {
            PngDecoder::new(cursor).and_then(|decoder| decoder.is_apng()).map_err(|error| failure(&error))?
        }
        ImageFormat::WebP => WebPDecoder::new(cursor).map_err(|error| failure(&error))?.has_animation(),
        ImageFormat::Gif => {
            let decoder = GifDecoder::new(cursor).map_err(|error| failure(&error))?;
            decoder.into_frames().take(2).filter(Result::is_ok).count() > 1
        }
        _ => false,
    })
}

/// Lays a picture with transparent parts on white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    let rgba = picture.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let image::Rgba([r, g, b, a]) = *rgba.get_pixel(x, y);
        let lay = |c: u8| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8;
        image::Rgb([lay(r), lay(g), lay(b)])
    })
}

/// Converts from an embedded RGB profile; `false` where there was nothing to do or the profile is unusable, which
/// leaves the numbers as they are, as viewers do.
fn to_srgb(picture: &mut RgbImage, profile: &[u8]) -> bool {
    use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
    let srgb = ColorProfile::new_srgb();
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return false };
    if profile.color_space != DataColorSpace::Rgb {
        return false;
    }
    let Ok(transform) =
        profile.create_transform_8bit(Layout::Rgb, &srgb, Layout::Rgb, TransformOptions::default())
    else {
        return false;
    };
    let mut converted = vec![0_u8; picture.as_raw().len()];
    if transform.transform(picture.as_raw(), &mut converted).is_err() {
        return false;
    }
    // A camera's "sRGB" profile changes nothing beyond rounding: keep the original numbers then.
    let changed = picture.as_raw().iter().zip(&converted).any(|(a, b)| a.abs_diff(*b) > 2);
    if changed {
        picture.copy_from_slice(&converted);
    }
    changed
}

fn upright(picture: RgbImage, scale: f64, orientation: Orientation, mut info: SourceInfo) -> Decoded {
    if orientation == Orientation::NoTransforms {
        return Decoded { picture, scale, info };
    }
    let mut turned = DynamicImage::ImageRgb8(picture);
    turned.apply_orientation(orientation);
    let picture = turned.into_rgb8();
    if (picture.width() > picture.height()) != (info.width_px > info.height_px) {
        (info.width_px, info.height_px) = (info.height_px, info.width_px);
    }
    info.reoriented = true;
    Decoded { picture, scale, info }
}
