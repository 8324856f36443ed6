//! Old workbooks (xls). Their content is taken out of its container, walked and made harmless, and only then given to
//! calamine, which reads all sheets at once.

use std::io::{Cursor, Read, Write};

use calamine::{Data, DataRef, Reader, XlsError};
use cfb::{CompoundFile, Version};

use crate::error::{RosterError, WrongKind};
use crate::limits::MAX_XLS_BYTES;
use crate::read::{biff, cell, xlsx};
use crate::table::{Builder, Table};

pub(super) type Xls = calamine::Xls<Cursor<Vec<u8>>>;

pub(super) fn open(bytes: Vec<u8>) -> Result<(Xls, Vec<String>), RosterError> {
    let mut container = CompoundFile::open(Cursor::new(&bytes)).map_err(|_| RosterError::Damaged)?;
    if container.exists("/EncryptedPackage") {
        return Err(RosterError::Encrypted);
    }
    if container.exists("/WordDocument") || container.exists("/PowerPoint Document") {
        return Err(RosterError::WrongKind(WrongKind::Document));
    }
    if bytes.len() as u64 > MAX_XLS_BYTES {
        return Err(RosterError::too_large("bytes", MAX_XLS_BYTES));
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.exists(name));
    let name = name.ok_or(RosterError::WrongKind(WrongKind::Unknown))?;
    let mut stream = Vec::new();
    let source = container.open_stream(name).map_err(|_| RosterError::Damaged)?;
    source.take(MAX_XLS_BYTES).read_to_end(&mut stream).map_err(|_| RosterError::Damaged)?;
    drop(container);
    drop(bytes);
    biff::make_harmless(&mut stream)?;
    let clean = pack(name, &stream).map_err(RosterError::Io)?;
    drop(stream);
    let book = Xls::new(Cursor::new(clean)).map_err(|error| match error {
        XlsError::Password => RosterError::Encrypted,
        _ => RosterError::Damaged,
    })?;
    let sheets = xlsx::names(book.sheets_metadata());
    if sheets.is_empty() { Err(RosterError::Damaged) } else { Ok((book, sheets)) }
}

/// A container with nothing but the workbook in it.
fn pack(name: &str, stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut container = CompoundFile::create_with_version(Version::V3, Cursor::new(Vec::new()))?;
    let mut into = container.create_stream(name)?;
    into.write_all(stream)?;
    into.flush()?;
    drop(into);
    container.flush()?;
    Ok(container.into_inner().into_inner())
}

pub(super) fn table(book: &mut Xls, sheet: &str) -> Result<Table, RosterError> {
    let range = book.worksheet_range(sheet).map_err(|_| RosterError::Damaged)?;
    let (top, left) = range.start().unwrap_or_default();
    let mut builder = Builder::default();
    for (row, column, value) in range.used_cells() {
        if matches!(value, Data::Empty) {
            continue;
        }
        let at = |from: u32, by: usize| u32::try_from(by).ok().and_then(|by| from.checked_add(by));
        let (row, column) = at(top, row).zip(at(left, column)).ok_or(RosterError::Damaged)?;
        cell::put(&mut builder, (row, column), &borrowed(value), 0)?;
    }
    Ok(builder.finish())
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(value) => DataRef::Bool(*value),
        Data::DateTime(value) => DataRef::DateTime(*value),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}
