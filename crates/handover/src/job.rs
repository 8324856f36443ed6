//! A hand-over step by step: the thread that owns the photos gives one after the other, and can stop at any.

use sha2::{Digest, Sha256};

use crate::error::HandoverError;
use crate::place::Place;
use crate::plan::Plan;
use crate::target::Target;

/// A hand-over that is under way. Dropped, it leaves nothing that looks whole: no archive, or a folder that
/// a new job with the same plan goes on with.
pub struct Job {
    plan: Plan,
    place: Place,
    done: Vec<bool>,
    /// All photos before this one are done.
    next: usize,
    progress: Progress,
    broken: bool,
}

/// How far a hand-over is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Photos that are there.
    pub photos: usize,
    /// Of these, photos that an earlier job had written.
    pub found: usize,
    /// Photos of the plan.
    pub photos_total: usize,
    /// Bytes of the photos that are there.
    pub bytes: u64,
    /// Bytes of all photos of the plan.
    pub bytes_total: u64,
}

/// What was handed over.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// How far it got: to the end.
    pub progress: Progress,
    /// Lists and index.
    pub documents: usize,
    /// The plan, to [check](crate::check) what was written against.
    pub plan: Plan,
}

impl Job {
    /// Begins, or goes on with a folder that broke off. For a folder and for archives it is known before the first byte
    /// whether all of it fits, where the system says. For [`Target::Age`] this takes about a second.
    ///
    /// # Errors
    /// [`HandoverError::NoSpace`], [`HandoverError::FileTooLarge`], [`HandoverError::FolderTooFull`],
    /// [`HandoverError::FolderInUse`], or when the file system refuses.
    pub fn start(plan: Plan, target: &Target) -> Result<Self, HandoverError> {
        let place = Place::begin(&plan, target)?;
        let progress = Progress {
            photos: 0,
            found: 0,
            photos_total: plan.photos.len(),
            bytes: 0,
            bytes_total: plan.photos.iter().map(|photo| photo.size).sum(),
        };
        Ok(Self { done: vec![false; plan.photos.len()], plan, place, next: 0, progress, broken: false })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The next photo of the plan that is not there yet; those that an earlier job left whole are passed over.
    ///
    /// # Errors
    /// When what is there cannot be read.
    pub fn next_wanted(&mut self) -> Result<Option<usize>, HandoverError> {
        while let Some(photo) = self.plan.photos.get(self.next) {
            let is_done = self.done.get(self.next).copied().unwrap_or(true);
            if !is_done {
                if !self.place.has(photo.path.as_str(), photo.size, photo.sha256)? {
                    return Ok(Some(self.next));
                }
                self.progress.found += 1;
                self.count(self.next);
            }
            self.next += 1;
        }
        Ok(None)
    }

    /// Writes a photo of the plan, unless it was written before.
    ///
    /// # Errors
    /// [`HandoverError::NoSuchPhoto`]; [`HandoverError::PhotoDiffers`] where size or sum are not those of the plan, with
    /// nothing written; [`HandoverError::DiskFull`], [`HandoverError::PlaceLost`] or when the file system refuses: then
    /// this job is over, and a new one can go on.
    pub fn put_photo(&mut self, photo: usize, bytes: &[u8]) -> Result<(), HandoverError> {
        if self.broken {
            return Err(HandoverError::BrokenOff);
        }
        let planned = self.plan.photos.get(photo).ok_or(HandoverError::NoSuchPhoto { photo })?;
        if self.done.get(photo) == Some(&true) {
            return Ok(());
        }
        let sha256: [u8; 32] = Sha256::digest(bytes).into();
        if bytes.len() as u64 != planned.size || sha256 != planned.sha256 {
            return Err(HandoverError::PhotoDiffers { photo });
        }
        let written = self.place.put_photo(planned.path.as_str(), bytes);
        self.broken = written.is_err();
        written.map(|()| self.count(photo))
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// Writes lists, index and sums and makes all of it durable. From then on, and not before, it looks whole.
    ///
    /// # Errors
    /// [`HandoverError::Incomplete`] where photos are missing: a photo that cannot be had needs another plan.
    /// Otherwise as [`put_photo`](Self::put_photo).
    pub fn finish(mut self) -> Result<Report, HandoverError> {
        if self.broken {
            return Err(HandoverError::BrokenOff);
        }
        self.next_wanted()?;
        let missing = self.progress.photos_total - self.progress.photos;
        if missing > 0 {
            return Err(HandoverError::Incomplete { missing });
        }
        self.place.finish(&self.plan)?;
        Ok(Report { progress: self.progress, documents: self.plan.documents.len(), plan: self.plan })
    }

    fn count(&mut self, photo: usize) {
        if let (Some(done), Some(planned)) = (self.done.get_mut(photo), self.plan.photos.get(photo)) {
            *done = true;
            self.progress.photos += 1;
            self.progress.bytes += planned.size;
        }
    }
}
