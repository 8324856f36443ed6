//! The kiosk's page: its packages by npm, and the built page that the window's program carries in it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::digest::{self, Digest};
use crate::place::{self, Place};
use crate::platform;
use crate::progress::seconds;

/// What beside its own folder the page is built from: words, silhouettes, and what may follow.
const ASSETS: &str = "assets";
/// What is in the page's folder and is no source.
const MADE: [&str; 2] = ["node_modules", "dist"];

/// The page's folder, and the notes that say what was made from what. They lie with the packages: who removes
/// those removes the notes.
struct Page {
    folder: PathBuf,
    assets: PathBuf,
}

impl Page {
    fn of(place: &Place) -> Self {
        Self { folder: place.repo.join("ui"), assets: place.repo.join(ASSETS) }
    }

    fn packages_note(&self) -> PathBuf {
        self.folder.join("node_modules/.caixiang-packages")
    }

    fn page_note(&self) -> PathBuf {
        self.folder.join("node_modules/.caixiang-page")
    }

    fn built(&self) -> PathBuf {
        self.folder.join("dist/index.html")
    }

    /// What the packages are installed from.
    fn lock(&self) -> Result<String> {
        Ok(digest::of_file(&self.folder.join("package-lock.json"))?.to_string())
    }

    /// What the page is built from, and the built page: its start names every other file by its contents.
    fn state(&self) -> Result<String> {
        let mut files = Vec::new();
        sources(&self.folder, &MADE, &mut files)?;
        sources(&self.assets, &[], &mut files)?;
        files.sort();
        let mut text = String::new();
        for path in &files {
            text += &format!("{} {}\n", path.display(), digest::of_file(path)?);
        }
        let sources: Digest = digest::of_bytes(text.as_bytes());
        Ok(format!("{sources} {}", digest::of_file(&self.built())?))
    }

    fn has_packages(&self) -> Result<bool> {
        Ok(noted(&self.packages_note()) == Some(self.lock()?))
    }

    fn is_built(&self) -> Result<bool> {
        Ok(self.built().is_file() && noted(&self.page_note()) == Some(self.state()?))
    }
}

/// Brings packages and page up to date. Quick where nothing changed.
pub(crate) fn build(place: &Place) -> Result<()> {
    let page = Page::of(place);
    if !page.has_packages()? {
        let lock = page.lock()?;
        npm(&page.folder, "the page's packages", &["ci"])?;
        place::write_whole(&page.packages_note(), lock.as_bytes())?;
    }
    if !page.is_built()? {
        npm(&page.folder, "the page", &["run", "build"])?;
        place::write_whole(&page.page_note(), page.state()?.as_bytes())?;
    }
    Ok(())
}

/// Runs one of the page's own scripts.
pub(crate) fn script(place: &Place, what: &str, name: &str) -> Result<()> {
    npm(&Page::of(place).folder, what, &["run", name])
}

fn npm(folder: &Path, what: &str, arguments: &[&str]) -> Result<()> {
    println!("\n== {what}: npm {}", arguments.join(" "));
    let begun = Instant::now();
    let mut npm = Command::new(platform::NPM);
    npm.args(arguments).current_dir(folder);
    let status = npm.status().with_context(|| format!("`{}` cannot be started", platform::NPM))?;
    ensure!(status.success(), "`npm {}` failed in {} ({status})", arguments.join(" "), folder.display());
    println!("== {}", seconds(begun.elapsed()));
    Ok(())
}

fn noted(note: &Path) -> Option<String> {
    std::fs::read_to_string(note).ok()
}

/// Every file below a folder but those in `except`, which lie directly in it.
fn sources(folder: &Path, except: &[&str], found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        if except.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            sources(&path, &[], found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> (tempfile::TempDir, Page) {
        let folder = tempfile::tempdir().unwrap();
        let repo = folder.path();
        for (path, text) in [
            ("ui/package-lock.json", "{}"),
            ("ui/src/main.ts", "let a = 1;"),
            ("ui/dist/index.html", "a-1.js"),
            ("ui/node_modules/made/index.js", "1"),
            ("assets/words/zh.toml", "a = 1"),
        ] {
            place::write_whole(&repo.join(path), text.as_bytes()).unwrap();
        }
        let page = Page { folder: repo.join("ui"), assets: repo.join(ASSETS) };
        (folder, page)
    }

    fn note(page: &Page) {
        std::fs::write(page.packages_note(), page.lock().unwrap()).unwrap();
        std::fs::write(page.page_note(), page.state().unwrap()).unwrap();
    }

    #[test]
    fn nothing_is_done_twice() {
        let (_folder, page) = page();
        assert!(!page.has_packages().unwrap() && !page.is_built().unwrap());
        note(&page);
        assert!(page.has_packages().unwrap() && page.is_built().unwrap());
        std::fs::write(page.folder.join("node_modules/made/index.js"), "2").unwrap();
        assert!(page.has_packages().unwrap() && page.is_built().unwrap(), "packages are no sources");
    }

    #[test]
    fn whatever_changes_is_seen() {
        for changed in
            ["ui/src/main.ts", "ui/src/new.ts", "ui/dist/index.html", "assets/words/zh.toml", "assets/a.svg"]
        {
            let (folder, page) = page();
            note(&page);
            std::fs::write(folder.path().join(changed), "changed").unwrap();
            assert!(!page.is_built().unwrap(), "{changed}");
            assert!(page.has_packages().unwrap(), "{changed}");
        }
        for removed in ["ui/src/main.ts", "ui/dist/index.html", "ui/node_modules/.caixiang-page"] {
            let (folder, page) = page();
            note(&page);
            std::fs::remove_file(folder.path().join(removed)).unwrap();
            assert!(!page.is_built().unwrap(), "{removed}");
        }
        let (folder, page) = page();
        note(&page);
        std::fs::write(folder.path().join("ui/package-lock.json"), "[]").unwrap();
        assert!(!page.has_packages().unwrap());
    }
}
