//! What the camera sees: the public test photos as a 1080p camera would give them.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use caixiang_virtual_camera::VirtualCamera;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{Rgb, RgbImage};

use crate::tools;

const WIDTH_PX: u32 = 1920;
const HEIGHT_PX: u32 = 1080;
const QUALITY: u8 = 90;
/// Width of the session's finished photo, pixels.
pub const PHOTO_WIDTH_PX: u64 = 480;
/// Its height, pixels.
pub const PHOTO_HEIGHT_PX: u64 = 640;

/// Who is in front of the camera; each is a sequence of the virtual camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum People {
    /// A wall.
    Nobody,
    /// Grace Hopper: no check stops her photo.
    Good,
    /// She, two steps further back: another photo of the same person.
    Back,
    /// She, walking to and fro.
    Moving,
    /// Another person whose photo no check stops.
    Other,
    /// A laugh: the open mouth blocks the photo.
    Laughing,
    /// Grace Hopper without colours: the missing colours block the photo.
    Grey,
    /// The head turned.
    Turned,
    /// The eyes shut.
    Blink,
}

impl People {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Nobody,
        Self::Good,
        Self::Back,
        Self::Moving,
        Self::Other,
        Self::Laughing,
        Self::Grey,
        Self::Turned,
        Self::Blink,
    ];

    fn photo(self) -> Option<&'static str> {
        match self {
            Self::Nobody => None,
            Self::Good | Self::Back | Self::Moving | Self::Grey => Some("grace_hopper.jpg"),
            Self::Other => Some("mk_marc.jpg"),
            Self::Laughing => Some("fr_obama.jpg"),
            Self::Turned => Some("fr_obama2.jpg"),
            Self::Blink => Some("argon_team-2.jpg"),
        }
    }

    fn sequence(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// Height of the photo as a share of the frame's: the finished photo needs room above the head.
    fn height(self) -> f64 {
        if self == Self::Back { 0.7 } else { 0.8 }
    }

    /// Steps to the side, pixels: faster than a person who holds still.
    fn steps(self) -> &'static [i64] {
        match self {
            Self::Moving => &[0, 50, 100, 150, 200, 130, 60, -10, -80, -150, -100, -50],
            _ => &[0],
        }
    }

    fn frames(self) -> Vec<Vec<u8>> {
        let Some(photo) = self.photo() else {
            // A wall with a little light from one side.
            let wall = RgbImage::from_fn(WIDTH_PX, HEIGHT_PX, |x, y| {
                let light = 170 + (x * 40 / WIDTH_PX) as u8;
                let grain = (x.wrapping_mul(7) ^ y.wrapping_mul(13)) as u8 % 5;
                Rgb([light + grain, light + grain, light - 6 + grain])
            });
            return vec![jpeg(&wall)];
        };
        let file = tools::cache().join("photos").join(photo);
        let photo = image::open(&file)
            .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask setup`", file.display()));
        let photo = match self {
            Self::Grey => photo.grayscale().to_rgb8(),
            _ => photo.to_rgb8(),
        };
        self.steps().iter().map(|&step| jpeg(&in_a_room(&photo, self.height(), step))).collect()
    }

    /// Comes before the camera.
    pub fn before(self, camera: &VirtualCamera) {
        camera.play(&self.sequence());
    }
}

/// The photo at the lower edge of the frame, its own blurred colours around it, moved by a step.
fn in_a_room(photo: &RgbImage, share: f64, step_px: i64) -> RgbImage {
    let height = (f64::from(HEIGHT_PX) * share) as u32;
    let width = (u64::from(photo.width()) * u64::from(height) / u64::from(photo.height())) as u32;
    let large = imageops::resize(photo, width, height, FilterType::CatmullRom);
    let few = imageops::thumbnail(photo, 8, 5);
    let mut room = imageops::resize(&few, WIDTH_PX, HEIGHT_PX, FilterType::Triangle);
    let left = (i64::from(WIDTH_PX) - i64::from(width)) / 2 + step_px;
    imageops::replace(&mut room, &large, left, i64::from(HEIGHT_PX - height));
    room
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture).expect("a JPEG");
    bytes
}

/// Gives a camera all the people. They are drawn once for all tests.
pub(crate) fn cast(camera: &VirtualCamera) {
    static DRAWN: Mutex<BTreeMap<People, Vec<Vec<u8>>>> = Mutex::new(BTreeMap::new());
    let mut drawn = DRAWN.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    camera.write("card", "Caixiang Test Camera").write("formats", "MJPG 1920x1080 1/25\n");
    for people in People::ALL {
        let folder = camera.folder().join(people.sequence()).join(format!("{WIDTH_PX}x{HEIGHT_PX}"));
        fs::create_dir_all(&folder).expect("the sequence's folder");
        for (number, frame) in drawn.entry(people).or_insert_with(|| people.frames()).iter().enumerate() {
            fs::write(folder.join(format!("{number:04}.jpg")), frame).expect("a picture");
        }
    }
    People::Nobody.before(camera);
}
