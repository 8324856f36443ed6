//! Measures a run of sheets: `cargo run --release -p caixiang-paper --example bench-sheets -- [PEOPLE] [A_VOLUME]`.
//!
//! Prints a row of Markdown: students, sheets, volumes, megabytes, seconds, peak memory after one volume and at the end.

use std::error::Error;
use std::fs;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use caixiang_paper::{Arrangement, Caption, Folder, Paper, Person, Set, Sheets, Typeface};

#[path = "../tests/common/drawn.rs"]
mod drawn;

/// The most memory that the process ever held, MiB.
fn peak_mib() -> Result<u64, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? / 1024)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let count: usize = args.next().map_or(Ok(5000), |text| text.parse())?;
    let a_volume: Option<NonZeroU32> = args.next().map(|text| text.parse()).transpose()?;
    let cache = std::env::var_os("CAIXIANG_CACHE").map_or_else(|| PathBuf::from(".cache"), PathBuf::from);
    // Forty drawings, each copied anew for every student: no two share memory.
    let photos: Vec<Arc<[u8]>> = (0..40).map(|seed| drawn::drawn(seed + 1, 480, 640, 84)).collect();
    let kib = photos.iter().map(|photo| photo.len()).sum::<usize>() / photos.len() / 1024;
    let folder = tempfile::tempdir()?;
    let mut volumes = Folder::new(folder.path(), "sheets")?;

    let start = Instant::now();
    let face = Typeface::parse(&fs::read(cache.join("fonts/NotoSansSC-Regular.ttf"))?)?;
    let mut arrangement = Arrangement::new(Paper::A4, Set::five());
    arrangement.several = true;
    arrangement.marks.caption = Caption::Under;
    let mut sheets = Sheets::new(arrangement);
    if let Some(people) = a_volume {
        sheets.volume_people = people;
    }
    let surnames: Vec<char> = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑".chars().collect();
    let given: Vec<char> = (0..2000).filter_map(|at| char::from_u32(0x4e00 + at * 10)).collect();
    let people = (0..count).map(|index| {
        let name = [surnames[index % 20], given[index * 7 % given.len()], given[index * 13 % given.len()]];
        Ok::<_, std::io::Error>(Person {
            name: name.iter().filter(|c| face.has(**c)).collect(),
            student_number: format!("2021{index:07}"),
            college: format!("第{}学院", index / 500 + 1),
            class_name: format!("{}班", index / 40 + 1),
            sheet_code: format!("000015-2024022011{index:07}"),
            photo: Arc::from(photos[index % photos.len()].to_vec()),
        })
    });
    let mut first_mib = 0;
    let report = sheets.write(&face, people, &mut volumes, |_| {
        if first_mib == 0 {
            first_mib = peak_mib().unwrap_or_default();
        }
    })?;
    let seconds = start.elapsed().as_secs_f64();
    let mut bytes = 0;
    for path in volumes.written() {
        bytes += fs::metadata(path)?.len();
    }
    println!(
        "| students | photo KiB | sheets | volumes | MB | seconds | peak MiB, first volume | peak MiB |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|---:|");
    println!(
        "| {} | {kib} | {} | {} | {} | {seconds:.1} | {first_mib} | {} |",
        report.people,
        report.sheets,
        report.volumes,
        bytes / 1_000_000,
        peak_mib()?
    );
    Ok(())
}
