//! What a file holds: the planned bytes, a JPEG of the planned size, a list with the planned rows.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use sha2::{Digest, Sha256};
use zune_jpeg::JpegDecoder;

use super::CheckProblem;
use crate::plan::{Document, DocumentKind, PlannedPhoto};

/// Students counted in the lists that were read.
#[derive(Default)]
pub(crate) struct Counted {
    pub(crate) collected: Option<usize>,
    pub(crate) missing: Option<usize>,
}

/// A photo: its sum, then whether it is a JPEG and how large a picture.
pub(crate) fn photo(
    planned: &PlannedPhoto,
    picture_px: (u32, u32),
    file: &mut dyn Read,
) -> Result<(), CheckProblem> {
    let path = || planned.path.as_str().to_owned();
    let bytes = read(file, planned.size).ok_or_else(|| CheckProblem::Differs(path()))?;
    let sum: [u8; 32] = Sha256::digest(&bytes).into();
    if sum != planned.sha256 {
        return Err(CheckProblem::Differs(path()));
    }
    let mut decoder = JpegDecoder::new(Cursor::new(&bytes));
    let size = decoder.decode_headers().ok().and_then(|()| decoder.dimensions());
    let whole = bytes.ends_with(&[0xff, 0xd9]);
    let (width, height) = size.filter(|_| whole).ok_or_else(|| CheckProblem::NotJpeg(path()))?;
    let (width_px, height_px) = (u32::try_from(width).unwrap_or(0), u32::try_from(height).unwrap_or(0));
    if (width_px, height_px) != picture_px {
        return Err(CheckProblem::PictureSize { path: path(), width_px, height_px });
    }
    Ok(())
}

/// A document: its bytes, then its rows as another program than the one that wrote them counts them.
pub(crate) fn document(
    planned: &Document,
    file: &mut dyn Read,
    counted: &mut Counted,
) -> Result<(), CheckProblem> {
    let path = || planned.path.clone();
    let bytes = same(&planned.path, &planned.bytes, file)?;
    let found = match planned.kind {
        DocumentKind::Index => vec![bytes.iter().filter(|&&byte| byte == b'\n').count()],
        _ => rows(bytes).ok_or_else(|| CheckProblem::ListUnreadable(path()))?,
    };
    // Below the groups of a summary stands the total.
    let totals = usize::from(planned.kind == DocumentKind::Summary);
    match planned.kind {
        DocumentKind::Collected => counted.collected = found.first().copied(),
        DocumentKind::Missing => counted.missing = found.first().copied(),
        DocumentKind::Summary | DocumentKind::Mailing | DocumentKind::Index => {}
    }
    let expected: Vec<_> = planned.rows.iter().map(|rows| rows + totals).collect();
    if found == expected { Ok(()) } else { Err(CheckProblem::ListRows { path: path(), found }) }
}

/// The file's bytes, where they are the expected ones.
pub(crate) fn same(path: &str, expected: &[u8], file: &mut dyn Read) -> Result<Vec<u8>, CheckProblem> {
    read(file, expected.len() as u64)
        .filter(|bytes| bytes == expected)
        .ok_or_else(|| CheckProblem::Differs(path.to_owned()))
}

/// The file's bytes, where there are exactly so many.
fn read(file: &mut dyn Read, size: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(usize::try_from(size).ok()?.min(1 << 20));
    file.take(size.saturating_add(1)).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 == size).then_some(bytes)
}

/// Rows below the header of each sheet; `None` where it cannot be opened or a cell is a formula.
fn rows(bytes: Vec<u8>) -> Option<Vec<usize>> {
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).ok()?;
    let mut found = Vec::new();
    for name in workbook.sheet_names() {
        let is_formula = |(_, _, formula): (_, _, &String)| !formula.is_empty();
        if workbook.worksheet_formula(&name).ok()?.used_cells().any(is_formula) {
            return None;
        }
        let range = workbook.worksheet_range(&name).ok()?;
        let filled = range.rows().filter(|row| row.iter().any(|cell| *cell != Data::Empty)).count();
        found.push(filled.saturating_sub(1));
    }
    Some(found)
}
