//! Where the prints of a set lie on a paper: pure, in millimetres.
//!
//! Prints keep their size always; what gives way is, in this order: prints are turned last, the gap between them goes
//! before, then the room for cut marks. The paper lies on its side where more fits. A student's prints and the sheet
//! code beside them are a *block*; one block a sheet, or as many as fit.

mod back;
mod marks;
mod pack;
mod search;

#[cfg(test)]
mod tests;

pub use marks::{REACH_MM, TICK_WIDTH_MM, Tick};

use crate::error::PaperError;
use crate::geometry::{Rect, Turn};
use crate::paper::{Paper, PrintSize, Set};

/// Height of the two lines under a photo, mm.
pub const CAPTION_MM: f64 = 6.0;
/// Side of the sheet code, mm. A code of 38 characters has 25 modules: 0.3 mm each, which hand scanners read.
pub const CODE_MM: f64 = 7.6;
/// White around the sheet code: four of its modules.
pub const QUIET_MM: f64 = 1.25;

/// Where a student's name and number stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Caption {
    /// Nowhere.
    #[default]
    None,
    /// Under each photo.
    Under,
    /// On the back of each photo, printed over the long edge.
    Back,
}

/// What is printed beside the photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Marks {
    /// Short lines at the corners, outside the photos, where there is room; hairlines where prints touch.
    pub cut: bool,
    /// The names.
    pub caption: Caption,
}

/// How sheets are to be laid out.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrangement {
    /// On what.
    pub paper: Paper,
    /// Which prints.
    pub set: Set,
    /// White between two prints, mm; prints touch where the set fits in no other way.
    pub gap_mm: f64,
    /// What stands beside them.
    pub marks: Marks,
    /// Whether a sheet takes as many students as fit; a roll is cut after each in any case.
    pub several: bool,
}

/// The place of one print.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slot {
    /// Of the photo: exactly the print's size, or that on its side.
    pub photo: Rect,
    /// Of the lines under it.
    pub caption: Option<Rect>,
    /// Where the photo's top points.
    pub turn: Turn,
    /// Which print it is.
    pub size: PrintSize,
}

impl Slot {
    /// Photo and caption together.
    pub fn cell(&self) -> Rect {
        let Some(caption) = self.caption else { return self.photo };
        let (x_mm, y_mm) = (self.photo.x_mm.min(caption.x_mm), self.photo.y_mm.min(caption.y_mm));
        let right = self.photo.right_mm().max(caption.right_mm());
        let bottom = self.photo.bottom_mm().max(caption.bottom_mm());
        Rect::new(x_mm, y_mm, right - x_mm, bottom - y_mm)
    }

    fn moved(&self, x_mm: f64, y_mm: f64) -> Self {
        let caption = self.caption.map(|caption| caption.moved(x_mm, y_mm));
        Self { photo: self.photo.moved(x_mm, y_mm), caption, ..*self }
    }
}

/// Where a block's sheet code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodeSide {
    /// Right of the photos, its text read upwards below it.
    Right,
    /// Below the photos, its text right of it.
    Below,
}

/// One student's part of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The prints.
    pub slots: Vec<Slot>,
    /// The sheet code with its text, outside all prints.
    pub code: Rect,
    /// Which side of them that is.
    pub code_side: CodeSide,
}

/// A sheet laid out: every sheet of a run has the same.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Width of the page, the paper lying or standing.
    pub width_mm: f64,
    /// Height of the page; of a roll, where it is cut.
    pub height_mm: f64,
    /// Nothing stands outside.
    pub printable: Rect,
    /// For one student each.
    pub blocks: Vec<Block>,
    /// The cut marks, outside of all prints.
    pub ticks: Vec<Tick>,
    /// The edges that two prints share, where there are cut marks.
    pub shared: Vec<Tick>,
}

impl Layout {
    /// Every slot of the sheet.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.blocks.iter().flat_map(|block| &block.slots)
    }

    /// How many prints lie on a full sheet.
    pub fn prints(&self) -> usize {
        self.slots().count()
    }
}

impl Arrangement {
    /// One student a sheet, with cut marks, 2 mm between prints, and no names.
    pub fn new(paper: Paper, set: Set) -> Self {
        let marks = Marks { cut: true, caption: Caption::None };
        Self { paper, set, gap_mm: 2.0, marks, several: false }
    }

    /// Lays a sheet out.
    ///
    /// # Errors
    /// When the set is empty, too large or does not fit, or asks of a roll what it cannot do.
    pub fn layout(&self) -> Result<Layout, PaperError> {
        if !(0.0..=100.0).contains(&self.gap_mm) {
            return Err(PaperError::Size { width_mm: self.gap_mm, height_mm: self.gap_mm });
        }
        if self.paper.is_roll() && self.marks.caption == Caption::Back {
            return Err(PaperError::BackOnRoll);
        }
        match &self.set {
            Set::Fill(_) if self.paper.is_roll() => Err(PaperError::FillOnRoll),
            Set::Fill(size) => search::fill(self, *size),
            Set::Counted(_) => search::counted(self, &self.set.prints()?),
        }
    }
}
