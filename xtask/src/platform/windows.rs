//! Windows. Written from the documentation and never tried: no machine with it was at hand.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::tools::Tool;

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
            Tool::Npm => "install Node.js 20 or later, with npm",
        })
        .collect();
    ways.join("; ")
}

/// Installs nothing here: the person does.
pub(crate) fn install(_tools: &[Tool]) -> Result<bool> {
    Ok(false)
}
