//! The system's tools that building and setting up need, and which of them are there.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::platform;

/// A tool that the system, not a registry of ours, provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// A C compiler and linker.
    Compiler,
    /// The assembler that the JPEG encoder is built with.
    Nasm,
    /// A Python with `venv` and `pip`.
    Python,
    /// Node's package client.
    Npm,
}

/// Every tool, in the order they are listed.
pub(crate) const ALL: [Tool; 4] = [Tool::Compiler, Tool::Nasm, Tool::Python, Tool::Npm];

impl Tool {
    /// Its name, for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Compiler => "C compiler",
            Self::Nasm => "nasm",
            Self::Python => "python3 with venv and pip",
            Self::Npm => "npm",
        }
    }

    /// The version that is there, or none.
    pub(crate) fn version(self) -> Option<String> {
        match self {
            Self::Compiler => platform::COMPILERS.iter().find_map(|name| says(name, &["--version"])),
            Self::Nasm => says("nasm", &["-v"]),
            Self::Python => python().map(|(_, version)| version),
            Self::Npm => says(platform::NPM, &["--version"]),
        }
    }
}

/// A Python that can make virtual environments: its program and version.
pub(crate) fn python() -> Option<(&'static str, String)> {
    // Debian ships Python without ensurepip until python3-venv is installed.
    let probe =
        "import sys, venv, ensurepip; assert sys.version_info >= (3, 9); print(sys.version.split()[0])";
    platform::PYTHONS.iter().find_map(|name| Some((*name, says(name, &["-c", probe])?)))
}

/// What is missing.
pub(crate) fn missing() -> Vec<Tool> {
    ALL.into_iter().filter(|tool| tool.version().is_none()).collect()
}

/// Installs what is missing if that can be done here; returns what is missing still.
pub(crate) fn provide() -> Result<Vec<Tool>> {
    let wanted = missing();
    if wanted.is_empty() || !platform::install(&wanted)? {
        return Ok(wanted);
    }
    Ok(missing())
}

/// The first line a program prints, if it runs and succeeds.
fn says(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}
