//! Linux: WebKitGTK.

use std::path::Path;

/// Before anything else: what WebKit must know.
pub(crate) fn prepare() {
    const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    // Without a graphics card WebKit's shared buffers show eight pictures a second; without them, thirty.
    let has_card = Path::new("/dev/dri").exists();
    if !has_card && std::env::var_os(RENDERER).is_none() {
        // SAFETY: this is the program's first act, and it has one thread.
        unsafe { std::env::set_var(RENDERER, "1") };
    }
}
