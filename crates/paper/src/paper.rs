//! Papers and prints by size, and sets of prints.

use crate::error::PaperError;
use crate::geometry::Rect;

/// The smallest side of a paper or a print, mm.
pub const MIN_SIDE_MM: f64 = 10.0;
/// The largest side of a paper, mm: A3's is 420; a roll is cut before.
pub const MAX_SIDE_MM: f64 = 1000.0;
/// The most sizes in a set.
pub const MAX_SIZES: usize = 3;
/// The most prints in a set.
pub const MAX_PRINTS: usize = 48;

fn side_is_sound(side_mm: f64) -> bool {
    (MIN_SIDE_MM..=MAX_SIDE_MM).contains(&side_mm)
}

/// What is printed on. Photo papers are named by the trade: 6寸 is 102 × 152 mm, 5寸 is 89 × 127 mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Paper {
    width_mm: f64,
    height_mm: f64,
    margin_mm: f64,
    roll: bool,
}

impl Paper {
    /// A4 with the margin that office printers keep.
    pub const A4: Self = Self { width_mm: 210.0, height_mm: 297.0, margin_mm: 5.0, roll: false };
    /// 6寸 photo paper with the little that a borderless printer may cut off.
    pub const SIX_INCH: Self = Self { width_mm: 102.0, height_mm: 152.0, margin_mm: 1.5, roll: false };
    /// 5寸 photo paper.
    pub const FIVE_INCH: Self = Self { width_mm: 89.0, height_mm: 127.0, margin_mm: 1.5, roll: false };
    /// A roll of 102 mm.
    pub const ROLL_102: Self = Self { width_mm: 102.0, height_mm: MAX_SIDE_MM, margin_mm: 1.5, roll: true };
    /// A roll of 152 mm.
    pub const ROLL_152: Self = Self { width_mm: 152.0, height_mm: MAX_SIDE_MM, margin_mm: 1.5, roll: true };

    /// A label of 100 × 150 mm, as parcel services print them.
    pub const LABEL: Self = Self { width_mm: 100.0, height_mm: 150.0, margin_mm: 4.0, roll: false };
    /// A DL envelope, lying.
    pub const DL: Self = Self { width_mm: 220.0, height_mm: 110.0, margin_mm: 10.0, roll: false };
    /// A C5 envelope, lying.
    pub const C5: Self = Self { width_mm: 229.0, height_mm: 162.0, margin_mm: 12.0, roll: false };
    /// A B6 envelope, lying: it takes a photo sheet of 6寸.
    pub const B6: Self = Self { width_mm: 176.0, height_mm: 125.0, margin_mm: 10.0, roll: false };
    /// A5, lying, for receipts.
    pub const A5: Self = Self { width_mm: 210.0, height_mm: 148.0, margin_mm: 12.0, roll: false };
    /// A4, lying, for wide lists.
    pub const A4_LYING: Self = Self { width_mm: 297.0, height_mm: 210.0, margin_mm: 12.0, roll: false };
    /// A4 with the margins of a letter, for lists.
    pub const A4_LIST: Self = Self { width_mm: 210.0, height_mm: 297.0, margin_mm: 16.0, roll: false };

    /// Every paper for photos with the word that settings keep it by.
    pub const PRESETS: [(&'static str, Self); 5] = [
        ("a4", Self::A4),
        ("six-inch", Self::SIX_INCH),
        ("five-inch", Self::FIVE_INCH),
        ("roll-102", Self::ROLL_102),
        ("roll-152", Self::ROLL_152),
    ];

    /// Sheets of this size with this unprintable margin on each side.
    ///
    /// # Errors
    /// [`PaperError::Size`] when a side is out of bounds or the margins leave less than the smallest side.
    pub fn sheet(width_mm: f64, height_mm: f64, margin_mm: f64) -> Result<Self, PaperError> {
        Self::sound(Self { width_mm, height_mm, margin_mm, roll: false })
    }

    /// A roll of this width: it is cut after each student.
    ///
    /// # Errors
    /// As [`Paper::sheet`].
    pub fn roll(width_mm: f64, margin_mm: f64) -> Result<Self, PaperError> {
        Self::sound(Self { width_mm, height_mm: MAX_SIDE_MM, margin_mm, roll: true })
    }

    fn sound(self) -> Result<Self, PaperError> {
        let printable = self.printable(false);
        let sound = self.margin_mm >= 0.0
            && [self.width_mm, self.height_mm, printable.width_mm, printable.height_mm]
                .into_iter()
                .all(side_is_sound);
        let refusal = PaperError::Size { width_mm: self.width_mm, height_mm: self.height_mm };
        if sound { Ok(self) } else { Err(refusal) }
    }

    /// Width as the printer takes it in.
    pub fn width_mm(&self) -> f64 {
        self.width_mm
    }

    /// Height; of a roll, the longest piece.
    pub fn height_mm(&self) -> f64 {
        self.height_mm
    }

    /// What stays white on each side.
    pub fn margin_mm(&self) -> f64 {
        self.margin_mm
    }

    /// Whether it comes from a roll and is cut to length.
    pub fn is_roll(&self) -> bool {
        self.roll
    }

    /// Where may be printed on, on the paper as it is or lying.
    pub(crate) fn printable(&self, lying: bool) -> Rect {
        let (width_mm, height_mm) =
            if lying { (self.height_mm, self.width_mm) } else { (self.width_mm, self.height_mm) };
        Rect::new(0.0, 0.0, width_mm, height_mm).inset(self.margin_mm)
    }
}

/// The size of one print.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PrintSize {
    width_mm: f64,
    height_mm: f64,
}

impl PrintSize {
    /// The print for the diploma, 33 × 48 mm.
    pub const DIPLOMA: Self = Self { width_mm: 33.0, height_mm: 48.0 };
    /// 1寸, 25 × 35 mm.
    pub const ONE_INCH: Self = Self { width_mm: 25.0, height_mm: 35.0 };
    /// 2寸, 35 × 49 mm.
    pub const TWO_INCH: Self = Self { width_mm: 35.0, height_mm: 49.0 };

    /// A print of this size.
    ///
    /// # Errors
    /// [`PaperError::Size`] when a side is out of bounds.
    pub fn new(width_mm: f64, height_mm: f64) -> Result<Self, PaperError> {
        let sound = side_is_sound(width_mm) && side_is_sound(height_mm);
        if sound { Ok(Self { width_mm, height_mm }) } else { Err(PaperError::Size { width_mm, height_mm }) }
    }

    /// Its width, upright.
    pub fn width_mm(&self) -> f64 {
        self.width_mm
    }

    /// Its height, upright.
    pub fn height_mm(&self) -> f64 {
        self.height_mm
    }
}

/// The prints that one student gets.
#[derive(Debug, Clone, PartialEq)]
pub enum Set {
    /// So many of each size.
    Counted(Vec<(PrintSize, u16)>),
    /// As many of one size as the paper takes.
    Fill(PrintSize),
}

impl Set {
    /// Five prints for diplomas.
    pub fn five() -> Self {
        Self::Counted(vec![(PrintSize::DIPLOMA, 5)])
    }

    /// 2寸×4 + 1寸×8.
    pub fn four_and_eight() -> Self {
        Self::Counted(vec![(PrintSize::TWO_INCH, 4), (PrintSize::ONE_INCH, 8)])
    }

    /// Every print by itself, in the set's order; none for [`Set::Fill`].
    ///
    /// # Errors
    /// When there is none, or more than can be laid out.
    pub(crate) fn prints(&self) -> Result<Vec<PrintSize>, PaperError> {
        let Self::Counted(counted) = self else { return Ok(Vec::new()) };
        let total: usize = counted.iter().map(|(_, count)| usize::from(*count)).sum();
        if counted.len() > MAX_SIZES || total > MAX_PRINTS {
            return Err(PaperError::SetTooLarge { max_sizes: MAX_SIZES, max_prints: MAX_PRINTS });
        }
        if total == 0 {
            return Err(PaperError::SetEmpty);
        }
        Ok(counted.iter().flat_map(|(size, count)| std::iter::repeat_n(*size, usize::from(*count))).collect())
    }
}
