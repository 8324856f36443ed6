//! `run`: the kiosk in a window, with portraits for a camera where none is plugged in.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow, bail};

use crate::fetch::Network;
use crate::manifest::{Catalogue, Need};
use crate::place::Place;
use crate::work::{self, Profile, cargo, exit_code, status};
use crate::{platform, setup, ui};

/// The window's program.
const KIOSK: &str = "caixiang-kiosk";
/// The command-line program, which makes the camera's frames.
const CLI: &str = "caixiang";

/// Sets up, builds page and program, and opens the window; `given` goes to the program.
pub(crate) fn run(
    place: &Place,
    catalogue: &Catalogue,
    fullscreen: bool,
    given: &[OsString],
) -> Result<ExitCode> {
    platform::display().map_err(|missing| anyhow!("{missing}"))?;
    setup::run(place, catalogue, &[Need::Run], Network::Allowed)?;
    ui::build(place)?;
    let mut build = cargo(place);
    // With the features that the tests build with, so that neither builds anew what the other has built.
    build.args(["build", "--workspace", "--bin", KIOSK, "--bin", CLI]);
    if status(build)? != 0 {
        bail!("the kiosk could not be built");
    }
    let programs = work::programs(place, Profile::Dev)?;
    let demo = place.repo.join("out/demo");
    let frames = demo.join("camera");
    frame_photos(place, catalogue, &programs, &frames)?;

    println!("\nOrders, photos and logs of this demonstration: {}", demo.display());
    println!("Remove that folder to begin anew. Close the window to end.\n");
    let mut kiosk = Command::new(program(&programs, KIOSK));
    kiosk.args(arguments(place, &demo, &frames, fullscreen, given)).current_dir(&place.repo);
    Ok(exit_code(status(kiosk)?))
}

/// What the demonstration camera shows: frames of the demonstration portraits, made anew.
fn frame_photos(place: &Place, catalogue: &Catalogue, programs: &Path, frames: &Path) -> Result<()> {
    if frames.exists() {
        std::fs::remove_dir_all(frames).with_context(|| format!("cannot empty {}", frames.display()))?;
    }
    let mut make = Command::new(program(programs, CLI));
    make.arg("demo-frames").arg("-o").arg(frames);
    make.args(catalogue.demo.photos.iter().map(|photo| place.cached(photo)));
    match status(make)? {
        0 => Ok(()),
        code => bail!("the frames of the demonstration camera could not be made (exit code {code})"),
    }
}

/// What the kiosk is started with: the demonstration, but for options that are given otherwise.
fn arguments(
    place: &Place,
    demo: &Path,
    frames: &Path,
    fullscreen: bool,
    given: &[OsString],
) -> Vec<OsString> {
    let with = |name: &str, value: PathBuf| vec![OsString::from(name), value.into_os_string()];
    let mut own = vec![
        with("--cache", place.cache.clone()),
        with("--data", demo.join("data")),
        with("--config", demo.join("config")),
        vec!["--demonstration".into()],
        with("--stills", frames.to_path_buf()),
    ];
    if !fullscreen {
        own.push(vec!["--windowed".into()]);
        own.push(vec!["--size".into(), "1920x1080".into()]);
    }
    let is_given = |option: &OsString| {
        let option = option.to_string_lossy();
        given.iter().any(|given| {
            let given = given.to_string_lossy();
            given == option || given.strip_prefix(&*option).is_some_and(|rest| rest.starts_with('='))
        })
    };
    let kept = own.into_iter().filter(|option| option.first().is_some_and(|name| !is_given(name)));
    kept.flatten().chain(given.iter().cloned()).collect()
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", platform::PROGRAM_ENDING))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(fullscreen: bool, given: &[&str]) -> String {
        let place = Place { repo: "/repo".into(), cache: "/cache".into() };
        let given: Vec<OsString> = given.iter().map(OsString::from).collect();
        let demo = Path::new("/repo/out/demo");
        let all = arguments(&place, demo, &demo.join("camera"), fullscreen, &given);
        all.iter().map(|argument| argument.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    #[cfg(unix)]
    fn the_demonstration_is_in_a_window_unless_asked_otherwise() {
        let places = "--cache /cache --data /repo/out/demo/data --config /repo/out/demo/config \
                      --demonstration --stills /repo/out/demo/camera";
        assert_eq!(line(false, &[]), format!("{places} --windowed --size 1920x1080"));
        assert_eq!(line(true, &[]), places);
        assert_eq!(line(true, &["--watch", "in"]), format!("{places} --watch in"));
    }

    #[test]
    fn what_is_given_is_said_once() {
        for given in [&["--size", "1080x1920"][..], &["--size=1080x1920"], &["--data", "/d", "--windowed"]] {
            let line = line(false, given);
            assert!(line.ends_with(&given.join(" ")), "{line}");
            for option in ["--cache", "--data", "--config", "--size", "--windowed", "--stills"] {
                assert_eq!(line.matches(option).count(), 1, "{option} in {line}");
            }
        }
    }
}
