//! Whatever can go wrong has words on the screen, in both languages.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Codes that no screen can show: files named on a command line, preset files, the keyboard's dictionary (it is built
/// in, and a test of its own opens it).
const ELSEWHERE: [&str; 4] =
    ["source.not_found", "source.is_folder", "source.no_permission", "source.unreadable"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn words(language: &str) -> Value {
    let path = root().join(format!("ui/src/words/{language}.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Every `Notice::new("…")` of the booth's own code.
fn own_notices(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            own_notices(&path, found);
        } else if !path.to_string_lossy().contains("tests") {
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split("Notice::new(\"").skip(1) {
                found.extend(part.split_once('"').map(|(code, _)| code.to_owned()));
            }
        }
    }
}

#[test]
fn every_code_has_words() {
    let mut codes = BTreeSet::new();
    own_notices(&root().join("crates/booth/src"), &mut codes);
    assert!(codes.len() > 20, "only {} notices were found", codes.len());
    let lists = [
        caixiang_store::CODES,
        caixiang_roster::CODES,
        caixiang_handover::CODES,
        caixiang_paper::CODES,
        caixiang_spool::CODES,
        caixiang_camera::Fault::CODES,
        caixiang_identity::CODES,
        caixiang_portrait::RoadError::CODES,
        caixiang_portrait::source::SourceError::CODES,
    ];
    codes.extend(lists.into_iter().flatten().map(|&code| code.to_owned()));
    let rows = caixiang_roster::PROBLEM_CODES.iter().filter(|code| **code != "missing");
    codes.extend(rows.map(|code| format!("row.{code}")));
    for language in ["zh", "en"] {
        let words = words(language);
        let missing: Vec<_> = codes
            .iter()
            .filter(|code| !ELSEWHERE.contains(&code.as_str()))
            .filter(|code| {
                let text = &words["notice"][code.as_str()];
                let there = |key: &str| text[key].as_str().is_some_and(|text| !text.is_empty());
                // What is wrong with a row is put right in the school's file.
                !(there("what") && (there("fix") || code.starts_with("row.")))
            })
            .collect();
        assert!(missing.is_empty(), "{language}.json has no words for {missing:?}");
    }
}

#[test]
fn every_list_of_the_booth_has_words() {
    let lists = [
        ("reject", caixiang_booth::show::REJECT_REASONS.as_slice()),
        ("reject", &[caixiang_booth::show::TAKEN_BACK]),
        ("reason", caixiang_booth::show::OVERRIDE_REASONS.as_slice()),
        ("tip", caixiang_booth::show::TIPS.as_slice()),
        ("paper_name", &caixiang_booth::desk::paper_names()),
        ("paper_set", caixiang_booth::desk::set_names()),
        ("print_state", &["intended", "submitted", "done", "failed", "unknown"]),
        ("print_failure", &["not_sent", "refused", "cut_off", "cancelled", "aborted", "said_not_printed"]),
    ];
    let states: Vec<&str> = caixiang_domain::OrderState::ALL.iter().map(|state| state.code()).collect();
    let fields: Vec<&str> = caixiang_domain::Field::ALL.iter().map(|field| field.code()).collect();
    for language in ["zh", "en"] {
        let words = words(language);
        let more = [("order", states.as_slice()), ("field", fields.as_slice())];
        for (section, codes) in lists.into_iter().chain(more) {
            let missing: Vec<_> =
                codes.iter().filter(|code| words[section][**code].as_str().is_none()).collect();
            assert!(missing.is_empty(), "{language}.json has no {section} for {missing:?}");
        }
    }
}
