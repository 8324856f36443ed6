//! `cargo xtask accuracy`: how often each check is right on labelled real photos, and how near the matting comes to
//! known truths. Prints Markdown.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use caixiang_domain::{Check, Finding, Outcome, Verdict};
use caixiang_portrait::{Frame, RoadError, builtin_preset, check_photo, make_photo, source};
use caixiang_tests::composites::{self, Behind, Dice, Distance};
use caixiang_tests::labels::{self, Question, Truth};
use caixiang_vision::Point;
use clap::Parser;

/// The people of the matting table: faces of several skins and hair, each large enough for the frame.
const PEOPLE: [&str; 9] = [
    "fr_obama.jpg",
    "fr_biden.jpg",
    "grace_hopper.jpg",
    "pyfeat_single_face.jpg",
    "mk_camp.jpg",
    "mk_marc.jpg",
    "astronaut.png",
    "argon_team-1.jpg",
    "mk_christian.jpg",
];

#[derive(Parser)]
struct Arguments {
    /// Only this table.
    #[arg(long, value_parser = ["checks", "matting"])]
    only: Option<String>,
    /// Print each wrong answer with its photo and value.
    #[arg(long)]
    wrong: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let wanted = |table| arguments.only.as_deref().is_none_or(|only| only == table);
    if wanted("checks") {
        checks(arguments.wrong)?;
    }
    if wanted("matting") {
        matting()?;
    }
    Ok(())
}

/// What the software said of one photo.
enum Said {
    Verdict(Verdict),
    NoFace,
}

/// Judges a photo: on the whole road where it leads to a finished photo, otherwise the picture as it is, so that the
/// checks are examined on pictures framed too tightly, too.
fn say(path: &std::path::Path) -> Result<Said> {
    let preset = builtin_preset("chsi").context("the preset chsi is missing")?;
    let engine = caixiang_tests::engine();
    let bytes = source::read(path)?;
    match make_photo(bytes.clone(), engine, &preset, preset.default_backdrop().colour) {
        Ok(judged) => Ok(Said::Verdict(judged.verdict().clone())),
        Err(RoadError::NoFace) => Ok(Said::NoFace),
        Err(RoadError::OutOfReach(_)) => Ok(Said::Verdict(check_photo(&bytes, engine, &preset)?.verdict)),
        Err(error) => Err(error.into()),
    }
}

/// Counts of one line of the table.
#[derive(Default, Clone, Copy)]
struct Counts {
    good_passed: u32,
    good_failed: u32,
    good_unknown: u32,
    bad_failed: u32,
    bad_passed: u32,
    bad_unknown: u32,
}

fn checks(wrong: bool) -> Result<()> {
    let mut counts = vec![Counts::default(); labels::QUESTIONS.len()];
    let mut wrongs = Vec::new();
    let labelled = labels::read()?;
    for photo in &labelled {
        let said = say(&caixiang_tests::photo(&photo.file)).with_context(|| photo.file.clone())?;
        for (question, counts) in labels::QUESTIONS.iter().zip(&mut counts) {
            let truth = question.truth(photo);
            let outcome = outcome(&said, question);
            let slot = match (truth, outcome) {
                (Truth::Open, _) => continue,
                (Truth::Good, Some(true)) => &mut counts.good_passed,
                (Truth::Good, Some(false)) => &mut counts.good_failed,
                (Truth::Good, None) => &mut counts.good_unknown,
                (Truth::Bad, Some(false)) => &mut counts.bad_failed,
                (Truth::Bad, Some(true)) => &mut counts.bad_passed,
                (Truth::Bad, None) => &mut counts.bad_unknown,
            };
            *slot += 1;
            if matches!((truth, outcome), (Truth::Good, Some(false)) | (Truth::Bad, Some(true))) {
                let values: Vec<String> = findings(&said, question)
                    .map(|f| format!("{:.3}", f.value.unwrap_or(f64::NAN)))
                    .collect();
                let kind = if truth == Truth::Good { "false alarm" } else { "missed" };
                wrongs.push(format!(
                    "{:28} {kind:12} {:32} {}",
                    question.checks[0],
                    photo.file,
                    values.join(" ")
                ));
            }
        }
    }
    println!("## Checks on {} real photos, preset `chsi`\n", labelled.len());
    println!(
        "| check | good: passed | good: false alarm | good: unknown | bad: caught | bad: missed | bad: unknown |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (question, c) in labels::QUESTIONS.iter().zip(&counts) {
        println!(
            "| {} | {} | {} | {} | {} | {} | {} |",
            question.checks[0],
            c.good_passed,
            c.good_failed,
            c.good_unknown,
            c.bad_failed,
            c.bad_passed,
            c.bad_unknown
        );
    }
    println!();
    if wrong {
        wrongs.sort();
        wrongs.iter().for_each(|line| println!("    {line}"));
        println!();
    }
    Ok(())
}

fn findings<'a>(said: &'a Said, question: &'a Question) -> impl Iterator<Item = &'a Finding> {
    let verdict = match said {
        Said::Verdict(verdict) => Some(verdict),
        Said::NoFace => None,
    };
    verdict.into_iter().flat_map(|verdict| question.checks.iter().filter_map(|&check| verdict.of(check)))
}

/// `Some(true)` passed, `Some(false)` failed, `None` unknown, not measured or not asked.
fn outcome(said: &Said, question: &Question) -> Option<bool> {
    if matches!(said, Said::NoFace) {
        // A picture in which nobody is found is refused for the number of faces and judged for nothing else.
        return (question.checks == [Check::FaceCount]).then_some(false);
    }
    let outcomes: Vec<Outcome> = findings(said, question).map(|finding| finding.outcome).collect();
    if outcomes.iter().any(|outcome| outcome.is_failure()) {
        Some(false)
    } else if outcomes.is_empty() || outcomes.iter().any(|outcome| *outcome != Outcome::Pass) {
        None
    } else {
        Some(true)
    }
}

fn matting() -> Result<()> {
    let engine = caixiang_tests::engine();
    let preset = builtin_preset("chsi").context("the preset chsi is missing")?;
    let (width, height) = preset.size_px();
    let cafe = image::open(caixiang_tests::photo("coffee.png"))?.to_rgb8();
    println!("## Matting on {} composites at {width}×{height}\n", PEOPLE.len() * Behind::ALL.len() * 2);
    for strands in [false, true] {
        let mut sums: BTreeMap<&str, Vec<Distance>> = BTreeMap::new();
        for name in PEOPLE {
            let matted = Frame::decode(source::read(&caixiang_tests::photo(name))?)?
                .find(engine)?
                .frame_to(engine, &preset)
                .with_context(|| name)?
                .matte();
            let face = matted.framed().landmarks().clone();
            let mut dice = Dice::new(7);
            let mut truth = matted.matte().clone();
            if strands {
                truth = composites::with_strands(truth, face.get(Point::Chin)[1], &mut dice);
            }
            for behind in Behind::ALL {
                let picture = composites::compose(&truth, &behind.draw(width, height, &cafe, &mut dice));
                let result = composites::cut_out(&picture, &face, engine)?;
                sums.entry(behind.name()).or_default().push(composites::compare(&result, &truth));
            }
        }
        println!("{}\n", if strands { "With drawn strands of hair:" } else { "Cut-outs as they are:" });
        println!("| backdrop | MAD ×1000 | edge band ×1000 | edge colour, 0–255 |");
        println!("|---|---|---|---|");
        for (name, all) in &sums {
            line(name, all);
        }
        line("**all**", &sums.values().flatten().copied().collect::<Vec<_>>());
        println!();
    }
    Ok(())
}

fn line(name: &str, all: &[Distance]) {
    let mean = |part: fn(&Distance) -> f64| all.iter().map(part).sum::<f64>() / all.len().max(1) as f64;
    println!("| {name} | {:.1} | {:.0} | {:.1} |", mean(|d| d.mad), mean(|d| d.band), mean(|d| d.colour));
}
