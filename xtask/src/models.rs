//! `models`: what is in the cache, whether it is right, and a copy of it for a machine without a network.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::digest::{self, Digest, Found};
use crate::manifest::{Catalogue, Need};
use crate::place::{CACHE_VARIABLE, Place};
use crate::progress::megabytes;
use crate::quantise::{self, Standing};

/// A file of the cache, as far as it can be known before it is made.
struct Entry<'a> {
    to: &'a str,
    sha256: &'a Digest,
    licence: &'a str,
    source: String,
}

/// Everything the manifests put into the cache of this machine, but the int8 model.
fn entries(catalogue: &Catalogue) -> Vec<Entry<'_>> {
    let here = catalogue.packages.iter().filter(|package| package.is_for_this_host());
    let fetched = here.flat_map(|package| {
        package.files.iter().filter(|file| file.needed_for != Need::Ci).map(|file| Entry {
            to: &file.to,
            sha256: &file.sha256,
            licence: &file.licence,
            source: format!(
                "{}, in {} ({}){}",
                file.origin,
                package.title(),
                package.licence,
                file.shows.as_ref().map(|shows| format!(": {shows}")).unwrap_or_default()
            ),
        })
    });
    let copied = catalogue.converted.iter().map(|converted| Entry {
        to: &converted.to,
        sha256: &converted.sha256,
        licence: &converted.licence,
        source: format!(
            "{}, {} of {} {} (sha256 {}) converted by {}",
            converted.origin,
            converted.source_file,
            converted.source_package,
            converted.source_version,
            converted.source_sha256,
            converted.how
        ),
    });
    fetched.chain(copied).collect()
}

/// Lists every file with its licence and where it comes from.
pub(crate) fn list(catalogue: &Catalogue) {
    let entries = entries(catalogue);
    let width = entries.iter().map(|entry| entry.to.len()).max().unwrap_or_default();
    for entry in &entries {
        println!("{:<width$}  {:<12}  {}", entry.to, entry.licence, entry.source);
    }
    println!(
        "{:<width$}  {:<12}  made here from {}",
        catalogue.quantised.to, "Apache-2.0", catalogue.quantised.from
    );
}

/// Checks every file's digest. Fails if one is not right.
pub(crate) fn verify(place: &Place, catalogue: &Catalogue) -> Result<ExitCode> {
    let entries = entries(catalogue);
    let mut bad = 0;
    for entry in &entries {
        match digest::look(&place.cached(entry.to), entry.sha256)? {
            Found::Good => continue,
            Found::Missing => println!("missing  {}", entry.to),
            Found::Wrong(actual) => println!("wrong    {}: {actual}, not {}", entry.to, entry.sha256),
        }
        bad += 1;
    }
    match quantise::look(place, catalogue)? {
        Standing::AsPinned => {}
        Standing::Otherwise(actual) => println!("note     {} has sha256 {actual}", catalogue.quantised.to),
        Standing::ToMake => {
            println!("note     {} is not there: the float model is used", catalogue.quantised.to)
        }
    }
    if bad == 0 {
        println!("all {} files are right, in {}", entries.len(), place.cache.display());
        return Ok(ExitCode::SUCCESS);
    }
    println!("{bad} of {} files are not right: `cargo xtask setup` gets them", entries.len());
    Ok(ExitCode::FAILURE)
}

/// Copies what processing needs to a folder that can be carried to another machine.
pub(crate) fn copy_to(place: &Place, catalogue: &Catalogue, folder: &Path, with_photos: bool) -> Result<()> {
    let mut copied_bytes = 0;
    let mut copied = 0;
    for entry in entries(catalogue) {
        if entry.to.starts_with("photos/") && !with_photos {
            continue;
        }
        let from = place.cached(entry.to);
        let right = digest::look(&from, entry.sha256)? == Found::Good;
        ensure!(right, "{} is not right in the cache: `cargo xtask setup` first", entry.to);
        copied_bytes += copy(&from, &folder.join(entry.to))?;
        let whole = digest::look(&folder.join(entry.to), entry.sha256)? == Found::Good;
        ensure!(whole, "the copy of {} differs: is the disk damaged?", entry.to);
        copied += 1;
    }
    if quantise::look(place, catalogue)? == Standing::ToMake {
        println!(
            "note: without {}, which was not made here: the float model is used",
            catalogue.quantised.to
        );
    } else {
        for name in [catalogue.quantised.to.clone(), quantise::note_name(catalogue)] {
            copied_bytes += copy(&place.cached(&name), &folder.join(&name))?;
            copied += 1;
        }
    }
    println!("{copied} files, {}, are in {}", megabytes(copied_bytes), folder.display());
    println!("on the other machine: {CACHE_VARIABLE}=<that folder> caixiang photo …");
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<u64> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))
}
