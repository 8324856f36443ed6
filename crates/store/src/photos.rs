//! Photos: two pictures each (the camera's and the finished one), each under its own key, each key wrapped for this
//! device and, once its public key is known, for the centre. Destroying the keys destroys the photo.

use caixiang_domain::{PhotoId, SubjectId};
use crypto_box::PublicKey;
use crypto_box::aead::OsRng;
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::json;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::keys::{self, Key};
use crate::rows;
use crate::settings;
use crate::store::Store;
use crate::subjects;
use crate::vault;
use crate::verdicts;

pub(crate) const TABLE: &str = "
CREATE TABLE photos (
    id BLOB NOT NULL PRIMARY KEY,
    subject INTEGER NOT NULL REFERENCES subjects (key),
    taken INTEGER NOT NULL,
    original_sha256 BLOB NOT NULL,
    original_size INTEGER NOT NULL,
    finished_sha256 BLOB NOT NULL,
    finished_size INTEGER NOT NULL,
    record TEXT NOT NULL,
    discarded INTEGER
) STRICT;
CREATE INDEX photos_by_subject ON photos (subject);
CREATE TABLE photo_keys (
    photo BLOB NOT NULL REFERENCES photos (id),
    picture TEXT NOT NULL,
    device BLOB NOT NULL,
    centre BLOB,
    PRIMARY KEY (photo, picture)
) STRICT, WITHOUT ROWID;
CREATE INDEX photo_keys_not_for_centre ON photo_keys (photo) WHERE centre IS NULL;";

/// Largest picture from a camera, bytes.
const MAX_ORIGINAL: usize = 64 << 20;
/// Largest finished picture, bytes.
const MAX_FINISHED: usize = 16 << 20;
/// Largest record, bytes.
const MAX_RECORD: usize = 1 << 20;
const CENTRE_KEY: &str = "centre_key";

/// One of a photo's two pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Which {
    /// As the camera gave it.
    Original,
    /// As it goes to the centre.
    Finished,
}

impl Which {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Original, Self::Finished];

    /// The stable word; also the ending of the file's name.
    pub fn code(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Finished => "finished",
        }
    }

    /// The one with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|which| which.code() == code)
    }
}

/// A photo to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewPhoto<'a> {
    /// Of whom.
    pub subject: SubjectId,
    /// The camera's file.
    pub original: &'a [u8],
    /// The finished file.
    pub finished: &'a [u8],
    /// JSON: every operation on the pixels, and the findings.
    pub record: &'a str,
    /// When it was taken.
    pub taken: Timestamp,
}

/// What is known of a photo beside its pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhotoRecord {
    /// Its id.
    pub id: PhotoId,
    /// Of whom.
    pub subject: SubjectId,
    /// When it was taken.
    pub taken: Timestamp,
    /// SHA-256 of the camera's file.
    pub original_sha256: [u8; 32],
    /// Bytes of the camera's file.
    pub original_size: u64,
    /// SHA-256 of the finished file.
    pub finished_sha256: [u8; 32],
    /// Bytes of the finished file.
    pub finished_size: u64,
    /// JSON: every operation on the pixels, and the findings.
    pub record: String,
    /// When its keys were destroyed.
    pub discarded: Option<Timestamp>,
}

impl PhotoRecord {
    /// Bytes of a picture.
    pub(crate) fn size(&self, which: Which) -> u64 {
        match which {
            Which::Original => self.original_size,
            Which::Finished => self.finished_size,
        }
    }

    /// SHA-256 of a picture.
    pub(crate) fn sha256(&self, which: Which) -> [u8; 32] {
        match which {
            Which::Original => self.original_sha256,
            Which::Finished => self.finished_sha256,
        }
    }
}

impl Store {
    /// Keeps a photo: when this returns, both pictures are on the disk and can be read back.
    ///
    /// A photo that no order and no visit refers to is discarded at the next start.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], [`StoreError::BadDocument`], [`StoreError::NotFound`], [`StoreError::DiskFull`] with
    /// nothing kept, or when the disk or the database refuses.
    pub fn keep_photo(&mut self, photo: &NewPhoto<'_>) -> Result<PhotoId, StoreError> {
        for (what, length, max) in [
            ("original", photo.original.len(), MAX_ORIGINAL),
            ("finished photo", photo.finished.len(), MAX_FINISHED),
            ("record", photo.record.len(), MAX_RECORD),
        ] {
            if length > max {
                return Err(StoreError::TooLarge { what, max });
            }
        }
        serde_json::from_str::<serde::de::IgnoredAny>(photo.record)
            .map_err(|_| StoreError::BadDocument("record"))?;
        let centre = self.read(centre_key)?;
        let (subject, _) = self.read(|conn| subjects::key_of(conn, photo.subject))?;
        let id = PhotoId::new();
        let mut sealed = Vec::new();
        let mut wrapped = Vec::new();
        for (which, picture) in [(Which::Original, photo.original), (Which::Finished, photo.finished)] {
            let key = keys::new_key()?;
            sealed.push(vault::seal(&key, id, which, picture)?);
            let device = keys::encipher(&self.keys.device, &vault::bound(id, which, "key"), key.as_slice())?;
            wrapped.push((which, device, seal_for_centre(centre.as_ref(), &key)?));
        }
        self.note(self.vault.publish(id, &sealed))?;
        let kept = self.write(|conn| {
            rows::change(
                conn,
                "INSERT INTO photos (id, subject, taken, original_sha256, original_size, finished_sha256,
                     finished_size, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    id.uuid().into_bytes(),
                    subject,
                    photo.taken.as_millisecond(),
                    sha256(photo.original),
                    photo.original.len() as i64,
                    sha256(photo.finished),
                    photo.finished.len() as i64,
                    photo.record,
                ],
            )?;
            verdicts::note(conn, id, photo.record)?;
            for (which, device, centre) in &wrapped {
                rows::change(
                    conn,
                    "INSERT INTO photo_keys (photo, picture, device, centre) VALUES (?1, ?2, ?3, ?4)",
                    params![id.uuid().into_bytes(), which.code(), device, centre],
                )?;
            }
            Ok(())
        });
        // After a failure whose outcome is unknown the row may be there: then the files must stay.
        if kept.is_err() && !self.must_reopen() {
            self.remove_files([id]);
        }
        kept.map(|()| id)
    }

    /// A picture, deciphered and compared with its hash.
    ///
    /// # Errors
    /// [`StoreError::PhotoUnreadable`], [`StoreError::NotFound`], or when the database refuses.
    pub fn read_photo(&self, photo: PhotoId, which: Which) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let record = self.photo_record(photo)?;
        let wrapped: Option<Vec<u8>> = self.read(|conn| {
            let sql = "SELECT device FROM photo_keys WHERE photo = ?1 AND picture = ?2";
            rows::one(conn, sql, params![photo.uuid().into_bytes(), which.code()], |row| Ok(row.get(0)?))
        })?;
        let wrapped = wrapped.ok_or(StoreError::PhotoUnreadable(photo))?;
        let key = unwrap_key(&self.keys.device, photo, which, &wrapped)?;
        let picture = self.vault.read(photo, which, &key, record.size(which))?;
        if sha256(&picture) == record.sha256(which) {
            Ok(picture)
        } else {
            Err(StoreError::PhotoUnreadable(photo))
        }
    }

    /// What is known of a photo beside its pictures.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn photo_record(&self, photo: PhotoId) -> Result<PhotoRecord, StoreError> {
        self.read(|conn| record(conn, photo))
    }

    /// Destroys a photo: its keys, then its files. Not one that an order refers to.
    ///
    /// Backups made before hold the keys until they are replaced by newer ones; the files are gone at once.
    ///
    /// # Errors
    /// [`StoreError::PhotoInUse`], [`StoreError::NotFound`], or when the database refuses.
    pub fn discard_photo(&mut self, photo: PhotoId, now: Timestamp) -> Result<(), StoreError> {
        self.write(|conn| {
            record(conn, photo)?;
            if is_ordered(conn, photo)? {
                return Err(StoreError::PhotoInUse(photo));
            }
            let sql = "UPDATE visits SET photo = NULL WHERE photo = ?1";
            rows::change(conn, sql, params![photo.uuid().into_bytes()])?;
            discard(conn, photo, now)
        })?;
        self.forget([photo]);
        Ok(())
    }

    /// Sets the centre's public key (X25519). Photos are wrapped for it from now on; [`Store::rewrap_for_centre`] does
    /// those that are there.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn set_centre_key(&mut self, key: Option<[u8; 32]>, now: Timestamp) -> Result<(), StoreError> {
        self.write(|conn| {
            let text = key.map(hex::encode);
            if settings::get::<Option<String>>(conn, CENTRE_KEY)?.flatten() == text {
                return Ok(());
            }
            settings::set(conn, CENTRE_KEY, &text)?;
            rows::change(conn, "UPDATE photo_keys SET centre = NULL WHERE centre IS NOT NULL", [])?;
            audit::append(
                conn,
                now,
                Actor::System,
                "centre_key.set",
                About::default(),
                &json!({ "key": text }),
            )?;
            Ok(())
        })
    }

    /// Wraps up to so many more picture keys for the centre; how many are left. Nothing is left without a centre.
    ///
    /// # Errors
    /// When a key cannot be unwrapped or the database refuses.
    pub fn rewrap_for_centre(&mut self, limit: u32) -> Result<u64, StoreError> {
        let device = self.keys.device.clone();
        self.write(|conn| {
            let Some(centre) = centre_key(conn)? else { return Ok(0) };
            let waiting = unwrapped(conn, "LIMIT ?1", params![rows::page_limit(limit)])?;
            wrap_for_centre(conn, &device, &centre, waiting)?;
            let left = rows::number(conn, "SELECT count(*) FROM photo_keys WHERE centre IS NULL", [])?;
            Ok(left.unsigned_abs())
        })
    }

    /// A picture's file as it lies in the vault, enciphered.
    ///
    /// # Errors
    /// [`StoreError::PhotoUnreadable`] where it is gone or is not of the size it should be, [`StoreError::NotFound`], or
    /// when the database refuses.
    pub fn sealed_picture(&self, photo: PhotoId, which: Which) -> Result<Vec<u8>, StoreError> {
        let record = self.photo_record(photo)?;
        self.vault.read_sealed(photo, which, record.size(which))
    }

    /// Wraps the keys of one photo for the centre, where that was not done yet.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] without a centre, or when a key cannot be unwrapped or the database refuses.
    pub(crate) fn seal_for_centre(&mut self, photo: PhotoId) -> Result<(), StoreError> {
        let device = self.keys.device.clone();
        self.write(|conn| {
            let centre = centre_key(conn)?.ok_or(StoreError::NotFound("centre"))?;
            let waiting = unwrapped(conn, "AND photo = ?1", params![photo.uuid().into_bytes()])?;
            wrap_for_centre(conn, &device, &centre, waiting)
        })
    }

    /// A picture's key as the centre can open it: a sealed box. `None` before it was wrapped.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn key_for_centre(&self, photo: PhotoId, which: Which) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|conn| {
            let sql = "SELECT centre FROM photo_keys WHERE photo = ?1 AND picture = ?2";
            rows::one(conn, sql, params![photo.uuid().into_bytes(), which.code()], |row| Ok(row.get(0)?))?
                .ok_or(StoreError::NotFound("photo"))
        })
    }

    /// Ends what is left of photos whose keys were destroyed: the keys' bytes in the database's log, and the files.
    pub(crate) fn forget(&mut self, photos: impl IntoIterator<Item = PhotoId>) {
        let mut photos = photos.into_iter().peekable();
        if photos.peek().is_some() {
            self.checkpoint_and_empty();
            self.remove_files(photos);
        }
    }

    /// Removes the files of photos. What cannot be removed now, the next start removes.
    pub(crate) fn remove_files(&self, photos: impl IntoIterator<Item = PhotoId>) {
        for photo in photos {
            if let Err(error) = self.vault.remove(photo) {
                tracing::warn!(%photo, %error, "the files of a discarded photo are left for the next start");
            }
        }
    }
}

/// What is known of a photo.
pub(crate) fn record(conn: &Connection, photo: PhotoId) -> Result<PhotoRecord, StoreError> {
    rows::one(
        conn,
        "SELECT p.id, u.id, p.taken, p.original_sha256, p.original_size, p.finished_sha256, p.finished_size,
             p.record, p.discarded FROM photos p JOIN subjects u ON u.key = p.subject WHERE p.id = ?1",
        params![photo.uuid().into_bytes()],
        |row| {
            let discarded = row.get::<_, Option<i64>>(8)?.map(Timestamp::from_millisecond).transpose();
            Ok(PhotoRecord {
                id: photo,
                subject: SubjectId::from_uuid(rows::uuid(row, 1)?),
                taken: rows::time(row, 2)?,
                original_sha256: row.get(3)?,
                original_size: row.get::<_, i64>(4)?.unsigned_abs(),
                finished_sha256: row.get(5)?,
                finished_size: row.get::<_, i64>(6)?.unsigned_abs(),
                record: row.get(7)?,
                discarded: discarded.map_err(|_| StoreError::BadRow("time"))?,
            })
        },
    )?
    .ok_or(StoreError::NotFound("photo"))
}

/// The record of a photo of this student that was not discarded.
pub(crate) fn belongs_to(
    conn: &Connection,
    photo: PhotoId,
    subject: SubjectId,
) -> Result<PhotoRecord, StoreError> {
    let record = record(conn, photo)?;
    match record.discarded {
        Some(_) => Err(StoreError::PhotoUnreadable(photo)),
        None if record.subject != subject => Err(StoreError::PhotoInUse(photo)),
        None => Ok(record),
    }
}

/// Whether an order has, or had, this photo.
pub(crate) fn is_ordered(conn: &Connection, photo: PhotoId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM revisions WHERE photo = ?1)";
    Ok(rows::number(conn, sql, params![photo.uuid().into_bytes()])? != 0)
}

/// Whether an order or a visit has this photo.
pub(crate) fn is_used(conn: &Connection, photo: PhotoId) -> Result<bool, StoreError> {
    let sql = "SELECT EXISTS (SELECT 1 FROM visits WHERE photo = ?1)";
    Ok(is_ordered(conn, photo)? || rows::number(conn, sql, params![photo.uuid().into_bytes()])? != 0)
}

/// Destroys a photo's keys. Its files are removed once this is committed.
pub(crate) fn discard(conn: &Connection, photo: PhotoId, now: Timestamp) -> Result<PhotoId, StoreError> {
    let id = photo.uuid().into_bytes();
    rows::change(conn, "DELETE FROM photo_keys WHERE photo = ?1", params![id])?;
    let sql = "UPDATE photos SET discarded = ?2, record = '{}' WHERE id = ?1 AND discarded IS NULL";
    rows::change(conn, sql, params![id, now.as_millisecond()])?;
    let about = About { photo: Some(photo), ..About::default() };
    audit::append(conn, now, Actor::System, "photo.discard", about, &json!({}))?;
    Ok(photo)
}

/// SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A picture and its key as it is wrapped for this device.
type Wrapped = (PhotoId, Which, Vec<u8>);

/// Pictures whose keys are not wrapped for the centre yet.
fn unwrapped(conn: &Connection, of: &str, params: impl rusqlite::Params) -> Result<Vec<Wrapped>, StoreError> {
    let sql = format!("SELECT photo, picture, device FROM photo_keys WHERE centre IS NULL {of}");
    rows::all(conn, &sql, params, |row| {
        let which = Which::from_code(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        let which = which.ok_or(StoreError::BadRow("picture"))?;
        Ok((PhotoId::from_uuid(rows::uuid(row, 0)?), which, row.get(2)?))
    })
}

fn wrap_for_centre(
    conn: &Connection,
    device: &Key,
    centre: &PublicKey,
    pictures: Vec<Wrapped>,
) -> Result<(), StoreError> {
    for (photo, which, wrapped) in pictures {
        let key = unwrap_key(device, photo, which, &wrapped)?;
        rows::change(
            conn,
            "UPDATE photo_keys SET centre = ?3 WHERE photo = ?1 AND picture = ?2",
            params![photo.uuid().into_bytes(), which.code(), seal_for_centre(Some(centre), &key)?],
        )?;
    }
    Ok(())
}

fn centre_key(conn: &Connection) -> Result<Option<PublicKey>, StoreError> {
    let Some(text) = settings::get::<Option<String>>(conn, CENTRE_KEY)?.flatten() else { return Ok(None) };
    let mut bytes = [0; 32];
    hex::decode_to_slice(text, &mut bytes).map_err(|_| StoreError::BadRow("centre key"))?;
    Ok(Some(PublicKey::from(bytes)))
}

fn seal_for_centre(centre: Option<&PublicKey>, key: &Key) -> Result<Option<Vec<u8>>, StoreError> {
    centre.map(|centre| centre.seal(&mut OsRng, key.as_slice()).map_err(|_| StoreError::Cipher)).transpose()
}

fn unwrap_key(device: &Key, photo: PhotoId, which: Which, wrapped: &[u8]) -> Result<Key, StoreError> {
    let plain = keys::decipher(device, &vault::bound(photo, which, "key"), wrapped)
        .map_err(|_| StoreError::PhotoUnreadable(photo))?;
    plain.as_slice().try_into().map(Zeroizing::new).map_err(|_| StoreError::PhotoUnreadable(photo))
}
