//! Rosters as text: which encoding, which delimiter, then rows.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::error::{RosterError, WrongKind};
use crate::limits::{HEADER_ROWS, MAX_CELL_CHARS, MAX_COLUMNS};
use crate::table::{Builder, Table};

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// So much of the file is looked at to tell the delimiter, bytes.
const SAMPLE_BYTES: usize = 64 << 10;

/// The text of a file: by its byte order mark, else UTF-8 if it can be, else GB 18030, which GBK and GB 2312 are
/// part of.
pub(super) fn decode(bytes: &[u8]) -> Result<String, RosterError> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None if memchr::memchr(0, bytes).is_some() => {
            return Err(RosterError::WrongKind(WrongKind::Unknown));
        }
        None if std::str::from_utf8(bytes).is_ok() => (UTF_8, 0),
        None => (GB18030, 0),
    };
    let rest = bytes.get(mark..).unwrap_or_default();
    let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
    let text = text.ok_or(RosterError::Encoding)?;
    if text.trim().is_empty() { Err(RosterError::Empty) } else { Ok(text.into_owned()) }
}

/// The rows of a text.
pub(super) fn table(text: &str) -> Result<Table, RosterError> {
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut builder = Builder::default();
    let mut record = StringRecord::new();
    let mut rows = Rows::default();
    // The last record, if it goes over several lines.
    let mut swallowed = None;
    while reader.read_record(&mut record).map_err(|_| RosterError::Encoding)? {
        if record.len() > MAX_COLUMNS && record.iter().skip(MAX_COLUMNS).any(|cell| !cell.trim().is_empty()) {
            return Err(RosterError::too_large("columns", MAX_COLUMNS));
        }
        let row = rows.of(&record, text, reader.position().byte());
        swallowed = record.as_slice().contains('\n').then_some(row);
        for (column, cell) in record.iter().enumerate().take(MAX_COLUMNS) {
            // A cell that goes on over lines and on: its quotation mark was never closed, and rows would be lost.
            if cell.contains('\n') && cell.chars().nth(MAX_CELL_CHARS).is_some() {
                return Err(RosterError::OpenQuote { row: row + 1 });
            }
            builder.put(row, column, cell)?;
        }
    }
    match swallowed {
        Some(row) if memchr::memchr_iter(b'"', text.as_bytes()).count() % 2 == 1 => {
            Err(RosterError::OpenQuote { row: row + 1 })
        }
        _ => Ok(builder.finish()),
    }
}

/// Counts rows as a spreadsheet shows them: blank lines are rows, a line break within quotation marks is none.
#[derive(Default)]
struct Rows {
    /// Where the last record ended.
    from: usize,
    /// The row after it, from 0.
    next: u32,
}

impl Rows {
    fn of(&mut self, record: &StringRecord, text: &str, end: u64) -> u32 {
        let end = usize::try_from(end).unwrap_or(text.len()).min(text.len());
        let bytes = text.as_bytes().get(self.from..end).unwrap_or_default();
        self.from = end;
        let lines =
            |bytes: &[u8]| u32::try_from(memchr::memchr_iter(b'\n', bytes).count()).unwrap_or(u32::MAX);
        let blank: usize = bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let inside = lines(record.as_slice().as_bytes());
        let row = self.next.saturating_add(lines(bytes.get(..blank).unwrap_or_default()));
        let ended = lines(bytes.get(blank..).unwrap_or_default()).saturating_sub(inside);
        self.next = row.saturating_add(ended);
        row
    }
}

/// The delimiter by which most of the first rows have the same number of columns, more than one.
fn delimiter(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE_BYTES);
    if end < text.len() {
        // Whole lines only.
        end = memchr::memrchr(b'\n', text.as_bytes().get(..end).unwrap_or_default()).unwrap_or(end);
    }
    let sample = text.as_bytes().get(..end).unwrap_or_default();
    // Later ones must be better: a comma where nothing tells.
    let best = DELIMITERS.into_iter().map(|delimiter| (agreement(sample, delimiter), delimiter)).reduce(
        |best, next| {
            if next.0 > best.0 { next } else { best }
        },
    );
    best.map_or(b',', |(_, delimiter)| delimiter)
}

/// How many of the first rows have the commonest number of columns, and that number.
fn agreement(sample: &[u8], delimiter: u8) -> (usize, usize) {
    let mut reader =
        ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(sample);
    let widths: Vec<usize> =
        reader.records().flatten().take(HEADER_ROWS).map(|record| record.len()).collect();
    let rows_of = |width: usize| widths.iter().filter(|other| **other == width).count();
    widths.iter().filter(|width| **width > 1).map(|width| (rows_of(*width), *width)).max().unwrap_or((0, 0))
}

#[cfg(test)]
mod tests {
    use encoding_rs::GBK;

    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        table(text).unwrap().rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn code(result: Result<impl Sized, RosterError>) -> &'static str {
        result.map_or_else(|error| error.code(), |_| "fine")
    }

    #[test]
    fn encodings_of_every_school() {
        let text = "学号,姓名\n1,王𠮷明\n";
        assert_eq!(decode(text.as_bytes()).unwrap(), text);
        assert_eq!(decode(&GB18030.encode(text).0).unwrap(), text);
        assert_eq!(decode(&GBK.encode("学号,姓名").0).unwrap(), "学号,姓名");
        let marked = |mark: &[u8], units: &dyn Fn(u16) -> [u8; 2]| {
            [mark.to_vec(), text.encode_utf16().flat_map(units).collect()].concat()
        };
        assert_eq!(decode(&marked(b"\xFF\xFE", &u16::to_le_bytes)).unwrap(), text);
        assert_eq!(decode(&marked(b"\xFE\xFF", &u16::to_be_bytes)).unwrap(), text);
        assert_eq!(decode(&[b"\xEF\xBB\xBF", text.as_bytes()].concat()).unwrap(), text);
        assert_eq!(code(decode(b"\xEF\xBB\xBF \n")), "roster.empty");
        assert_eq!(code(decode(b"a\0b")), "roster.wrong_kind");
        assert_eq!(code(decode(b"a,\xff\xff\n")), "roster.encoding");
    }

    #[test]
    fn delimiters_are_told_by_agreement() {
        for (delimiter, shown) in [(",", b','), (";", b';'), ("\t", b'\t'), ("|", b'|')] {
            let text =
                ["学号", "姓名", "备注"].join(delimiter) + "\n" + &["1", "王明", "a"].join(delimiter) + "\n";
            assert_eq!(delimiter_of(&text), char::from(shown), "{delimiter}");
        }
        assert_eq!(delimiter_of("毕业生名单\n学号;姓名\n1;王明, 班长\n2;李雷\n"), ';');
        assert_eq!(delimiter_of("学号\n1\n2\n"), ',');
        assert_eq!(delimiter_of("a\tb,c\tc\n1\t2,3\t4\n"), '\t');
    }

    fn delimiter_of(text: &str) -> char {
        char::from(delimiter(text))
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let text = "a,b\r\n\r\n\r\n1,\"x\r\ny\"\r\n2,z\n\n3,\"q\"\"r\"";
        let expected = [(1, "a|b"), (4, "1|x  y"), (5, "2|z"), (7, "3|q\"r")];
        let found: Vec<_> = rows(text).into_iter().map(|(row, cells)| (row, cells.join("|"))).collect();
        assert_eq!(found, expected.map(|(row, cells)| (row, cells.to_owned())));
    }

    #[test]
    fn a_quotation_mark_that_stays_open_loses_no_rows_silently() {
        let short = "学号,姓名\n1,\"王明\n2,李雷\n";
        assert!(matches!(table(short), Err(RosterError::OpenQuote { row: 2 })));
        let long = format!("学号,姓名\n1,\"王明\n{}", "2,李雷\n".repeat(200));
        assert!(matches!(table(&long), Err(RosterError::OpenQuote { row: 2 })));
        assert_eq!(rows("身高,姓名\n5\"7,王明\n").len(), 2);
    }
}
