//! A colour as people write it in a school's notice.

use std::fmt;
use std::str::FromStr;

/// An 8-bit sRGB colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// CHSI's light blue (教毕指〔2017〕99号).
    pub const LIGHT_BLUE: Self = Self([100, 197, 255]);
    /// White, the backdrop of most identity documents.
    pub const WHITE: Self = Self([255, 255, 255]);
    /// CHSI's light grey (教毕指〔2017〕99号).
    pub const LIGHT_GREY: Self = Self([240, 240, 240]);

    /// Relative brightness in 0..=255 by the Rec. 601 weights, the ones JPEG uses.
    pub fn luma(self) -> f32 {
        let [r, g, b] = self.0.map(f32::from);
        0.299 * r + 0.587 * g + 0.114 * b
    }

    /// Euclidean distance in sRGB, 0 to 441.7.
    pub fn distance(self, other: Self) -> f32 {
        self.0.iter().zip(other.0).map(|(&a, b)| (f32::from(a) - f32::from(b)).powi(2)).sum::<f32>().sqrt()
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02X}{g:02X}{b:02X}")
    }
}

/// The text was no `#RRGGBB` colour.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no colour of the form #RRGGBB")]
pub struct NotAColour(pub String);

impl FromStr for Rgb {
    type Err = NotAColour;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = || NotAColour(text.chars().take(40).collect());
        let hex = text.strip_prefix('#').filter(|h| h.len() == 6 && h.bytes().all(|b| b.is_ascii_hexdigit()));
        let value = u32::from_str_radix(hex.ok_or_else(bad)?, 16).map_err(|_| bad())?;
        let [_, r, g, b] = value.to_be_bytes();
        Ok(Self([r, g, b]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_hex() {
        assert_eq!("#64C5FF".parse(), Ok(Rgb::LIGHT_BLUE));
        assert_eq!("#64c5ff".parse(), Ok(Rgb::LIGHT_BLUE));
        assert_eq!(Rgb::LIGHT_BLUE.to_string(), "#64C5FF");
        for bad in ["", "#", "64C5FF", "#64C5F", "#64C5FFF", "#+4C5FF", "#蓝蓝", "blue"] {
            assert!(bad.parse::<Rgb>().is_err(), "{bad}");
        }
    }
}
