//! Linux: Debian's packages, and the names programs have here.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::tools::{self, Tool};

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
    if tools.contains(&Tool::Node) {
        lines.push("install Node.js 20.19 or later, with npm".to_owned());
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

/// Debian 12's names, without what these bring along: the web view brings GTK, libsoup and cairo.
fn debian_packages(tool: Tool) -> &'static [&'static str] {
    match tool {
        Tool::Compiler => &["build-essential"],
        Tool::Nasm => &["nasm"],
        Tool::PkgConfig => &["pkg-config"],
        Tool::WebView => &["libwebkit2gtk-4.1-dev"],
        Tool::OpenSsl => &["libssl-dev"],
        Tool::DBus => &["libdbus-1-dev"],
        Tool::Clang => &["libclang-dev"],
        Tool::Python => &["python3", "python3-venv", "python3-pip"],
        Tool::Node => &[],
        Tool::WebDriver => &["webkit2gtk-driver"],
        Tool::Screen => &["xvfb", "xauth"],
        Tool::Ext4 => &["e2fsprogs"],
        Tool::Xfs => &["xfsprogs"],
        Tool::Printer => &["cups-ipp-utils", "cups-daemon", "cups-client", "avahi-daemon", "dbus"],
        Tool::Office => &["libreoffice-calc-nogui"],
        Tool::Pdf => &["poppler-utils", "librsvg2-bin"],
        Tool::Archives => &["age", "bsdutils", "dosfstools", "mtools", "p7zip-full", "unzip"],
        Tool::Postgres => &["postgresql"],
    }
}

/// The version of a library that builds link, or none.
pub(crate) fn library(tool: Tool) -> Option<String> {
    let module = match tool {
        Tool::PkgConfig => return tools::says("pkg-config", &["--version"]),
        Tool::Clang => return libclang(),
        Tool::WebView => "webkit2gtk-4.1",
        Tool::OpenSsl => "libcrypto",
        Tool::DBus => "dbus-1",
        _ => return None,
    };
    tools::says("pkg-config", &["--modversion", module])
}

/// Where a tool is that only tests use, or none.
pub(crate) fn test_tool(tool: Tool) -> Option<String> {
    match tool {
        Tool::WebDriver => place_of("WebKitWebDriver"),
        Tool::Screen => place_of("Xvfb").filter(|_| place_of("xauth").is_some()),
        Tool::Ext4 => place_of("mkfs.ext4"),
        Tool::Xfs => place_of("xfs_io").filter(|_| place_of("mkfs.xfs").is_some()),
        Tool::Printer => {
            let others = ["cupsd", "lpadmin", "avahi-daemon", "dbus-daemon"];
            place_of("ippeveprinter").filter(|_| others.iter().all(|it| place_of(it).is_some()))
        }
        Tool::Office => place_of("soffice").or_else(|| place_of("libreoffice")),
        Tool::Pdf => all_of(&["pdftoppm", "pdftotext", "pdfimages", "rsvg-convert"]),
        Tool::Archives => all_of(&["7z", "unzip", "age", "script", "mcopy", "mkfs.vfat", "fsck.vfat"]),
        Tool::Postgres => caixiang_local_postgres::programs().ok().map(|folder| folder.display().to_string()),
        _ => None,
    }
}

/// Where the first of some programs is, where all of them are.
fn all_of(programs: &[&str]) -> Option<String> {
    programs.iter().map(|program| place_of(program)).collect::<Option<Vec<_>>>()?.into_iter().next()
}

/// Where a program is; a plain user's path lacks the folders of the administrator's.
fn place_of(program: &str) -> Option<String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/sbin".into()]);
    let found = folders.map(|folder| folder.join(program)).find(|path| path.is_file());
    found.map(|path| path.display().to_string())
}

/// Where the library is that bindgen opens at build time: in the folders it looks in.
fn libclang() -> Option<String> {
    let named = std::env::var_os("LIBCLANG_PATH").map(PathBuf::from);
    let listed = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
    let versions = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let llvm = versions
        .map(|entry| entry.path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("llvm")));
    let folders = named.into_iter().chain(llvm.map(|path| path.join("lib"))).chain(listed.map(PathBuf::from));
    let libraries = folders.filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let found = libraries
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|name| is_libclang(&name.to_string_lossy())));
    found.map(|path| path.display().to_string())
}

/// `libclang.so`, `libclang-14.so.1` and their like; not `libclang-cpp.so`.
fn is_libclang(name: &str) -> bool {
    let Some((version, _)) = name.strip_prefix("libclang").and_then(|rest| rest.split_once(".so")) else {
        return false;
    };
    version.chars().all(|c| c == '-' || c == '.' || c.is_ascii_digit())
}

/// Whether a window can be opened; otherwise what is missing.
pub(crate) fn display() -> Result<(), &'static str> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_set) {
        return Ok(());
    }
    Err("there is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set. Start it on the machine's own \
         desktop, over `ssh -X`, or unseen: xvfb-run -a -s '-screen 0 1920x1080x24' cargo xtask run")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libclang_is_told_from_its_neighbours() {
        for (name, wanted) in [
            ("libclang.so", true),
            ("libclang.so.1", true),
            ("libclang-14.so.14.0.6", true),
            ("libclang-14.so.1", true),
            ("libclang-14.0.6.so", true),
            ("libclang-cpp.so.14", false),
            ("libclangBasic.a", false),
            ("clang", false),
        ] {
            assert_eq!(is_libclang(name), wanted, "{name}");
        }
    }

    #[test]
    fn everything_but_node_can_be_installed() {
        for tool in tools::ALL {
            assert_eq!(debian_packages(tool).is_empty(), tool == Tool::Node, "{tool:?}");
        }
        let said = how_to_install(&[Tool::Xfs, Tool::Node]);
        assert!(said.contains("xfsprogs") && said.contains("Node.js"), "{said}");
    }
}
