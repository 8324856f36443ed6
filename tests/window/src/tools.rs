//! Where the programs are that the tests need. What is missing fails them and says what to do.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("two folders down").to_owned()
}

/// The folder that the set-up fills: `$CAIXIANG_CACHE`, otherwise `.cache` at the root of the workspace.
pub(crate) fn cache() -> PathBuf {
    let cache = env::var_os("CAIXIANG_CACHE").map_or_else(|| root().join(".cache"), PathBuf::from);
    cache.canonicalize().unwrap_or_else(|_| panic!("{} is missing: run `cargo xtask setup`", cache.display()))
}

/// The kiosk: `$CAIXIANG_KIOSK`, otherwise what the workspace built beside these tests.
pub(crate) fn kiosk() -> PathBuf {
    let built = || {
        let test = env::current_exe().expect("this program");
        let folder = test.ancestors().find(|folder| folder.ends_with("deps")).and_then(Path::parent);
        folder.unwrap_or(&test).join(format!("caixiang-kiosk{}", env::consts::EXE_SUFFIX))
    };
    let kiosk = env::var_os("CAIXIANG_KIOSK").map_or_else(built, PathBuf::from);
    kiosk.canonicalize().unwrap_or_else(|_| {
        panic!(
            "there is no kiosk at {}: `cargo build --workspace` first, or name one in $CAIXIANG_KIOSK",
            kiosk.display()
        )
    })
}

/// A tool on the PATH, or in the cache's own folder of tools.
pub(crate) fn tool(name: &str, get: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let own = cache().join("tools/bin");
    let found =
        env::split_paths(&path).chain([own]).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.unwrap_or_else(|| panic!("{name} is missing: {get}"))
}
