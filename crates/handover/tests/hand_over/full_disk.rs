//! Disks that are too small, get full, or are pulled, and the names on FAT.

use std::fs;
use std::io::Write;
use std::path::Path;

use caixiang_domain::Field;
use caixiang_handover::{Job, Passphrase, Target, check};

use crate::made::{photo, plan, students};
use crate::tools::{Disk, files, hand_over, run};

fn targets(folder: &Path) -> [Target; 4] {
    let passphrase = || Passphrase::new("long enough").unwrap();
    [
        Target::Folder(folder.join("folder")),
        Target::Zip(folder.join("a.zip")),
        Target::ZipAes { path: folder.join("b.zip"), passphrase: passphrase() },
        Target::Age { path: folder.join("c.age"), passphrase: passphrase() },
    ]
}

#[test]
fn what_cannot_fit_is_not_begun() {
    let plan = plan(&students(400), &[]);
    let disk = Disk::new(6);
    for target in targets(&disk.path()) {
        assert_eq!(hand_over(&plan, &target).unwrap_err().code(), "handover.no_space");
        assert!(files(&disk.path()).is_empty(), "nothing was written");
    }
}

#[test]
fn a_disk_that_gets_full_on_the_way() {
    let plan = plan(&students(200), &[]);
    for at in 0..4 {
        let disk = Disk::new(24);
        let target = targets(&disk.path())[at].clone();
        let filler = disk.path().join("filler");
        let mut job = Job::start(plan.clone(), &target).unwrap();
        let mut failed = None;
        while let Some(wanted) = job.next_wanted().unwrap() {
            if wanted == 40 {
                let mut file = fs::File::create(&filler).unwrap();
                while file.write_all(&[1; 4096]).is_ok() {}
            }
            if let Err(error) = job.put_photo(wanted, &photo(plan.photos()[wanted].student)) {
                failed = Some(error.code());
                break;
            }
        }
        assert_eq!(failed, Some("handover.disk_full"), "{target:?}");
        assert_eq!(job.put_photo(0, &photo(0)).unwrap_err().code(), "handover.broken_off");
        assert_eq!(job.finish().unwrap_err().code(), "handover.broken_off");
        let looks_whole = [target.path().is_file(), target.path().join("SHA256SUMS").exists()];
        assert_eq!(looks_whole, [false; 2]);
        assert!(!files(&disk.path()).iter().any(|path| path.ends_with(".jpg.part")), "no half photo is left");
        fs::remove_file(filler).unwrap();
        hand_over(&plan, &target).unwrap();
        assert!(check(&plan, &target).unwrap().is_whole());
    }
}

/// FAT itself, by mtools: this kernel need not know it.
#[test]
fn a_fat_stick_takes_every_name() {
    // mtools cuts characters beyond the first plane in half, which no driver of a system does.
    let mut students = students(200);
    for student in &mut students {
        let name = student.details.get(Field::Name).unwrap_or_default().replace('𬭎', "宏");
        student.details.set(Field::Name, &name);
    }
    let plan = plan(&students, &[]);
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Folder(folder.path().join("out"));
    hand_over(&plan, &target).unwrap();
    fs::File::create(folder.path().join("stick")).unwrap().set_len(64 << 20).unwrap();
    run(folder.path(), "mkfs.vfat", &["-F", "32", "stick"]);
    run(folder.path(), "mcopy", &["-s", "-i", "stick", "out", "::/"]);
    run(folder.path(), "fsck.vfat", &["-n", "stick"]);
    fs::rename(folder.path().join("out"), folder.path().join("before")).unwrap();
    run(folder.path(), "mcopy", &["-s", "-i", "stick", "::/out", "."]);
    assert_eq!(check(&plan, &target).unwrap().problems, []);
    run(target.path(), "sha256sum", &["--check", "--strict", "--quiet", "SHA256SUMS"]);
}

#[test]
fn a_stick_that_is_pulled() {
    let plan = plan(&students(100), &[]);
    for at in 0..3 {
        let disk = Disk::new(24);
        let target = targets(&disk.path())[at].clone();
        let mut job = Job::start(plan.clone(), &target).unwrap();
        let mut failed = None;
        while let Some(wanted) = job.next_wanted().unwrap() {
            if wanted == 50 {
                disk.pull();
            }
            if let Err(error) = job.put_photo(wanted, &photo(plan.photos()[wanted].student)) {
                failed = Some(error.code());
                break;
            }
        }
        // An archive's open file goes on living out of sight; that it has no place is found at the end.
        let failed = failed.unwrap_or_else(|| job.finish().unwrap_err().code());
        assert_eq!(failed, "handover.place_lost");
        assert_eq!(files(&disk.path()), [""; 0], "nothing went to the disk below");
    }
}
