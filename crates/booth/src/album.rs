//! The pictures that the page may ask for now: in memory only, under addresses nobody can guess, and soon forgotten.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;
use zeroize::Zeroizing;

use crate::view::PhotoView;

/// Encoded pictures are wiped when the last who holds them lets go.
pub(crate) type Bytes = Arc<Zeroizing<Vec<u8>>>;

/// Why a picture is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shelf {
    /// It belongs to the visit on the screen.
    Visit,
    /// It stands in a list that staff or the student look at.
    List,
}

#[derive(Default)]
struct Entry {
    original: Option<Bytes>,
    finished: Option<Bytes>,
}

/// Pictures by address.
#[derive(Default)]
pub(crate) struct Album {
    shelves: Mutex<BTreeMap<Shelf, BTreeMap<String, Entry>>>,
}

impl Album {
    /// Holds the pictures of a photo and says where the page gets them; what is not given has an empty address.
    pub(crate) fn put(
        &self,
        shelf: Shelf,
        original: Option<Vec<u8>>,
        finished: Option<Vec<u8>>,
    ) -> PhotoView {
        let token = Uuid::now_v7().simple().to_string();
        let address = |there: bool, which: &str| {
            if there { format!("photo/{token}/{which}") } else { String::new() }
        };
        let view = PhotoView {
            original: address(original.is_some(), "original"),
            finished: address(finished.is_some(), "finished"),
        };
        let hold = |bytes: Option<Vec<u8>>| bytes.map(|bytes| Arc::new(Zeroizing::new(bytes)));
        let entry = Entry { original: hold(original), finished: hold(finished) };
        self.lock().entry(shelf).or_default().insert(token, entry);
        view
    }

    /// The picture at an address below `cam://localhost/`.
    pub(crate) fn get(&self, address: &str) -> Option<Bytes> {
        let (token, which) = address.strip_prefix("photo/")?.split_once('/')?;
        let shelves = self.lock();
        let entry = shelves.values().find_map(|shelf| shelf.get(token))?;
        match which {
            "original" => entry.original.clone(),
            "finished" => entry.finished.clone(),
            _ => None,
        }
    }

    /// Forgets a shelf.
    pub(crate) fn clear(&self, shelf: Shelf) {
        self.lock().remove(&shelf);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Shelf, BTreeMap<String, Entry>>> {
        // Every change is one insertion or removal: a panic elsewhere leaves nothing half-done.
        self.shelves.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_pictures_until_they_are_forgotten() {
        let album = Album::default();
        let view = album.put(Shelf::Visit, Some(vec![1]), Some(vec![2]));
        let listed = album.put(Shelf::List, None, Some(vec![3]));
        assert_eq!(album.get(&view.original).map(|bytes| bytes[0]), Some(1));
        assert_eq!(album.get(&view.finished).map(|bytes| bytes[0]), Some(2));
        assert_eq!(listed.original, "");
        assert!(album.get("").is_none() && album.get("photo/x/original").is_none());
        assert!(album.get(&view.original.replace("original", "other")).is_none());
        album.clear(Shelf::Visit);
        assert!(album.get(&view.original).is_none());
        assert!(album.get(&listed.finished).is_some());
    }
}
