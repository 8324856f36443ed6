//! A full disk: every order is acknowledged and there, or refused and not there.

use std::io::Write;

use caixiang_store::{OrderFilter, open};

use crate::volume::{Kind, Volume};
use crate::writer::{Lost, options, place, publish, session, verify};

fn fill(kind: Kind) -> (Volume, Vec<crate::writer::Ack>) {
    let volume = Volume::new(kind, 12);
    let place = place(&volume.path(), &volume.outside());
    let mut store = open(&place, &options()).unwrap().store;
    let session = session(&mut store);
    let mut acks = Vec::new();
    let mut refusals = 0;
    for seed in 1..2000 {
        match publish(&mut store, session, seed) {
            Ok(ack) => acks.push(ack),
            Err(error) => {
                assert_eq!(error.code(), "store.disk_full", "{kind:?}");
                assert!(!store.must_reopen(), "a full disk is no reason to close");
                refusals += 1;
            }
        }
        if refusals == 20 {
            break;
        }
    }
    assert_eq!(refusals, 20, "the disk was not filled");
    assert!(acks.len() > 10, "{}", acks.len());
    let last = acks[acks.len() - 1];
    assert!(store.order(last.order).is_ok(), "reading goes on");
    let total = store.orders_page(&OrderFilter::default(), 0, 1).unwrap().total;
    assert_eq!(total, acks.len() as u64, "what was refused is not there");
    (volume, acks)
}

#[test]
fn orders_are_acknowledged_and_there_or_refused() {
    for kind in [Kind::Memory, Kind::Ext4] {
        let (volume, acks) = fill(kind);
        if kind == Kind::Memory {
            volume.grow(40);
        }
        let place = place(&volume.path(), &volume.outside());
        let (lost, _) = verify(&place, &acks);
        assert_eq!(lost, Lost::default(), "{kind:?}");
        if kind == Kind::Memory {
            let mut store = open(&place, &options()).unwrap().store;
            let session = session(&mut store);
            publish(&mut store, session, 5000).unwrap();
            assert!(store.self_check(true).unwrap().is_clean());
        }
    }
}

#[test]
fn a_backup_that_does_not_fit_leaves_nothing_behind() {
    let (volume, acks) = fill(Kind::Memory);
    let place = place(&volume.path(), &volume.outside());
    let mut store = open(&place, &options()).unwrap().store;
    let now = jiff::Timestamp::now();
    // Closing gave the log's space back.
    let filler = volume.path().join("filler");
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    assert_eq!(store.backup(now).unwrap_err().code(), "store.disk_full");
    assert!(store.backups().unwrap().is_empty());
    assert_eq!(std::fs::read_dir(place.data.join("backups")).unwrap().count(), 0);
    volume.grow(40);
    store.backup(now).unwrap();
    drop(store);
    assert!(verify(&place, &acks).0.nothing());
}
