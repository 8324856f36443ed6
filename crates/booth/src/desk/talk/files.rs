//! Hand-overs, work that takes long, and folders to choose from.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{Language, Notice};

/// What a hand-over is asked to be.
#[derive(Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandoverWanted {
    /// How photos are named, such as `{class}/{student_number}_{name}.jpg`.
    pub template: String,
    /// `folder`, `zip`, `zip_aes` or `age`.
    pub target: String,
    /// ID numbers are masked in the lists.
    pub masked: bool,
    /// With an index for school-photo software.
    pub index: bool,
    /// The language of the lists.
    pub language: Language,
}

impl std::fmt::Debug for HandoverWanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HandoverWanted").field("target", &self.target).finish_non_exhaustive()
    }
}

/// What a hand-over would be made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HandoverView {
    /// Photos.
    pub photos: u32,
    /// Students without a photo to hand over.
    pub missing: u32,
    /// Of these, by reason: code and how many.
    pub reasons: Vec<ReasonCount>,
    /// Parcels of the mailing list.
    pub parcels: u32,
    /// Bytes of all of it.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The first names of photos.
    pub names: Vec<String>,
    /// What is wrong with names: the first 100.
    pub problems: Vec<NameProblemView>,
    /// How many problems stand in the way.
    pub blocking: u32,
    /// What staff should know: codes.
    pub warnings: Vec<String>,
    /// Fields that a template may have.
    pub fields: Vec<String>,
}

/// A reason and how many have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReasonCount {
    /// Its code.
    pub code: String,
    /// How many.
    pub count: u32,
}

/// What is wrong with the name of a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NameProblemView {
    /// Whose.
    pub student: String,
    /// `missing`, `clash`, `too_long` or `changed`.
    pub code: String,
    /// The field, or the other student.
    pub detail: String,
    /// Nothing can be written before it is put right.
    pub blocking: bool,
}

/// Work that takes long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobView {
    /// `handover`.
    pub what: String,
    /// `writing`, `checking`, `done` or `failed`.
    pub stage: String,
    /// Photos that are there.
    pub done: u32,
    /// Photos in all.
    pub total: u32,
    /// Of these, such as an earlier try had written.
    pub found: u32,
    /// Where it is.
    pub path: String,
    /// Why it failed.
    pub failure: Option<Notice>,
    /// What the check found wrong: the first 20 paths.
    pub problems: Vec<String>,
}

/// A folder, or the places to begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderView {
    /// The folder; none for the places.
    pub path: Option<String>,
    /// The folder above; none where the places are.
    pub above: Option<String>,
    /// What is in it, folders first.
    pub entries: Vec<FolderEntry>,
    /// More was there than is listed.
    pub cut: bool,
}

/// A file, a folder or a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FolderEntry {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: String,
    /// `folder`, `file`, `usb`, `home` or `disk`.
    pub what: String,
    /// Size of a file, bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// When it was changed, local time.
    pub changed: String,
}
