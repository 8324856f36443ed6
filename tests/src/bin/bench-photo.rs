//! `cargo xtask bench`: where the time of a photo goes, on two threads, and how much memory it takes. Prints Markdown.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use caixiang_domain::Preset;
use caixiang_portrait::jpeg::{Sampling, encode};
use caixiang_portrait::{Frame, Watch, builtin_preset};
use caixiang_vision::{Engine, Memory, ModelFiles, Salient, Threads};
use clap::Parser;
use image::{RgbImage, imageops};

#[derive(Parser)]
struct Arguments {
    /// Photos to time for each size, after two that are not counted.
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Compare the networks that can find the hair, too.
    #[arg(long)]
    models: bool,
}

/// Looks after which the live guidance has done all it does: it searches at every tenth, masks at every third.
const TURN: usize = 30;
const STAGES: [&str; 7] =
    ["decode", "find", "frame and masks", "cut out", "lay and encode", "check", "whole"];

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let preset = builtin_preset("chsi").context("the preset chsi is missing")?;
    let files = ModelFiles::in_folder(caixiang_tests::cache());
    let before = caixiang_tests::memory_kb("VmRSS");
    let opened = Instant::now();
    let engine = Engine::open(&files, Threads::new(2), Salient::Best, Memory::Kept)?;
    println!("## Speed, 2 threads, preset `chsi`, milliseconds\n");
    println!("Models opened in {} ms.\n", opened.elapsed().as_millis());
    for (name, width, height) in [("1920×1080", 1920, 1080), ("12 megapixels (3000×4000)", 3000, 4000)] {
        let bytes = portrait(width, height)?;
        let times = walk(&bytes, &engine, &preset, arguments.rounds)?;
        println!("### {name}, {} KB JPEG, {} photos\n", bytes.len() / 1000, arguments.rounds);
        println!("| stage | p50 | p95 |");
        println!("|---|---|---|");
        for (stage, times) in STAGES.iter().zip(&times.stages) {
            println!("| {stage} | {} | {} |", ms(times, 0.5), ms(times, 0.95));
        }
        println!("| networks alone | {} | {} |", ms(&times.models, 0.5), ms(&times.models, 0.95));
        let (whole, models) = (at(&times.stages[6], 0.5), at(&times.models, 0.5));
        let target = models * 1.25 + 150.0;
        println!(
            "\nWhole over networks: {:.2}. Target 1.25 × networks + 150 ms = {target:.0} ms: {}.\n",
            whole / models,
            if whole <= target { "met" } else { "**missed**" }
        );
    }
    guidance(&files, &preset, arguments.rounds)?;
    println!("### Memory\n");
    println!(
        "Resident {} MB before the models, {} MB now, {} MB at the peak.\n",
        before / 1024,
        caixiang_tests::memory_kb("VmRSS") / 1024,
        caixiang_tests::memory_kb("VmHWM") / 1024
    );
    drop(engine);
    if arguments.models {
        models(&files, &preset, arguments.rounds)?;
    }
    Ok(())
}

/// One look of the live guidance at a camera's picture, with as many threads as the kiosk gives it, and with one.
fn guidance(files: &ModelFiles, preset: &Preset, rounds: usize) -> Result<()> {
    let bytes = portrait(1920, 1080)?;
    println!("### One look of the live guidance at 1920×1080\n");
    println!(
        "| threads | wall ms, mean | p50 | p95 | processor ms, mean | looks a second that fill one core |"
    );
    println!("|---|---|---|---|---|---|");
    for threads in [1, 2] {
        let engine = Engine::open_live(files, Threads::new(threads))?;
        let mut watch = Watch::new(preset.clone());
        for _ in 0..TURN {
            watch.look(&bytes, &engine)?;
        }
        // Whole turns of what is not done at every look.
        let looks = rounds.div_ceil(5) * TURN;
        let before = caixiang_tests::processor_ms();
        let mut times = Vec::with_capacity(looks);
        for _ in 0..looks {
            let start = Instant::now();
            watch.look(&bytes, &engine)?;
            times.push(start.elapsed());
        }
        let processor = (caixiang_tests::processor_ms() - before) / looks as f64;
        let mean = times.iter().sum::<Duration>().as_secs_f64() * 1000.0 / looks as f64;
        let (p50, p95) = (ms(&times, 0.5), ms(&times, 0.95));
        println!("| {threads} | {mean:.1} | {p50} | {p95} | {processor:.1} | {:.0} |", 1000.0 / processor);
    }
    println!();
    Ok(())
}

/// The networks that can find the hair, each in an engine of its own.
fn models(files: &ModelFiles, preset: &Preset, rounds: usize) -> Result<()> {
    let bytes = portrait(1920, 1080)?;
    println!("### Which network finds the hair (1920×1080)\n");
    println!("| network | networks alone p50 | whole p50 |");
    println!("|---|---|---|");
    for (name, salient) in [
        ("U²-Net 8 bit", Salient::U2netInt8),
        ("U²-Net 32 bit", Salient::U2net),
        ("U²-Netp 32 bit", Salient::U2netp),
    ] {
        let engine = Engine::open(files, Threads::new(2), salient, Memory::Kept)?;
        let times = walk(&bytes, &engine, preset, rounds)?;
        println!("| {name} | {} | {} |", ms(&times.models, 0.5), ms(&times.stages[6], 0.5));
    }
    println!();
    Ok(())
}

struct Times {
    stages: [Vec<Duration>; 7],
    models: Vec<Duration>,
}

fn walk(bytes: &[u8], engine: &Engine, preset: &Preset, rounds: usize) -> Result<Times> {
    let mut times = Times { stages: Default::default(), models: Vec::new() };
    for round in 0..rounds + 2 {
        let models = engine.model_time();
        let start = Instant::now();
        let mut last = start;
        let mut laps = Vec::with_capacity(STAGES.len());
        let mut lap = || {
            let now = Instant::now();
            laps.push(now - last);
            last = now;
        };
        let frame = Frame::decode(bytes.to_vec())?;
        lap();
        let found = frame.find(engine)?;
        lap();
        let framed = found.frame_to(engine, preset)?;
        lap();
        let matted = framed.matte();
        lap();
        let finished = matted.compose(preset.default_backdrop().colour).finish()?;
        lap();
        let judged = finished.judge(engine)?;
        lap();
        drop(judged);
        laps.push(start.elapsed());
        if round < 2 {
            continue;
        }
        times.stages.iter_mut().zip(laps).for_each(|(all, lap)| all.push(lap));
        times.models.push(engine.model_time() - models);
    }
    Ok(times)
}

/// A portrait of this size as a camera would give it: a real one, scaled, in the middle of a grey wall.
fn portrait(width: u32, height: u32) -> Result<Vec<u8>> {
    let photo = image::open(caixiang_tests::photo("fr_obama.jpg"))?.to_rgb8();
    let scale = f64::from(height) / f64::from(photo.height());
    let scaled_width = (f64::from(photo.width()) * scale) as u32;
    let scaled = imageops::resize(&photo, scaled_width, height, imageops::FilterType::CatmullRom);
    let mut canvas = RgbImage::from_pixel(width, height, image::Rgb([176, 172, 168]));
    imageops::replace(&mut canvas, &scaled, (i64::from(width) - i64::from(scaled_width)) / 2, 0);
    encode(&canvas, 92, Sampling::Half, 72).context("the portrait could not be encoded")
}

fn at(times: &[Duration], share: f64) -> f64 {
    let mut sorted: Vec<f64> = times.iter().map(|time| time.as_secs_f64() * 1000.0).collect();
    sorted.sort_by(f64::total_cmp);
    let index = ((sorted.len().max(1) - 1) as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}

fn ms(times: &[Duration], share: f64) -> String {
    format!("{:.0}", at(times, share))
}
