//! `cargo xtask bench`: the kiosk's real window, with a camera of 30 pictures a second. Prints Markdown.
//!
//! The page's own clock times what a student waits for; nobody's thinking, typing or countdown is in the figures.
#![expect(clippy::expect_used, reason = "a table that cannot be made ends the program")]

use std::fs;
use std::time::{Duration, Instant};

use caixiang_domain::{Details, Field};
use caixiang_window_tests::{Desk, Kiosk, People, STUDENTS, Setup, roster, run, store};
use clap::Parser;
use serde_json::{Value, json};

#[derive(Parser)]
struct Arguments {
    /// Photos to time in each mode.
    #[arg(long, default_value_t = 20)]
    rounds: usize,
    /// Students who are photographed one after another while the memory is watched.
    #[arg(long, default_value_t = 500)]
    students: usize,
    /// Only the memory over these students, for which the machine may have other work.
    #[arg(long)]
    memory_only: bool,
    /// Only the list of a large roster.
    #[arg(long)]
    list_only: bool,
}

/// What the scripts of the page share.
const HELP: &str = include_str!("bench-window.js");
const LIVE_FOR: Duration = Duration::from_secs(15);
const STARTS: usize = 5;
/// Students of self-service whose machine time is taken.
const WALKS: usize = 6;
/// Rows of a large list.
const LIST_ROWS: usize = 5000;
const LONG: Duration = Duration::from_secs(90);

fn main() {
    let arguments = Arguments::parse();
    run(async {
        let desk = Desk::new(Setup::default());
        desk.camera().write("formats", "MJPG 1920x1080 1/30\n");
        if arguments.memory_only {
            let kiosk = desk.open().await;
            kiosk.screen("welcome").await;
            by_hand(&kiosk).await;
            to_the_line(kiosk).await;
            more_students(&desk, arguments.students);
            let kiosk = desk.open().await;
            People::Good.before(&desk.camera());
            kiosk.ask(HELP, vec![]).await;
            kiosk.screen("line").await;
            kiosk.until_state("ready", "true", LONG).await;
            memory(&kiosk, arguments.students).await;
            return;
        }
        if arguments.list_only {
            let kiosk = desk.open().await;
            kiosk.screen("welcome").await;
            large_list(&kiosk, &desk).await;
            return;
        }
        println!("## The window at 1920×1080, camera 1920×1080 at 30 a second\n");
        let kiosk = desk.open().await;
        kiosk.screen("welcome").await;
        by_hand(&kiosk).await;
        kiosk.ask(HELP, vec![]).await;
        self_service(&kiosk, &desk, arguments.rounds).await;
        to_the_line(kiosk).await;
        more_students(&desk, arguments.students + arguments.rounds);
        starts(&desk).await;
        let kiosk = desk.open().await;
        line(&kiosk, &desk, arguments.rounds).await;
        memory(&kiosk, arguments.students).await;
        large_list(&kiosk, &desk).await;
    });
}

/// A roster of thousands through the desk, and its list scrolled by a screen's third with every picture of the screen.
async fn large_list(kiosk: &Kiosk, desk: &Desk) {
    fs::write(desk.home().join("large.csv"), roster(LIST_ROWS)).expect("the home folder");
    kiosk.ask(HELP, vec![]).await;
    kiosk.open_panel().await;
    kiosk.tap("tab-roster").await;
    kiosk.tap("roster-import").await;
    kiosk.tap("entry-home").await;
    let begun = Instant::now();
    kiosk.tap("entry-large.csv").await;
    kiosk.wait_for("roster-view").await;
    kiosk.tap("roster-apply").await;
    kiosk.wait_for("roster-done").await;
    let taken_over = begun.elapsed().as_secs_f64();
    let there = async |kiosk: &Kiosk| {
        kiosk.data("student-list", "total").await.parse::<usize>().is_ok_and(|total| total >= LIST_ROWS)
    };
    kiosk.until("the list", LONG, there).await;
    let scrolled = answer(kiosk, "bench.scroll('student-list', 240)", vec![]).await;
    let times: Vec<f64> = serde_json::from_value(scrolled).expect("times");
    let rate = 1000.0 * times.len() as f64 / times.iter().sum::<f64>();
    println!("### A roster of {LIST_ROWS} rows at the desk\n");
    println!("| | reached | target |\n|---|---|---|");
    println!("| from the file to the list, seconds | {taken_over:.1} | |");
    println!("| pictures a second while the list scrolls | {rate:.0} | ≥ 60: {} |", met(rate >= 59.0));
    println!("| longest time between two pictures, milliseconds | {:.0} | |\n", at(&times, 1.0));
}

/// The shutter waits for us.
async fn by_hand(kiosk: &Kiosk) {
    kiosk.open_panel().await;
    kiosk.tap("auto-shutter").await;
    kiosk.tap("close-staff").await;
}

/// Photographer mode is where the next start begins.
async fn to_the_line(kiosk: Kiosk) {
    kiosk.open_panel().await;
    kiosk.tap("work-photographer").await;
    kiosk.screen("line").await;
    kiosk.kill();
}

/// The machine's part of a student's whole way, then of many shots.
async fn self_service(kiosk: &Kiosk, desk: &Desk, rounds: usize) {
    People::Good.before(&desk.camera());
    let mut ways = Vec::new();
    for student in STUDENTS.iter().take(WALKS) {
        let who = vec![json!(student.id_number)];
        let steps = answer(kiosk, "bench.walk(...args)", who).await;
        let steps: Vec<(String, f64)> = serde_json::from_value(steps).expect("the steps");
        ways.push(steps);
    }
    let who = vec![json!(STUDENTS[WALKS].id_number)];
    answer(kiosk, "bench.toCamera(...args)", who).await;
    live(kiosk).await;
    let mut verdicts = Vec::new();
    for _ in 0..rounds {
        let ms = answer(kiosk, "bench.shoot()", vec![]).await;
        verdicts.push(ms.as_f64().expect("milliseconds"));
        answer(kiosk, "bench.again()", vec![]).await;
    }
    println!("### Shutter → verdict and both pictures on the screen, milliseconds\n");
    println!("| mode | photos | p50 | p95 | target |\n|---|---|---|---|---|");
    verdict_row("self-service, after the countdown", &verdicts);
    println!();
    println!("### Machine time of one student in self-service, milliseconds (median of {WALKS})\n");
    println!("| step | waited |\n|---|---|");
    let mut whole = vec![0.0; ways.len()];
    for step in 0..ways[0].len() {
        let times: Vec<f64> = ways.iter().map(|way| way[step].1).collect();
        whole.iter_mut().zip(&times).for_each(|(sum, time)| *sum += time);
        println!("| {} | {:.0} |", ways[0][step].0, at(&times, 0.5));
    }
    println!("| **all** | **{:.0}** (target 6000: {}) |\n", at(&whole, 0.5), met(at(&whole, 0.5) <= 6000.0));
    answer(kiosk, "bench.leave()", vec![]).await;
}

/// The live view with the guidance, as a student sees it.
async fn live(kiosk: &Kiosk) {
    kiosk.live().await;
    kiosk.until_state("ready", "true", LONG).await;
    kiosk.ask("bench.countPictures();", vec![]).await;
    let before = kiosk.usage();
    let begun = Instant::now();
    tokio::time::sleep(LIVE_FOR).await;
    let drawn = kiosk.ask("return bench.drawn;", vec![]).await.as_f64().expect("pictures");
    let seconds = begun.elapsed().as_secs_f64();
    let used = kiosk.usage().since(&before);
    let share = |time: Duration| 100.0 * time.as_secs_f64() / seconds;
    let rate = drawn / seconds;
    let late = kiosk.ask("return JSON.stringify(bench.late);", vec![]).await;
    let late: Vec<f64> = serde_json::from_str(late.as_str().expect("a list")).expect("milliseconds");
    let (usual, longest) = (at(&late, 0.5), at(&late, 0.95));
    println!("### Live view with guidance, {seconds:.0} s\n");
    println!("| | reached | target |\n|---|---|---|");
    println!("| milliseconds from the camera to the canvas, p50 and p95 | {usual:.0}, {longest:.0} | |");
    println!("| pictures drawn a second | {rate:.1} | ≥ 25: {} |", met(rate >= 25.0));
    println!(
        "| kiosk, per cent of a core | {:.0} | < 100: {} |",
        share(used.own),
        met(share(used.own) < 100.0)
    );
    println!("| WebKit, per cent of a core (no graphics processor here) | {:.0} | |", share(used.others));
    println!();
}

/// From the program's start to a picture of the camera, in photographer mode.
async fn starts(desk: &Desk) {
    let (mut pages, mut pictures) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let kiosk = desk.open().await;
        kiosk.live().await;
        pages.push((kiosk.seen - kiosk.started).as_secs_f64() * 1000.0);
        pictures.push(kiosk.started.elapsed().as_secs_f64() * 1000.0);
        kiosk.kill();
    }
    println!("### Start, milliseconds (median and longest of {STARTS}; WebDriver's own start is in it)\n");
    println!("| from the start to | median | longest | target |\n|---|---|---|---|");
    println!("| the page | {:.0} | {:.0} | |", at(&pages, 0.5), at(&pages, 1.0));
    let median = at(&pictures, 0.5);
    println!(
        "| the first picture of the camera | {median:.0} | {:.0} | 2500: {} |\n",
        at(&pictures, 1.0),
        met(median <= 2500.0)
    );
}

/// Students of the line, one after another; the verdict, and all that the machine does for one.
async fn line(kiosk: &Kiosk, desk: &Desk, rounds: usize) {
    People::Good.before(&desk.camera());
    kiosk.ask(HELP, vec![]).await;
    kiosk.screen("line").await;
    kiosk.until_state("ready", "true", LONG).await;
    let (mut verdicts, mut wholes) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let times = answer(kiosk, "bench.next(true)", vec![]).await;
        let [verdict, whole]: [f64; 2] = serde_json::from_value(times).expect("two times");
        verdicts.push(verdict);
        wholes.push(whole);
    }
    println!("### Photographer mode, two seconds to sit down before each shot, milliseconds\n");
    println!("| | students | p50 | p95 | target |\n|---|---|---|---|---|");
    verdict_row("shutter → verdict and both pictures on the screen", &verdicts);
    let median = at(&wholes, 0.5);
    println!(
        "| machine time of one student: shot, verdict, order on the disk, next name | {} | {median:.0} | {:.0} | 2500: {} |\n",
        wholes.len(),
        at(&wholes, 0.95),
        met(median <= 2500.0)
    );
}

/// Many students one after another, and the memory.
async fn memory(kiosk: &Kiosk, students: usize) {
    println!("### Memory over {students} students of the line, MB resident\n");
    println!("| students | kiosk | WebKit | seconds |\n|---|---|---|---|");
    let begun = Instant::now();
    let mut sizes = Vec::new();
    for done in 0..=students {
        if done > 0 {
            answer(kiosk, "bench.next(false)", vec![]).await;
        }
        if done % 50 == 0 || done == students {
            let usage = kiosk.usage();
            println!(
                "| {done} | {} | {} | {:.0} |",
                usage.own_memory >> 20,
                usage.other_memory >> 20,
                begun.elapsed().as_secs_f64()
            );
            sizes.push((done, usage.own_memory >> 20));
        }
    }
    let (early, late) = (sizes.get(1).map_or(0, |size| size.1), sizes.last().map_or(0, |size| size.1));
    println!(
        "\nFrom {early} MB after the first 50 to {late} MB: {}; target 900 MB: {}.\n",
        if late <= early + early / 20 { "flat (within 5 %)" } else { "**not flat**" },
        met(late <= 900)
    );
}

/// More people into the roster, by the store itself; the kiosk does not run.
fn more_students(desk: &Desk, count: usize) {
    let mut store = store(desk);
    let session = store.sessions().expect("the sessions").first().expect("the demonstration").id;
    for number in 0..count {
        let details = Details::new()
            .with(Field::Name, "测试")
            .with(Field::StudentNumber, &format!("{}", 30_000_000 + number))
            .with(Field::ClassName, "测试班");
        store.create_subject(session, details, None).expect("a student");
    }
}

/// What a script answers that takes its time.
async fn answer(kiosk: &Kiosk, script: &str, arguments: Vec<Value>) -> Value {
    let begin = format!(
        "const args = [...arguments]; window.answered = undefined;
         ({script}).then((value) => (window.answered = {{ value }}), (error) => (window.answered = {{ error: String(error) }}));"
    );
    kiosk.ask(&begin, arguments).await;
    let deadline = Instant::now() + LONG;
    loop {
        let answered = kiosk.ask("return window.answered ?? null;", vec![]).await;
        if let Some(error) = answered.get("error") {
            kiosk.give_up(&format!("{script}: {error}")).await;
        }
        if let Some(value) = answered.get("value") {
            return value.clone();
        }
        if Instant::now() > deadline {
            kiosk.give_up(&format!("{script}: no answer within {LONG:?}")).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn verdict_row(name: &str, times: &[f64]) {
    let (p50, p95) = (at(times, 0.5), at(times, 0.95));
    println!(
        "| {name} | {} | {p50:.0} | {p95:.0} | 600 and 1000: {} |",
        times.len(),
        met(p50 <= 600.0 && p95 <= 1000.0)
    );
}

fn met(is: bool) -> &'static str {
    if is { "met" } else { "**missed**" }
}

fn at(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let index = ((sorted.len().max(1) - 1) as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or(f64::NAN)
}
