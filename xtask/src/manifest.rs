//! The manifests under `models/`: what is fetched, copied and made, and what each file must hash to.

use std::path::{Component, Path};

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use serde::Deserialize;

use crate::digest::Digest;

/// The registry a package comes from; its own client fetches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Registry {
    /// Python's, through pip.
    Pypi,
    /// Node's, through npm.
    Npm,
    /// Rust's, through cargo.
    Crates,
}

/// What a file is fetched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Need {
    /// To process photos at all.
    Run,
    /// For the tests and the accuracy harness.
    Accuracy,
    /// For the tests alone: the tools that drive the window and break the disk.
    Test,
    /// For the checks of a submission.
    Ci,
}

/// One package of a registry, by exact version.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Package {
    /// Where it comes from.
    pub(crate) kind: Registry,
    /// Its name there.
    pub(crate) name: String,
    /// Its exact version.
    pub(crate) version: String,
    /// Of the package file.
    pub(crate) sha256: Digest,
    /// Size of the package file.
    pub(crate) bytes: u64,
    /// The Python that pip is told to fetch for.
    pub(crate) python_version: Option<String>,
    /// The platforms that pip is told to fetch for.
    #[serde(default)]
    pub(crate) platforms: Vec<String>,
    /// Whether the source distribution is wanted, not a wheel.
    #[serde(default)]
    pub(crate) sdist: bool,
    /// The only host it is for, as in `linux-x86_64`; none for every host.
    pub(crate) host: Option<String>,
    /// Of the package itself.
    pub(crate) licence: String,
    /// What is taken out of it.
    #[serde(rename = "file")]
    pub(crate) files: Vec<PackageFile>,
}

impl Package {
    /// Name and version, for people.
    pub(crate) fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// Whether it is for the machine this runs on.
    pub(crate) fn is_for_this_host(&self) -> bool {
        self.host.as_ref().is_none_or(|host| *host == this_host())
    }

    /// The name its file is kept under in the downloads.
    pub(crate) fn download_name(&self) -> String {
        let name = self.name.trim_start_matches('@').replace('/', "-");
        let (registry, ending) = match self.kind {
            Registry::Pypi if self.sdist => ("pypi", "tar.gz"),
            Registry::Pypi => ("pypi", "whl"),
            Registry::Npm => ("npm", "tgz"),
            Registry::Crates => ("crates", "crate"),
        };
        format!("{registry}-{name}-{}.{ending}", self.version)
    }
}

/// One file taken out of a package.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PackageFile {
    /// Its path in the archive; `a!b` is `b` in the archive `a` in it.
    pub(crate) inner: String,
    /// Its path in the cache.
    pub(crate) to: String,
    /// Of the file.
    pub(crate) sha256: Digest,
    /// Of the file, which can differ from the package's.
    pub(crate) licence: String,
    /// The project or person that made it.
    pub(crate) origin: String,
    /// What a test photo shows.
    pub(crate) shows: Option<String>,
    /// What it is fetched for.
    pub(crate) needed_for: Need,
    /// Whether it is a program.
    #[serde(default)]
    pub(crate) executable: bool,
}

/// A model that is committed because its conversion needs heavy tools and writes other bytes each time.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Converted {
    /// Its path in the repository.
    pub(crate) file: String,
    /// Its path in the cache.
    pub(crate) to: String,
    /// Of the file.
    pub(crate) sha256: Digest,
    /// The package it was converted from, as `registry:name`.
    pub(crate) source_package: String,
    /// That package's version.
    pub(crate) source_version: String,
    /// The file in it.
    pub(crate) source_file: String,
    /// Of that file.
    pub(crate) source_sha256: Digest,
    /// Of the weights.
    pub(crate) licence: String,
    /// The project that made them.
    pub(crate) origin: String,
    /// What converted it.
    pub(crate) how: String,
}

/// The model that set-up makes itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quantised {
    /// The float model in the cache.
    pub(crate) from: String,
    /// The int8 model in the cache.
    pub(crate) to: String,
    /// What the named versions wrote on one kind of processor.
    pub(crate) sha256: Digest,
    /// The script in the repository.
    pub(crate) script: String,
    /// What the script needs, in pip's form.
    pub(crate) requirements: String,
    /// The portraits in the cache that calibrate it.
    pub(crate) photos: Vec<String>,
}

/// The photos that `cargo xtask run` shows for a camera and `cargo xtask photos` processes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Demo {
    /// Their paths in the cache.
    pub(crate) photos: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ModelsFile {
    package: Vec<Package>,
    converted: Vec<Converted>,
    quantised: Quantised,
    demo: Demo,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PhotosFile {
    package: Vec<Package>,
}

/// Both manifests, read and found consistent.
#[derive(Debug, Clone)]
pub(crate) struct Catalogue {
    /// Every package, models before photos.
    pub(crate) packages: Vec<Package>,
    /// The committed models.
    pub(crate) converted: Vec<Converted>,
    /// The int8 model.
    pub(crate) quantised: Quantised,
    /// The demonstration photos.
    pub(crate) demo: Demo,
}

impl Catalogue {
    /// Reads both manifests of a repository.
    pub(crate) fn read(repo: &Path) -> Result<Self> {
        let models: ModelsFile = read_toml(&repo.join("models/manifest.toml"))?;
        let photos: PhotosFile = read_toml(&repo.join("models/photos.toml"))?;
        let mut packages = models.package;
        packages.extend(photos.package);
        let catalogue =
            Self { packages, converted: models.converted, quantised: models.quantised, demo: models.demo };
        catalogue.check()?;
        Ok(catalogue)
    }

    /// The file of a package that goes to a path of the cache.
    pub(crate) fn file_at(&self, to: &str) -> Option<&PackageFile> {
        self.packages.iter().flat_map(|package| &package.files).find(|file| file.to == to)
    }

    fn check(&self) -> Result<()> {
        let fetched = self.packages.iter().flat_map(|package| &package.files).map(|file| &file.to);
        let copied = self.converted.iter().map(|converted| &converted.to);
        let mut targets: Vec<&String> = fetched.chain(copied).chain([&self.quantised.to]).collect();
        targets.sort();
        for target in &targets {
            let plain = Path::new(target).components().all(|part| matches!(part, Component::Normal(_)));
            ensure!(plain, "`{target}` in a manifest leaves the cache");
        }
        if let Some(pair) = targets.windows(2).find(|pair| pair[0] == pair[1]) {
            bail!("`{}` is in the manifests twice", pair[0]);
        }
        for photo in self.quantised.photos.iter().chain(&self.demo.photos) {
            match self.file_at(photo) {
                Some(file) if file.needed_for == Need::Run => {}
                Some(_) => bail!("`{photo}` is needed to run, but photos.toml does not say so"),
                None => bail!("`{photo}` is named in manifest.toml, but no package has it"),
            }
        }
        ensure!(self.file_at(&self.quantised.from).is_some(), "no package has `{}`", self.quantised.from);
        Ok(())
    }
}

fn read_toml<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<T> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is not as it should be", path.display()))
}

/// The system and processor this runs on, as the manifests write them.
pub(crate) fn this_host() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}
