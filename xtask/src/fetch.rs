//! Gets a package file into the downloads: through its registry's own client, checked before it is used.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use crate::digest::{self, Found};
use crate::manifest::{Package, Registry};
use crate::place::{self, Place};
use crate::progress::Step;
use crate::tools::Tool;
use crate::{client, platform, venv};

const TRIES: u32 = 3;

/// Whether the network may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// Yes.
    Allowed,
    /// No: only what was downloaded before.
    Offline,
}

/// The package's file, downloaded now or before, with the right digest.
pub(crate) fn package(place: &Place, package: &Package, network: Network, step: &Step) -> Result<PathBuf> {
    let kept = place.downloads().join(package.download_name());
    match digest::look(&kept, &package.sha256)? {
        Found::Good => return Ok(kept),
        Found::Wrong(_) => {
            std::fs::remove_file(&kept).with_context(|| format!("cannot remove {}", kept.display()))?;
        }
        Found::Missing => {}
    }
    if network == Network::Offline {
        bail!(
            "never downloaded: run `cargo xtask setup` once with a network, or bring a cache made elsewhere \
             with `cargo xtask models copy-to --with-photos`"
        );
    }
    std::fs::create_dir_all(place.downloads())
        .with_context(|| format!("cannot make {}", place.downloads().display()))?;
    let mut tried = 0;
    loop {
        tried += 1;
        match download(place, package, &kept, step) {
            Ok(()) => return Ok(kept),
            Err(error) if tried < TRIES && !is_not_installed(&error) => {
                println!("  try {tried} of {TRIES} failed: {error:#}");
                std::thread::sleep(Duration::from_secs(2 * u64::from(tried)));
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether a client is not there at all, so that trying again is of no use.
fn is_not_installed(error: &anyhow::Error) -> bool {
    let is_missing = |cause: &std::io::Error| cause.kind() == std::io::ErrorKind::NotFound;
    error.chain().filter_map(|cause| cause.downcast_ref()).any(is_missing)
}

fn download(place: &Place, package: &Package, kept: &Path, step: &Step) -> Result<()> {
    let part = tempfile::Builder::new()
        .prefix(place::PART)
        .tempdir_in(place.downloads())
        .context("cannot make a folder for the download")?;
    let part = part.path();
    let file = match package.kind {
        Registry::Pypi => from_pypi(place, package, part, step)?,
        Registry::Npm => from_npm(package, part, step)?,
        Registry::Crates => from_crates(package, part, step)?,
    };
    match digest::look(&file, &package.sha256)? {
        Found::Good => {}
        Found::Missing => bail!("the client left no file"),
        Found::Wrong(actual) => {
            bail!("the file has sha256 {actual}, the manifest says {}: it is not used", package.sha256)
        }
    }
    let whole = part.join("whole");
    std::fs::copy(&file, &whole).with_context(|| format!("cannot copy {}", file.display()))?;
    std::fs::rename(&whole, kept).with_context(|| format!("cannot put {} in its place", kept.display()))
}

fn from_pypi(place: &Place, package: &Package, part: &Path, step: &Step) -> Result<PathBuf> {
    let python = venv::python(place)?;
    let out = part.join("out");
    let wanted = part.join("wanted.txt");
    let line = format!("{}=={} --hash=sha256:{}\n", package.name, package.version, package.sha256);
    std::fs::write(&wanted, line).context("cannot write what is wanted")?;
    let mut pip = Command::new(python);
    pip.args(["-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps"]);
    // Few of its own: there are tries around it.
    pip.args(["--retries", "1"]);
    // Checked by pip too, before it runs anything of a source distribution to learn its metadata.
    pip.arg("--require-hashes").arg("--requirement").arg(&wanted).arg("--dest").arg(&out);
    if package.sdist {
        pip.args(["--no-binary", &package.name]);
    } else {
        pip.args(["--only-binary", ":all:"]);
    }
    if let Some(version) = &package.python_version {
        pip.args(["--python-version", version]);
    }
    for platform in &package.platforms {
        pip.args(["--platform", platform]);
    }
    // pip writes here while it downloads, which is how the progress is seen.
    pip.env("TMPDIR", part).current_dir(part);
    client::run(pip, part, Some(step))?;
    only_file(&out)
}

fn from_npm(package: &Package, part: &Path, step: &Step) -> Result<PathBuf> {
    let out = part.join("out");
    std::fs::create_dir_all(&out).context("cannot make a folder for npm")?;
    let mut npm = Command::new(platform::NPM);
    npm.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"]).arg(&out);
    npm.arg(format!("{}@{}", package.name, package.version));
    npm.env("npm_config_cache", part.join("npm")).current_dir(part);
    npm.env("npm_config_fetch_retries", "1").env("npm_config_fetch_retry_mintimeout", "1000");
    client::run(npm, part, Some(step)).map_err(|error| {
        let how = platform::how_to_install(&[Tool::Node]);
        if is_not_installed(&error) { error.context(format!("npm is missing: {how}")) } else { error }
    })?;
    only_file(&out)
}

/// Cargo has no command to download one crate: a throw-away package that depends on it makes cargo keep its file.
fn from_crates(package: &Package, part: &Path, step: &Step) -> Result<PathBuf> {
    let Package { name, version, .. } = package;
    let manifest = format!(
        "[package]\nname = \"throw-away\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [lib]\npath = \"lib.rs\"\n\n[dependencies]\n{name} = \"={version}\"\n\n[workspace]\n"
    );
    std::fs::write(part.join("Cargo.toml"), manifest).context("cannot write a throw-away package")?;
    std::fs::write(part.join("lib.rs"), "").context("cannot write a throw-away package")?;
    let mut fetch = cargo();
    fetch.args(["fetch", "--quiet"]).current_dir(part);
    client::run(fetch, part, Some(step))?;

    let output = cargo()
        .args(["metadata", "--offline", "--format-version", "1"])
        .current_dir(part)
        .output()
        .context("cargo cannot be started")?;
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("`cargo metadata` gave no metadata")?;
    let of_crate = metadata.packages.iter().find(|listed| listed.name == *name);
    let of_crate = of_crate.with_context(|| format!("cargo did not fetch {}", package.title()))?;
    // …/registry/src/INDEX/NAME-VERSION/Cargo.toml was unpacked from …/registry/cache/INDEX/NAME-VERSION.crate
    let mut above = of_crate.manifest_path.ancestors().skip(2);
    let parts = above.next().and_then(|index| Some((index.file_name()?, above.nth(1)?)));
    let (index, registry) = parts.context("cargo keeps its registry in an unknown lay-out")?;
    let file = registry.join("cache").join(index).join(format!("{name}-{version}.crate"));
    ensure!(file.is_file(), "cargo keeps no file of {} (is its registry replaced?)", package.title());
    Ok(file)
}

#[derive(serde::Deserialize)]
struct Metadata {
    packages: Vec<MetadataPackage>,
}

#[derive(serde::Deserialize)]
struct MetadataPackage {
    name: String,
    manifest_path: PathBuf,
}

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn only_file(folder: &Path) -> Result<PathBuf> {
    let entries = std::fs::read_dir(folder).context("the client left nothing")?;
    let files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    match files.as_slice() {
        [file] => Ok(file.clone()),
        _ => bail!("the client left {} files where one was expected", files.len()),
    }
}
