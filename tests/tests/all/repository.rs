//! The repository itself: rules that no compiler holds.

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_is_short_enough() {
    let mut files = Vec::new();
    for folder in ["crates", "tests/src", "tests/tests", "xtask/src"] {
        sources(&root().join(folder), &mut files);
    }
    assert!(files.len() > 40);
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{}: no `//!` line", path.display());
        assert!(text.lines().count() <= 800, "{}: {} lines", path.display(), text.lines().count());
    }
}

/// Only `vision` runs models, and nothing below the command line knows JSON.
#[test]
fn layers_keep_to_themselves() {
    for (name, forbidden) in [
        ("domain", &["ort", "serde", "serde_json", "image", "tokio"][..]),
        ("portrait", &["ort =", "ort.", "serde_json", "clap"][..]),
        ("cli", &["ort =", "ort."][..]),
    ] {
        let manifest = std::fs::read_to_string(root().join("crates").join(name).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dependencies]").nth(1).unwrap();
        for word in forbidden {
            let hit = dependencies.lines().any(|line| line.starts_with(word));
            assert!(!hit, "crates/{name} depends on {word}");
        }
    }
}
