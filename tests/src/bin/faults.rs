//! `cargo xtask faults`: the long versions of what the suite tries briefly. Damaged files by the thousand, and the whole
//! road over and over while memory is watched. Ends with 1 where something broke.

use std::panic::catch_unwind;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use caixiang_portrait::{Frame, builtin_preset, make_photo, source};
use caixiang_tests::composites::Dice;
use caixiang_tests::labels;
use clap::Parser;

#[derive(Parser)]
struct Arguments {
    /// Seconds for each of the two runs.
    #[arg(long, default_value_t = 120)]
    seconds: u64,
    /// Seed of the damage.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> Result<ExitCode> {
    let arguments = Arguments::parse();
    let files = labels::read()?
        .iter()
        .map(|labelled| source::read(&caixiang_tests::photo(&labelled.file)).context(labelled.file.clone()))
        .collect::<Result<Vec<_>>>()?;
    let limit = Duration::from_secs(arguments.seconds);
    let panics = damage(&files, arguments.seed, limit);
    let growth_kb = soak(&files, limit)?;
    let sound = panics == 0 && growth_kb < 64 * 1024;
    println!("{}", if sound { "Nothing broke." } else { "Something broke." });
    Ok(if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Damages real photos and decodes them; returns how often that panicked.
fn damage(files: &[Vec<u8>], seed: u64, limit: Duration) -> u32 {
    let (start, mut dice) = (Instant::now(), Dice::new(seed));
    let (mut tried, mut decoded, mut panics) = (0_u32, 0_u32, 0_u32);
    // The message of a panic is printed once, by its own number, below.
    std::panic::set_hook(Box::new(|_| {}));
    while start.elapsed() < limit {
        let pick =
            |dice: &mut Dice, length: usize| ((dice.roll() * length as f32) as usize).min(length.max(1) - 1);
        let number = pick(&mut dice, files.len());
        let mut bytes = files[number].clone();
        for _ in 0..=pick(&mut dice, 24) {
            let at = pick(&mut dice, bytes.len());
            bytes[at] = (dice.roll() * 256.0) as u8;
        }
        if dice.roll() < 0.3 {
            bytes.truncate(pick(&mut dice, bytes.len()));
        }
        tried += 1;
        match catch_unwind(|| Frame::decode(bytes).is_ok()) {
            Ok(true) => decoded += 1,
            Ok(false) => {}
            Err(_) => {
                panics += 1;
                println!("panic: file {number}, try {tried}, seed {seed}");
            }
        }
    }
    let _ = std::panic::take_hook();
    println!("Damaged files: {tried} tried, {decoded} decoded all the same, {panics} panics.");
    panics
}

/// Makes photos over and over; returns by how many KB memory grew after the first round.
fn soak(files: &[Vec<u8>], limit: Duration) -> Result<u64> {
    let preset = builtin_preset("chsi")?;
    let engine = caixiang_tests::engine();
    let (mut made, mut rounds, mut first) = (0_u32, 0_u32, None);
    let start = Instant::now();
    while start.elapsed() < limit || rounds < 2 {
        for bytes in files {
            let photo = make_photo(bytes.clone(), engine, &preset, preset.default_backdrop().colour);
            made += u32::from(photo.is_ok());
        }
        rounds += 1;
        first.get_or_insert_with(|| caixiang_tests::memory_kb("VmRSS"));
    }
    let growth = caixiang_tests::memory_kb("VmRSS").saturating_sub(first.unwrap_or(0));
    println!("Soak: {rounds} rounds, {made} photos, memory grew by {growth} KB after the first round.");
    Ok(growth)
}
