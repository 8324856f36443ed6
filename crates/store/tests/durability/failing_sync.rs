//! A failed sync: the store refuses everything from then on, and what it acknowledged before is there.

use std::fs;

use caixiang_store::Durability;

use crate::volume::run;
use crate::writer::{Start, Writer, place, verify};

#[test]
fn after_a_failed_sync_the_store_must_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("failing_sync.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/durability/failing_sync.c");
    run("cc", &["-shared", "-fPIC", "-O1", "-o", library.to_str().unwrap(), source, "-ldl"]);
    // A photo, a folder of the vault (which of them depends on the photo's id), the database's log, the database itself.
    let shelf = |digit: u32| char::from_digit(digit, 16).unwrap().to_string();
    let mut targets: Vec<String> =
        [".original.part", ".finished.part", "store.db-wal", "store.db"].map(String::from).to_vec();
    targets.push(shelf(7));
    for target in targets {
        let part = tempfile::tempdir().unwrap();
        let place = place(part.path(), part.path());
        let trap = part.path().join("trap");
        let mut writer = Writer::start(&Start {
            place: &place,
            durability: Durability::Full,
            seed: 1,
            rest_after: Some(400),
            trap: Some((5, &trap)),
            environment: &[
                ("LD_PRELOAD", library.to_str().unwrap().to_owned()),
                ("SYNC_TRAP", trap.to_str().unwrap().to_owned()),
                ("SYNC_TARGET", target.clone()),
            ],
        });
        writer.finish();
        assert!(fs::exists(&trap).unwrap());
        assert!(writer.said("REFUSED store.must_reopen"), "{target}: the failure was not noticed");
        assert!(
            writer.said("AFTER Some(Err(\"store.must_reopen\")) Err(\"store.must_reopen\")"),
            "{target}: the store went on"
        );
        let acks = writer.acks();
        assert!(acks.len() >= 5, "{target}: {}", acks.len());
        let (lost, _) = verify(&place, &acks);
        assert!(lost.nothing(), "{target}: {lost:?} of {}", acks.len());
    }
}
