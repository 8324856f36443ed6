//! Finished photos of public-domain portraits, compared with committed ones.
//!
//! Tolerance: other processors round the networks differently by a grey level here and there. A change that anybody
//! could see exceeds the bounds below. A golden picture that is missing is written, and the test fails until it is
//! committed.

use caixiang_portrait::{builtin_preset, make_photo, source};
use caixiang_tests::{engine, photo};

/// Mean difference of a colour value, and the share of values that differ by more than 24.
const MEAN: f64 = 1.5;
const FAR_SHARE: f64 = 0.01;

fn compare(name: &str, preset: &str) {
    let preset = builtin_preset(preset).unwrap();
    let bytes = source::read(&photo(name)).unwrap();
    let judged = make_photo(bytes, engine(), &preset, preset.default_backdrop().colour).unwrap();
    let stem = name.split('.').next().unwrap();
    let path = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("golden")
        .join(format!("{stem}.{}.jpg", preset.parts().id));
    if !path.is_file() {
        std::fs::write(&path, judged.finished().bytes()).unwrap();
        panic!("{} was missing and has been written: look at it and commit it", path.display());
    }
    let golden = image::open(&path).unwrap().to_rgb8();
    let now = image::load_from_memory(judged.finished().bytes()).unwrap().to_rgb8();
    assert_eq!(golden.dimensions(), now.dimensions());
    let differences: Vec<u8> =
        golden.as_raw().iter().zip(now.as_raw()).map(|(a, b)| a.abs_diff(*b)).collect();
    let mean = differences.iter().map(|&d| f64::from(d)).sum::<f64>() / differences.len() as f64;
    let far = differences.iter().filter(|&&d| d > 24).count() as f64 / differences.len() as f64;
    assert!(mean <= MEAN && far <= FAR_SHARE, "{name}: mean {mean:.2}, far {far:.4}");
}

#[test]
fn astronaut_for_chsi() {
    compare("astronaut.png", "chsi");
}

#[test]
fn president_for_an_id_card() {
    compare("fr_obama.jpg", "id-card");
}

#[test]
fn admiral_for_chsi() {
    compare("grace_hopper.jpg", "chsi");
}
