//! Results on disk: names decided before work starts, and files that appear whole or not at all.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};

use crate::batch;
use crate::fault::Fault;
use crate::inputs::Input;

/// Held for reading while a file is written, and for ever by a second signal, which ends the program.
static WRITING: RwLock<()> = RwLock::new(());
/// What our temporary files begin with; hidden, so that no folder walk takes one for a picture.
const TEMPORARY: &str = ".caixiang-";
/// What a shell reports for a program stopped by Ctrl-C.
pub(crate) const INTERRUPTED: u8 = 130;

/// Makes Ctrl-C, SIGTERM and SIGHUP finish the photos in hand and end; `farewell` goes to standard error. Asked twice,
/// the program ends at once, but for a file that is being written.
pub(crate) fn stop_gently(farewell: String) {
    // Without the handler the program still works: a temporary file may stay behind, never half a photo.
    let _ = ctrlc::set_handler(move || {
        if !batch::stop() {
            let _ = writeln!(std::io::stderr(), "\n{farewell}");
            return;
        }
        let _no_write = WRITING.write().unwrap_or_else(PoisonError::into_inner);
        std::process::exit(INTERRUPTED.into());
    });
}

/// The result's path for each input: its stem with `extension`, in `folder`. Equal stems, also those that differ in
/// case only, get `-2`, `-3`, …
///
/// # Errors
/// `output.is_input` where a result would replace one of the inputs.
pub(crate) fn plan(inputs: &[Input], folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Fault> {
    let mut taken = HashSet::new();
    let all: Vec<PathBuf> = inputs
        .iter()
        .map(|input| {
            let stem = input.path().file_stem().unwrap_or(OsStr::new("photo"));
            let mut name = named(stem, 1, extension);
            let mut number = 1;
            while !taken.insert(name.to_string_lossy().to_lowercase()) {
                number += 1;
                name = named(stem, number, extension);
            }
            folder.join(name)
        })
        .collect();
    refuse_inputs(inputs, &all)?;
    Ok(all)
}

/// # Errors
/// `output.is_input` where a result would replace one of the inputs.
pub(crate) fn refuse_inputs(inputs: &[Input], outputs: &[PathBuf]) -> Result<(), Fault> {
    let originals: HashSet<PathBuf> = inputs.iter().filter_map(|i| i.path().canonicalize().ok()).collect();
    // A result that does not exist yet replaces nothing.
    match outputs.iter().find(|path| path.canonicalize().is_ok_and(|path| originals.contains(&path))) {
        Some(path) => Err(Fault::new("output.is_input").at(path)),
        None => Ok(()),
    }
}

/// The folder of pictures and their paths: `asked` is a `.png` file where one picture was named, otherwise a folder.
///
/// # Errors
/// `output.needs_folder`, `output.is_input`.
pub(crate) fn pictures(
    named: &[PathBuf],
    inputs: &[Input],
    asked: &Path,
) -> Result<(PathBuf, Vec<PathBuf>), Fault> {
    let is_file = asked.extension().is_some_and(|e| e.eq_ignore_ascii_case("png")) && !asked.is_dir();
    if !is_file {
        return Ok((asked.to_path_buf(), plan(inputs, asked, "png")?));
    }
    // One picture in a folder today may be two tomorrow: a file is a place for a file only.
    if inputs.len() != 1 || named.iter().any(|path| path.is_dir()) {
        return Err(Fault::new("output.needs_folder").at(asked));
    }
    let outputs = vec![asked.to_path_buf()];
    refuse_inputs(inputs, &outputs)?;
    let folder = asked.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok((folder.to_path_buf(), outputs))
}

/// A picture as the bytes of a PNG.
pub(crate) fn png(
    pixels: &[u8],
    (width, height): (u32, u32),
    colour: ExtendedColorType,
) -> Result<Vec<u8>, image::ImageError> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Fast, FilterType::Adaptive)
        .write_image(pixels, width, height, colour)?;
    Ok(bytes)
}

fn named(stem: &OsStr, number: usize, extension: &str) -> OsString {
    let mut name = stem.to_owned();
    if number > 1 {
        name.push(format!("-{number}"));
    }
    name.push(".");
    name.push(extension);
    name
}

/// Makes a folder for results.
pub(crate) fn make_folder(folder: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(folder).map_err(|error| Fault::new("output.no_folder").at(folder).because(&error))
}

/// Writes a file so that it is either there whole, on disk, or not at all: a temporary file in the same folder, synced,
/// renamed.
///
/// # Errors
/// `output.disk_full`, `output.no_permission`, `output.is_folder` or `output.failed`.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let _writing = WRITING.read().unwrap_or_else(PoisonError::into_inner);
    write_whole(path, bytes).map_err(|error| {
        let code = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => "output.disk_full",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => "output.no_permission",
            ErrorKind::IsADirectory => "output.is_folder",
            _ => "output.failed",
        };
        Fault::new(code).at(path).because(&error)
    })
}

fn write_whole(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if path.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    // Temporary files are private by default; a photo is to have the rights that the umask gives.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The rename itself is on disk only when the folder is. Windows has no such call.
    #[cfg(unix)]
    std::fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(paths: &[&str]) -> Vec<Input> {
        paths.iter().map(|path| Input::Picture(PathBuf::from(path))).collect()
    }

    #[test]
    fn equal_stems_get_numbers() {
        let inputs = pictures(&["x/a.png", "y/a.jpg", "a-2.jpg", "A.tif", "b.jpg", "学号.jpg"]);
        let planned = plan(&inputs, Path::new("o"), "jpg").unwrap();
        let names: Vec<_> = planned.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["a.jpg", "a-2.jpg", "a-2-2.jpg", "A-3.jpg", "b.jpg", "学号.jpg"]);
    }

    #[test]
    fn an_original_is_never_a_result() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        std::fs::write(&path, b"x").unwrap();
        let inputs = vec![Input::Picture(path)];
        assert_eq!(plan(&inputs, folder.path(), "jpg").unwrap_err().code, "output.is_input");
        assert!(plan(&inputs, folder.path(), "png").is_ok());
    }

    #[test]
    fn a_failed_write_leaves_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"two");
        assert_eq!(write(folder.path(), b"x").unwrap_err().code, "output.is_folder");
        assert_eq!(write(&path.join("b.jpg"), b"x").unwrap_err().code, "output.failed");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
