//! What the live view says, when, and which part of the picture it shows.

use caixiang_domain::{Check, Measurement, Rule, Severity, Verdict};
use caixiang_portrait::{FaceGlance, Glance};
use proptest::prelude::*;

use crate::guidance::Guide;
use crate::view::Viewport;

/// Width over height of the photo, and of the camera's picture.
const PHOTO: f64 = 480.0 / 640.0;
const PICTURE: f64 = 1920.0 / 1080.0;

/// A frame of the photo's shape around this place.
fn frame(x: f64, y: f64, height: f64) -> [f64; 4] {
    let width = height * PHOTO / PICTURE;
    [x - width / 2.0, y - height / 2.0, width, height]
}

fn face(measured: &[(Check, f64)], severity: Severity) -> FaceGlance {
    let measurements: Vec<_> =
        measured.iter().map(|&(check, value)| Measurement::value(check, value)).collect();
    let rule = Rule { min: Some(-1.0), max: Some(1.0), doubt: 0.0, severity };
    FaceGlance {
        verdict: Verdict::judge(&measurements, |_| Some(rule)),
        frame: frame(0.5, 0.5, 0.9),
        short: [0.0; 4],
        eyes: [0.5, 0.45],
        eye_opening: 0.3,
        moved: Some(0.0),
        sharpness: 8.0,
    }
}

fn glance(face: FaceGlance) -> Glance {
    Glance { people: 1, face: Some(face) }
}

fn well() -> Glance {
    glance(face(&[], Severity::Block))
}

fn broken(measured: &[(Check, f64)]) -> Glance {
    glance(face(measured, Severity::Block))
}

fn nobody() -> Glance {
    Glance { people: 0, face: None }
}

/// What a guide comes to say of a picture that does not change.
fn said(glance: &Glance) -> Option<&'static str> {
    let mut guide = Guide::new();
    (0..20).map(|at| guide.glimpse(glance, PHOTO, PICTURE, 5_000 + at * 100).prompt).last().flatten()
}

#[test]
fn the_most_important_thing_is_said() {
    type Case = (&'static [(Check, f64)], Option<&'static str>);
    let cases: &[Case] = &[
        (&[], None),
        (&[(Check::FaceCount, 2.0)], Some("alone")),
        (&[(Check::FaceSize, -2.0)], Some("closer")),
        (&[(Check::Upscaled, 2.0), (Check::Pitch, 2.0)], Some("closer")),
        (&[(Check::FaceSize, 2.0)], Some("back")),
        (&[(Check::Yaw, -2.0)], Some("turn_left")),
        (&[(Check::Yaw, 2.0)], Some("turn_right")),
        (&[(Check::Pitch, -2.0), (Check::EyeOpenLeft, -2.0)], Some("chin_up")),
        (&[(Check::Pitch, 2.0)], Some("chin_down")),
        (&[(Check::Underexposed, 2.0), (Check::Glasses, 2.0)], Some("glasses")),
        (&[(Check::MouthClosed, 2.0), (Check::Gaze, 2.0)], Some("gaze")),
        (&[(Check::LightBalance, -2.0)], Some("light")),
    ];
    for &(measured, prompt) in cases {
        assert_eq!(said(&broken(measured)), prompt, "{measured:?}");
    }
    assert_eq!(said(&nobody()), Some("nobody"));
    // A note keeps nobody waiting.
    assert_eq!(said(&glance(face(&[(Check::Glasses, 2.0)], Severity::Note))), None);
    assert_eq!(said(&glance(face(&[(Check::Glasses, 2.0)], Severity::Warn))), Some("glasses"));
}

#[test]
fn where_to_stand_is_said_as_in_a_mirror() {
    for (short, prompt) in [
        ([0.1, 0.0, 0.0, 0.0], Some("left")),
        ([0.0, 0.0, 0.1, 0.0], Some("right")),
        ([0.1, 0.0, 0.1, 0.0], Some("back")),
        ([0.0, 0.1, 0.0, 0.0], Some("back")),
        ([0.0, 0.0, 0.0, 0.1], Some("back")),
        ([0.01; 4], None),
    ] {
        assert_eq!(said(&glance(FaceGlance { short, ..face(&[], Severity::Block) })), prompt, "{short:?}");
    }
    let moving = FaceGlance { moved: Some(0.5), ..face(&[], Severity::Block) };
    assert_eq!(said(&glance(moving)), Some("still"));
}

#[test]
fn ready_shows_after_all_was_well_for_a_moment() {
    let mut guide = Guide::new();
    // Long after the booth was started.
    let ready: Vec<bool> =
        (0..5).map(|at| guide.glimpse(&well(), PHOTO, PICTURE, 600_000 + at * 100).ready).collect();
    assert_eq!(ready, [false, false, true, true, true]);
    assert!(!guide.glimpse(&broken(&[(Check::Gaze, 2.0)]), PHOTO, PICTURE, 600_500).ready);
    assert!(!guide.glimpse(&well(), PHOTO, PICTURE, 600_600).ready);
    assert!(guide.glimpse(&well(), PHOTO, PICTURE, 600_800).ready);
}

#[test]
fn one_bad_frame_is_not_spoken_of() {
    let mut guide = Guide::new();
    for at in 0..100 {
        let glance = if at % 10 == 9 { broken(&[(Check::EyeOpenLeft, -2.0)]) } else { well() };
        assert_eq!(guide.glimpse(&glance, PHOTO, PICTURE, at * 100).prompt, None);
    }
}

/// Prompts with the time for which each showed.
fn spoken(frames: impl IntoIterator<Item = Glance>, step_ms: u64) -> Vec<(Option<&'static str>, u64)> {
    let mut guide = Guide::new();
    let mut spoken: Vec<(Option<&'static str>, u64)> = Vec::new();
    for (at, glance) in (0_u64..).zip(frames) {
        let prompt = guide.glimpse(&glance, PHOTO, PICTURE, 1_000 + at * step_ms).prompt;
        match spoken.last_mut() {
            Some((last, since)) if *last == prompt => *since += step_ms,
            _ => spoken.push((prompt, step_ms)),
        }
    }
    spoken
}

#[test]
fn faults_that_take_turns_do_not_flicker_and_are_not_passed_over() {
    let turns = (0_u32..100)
        .map(|at| broken(&[if at.is_multiple_of(2) { (Check::Gaze, 2.0) } else { (Check::Pitch, 2.0) }]));
    let spoken_of = spoken(turns, 66);
    assert_eq!(spoken_of.len(), 2, "{spoken_of:?}");
    assert!(matches!(spoken_of[1], (Some("gaze" | "chin_down"), _)), "{spoken_of:?}");
    // One fault in every second frame: neither ready nor silent.
    let every_second =
        (0_u32..100).map(|at| if at.is_multiple_of(2) { broken(&[(Check::Gaze, 2.0)]) } else { well() });
    let spoken_of = spoken(every_second, 66);
    assert_eq!(spoken_of.iter().map(|(prompt, _)| *prompt).collect::<Vec<_>>(), [None, Some("gaze")]);
}

#[test]
fn what_is_no_longer_true_is_not_said_for_ever() {
    let first = (0..20).map(|_| nobody());
    let then = (0_u32..40)
        .map(|at| broken(&[if at.is_multiple_of(2) { (Check::Gaze, 2.0) } else { (Check::Pitch, 2.0) }]));
    let spoken_of = spoken(first.chain(then), 100);
    assert_eq!(spoken_of[1].0, Some("nobody"));
    assert!(matches!(spoken_of[2], (Some("gaze" | "chin_down"), _)), "{spoken_of:?}");
}

fn is_in_the_picture(viewport: Viewport, aspect: f64, picture: f64) {
    const NEAR: f64 = 1e-9;
    let Viewport { x, y, width, height } = viewport;
    assert!(x >= -NEAR && y >= -NEAR && x + width <= 1.0 + NEAR && y + height <= 1.0 + NEAR, "{viewport:?}");
    assert!(
        (width * picture / height / aspect - 1.0).abs() < 1e-6,
        "{viewport:?} is not {aspect} of {picture}"
    );
}

#[test]
fn the_view_rests_while_the_face_moves_little() {
    let mut guide = Guide::new();
    let view = |guide: &mut Guide, at: [f64; 4], now| {
        let glance = glance(FaceGlance { frame: at, ..face(&[], Severity::Block) });
        guide.glimpse(&glance, PHOTO, PICTURE, now).viewport
    };
    let first = view(&mut guide, frame(0.5, 0.5, 0.8), 0);
    for at in 1_u64..50 {
        let sway = if at.is_multiple_of(2) { 0.03 } else { -0.03 };
        assert_eq!(view(&mut guide, frame(0.5 + sway, 0.5 - sway, 0.8 + sway), at * 100), first);
    }
    // After a move, too, though nobody sits quite still.
    let swaying = |at: u64| frame(0.6 + if at.is_multiple_of(2) { 0.01 } else { -0.01 }, 0.5, 0.8);
    let there = (50..80).map(|at| view(&mut guide, swaying(at), at * 100)).last();
    assert!(there.is_some_and(|there| (there.x - swaying(1)[0]).abs() < 0.05), "{there:?}");
    assert_eq!(Some(view(&mut guide, swaying(80), 8_000)), there);
    assert_eq!(Some(view(&mut guide, swaying(81), 8_100)), there);
    // And while the face is missed for a frame.
    assert_eq!(Some(guide.glimpse(&nobody(), PHOTO, PICTURE, 8_200).viewport), there);
    assert_eq!(Some(view(&mut guide, swaying(83), 8_300)), there);
    // When nobody is there, it goes back to the middle.
    let gone = (84..140).map(|at| guide.glimpse(&nobody(), PHOTO, PICTURE, at * 100).viewport).last();
    assert!(gone.is_some_and(|gone| (gone.x + gone.width / 2.0 - 0.5).abs() < 0.02), "{gone:?}");
}

#[test]
fn the_view_follows_a_student_who_sits() {
    let mut guide = Guide::new();
    guide.glimpse(&nobody(), PHOTO, PICTURE, 0);
    let seated = frame(0.55, 0.68, 0.6);
    let mut before = guide.glimpse(&nobody(), PHOTO, PICTURE, 100).viewport;
    let mut steps = Vec::new();
    for at in 0..40 {
        let glance = glance(FaceGlance { frame: seated, ..face(&[], Severity::Block) });
        let view = guide.glimpse(&glance, PHOTO, PICTURE, 200 + at * 100).viewport;
        is_in_the_picture(view, PHOTO, PICTURE);
        steps.push((view.y - before.y).abs());
        before = view;
    }
    assert!((before.y - seated[1]).abs() < 0.05 && (before.height - seated[3]).abs() < 0.05, "{before:?}");
    assert!(steps.iter().all(|step| *step < 0.2), "it glides: {steps:?}");
    assert_eq!(steps.last(), Some(&0.0), "and comes to rest");
}

/// Frames as they might come, and as they should not.
fn frames() -> impl Strategy<Value = Glance> {
    let share =
        || prop_oneof![9 => -2.0..3.0_f64, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(0.0)];
    let faults = prop::sample::subsequence(
        vec![Check::Yaw, Check::Pitch, Check::Gaze, Check::FaceCount, Check::Glasses, Check::EyesCovered],
        0..3,
    );
    let seen =
        (faults, any::<bool>(), [share(), share(), share(), share()], [share(), share(), share(), share()])
            .prop_map(|(faults, low, frame, short)| {
                let measured: Vec<_> =
                    faults.into_iter().map(|one| (one, if low { -2.0 } else { 2.0 })).collect();
                glance(FaceGlance { frame, short, ..face(&measured, Severity::Block) })
            });
    prop_oneof![5 => seen, 1 => Just(nobody()), 3 => Just(well())]
}

proptest! {
    /// Whatever comes: each prompt stays for 0.7 s, *ready* never beside a prompt nor before 0.2 s, and the view lies
    /// in the picture and has the photo's shape.
    #[test]
    fn holds_for_any_frames(
        frames in prop::collection::vec((frames(), 1_u64..400), 1..120),
        aspect in 0.6..1.0_f64,
        pictures in prop::sample::select(vec![[16.0 / 9.0, 16.0 / 9.0], [0.5625, 0.5625], [4.0 / 3.0, 0.75]]),
    ) {
        let mut guide = Guide::new();
        let mut now = 10_000;
        let mut showed: Option<(&'static str, u64)> = None;
        let mut faulty = now;
        for (at, (glance, step)) in frames.iter().enumerate() {
            now += step;
            let picture = pictures[usize::from(at > 60)];
            let glimpse = guide.glimpse(glance, aspect, picture, now);
            is_in_the_picture(glimpse.viewport, aspect, picture);
            if let Some((prompt, since)) = showed {
                prop_assert!(glimpse.prompt == Some(prompt) || now - since >= 700, "{prompt} went too soon");
            }
            showed = glimpse.prompt.map(|prompt| match showed {
                Some((last, since)) if last == prompt => (last, since),
                _ => (prompt, now),
            });
            if at == 0 || said(glance).is_some() {
                faulty = now;
            }
            if glimpse.ready {
                prop_assert!(glimpse.prompt.is_none() && glimpse.somebody && now - faulty >= 200);
            }
        }
    }
}
