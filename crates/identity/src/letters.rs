//! Text as people type it, brought to plain capitals and digits, without leaving copies behind.

use zeroize::Zeroizing;

/// Upper case, full-width forms made plain, blanks and invisible characters left out. `Err(at)` is the place of the
/// first character that is not ASCII even then; `Err(most)` where there are more than `most` characters.
pub(crate) fn normalise(text: &str, most: usize) -> Result<Zeroizing<Vec<u8>>, usize> {
    // Never grows: a buffer that moved would leave its old content in memory.
    let mut plain = Zeroizing::new(Vec::with_capacity(most));
    for letter in text.chars() {
        if letter.is_whitespace() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{feff}') {
            continue;
        }
        let code = match letter as u32 {
            wide @ 0xff01..=0xff5e => wide - 0xfee0,
            code => code,
        };
        match u8::try_from(code) {
            Ok(byte) if byte.is_ascii_graphic() && plain.len() < most => {
                plain.push(byte.to_ascii_uppercase())
            }
            _ => return Err(plain.len()),
        }
    }
    Ok(plain)
}

/// What a character of a passport's line is worth: digits themselves, A = 10 to Z = 35, `<` nothing.
pub(crate) fn worth(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        b'<' => Some(0),
        _ => None,
    }
}

/// Digits as a number; nothing else fits.
pub(crate) fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |sum, byte| {
        byte.is_ascii_digit().then(|| sum.checked_mul(10)?.checked_add(u32::from(byte - b'0')))?
    })
}
