//! Pictures of the screen in both languages, and what is wrong with how it is laid out.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use serde_json::{Value, json};

use crate::desk;
use crate::kiosk::Kiosk;

const LAYOUT: &str = include_str!("layout.js");
const LANGUAGES: [&str; 2] = ["zh", "en"];
/// Longest motion of the page, and the late words after two seconds are none of these screens'.
const MOTION: Duration = Duration::from_millis(450);
/// JPEG quality of the documents' pictures.
const QUALITY: u8 = 60;
/// A screen has more colours than this; an empty one has one.
const LEAST_COLOURS: usize = 12;

/// Takes pictures and collects faults.
pub struct Look {
    folder: PathBuf,
    size: (u32, u32),
    faults: Vec<String>,
}

impl Look {
    /// For a screen of this size.
    pub fn new(size: (u32, u32)) -> Self {
        Self { folder: desk::shots(), size, faults: Vec::new() }
    }

    /// A picture and a check in each language; the first one shows again after it.
    pub async fn at(&mut self, kiosk: &Kiosk, name: &str) {
        for language in LANGUAGES {
            self.one(kiosk, name, language).await;
        }
        speak(kiosk, LANGUAGES[0]).await;
    }

    /// A picture and a check in one language.
    pub async fn one(&mut self, kiosk: &Kiosk, name: &str, language: &str) {
        speak(kiosk, language).await;
        tokio::time::sleep(MOTION).await;
        kiosk
            .until("the pictures", Duration::from_secs(10), async |kiosk| {
                let loaded =
                    kiosk.ask("return [...document.images].every((one) => one.complete);", vec![]).await;
                loaded == Value::Bool(true)
            })
            .await;
        let (width, height) = self.size;
        let shape = if width > height { "landscape" } else { "portrait" };
        let file = format!("{name}-{language}-{shape}.png");
        let png = kiosk.shot().await;
        let faults = kiosk.ask(LAYOUT, vec![json!(language)]).await;
        let Value::Array(faults) = faults else { panic!("the layout cannot be looked at: {faults}") };
        self.faults.extend(faults.iter().filter_map(Value::as_str).map(|fault| format!("{file}: {fault}")));
        let picture = image::load_from_memory(&png).expect("a PNG").to_rgb8();
        match env::var_os("CAIXIANG_PICTURES").map(PathBuf::from) {
            Some(folder) => keep(&folder, &file, &picture),
            None => fs::write(self.folder.join(&file), &png).expect("a picture of the screen"),
        }
        if picture.dimensions() != self.size {
            self.faults.push(format!("{file}: is {:?}", picture.dimensions()));
        }
        let colours: std::collections::HashSet<_> = picture.pixels().step_by(101).collect();
        if colours.len() < LEAST_COLOURS {
            self.faults.push(format!("{file}: is blank"));
        }
    }

    /// Fails the test where anything was wrong.
    ///
    /// # Panics
    /// With everything that was wrong.
    pub fn end(self) {
        println!("pictures are in {}", self.folder.display());
        assert!(self.faults.is_empty(), "{} faults:\n{}", self.faults.len(), self.faults.join("\n"));
    }
}

/// A picture for the documents.
fn keep(folder: &Path, png: &str, picture: &RgbImage) {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(picture).expect("a JPEG");
    fs::create_dir_all(folder).expect("a folder for pictures");
    fs::write(folder.join(png).with_extension("jpg"), bytes).expect("a picture of the screen");
}

async fn speak(kiosk: &Kiosk, language: &str) {
    kiosk.act(json!({ "kind": "speak", "language": language })).await;
    kiosk.until_state("language", language, Duration::from_secs(10)).await;
}
