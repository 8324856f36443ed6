//! Disks that are too small, get full, take no large files, or are pulled.

use std::fs;
use std::io::Write;
use std::path::Path;

use caixiang_handover::{Job, Outcome, Passphrase, Target, check};

use crate::made::{photo, plan, students};
use crate::tools::{Disk, Kind, files, hand_over};

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
    for kind in [Kind::Memory, Kind::Fat] {
        // Smaller than the photos, and larger than FAT32 may be at least.
        let megabytes = if kind == Kind::Memory { 6 } else { 36 };
        let disk = Disk::new(kind, megabytes);
        if kind == Kind::Fat {
            fs::write(disk.path().join("filler"), vec![0; 28 << 20]).unwrap();
        }
        let before = files(&disk.path());
        for target in targets(&disk.path()) {
            assert_eq!(hand_over(&plan, &target).unwrap_err().code(), "handover.no_space", "{kind:?}");
            assert_eq!(files(&disk.path()), before, "nothing was written");
        }
    }
}

#[test]
fn a_disk_that_gets_full_on_the_way() {
    let plan = plan(&students(200), &[]);
    for at in 0..4 {
        let disk = Disk::new(Kind::Memory, 24);
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

#[test]
fn a_fat_stick_takes_all_of_it() {
    let plan = plan(&students(200), &[]);
    let disk = Disk::new(Kind::Fat, 64);
    for target in targets(&disk.path()) {
        hand_over(&plan, &target).unwrap();
        assert_eq!(check(&plan, &target).unwrap().problems, []);
    }
}

#[test]
fn a_fat_stick_takes_no_large_file_and_no_full_folder() {
    let disk = Disk::new(Kind::Fat, 36);
    let with_size = |count, size| {
        let mut students = students(count);
        for student in &mut students {
            if let Outcome::Collected(photo) = &mut student.outcome {
                photo.size = size;
            }
        }
        students
    };
    let large = plan(&with_size(4, 5 << 30), &[]);
    for target in targets(&disk.path()) {
        assert_eq!(hand_over(&large, &target).unwrap_err().code(), "handover.file_too_large");
    }
    let many = plan(&with_size(400, 20 << 20), &[]);
    let [folder, zip, ..] = targets(&disk.path());
    assert_eq!(hand_over(&many, &folder).unwrap_err().code(), "handover.no_space");
    assert_eq!(
        hand_over(&many, &zip).unwrap_err().code(),
        "handover.file_too_large",
        "all of it is one file"
    );
    let full = full_folder();
    assert_eq!(hand_over(&full, &folder).unwrap_err().code(), "handover.folder_too_full");
    assert_eq!(files(&disk.path()), [""; 0]);
}

/// 22,000 names of three entries each in one folder.
fn full_folder() -> caixiang_handover::Plan {
    use caixiang_handover::{Columns, IdNumbers, Language, Lists, Options, Template, Words};
    let one = students(1).remove(0);
    let students: Vec<_> = (0..22_000)
        .map(|at| {
            let mut student = one.clone();
            student.details.set(caixiang_domain::Field::StudentNumber, &format!("20220000{at:06}"));
            student
        })
        .collect();
    let words = Words::load(Language::English).unwrap();
    let template = Template::parse("{student_number}.jpg").unwrap();
    let names = caixiang_handover::plan_names(&template, "photos", &students).accept().unwrap();
    let lists = Lists {
        words: &words,
        title: "full",
        made: crate::made::made(),
        id_numbers: IdNumbers::Whole,
        columns: &Columns::These(vec![]),
    };
    let options = Options { lists, index: None, volume: "", picture_px: (480, 640) };
    caixiang_handover::assemble(&students, &[], &names, &options).unwrap()
}

#[test]
fn a_stick_that_is_pulled() {
    let plan = plan(&students(100), &[]);
    for at in 0..3 {
        let disk = Disk::new(Kind::Fat, 36);
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
