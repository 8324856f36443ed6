//! What the disk takes, asked before anything is written: free space, the largest file, the fullest folder.
//!
//! Known on Linux. Elsewhere nothing is known beforehand, and a full disk is found when it is full.

use std::collections::HashMap;
use std::path::Path;

use crate::error::HandoverError;
use crate::plan::Plan;

/// Largest file on FAT: its size is kept in 32 bits.
const FAT_MAX_FILE: u64 = u32::MAX as u64;
/// Most entries of a folder on FAT: its size is kept in 16 bits of 32-byte entries, two of them its own.
const FAT_MAX_ENTRIES: u64 = 65_534;
/// What a zip needs for an entry beside content and twice its path: headers, sizes in 64 bits, salt and code of AES.
const ZIP_ENTRY_BYTES: u64 = 256;
/// Kept free for folders and the file system's own records.
const MARGIN_BYTES: u64 = 1 << 20;

/// What a disk takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Volume {
    pub(crate) free: u64,
    pub(crate) block: u64,
    pub(crate) fat: bool,
}

/// Bytes that can still be written where a folder is; `None` where the system does not say.
pub fn free_bytes(folder: &Path) -> Option<u64> {
    Volume::of(folder).ok().flatten().map(|volume| volume.free)
}

impl Volume {
    /// The disk that a folder is on; `None` where the system does not say.
    pub(crate) fn of(folder: &Path) -> Result<Option<Self>, HandoverError> {
        #[cfg(target_os = "linux")]
        {
            // MSDOS_SUPER_MAGIC; exFAT has another one and none of these limits.
            const FAT: u64 = 0x4d44;
            let stat = rustix::fs::statfs(folder).map_err(std::io::Error::from)?;
            let block = u64::try_from(stat.f_bsize).unwrap_or(4096).max(1);
            let kind = u64::try_from(stat.f_type).unwrap_or(0);
            Ok(Some(Self { free: stat.f_bavail.saturating_mul(block), block, fat: kind == FAT }))
        }
        #[cfg(not(target_os = "linux"))]
        {
            folder.metadata()?;
            Ok(None)
        }
    }

    /// Whether the files fit one by one, those that `there` says are there already left out.
    pub(crate) fn takes_files(
        &self,
        plan: &Plan,
        there: impl Fn(&str, u64) -> bool,
    ) -> Result<(), HandoverError> {
        let mut needed = MARGIN_BYTES;
        let mut entries: HashMap<&str, u64> = HashMap::new();
        for (path, size) in plan.files() {
            self.takes_file(size)?;
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            // A long name takes an entry for every 13 units of UTF-16, and one more.
            *entries.entry(folder).or_default() += 1 + (name.encode_utf16().count() as u64).div_ceil(13);
            if !there(path, size) {
                needed += size.next_multiple_of(self.block);
            }
        }
        let fullest = entries.into_values().max().unwrap_or(0);
        if self.fat && fullest > FAT_MAX_ENTRIES {
            return Err(HandoverError::FolderTooFull { needed: fullest, max: FAT_MAX_ENTRIES });
        }
        self.takes(needed)
    }

    /// Whether an archive of all files fits.
    pub(crate) fn takes_archive(&self, plan: &Plan) -> Result<(), HandoverError> {
        let entry = |(path, size): (&str, u64)| size + ZIP_ENTRY_BYTES + 2 * path.len() as u64;
        let archive: u64 = plan.files().map(entry).sum();
        // age adds 16 bytes to every 64 KiB and a header.
        let archive = archive + archive / 4096 + 1024;
        self.takes_file(archive)?;
        self.takes(archive + MARGIN_BYTES)
    }

    fn takes_file(&self, needed: u64) -> Result<(), HandoverError> {
        if self.fat && needed > FAT_MAX_FILE {
            return Err(HandoverError::FileTooLarge { needed, max: FAT_MAX_FILE });
        }
        Ok(())
    }

    fn takes(&self, needed: u64) -> Result<(), HandoverError> {
        if needed > self.free {
            return Err(HandoverError::NoSpace { needed, free: self.free });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::PhotoPath;
    use crate::plan::PlannedPhoto;

    const STICK: Volume = Volume { free: 60 << 30, block: 32 << 10, fat: true };
    const DISK: Volume = Volume { free: 60 << 30, block: 4096, fat: false };

    fn plan(count: usize, size: u64) -> Plan {
        let photo = |student| PlannedPhoto {
            student,
            path: PhotoPath::for_tests(&format!("photos/20220000{student:06}.jpg")),
            size,
            sha256: [0; 32],
        };
        Plan::for_tests((0..count).map(photo).collect())
    }

    fn check(volume: Volume, plan: &Plan, files: Result<(), &str>, archive: Result<(), &str>) {
        let code = |result: Result<(), HandoverError>| result.map_err(|error| error.code());
        assert_eq!(code(volume.takes_files(plan, |_, _| false)), files);
        assert_eq!(code(volume.takes_archive(plan)), archive);
    }

    #[test]
    fn what_fat_does_not_take() {
        check(STICK, &plan(5000, 40_000), Ok(()), Ok(()));
        // A folder of 5 GB is many files there, and an archive of it one.
        check(STICK, &plan(250, 20 << 20), Ok(()), Err("handover.file_too_large"));
        check(STICK, &plan(1, 4 << 30), Err("handover.file_too_large"), Err("handover.file_too_large"));
        check(STICK, &plan(21_844, 1000), Ok(()), Ok(()));
        check(STICK, &plan(21_845, 1000), Err("handover.folder_too_full"), Ok(()));
        for plan in [plan(250, 20 << 20), plan(1, 4 << 30), plan(21_845, 1000)] {
            check(DISK, &plan, Ok(()), Ok(()));
        }
    }

    #[test]
    fn space_is_counted_in_whole_blocks_and_what_is_there_is_left_out() {
        let plan = plan(1000, 1000);
        let small = |free, block| Volume { free, block, fat: false };
        check(small(4 << 20, 512), &plan, Ok(()), Ok(()));
        check(small(4 << 20, 4096), &plan, Err("handover.no_space"), Ok(()));
        check(small(1 << 20, 512), &plan, Err("handover.no_space"), Err("handover.no_space"));
        let there = |path: &str, size| path.ends_with(".jpg") && size == 1000;
        assert!(small(2 << 20, 4096).takes_files(&plan, there).is_ok());
    }
}
