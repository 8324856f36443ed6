//! Pictures that the desk's lists name by their photo: read when they come into sight, and only while the desk is open.

use std::sync::Arc;

use caixiang_domain::PhotoId;
use caixiang_store::Which;
use zeroize::Zeroizing;

use super::Desk;
use crate::album::Bytes;
use crate::view::{PhotoView, Role};

/// Where the page gets the pictures of a photo.
pub(super) fn address(photo: PhotoId) -> PhotoView {
    PhotoView { original: format!("desk/{photo}/original"), finished: format!("desk/{photo}/finished") }
}

/// The picture at an address below `desk/`.
pub(crate) fn picture(desk: &Desk, address: &str) -> Option<Bytes> {
    let (photo, which) = address.split_once('/')?;
    let photo: PhotoId = photo.parse().ok()?;
    let which = Which::from_code(which)?;
    let read = desk.store(Role::Photographer, move |store| store.read_photo(photo, which));
    read.ok().map(|bytes: Zeroizing<Vec<u8>>| Arc::new(bytes))
}
