//! Colours, sizes and the grid of the sheet. Lengths are pixels; all distances are multiples of [`GRID`].

use super::canvas::Ink;

/// The step of the grid.
pub(super) const GRID: f32 = 8.0;

/// The sheet itself.
pub(super) const PAPER: Ink = Ink::solid([0xFB, 0xFA, 0xF7]);
/// Text.
pub(super) const INK: Ink = Ink::solid([0x1C, 0x24, 0x30]);
/// Text of second rank; still 7:1 on paper.
pub(super) const QUIET: Ink = Ink::solid([0x4A, 0x54, 0x62]);
/// Rules and frames.
pub(super) const HAIRLINE: Ink = Ink::solid([0xD9, 0xDC, 0xE0]);
/// Panels that hold instruments.
pub(super) const PANEL: Ink = Ink::solid([0xF0, 0xF1, 0xF1]);
/// The blue of the certificate's photo.
pub(super) const CERTIFICATE: Ink = Ink::solid([100, 197, 255]);
/// The same blue, dark enough for lines and small type.
pub(super) const ACCENT: Ink = Ink::solid([0x00, 0x5F, 0xA3]);
/// In order.
pub(super) const GREEN: Ink = Ink::solid([0x14, 0x7A, 0x4A]);
/// To be looked at: fills.
pub(super) const AMBER: Ink = Ink::solid([0xF0, 0xA3, 0x1C]);
/// To be looked at: lines, which must hold on light backdrops.
pub(super) const AMBER_LINE: Ink = Ink::solid([0xB4, 0x62, 0x00]);
/// Stop.
pub(super) const RED: Ink = Ink::solid([0xC4, 0x25, 0x2E]);
/// Not decided.
pub(super) const GREY: Ink = Ink::solid([0x66, 0x70, 0x7E]);
/// On dark fills and on photos.
pub(super) const WHITE: Ink = Ink::solid([0xFF, 0xFF, 0xFF]);

/// Failures and open questions.
pub(super) const LARGE_EM: f32 = 17.0;
/// Passed checks, limits, the footer.
pub(super) const SMALL_EM: f32 = 13.5;
/// Measured numbers on the pictures.
pub(super) const FIGURE_EM: f32 = 16.0;
/// Corners of pictures.
pub(super) const RADIUS: f32 = 6.0;
