//! Linux: where staff's files are.

use std::path::{Path, PathBuf};

use crate::desk::Place;

/// Where the desktop and udisks mount what is plugged in.
const MOUNTS: [&str; 2] = ["/media", "/run/media"];

/// Places to begin with: what is plugged in, the home folder, the whole disk.
pub(crate) fn places() -> Vec<Place> {
    let mut places: Vec<Place> = mounted(&std::fs::read_to_string("/proc/self/mounts").unwrap_or_default())
        .into_iter()
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            Place { name: name.unwrap_or_default(), path, what: "usb" }
        })
        .collect();
    if let Some(home) = std::env::var_os("HOME").map(PathBuf::from) {
        places.push(Place { name: String::new(), path: home, what: "home" });
    }
    places.push(Place { name: String::new(), path: PathBuf::from("/"), what: "disk" });
    places
}

/// Mount points of what is plugged in, from the kernel's table.
fn mounted(table: &str) -> Vec<PathBuf> {
    table
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .map(|path| PathBuf::from(plain(path)))
        .filter(|path| MOUNTS.iter().any(|mounts| path.starts_with(mounts) && path != Path::new(mounts)))
        .collect()
}

/// A path of the table: spaces and the like stand there as octal numbers.
fn plain(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let octal = after.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) if first == b'\\' => {
                bytes.push(byte);
                rest = &after[3..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sticks_are_found_with_spaces_in_their_names() {
        let table = "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/kiosk/MY\\040STICK vfat rw 0 0\nx /media tmpfs rw 0 0\n";
        assert_eq!(mounted(table), [PathBuf::from("/media/kiosk/MY STICK")]);
    }
}
