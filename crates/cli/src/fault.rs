//! What went wrong, as a code and parameters. The sentence is made from the message files, at the edge.

use std::error::Error;
use std::path::Path;

use caixiang_portrait::source::{self, SourceError};
use caixiang_portrait::{PresetFileError, RoadError, builtin_preset_ids};
use caixiang_vision::VisionError;

/// A code with parameters.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    pub(crate) code: &'static str,
    pub(crate) params: Vec<(&'static str, String)>,
    /// What lower layers said, for people who repair things; not translated.
    pub(crate) cause: Option<String>,
}

impl Fault {
    /// The codes that arise in this program, beside those of the libraries.
    #[cfg(test)]
    pub(crate) const CODES: &'static [&'static str] = &[
        "photo.internal",
        "background.unknown",
        "input.no_pictures",
        "output.is_input",
        "output.needs_folder",
        "output.no_folder",
        "output.is_folder",
        "output.disk_full",
        "output.no_permission",
        "output.failed",
        "models.missing",
        "models.unusable",
        "explain.failed",
        "report.failed",
    ];

    pub(crate) fn new(code: &'static str) -> Self {
        Self { code, params: Vec::new(), cause: None }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.params.push((name, value.to_string()));
        self
    }

    pub(crate) fn at(self, path: &Path) -> Self {
        self.with("path", report_path(path))
    }

    pub(crate) fn because(mut self, error: &dyn Error) -> Self {
        self.cause = Some(chain(error));
        self
    }

    /// A preset that could not be had; `path` is what was asked for.
    pub(crate) fn of_preset(error: &PresetFileError, path: &Path) -> Self {
        let mut fault = Self::new(error.code()).at(path).with("subject", error.subject());
        fault = fault.with("line", error.line().map_or_else(|| "?".to_owned(), |line| line.to_string()));
        if let PresetFileError::UnknownPreset(_) = error {
            fault = fault.with("offered", builtin_preset_ids().collect::<Vec<_>>().join(", "));
        }
        if error.source().is_some() { fault.because(error) } else { fault }
    }

    /// Models that could not be opened.
    pub(crate) fn of_models(error: &VisionError) -> Self {
        match error {
            VisionError::Missing(path) => Self::new("models.missing").at(path),
            other => Self::new("models.unusable").because(other),
        }
    }
}

impl From<&SourceError> for Fault {
    fn from(error: &SourceError) -> Self {
        let fault = Self::new(error.code());
        match error {
            SourceError::FileTooLarge { bytes } => fault.with("bytes", bytes),
            SourceError::TooSmall { width, height } | SourceError::TooLarge { width, height } => {
                fault.with("width", width).with("height", height)
            }
            SourceError::Unreadable(_) => fault.because(error),
            _ => fault,
        }
    }
}

impl From<&RoadError> for Fault {
    fn from(error: &RoadError) -> Self {
        match error {
            RoadError::Source(source) => source.into(),
            RoadError::Vision(_) | RoadError::Encode(_) => Self::new(error.code()).because(error),
            RoadError::NoFace | RoadError::OutOfReach(_) => Self::new(error.code()),
        }
    }
}

/// Reads a picture's bytes.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Fault> {
    source::read(path).map_err(|error| (&error).into())
}

/// A path as reports show it: control characters, which could move a terminal's cursor, are written out.
pub(crate) fn report_path(path: &Path) -> String {
    let mut shown = String::new();
    for c in path.to_string_lossy().chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The innermost causes after each other, without repeating what an outer error already says.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(inner) = next {
        let said = inner.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        next = inner.source();
    }
    text
}
