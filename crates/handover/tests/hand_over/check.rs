//! The check finds what was done to a hand-over after it was written.

use std::fs;
use std::path::Path;

use caixiang_handover::{CheckProblem, Passphrase, Plan, Target, check};
use sha2::{Digest, Sha256};

use crate::made::{self, photo, plan, students};
use crate::tools::hand_over;

fn problems(plan: &Plan, target: &Target, harm: impl FnOnce(&Path)) -> Vec<CheckProblem> {
    fs::remove_dir_all(target.path()).ok();
    hand_over(plan, target).unwrap();
    harm(target.path());
    check(plan, target).unwrap().problems
}

#[test]
fn a_folder_that_was_changed() {
    let plan = plan(&students(40), &[]);
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Folder(folder.path().join("out"));
    let first = plan.photos()[0].path.as_str().to_owned();
    let second = plan.photos()[1].path.as_str().to_owned();
    assert_eq!(problems(&plan, &target, |_| {}), []);
    let found = problems(&plan, &target, |root| fs::remove_file(root.join(&first)).unwrap());
    assert_eq!(found, [CheckProblem::Missing(first.clone())]);
    let found = problems(&plan, &target, |root| fs::write(root.join("x.jpg"), photo(0)).unwrap());
    assert_eq!(found, [CheckProblem::Extra("x.jpg".to_owned())]);
    let found = problems(&plan, &target, |root| {
        // 张冠李戴: two photos swapped.
        fs::write(root.join(&first), photo(1)).unwrap();
        fs::write(root.join(&second), photo(0)).unwrap();
    });
    assert_eq!(found, [CheckProblem::Differs(first.clone()), CheckProblem::Differs(second)]);
    let found = problems(&plan, &target, |root| {
        let mut bytes = fs::read(root.join(&first)).unwrap();
        bytes.push(0);
        fs::write(root.join(&first), bytes).unwrap();
        fs::write(root.join("采集名单.xlsx"), b"PK").unwrap();
        fs::write(root.join("SHA256SUMS"), b"").unwrap();
    });
    let differs = |path: &str| CheckProblem::Differs(path.to_owned());
    assert_eq!(found, [differs("SHA256SUMS"), differs(&first), differs("采集名单.xlsx")]);
    let gone = Target::Folder(folder.path().join("elsewhere"));
    assert_eq!(check(&plan, &gone).unwrap_err().code(), "handover.place_lost");
}

#[test]
fn photos_that_are_none() {
    // What the plan itself took for photos: another size, cut off, no picture.
    let mut small = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new(&mut small);
    image::RgbImage::new(358, 441).write_with_encoder(encoder).unwrap();
    let mut cut = photo(1);
    cut.truncate(9000);
    let files = [small, cut, b"GIF89a".to_vec()];
    let mut students = students(3);
    for (student, bytes) in students.iter_mut().zip(&files) {
        if let caixiang_handover::Outcome::Collected(photo) = &mut student.outcome {
            photo.size = bytes.len() as u64;
            photo.sha256 = Sha256::digest(bytes).into();
        }
    }
    let plan = made::plan(&students, &[]);
    let folder = tempfile::tempdir().unwrap();
    let target = Target::Zip(folder.path().join("a.zip"));
    let mut job = caixiang_handover::Job::start(plan.clone(), &target).unwrap();
    for (at, bytes) in files.iter().enumerate() {
        job.put_photo(at, bytes).unwrap();
    }
    job.finish().unwrap();
    let path = |at: usize| plan.photos()[at].path.as_str().to_owned();
    let checked = check(&plan, &target).unwrap();
    assert_eq!((checked.photos, checked.documents), (0, 4));
    let small = CheckProblem::PictureSize { path: path(0), width_px: 358, height_px: 441 };
    assert_eq!(checked.problems, [small, CheckProblem::NotJpeg(path(1)), CheckProblem::NotJpeg(path(2))]);
}

#[test]
fn an_archive_that_was_damaged() {
    let plan = plan(&students(40), &[]);
    let folder = tempfile::tempdir().unwrap();
    let passphrase = || Passphrase::new("long enough").unwrap();
    let path = folder.path().join("out");
    for target in [
        Target::Zip(path.clone()),
        Target::ZipAes { path: path.clone(), passphrase: passphrase() },
        Target::Age { path: path.clone(), passphrase: passphrase() },
    ] {
        hand_over(&plan, &target).unwrap();
        let whole = fs::read(&path).unwrap();
        for at in [whole.len() / 5, whole.len() / 3, whole.len() / 2] {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x40;
            fs::write(&path, &bytes).unwrap();
            let found = check(&plan, &target);
            assert!(
                found.as_ref().is_ok_and(|found| !found.is_whole()) || found.is_err(),
                "{target:?} at {at}"
            );
            fs::write(&path, &whole[..at]).unwrap();
            assert_eq!(check(&plan, &target).unwrap_err().code(), "handover.damaged", "{target:?} to {at}");
        }
        fs::write(&path, &whole).unwrap();
        assert!(check(&plan, &target).unwrap().is_whole());
    }
    // A plain zip is not an enciphered one.
    hand_over(&plan, &Target::Zip(path.clone())).unwrap();
    let enciphered = Target::ZipAes { path, passphrase: passphrase() };
    assert_eq!(check(&plan, &enciphered).unwrap_err().code(), "handover.damaged");
}
