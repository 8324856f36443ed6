//! From what stands on the command line to a list of pictures: files, many files, folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use caixiang_portrait::source::SourceError;
use walkdir::WalkDir;

use crate::fault::Fault;

/// What counts as a picture inside a folder. HEIC and AVIF cannot be read, and are said so rather than passed over.
const EXTENSIONS: [&str; 17] = [
    "jpg", "jpeg", "jpe", "jfif", "png", "tif", "tiff", "webp", "bmp", "gif", "ppm", "pgm", "pbm", "pnm",
    "heic", "heif", "avif",
];

/// One thing to work on, or why it cannot be.
#[derive(Debug)]
pub(crate) enum Input {
    Picture(PathBuf),
    Unusable { path: PathBuf, fault: Fault },
}

impl Input {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Picture(path) | Self::Unusable { path, .. } => path,
        }
    }
}

/// Everything that was asked for, in the order of the command line and sorted by name inside each folder. A picture
/// that is named twice is taken once. Folders for results are not walked into: a second run would find its own work.
pub(crate) fn gather(named: &[PathBuf], results: &[&Path]) -> Vec<Input> {
    let results: Vec<_> = results.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    for path in named {
        if path.is_dir() {
            walk(path, &results, &mut seen, &mut all);
        } else if seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
            // Whether it can be read is found out when it is its turn.
            all.push(Input::Picture(path.clone()));
        }
    }
    all
}

fn walk(folder: &Path, results: &[PathBuf], seen: &mut HashSet<PathBuf>, all: &mut Vec<Input>) {
    let hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    let entries = WalkDir::new(folder)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter()
        // Hidden files are other programs' (macOS puts `._IMG.jpg` beside every picture).
        .filter_entry(|entry| {
            entry.depth() == 0
                || !(hidden(entry.file_name())
                    || entry.file_type().is_dir() && is_among(entry.path(), results))
        });
    let before = all.len();
    let mut skipped = 0_usize;
    for entry in entries {
        match entry {
            Ok(entry) if entry.file_type().is_file() && has_known_extension(entry.path()) => {
                let path = entry.into_path();
                if seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone())) {
                    all.push(Input::Picture(path));
                } else {
                    skipped += 1;
                }
            }
            Ok(_) => {}
            // A link that leads back up: what it leads to is walked anyway.
            Err(error) if error.loop_ancestor().is_some() => {}
            Err(error) => {
                let path = error.path().unwrap_or(folder).to_path_buf();
                let fault = match error.io_error().map(std::io::Error::kind) {
                    Some(std::io::ErrorKind::PermissionDenied) => (&SourceError::NoPermission).into(),
                    Some(std::io::ErrorKind::NotFound) => (&SourceError::NotFound).into(),
                    _ => Fault::new("source.unreadable").because(&error),
                };
                all.push(Input::Unusable { path, fault });
            }
        }
    }
    if all.len() == before && skipped == 0 {
        let fault = Fault::new("input.no_pictures").with("offered", EXTENSIONS.join(", "));
        all.push(Input::Unusable { path: folder.to_path_buf(), fault });
    }
}

fn is_among(path: &Path, canonical: &[PathBuf]) -> bool {
    path.canonicalize().is_ok_and(|path| canonical.contains(&path))
}

fn has_known_extension(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    EXTENSIONS.contains(&extension.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(inputs: &[Input], root: &Path) -> Vec<String> {
        inputs.iter().map(|i| i.path().strip_prefix(root).unwrap().display().to_string()).collect()
    }

    #[test]
    fn walks_folders_in_order_and_takes_each_picture_once() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for path in ["b.JPG", "a.png", "notes.txt", ".hidden.jpg", "sub/c.heic", "out/a.jpg"] {
            std::fs::create_dir_all(root.join(path).parent().unwrap()).unwrap();
            std::fs::write(root.join(path), b"x").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(root, root.join("sub/loop")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(root.join("gone"), root.join("sub/dangling.jpg")).unwrap();
        let named = [root.join("b.JPG"), root.to_path_buf(), root.join("missing.jpg")];
        let inputs = gather(&named, &[&root.join("out")]);
        let mut wanted = vec!["b.JPG", "a.png", "sub/c.heic", "sub/dangling.jpg", "missing.jpg"];
        if cfg!(not(unix)) {
            wanted.remove(3);
        }
        assert_eq!(names(&inputs, root), wanted);
    }

    #[test]
    fn an_empty_folder_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = gather(&[folder.path().to_path_buf()], &[]);
        assert!(
            matches!(&inputs[..], [Input::Unusable { fault, .. }] if fault.code == "input.no_pictures"),
            "{inputs:?}"
        );
    }
}
