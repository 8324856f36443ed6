//! Windows: where staff's files are. Written from the documentation and not tried.

use std::path::PathBuf;

use crate::desk::Place;

/// Places to begin with: the home folder and every drive letter that is there.
pub(crate) fn places() -> Vec<Place> {
    let home = std::env::var_os("USERPROFILE").map(PathBuf::from);
    let mut places: Vec<Place> =
        home.into_iter().map(|path| Place { name: String::new(), path, what: "home" }).collect();
    for letter in 'A'..='Z' {
        let path = PathBuf::from(format!("{letter}:\\"));
        if path.exists() {
            places.push(Place { name: format!("{letter}:"), path, what: "disk" });
        }
    }
    places
}
