//! Names that Windows, FAT, exFAT and Linux all take.
//!
//! Windows' rules (which hold on FAT and exFAT sticks too): nine characters and the control characters are not taken, a
//! name ends neither in a dot nor in a blank, some words are devices whatever extension follows. Ours: a name does not
//! begin with what a spreadsheet or a command line would take for more than a name, and holds no invisible characters.

use unicode_normalization::UnicodeNormalization;

/// What a name does not begin with: a spreadsheet reads a formula, a command line an option.
pub(crate) const FIRST: [char; 4] = ['=', '+', '-', '@'];

/// Devices of Windows.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// Whether some system does not take the character in a name, or it would not be seen there.
pub(crate) fn is_illegal(c: char) -> bool {
    matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*') || c.is_control() || is_invisible(c)
}

/// Marks of direction and joining, byte order marks, and code points that are no characters.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// The value of a field as it may stand in a name: composed (NFC), `_` for each illegal character.
pub(crate) fn value(text: &str) -> String {
    text.nfc().map(|c| if is_illegal(c) { '_' } else { c }).collect::<String>().trim().to_owned()
}

/// A component that every system takes, or nothing where nothing is left of it.
pub fn component(text: &str) -> String {
    let mut name = value(text).trim_end_matches(['.', ' ']).trim_start().to_owned();
    if name.starts_with(FIRST) {
        name.replace_range(..1, "_");
    }
    if is_device(&name) {
        name.insert(0, '_');
    }
    name
}

/// Whether Windows takes the name for a device: the word before the first dot.
fn is_device(name: &str) -> bool {
    let word = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let numbered = |prefix: &str| {
        word.strip_prefix(prefix).is_some_and(|rest| {
            let mut chars = rest.chars();
            let digit = chars.next().is_some_and(|c| c.is_ascii_digit() || matches!(c, '¹' | '²' | '³'));
            digit && chars.next().is_none()
        })
    };
    DEVICES.contains(&word.as_str()) || numbered("COM") || numbered("LPT")
}

/// What two names have in common where one system takes them for the same: case and composition do not count.
/// Folds more than any one file system does, so that no system finds a clash that this does not.
pub(crate) fn folded(path: &str) -> String {
    // Twice down: the capital ẞ is upper case already, and the small ß becomes SS only from below.
    let lower = path.nfc().flat_map(char::to_lowercase);
    lower.flat_map(char::to_uppercase).flat_map(char::to_lowercase).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_windows_does_not_take() {
        for (text, expected) in [
            ("王小明", "王小明"),
            ("a<b>c:d\"e/f\\g|h?i*j", "a_b_c_d_e_f_g_h_i_j"),
            ("tab\there", "tab_here"),
            ("end. . ", "end"),
            ("..", ""),
            (" . ", ""),
            ("CON", "_CON"),
            ("con.jpg", "_con.jpg"),
            ("Lpt1 .x", "_Lpt1 .x"),
            ("COM¹", "_COM¹"),
            ("com10", "com10"),
            ("console", "console"),
            ("=1+1", "_1+1"),
            ("-rf", "_rf"),
            ("e\u{301}", "é"),
            ("a\u{202e}gpj", "a_gpj"),
        ] {
            assert_eq!(component(text), expected, "{text}");
        }
    }

    #[test]
    fn same_to_some_system() {
        for (one, other) in
            [("É", "e\u{301}"), ("ABC", "abc"), ("ß", "ẞ"), ("Σ", "ς"), ("Ａ", "ａ"), ("ı", "i")]
        {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("王"), folded("玉"));
    }
}
