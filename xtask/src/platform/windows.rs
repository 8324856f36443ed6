//! Windows. Written from the documentation and never tried: no machine with it was at hand.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::tools::{self, Tool};

/// Names a Python may have.
pub(crate) const PYTHONS: &[&str] = &["python", "python3", "py"];
/// npm's program.
pub(crate) const NPM: &str = "npm.cmd";
/// Names a C compiler may have.
pub(crate) const COMPILERS: &[&str] = &["cl", "clang-cl", "gcc"];
/// What a program's file name ends with.
pub(crate) const PROGRAM_ENDING: &str = ".exe";

/// The Python of a virtual environment.
pub(crate) fn venv_python(venv: &Path) -> PathBuf {
    venv.join("Scripts").join("python.exe")
}

/// Files have no mode here.
pub(crate) fn make_readable(_path: &Path) -> Result<()> {
    Ok(())
}

/// Files have no mode here.
pub(crate) fn make_executable(_path: &Path) -> Result<()> {
    Ok(())
}

/// Not told here.
pub(crate) fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

/// How a person installs these tools.
pub(crate) fn how_to_install(tools: &[Tool]) -> String {
    let ways: Vec<&str> = tools
        .iter()
        .map(|tool| match tool {
            Tool::Compiler => "install the Visual Studio build tools for C++",
            Tool::Nasm => "install NASM and put it on the PATH",
            Tool::Python => "install Python 3.11 or later",
            Tool::Node => "install Node.js 20.19 or later, with npm",
            Tool::OpenSsl => "install OpenSSL for developers and set OPENSSL_DIR to its folder",
            Tool::WebDriver => "install Microsoft Edge WebDriver and put it on the PATH",
            Tool::PkgConfig | Tool::WebView | Tool::DBus | Tool::Clang => {
                "part of the system, or not used here"
            }
            Tool::Screen
            | Tool::Ext4
            | Tool::Xfs
            | Tool::Printer
            | Tool::Office
            | Tool::Pdf
            | Tool::Archives
            | Tool::Postgres => "not used here",
        })
        .collect();
    ways.join("; ")
}

/// The version of a library that builds link, or none; what builds here do without counts as there.
pub(crate) fn library(tool: Tool) -> Option<String> {
    match tool {
        Tool::OpenSsl => std::env::var("OPENSSL_DIR").ok(),
        _ => Some("not used here".to_owned()),
    }
}

/// The version of a tool that only tests use, or none.
pub(crate) fn test_tool(tool: Tool) -> Option<String> {
    match tool {
        Tool::WebDriver => tools::says("msedgedriver", &["--version"]),
        _ => Some("not used here".to_owned()),
    }
}

/// A window can be opened.
pub(crate) fn display() -> Result<(), &'static str> {
    Ok(())
}

/// Installs nothing here: the person does.
pub(crate) fn install(_tools: &[Tool]) -> Result<bool> {
    Ok(false)
}
