//! Walks a zipped workbook before calamine does, with the same tokeniser, so that nothing in it is larger than it may
//! be: calamine reserves by what a file declares, keeps every shared string and copies fonts into every style.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::read::ZipFile;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use crate::error::{RosterError, WrongKind};
use crate::limits::{MAX_CELLS, MAX_PARTS, MAX_RATIO, MAX_SHEETS, MAX_UNPACKED_BYTES, RATIO_FROM_BYTES};

/// Longest tag or text of a part, bytes: a cell has 32,767 characters at most.
const MAX_TOKEN_BYTES: u64 = 256 << 10;
/// The same in the part with the styles, whose names and formats are copied into every one.
const MAX_STYLE_TOKEN_BYTES: u64 = 2 << 10;
/// Most bytes between two ends of elements: what becomes one text.
const MAX_ELEMENT_BYTES: u64 = 4 << 20;
/// Most cell formats; Excel itself takes 65,490.
const MAX_STYLES: u64 = 66_000;
/// The beginning of every entry in a ZIP archive's directory.
const ENTRY: &[u8] = b"PK\x01\x02";

/// What the parts of one workbook have together.
#[derive(Default)]
struct Totals {
    bytes: u64,
    strings: u64,
    styles: u64,
    sheets: u64,
}

/// Whether calamine may read the workbook.
pub(super) fn check(bytes: &[u8]) -> Result<(), RosterError> {
    // Counted before the archive is opened: its directory is read as a whole.
    if memchr::memmem::find_iter(bytes, ENTRY).take(MAX_PARTS + 1).count() > MAX_PARTS {
        return Err(RosterError::too_large("parts", MAX_PARTS));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| RosterError::Damaged)?;
    let names: Vec<String> = (0..archive.len())
        .filter_map(|at| {
            archive.by_index_raw(at).ok().and_then(|part| part.name().ok().map(|name| plain(&name)))
        })
        .collect();
    wrong_kind(&names)?;
    let mut totals = Totals::default();
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(refused)?;
        if !matches!(part.compression(), CompressionMethod::Stored | CompressionMethod::Deflated) {
            return Err(RosterError::Damaged);
        }
        within(totals.bytes.saturating_add(part.size()))?;
        check_part(part, &mut totals)?;
    }
    Ok(())
}

/// Names as calamine compares them.
fn plain(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

fn refused(error: ZipError) -> RosterError {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => RosterError::Encrypted,
        _ => RosterError::Damaged,
    }
}

fn within(bytes: u64) -> Result<(), RosterError> {
    let max = MAX_UNPACKED_BYTES;
    if bytes > max { Err(RosterError::too_large("unpacked_bytes", max)) } else { Ok(()) }
}

/// Archives that are no workbooks, by what is in them.
fn wrong_kind(names: &[String]) -> Result<(), RosterError> {
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let below = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    let kind = if has("[content_types].xml") && names.iter().any(|name| name.ends_with("workbook.bin")) {
        WrongKind::Xlsb
    } else if has("[content_types].xml") && (below("word/") || below("ppt/")) {
        WrongKind::Document
    } else if has("[content_types].xml") || has("_rels/.rels") {
        return Ok(());
    } else if has("content.xml") && has("mimetype") {
        WrongKind::Ods
    } else if has("index.zip") || below("index/") {
        WrongKind::Numbers
    } else {
        WrongKind::Archive
    };
    Err(RosterError::WrongKind(kind))
}

fn check_part<R: Read>(mut part: ZipFile<'_, R>, totals: &mut Totals) -> Result<(), RosterError> {
    let name = plain(&part.name().map_err(|_| RosterError::Damaged)?);
    let packed = part.compressed_size().max(1);
    let before = totals.bytes;
    if name.ends_with(".xml") || name.ends_with(".rels") {
        let most = if name.ends_with("styles.xml") { MAX_STYLE_TOKEN_BYTES } else { MAX_TOKEN_BYTES };
        check_xml(BufReader::with_capacity(64 << 10, part), most, packed, totals)
    } else {
        // Never read by calamine: only what it unpacks to counts.
        let mut chunk = [0; 16 << 10];
        loop {
            match part.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(read) => totals.bytes += read as u64,
                Err(_) => return Err(RosterError::Damaged),
            }
            within(totals.bytes)?;
            ratio(totals.bytes - before, packed)?;
        }
    }
}

fn ratio(unpacked: u64, packed: u64) -> Result<(), RosterError> {
    if unpacked > RATIO_FROM_BYTES && unpacked / packed > MAX_RATIO { Err(RosterError::Bomb) } else { Ok(()) }
}

/// Counts what is read and stops when one token takes more than it may.
struct Counted<R> {
    inner: R,
    read: u64,
    stop_at: u64,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.read += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = usize::try_from(self.stop_at.saturating_sub(self.read)).unwrap_or(usize::MAX);
        if left == 0 {
            return Err(io::Error::other("token too long"));
        }
        let buffer = self.inner.fill_buf()?;
        Ok(buffer.get(..left).unwrap_or(buffer))
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount as u64;
        self.inner.consume(amount);
    }
}

fn check_xml(
    part: impl BufRead,
    token_bytes: u64,
    packed: u64,
    totals: &mut Totals,
) -> Result<(), RosterError> {
    let before = totals.bytes;
    let mut reader = Reader::from_reader(Counted { inner: part, read: 0, stop_at: 0 });
    // As calamine sets it: the same bytes are to be the same tokens.
    let config = reader.config_mut();
    config.check_end_names = false;
    config.trim_text(false);
    config.check_comments = false;
    config.expand_empty_elements = true;
    let mut buffer = Vec::new();
    let mut ended_at = 0;
    loop {
        buffer.clear();
        let source = reader.get_mut();
        totals.bytes = before + source.read;
        within(totals.bytes)?;
        ratio(source.read, packed)?;
        if source.read - ended_at > MAX_ELEMENT_BYTES {
            return Err(RosterError::too_large("text_bytes", MAX_ELEMENT_BYTES));
        }
        source.stop_at = source.read + token_bytes;
        let now = source.read;
        match reader.read_event_into(&mut buffer).map_err(|_| RosterError::Damaged)? {
            Event::Start(element) => count(&element, totals)?,
            Event::End(_) => ended_at = now,
            Event::DocType(_) => return Err(RosterError::DocumentType),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// Counts the elements that calamine keeps, wherever they stand, and looks at what they declare.
fn count(element: &BytesStart<'_>, totals: &mut Totals) -> Result<(), RosterError> {
    let (counted, what, max) = match element.local_name().as_ref() {
        "si" => (&mut totals.strings, "cells", MAX_CELLS as u64),
        "xf" | "font" | "fill" | "border" | "numFmt" => (&mut totals.styles, "styles", 2 * MAX_STYLES),
        "sheet" => (&mut totals.sheets, "sheets", MAX_SHEETS as u64),
        "sst" => return declared(element),
        "Relationship" => return target(element),
        _ => return Ok(()),
    };
    *counted += 1;
    if *counted > max { Err(RosterError::too_large(what, max)) } else { Ok(()) }
}

/// Room is reserved for as many shared strings as are declared.
fn declared(element: &BytesStart<'_>) -> Result<(), RosterError> {
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| RosterError::Damaged)?;
        if attribute.key.local_name().as_ref() == "uniqueCount" {
            let fits = attribute.value.trim().parse::<usize>().is_ok_and(|count| count <= MAX_CELLS);
            return if fits { Ok(()) } else { Err(RosterError::too_large("cells", MAX_CELLS)) };
        }
    }
    Ok(())
}

/// What calamine follows must be a part that was walked here as XML.
fn target(element: &BytesStart<'_>) -> Result<(), RosterError> {
    const FOLLOWED: [&str; 4] = ["/officeDocument", "/worksheet", "/chartsheet", "/dialogsheet"];
    let (mut followed, mut walked) = (false, false);
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| RosterError::Damaged)?;
        let value = attribute.value.to_ascii_lowercase();
        match attribute.key.local_name().as_ref() {
            // As it stands or escaped, which no spreadsheet does here.
            "Type" => {
                followed = value.contains('&')
                    || FOLLOWED.iter().any(|kind| value.ends_with(&kind.to_ascii_lowercase()));
            }
            "Target" => walked = value.ends_with(".xml"),
            _ => {}
        }
    }
    if followed && !walked { Err(RosterError::Damaged) } else { Ok(()) }
}
