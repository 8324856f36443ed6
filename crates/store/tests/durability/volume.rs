//! A file system of its own, on a loop device or in memory, that can be filled, cut off and mounted again.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Runs a tool; a missing or failing tool fails the test.
pub(crate) fn run(tool: &str, arguments: &[&str]) {
    let output =
        Command::new(tool).args(arguments).output().unwrap_or_else(|error| panic!("{tool}: {error}"));
    assert!(output.status.success(), "{tool} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What kind of file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Ext4,
    Xfs,
    Memory,
}

/// A mounted file system.
pub(crate) struct Volume {
    folder: TempDir,
    kind: Kind,
    mounted: bool,
}

impl Volume {
    pub(crate) fn new(kind: Kind, megabytes: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("mount")).unwrap();
        std::fs::create_dir(folder.path().join("outside")).unwrap();
        let image = folder.path().join("image");
        std::fs::File::create(&image).unwrap().set_len(u64::from(megabytes) << 20).unwrap();
        let path = image.to_str().unwrap();
        match kind {
            Kind::Ext4 => run("mkfs.ext4", &["-q", path]),
            Kind::Xfs => run("mkfs.xfs", &["-q", path]),
            Kind::Memory => {}
        }
        let mut volume = Self { folder, kind, mounted: false };
        if kind == Kind::Memory {
            let size = format!("size={megabytes}m");
            run("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", volume.path().to_str().unwrap()]);
            volume.mounted = true;
        } else {
            volume.mount();
        }
        volume
    }

    /// Where it is mounted.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("mount")
    }

    /// A folder on another disk, for the secret.
    pub(crate) fn outside(&self) -> PathBuf {
        self.folder.path().join("outside")
    }

    pub(crate) fn mount(&mut self) {
        let image = self.folder.path().join("image");
        run("mount", &["-o", "loop", image.to_str().unwrap(), self.path().to_str().unwrap()]);
        self.mounted = true;
    }

    /// Cuts the file system off: what is not on the disk now is lost.
    pub(crate) fn cut(&self) {
        run("xfs_io", &["-x", "-c", "shutdown", self.path().to_str().unwrap()]);
    }

    pub(crate) fn unmount(&mut self) {
        // A process that a test beside this one is just starting holds our files open until its program begins.
        const TRIES: u32 = 50;
        let path = self.path();
        let unmounted = || {
            let output = Command::new("umount").arg(&path).output();
            output.unwrap_or_else(|error| panic!("umount: {error}")).status.success()
        };
        let pause = || std::thread::sleep(std::time::Duration::from_millis(100));
        assert!(
            (0..TRIES).any(|_| unmounted() || {
                pause();
                false
            }),
            "{} stays busy",
            path.display()
        );
        self.mounted = false;
    }

    /// Makes a file system in memory larger.
    pub(crate) fn grow(&self, megabytes: u32) {
        assert_eq!(self.kind, Kind::Memory);
        let option = format!("remount,size={megabytes}m");
        run("mount", &["-o", &option, self.path().to_str().unwrap()]);
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        if self.mounted {
            Command::new("umount").args([Path::new("-l"), &self.path()]).status().ok();
        }
    }
}
