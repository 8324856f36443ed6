//! Pictures of the screen in both languages, and what is wrong with how it is laid out.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use std::{env, fs};

use image::RgbImage;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use serde_json::{Value, json};

use crate::kiosk::Kiosk;
use crate::{desk, words};

const LAYOUT: &str = include_str!("layout.js");
const LANGUAGES: [&str; 2] = ["zh", "en"];
/// Longest motion of the page, and the late words after two seconds are none of these screens'.
const MOTION: Duration = Duration::from_millis(450);
/// JPEG quality of the documents' pictures.
const QUALITY: u8 = 60;
/// Width of a state's picture in the documents, pixels.
const STATE_WIDTH_PX: u32 = 1200;
/// A screen has more colours than this; an empty one has one.
const LEAST_COLOURS: usize = 12;
/// Characters of a page that are quoted where others were expected.
const MOST_QUOTED: usize = 300;
/// How long a page may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(10);
/// Some pages always count something: they are taken as they are after this.
const RESTLESS: Duration = Duration::from_secs(5);
/// Milliseconds since the page changed last; none while it says that it waits for something.
const AT_REST: &str = r#"
    if (!window.changed) {
        const watch = new MutationObserver(() => (window.changed = performance.now()));
        watch.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        window.changed = performance.now();
    }
    const waits = [...document.querySelectorAll('[role="progressbar"], progress')].some((one) => one.checkVisibility());
    return waits ? null : performance.now() - window.changed;
"#;

/// Takes pictures and collects faults.
pub struct Look {
    folder: PathBuf,
    size: (u32, u32),
    /// Pictures of states and not of screens: smaller in the documents, and there of a lying screen only.
    states: bool,
    /// What is seen now is for the documents.
    documents: bool,
    faults: Vec<String>,
}

impl Look {
    /// For a screen of this size.
    pub fn new(size: (u32, u32)) -> Self {
        Self { folder: desk::shots(), size, states: false, documents: true, faults: Vec::new() }
    }

    /// For states of the pages, which are many, on screens of several sizes.
    pub fn of_states() -> Self {
        Self { states: true, ..Self::new((0, 0)) }
    }

    /// The next pictures are of a screen of this size.
    pub fn turn(&mut self, size: (u32, u32)) {
        self.size = size;
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
            .until("the pictures", PATIENCE, async |kiosk| {
                let loaded =
                    kiosk.ask("return [...document.images].every((one) => one.complete);", vec![]).await;
                loaded == Value::Bool(true)
            })
            .await;
        self.passing(kiosk, name, language, &[]).await;
    }

    /// A state of a page in each language: its picture, its layout, and the words that elements must have then, each by
    /// its place in the word files.
    pub async fn state(&mut self, kiosk: &Kiosk, name: &str, says: &[(&str, &str)]) {
        for language in LANGUAGES {
            speak(kiosk, language).await;
            at_rest(kiosk).await;
            self.passing(kiosk, name, language, says).await;
        }
        speak(kiosk, LANGUAGES[0]).await;
        at_rest(kiosk).await;
    }

    /// A state that looks like others: it is looked at in the same way, and not for the documents.
    pub async fn alike(&mut self, kiosk: &Kiosk, name: &str, says: &[(&str, &str)]) {
        self.documents = false;
        self.state(kiosk, name, says).await;
        self.documents = true;
    }

    /// The same of what passes: nothing is waited for, and the language is what it is.
    pub async fn passing(&mut self, kiosk: &Kiosk, name: &str, language: &str, says: &[(&str, &str)]) {
        let (width, height) = self.size;
        let shape = if width > height { "landscape" } else { "portrait" };
        let file = format!("{name}-{language}-{shape}.png");
        let png = kiosk.shot().await;
        for (testid, place) in says {
            // Asked after the picture: what has passed meanwhile is not on it either.
            let text = if kiosk.shows(testid).await { kiosk.text(testid).await } else { String::new() };
            if !words::has(&text, language, place) {
                let text: String = text.chars().take(MOST_QUOTED).collect();
                self.faults.push(format!("{file}: {testid} does not say {place} but “{text}”"));
            }
        }
        let faults = kiosk.ask(LAYOUT, vec![json!(language)]).await;
        let Value::Array(faults) = faults else { panic!("the layout cannot be looked at: {faults}") };
        self.faults.extend(faults.iter().filter_map(Value::as_str).map(|fault| format!("{file}: {fault}")));
        let picture = image::load_from_memory(&png).expect("a PNG").to_rgb8();
        match env::var_os("CAIXIANG_PICTURES").map(PathBuf::from) {
            Some(_) if !self.documents || (self.states && width < height) => {}
            Some(folder) if self.states => {
                let small = (STATE_WIDTH_PX, height * STATE_WIDTH_PX / width);
                let small = imageops::resize(&picture, small.0, small.1, FilterType::Triangle);
                keep(&folder, &file, &small);
            }
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

/// Changes the language.
pub async fn speak(kiosk: &Kiosk, language: &str) {
    kiosk.act(json!({ "kind": "speak", "language": language })).await;
    kiosk.until_state("language", language, PATIENCE).await;
}

/// Waits until the page has shown the same for a while.
async fn at_rest(kiosk: &Kiosk) {
    let deadline = Instant::now() + RESTLESS;
    let long = MOTION.as_secs_f64() * 1000.0;
    while kiosk.ask(AT_REST, vec![]).await.as_f64().is_none_or(|rest| rest < long)
        && Instant::now() < deadline
    {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
