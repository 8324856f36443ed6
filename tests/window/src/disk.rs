//! Disks and sticks in memory, mounted as long as they live: small ones, full ones, such as cannot be written to.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the system mounts what is plugged in: what is there is a stick to the kiosk.
const STICKS: &str = "/media/caixiang-window";
/// What is written at once to fill a disk.
const PIECE: usize = 64 << 10;

/// A mounted disk.
pub struct Disk {
    folder: PathBuf,
}

impl Disk {
    /// Of so many megabytes, at a folder, which is made.
    ///
    /// # Panics
    /// Where it cannot be mounted: that takes root.
    pub fn at(folder: &Path, megabytes: u64) -> Self {
        fs::create_dir_all(folder).expect("a folder to mount at");
        mount(&["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"], folder);
        Self { folder: folder.to_owned() }
    }

    /// A stick with a name.
    pub fn stick(name: &str, megabytes: u64) -> Self {
        Self::at(&Path::new(STICKS).join(name), megabytes)
    }

    /// Its switch against writing is set.
    pub fn protect(&self) {
        mount(&["-o", "remount,ro"], &self.folder);
    }

    /// Nothing more fits on it.
    ///
    /// # Panics
    /// Where something other than its size ends it.
    pub fn fill(&self) {
        let mut file = fs::File::create(self.folder.join("full")).expect("a file");
        let error = loop {
            if let Err(error) = file.write_all(&[0; PIECE]) {
                break error;
            }
        };
        assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
    }
}

fn mount(options: &[&str], folder: &Path) {
    let done = Command::new("mount").args(options).arg(folder).status().expect("mount");
    assert!(done.success(), "{} cannot be mounted", folder.display());
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Where it is gone already, there is nothing to do.
        drop(Command::new("umount").arg("-l").arg(&self.folder).output());
        drop(fs::remove_dir(&self.folder));
    }
}
