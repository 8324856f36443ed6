//! The whole road on real photos: what comes out is what the preset asks for, or the reason has a name.

use caixiang_domain::{Check, Outcome, Rgb};
use caixiang_portrait::{
    Operation, RoadError, builtin_preset, builtin_preset_ids, check_photo, jpeg, make_photo, source,
};
use caixiang_tests::{engine, photo};

/// Photos with enough room around the head for every preset's frame.
const ROOMY: [&str; 4] =
    ["fr_obama.jpg", "mk_christian.jpg", "pyfeat_single_face.jpg", "pk_ayo-ogunseinde-2.jpg"];

#[test]
fn finished_files_are_what_every_preset_asks_for() {
    for id in builtin_preset_ids() {
        let preset = builtin_preset(id).unwrap();
        for name in ROOMY {
            let backdrop = preset.default_backdrop().colour;
            let judged = match make_photo(source::read(&photo(name)).unwrap(), engine(), &preset, backdrop) {
                Ok(judged) => judged,
                Err(error) => panic!("{id} {name}: {error}"),
            };
            let bytes = judged.finished().bytes();
            let markers = jpeg::markers(bytes);
            let parts = preset.parts();
            assert!(markers.complete && markers.baseline && markers.records == 0, "{id} {name}: {markers:?}");
            assert_eq!(markers.density_dpi, Some((parts.dpi, parts.dpi)), "{id} {name}");
            let picture = image::load_from_memory(bytes).unwrap();
            assert_eq!((picture.width(), picture.height()), preset.size_px(), "{id} {name}");
            for check in [
                Check::FileWidth,
                Check::FileHeight,
                Check::FileDensity,
                Check::FileQuality,
                Check::FileClean,
                Check::BackgroundColour,
                Check::BackgroundEven,
                Check::Border,
            ] {
                let finding = judged.verdict().of(check).unwrap();
                assert!(!finding.outcome.is_failure(), "{id} {name}: {finding:?}");
            }
        }
    }
}

#[test]
fn geometry_of_the_finished_file_is_inside_the_windows_of_chsi() {
    let preset = builtin_preset("chsi").unwrap();
    for name in ROOMY {
        let bytes = source::read(&photo(name)).unwrap();
        let judged = make_photo(bytes, engine(), &preset, Rgb::LIGHT_BLUE).unwrap();
        for check in [Check::EyeLine, Check::HairTop, Check::FaceWidth, Check::Centring, Check::EyeTilt] {
            let finding = judged.verdict().of(check).unwrap();
            assert_eq!(finding.outcome, Outcome::Pass, "{name}: {finding:?}");
        }
        let size = judged.finished().bytes().len() as u64;
        assert!((parts(&preset).0..=parts(&preset).1).contains(&size), "{name}: {size}");
    }
}

fn parts(preset: &caixiang_domain::Preset) -> (u64, u64) {
    (preset.parts().jpeg.min_bytes, preset.parts().jpeg.max_bytes)
}

#[test]
fn the_record_of_operations_is_complete_and_in_order() {
    let preset = builtin_preset("chsi").unwrap();
    let bytes = source::read(&photo("fr_obama.jpg")).unwrap();
    let judged = make_photo(bytes, engine(), &preset, Rgb::WHITE).unwrap();
    let operations = judged.finished().operations();
    assert!(matches!(operations.last(), Some(Operation::Encoded { quality: 60..=100, .. })));
    assert!(operations.contains(&Operation::BackgroundReplaced { colour: Rgb::WHITE }));
    let crops = operations.iter().filter(|op| matches!(op, Operation::CroppedAndScaled { .. })).count();
    assert_eq!(crops, 1);
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let preset = builtin_preset("chsi").unwrap();
    let make = || {
        let bytes = source::read(&photo("astronaut.png")).unwrap();
        *make_photo(bytes, engine(), &preset, Rgb::LIGHT_BLUE).unwrap().finished().sha256()
    };
    assert_eq!(make(), make());
}

#[test]
fn nobody_and_half_a_face_have_names() {
    let preset = builtin_preset("chsi").unwrap();
    let code = |name: &str| {
        let bytes = source::read(&photo(name)).unwrap();
        make_photo(bytes, engine(), &preset, Rgb::WHITE).map(|_| "made").unwrap_or_else(|error| error.code())
    };
    assert_eq!(code("coffee.png"), "photo.no_face");
    assert_eq!(code("chelsea.png"), "photo.no_face");
    assert_eq!(code("fr_obama_partial_face.jpg"), "photo.out_of_reach");
    let bytes = source::read(&photo("fr_obama_partial_face.jpg")).unwrap();
    match make_photo(bytes, engine(), &preset, Rgb::WHITE) {
        // The face is cut by the right side of the picture or the left: one side is short, and by a lot.
        Err(RoadError::OutOfReach(reach)) => {
            assert!(reach.short[0].max(reach.short[2]) > 50.0, "{reach:?}");
        }
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[test]
fn a_finished_photo_passes_its_own_check() {
    let preset = builtin_preset("chsi").unwrap();
    let bytes = source::read(&photo("fr_obama.jpg")).unwrap();
    let judged = make_photo(bytes, engine(), &preset, Rgb::LIGHT_BLUE).unwrap();
    let checked = check_photo(judged.finished().bytes(), engine(), &preset).unwrap();
    for check in [Check::EyeLine, Check::HairTop, Check::FaceWidth, Check::FileSize, Check::BackgroundColour]
    {
        assert_eq!(checked.verdict.of(check).unwrap().outcome, Outcome::Pass, "{check}");
    }
    // The same photo is refused by a registry with other rules.
    let other = builtin_preset("id-card").unwrap();
    let refused = check_photo(judged.finished().bytes(), engine(), &other).unwrap();
    assert!(refused.verdict.of(Check::FileWidth).unwrap().outcome.is_failure());
    assert!(refused.verdict.of(Check::BackgroundColour).unwrap().outcome.is_failure());
}

#[test]
fn several_threads_share_one_engine() {
    let preset = builtin_preset("chsi").unwrap();
    let one = |name: &str| {
        let bytes = source::read(&photo(name)).unwrap();
        *make_photo(bytes, engine(), &preset, Rgb::WHITE).unwrap().finished().sha256()
    };
    let alone: Vec<_> = ROOMY.iter().map(|name| one(name)).collect();
    let together: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = ROOMY.iter().map(|name| scope.spawn(|| one(name))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(alone, together);
}
