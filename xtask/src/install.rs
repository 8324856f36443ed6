//! Decides which files of the manifests are not in the cache yet, and puts them there.

use anyhow::{Context, Result, bail};

use crate::digest::{self, Found};
use crate::fetch::{self, Network};
use crate::manifest::{Catalogue, Converted, Need, Package, PackageFile};
use crate::place::{self, Place};
use crate::progress::Step;
use crate::{archive, platform};

/// Files to be taken out of one package.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// The package.
    pub(crate) package: &'a Package,
    /// Those of its files that are not right in the cache.
    pub(crate) files: Vec<&'a PackageFile>,
}

/// What is to be done; nothing if the cache is whole.
#[derive(Debug, Default)]
pub(crate) struct Plan<'a> {
    /// Packages to fetch from.
    pub(crate) jobs: Vec<Job<'a>>,
    /// Committed models to copy.
    pub(crate) copies: Vec<&'a Converted>,
}

/// Compares the cache with the manifests, for these needs.
pub(crate) fn plan<'a>(place: &Place, catalogue: &'a Catalogue, needs: &[Need]) -> Result<Plan<'a>> {
    let mut plan = Plan::default();
    for package in catalogue.packages.iter().filter(|package| package.is_for_this_host()) {
        let mut files = Vec::new();
        for file in package.files.iter().filter(|file| needs.contains(&file.needed_for)) {
            if digest::look(&place.cached(&file.to), &file.sha256)? != Found::Good {
                files.push(file);
            }
        }
        if !files.is_empty() {
            plan.jobs.push(Job { package, files });
        }
    }
    if needs.contains(&Need::Run) {
        for converted in &catalogue.converted {
            if digest::look(&place.cached(&converted.to), &converted.sha256)? != Found::Good {
                plan.copies.push(converted);
            }
        }
    }
    Ok(plan)
}

/// Fetches a package if need be and puts its files into the cache.
pub(crate) fn run(place: &Place, job: &Job<'_>, network: Network, step: &Step) -> Result<()> {
    let package = fetch::package(place, job.package, network, step)?;
    let inner: Vec<&str> = job.files.iter().map(|file| file.inner.as_str()).collect();
    let contents = archive::extract(&package, &inner)?;
    for file in &job.files {
        let bytes = contents.get(&file.inner).with_context(|| format!("`{}` was not found", file.inner))?;
        let actual = digest::of_bytes(bytes);
        if actual != file.sha256 {
            bail!(
                "{} of {} has sha256 {actual}, the manifest says {}: it was not installed",
                file.inner,
                job.package.title(),
                file.sha256
            );
        }
        let path = place.cached(&file.to);
        place::write_whole(&path, bytes)?;
        if file.executable {
            platform::make_executable(&path)?;
        }
    }
    Ok(())
}

/// Copies a committed model into the cache.
pub(crate) fn copy(place: &Place, converted: &Converted) -> Result<()> {
    let path = place.repo.join(&converted.file);
    match digest::look(&path, &converted.sha256)? {
        Found::Good => {}
        Found::Missing => bail!("{} is missing: `git checkout -- models` brings it back", converted.file),
        Found::Wrong(actual) => bail!(
            "{} has sha256 {actual}, the manifest says {}: `git checkout -- models` brings the right one back",
            converted.file,
            converted.sha256
        ),
    }
    let bytes = std::fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    place::write_whole(&place.cached(&converted.to), &bytes)
}
