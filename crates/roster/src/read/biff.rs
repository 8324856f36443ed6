//! Walks the records of an old workbook and makes harmless what calamine would act upon: declared sizes, formulas,
//! names, merged cells. What remains is counted, since calamine reads every sheet into a grid and copies shared text
//! into every cell ([MS-XLS] 2.4 for the records).

use std::ops::Range;

use crate::error::RosterError;
use crate::limits::{MAX_CELLS, MAX_SHEETS, MAX_TEXT_BYTES};

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const BOUND_SHEET: u16 = 0x0085;
const CONTINUE: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
const EXTERN_SHEET: u16 = 0x0017;
const FILE_PASS: u16 = 0x002F;
const FORMULA: u16 = 0x0006;
const LABEL: u16 = 0x0204;
const LABEL_SST: u16 = 0x00FD;
const MERGED_CELLS: u16 = 0x00E5;
const MUL_RK: u16 = 0x00BD;
const NAME: u16 = 0x0018;
const NUMBER: u16 = 0x0203;
const BOOL_OR_ERROR: u16 = 0x0205;
const RK: u16 = 0x027E;
const RICH_STRING: u16 = 0x00D6;
const SHARED_STRINGS: u16 = 0x00FC;
const TEXT_OF_FORMULA: u16 = 0x0207;
/// A record of undocumented content that every reader skips.
const SKIPPED: u16 = 0x00E2;

/// One record: its kind and where its content is.
struct Record {
    kind: u16,
    at: usize,
    data: Range<usize>,
}

/// Changes the stream in place; its length and the places of its records stay.
pub(super) fn make_harmless(stream: &mut [u8]) -> Result<(), RosterError> {
    let mut sheets = Vec::new();
    let mut lengths = Vec::new();
    let mut at = 0;
    loop {
        let record = record(stream, at)?;
        at = record.data.end;
        match record.kind {
            EOF => break,
            FILE_PASS if u16_at(stream, record.data.start) != Some(0) => return Err(RosterError::Encrypted),
            BOUND_SHEET => {
                let start = u32_at(stream, record.data.start).ok_or(RosterError::Damaged)?;
                sheets.push(usize::try_from(start).map_err(|_| RosterError::Damaged)?);
                if sheets.len() > MAX_SHEETS {
                    return Err(RosterError::too_large("sheets", MAX_SHEETS));
                }
            }
            SHARED_STRINGS => (lengths, at) = shared_lengths(stream, record)?,
            EXTERN_SHEET | NAME => skip(stream, &record),
            _ => {}
        }
    }
    let mut totals = Totals::default();
    sheets.into_iter().try_for_each(|start| sheet(stream, start, &lengths, &mut totals))
}

/// What all sheets have together.
#[derive(Default)]
struct Totals {
    cells: usize,
    grid: usize,
    text_chars: usize,
}

impl Totals {
    fn add(&mut self, cells: usize, text_chars: usize) -> Result<(), RosterError> {
        self.cells += cells;
        self.text_chars = self.text_chars.saturating_add(text_chars);
        if self.cells > MAX_CELLS {
            return Err(RosterError::too_large("cells", MAX_CELLS));
        }
        if self.text_chars > MAX_TEXT_BYTES / 2 {
            return Err(RosterError::too_large("text_bytes", MAX_TEXT_BYTES));
        }
        Ok(())
    }
}

fn sheet(stream: &mut [u8], start: usize, lengths: &[u16], totals: &mut Totals) -> Result<(), RosterError> {
    if record(stream, start)?.kind != BOF {
        return Err(RosterError::Damaged);
    }
    let (mut at, mut depth, mut begun) = (start, 0_usize, false);
    // Rows and columns that have values.
    let mut grid: Option<(Range<usize>, Range<usize>)> = None;
    while at < stream.len() {
        let record = record(stream, at)?;
        at = record.data.end;
        let data = record.data.clone();
        match record.kind {
            BOF if begun => depth += 1,
            BOF => begun = true,
            EOF if depth > 0 => depth -= 1,
            EOF => break,
            _ if depth > 0 => continue,
            DIMENSIONS | MERGED_CELLS => skip(stream, &record),
            LABEL_SST => {
                let index = u32_at(stream, data.start + 6).and_then(|index| usize::try_from(index).ok());
                let length = index.and_then(|index| lengths.get(index)).copied().unwrap_or(0);
                totals.add(1, usize::from(length))?;
            }
            LABEL | RICH_STRING => {
                let chars = shorten(stream, data.start + 6, data.end);
                totals.add(1, chars)?;
            }
            TEXT_OF_FORMULA => {
                let chars = shorten(stream, data.start, data.end);
                totals.add(1, chars)?;
            }
            FORMULA => {
                formula(stream, &record);
                totals.add(1, 0)?;
            }
            MUL_RK => totals.add(data.len() / 6, 0)?,
            NUMBER | RK | BOOL_OR_ERROR => totals.add(1, 0)?,
            _ => {}
        }
        if let Some((row, columns)) = place(stream, &record) {
            let (rows, across) = grid.get_or_insert((row..row + 1, columns.clone()));
            *rows = rows.start.min(row)..rows.end.max(row + 1);
            *across = across.start.min(columns.start)..across.end.max(columns.end);
        }
    }
    if let Some((rows, columns)) = grid {
        totals.grid = totals.grid.saturating_add(rows.len().saturating_mul(columns.len()));
    }
    if totals.grid > MAX_CELLS { Err(RosterError::too_large("cells", MAX_CELLS)) } else { Ok(()) }
}

/// The row and the columns that a record gives values to.
fn place(stream: &[u8], record: &Record) -> Option<(usize, Range<usize>)> {
    let data = record.data.clone();
    let row = usize::from(u16_at(stream, data.start)?);
    let column = usize::from(u16_at(stream, data.start + 2)?);
    match record.kind {
        LABEL_SST | LABEL | RICH_STRING | FORMULA | NUMBER | RK | BOOL_OR_ERROR => {
            Some((row, column..column + 1))
        }
        MUL_RK => {
            let last = usize::from(u16_at(stream, data.end.checked_sub(2)?)?);
            Some((row, column..last.max(column) + 1))
        }
        _ => None,
    }
}

/// A formula's kept number is a number; of another the calculation is taken away, and what it came to stays.
fn formula(stream: &mut [u8], record: &Record) {
    let data = record.data.clone();
    // Text, truth and errors are told from a number by these two bytes; a number begins both records alike.
    let number = stream.get(data.start + 12..data.start + 14).is_some_and(|end| end != [0xFF, 0xFF]);
    if number {
        write_u16(stream, record.at, NUMBER);
    } else if data.len() >= 22 {
        write_u16(stream, data.start + 20, 0);
    } else {
        skip(stream, record);
    }
}

/// Room is reserved for as many characters as are declared: no more than there are.
fn shorten(stream: &mut [u8], at: usize, end: usize) -> usize {
    let there = u16::try_from(end.saturating_sub(at + 2)).unwrap_or(u16::MAX);
    let declared = u16_at(stream, at).unwrap_or(0).min(there);
    if at + 2 <= end {
        write_u16(stream, at, declared);
    }
    usize::from(declared)
}

/// The number of characters of each shared string, and where the records after them begin ([MS-XLS] 2.5.293).
fn shared_lengths(stream: &[u8], first: Record) -> Result<(Vec<u16>, usize), RosterError> {
    let mut parts = Vec::new();
    let mut end = first.data.end;
    parts.push(first.data.start + 8..end);
    while let Ok(next) = record(stream, end) {
        if next.kind != CONTINUE {
            break;
        }
        end = next.data.end;
        parts.push(next.data);
    }
    let mut text = Shared { stream, parts: parts.into_iter(), now: 0..0 };
    text.next_part();
    let mut lengths = Vec::new();
    while text.more() {
        lengths.push(text.string().ok_or(RosterError::Damaged)?);
        if lengths.len() > MAX_CELLS {
            return Err(RosterError::too_large("cells", MAX_CELLS));
        }
    }
    Ok((lengths, end))
}

/// Shared strings, which go on over the ends of records.
struct Shared<'a> {
    stream: &'a [u8],
    parts: std::vec::IntoIter<Range<usize>>,
    now: Range<usize>,
}

impl Shared<'_> {
    fn next_part(&mut self) -> bool {
        self.now = self.parts.next().unwrap_or(0..0);
        !self.now.is_empty()
    }

    fn more(&mut self) -> bool {
        !self.now.is_empty() || self.next_part()
    }

    fn take(&mut self, bytes: usize) -> Option<&[u8]> {
        let end = self.now.start.checked_add(bytes).filter(|end| *end <= self.now.end)?;
        let taken = self.stream.get(self.now.start..end);
        self.now.start = end;
        taken
    }

    /// One string; how many characters it has.
    fn string(&mut self) -> Option<u16> {
        let &[low, high, flags] = self.take(3)? else { return None };
        let chars = u16::from_le_bytes([low, high]);
        let runs = if flags & 8 == 0 { 0 } else { self.number(2)? };
        let extra = if flags & 4 == 0 { 0 } else { self.number(4)? };
        let (mut wide, mut left) = (flags & 1 != 0, usize::from(chars));
        while left > 0 {
            let size = if wide { 2 } else { 1 };
            let here = left.min(self.now.len() / size);
            self.take(here * size)?;
            left -= here;
            if left > 0 {
                self.next_part().then_some(())?;
                wide = self.take(1)?.first()? & 1 != 0;
            }
        }
        self.skip(runs.checked_mul(4)?.checked_add(extra)?)?;
        Some(chars)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        let bytes = self.take(bytes)?;
        Some(bytes.iter().rev().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > self.now.len() {
            bytes -= self.now.len();
            self.next_part().then_some(())?;
        }
        self.take(bytes).map(drop)
    }
}

fn record(stream: &[u8], at: usize) -> Result<Record, RosterError> {
    let header = u16_at(stream, at).zip(at.checked_add(2).and_then(|at| u16_at(stream, at)));
    let (kind, length) = header.ok_or(RosterError::Damaged)?;
    let start = at + 4;
    let end = start + usize::from(length);
    if end > stream.len() { Err(RosterError::Damaged) } else { Ok(Record { kind, at, data: start..end }) }
}

fn skip(stream: &mut [u8], record: &Record) {
    write_u16(stream, record.at, SKIPPED);
}

fn u16_at(stream: &[u8], at: usize) -> Option<u16> {
    stream.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(stream: &[u8], at: usize) -> Option<u32> {
    stream.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

fn write_u16(stream: &mut [u8], at: usize, value: u16) {
    if let Some(there) = stream.get_mut(at..at + 2) {
        there.copy_from_slice(&value.to_le_bytes());
    }
}
