//! The Python environment in the cache. Its own pip is used, so that the system's rules for pip do not matter.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::place::Place;
use crate::tools::Tool;
use crate::{platform, tools};

/// The environment's Python; the environment is made, or made anew, if it does not work.
pub(crate) fn python(place: &Place) -> Result<PathBuf> {
    let python = platform::venv_python(&place.venv());
    if works(&python) {
        return Ok(python);
    }
    let Some((system, _)) = tools::python() else {
        bail!("there is no {}: {}", Tool::Python.name(), platform::how_to_install(&[Tool::Python]));
    };
    let output = Command::new(system)
        .args(["-m", "venv", "--clear"])
        .arg(place.venv())
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{system}` cannot be started"))?;
    if !output.status.success() || !works(&python) {
        bail!("`{system} -m venv` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(python)
}

fn works(python: &PathBuf) -> bool {
    let mut command = Command::new(python);
    command.args(["-m", "pip", "--version"]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
