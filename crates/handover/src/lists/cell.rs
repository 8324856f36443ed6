//! A cell's content: text that nothing takes for a formula, or a number.

use std::borrow::Cow;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell {
    /// Text, guarded; numbers that are identifiers too.
    Text(String),
    /// The row's number.
    Ordinal(u64),
    /// A count.
    Count(u64),
    /// A share, 0 to 1; shown in percent.
    Share(f64),
}

impl Cell {
    /// A guarded text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(guarded(text).into_owned())
    }
}

/// The text with an apostrophe before it where a spreadsheet could begin a formula. It is part of the content: a cell
/// of text is no formula as it is, but it is once the list has been saved as CSV and opened again.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// How wide a text is, in digits: Chinese takes two.
pub(crate) fn width(text: &str) -> u32 {
    let wide =
        |c: char| matches!(c, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_begins_a_formula_is_guarded() {
        for text in ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\tx", "\rx", "\nx"] {
            assert_eq!(guarded(text), format!("'{text}"));
        }
        for text in ["", "王小明", "13800000000", "'=1", " =1"] {
            assert_eq!(guarded(text), text);
        }
    }

    #[test]
    fn chinese_is_twice_as_wide() {
        assert_eq!(width("王小明 ab"), 9);
    }
}
