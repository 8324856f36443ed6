//! What a file is, by its first bytes.

use crate::error::{RosterError, WrongKind};

/// What can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A ZIP archive: xlsx, if anything.
    Zip,
    /// An OLE compound file: xls, if anything.
    CompoundFile,
    /// Text with delimiters, if anything.
    Text,
}

/// Beginnings of files that are no rosters.
const OTHERS: &[(&[u8], WrongKind)] = &[
    (b"%PDF", WrongKind::Pdf),
    (b"{\\rtf", WrongKind::Document),
    (b"\x89PNG", WrongKind::Picture),
    (b"\xff\xd8\xff", WrongKind::Picture),
    (b"GIF8", WrongKind::Picture),
    (b"Rar!", WrongKind::Archive),
    (b"7z\xbc\xaf", WrongKind::Archive),
    (b"\x1f\x8b", WrongKind::Archive),
];

/// How text begins that is markup with the name of a workbook; lower case.
const MARKUP: &[&[u8]] =
    &[b"<html", b"<!doctype", b"<table", b"<meta", b"<head", b"<style", b"<?xml", b"mime-version:"];

pub(super) fn kind(bytes: &[u8]) -> Result<Kind, RosterError> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(RosterError::Empty);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return Ok(Kind::Zip);
    }
    if bytes.starts_with(b"PK") {
        return Err(RosterError::Damaged);
    }
    if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(Kind::CompoundFile);
    }
    if let Some((_, kind)) = OTHERS.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Err(RosterError::WrongKind(*kind));
    }
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start: Vec<u8> = text
        .iter()
        .skip_while(|byte| byte.is_ascii_whitespace())
        .take(16)
        .map(u8::to_ascii_lowercase)
        .collect();
    if MARKUP.iter().any(|markup| start.starts_with(markup)) {
        return Err(RosterError::WrongKind(WrongKind::Html));
    }
    Ok(Kind::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_content() {
        let check = |bytes: &[u8], expected: Result<Kind, &str>| {
            let found = kind(bytes).map_err(|error| match error {
                RosterError::WrongKind(kind) => kind.code(),
                error => error.code(),
            });
            assert_eq!(found, expected, "{bytes:?}");
        };
        check(b"", Err("roster.empty"));
        check(b" \r\n", Err("roster.empty"));
        check(b"PK\x03\x04\x14", Ok(Kind::Zip));
        check(b"PK\x05\x06\0\0", Err("roster.damaged"));
        check(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Ok(Kind::CompoundFile));
        check(b"%PDF-1.7", Err("pdf"));
        check(b"\xEF\xBB\xBF\r\n<HTML xmlns", Err("html"));
        check(b"<table border=1>", Err("html"));
        check(b"<?xml version=\"1.0\"?><Workbook", Err("html"));
        check(b"\xff\xd8\xff\xe0", Err("picture"));
        check("学号,姓名".as_bytes(), Ok(Kind::Text));
    }
}
