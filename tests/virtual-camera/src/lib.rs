//! Cameras made of folders, for tests: builds the library to preload, writes the folders, plays faults.
#![expect(clippy::expect_used, clippy::panic, reason = "for tests: what is missing fails them")]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::{env, fs};

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

/// The variable that names the folder with the cameras.
const FOLDER: &str = "FAKEV4L_DIR";

/// What a camera can be made to do wrong; the README says what each does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the README beside it has the table")]
pub enum Flag {
    Unplug,
    Stall,
    Hang,
    Wedge,
    Freeze,
    Short,
    OldStamp,
    Drift,
    Busy,
    Denied,
    Metadata,
    Forget,
    NoSpace,
}

impl Flag {
    fn file(self) -> String {
        format!("{self:?}").to_uppercase()
    }
}

/// The cameras of one test: a folder that goes away with it.
#[derive(Debug)]
pub struct VirtualCameras {
    folder: PathBuf,
    /// Only in the process that made it.
    _owned: Option<tempfile::TempDir>,
}

impl VirtualCameras {
    /// A new empty folder for cameras.
    ///
    /// # Panics
    /// Where no folder can be made.
    pub fn new() -> Self {
        let owned = tempfile::tempdir().expect("a folder for the cameras");
        Self { folder: owned.path().to_owned(), _owned: Some(owned) }
    }

    /// The cameras that this process was started with, where it was.
    pub fn of_this_process() -> Option<Self> {
        env::var_os(FOLDER).map(|folder| Self { folder: folder.into(), _owned: None })
    }

    /// Lets a program see these cameras when it starts.
    pub fn show_to(&self, command: &mut Command) {
        for (name, value) in self.variables() {
            command.env(name, value);
        }
    }

    /// The environment variables that let a program see these cameras.
    pub fn variables(&self) -> [(&'static str, PathBuf); 2] {
        [("LD_PRELOAD", library()), (FOLDER, self.folder.clone())]
    }

    /// The camera `/dev/video{number}`, made if it is new. It has no pictures yet.
    ///
    /// # Panics
    /// Where its folder cannot be made.
    pub fn camera(&self, number: u8) -> VirtualCamera {
        let folder = self.folder.join(format!("video{number}"));
        fs::create_dir_all(&folder).expect("the camera's folder");
        VirtualCamera { folder }
    }
}

impl Default for VirtualCameras {
    fn default() -> Self {
        Self::new()
    }
}

/// One camera.
#[derive(Debug, Clone)]
pub struct VirtualCamera {
    folder: PathBuf,
}

impl VirtualCamera {
    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes one of its small text files: `card`, `bus`, `formats`, `controls`.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self, name: &str, text: &str) -> &Self {
        // In one step, since the other process reads at any moment.
        let new = self.folder.join(format!(".{name}.new"));
        fs::write(&new, text).expect("a file of the camera");
        fs::rename(new, self.folder.join(name)).expect("a file of the camera");
        self
    }

    /// Starts a fault.
    pub fn set(&self, flag: Flag) -> &Self {
        self.write(&flag.file(), "")
    }

    /// Starts a fault that only counts at this size: `STALL`, `HANG`, `FREEZE`, `SHORT`, `NOSPACE`.
    pub fn set_at(&self, flag: Flag, width_px: u32, height_px: u32) -> &Self {
        self.write(&flag.file(), &format!("{width_px}x{height_px}"))
    }

    /// Ends a fault.
    ///
    /// # Panics
    /// Where its file is there and cannot be removed.
    pub fn clear(&self, flag: Flag) -> &Self {
        match fs::remove_file(self.folder.join(flag.file())) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{flag:?} stays: {error}"),
            _ => self,
        }
    }

    /// Plays another sequence from the next frame on.
    pub fn play(&self, sequence: &str) -> &Self {
        self.write("sequence", sequence)
    }

    /// Adds pictures to a sequence at one size, in this order.
    ///
    /// # Panics
    /// Where they cannot be written.
    pub fn add(&self, sequence: &str, pictures: &[RgbImage]) -> &Self {
        for (number, picture) in pictures.iter().enumerate() {
            let folder = self.folder.join(sequence).join(format!("{}x{}", picture.width(), picture.height()));
            fs::create_dir_all(&folder).expect("the sequence's folder");
            fs::write(folder.join(format!("{number:04}.jpg")), jpeg(picture)).expect("a picture");
        }
        self
    }

    /// Adds a drawn sequence (a gradient with a bar that moves) at one size.
    pub fn add_drawn(&self, sequence: &str, width_px: u32, height_px: u32, frames: u32) -> &Self {
        let pictures: Vec<_> = (0..frames).map(|n| drawn(width_px, height_px, n, frames)).collect();
        self.add(sequence, &pictures)
    }
}

/// A gradient with some texture and a bar at the `n`-th of `of` places.
pub fn drawn(width_px: u32, height_px: u32, n: u32, of: u32) -> RgbImage {
    let bar = width_px * n / of.max(1);
    RgbImage::from_fn(width_px, height_px, |x, y| {
        if x.abs_diff(bar) < width_px / 40 {
            return Rgb([240, 240, 230]);
        }
        let grain = (x.wrapping_mul(7) ^ y.wrapping_mul(13) ^ n.wrapping_mul(29)) % 9;
        Rgb([(x * 200 / width_px + grain) as u8, (y * 200 / height_px + grain) as u8, (90 + grain) as u8])
    })
}

/// A picture as a camera's JPEG.
///
/// # Panics
/// Where it cannot be encoded.
pub fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 85).encode_image(picture).expect("a JPEG");
    bytes
}

/// The library to preload, built with `cc` beside the running program where this version is not there yet.
///
/// # Panics
/// Where there is no C compiler, or it fails.
pub fn library() -> PathBuf {
    // Once a process: its tests run beside each other, and would write the same file.
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(build).clone()
}

fn build() -> PathBuf {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("fakev4l.c");
    let code =
        [&source, &source.with_file_name("kinds.h")].map(|file| fs::read(file).expect("its code")).concat();
    // FNV-1a: the name changes with the code, so that an old build is never taken.
    let name = code.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let folder = env::current_exe().expect("this program").parent().expect("its folder").to_owned();
    let built = folder.join(format!("libfakev4l-{name:016x}.so"));
    if built.exists() {
        return built;
    }
    // Under a name of its own and renamed: other test programs build at the same time.
    let new = folder.join(format!("libfakev4l-{name:016x}-{}.tmp", std::process::id()));
    let status = Command::new("cc")
        .args([
            "-std=gnu11",
            "-O2",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-Wno-format-truncation",
            "-Wno-maybe-uninitialized",
            "-fPIC",
            "-shared",
            "-o",
        ])
        .args([&new, &source])
        .args(["-ldl", "-lm", "-lpthread"])
        .status()
        .expect("cc: a C compiler is needed");
    assert!(status.success(), "cc could not build fakev4l.c");
    fs::rename(new, &built).expect("the built library");
    built
}
