//! The two keys of the store, and how they are kept: wrapped by a secret that lies elsewhere.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use argon2::Argon2;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use serde::{Deserialize, Serialize};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::error::{OpenError, StoreError};
use crate::open::Place;
use crate::platform;

/// A 32-byte key that is wiped from memory.
pub(crate) type Key = Zeroizing<[u8; 32]>;

const NONCE: usize = 24;
const AAD: &[u8] = b"caixiang keys 1";
const PASSPHRASE_FILE: &str = "store.passphrase";
/// Largest key file that is read; a real one has about 400 bytes.
const MAX_FILE: u64 = 4096;

/// Who keeps the secret that unlocks the store's keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyCustody {
    /// The platform's keystore.
    Keystore,
    /// A file in the configuration folder. Weaker: who has the whole disk has the photos. The user must be told.
    PassphraseFile,
}

/// The keys, unlocked.
pub(crate) struct Keys {
    pub(crate) custody: KeyCustody,
    /// SQLCipher's raw key.
    pub(crate) database: Key,
    /// Wraps the key of every photo.
    pub(crate) device: Key,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    version: u32,
    id: String,
    custody: KeyCustody,
    salt: String,
    wrapped: String,
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| StoreError::Cipher)?;
    Ok(bytes)
}

/// A fresh key.
pub(crate) fn new_key() -> Result<Key, StoreError> {
    random().map(Zeroizing::new)
}

/// Enciphers under a key: nonce, then text and tag. `bound` is what the result belongs to.
pub(crate) fn encipher(key: &Key, bound: &[u8], plain: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce: [u8; NONCE] = random()?;
    let cipher = XChaCha20Poly1305::new(key.as_slice().into());
    let text = cipher
        .encrypt(XNonce::from_slice(&nonce), Payload { msg: plain, aad: bound })
        .map_err(|_| StoreError::Cipher)?;
    let mut whole = Vec::with_capacity(NONCE + text.len());
    whole.extend_from_slice(&nonce);
    whole.extend_from_slice(&text);
    Ok(whole)
}

/// The reverse of [`encipher`]; fails when a bit, the key or what it belongs to differs.
pub(crate) fn decipher(key: &Key, bound: &[u8], whole: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let (nonce, text) = whole.split_at_checked(NONCE).ok_or(StoreError::Cipher)?;
    XChaCha20Poly1305::new(key.as_slice().into())
        .decrypt(XNonce::from_slice(nonce), Payload { msg: text, aad: bound })
        .map(Zeroizing::new)
        .map_err(|_| StoreError::Cipher)
}

/// Where the wrapped keys are; nothing in it is of use without the secret.
pub(crate) fn file(place: &Place) -> PathBuf {
    place.data.join("keys.json")
}

/// A second copy, against a damaged first: without the wrapped keys every photo is lost.
pub(crate) fn copy(place: &Place) -> PathBuf {
    place.data.join("keys.copy.json")
}

/// Makes new keys, and the text that [`keep`] writes down: the keys wrapped by a secret that lies elsewhere.
pub(crate) fn generate(place: &Place, keystore: bool) -> Result<(Keys, Vec<u8>), OpenError> {
    let id = Uuid::now_v7().to_string();
    let secret: Key = new_key()?;
    let stored = keystore && platform::keystore_set(&id, secret.as_slice()).is_ok();
    let custody = if stored { KeyCustody::Keystore } else { KeyCustody::PassphraseFile };
    let secret = if stored { Zeroizing::new(secret.to_vec()) } else { passphrase(place)? };
    let salt: [u8; 16] = random()?;
    let keys = Keys { custody, database: new_key()?, device: new_key()? };
    let both = Zeroizing::new([keys.database.as_slice(), keys.device.as_slice()].concat());
    let wrapped = encipher(&wrapping_key(&secret, &salt)?, AAD, &both)?;
    let file_text =
        KeyFile { version: 1, id, custody, salt: hex::encode(salt), wrapped: hex::encode(wrapped) };
    let text = serde_json::to_vec_pretty(&file_text).map_err(|_| StoreError::Cipher)?;
    Ok((keys, text))
}

/// Writes the wrapped keys down, twice.
pub(crate) fn keep(place: &Place, text: &[u8]) -> Result<(), OpenError> {
    for path in [copy(place), file(place)] {
        crate::vault::write_durably(&path, text)?;
    }
    Ok(())
}

/// Whether there are keys.
pub(crate) fn exist(place: &Place) -> bool {
    file(place).exists() || copy(place).exists()
}

/// Unlocks the keys that are there.
pub(crate) fn unlock(place: &Place) -> Result<Keys, OpenError> {
    let kept = read(&file(place)).or_else(|_| read(&copy(place)))?;
    let secret = match kept.custody {
        KeyCustody::Keystore => platform::keystore_get(&kept.id).ok().flatten(),
        KeyCustody::PassphraseFile => {
            read_bounded(&place.config.join(PASSPHRASE_FILE)).ok().map(Zeroizing::new)
        }
    };
    let secret = secret.ok_or(OpenError::KeyMissing)?;
    let salt = hex::decode(&kept.salt).map_err(|_| OpenError::KeyMissing)?;
    let wrapped = hex::decode(&kept.wrapped).map_err(|_| OpenError::KeyMissing)?;
    let both = decipher(&wrapping_key(&secret, &salt)?, AAD, &wrapped).map_err(|_| OpenError::WrongKey)?;
    let half = |from: usize| -> Result<Key, OpenError> {
        let bytes = both.get(from..from + 32).and_then(|part| part.try_into().ok());
        bytes.map(Zeroizing::new).ok_or(OpenError::WrongKey)
    };
    Ok(Keys { custody: kept.custody, database: half(0)?, device: half(32)? })
}

fn read(path: &Path) -> Result<KeyFile, OpenError> {
    let text = read_bounded(path).map_err(|_| OpenError::KeyMissing)?;
    let kept: KeyFile = serde_json::from_slice(&text).map_err(|_| OpenError::KeyMissing)?;
    match kept.version {
        1 => Ok(kept),
        newer => Err(OpenError::TooNew { schema: newer.into() }),
    }
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(path)?.len() > MAX_FILE {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    fs::read(path)
}

/// The passphrase of the configuration folder: the one that is there, or a new random one.
fn passphrase(place: &Place) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let path = place.config.join(PASSPHRASE_FILE);
    match read_bounded(&path) {
        Ok(there) if !there.is_empty() => return Ok(Zeroizing::new(there)),
        Ok(_) => fs::remove_file(&path)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let text = Zeroizing::new(hex::encode(new_key()?.as_slice()).into_bytes());
    platform::create_private(&path, &text)?;
    Ok(text)
}

fn wrapping_key(secret: &[u8], salt: &[u8]) -> Result<Key, StoreError> {
    let mut key = Key::default();
    Argon2::default().hash_password_into(secret, salt, key.as_mut_slice()).map_err(|_| StoreError::Cipher)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_opens_only_with_its_key_and_place() {
        let (key, other) = (new_key().unwrap(), new_key().unwrap());
        let text = encipher(&key, b"here", b"secret").unwrap();
        assert_eq!(decipher(&key, b"here", &text).unwrap().as_slice(), b"secret");
        assert!(decipher(&other, b"here", &text).is_err());
        assert!(decipher(&key, b"there", &text).is_err());
        for at in 0..text.len() {
            let mut bent = text.clone();
            bent[at] ^= 1;
            assert!(decipher(&key, b"here", &bent).is_err(), "byte {at}");
        }
        assert!(decipher(&key, b"here", &text[..10]).is_err());
    }

    #[test]
    fn keys_come_back_and_never_lie_in_the_clear() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().join("data"), config: folder.path().join("config") };
        fs::create_dir_all(&place.data).unwrap();
        let (made, text) = generate(&place, false).unwrap();
        assert!(!exist(&place));
        keep(&place, &text).unwrap();
        assert!(exist(&place));
        assert_eq!(made.custody, KeyCustody::PassphraseFile);
        let again = unlock(&place).unwrap();
        assert_eq!((&made.database, &made.device), (&again.database, &again.device));
        let text = fs::read_to_string(file(&place)).unwrap();
        assert!(!text.contains(&hex::encode(made.database.as_slice())));

        fs::write(file(&place), b"{").unwrap();
        assert_eq!(unlock(&place).unwrap().database, made.database, "the copy serves");

        let secret = place.config.join(PASSPHRASE_FILE);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
        }
        let right = fs::read(&secret).unwrap();
        fs::write(&secret, b"another").unwrap();
        assert!(matches!(unlock(&place), Err(OpenError::WrongKey)));
        fs::remove_file(&secret).unwrap();
        assert!(matches!(unlock(&place), Err(OpenError::KeyMissing)));
        fs::write(&secret, right).unwrap();
        assert!(unlock(&place).is_ok());
    }
}
