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

/// Opens workbooks; one after another, since some have the same name.
pub(crate) fn sheets(workbooks: &[PathBuf]) -> Vec<Sheets> {
    let folder = tempfile::tempdir().unwrap();
    // As text in no workbook the same is a formula, or nothing could be told from there being none.
    let formula = folder.path().join("formula.csv");
    fs::write(&formula, "=1+1\n").unwrap();
    let mut sheets = Vec::new();
    for (at, workbook) in [&formula].into_iter().chain(workbooks).enumerate() {
        let out = folder.path().join(at.to_string());
        let done = Command::new("soffice")
            .arg(format!("-env:UserInstallation=file://{}", folder.path().join("profile").display()))
            .args(["--headless", "--norestore", "--convert-to", "fods", "--outdir"])
            .arg(&out)
            .arg(workbook)
            .output()
            .expect("soffice: install Debian's package libreoffice-calc-nogui");
        let file = workbook.file_stem().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(out.join(format!("{file}.fods")));
        let text =
            text.unwrap_or_else(|error| panic!("{file}: {error}; {}", String::from_utf8_lossy(&done.stderr)));
        sheets.push(Sheets { file, formulas: text.matches(FORMULA).count(), text });
    }
    let formula = sheets.remove(0);
    assert_eq!(formula.formulas, 1, "LibreOffice shows formulas as such");
    sheets
}
