//! A folder that is handed over: what was there before stays, and the list of sums is what makes it whole.
//!
//! The list is written first under another name: it says what the folder is, so that a hand-over that broke off is
//! known and gone on with. It gets its own name last, when every file is durable.

use std::collections::HashSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::HandoverError;
use crate::files;
use crate::plan::{Plan, SUMS};
use crate::volume::Volume;

/// A folder that is being written to.
pub(crate) struct Folder {
    root: PathBuf,
    identity: Option<(u64, u64)>,
    made: HashSet<PathBuf>,
}

impl Folder {
    pub(crate) fn begin(plan: &Plan, root: &Path) -> Result<Self, HandoverError> {
        match fs::create_dir(root) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error.into()),
            _ => {}
        }
        let sums = root.join(SUMS);
        let part = files::aside(&sums);
        let ours = sums.try_exists()? || part.try_exists()?;
        if !ours && fs::read_dir(root)?.next().is_some() {
            return Err(HandoverError::FolderInUse);
        }
        if let Some(volume) = Volume::of(root)? {
            let there =
                |path: &str, size| fs::metadata(root.join(path)).is_ok_and(|found| found.len() == size);
            volume.takes_files(plan, there)?;
        }
        let written = fs::write(&part, &plan.sums).and_then(|()| remove(&sums));
        if let Err(error) = written {
            if !ours {
                fs::remove_file(&part).ok();
            }
            return Err(error.into());
        }
        Ok(Self { root: root.to_owned(), identity: files::identity(root)?, made: HashSet::new() })
    }

    pub(crate) fn has(&self, path: &str, size: u64, sha256: [u8; 32]) -> Result<bool, HandoverError> {
        let path = self.root.join(path);
        match fs::metadata(&path) {
            Ok(found) if found.is_file() && found.len() == size => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        // The size alone says little after a power cut: it may be all zeros.
        let found: [u8; 32] = Sha256::digest(fs::read(&path)?).into();
        Ok(found == sha256)
    }

    pub(crate) fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), HandoverError> {
        self.still_there()?;
        let path = self.root.join(path);
        if let Some(folder) = path.parent()
            && !self.made.contains(folder)
        {
            fs::create_dir_all(folder)?;
            self.made.insert(folder.to_owned());
        }
        Ok(files::write(&path, bytes)?)
    }

    pub(crate) fn finish(mut self, plan: &Plan) -> Result<(), HandoverError> {
        for document in &plan.documents {
            self.put(&document.path, &document.bytes)?;
        }
        self.still_there()?;
        let root = &self.root;
        files::settle(root, plan.files().filter(|(path, _)| *path != SUMS).map(|(path, _)| root.join(path)))?;
        self.still_there()?;
        Ok(files::write_durable(&root.join(SUMS), &plan.sums)?)
    }

    /// When a stick is pulled, its mount point may stay: a folder of the system's own disk, where nothing of this may go.
    fn still_there(&self) -> Result<(), HandoverError> {
        if files::identity(&self.root)? == self.identity {
            return Ok(());
        }
        Err(HandoverError::PlaceLost(io::Error::from(ErrorKind::NotFound)))
    }
}

/// Removes a file that may not be there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
