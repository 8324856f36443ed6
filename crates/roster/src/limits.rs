//! How much is taken. A roster of 20,000 students needs a tenth of it; what is larger is no roster.

/// Longest file, bytes.
pub const MAX_FILE_BYTES: u64 = 64 << 20;
/// Longest old workbook (xls), bytes; 65,536 full rows of it are shorter.
pub const MAX_XLS_BYTES: u64 = 32 << 20;
/// Most bytes that a workbook may unpack to, declared and counted.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// Most parts in a workbook.
pub const MAX_PARTS: usize = 2_000;
/// A part of more than [`RATIO_FROM_BYTES`] may unpack to so many times its packed size.
pub const MAX_RATIO: u64 = 500;
/// Parts that unpack to less may have any ratio.
pub const RATIO_FROM_BYTES: u64 = 8 << 20;
/// Most sheets.
pub const MAX_SHEETS: usize = 256;
/// Most rows that are not blank.
pub const MAX_ROWS: usize = 60_000;
/// Most columns; a value further to the right is refused.
pub const MAX_COLUMNS: usize = 100;
/// Most cells with a value.
pub const MAX_CELLS: usize = 3_000_000;
/// Longest text of a cell, characters; what is longer is cut there and the cell says so.
pub const MAX_CELL_CHARS: usize = 300;
/// Most text of a sheet altogether, bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 64 << 20;
/// The header is looked for in so many rows.
pub const HEADER_ROWS: usize = 20;
