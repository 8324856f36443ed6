//! The real binary on real photos and on everything that is none: files, exit codes, reports, what is left behind.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The folder that the set-up fills.
fn cache() -> PathBuf {
    let chosen = std::env::var_os("CAIXIANG_CACHE").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.cache");
    let cache = chosen.unwrap_or(beside);
    assert!(cache.join("photos").is_dir(), "no test photos: run `cargo xtask setup`");
    cache
}

fn photo(name: &str) -> PathBuf {
    cache().join("photos").join(name)
}

fn caixiang() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_caixiang"));
    command.env("CAIXIANG_CACHE", cache()).env("LC_ALL", "en_GB.UTF-8").stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{said}");
    output
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn rows(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// A picture that decodes, without anybody on it.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(width, height, image::Rgb([90, 120, 150]))
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

fn png_chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind.as_slice(), data].concat();
    let crc = body.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    });
    [&(data.len() as u32).to_be_bytes(), body.as_slice(), &(!crc).to_be_bytes()].concat()
}

/// A PNG that is nothing but a header of this size.
fn png_header(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let header = png_chunk(b"IHDR", &[size.as_slice(), &[8, 2, 0, 0, 0]].concat());
    [b"\x89PNG\r\n\x1a\n".as_slice(), &header].concat()
}

fn moving_gif() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut bytes);
    let frames = [10, 200].map(|v| image::RgbaImage::from_pixel(64, 64, image::Rgba([v, v, v, 255])));
    encoder.encode_frames(frames.map(image::Frame::new)).unwrap();
    drop(encoder);
    bytes
}

#[test]
fn a_good_photo_becomes_exactly_what_the_preset_says() {
    let out = tempfile::tempdir().unwrap();
    let output =
        run(caixiang().args(["photo", "--report", "json", "-o"]).arg(out.path()).arg(photo("astronaut.png")));
    assert!([0, 1].contains(&code(&output)), "{output:?}");
    let rows = rows(&output);
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(row["error"], Value::Null);
    assert_eq!((row["preset"].as_str(), row["backdrop"].as_str()), (Some("chsi"), Some("#64C5FF")));
    assert_eq!(code(&output) == 1, row["decision"] == "reject");

    let bytes = std::fs::read(out.path().join("astronaut.jpg")).unwrap();
    assert_eq!(row["sha256"].as_str().unwrap(), hex(&Sha256::digest(&bytes)));
    assert_eq!(row["bytes"].as_u64(), Some(bytes.len() as u64));
    assert!((20_480..=40_000).contains(&bytes.len()), "{}", bytes.len());
    // JFIF: dots an inch, 300 both ways.
    assert_eq!(&bytes[..4], b"\xff\xd8\xff\xe0");
    assert_eq!(&bytes[13..18], &[1, 1, 44, 1, 44]);
    let picture = image::load_from_memory(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (480, 640));
    assert_eq!(picture.color(), image::ColorType::Rgb8);
    let corner = picture.to_rgb8().get_pixel(2, 2).0;
    assert!(corner.iter().zip([100_u8, 197, 255]).all(|(a, b)| a.abs_diff(b) < 8), "{corner:?}");

    let findings: BTreeMap<&str, &Value> =
        row["findings"].as_array().unwrap().iter().map(|f| (f["check"].as_str().unwrap(), f)).collect();
    for code in ["file.width", "file.height", "file.density", "file.size", "file.quality", "file.clean"] {
        assert_eq!(findings[code]["outcome"], "pass", "{code}");
    }
    let operations = row["operations"].as_array().unwrap();
    assert_eq!(operations.last().unwrap()["operation"], "encoded");
    assert_eq!(operations.last().unwrap()["quality"], row["quality"]);
    assert_eq!(names_in(out.path()), ["astronaut.jpg"]);
}

#[test]
fn portraits_become_what_a_camera_would_show() {
    let out = tempfile::tempdir().unwrap();
    let frames = out.path().join("camera");
    let of = |inputs: &[PathBuf]| run(caixiang().arg("demo-frames").arg("-o").arg(&frames).args(inputs));
    let output = of(&[photo("grace_hopper.jpg"), photo("astronaut.png")]);
    assert_eq!(code(&output), 0, "{output:?}");
    let wanted =
        ["01-grace_hopper-1.jpg", "01-grace_hopper-2.jpg", "02-astronaut-1.jpg", "02-astronaut-2.jpg"];
    assert_eq!(names_in(&frames), wanted);
    for name in wanted {
        let picture = image::open(frames.join(name)).unwrap();
        assert_eq!((picture.width(), picture.height()), (1920, 1080), "{name}");
    }

    let output = of(&[out.path().join("none.jpg")]);
    assert_eq!(code(&output), 2, "{output:?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("source.not_found"), "{output:?}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_folder_with_a_mixture_is_reported_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("in"), folder.path().join("in/out"));
    std::fs::create_dir_all(source.join("more")).unwrap();
    std::fs::copy(photo("astronaut.png"), source.join("b.png")).unwrap();
    std::fs::copy(photo("grace_hopper.jpg"), source.join("more/b.jpg")).unwrap();
    std::fs::write(source.join("a.jpg"), b"no picture").unwrap();
    std::fs::write(source.join("c.png"), png(200, 200)).unwrap();
    std::fs::write(source.join("notes.txt"), b"not taken").unwrap();
    for _again in 0..2 {
        // The second run must not take its own results for pictures.
        let output = run(caixiang()
            .args(["photo", "--report", "json", "--threads", "2", "--background", "#F0F0F0", "-o"])
            .arg(&out)
            .arg(&source));
        assert_eq!(code(&output), 3);
        let rows = rows(&output);
        let seen: Vec<_> = rows
            .iter()
            .map(|row| {
                let file = Path::new(row["file"].as_str().unwrap()).strip_prefix(&source).unwrap();
                (file.display().to_string(), row["error"]["code"].as_str().unwrap_or("-").to_owned())
            })
            .collect();
        let wanted = [
            ("a.jpg", "source.not_a_picture"),
            ("b.png", "-"),
            ("c.png", "photo.no_face"),
            (&*Path::new("more").join("b.jpg").display().to_string(), "-"),
        ]
        .map(|(file, code)| (file.to_owned(), code.to_owned()));
        assert_eq!(seen, wanted);
        assert_eq!(names_in(&out), ["b-2.jpg", "b.jpg"]);
    }

    let output = run(caixiang().args(["check", "--report", "json"]).arg(&out));
    assert!([0, 1].contains(&code(&output)), "{output:?}");
    assert_eq!(rows(&output).len(), 2);
    let output = run(caixiang().args(["check", "--lang", "zh"]).arg(&out));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("共 2 张"), "{text}");
}

#[test]
fn what_is_no_photo_is_said_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let whole = std::fs::read(photo("grace_hopper.jpg")).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    let text = put("text.jpg", b"this is no picture at all");
    let cases = [
        (text.clone(), "source.not_a_picture"),
        (put("cut.jpg", &whole[..whole.len() / 2]), "source.truncated"),
        (put("dot.png", &png(1, 1)), "source.too_small"),
        (put("nothing.jpg", b""), "source.empty"),
        (folder.path().join("empty"), "input.no_pictures"),
        (folder.path().join("missing.jpg"), "source.not_found"),
        // A path through a file: unreadable for everyone, root too.
        (text.join("inside.jpg"), "source.unreadable"),
        (
            put("huge.png", &[png_header(20_000, 20_000), png_chunk(b"IDAT", b"x\x9c")].concat()),
            "source.too_large",
        ),
        // Not even the picture's data begins.
        (put("header.png", &png_header(20_000, 20_000)), "source.damaged"),
        (put("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "source.heic"),
        (put("moving.gif", &moving_gif()), "source.animated"),
        (put("wall.png", &png(300, 300)), "photo.no_face"),
    ];
    for task in ["photo", "check", "cutout"] {
        let mut command = caixiang();
        command.arg(task).args(cases.iter().map(|(path, _)| path));
        match task {
            "photo" => command.args(["--report", "json", "-o"]).arg(&out),
            "check" => command.args(["--report", "json"]),
            _ => command.arg("-o").arg(&out),
        };
        let output = run(&mut command);
        assert_eq!(code(&output), 3, "{task}");
        if task == "cutout" {
            let text = String::from_utf8(output.stdout).unwrap();
            assert_eq!(
                text.lines().filter(|line| line.starts_with("unusable")).count(),
                cases.len(),
                "{text}"
            );
        } else {
            let rows = rows(&output);
            assert_eq!(rows.len(), cases.len());
            for ((path, wanted), row) in cases.iter().zip(&rows) {
                assert_eq!(row["error"]["code"], *wanted, "{task} {}", path.display());
                assert!(row["error"]["message"].as_str().unwrap().len() > 20);
                assert_eq!((&row["output"], &row["decision"]), (&Value::Null, &Value::Null));
            }
        }
        assert_eq!(names_in(&out), [""; 0], "{task}");
    }
}

#[test]
fn a_photo_that_fails_is_written_and_said() {
    let folder = tempfile::tempdir().unwrap();
    // Stricter than any photo: nobody's eyes are this far apart.
    let preset =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/presets/chsi.toml"))
            .unwrap();
    let strict = preset.replace("min = 60\nseverity = \"warn\"", "min = 9000\nseverity = \"block\"");
    assert_ne!(strict, preset);
    let file = folder.path().join("strict.toml");
    std::fs::write(&file, strict).unwrap();
    let output = run(caixiang()
        .args(["photo", "-o"])
        .arg(folder.path())
        .arg("--preset")
        .arg(&file)
        .arg(photo("astronaut.png")));
    assert_eq!(code(&output), 1, "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("rejected"), "{text}");
    assert!(text.contains("at least 9000 px"), "{text}");
    assert!(folder.path().join("astronaut.jpg").is_file());
}

#[test]
fn wrong_usage_stops_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("a.jpg");
    std::fs::copy(photo("grace_hopper.jpg"), &original).unwrap();
    let bad = folder.path().join("bad.toml");
    std::fs::write(&bad, "id = 3").unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, b"x").unwrap();
    let path = |path: &Path| path.to_string_lossy().into_owned();
    let (a, here, out) = (path(&original), path(folder.path()), path(&folder.path().join("out")));
    let cases: [(Vec<&str>, &str); 9] = [
        (vec!["photo", &a, "-o", &here], "output.is_input"),
        (vec!["photo", &a, "-o", &out, "--preset", "passport"], "preset.unknown"),
        (vec!["photo", &a, "-o", &out, "--preset", "none.toml"], "preset.not_found"),
        (vec!["photo", &a, "-o", &out, "--preset", bad.to_str().unwrap()], "preset.syntax"),
        (vec!["photo", &a, "-o", &out, "--background", "sky"], "background.unknown"),
        (vec!["photo", &a, "-o", &out, "--models", &here], "models.missing"),
        (vec!["photo", &a, "-o", file.to_str().unwrap()], "output.no_folder"),
        (vec!["cutout", &a, &here, "-o", "x.png"], "output.needs_folder"),
        (vec!["photo"], "Usage"),
    ];
    for (args, wanted) in cases {
        let output = run(caixiang().args(&args));
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(code(&output), 2, "{args:?}: {said}");
        assert!(said.contains(wanted), "{args:?}: {said}");
        assert_eq!(names_in(folder.path()), ["a.jpg", "bad.toml", "file"], "{args:?}");
    }
    assert_eq!(std::fs::read(&original).unwrap(), std::fs::read(photo("grace_hopper.jpg")).unwrap());
}

#[test]
fn a_cut_out_has_the_pictures_own_size() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("me.png");
    let output = run(caixiang().arg("cutout").arg(photo("astronaut.png")).arg("-o").arg(&file));
    assert_eq!(code(&output), 0, "{output:?}");
    let (cut, original) = (image::open(&file).unwrap(), image::open(photo("astronaut.png")).unwrap());
    assert_eq!((cut.width(), cut.height()), (original.width(), original.height()));
    let (cut, original) = (cut.to_rgba8(), original.to_rgb8());
    let (mut solid, mut clear, mut changed) = (0, 0, 0);
    for (pixel, before) in cut.pixels().zip(original.pixels()) {
        match pixel[3] {
            255 => {
                solid += 1;
                changed += usize::from(pixel.0[..3] != before.0);
            }
            0 => clear += 1,
            _ => {}
        }
    }
    let all = (cut.width() * cut.height()) as usize;
    assert!(solid * 5 > all && clear * 10 > all, "{solid} {clear} of {all}");
    assert_eq!(changed, 0, "pixels of the person alone keep the camera's colours");
}

#[test]
fn sheets_explain_photos_and_checks() {
    let folder = tempfile::tempdir().unwrap();
    let (out, sheet, sheets) =
        (folder.path().join("out"), folder.path().join("one.png"), folder.path().join("sheets"));
    let mut command = caixiang();
    command.args(["photo", "--report", "json", "-o"]).arg(&out).arg("--explain").arg(&sheet);
    let output = run(command.arg(photo("grace_hopper.jpg")));
    let rows = rows(&output);
    assert_eq!(rows[0]["error"], Value::Null, "{rows:?}");
    assert_eq!(rows[0]["explanation"].as_str(), sheet.to_str());
    let drawn = image::open(&sheet).unwrap();
    assert!(drawn.width() > 480 && drawn.height() > 640);
    run(caixiang().arg("check").arg(&out).arg("--explain").arg(&sheets));
    assert_eq!(names_in(&sheets), ["grace_hopper.png"]);
    assert_eq!(names_in(&out), ["grace_hopper.jpg"]);
}

#[test]
#[cfg(unix)]
fn a_full_disk_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    // A limit on the size of files stops a write half-way as a full disk does, without being root.
    let output = run(Command::new("bash")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "bash", env!("CARGO_BIN_EXE_caixiang")])
        .env("CAIXIANG_CACHE", cache())
        .args(["photo", "--report", "json", "-o"])
        .arg(folder.path())
        .arg(photo("astronaut.png")));
    assert_eq!(code(&output), 3, "{output:?}");
    assert_eq!(rows(&output)[0]["error"]["code"], "output.disk_full");
    assert_eq!(names_in(folder.path()), [""; 0]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_file_system_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=12k", "none"])
        .arg(folder.path())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !mounted {
        // Only root may mount; the test above covers the same path with a limit instead.
        return;
    }
    let output = caixiang()
        .args(["photo", "--report", "json", "-o"])
        .arg(folder.path())
        .arg(photo("astronaut.png"))
        .output();
    let left = names_in(folder.path());
    Command::new("umount").arg(folder.path()).status().unwrap();
    let output = output.unwrap();
    assert_eq!(code(&output), 3, "{output:?}");
    assert_eq!(rows(&output)[0]["error"]["code"], "output.disk_full");
    assert_eq!(left, [""; 0]);
}

#[test]
#[cfg(unix)]
fn nobody_reading_the_report_is_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    for task in ["photo", "check", "presets"] {
        let mut command = caixiang();
        command.arg(task).stdout(Stdio::piped()).stderr(Stdio::piped());
        match task {
            "photo" => command.arg("-o").arg(folder.path()).arg(photo("astronaut.png")),
            "check" => command.arg(photo("astronaut.png")).arg(photo("grace_hopper.jpg")),
            _ => &mut command,
        };
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.is_empty() && [0, 1].contains(&code(&output)), "{task}: {output:?}");
    }
    // The photo was the point, the report was not.
    assert_eq!(names_in(folder.path()), ["astronaut.jpg"]);
    let full = std::fs::File::create("/dev/full").unwrap();
    let output = run(caixiang().arg("presets").stdout(full));
    assert_eq!(code(&output), 2);
    assert!(String::from_utf8_lossy(&output.stderr).contains("report.failed"));
}

#[test]
#[cfg(unix)]
fn stopping_leaves_nothing_half_written() {
    let folder = tempfile::tempdir().unwrap();
    let (source, out) = (folder.path().join("in"), folder.path().join("out"));
    std::fs::create_dir(&source).unwrap();
    for number in 0..60 {
        std::fs::copy(photo("grace_hopper.jpg"), source.join(format!("{number:02}.jpg"))).unwrap();
    }
    let child = caixiang()
        .args(["photo", "-o"])
        .arg(&out)
        .arg(&source)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let start = std::time::Instant::now();
    while names_in(&out).iter().filter(|name| name.ends_with(".jpg")).count() < 3 {
        assert!(start.elapsed().as_secs() < 120, "no photo after two minutes");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let stopped = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(stopped.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 130, "{output:?}");
    let names = names_in(&out);
    assert!(names.len() < 60, "it ran to the end");
    for name in names {
        assert!(name.ends_with(".jpg"), "{name} was left behind");
        let bytes = std::fs::read(out.join(&name)).unwrap();
        assert!(bytes.starts_with(b"\xff\xd8") && bytes.ends_with(b"\xff\xd9"), "{name} is not whole");
    }
}

#[test]
fn presets_are_explained_in_both_languages() {
    for lang in ["zh", "en"] {
        let output = run(caixiang().args(["presets", "--lang", lang]));
        assert_eq!(code(&output), 0);
        insta::assert_snapshot!(format!("presets_{lang}"), String::from_utf8(output.stdout).unwrap());
    }
    let output = run(caixiang().args(["presets", "id-card", "--report", "json"]));
    let rows = rows(&output);
    assert_eq!((rows.len(), rows[0]["width_px"].as_u64()), (1, Some(358)));
}
