//! `--explain`: for each photo a sheet that shows what was seen and why the photo is as it is.

use std::path::{Path, PathBuf};

use caixiang_domain::{Finding, Preset};
use caixiang_portrait::explain::{ExplainError, explain_check, explain_photo};
use caixiang_portrait::{Checked, Judged};
use image::{ExtendedColorType, RgbImage};

use crate::fault::Fault;
use crate::inputs::Input;
use crate::models::Opened;
use crate::output;
use crate::words::Words;

/// The font of the sheets, in the cache; it has Chinese and Latin letters.
const FONT: &str = "fonts/NotoSansSC-Regular.ttf";

/// Where the sheets go, decided before work starts, and what they are written with.
pub(crate) struct Sheets {
    places: Vec<PathBuf>,
    folder: PathBuf,
    font: Vec<u8>,
}

impl Sheets {
    /// A place for each input's sheet, where sheets were asked for.
    ///
    /// # Errors
    /// `output.needs_folder`, `output.is_input`.
    pub(crate) fn plan(
        asked: Option<&Path>,
        named: &[PathBuf],
        inputs: &[Input],
    ) -> Result<Option<Self>, Fault> {
        let Some(asked) = asked else { return Ok(None) };
        let (folder, places) = output::pictures(named, inputs, asked)?;
        Ok(Some(Self { places, folder, font: Vec::new() }))
    }

    /// Makes the folder and reads the font.
    ///
    /// # Errors
    /// `models.missing` where the font is not there, `output.no_folder`.
    pub(crate) fn prepare(&mut self, opened: &Opened) -> Result<(), Fault> {
        let path = opened.files.root().join(FONT);
        self.font =
            std::fs::read(&path).map_err(|error| Fault::new("models.missing").at(&path).because(&error))?;
        output::make_folder(&self.folder)
    }

    /// The place of one input's sheet.
    pub(crate) fn place(&self, index: usize) -> Option<&Path> {
        self.places.get(index).map(PathBuf::as_path)
    }

    /// Draws the sheet of a photo that was made.
    pub(crate) fn of_photo(&self, place: &Path, judged: &Judged, words: &Words) -> Result<(), Fault> {
        let line = |finding: &Finding| words.finding(finding);
        save(place, explain_photo(judged, &line, &self.font))
    }

    /// Draws the sheet of a photo that was checked.
    pub(crate) fn of_check(
        &self,
        place: &Path,
        checked: &Checked,
        preset: &Preset,
        words: &Words,
    ) -> Result<(), Fault> {
        let line = |finding: &Finding| words.finding(finding);
        save(place, explain_check(checked, preset, &line, &self.font))
    }
}

fn save(place: &Path, drawn: Result<RgbImage, ExplainError>) -> Result<(), Fault> {
    let failed = |error: &dyn std::error::Error| Fault::new("explain.failed").at(place).because(error);
    let sheet = drawn.map_err(|error| failed(&error))?;
    let png = output::png(sheet.as_raw(), sheet.dimensions(), ExtendedColorType::Rgb8);
    output::write(place, &png.map_err(|error| failed(&error))?)
}
