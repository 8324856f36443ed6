//! The page's types are those of the booth: made from them, committed, and compared here.
//!
//! `CAIXIANG_UPDATE_BINDINGS=1 cargo test -p caixiang-booth --test bindings` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use caixiang_booth::action::Action;
use caixiang_booth::desk::{Answer, Request};
use caixiang_booth::view::View;
use ts_rs::{Config, TS};

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/bindings")
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "ts"));
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn export(folder: &Path) {
    let config = Config::new().with_out_dir(folder).with_large_int("number");
    View::export_all(&config).unwrap();
    Action::export_all(&config).unwrap();
    Request::export_all(&config).unwrap();
    Answer::export_all(&config).unwrap();
}

#[test]
fn bindings_are_current() {
    if std::env::var_os("CAIXIANG_UPDATE_BINDINGS").is_some() {
        std::fs::remove_dir_all(committed()).ok();
        export(&committed());
    }
    let fresh = tempfile::tempdir().unwrap();
    export(fresh.path());
    let (fresh, committed) = (files(fresh.path()), files(&committed()));
    assert!(fresh.len() > 30, "only {} types were made", fresh.len());
    assert_eq!(fresh.keys().collect::<Vec<_>>(), committed.keys().collect::<Vec<_>>());
    for (name, text) in &fresh {
        assert_eq!(Some(text), committed.get(name), "{name} is out of date: see the head of this file");
    }
}
