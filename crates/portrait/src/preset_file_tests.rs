//! Tests of presets as files: the built-in ones, and a table of what can be wrong with one.

use super::*;

#[test]
fn every_builtin_preset_is_valid() {
    for id in builtin_preset_ids() {
        let preset = builtin_preset(id).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(preset.parts().id, id);
        for check in [Check::FaceCount, Check::Yaw, Check::EyeLine, Check::FileClean] {
            assert!(preset.rule(check).is_some(), "{id}: {check}");
        }
    }
    assert!(matches!(builtin_preset("chsi2"), Err(PresetFileError::UnknownPreset(_))));
}

/// The numbers of the registries, beside the files, so that neither changes alone.
#[test]
fn the_builtin_presets_say_what_the_registries_say() {
    let limits = |id: &str, check| {
        let rule = builtin_preset(id).unwrap().rule(check).unwrap();
        (rule.min, rule.max)
    };
    let cases = [
        ("chsi", Check::EyeLine, Some(200.0), Some(300.0)),
        ("chsi", Check::HairTop, Some(50.0), Some(110.0)),
        ("chsi", Check::FaceWidth, Some(180.0), Some(300.0)),
        ("chsi", Check::FileSize, Some(20_480.0), Some(40_000.0)),
        ("chsi", Check::FileQuality, Some(60.0), None),
        ("chsi", Check::FileDensity, Some(300.0), Some(300.0)),
        ("id-card", Check::FileWidth, Some(358.0), Some(358.0)),
        ("id-card", Check::FileHeight, Some(441.0), Some(441.0)),
        ("id-card", Check::FaceWidth, Some(193.0), Some(221.0)),
        ("id-card", Check::EyeLine, Some(150.0), Some(234.0)),
        ("yanzhao", Check::Roll, Some(-10.0), Some(10.0)),
        ("yanzhao", Check::EyeLine, Some(192.0), Some(320.0)),
        ("icao", Check::InterEye, Some(90.0), None),
        ("icao", Check::Yaw, Some(-5.0), Some(5.0)),
        ("icao", Check::Roll, Some(-8.0), Some(8.0)),
        ("icao", Check::Centring, None, Some(0.05)),
    ];
    for (id, check, min, max) in cases {
        assert_eq!(limits(id, check), (min, max), "{id}: {check}");
    }
    // 33 × 48 mm at 480 × 640 px: no converted limit may be looser than the millimetres.
    let (x, y) = (480.0 / 33.0, 640.0 / 48.0);
    let mm = [
        (Check::FaceWidth, 15.0 * x, 22.0 * x),
        (Check::HeadLength, 28.0 * y, 33.0 * y),
        (Check::HairTop, 3.0 * y, 5.0 * y),
        (Check::BelowChin, 7.0 * y, 640.0),
    ];
    for (check, min, max) in mm {
        let (low, high) = limits("exit-entry", check);
        assert!(low.unwrap() >= min - 0.01 && high.unwrap() <= max + 0.01, "{check}: {low:?} {high:?}");
        assert!(low.unwrap() < min + 0.2, "{check}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let good = BUILTIN[0].1;
    let cases = [
        ("", "", "preset.syntax", "\u{0}"),
        ("width_px = 480", "width_px = ", "preset.syntax", "width_px = "),
        ("width_px = 480", "width_px = \"480\"", "preset.syntax", "width_px = \"480\""),
        ("width_px = 480", "widht_px = 480", "preset.syntax", "widht_px"),
        ("dpi = 300", "", "preset.syntax", "[size]"),
        ("width_px = 480", "width_px = -480", "preset.out_of_range", "width_px = -480"),
        ("width_px = 480", "width_px = 99999", "preset.out_of_range", "width_px = 99999"),
        ("min_quality = 60", "min_quality = 400", "preset.out_of_range", "min_quality"),
        ("min_quality = 60", "min_quality = 0", "preset.out_of_range", "min_quality"),
        ("max_bytes = 40000", "max_bytes = 400", "preset.out_of_range", "max_bytes"),
        ("max_level_deg = 5", "max_level_deg = nan", "preset.out_of_range", "max_level_deg"),
        ("id = \"chsi\"", "id = \"../chsi\"", "preset.out_of_range", "id = "),
        ("#64C5FF", "sky", "preset.bad_colour", "sky"),
        ("name = \"white\"", "name = \"light-blue\"", "preset.bad_backdrop_name", "\u{0}"),
        ("name = \"white\"", "name = \"#white\"", "preset.bad_backdrop_name", "#white"),
        ("[200, 300]", "[300, 200]", "preset.empty_range", "eye_line_px"),
        ("[200, 300]", "[200, inf]", "preset.empty_range", "eye_line_px"),
        ("[200, 300]", "[200]", "preset.syntax", "eye_line_px"),
        ("[50, 110]", "[400, 500]", "preset.contradiction", "\u{0}"),
        ("\"pose.yaw\"", "\"pose.jaw\"", "preset.unknown_check", "pose.jaw"),
        ("\"pose.yaw\"", "\"geometry.eye_line\"", "preset.derived_rule", "geometry.eye_line"),
        ("doubt = 1.5", "doubt = 9", "preset.bad_rule", "pose.yaw"),
        ("doubt = 1.5", "doubt = -1", "preset.bad_rule", "pose.yaw"),
        ("min = 60", "", "preset.bad_rule", "face.inter_eye"),
        ("min = 60", "min = nan", "preset.bad_rule", "face.inter_eye"),
        ("severity = \"warn\"", "severity = \"fatal\"", "preset.syntax", "fatal"),
        ("hair_yields = false", "hair_yields = 0", "preset.syntax", "hair_yields = 0"),
    ];
    for (from, to, code, at) in cases {
        let text = if from.is_empty() { String::new() } else { good.replacen(from, to, 1) };
        assert!(from.is_empty() || text != good, "`{from}` is not in the preset");
        let error = parse_preset(&text).expect_err(to);
        assert_eq!(error.code(), code, "{to}: {error}");
        assert!(PresetFileError::CODES.contains(&error.code()));
        if at != "\u{0}" {
            let line = text.lines().position(|line| !line.starts_with('#') && line.contains(at));
            assert_eq!(error.line(), line.map(|index| index + 1), "{to}: {error}");
        }
    }
}

#[test]
fn files_are_read_within_bounds() {
    let code = |path: &Path| load_preset(path).map(|_| ()).map_err(|error| error.code());
    let folder = std::env::temp_dir().join(format!("caixiang-presets-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let good = write("good.toml", format!("\u{feff}{}", BUILTIN[0].1).as_bytes());
    assert_eq!(code(&good), Ok(()));
    assert_eq!(code(&write("large.toml", &vec![b'\n'; 65_537])), Err("preset.too_large"));
    assert_eq!(code(&write("latin.toml", b"id = \"\xff\"")), Err("preset.not_text"));
    assert_eq!(code(&folder.join("none.toml")), Err("preset.not_found"));
    assert_eq!(code(&folder), Err("preset.unreadable"));
    std::fs::remove_dir_all(&folder).unwrap();
}
