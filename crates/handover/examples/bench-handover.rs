//! How long a hand-over of 5,000 photos takes beside `cp -r` and `sync` of the same files; prints rows for a table.
//!
//! `cargo run --release -p caixiang-handover --example bench-handover [FOLDER]`: in a folder of its own below FOLDER (default: the
//! system's for temporary files). The photos are in memory before the clock starts, as they are in the program that
//! has just deciphered them; `cp` reads them from the page cache. Each kind is timed three times; the middle one counts.

#[expect(clippy::expect_used, reason = "drawn data, shared with the tests")]
#[path = "../tests/hand_over/made.rs"]
mod made;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use caixiang_handover::{Checked, HandoverError, Job, Passphrase, Plan, Target, check};

const STUDENTS: usize = 5200;
const TIMES: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = env::args_os().nth(1).map_or_else(env::temp_dir, Into::into).join("caixiang-handover-speed");
    fs::create_dir_all(&root)?;
    let students = made::students(STUDENTS);
    let started = Instant::now();
    let plan = made::plan(&students, &made::parcels(&students, 500));
    println!("names, lists and plan of {STUDENTS} students: {:.2} s\n", started.elapsed().as_secs_f64());
    let photos: Vec<_> = plan.photos().iter().map(|photo| made::photo(photo.student)).collect();
    println!("| {} photos, {} MB | s | × copy | check, s |", photos.len(), plan.bytes() >> 20);
    println!("|---|---|---|---|");

    let folder = Target::Folder(root.join("folder"));
    hand_over(&plan, &photos, &folder)?;
    let copied = timed(&root.join("copied"), |to| {
        run(Command::new("cp").arg("-r").arg(root.join("folder")).arg(to))?;
        run(Command::new("sync").arg("-f").arg(to))
    })?;
    println!("| `cp -r`, `sync -f` | {:.2} | 1.0 | |", copied.as_secs_f64());
    let passphrase = || Passphrase::new("not a secret");
    for (name, target) in [
        ("folder", folder),
        ("zip", Target::Zip(root.join("a.zip"))),
        ("zip, AES-256", Target::ZipAes { path: root.join("b.zip"), passphrase: passphrase()? }),
        ("age", Target::Age { path: root.join("c.age"), passphrase: passphrase()? }),
    ] {
        let taken = timed(target.path(), |_| Ok(hand_over(&plan, &photos, &target)?))?;
        let started = Instant::now();
        let checked: Checked = check(&plan, &target)?;
        assert!(checked.is_whole(), "{:?}", checked.problems);
        let (taken, check_s) = (taken.as_secs_f64(), started.elapsed().as_secs_f64());
        println!("| {name} | {taken:.2} | {:.1} | {check_s:.2} |", taken / copied.as_secs_f64());
    }
    fs::remove_dir_all(&root)?;
    Ok(())
}

fn hand_over(plan: &Plan, photos: &[Vec<u8>], target: &Target) -> Result<(), HandoverError> {
    let mut job = Job::start(plan.clone(), target)?;
    while let Some(photo) = job.next_wanted()? {
        job.put_photo(photo, &photos[photo])?;
    }
    job.finish().map(|_| ())
}

/// The middle time of a few, each to a place where nothing is, on a disk that has nothing left to write.
fn timed(
    to: &Path,
    mut act: impl FnMut(&Path) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<Duration, Box<dyn std::error::Error>> {
    let mut times = Vec::new();
    for _ in 0..TIMES {
        if to.is_dir() {
            fs::remove_dir_all(to)?;
        } else if to.exists() {
            fs::remove_file(to)?;
        }
        run(&mut Command::new("sync"))?;
        let started = Instant::now();
        act(to)?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    Ok(times[TIMES / 2])
}

fn run(command: &mut Command) -> Result<(), Box<dyn std::error::Error>> {
    let status = command.status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("{command:?}: {status}")).into()) }
}
