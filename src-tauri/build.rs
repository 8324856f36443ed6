//! Puts the page into the program.

use std::path::Path;

fn main() {
    let page = Path::new("../ui/dist/index.html");
    println!("cargo:rerun-if-changed=../ui/dist");
    if !page.is_file() {
        println!("cargo:warning=the page is not built: run `cargo xtask ui` first");
    }
    tauri_build::build();
}
