//! The system's tools that building and setting up need, and which of them are there.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::platform;

/// The oldest Node that the page's tools run on.
const NODE_AT_LEAST: (u32, u32) = (20, 19);

/// A tool or library that the system, not a registry of ours, provides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    /// A C compiler and linker.
    Compiler,
    /// The assembler that the JPEG encoder is built with.
    Nasm,
    /// Tells builds where libraries are.
    PkgConfig,
    /// The window's toolkit and the view in it.
    WebView,
    /// The ciphers of the store.
    OpenSsl,
    /// The way to the system's keystore.
    DBus,
    /// Reads the headers of the camera's driver.
    Clang,
    /// A Python with `venv` and `pip`.
    Python,
    /// Node with its package client.
    Node,
    /// Drives the window in tests.
    WebDriver,
    /// A screen that nobody sees, for tests.
    Screen,
    /// Makes the file systems that tests cut the power of.
    Ext4,
    /// Makes the other kind, and cuts.
    Xfs,
    /// A printer, and what it and computers need to find each other, for tests.
    Printer,
    /// The spreadsheet that tests read and write rosters and lists with.
    Office,
    /// Reads PDF and SVG back, for tests.
    Pdf,
    /// Opens and checks what was handed over, for tests.
    Archives,
    /// The centre's database, for tests and for trying the centre.
    Postgres,
}

/// Every tool, in the order they are listed.
pub(crate) const ALL: [Tool; 18] = [
    Tool::Compiler,
    Tool::Nasm,
    Tool::PkgConfig,
    Tool::WebView,
    Tool::OpenSsl,
    Tool::DBus,
    Tool::Clang,
    Tool::Python,
    Tool::Node,
    Tool::WebDriver,
    Tool::Screen,
    Tool::Ext4,
    Tool::Xfs,
    Tool::Printer,
    Tool::Office,
    Tool::Pdf,
    Tool::Archives,
    Tool::Postgres,
];

impl Tool {
    /// Its name, for people.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Compiler => "C compiler",
            Self::Nasm => "nasm",
            Self::PkgConfig => "pkg-config",
            Self::WebView => "web view",
            Self::OpenSsl => "OpenSSL",
            Self::DBus => "D-Bus",
            Self::Clang => "libclang",
            Self::Python => "python3 with venv and pip",
            Self::Node => "Node 20.19 or later, with npm",
            Self::WebDriver => "driver of the web view",
            Self::Screen => "screen for tests",
            Self::Ext4 => "mkfs.ext4",
            Self::Xfs => "mkfs.xfs and xfs_io",
            Self::Printer => "ippeveprinter, CUPS and DNS-SD",
            Self::Office => "LibreOffice Calc",
            Self::Pdf => "poppler and librsvg",
            Self::Archives => "7z, unzip, age, mtools and mkfs.vfat",
            Self::Postgres => "PostgreSQL",
        }
    }

    /// Whether only tests use it.
    pub(crate) fn is_for_tests(self) -> bool {
        matches!(
            self,
            Self::WebDriver
                | Self::Screen
                | Self::Ext4
                | Self::Xfs
                | Self::Printer
                | Self::Office
                | Self::Pdf
                | Self::Archives
                | Self::Postgres
        )
    }

    /// The version that is there, or none.
    pub(crate) fn version(self) -> Option<String> {
        match self {
            Self::Compiler => platform::COMPILERS.iter().find_map(|name| says(name, &["--version"])),
            Self::Nasm => says("nasm", &["-v"]),
            Self::Python => python().map(|(_, version)| version),
            Self::Node => node(),
            Self::PkgConfig | Self::WebView | Self::OpenSsl | Self::DBus | Self::Clang => {
                platform::library(self)
            }
            Self::WebDriver
            | Self::Screen
            | Self::Ext4
            | Self::Xfs
            | Self::Printer
            | Self::Office
            | Self::Pdf
            | Self::Archives
            | Self::Postgres => platform::test_tool(self),
        }
    }
}

/// The versions of Node and npm, where both are there and Node is not too old.
fn node() -> Option<String> {
    let node = says("node", &["--version"])?;
    let npm = says(platform::NPM, &["--version"])?;
    is_new_enough(&node).then(|| format!("{node}, npm {npm}"))
}

/// Whether a version of Node, as `v20.19.4`, will do.
fn is_new_enough(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (parts.next(), parts.next()) else { return false };
    (major, minor) >= NODE_AT_LEAST
}

/// A Python that can make virtual environments: its program and version.
pub(crate) fn python() -> Option<(&'static str, String)> {
    // Debian ships Python without ensurepip until python3-venv is installed.
    let probe =
        "import sys, venv, ensurepip; assert sys.version_info >= (3, 9); print(sys.version.split()[0])";
    platform::PYTHONS.iter().find_map(|name| Some((*name, says(name, &["-c", probe])?)))
}

/// What is missing of what building needs and, where `tests` are to run, of what they need.
pub(crate) fn missing(tests: bool) -> Vec<Tool> {
    let wanted = ALL.into_iter().filter(|tool| tests || !tool.is_for_tests());
    wanted.filter(|tool| tool.version().is_none()).collect()
}

/// Installs what is missing if that can be done here; returns what is missing still.
pub(crate) fn provide(tests: bool) -> Result<Vec<Tool>> {
    let wanted = missing(tests);
    if wanted.is_empty() || !platform::install(&wanted)? {
        return Ok(wanted);
    }
    Ok(missing(tests))
}

/// The first line a program prints, if it runs and succeeds.
pub(crate) fn says(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then(|| text.lines().next().unwrap_or_default().trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_node_is_no_node() {
        for (version, wanted) in [
            ("v20.19.0", true),
            ("v20.20.1", true),
            ("v22.0.0", true),
            ("v20.18.3", false),
            ("v18.19.0", false),
            ("v9.99.9", false),
            ("", false),
            ("nightly", false),
        ] {
            assert_eq!(is_new_enough(version), wanted, "{version}");
        }
    }
}
