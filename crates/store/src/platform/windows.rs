//! Windows: the Credential Manager keeps secrets, the user's profile makes files private.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Writes a new file into a folder that inherits the user's access list, and makes it durable. Fails where there is
/// one already.
pub(crate) fn create_private(path: &Path, content: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// NTFS writes a rename to its journal itself, and a folder cannot be flushed without rights over the volume.
pub(crate) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
