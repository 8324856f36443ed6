//! Tries every way that a set may lie on the paper and takes the best one.

use crate::error::PaperError;
use crate::geometry::{Rect, SLACK_MM, Turn};
use crate::paper::{MAX_PRINTS, PrintSize};

use super::marks::{self, REACH_MM};
use super::{Arrangement, Block, CAPTION_MM, CODE_MM, Caption, CodeSide, Layout, QUIET_MM, Slot, pack};

/// How prints keep apart: the gap between them, and the room for cut marks around them.
#[derive(Clone, Copy)]
struct Spacing {
    gap_mm: f64,
    around_mm: f64,
}

/// One way to lay the set out.
struct Attempt {
    lying: bool,
    turned: usize,
    spacing: usize,
    side: CodeSide,
    block: Block,
    width_mm: f64,
    height_mm: f64,
    columns: usize,
    rows: usize,
}

impl Attempt {
    /// What is better comes first: fewer turned prints, the wider spacing, more students, less of a roll.
    fn rank(&self, roll: bool) -> (usize, usize, usize, u64, bool, bool) {
        let students = usize::MAX - self.columns * self.rows;
        // Whole micrometres: rounded, so that sums in another order rank the same.
        let length_um = if roll { (self.height_mm * 1000.0).round() as u64 } else { 0 };
        (self.turned, self.spacing, students, length_um, self.lying, self.side == CodeSide::Below)
    }
}

/// Lays out these prints.
pub(super) fn counted(wish: &Arrangement, prints: &[PrintSize]) -> Result<Layout, PaperError> {
    if let Some(best) = best(wish, prints) {
        return Ok(layout(wish, best));
    }
    // The more prints, the less they fit: the border between is searched by halves.
    let (mut fits, mut too_many) = (0, prints.len());
    while too_many - fits > 1 {
        let middle = fits + (too_many - fits) / 2;
        if best(wish, &prints[..middle]).is_some() { fits = middle } else { too_many = middle }
    }
    Err(PaperError::SetDoesNotFit { wanted: prints.len(), fits })
}

/// Lays out as many as fit with the gap asked for.
pub(super) fn fill(wish: &Arrangement, size: PrintSize) -> Result<Layout, PaperError> {
    let all = [size; MAX_PRINTS];
    let most = (1..=MAX_PRINTS)
        .rev()
        .find_map(|count| best(wish, &all[..count]).filter(|attempt| attempt.spacing == 0));
    match most.or_else(|| best(wish, &all[..1])) {
        Some(best) => Ok(layout(wish, best)),
        None => Err(PaperError::SetDoesNotFit { wanted: 1, fits: 0 }),
    }
}

/// The best way for these prints, if there is one.
fn best(wish: &Arrangement, prints: &[PrintSize]) -> Option<Attempt> {
    let around_mm = if wish.marks.cut { REACH_MM } else { 0.0 };
    let spacings = [
        Spacing { gap_mm: wish.gap_mm, around_mm },
        Spacing { gap_mm: 0.0, around_mm },
        Spacing { gap_mm: 0.0, around_mm: 0.0 },
    ];
    let roll = wish.paper.is_roll();
    let mut best: Option<Attempt> = None;
    for turned in turnings(prints) {
        let count = turned.iter().filter(|&&turned| turned).count();
        for (spacing, &space) in spacings.iter().enumerate() {
            for lying in [false, true] {
                for side in [CodeSide::Right, CodeSide::Below] {
                    if lying && roll {
                        continue;
                    }
                    let room = wish.paper.printable(lying);
                    let Some((block, width_mm, height_mm)) =
                        block(prints, &turned, space, side, &room, wish.marks.caption)
                    else {
                        continue;
                    };
                    let apart = wish.gap_mm.max(QUIET_MM);
                    let times = |room_mm: f64, one_mm: f64| {
                        ((room_mm + apart + SLACK_MM) / (one_mm + apart)).floor().max(1.0) as usize
                    };
                    let (columns, rows) = if wish.several && !roll {
                        (times(room.width_mm, width_mm), times(room.height_mm, height_mm))
                    } else {
                        (1, 1)
                    };
                    let attempt = Attempt {
                        lying,
                        turned: count,
                        spacing,
                        side,
                        block,
                        width_mm,
                        height_mm,
                        columns,
                        rows,
                    };
                    if best.as_ref().is_none_or(|best| attempt.rank(roll) < best.rank(roll)) {
                        best = Some(attempt);
                    }
                }
            }
        }
        // The fewest turned come first, and rank first.
        if best.is_some() && count > best.as_ref().map_or(0, |best| best.turned) {
            break;
        }
    }
    best
}

/// Every number of prints of each size that may be turned, the fewest first.
fn turnings(prints: &[PrintSize]) -> Vec<Vec<bool>> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, size) in prints.iter().enumerate() {
        match runs.last_mut() {
            Some((start, length)) if prints[*start] == *size => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    let mut all = vec![vec![false; prints.len()]];
    for (start, length) in runs {
        let square = prints[start].width_mm() == prints[start].height_mm();
        let most = if square { 0 } else { length };
        all = all
            .into_iter()
            .flat_map(|chosen| {
                (0..=most).map(move |count| {
                    let mut chosen = chosen.clone();
                    // The last ones are turned: the first of a set lie upright.
                    chosen[start + length - count..start + length].fill(true);
                    chosen
                })
            })
            .collect();
    }
    all.sort_by_key(|turned| turned.iter().filter(|&&turned| turned).count());
    all
}

/// A block at the origin with its width and height, if it fits in the room.
fn block(
    prints: &[PrintSize],
    turned: &[bool],
    space: Spacing,
    side: CodeSide,
    room: &Rect,
    caption: Caption,
) -> Option<(Block, f64, f64)> {
    let under_mm = if caption == Caption::Under { CAPTION_MM } else { 0.0 };
    let sizes: Vec<(f64, f64)> = prints
        .iter()
        .zip(turned)
        .map(|(size, &turned)| {
            let upright = (size.width_mm(), size.height_mm() + under_mm);
            if turned { (upright.1, upright.0) } else { upright }
        })
        .collect();
    let band = QUIET_MM + CODE_MM;
    // The marks towards the code stand in its white.
    let (wide, high) = match side {
        CodeSide::Right => (room.width_mm - space.around_mm - band, room.height_mm - 2.0 * space.around_mm),
        CodeSide::Below => (room.width_mm - 2.0 * space.around_mm, room.height_mm - space.around_mm - band),
    };
    if sizes.iter().map(|(w, h)| w * h).sum::<f64>() > wide * high + SLACK_MM {
        return None;
    }
    let places = pack::rows(&sizes, wide, high, space.gap_mm)?;
    let mut slots = Vec::with_capacity(prints.len());
    let (mut right, mut bottom) = (0.0_f64, 0.0_f64);
    for (((&(x, y), &(w, h)), &size), &turned) in places.iter().zip(&sizes).zip(prints).zip(turned) {
        right = right.max(x + w);
        bottom = bottom.max(y + h);
        let (x, y) = (x + space.around_mm, y + space.around_mm);
        let (photo, caption) = if turned {
            // The top points left: what is under it is on the right.
            let photo = Rect::new(x, y, size.height_mm(), size.width_mm());
            (photo, Rect::new(photo.right_mm(), y, under_mm, size.width_mm()))
        } else {
            let photo = Rect::new(x, y, size.width_mm(), size.height_mm());
            (photo, Rect::new(x, photo.bottom_mm(), size.width_mm(), under_mm))
        };
        let turn = if turned { Turn::Left } else { Turn::Up };
        slots.push(Slot { photo, caption: (under_mm > 0.0).then_some(caption), turn, size });
    }
    let around = space.around_mm;
    // Set in from the corner of the photos, where cut marks point at it.
    let corner = marks::REACH_MM + 0.5;
    let (code, width_mm, height_mm) = match side {
        CodeSide::Right => (
            Rect::new(around + right + QUIET_MM, around + corner, CODE_MM, bottom - corner),
            around + right + band,
            bottom + 2.0 * around,
        ),
        CodeSide::Below => (
            Rect::new(around + corner, around + bottom + QUIET_MM, right - corner, CODE_MM),
            right + 2.0 * around,
            around + bottom + band,
        ),
    };
    let enough = code.width_mm + SLACK_MM >= CODE_MM && code.height_mm + SLACK_MM >= CODE_MM;
    enough.then_some((Block { slots, code, code_side: side }, width_mm, height_mm))
}

/// Puts the blocks in the middle of the page.
fn layout(wish: &Arrangement, best: Attempt) -> Layout {
    let apart = wish.gap_mm.max(QUIET_MM);
    let margin_mm = wish.paper.margin_mm();
    let mut printable = wish.paper.printable(best.lying);
    if wish.paper.is_roll() {
        printable.height_mm = best.height_mm;
    }
    let all = |count: usize, one_mm: f64| count as f64 * (one_mm + apart) - apart;
    let left = printable.x_mm + (printable.width_mm - all(best.columns, best.width_mm)) / 2.0;
    let top = printable.y_mm + (printable.height_mm - all(best.rows, best.height_mm)) / 2.0;
    let mut blocks = Vec::with_capacity(best.columns * best.rows);
    for row in 0..best.rows {
        for column in 0..best.columns {
            let x_mm = left + column as f64 * (best.width_mm + apart);
            let y_mm = top + row as f64 * (best.height_mm + apart);
            blocks.push(Block {
                slots: best.block.slots.iter().map(|slot| slot.moved(x_mm, y_mm)).collect(),
                code: best.block.code.moved(x_mm, y_mm),
                code_side: best.side,
            });
        }
    }
    let (ticks, shared) = if wish.marks.cut {
        (marks::ticks(&blocks, &printable), marks::shared(&blocks))
    } else {
        (Vec::new(), Vec::new())
    };
    Layout {
        width_mm: printable.width_mm + 2.0 * margin_mm,
        height_mm: printable.height_mm + 2.0 * margin_mm,
        printable,
        blocks,
        ticks,
        shared,
    }
}
