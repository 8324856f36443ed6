//! The back of a sheet: where things must stand so that they fall behind what is on the front.
//!
//! A printer that turns the sheet over its long edge puts the back's picture so that a reader who turns the page over
//! the same edge sees it upright. A standing page is turned over its side, which changes left and right; a lying page
//! over its top, which changes top and bottom.

use crate::geometry::{Rect, Turn};

use super::Layout;

impl Layout {
    /// Where on the back page something is that lies behind this place of the front, and where its top has to point so
    /// that it is upright for a person who turns the cut photo over its own side.
    pub fn behind(&self, front: &Rect, turn: Turn) -> (Rect, Turn) {
        if self.width_mm > self.height_mm {
            let turn = match turn {
                Turn::Up => Turn::Down,
                Turn::Down => Turn::Up,
                sideways => sideways,
            };
            (Rect { y_mm: self.height_mm - front.bottom_mm(), ..*front }, turn)
        } else {
            let turn = match turn {
                Turn::Left => Turn::Right,
                Turn::Right => Turn::Left,
                upright => upright,
            };
            (Rect { x_mm: self.width_mm - front.right_mm(), ..*front }, turn)
        }
    }
}
