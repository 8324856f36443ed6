//! Rosters for the tests: made with their check characters, of nobody.
#![allow(dead_code, reason = "every test uses some of it")]

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A resident number with its check character (GB 11643); different for every `n` below 300,000.
pub(crate) fn resident(n: u32) -> String {
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let day = n / 999 % 300;
    let body =
        format!("110105{:04}{:02}{:02}{:03}", 2001 + n / 299_700, 1 + day / 25, 1 + day % 25, n % 999 + 1);
    let sum: u32 = body.bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    let check = b"10X98765432"[usize::try_from(sum % 11).unwrap()];
    format!("{body}{}", char::from(check))
}

/// The columns of [`rows`].
pub(crate) const HEADER: [&str; 6] = ["学号", "姓名", "身份证号", "手机号", "学院名称", "备注"];

/// Rows of students who are all in order.
pub(crate) fn rows(count: u32) -> Vec<[String; 6]> {
    (0..count)
        .map(|n| {
            let number = format!("{}", 20_220_000_000_u64 + u64::from(n));
            let phone = format!("138{n:08}");
            [number, format!("学生{n}"), resident(n), phone, "文学院".to_owned(), String::new()]
        })
        .collect()
}

/// Rows as text with a delimiter.
pub(crate) fn text(rows: &[[String; 6]], delimiter: &str) -> String {
    let mut text = HEADER.join(delimiter) + "\r\n";
    for row in rows {
        text += &row.join(delimiter);
        text += "\r\n";
    }
    text
}

/// A workbook of these parts.
pub(crate) fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, content) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

pub(crate) const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#;
pub(crate) const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
pub(crate) const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
pub(crate) const WORKBOOK_RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Styles as Excel numbers them: 1 is a date, 2 is filled with zeros to eight digits.
pub(crate) const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="176" formatCode="00000000"/></numFmts><fonts count="1"><font><sz val="11"/><name val="等线"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills><borders count="1"><border><left/></border></borders><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/><xf numFmtId="14" fontId="0" applyNumberFormat="1"/><xf numFmtId="176" fontId="0" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

/// A workbook with this `sheetData` (and what stands before it) and these shared strings.
pub(crate) fn excel(before: &str, data: &str, strings: &str) -> Vec<u8> {
    let sheet = sheet(before, data);
    package(&[
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/sharedStrings.xml", strings.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

pub(crate) fn sheet(before: &str, data: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{before}<sheetData>{data}</sheetData></worksheet>"#
    )
}

pub(crate) fn strings(texts: &[&str]) -> String {
    let items: String = texts.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
    let count = texts.len();
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="{count}" uniqueCount="{count}">{items}</sst>"#
    )
}

/// Converts a file with LibreOffice; `to` is an extension, with a filter behind a colon where one is needed.
pub(crate) fn convert(file: &Path, to: &str) -> PathBuf {
    let folder = file.parent().unwrap().join(to.split(':').next().unwrap());
    std::fs::create_dir_all(&folder).unwrap();
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let run = Command::new("libreoffice")
        // Plain text is UTF-8 with commas (76 and 44) and starts in the first line; of no matter to other files.
        .args(
            ["--headless", "--norestore", &profile, "--infilter=CSV:44,34,76,1"]
                .iter()
                .take(if file.extension().is_some_and(|kind| kind == "csv") { 4 } else { 3 }),
        )
        .args(["--convert-to", to, "--outdir"])
        .arg(&folder)
        .arg(file)
        .output()
        .expect("libreoffice (package libreoffice-calc-nogui) is needed");
    let made = folder.join(file.with_extension(to.split(':').next().unwrap()).file_name().unwrap());
    assert!(made.exists(), "{}", String::from_utf8_lossy(&run.stderr));
    made
}
