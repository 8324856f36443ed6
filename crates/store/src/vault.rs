//! The photo vault: one encrypted file for each picture, named by the photo, made durable before anything refers to it.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use caixiang_domain::PhotoId;
use caixiang_wire::picture as picture_form;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::StoreError;
use crate::keys::{self, Key};
use crate::photos::Which;
use crate::platform;
use crate::store::Durability;

const TEMPORARY: &str = "part";

/// The folder with the photos.
pub(crate) struct Vault {
    folder: PathBuf,
    durability: Durability,
}

/// A picture to be put into the vault, enciphered.
pub(crate) struct Sealed {
    pub(crate) which: Which,
    pub(crate) content: Vec<u8>,
}

/// What a key or a picture is bound to, so that none can stand for another.
pub(crate) fn bound(photo: PhotoId, which: Which, what: &str) -> Vec<u8> {
    format!("caixiang {what} {photo} {}", which.code()).into_bytes()
}

/// Enciphers a picture under its own key.
pub(crate) fn seal(key: &Key, photo: PhotoId, which: Which, picture: &[u8]) -> Result<Sealed, StoreError> {
    let content = picture_form::seal(key, keys::random()?, photo, which.code(), picture);
    Ok(Sealed { which, content: content.map_err(|_| StoreError::Cipher)? })
}

impl Vault {
    pub(crate) fn new(folder: PathBuf, durability: Durability) -> Self {
        Self { folder, durability }
    }

    /// Photos are spread over 256 folders by their last byte, which is random.
    fn shelf(&self, photo: PhotoId) -> PathBuf {
        let last = photo.uuid().into_bytes()[15];
        self.folder.join(format!("{last:02x}"))
    }

    fn path(&self, photo: PhotoId, which: Which) -> PathBuf {
        self.shelf(photo).join(format!("{photo}.{}", which.code()))
    }

    /// Publishes a photo's pictures durably: written, synced, renamed, folder synced. All or none.
    pub(crate) fn publish(&self, photo: PhotoId, pictures: &[Sealed]) -> Result<(), StoreError> {
        let shelf = self.shelf(photo);
        let done = self.try_publish(photo, &shelf, pictures);
        if done.is_err() {
            self.remove(photo).ok();
        }
        done
    }

    fn try_publish(&self, photo: PhotoId, shelf: &Path, pictures: &[Sealed]) -> Result<(), StoreError> {
        if !shelf.is_dir() {
            fs::create_dir(shelf)?;
            self.sync_folder(&self.folder)?;
        }
        for picture in pictures {
            let path = self.path(photo, picture.which).with_added_extension(TEMPORARY);
            let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
            file.write_all(&picture.content)?;
            self.sync_file(&file)?;
        }
        for picture in pictures {
            let path = self.path(photo, picture.which);
            fs::rename(path.with_added_extension(TEMPORARY), &path)?;
        }
        self.sync_folder(shelf)
    }

    fn sync_file(&self, file: &File) -> Result<(), StoreError> {
        match self.durability {
            #[cfg(feature = "weaker-for-tests")]
            Durability::NoFileSync => Ok(()),
            _ => file.sync_all().map_err(failed_sync),
        }
    }

    fn sync_folder(&self, folder: &Path) -> Result<(), StoreError> {
        match self.durability {
            #[cfg(feature = "weaker-for-tests")]
            Durability::NoFolderSync => Ok(()),
            _ => platform::sync_folder(folder).map_err(failed_sync),
        }
    }

    /// Reads and deciphers a picture.
    pub(crate) fn read(
        &self,
        photo: PhotoId,
        which: Which,
        key: &Key,
        size: u64,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let content = self.read_sealed(photo, which, size)?;
        picture_form::open(key, photo, which.code(), &content).map_err(|_| StoreError::PhotoUnreadable(photo))
    }

    /// Reads a picture as it lies here, enciphered.
    pub(crate) fn read_sealed(&self, photo: PhotoId, which: Which, size: u64) -> Result<Vec<u8>, StoreError> {
        let unreadable = |_| StoreError::PhotoUnreadable(photo);
        let path = self.path(photo, which);
        if fs::metadata(&path).map_err(unreadable)?.len() != size + picture_form::OVERHEAD {
            return Err(StoreError::PhotoUnreadable(photo));
        }
        fs::read(&path).map_err(unreadable)
    }

    /// Removes a photo's files, finished and half-written.
    pub(crate) fn remove(&self, photo: PhotoId) -> io::Result<()> {
        for which in Which::ALL {
            let path = self.path(photo, which);
            for path in [path.with_added_extension(TEMPORARY), path] {
                match fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    /// Every file of the vault with its size, and the files that no photo is named by.
    pub(crate) fn list(&self) -> io::Result<Listing> {
        let mut listing = Listing::default();
        for shelf in fs::read_dir(&self.folder)? {
            let shelf = shelf?;
            if !shelf.file_type()?.is_dir() {
                listing.strange.push(shelf.path());
                continue;
            }
            for entry in fs::read_dir(shelf.path())? {
                let entry = entry?;
                let name = entry.file_name();
                match name.to_str().and_then(file_name) {
                    Some(file) => drop(listing.files.insert(file, (entry.metadata()?.len(), entry.path()))),
                    None if entry.path().extension().is_some_and(|end| end == TEMPORARY) => {
                        listing.temporary.push(entry.path());
                    }
                    None => listing.strange.push(entry.path()),
                }
            }
        }
        Ok(listing)
    }
}

/// What lies in the vault.
#[derive(Default)]
pub(crate) struct Listing {
    pub(crate) files: HashMap<(PhotoId, Which), (u64, PathBuf)>,
    pub(crate) temporary: Vec<PathBuf>,
    pub(crate) strange: Vec<PathBuf>,
}

fn file_name(name: &str) -> Option<(PhotoId, Which)> {
    let (photo, which) = name.split_once('.')?;
    Some((PhotoId::from_uuid(Uuid::try_parse(photo).ok()?), Which::from_code(which)?))
}

/// The kernel may have dropped what it could not write, and will not say so a second time.
fn failed_sync(error: io::Error) -> StoreError {
    tracing::error!(%error, "a sync failed");
    StoreError::MustReopen
}

/// Writes a small file durably in place of the one there.
pub(crate) fn write_durably(path: &Path, content: &[u8]) -> io::Result<()> {
    let temporary = path.with_added_extension(TEMPORARY);
    let mut file = File::create(&temporary)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    path.parent().map_or(Ok(()), platform::sync_folder)
}
