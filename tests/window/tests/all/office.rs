//! Workbooks as LibreOffice reads them.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What a cell that is calculated has in LibreOffice's own format.
const FORMULA: &str = "table:formula=";

/// A workbook, all its sheets together.
pub(crate) struct Sheets {
    /// Its name, without the ending.
    pub(crate) file: String,
    /// Cells that are calculated.
    pub(crate) formulas: usize,
    /// Everything in it, as XML.
    pub(crate) text: String,
}

/// Opens workbooks, some of which may have the same name.
pub(crate) fn sheets(workbooks: &[PathBuf]) -> Vec<Sheets> {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: String| folder.path().join(name);
    // What is no text in a file is calculated, or nothing could be told from there being nothing of it.
    fs::write(place("formula.csv".to_owned()), "=1+1\n").unwrap();
    let mut files = vec![place("formula.csv".to_owned())];
    for (at, workbook) in workbooks.iter().enumerate() {
        files.push(place(format!("{at}.xlsx")));
        fs::copy(workbook, &files[at + 1]).unwrap();
    }
    let done = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", place("profile".to_owned()).display()))
        .args(["--headless", "--norestore", "--convert-to", "fods", "--outdir"])
        .arg(folder.path())
        .args(&files)
        .output()
        .expect("soffice: install Debian's package libreoffice-calc-nogui");
    let opened = |path: &PathBuf| {
        let text = fs::read_to_string(path.with_extension("fods"));
        text.unwrap_or_else(|error| {
            panic!("{}: {error}; {}", path.display(), String::from_utf8_lossy(&done.stderr))
        })
    };
    assert_eq!(formulas(&opened(&files[0])), 1, "LibreOffice shows formulas as such");
    let sheets = workbooks.iter().zip(&files[1..]).map(|(workbook, copy)| {
        let (file, text) = (workbook.file_stem().unwrap().to_string_lossy().into_owned(), opened(copy));
        Sheets { file, formulas: formulas(&text), text }
    });
    sheets.collect()
}

fn formulas(xml: &str) -> usize {
    xml.matches(FORMULA).count()
}
