//! Cut marks: short lines that go on from a photo's edges, outside of it.

use crate::geometry::{Rect, SLACK_MM};

use super::Block;

/// How far a mark goes from the photo.
pub const REACH_MM: f64 = 1.0;
/// White between photo and mark.
const OFF_MM: f64 = 0.25;
/// How thick marks are.
pub const TICK_WIDTH_MM: f64 = 0.1;

/// A cut mark.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tick {
    /// From where.
    pub from_mm: (f64, f64),
    /// To where.
    pub to_mm: (f64, f64),
}

impl Tick {
    /// What it blackens.
    pub fn rect(&self) -> Rect {
        let (x, y) = (self.from_mm.0.min(self.to_mm.0), self.from_mm.1.min(self.to_mm.1));
        let (w, h) = ((self.from_mm.0 - self.to_mm.0).abs(), (self.from_mm.1 - self.to_mm.1).abs());
        let half = TICK_WIDTH_MM / 2.0;
        if w > h {
            Rect::new(x, y - half, w, TICK_WIDTH_MM)
        } else {
            Rect::new(x - half, y, TICK_WIDTH_MM, h)
        }
    }
}

/// The marks of these blocks: at the corners of each photo and of what is under it. Left out where one would stand on
/// a photo, a caption or a code, or outside.
pub(super) fn ticks(blocks: &[Block], printable: &Rect) -> Vec<Tick> {
    let cells: Vec<Rect> =
        blocks.iter().flat_map(|block| block.slots.iter().map(super::Slot::cell)).collect();
    let codes: Vec<Rect> = blocks.iter().map(|block| block.code).collect();
    let mut all: Vec<Tick> = Vec::new();
    for block in blocks {
        for slot in &block.slots {
            for rect in [slot.cell(), slot.photo] {
                for tick in around(&rect) {
                    let ink = tick.rect();
                    let free = printable.contains(&ink)
                        && !cells.iter().chain(&codes).any(|other| other.overlaps(&ink));
                    let new = !all.iter().any(|known| same(known, &tick));
                    if free && new {
                        all.push(tick);
                    }
                }
            }
        }
    }
    all
}

/// Where two prints touch: of one background, nobody sees the edge that is to be cut. Drawn as thin as a mark, half of
/// it on either print.
pub(super) fn shared(blocks: &[Block]) -> Vec<Tick> {
    let mut all = Vec::new();
    for block in blocks {
        let cells: Vec<Rect> = block.slots.iter().map(super::Slot::cell).collect();
        for a in &cells {
            for b in &cells {
                let (top, bottom) = (a.y_mm.max(b.y_mm), a.bottom_mm().min(b.bottom_mm()));
                if (a.right_mm() - b.x_mm).abs() < SLACK_MM && bottom - top > SLACK_MM {
                    all.push(Tick { from_mm: (b.x_mm, top), to_mm: (b.x_mm, bottom) });
                }
                let (left, right) = (a.x_mm.max(b.x_mm), a.right_mm().min(b.right_mm()));
                if (a.bottom_mm() - b.y_mm).abs() < SLACK_MM && right - left > SLACK_MM {
                    all.push(Tick { from_mm: (left, b.y_mm), to_mm: (right, b.y_mm) });
                }
            }
        }
    }
    all
}

fn same(a: &Tick, b: &Tick) -> bool {
    let near = |p: (f64, f64), q: (f64, f64)| (p.0 - q.0).abs() < SLACK_MM && (p.1 - q.1).abs() < SLACK_MM;
    (near(a.from_mm, b.from_mm) && near(a.to_mm, b.to_mm))
        || (near(a.from_mm, b.to_mm) && near(a.to_mm, b.from_mm))
}

/// The eight marks at a rectangle's corners.
fn around(rect: &Rect) -> impl Iterator<Item = Tick> {
    let corners = [
        (rect.x_mm, rect.y_mm, -1.0, -1.0),
        (rect.right_mm(), rect.y_mm, 1.0, -1.0),
        (rect.x_mm, rect.bottom_mm(), -1.0, 1.0),
        (rect.right_mm(), rect.bottom_mm(), 1.0, 1.0),
    ];
    corners.into_iter().flat_map(|(x, y, right, down)| {
        [
            Tick { from_mm: (x + right * OFF_MM, y), to_mm: (x + right * REACH_MM, y) },
            Tick { from_mm: (x, y + down * OFF_MM), to_mm: (x, y + down * REACH_MM) },
        ]
    })
}
