//! A hand-over that broke off: nothing looks whole, and a folder is gone on with where it was left.

use std::fs;

use caixiang_handover::{Job, Passphrase, Target, check};

use crate::made::{photo, plan, students};
use crate::tools::{files, hand_over};

#[test]
fn a_folder_is_gone_on_with_after_a_cut_anywhere() {
    let plan = plan(&students(130), &[]);
    let total = plan.photos().len();
    assert_eq!(total, 125);
    for (cut, damage) in [(0, 0), (1, 1), (17, 3), (60, 0), (99, 12), (124, 5), (125, 2)] {
        let folder = tempfile::tempdir().unwrap();
        let target = Target::Folder(folder.path().join("out"));
        let mut job = Job::start(plan.clone(), &target).unwrap();
        for _ in 0..cut {
            let wanted = job.next_wanted().unwrap().unwrap();
            job.put_photo(wanted, &photo(plan.photos()[wanted].student)).unwrap();
        }
        assert_eq!((job.progress().photos, job.progress().found), (cut, 0));
        drop(job);
        assert!(!target.path().join("SHA256SUMS").exists(), "it does not look whole");
        let cut_off = check(&plan, &target).unwrap();
        assert!(!cut_off.is_whole());
        assert_eq!(cut_off.photos, cut);

        // What a power cut makes of files: shorter, all zeros, another one's bytes, half-written aside.
        for (at, damaged) in plan.photos()[..damage].iter().enumerate() {
            let path = target.path().join(damaged.path.as_str());
            let mut bytes = fs::read(&path).unwrap();
            match at % 4 {
                0 => bytes.truncate(bytes.len() / 2),
                1 => bytes.fill(0),
                2 => bytes = photo(plan.photos()[at + 1].student),
                _ => fs::rename(&path, path.with_extension("jpg.part")).unwrap(),
            }
            if at % 4 != 3 {
                fs::write(&path, bytes).unwrap();
            }
        }
        let mut job = Job::start(plan.clone(), &target).unwrap();
        let mut written = 0;
        while let Some(wanted) = job.next_wanted().unwrap() {
            job.put_photo(wanted, &photo(plan.photos()[wanted].student)).unwrap();
            written += 1;
        }
        assert_eq!(written, total - cut + damage, "only what is missing is written");
        assert_eq!(job.progress().found, cut - damage);
        job.finish().unwrap();
        let checked = check(&plan, &target).unwrap();
        assert_eq!((checked.photos, checked.problems), (total, vec![]));
        assert_eq!(files(target.path()).len(), total + 5);

        // Once more: nothing is wanted, and what is whole stays so.
        let again = hand_over(&plan, &target).unwrap();
        assert_eq!(again.progress.found, total);
        assert!(check(&plan, &target).unwrap().is_whole());
    }
}

#[test]
fn an_archive_that_broke_off_is_not_there() {
    let plan = plan(&students(40), &[]);
    let folder = tempfile::tempdir().unwrap();
    let passphrase = || Passphrase::new("long enough").unwrap();
    let path = folder.path().join("out");
    for target in [
        Target::Zip(path.clone()),
        Target::ZipAes { path: path.clone(), passphrase: passphrase() },
        Target::Age { path: path.clone(), passphrase: passphrase() },
    ] {
        fs::write(folder.path().join("out.part"), "of an earlier run").unwrap();
        let mut job = Job::start(plan.clone(), &target).unwrap();
        job.put_photo(0, &photo(plan.photos()[0].student)).unwrap();
        drop(job);
        assert_eq!(files(folder.path()), [""; 0]);
        hand_over(&plan, &target).unwrap();
        assert!(check(&plan, &target).unwrap().is_whole());
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn only_the_planned_photos_and_all_of_them() {
    let plan = plan(&students(30), &[]);
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Folder(folder.path().join("out"));
    let mut job = Job::start(plan.clone(), &target).unwrap();
    assert_eq!(job.put_photo(0, &photo(1)).unwrap_err().code(), "handover.photo_differs");
    assert_eq!(job.put_photo(29, &photo(0)).unwrap_err().code(), "handover.no_such_photo");
    job.put_photo(3, &photo(3)).unwrap();
    job.put_photo(3, &photo(3)).unwrap();
    assert_eq!((job.progress().photos, job.progress().photos_total), (1, 29));
    assert_eq!(job.finish().unwrap_err().to_string(), "28 photos are missing");
    assert!(!target.path().join("SHA256SUMS").exists());
}

#[test]
fn a_folder_with_other_files_is_left_alone() {
    let plan = plan(&students(10), &[]);
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("论文.docx"), "mine").unwrap();
    let target = Target::Folder(folder.path().to_owned());
    assert_eq!(hand_over(&plan, &target).unwrap_err().code(), "handover.folder_in_use");
    assert_eq!(files(folder.path()), ["论文.docx"]);
    let nowhere = Target::Folder(folder.path().join("no/such"));
    assert_eq!(hand_over(&plan, &nowhere).unwrap_err().code(), "handover.place_lost");
}
