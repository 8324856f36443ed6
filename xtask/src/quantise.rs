//! Makes the int8 copy of U²-Net, once, and again when anything it is made from changes.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::digest::{self, Digest};
use crate::fetch::Network;
use crate::manifest::{Catalogue, Quantised};
use crate::place::{self, Place};
use crate::progress::Steps;
use crate::{client, venv};

/// What is written beside the model, so that a later run can tell whether it is still the right one.
#[derive(Debug, Serialize, Deserialize)]
struct Made {
    /// Of the model.
    sha256: String,
    /// Of everything it was made from.
    recipe: String,
}

/// How the int8 model stands.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// There, and the bytes the manifest names.
    AsPinned,
    /// There and made from the right things, but another processor rounded otherwise.
    Otherwise(Digest),
    /// Not there, or made from something else.
    ToMake,
}

/// Looks at the int8 model in the cache.
pub(crate) fn look(place: &Place, catalogue: &Catalogue) -> Result<Standing> {
    let model = place.cached(&catalogue.quantised.to);
    let Ok(note) = std::fs::read_to_string(note_path(place, catalogue)) else { return Ok(Standing::ToMake) };
    let Ok(made) = toml::from_str::<Made>(&note) else { return Ok(Standing::ToMake) };
    if !model.is_file() || made.recipe != recipe(place, catalogue)?.to_string() {
        return Ok(Standing::ToMake);
    }
    let actual = digest::of_file(&model)?;
    if actual.to_string() != made.sha256 {
        return Ok(Standing::ToMake);
    }
    Ok(if actual == catalogue.quantised.sha256 { Standing::AsPinned } else { Standing::Otherwise(actual) })
}

/// The note beside the model, by its path in the cache.
pub(crate) fn note_name(catalogue: &Catalogue) -> String {
    format!("{}.made.toml", catalogue.quantised.to)
}

fn note_path(place: &Place, catalogue: &Catalogue) -> PathBuf {
    place.cached(&note_name(catalogue))
}

/// The digest of everything the model is made from.
fn recipe(place: &Place, catalogue: &Catalogue) -> Result<Digest> {
    let quantised = &catalogue.quantised;
    let mut text = String::new();
    for file in [&quantised.script, &quantised.requirements] {
        text += &digest::of_file(&place.repo.join(file))?.to_string();
    }
    for fetched in std::iter::once(&quantised.from).chain(&quantised.photos) {
        let file = catalogue.file_at(fetched).with_context(|| format!("no package has `{fetched}`"))?;
        text += &file.sha256.to_string();
    }
    Ok(digest::of_bytes(text.as_bytes()))
}

/// Makes the model: the Python packages it needs, then the model itself.
pub(crate) fn make(place: &Place, catalogue: &Catalogue, network: Network, steps: &mut Steps) -> Result<()> {
    let Quantised { from, photos, .. } = &catalogue.quantised;
    let absent = std::iter::once(from).chain(photos).find(|needed| !place.cached(needed).is_file());
    if let Some(absent) = absent {
        bail!("it is made from {absent}, which is missing");
    }
    let scratch = tempfile::Builder::new()
        .prefix(place::PART)
        .tempdir_in(&place.cache)
        .with_context(|| format!("cannot write in {}", place.cache.display()))?;
    let packages = scratch.path().join("packages");
    std::fs::create_dir(&packages).context("cannot make a scratch folder")?;

    let step = steps.begin("Python packages for the int8 model", None);
    let python = match provide_packages(place, catalogue, network, &packages) {
        Ok(python) => python,
        Err(error) => {
            step.failed();
            return Err(error);
        }
    };
    step.done();

    let quantised = &catalogue.quantised;
    let portraits = quantised.photos.len();
    let step = steps.begin(format!("int8 model, calibrated on {portraits} portraits (about a minute)"), None);
    let output = scratch.path().join("int8.onnx");
    let mut script = Command::new(python);
    script.arg(place.repo.join(&quantised.script)).arg(place.cached(&quantised.from)).arg(&output);
    script.args(quantised.photos.iter().map(|photo| place.cached(photo)));
    script.env("TMPDIR", scratch.path()).current_dir(scratch.path());
    if let Err(error) = client::run(script, scratch.path(), None) {
        step.failed();
        return Err(error);
    }
    let bytes = std::fs::read(&output).context("the script left no model")?;
    let made =
        Made { sha256: digest::of_bytes(&bytes).to_string(), recipe: recipe(place, catalogue)?.to_string() };
    place::write_whole(&place.cached(&quantised.to), &bytes)?;
    let note = toml::to_string(&made).context("the note beside the model cannot be written")?;
    place::write_whole(&note_path(place, catalogue), note.as_bytes())?;
    step.done();
    Ok(())
}

/// Installs the pinned Python packages into the environment; quick when they are there.
fn provide_packages(
    place: &Place,
    catalogue: &Catalogue,
    network: Network,
    scratch: &std::path::Path,
) -> Result<PathBuf> {
    let python = venv::python(place)?;
    let mut pip = Command::new(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]);
    if network == Network::Offline {
        pip.arg("--no-index");
    }
    pip.args(["--only-binary", ":all:", "--requirement"])
        .arg(place.repo.join(&catalogue.quantised.requirements));
    if let Err(error) = client::run(pip, scratch, None) {
        bail!("its Python packages cannot be installed: {error:#}");
    }
    Ok(python)
}
