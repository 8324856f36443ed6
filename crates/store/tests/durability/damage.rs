//! A damaged database: noticed, set aside, never made anew; the last backup serves.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use caixiang_store::*;
use jiff::Timestamp;

use crate::volume::{Kind, Volume};
use crate::writer::{Ack, options, place, publish, session, verify};

fn filled(folder: &Path) -> (Place, Vec<Ack>) {
    let place = place(folder, folder);
    let mut store = open(&place, &options()).unwrap().store;
    let session = session(&mut store);
    let acks = (1..=30).map(|seed| publish(&mut store, session, seed).unwrap()).collect();
    store.backup(Timestamp::now()).unwrap();
    (place, acks)
}

#[test]
fn damage_is_noticed_set_aside_and_the_backup_serves() {
    type Damage = fn(&mut Vec<u8>);
    let damages: [(&str, Damage); 8] = [
        ("zeroed header", |bytes| bytes[..100].fill(0)),
        ("zeroed first page", |bytes| bytes[..4096].fill(0)),
        ("cut in half", |bytes| bytes.truncate(bytes.len() / 2)),
        ("cut inside a page", |bytes| bytes.truncate(bytes.len() - 1000)),
        ("empty", Vec::clear),
        ("a flipped bit", |bytes| {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 1;
        }),
        ("another file", |bytes| {
            *bytes = b"SQLite format 3\0".iter().copied().cycle().take(20_000).collect()
        }),
        ("random bytes at the end", |bytes| bytes.iter_mut().rev().take(5000).for_each(|byte| *byte ^= 0x5A)),
    ];
    for (what, damage) in damages {
        let folder = tempfile::tempdir().unwrap();
        let (place, acks) = filled(folder.path());
        let database = place.data.join("store.db");
        let mut bytes = fs::read(&database).unwrap();
        damage(&mut bytes);
        fs::write(&database, &bytes).unwrap();
        let error = open(&place, &options()).unwrap_err();
        assert_eq!(error.code(), "store.damaged", "{what}");
        let OpenError::Damaged { set_aside, backups } = error else { panic!("{what}") };
        assert_eq!(fs::read(&set_aside).unwrap(), bytes, "{what}: kept as it was");
        assert_eq!(backups.len(), 1, "{what}");
        assert!(!database.exists(), "{what}");
        let again = open(&place, &options()).unwrap_err();
        assert!(matches!(&again, OpenError::Missing { backups } if backups.len() == 1), "{what}: {again:?}");
        restore(&place, &backups[0]).unwrap();
        let (lost, _) = verify(&place, &acks);
        assert!(lost.nothing(), "{what}: {lost:?}");
    }
}

/// One flipped bit in any page is noticed at the start.
#[test]
fn a_flipped_bit_in_any_page_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let (place, acks) = filled(folder.path());
    let database = place.data.join("store.db");
    let whole = fs::read(&database).unwrap();
    let pages = whole.len() / 4096;
    assert!(pages > 20, "{pages}");
    for page in 0..pages {
        let mut bytes = whole.clone();
        bytes[page * 4096 + (page * 37) % 4096] ^= 0x10;
        fs::write(&database, &bytes).unwrap();
        let error = open(&place, &options()).unwrap_err();
        assert_eq!(error.code(), "store.damaged", "page {page}");
    }
    fs::write(&database, &whole).unwrap();
    assert!(verify(&place, &acks).0.nothing());
}

#[test]
fn what_is_lost_is_never_made_anew_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let (place, acks) = filled(folder.path());
    let database = place.data.join("store.db");
    let away = place.data.join("away");
    fs::rename(&database, &away).unwrap();
    assert_eq!(open(&place, &options()).unwrap_err().code(), "store.missing");
    assert!(!database.exists());
    fs::rename(&away, &database).unwrap();

    let (keys, copy) = (place.data.join("keys.json"), place.data.join("keys.copy.json"));
    let text = fs::read(&keys).unwrap();
    fs::remove_file(&keys).unwrap();
    assert!(open(&place, &options()).is_ok(), "the copy serves");
    fs::remove_file(&copy).unwrap();
    assert_eq!(open(&place, &options()).unwrap_err().code(), "store.key_missing");
    fs::write(&keys, text).unwrap();
    let secret = place.config.join("store.passphrase");
    let right = fs::read(&secret).unwrap();
    fs::write(&secret, b"wrong").unwrap();
    assert_eq!(open(&place, &options()).unwrap_err().code(), "store.wrong_key");
    assert!(database.exists(), "a wrong key is no damage");
    fs::write(&secret, right).unwrap();
    assert!(verify(&place, &acks).0.nothing());

    let aside = begin_anew(&place, BeginAnew::SetOldAside).unwrap();
    assert!(aside.join("store.db").exists() && aside.join("vault").exists());
    let store = open(&place, &options()).unwrap().store;
    assert_eq!(store.orders_page(&OrderFilter::default(), 0, 1).unwrap().total, 0);
}

/// The photos may be linked to from another disk.
#[test]
fn a_stray_file_on_another_disk_is_set_apart_too() {
    let disk = Volume::new(Kind::Memory, 8);
    let folder = tempfile::tempdir().unwrap();
    let place = place(folder.path(), folder.path());
    fs::create_dir(&place.data).unwrap();
    symlink(disk.path(), place.data.join("vault")).unwrap();
    let ack = {
        let mut store = open(&place, &options()).unwrap().store;
        let session = session(&mut store);
        publish(&mut store, session, 1).unwrap()
    };
    fs::write(disk.path().join("stray"), b"whose?").unwrap();
    let opened = open(&place, &options()).unwrap();
    assert_eq!(opened.sweep.quarantined, 1);
    drop(opened);
    assert_eq!(fs::read(place.data.join("quarantine/stray")).unwrap(), b"whose?");
    assert!(!disk.path().join("stray").exists());
    assert!(verify(&place, &[ack]).0.nothing());
}

#[test]
fn backups_are_made_in_use_kept_and_checked() {
    let folder = tempfile::tempdir().unwrap();
    let (place, mut acks) = filled(folder.path());
    let mut store = open(&place, &options()).unwrap().store;
    let session = session(&mut store);
    let mut made = Vec::new();
    for n in 0..10_u64 {
        acks.push(publish(&mut store, session, 100 + n).unwrap());
        let now = Timestamp::now() + jiff::SignedDuration::from_secs(60 * (1 + i64::try_from(n).unwrap()));
        made.push(store.backup(now).unwrap());
    }
    let kept = store.backups().unwrap();
    assert_eq!(kept.len(), options().keep_backups);
    assert_eq!(kept[0].path, made[9].path, "newest first");
    assert!(!fs::read(&kept[0].path).unwrap().starts_with(b"SQLite format"), "encrypted");
    assert!(matches!(restore(&place, &kept[0]), Err(OpenError::InUse)));
    drop(store);

    let mut bytes = fs::read(&kept[1].path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&kept[1].path, bytes).unwrap();
    assert_eq!(restore(&place, &kept[1]).unwrap_err().code(), "store.bad_backup");
    assert!(verify(&place, &acks).0.nothing(), "a bad backup changes nothing");

    // An older one knows nothing of the newest order; its photo is put apart, not removed.
    restore(&place, &kept[2]).unwrap();
    let opened = open(&place, &options()).unwrap();
    assert_eq!(opened.sweep.quarantined, 4, "two photos of two pictures: {:?}", opened.sweep);
    assert!(opened.sweep.dangling.is_empty());
    assert_eq!(opened.store.orders_page(&OrderFilter::default(), 0, 1).unwrap().total, 38);
    assert!(opened.store.verify_audit().unwrap().is_ok());
}
