//! Linux: Debian's packages, and the names programs have here.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::tools::Tool;

/// Names a Python may have.
pub(crate) const PYTHONS: &[&str] = &["python3", "python"];
/// npm's program.
pub(crate) const NPM: &str = "npm";
/// Names a C compiler may have.
pub(crate) const COMPILERS: &[&str] = &["cc", "gcc", "clang"];
/// What a program's file name ends with.
pub(crate) const PROGRAM_ENDING: &str = "";

/// The Python of a virtual environment.
pub(crate) fn venv_python(venv: &Path) -> PathBuf {
    venv.join("bin/python")
}

/// Lets everyone read a file that was made as a private temporary one.
pub(crate) fn make_readable(path: &Path) -> Result<()> {
    set_mode(path, 0o644)
}

/// Makes a file a program.
pub(crate) fn make_executable(path: &Path) -> Result<()> {
    set_mode(path, 0o755)
}

fn set_mode(path: &Path, mode: u32) -> Result<()> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .with_context(|| format!("cannot set the mode of {}", path.display()))
}

/// Bytes free on the disk of a folder; none if that cannot be told.
pub(crate) fn free_bytes(folder: &Path) -> Option<u64> {
    let existing = folder.ancestors().find(|folder| folder.exists())?;
    let output = Command::new("df").arg("-Pk").arg(existing).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let kilobytes: u64 = text.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()?;
    Some(kilobytes * 1024)
}

/// How a person installs these tools.
pub(crate) fn how_to_install(tools: &[Tool]) -> String {
    let packages: Vec<&str> = tools.iter().flat_map(|tool| debian_packages(*tool)).copied().collect();
    let mut lines = Vec::new();
    if !packages.is_empty() {
        let sudo = if is_root() { "" } else { "sudo " };
        lines.push(format!("{sudo}apt-get install -y --no-install-recommends {}", packages.join(" ")));
    }
    if tools.contains(&Tool::Npm) {
        lines.push("install Node.js 20 or later, with npm".to_owned());
    }
    lines.join("; ")
}

/// Installs what can be installed here: on Debian and its kin, as root or with a sudo that asks nothing.
/// Says whether it did anything.
pub(crate) fn install(tools: &[Tool]) -> Result<bool> {
    let packages: Vec<&str> = tools.iter().flat_map(|tool| debian_packages(*tool)).copied().collect();
    let may = is_root() || succeeds(Command::new("sudo").args(["-n", "true"]));
    if packages.is_empty() || !may || !succeeds(Command::new("apt-get").arg("--version")) {
        return Ok(false);
    }
    apt_get(&["update"])?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt_get(&arguments)?;
    Ok(true)
}

fn debian_packages(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::Compiler => &["build-essential"],
        Tool::Nasm => &["nasm"],
        Tool::Python => &["python3", "python3-venv", "python3-pip"],
        Tool::Npm => &[],
    }
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = if is_root() { Command::new("env") } else { Command::new("sudo") };
    if !is_root() {
        command.args(["-n", "env"]);
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]).args(arguments).stdin(Stdio::null());
    println!("  apt-get {}", arguments.join(" "));
    let output = command.output().context("apt-get cannot be started")?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "apt-get {} failed: {}", arguments.join(" "), said.trim());
    Ok(())
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn succeeds(command: &mut Command) -> bool {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    quiet.status().is_ok_and(|status| status.success())
}
