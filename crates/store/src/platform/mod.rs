//! What differs between operating systems: the keystore, private files, syncing a folder.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(crate) use linux::{create_private, sync_folder};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub(crate) use windows::{create_private, sync_folder};

use std::sync::mpsc;
use std::time::Duration;

use zeroize::Zeroizing;

const SERVICE: &str = "caixiang-store";

/// A locked keystore may ask a person who is not there; nobody at a kiosk could answer.
const PATIENCE: Duration = Duration::from_secs(8);

/// The keystore does not answer, is locked or is not there.
#[derive(Debug)]
pub(crate) struct NoKeystore;

/// The secret the platform's keystore holds under this name.
pub(crate) fn keystore_get(name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, NoKeystore> {
    let name = name.to_owned();
    in_time(move || match keyring::Entry::new(SERVICE, &name).and_then(|entry| entry.get_secret()) {
        Ok(secret) => Ok(Some(Zeroizing::new(secret))),
        Err(keyring::Error::NoEntry) => Ok(None),
        Err(_) => Err(NoKeystore),
    })
}

/// Gives the platform's keystore a secret to keep.
pub(crate) fn keystore_set(name: &str, secret: &[u8]) -> Result<(), NoKeystore> {
    let (name, secret) = (name.to_owned(), Zeroizing::new(secret.to_vec()));
    in_time(move || {
        keyring::Entry::new(SERVICE, &name)
            .and_then(|entry| entry.set_secret(&secret))
            .map_err(|_| NoKeystore)
    })
}

fn in_time<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, NoKeystore> + Send + 'static,
) -> Result<T, NoKeystore> {
    let (answer, answered) = mpsc::channel();
    std::thread::Builder::new()
        .name("keystore".into())
        .spawn(move || answer.send(ask()))
        .map_err(|_| NoKeystore)?;
    answered.recv_timeout(PATIENCE).map_err(|_| NoKeystore)?
}
