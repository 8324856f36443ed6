//! Places on paper: millimetres from the top left corner, to the right and down.

/// Slack for sums of millimetres: a micrometre, far below what a printer or a guillotine can do.
pub(crate) const SLACK_MM: f64 = 1e-3;

/// Millimetres in a typographic point.
pub const MM_PER_PT: f64 = 25.4 / 72.0;

/// A rectangle with sides along the paper's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Its left side.
    pub x_mm: f64,
    /// Its upper side.
    pub y_mm: f64,
    /// Its width.
    pub width_mm: f64,
    /// Its height.
    pub height_mm: f64,
}

impl Rect {
    /// The rectangle with this upper left corner and this size.
    pub const fn new(x_mm: f64, y_mm: f64, width_mm: f64, height_mm: f64) -> Self {
        Self { x_mm, y_mm, width_mm, height_mm }
    }

    /// Its right side.
    pub fn right_mm(&self) -> f64 {
        self.x_mm + self.width_mm
    }

    /// Its lower side.
    pub fn bottom_mm(&self) -> f64 {
        self.y_mm + self.height_mm
    }

    /// Whether both share more than an edge.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x_mm + SLACK_MM < other.right_mm()
            && other.x_mm + SLACK_MM < self.right_mm()
            && self.y_mm + SLACK_MM < other.bottom_mm()
            && other.y_mm + SLACK_MM < self.bottom_mm()
    }

    /// Whether the other lies within.
    pub fn contains(&self, other: &Self) -> bool {
        self.x_mm <= other.x_mm + SLACK_MM
            && self.y_mm <= other.y_mm + SLACK_MM
            && other.right_mm() <= self.right_mm() + SLACK_MM
            && other.bottom_mm() <= self.bottom_mm() + SLACK_MM
    }

    /// The rectangle moved.
    pub fn moved(&self, x_mm: f64, y_mm: f64) -> Self {
        Self { x_mm: self.x_mm + x_mm, y_mm: self.y_mm + y_mm, ..*self }
    }

    /// The rectangle with this much taken from each side.
    pub fn inset(&self, by_mm: f64) -> Self {
        Self::new(
            self.x_mm + by_mm,
            self.y_mm + by_mm,
            (self.width_mm - 2.0 * by_mm).max(0.0),
            (self.height_mm - 2.0 * by_mm).max(0.0),
        )
    }
}

/// Where the top of something points on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Turn {
    /// Upright.
    #[default]
    Up,
    /// A quarter turn against the clock: it is read upwards.
    Left,
    /// Upside down.
    Down,
    /// A quarter turn with the clock: it is read downwards.
    Right,
}

impl Turn {
    /// Where the direction of reading goes: (right, down).
    pub(crate) fn reading(self) -> (f64, f64) {
        match self {
            Self::Up => (1.0, 0.0),
            Self::Left => (0.0, -1.0),
            Self::Down => (-1.0, 0.0),
            Self::Right => (0.0, 1.0),
        }
    }

    /// Whether width and height change places.
    pub fn is_sideways(self) -> bool {
        matches!(self, Self::Left | Self::Right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn touching_is_not_overlapping() {
        let left = Rect::new(0.0, 0.0, 33.0, 48.0);
        assert!(!left.overlaps(&Rect::new(33.0, 0.0, 33.0, 48.0)));
        assert!(left.overlaps(&Rect::new(32.9, 47.9, 33.0, 48.0)));
        assert!(left.contains(&left) && left.contains(&left.inset(1.0)) && !left.inset(1.0).contains(&left));
    }
}
