//! 5,000 photos to each kind of place, read again by `sha256sum`, `unzip`, `7z`, `age` and LibreOffice.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use caixiang_handover::{Passphrase, Plan, Target, check};

use crate::made::{parcels, plan, students};
use crate::tools::{files, hand_over, run, sheets, try_run};

/// 5,000 of these have a photo.
const STUDENTS: usize = 5200;
const PHOTOS: usize = 5000;
const PASSPHRASE: &str = "毕业照 交接 2026";

fn large_plan() -> Plan {
    let students = students(STUDENTS);
    let plan = plan(&students, &parcels(&students, 300));
    assert_eq!(plan.photos().len(), PHOTOS);
    plan
}

/// Hands over, checks by our own reader.
fn written(plan: &Plan, target: &Target) {
    let report = hand_over(plan, target).unwrap();
    assert_eq!((report.progress.photos, report.progress.found, report.documents), (PHOTOS, 0, 5));
    assert_eq!(report.progress.bytes, report.progress.bytes_total);
    let checked = check(plan, target).unwrap();
    assert_eq!((checked.photos, checked.documents, checked.problems), (PHOTOS, 5, vec![]));
}

/// Holds a folder against its own sums and the plan, by coreutils.
fn summed(root: &Path) {
    let said = run(root, "sha256sum", &["--check", "--strict", "SHA256SUMS"]);
    assert_eq!(said.lines().count(), PHOTOS + 5);
    assert!(said.lines().all(|line| line.ends_with(": OK")));
    assert_eq!(files(root).len(), PHOTOS + 6);
}

#[test]
fn a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("交接");
    let plan = large_plan();
    written(&plan, &Target::Folder(root.clone()));
    summed(&root);

    let collected = &sheets(&root.join("采集名单.xlsx"))[0];
    assert_eq!(collected.len(), PHOTOS + 1);
    let header = "序号,学号,姓名,性别,身份证号,培养层次,学院名称,专业名称,班级名称,订单号,采集时间,审核说明,照片文件,SHA-256";
    assert_eq!(collected[0].join(","), header);
    for row in &collected[1..] {
        assert_eq!(row[13].len(), 64);
        assert!(row[12].ends_with(&format!("{}_{}.jpg", row[1], row[2])));
        assert_eq!(row[4].len(), 18, "the number stayed a text");
    }
    let missing = &sheets(&root.join("未采集名单.xlsx"))[0];
    assert_eq!(missing.len(), STUDENTS - PHOTOS + 1);
    assert_eq!(missing[1].last().map(String::as_str), Some("未到"));
    let summary = sheets(&root.join("采集汇总表.xlsx"));
    let (classes, colleges) = (&summary[0], &summary[1]);
    assert_eq!((classes.len(), colleges.len()), (1 + 20 + 1, 1 + 5 + 1));
    let total = ["合计", "", "5200", "5000", "172", "28", "96.2%"];
    assert_eq!(classes[21], total);
    let column = |at: usize| classes[1..21].iter().map(|row| row[at].parse::<u32>().unwrap()).sum::<u32>();
    assert_eq!([column(2), column(3), column(4), column(5)], [5200, 5000, 172, 28]);
    assert_eq!(colleges[1][..3], ["信息科学与技术学院", "1040", "1000"]);
    let mailing = &sheets(&root.join("邮寄清单.xlsx"))[0];
    assert_eq!(mailing.len(), 301);
    assert_eq!(
        mailing[1].join("|"),
        "1|000015-20260601093000000|2022000000|王小明|王建国|13800000000|吉林省长春市朝阳区|\
         示范路1号 示范校区南苑公寓5栋2单元301|电子照片＋纸质照片|邮政|1100000000001"
    );

    let index = fs::read_to_string(root.join("INDEX.TXT")).unwrap();
    let rows: Vec<Vec<&str>> =
        index.trim_start_matches('\u{feff}').lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(rows.len(), PHOTOS);
    for row in &rows {
        assert_eq!(row.len(), 12);
        assert!(root.join(row[1]).join(row[2]).is_file());
    }
}

#[test]
fn a_zip() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("交接.zip");
    written(&large_plan(), &Target::Zip(zip));
    run(folder.path(), "unzip", &["-q", "交接.zip", "-d", "out"]);
    summed(&folder.path().join("out"));
    assert_eq!(files(folder.path()).len(), PHOTOS + 7, "nothing else is left");
}

#[test]
fn a_zip_with_aes() {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new(PASSPHRASE).unwrap();
    let path = folder.path().join("a.zip");
    written(&large_plan(), &Target::ZipAes { path: path.clone(), passphrase });
    let listed = run(folder.path(), "7z", &["l", "-slt", "a.zip"]);
    assert_eq!(listed.matches("Method = AES-256 ").count(), PHOTOS + 6);
    run(folder.path(), "7z", &["x", "-bd", "-oout", &format!("-p{PASSPHRASE}"), "a.zip"]);
    summed(&folder.path().join("out"));
    assert!(!try_run(folder.path(), "7z", &["t", "-pwrong", "a.zip", "SHA256SUMS"]).status.success());
    let wrong = Target::ZipAes { path, passphrase: Passphrase::new("not this one").unwrap() };
    assert_eq!(check(&large_plan(), &wrong).unwrap_err().code(), "handover.wrong_passphrase");
}

#[test]
fn an_age_file() {
    let folder = tempfile::tempdir().unwrap();
    let passphrase = Passphrase::new(PASSPHRASE).unwrap();
    let path = folder.path().join("a.zip.age");
    let plan = large_plan();
    written(&plan, &Target::Age { path: path.clone(), passphrase });
    // `age` asks a terminal for the passphrase; `script` is one.
    let mut asked = Command::new("script")
        .args(["-qec", "age --decrypt -o a.zip a.zip.age", "/dev/null"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("script: {error}"));
    // Typed only once `age` has turned the echo off and with it thrown away what was typed before.
    std::thread::sleep(std::time::Duration::from_secs(2));
    asked.stdin.as_mut().unwrap().write_all(format!("{PASSPHRASE}\n").as_bytes()).unwrap();
    assert!(asked.wait().unwrap().success());
    run(folder.path(), "unzip", &["-q", "a.zip", "-d", "out"]);
    summed(&folder.path().join("out"));
    let wrong = Target::Age { path, passphrase: Passphrase::new("not this one").unwrap() };
    assert_eq!(check(&plan, &wrong).unwrap_err().code(), "handover.wrong_passphrase");
}
