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
