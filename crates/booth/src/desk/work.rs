//! Work that takes long on a thread of its own, while the desk shows how far it is.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use atomic_write_file::AtomicWriteFile;

use super::Desk;
use super::talk::JobView;
use crate::action::Action;
use crate::event::Event;
use crate::view::{Notice, Role};

/// Begins; what `run` returns is what a check found wrong, and nothing where all is well.
pub(super) fn begin(
    desk: &Desk,
    what: &str,
    stage: &str,
    total: u32,
    path: String,
    run: impl FnOnce(&Desk) -> Result<Vec<String>, Notice> + Send + 'static,
) -> Result<(), Notice> {
    desk.shared.desk.job.begin(JobView {
        what: what.to_owned(),
        stage: stage.to_owned(),
        done: 0,
        total,
        found: 0,
        path,
        failure: None,
        problems: Vec::new(),
    })?;
    let name = what.to_owned();
    let shared = Arc::clone(&desk.shared);
    let desk = desk.clone();
    let started = std::thread::Builder::new().name(name.clone()).spawn(move || {
        // A panic in an encoder costs this work and nothing else.
        let done = catch_unwind(AssertUnwindSafe(|| run(&desk)));
        let result = done.unwrap_or_else(|_| Err(Notice::new("job.broken_off")));
        desk.shared.desk.job.change(|view| match result {
            Ok(problems) if problems.is_empty() => view.stage = "done".to_owned(),
            Ok(problems) => {
                view.stage = "failed".to_owned();
                view.failure = Some(Notice::new(format!("{name}.check_failed")));
                view.problems = problems;
            }
            Err(notice) => {
                view.stage = "failed".to_owned();
                view.failure = Some(notice);
            }
        });
    });
    started.map(drop).map_err(|_| {
        shared.desk.job.change(|view| view.stage = "failed".to_owned());
        Notice::new("desk.busy")
    })
}

/// Whoever waits for long work moves nothing, and the desk would close.
pub(super) fn stay(desk: &Desk) -> Result<(), Notice> {
    desk.ask(Role::Manager, |runner| {
        runner.answers.push_back(Event::Act(Action::Touch));
        Ok(())
    })
}

/// Writes a file that is whole and on the disk, or not there; where it is. One of that name that is there is kept: the
/// new one gets a number behind its name.
pub(super) fn write_new(folder: &Path, name: &str, ending: &str, bytes: &[u8]) -> Result<String, Notice> {
    let name = caixiang_handover::file_name(name);
    let path = free(folder, &name, ending)?;
    let write = || {
        let mut file = AtomicWriteFile::open(&path)?;
        file.write_all(bytes)?;
        file.commit()
    };
    write().map_err(|error: std::io::Error| {
        tracing::error!(%error, "a file could not be written");
        match error.kind() {
            std::io::ErrorKind::StorageFull => Notice::new("files.full"),
            _ => Notice::new("files.unwritable").with("path", folder.display()),
        }
    })?;
    Ok(path.to_string_lossy().into_owned())
}

/// Files of one name in one folder.
const MOST_OF_A_NAME: u32 = 10_000;

/// A path in the folder that nothing has yet: the name, or the name with a number.
pub(super) fn free(folder: &Path, name: &str, ending: &str) -> Result<PathBuf, Notice> {
    let named = |number| match number {
        1 => folder.join(format!("{name}.{ending}")),
        _ => folder.join(format!("{name} {number}.{ending}")),
    };
    let mut paths = (1..MOST_OF_A_NAME).map(named);
    // One writer at a time: nobody else takes the name meanwhile.
    let free = paths.find(|path| !path.exists());
    free.ok_or_else(|| Notice::new("files.unwritable").with("path", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_there_is_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<_> =
            (0..4_u8).map(|number| write_new(folder.path(), "a/b", "pdf", &[number]).unwrap()).collect();
        for (number, path) in (0..4_u8).zip(&paths) {
            assert_eq!(std::fs::read(path).unwrap(), [number]);
        }
        assert_eq!(paths[0], folder.path().join("a_b.pdf").to_string_lossy());
        assert_eq!(paths[3], folder.path().join("a_b 4.pdf").to_string_lossy());
        let gone = write_new(&folder.path().join("none"), "a", "pdf", b"x").unwrap_err();
        assert_eq!(gone.code, "files.unwritable");
    }
}
