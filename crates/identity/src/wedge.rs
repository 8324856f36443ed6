//! A scanner that types: tells its burst of keys, ended by Enter, from a person at a keyboard. Pure: time is given.
//!
//! The limits are ours: scanners send a key every 1 to 30 ms, people seldom two within 50, let alone eight in a row.

use zeroize::Zeroizing;

use crate::capture_code::{CaptureCode, MAX_CODE_BYTES};

/// The longest pause inside a scan.
pub const MAX_GAP_MS: u64 = 50;
/// The fewest characters of a scan.
pub const MIN_SCAN_CHARS: usize = 8;

/// A key that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// A character.
    Character(char),
    /// Enter, which ends a scan.
    Enter,
    /// Any other key that no scanner sends; Shift is not to be reported at all.
    Other,
}

/// What a key meant.
#[derive(Debug, PartialEq, Eq)]
pub enum Heard {
    /// A person's key, or the first of a burst: nothing to take.
    Typing,
    /// In a burst that may become a scan.
    Burst,
    /// The end of a scan.
    Scan(CaptureCode),
    /// The end of a burst that was too long for a code.
    TooLong,
}

/// Collects keys. Holds a code's length at most.
pub struct Wedge {
    run: Zeroizing<Vec<u8>>,
    chars: usize,
    too_long: bool,
    last_ms: Option<u64>,
}

impl std::fmt::Debug for Wedge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wedge").field("chars", &self.chars).finish_non_exhaustive()
    }
}

impl Default for Wedge {
    fn default() -> Self {
        Self::new()
    }
}

impl Wedge {
    /// Nothing heard yet.
    pub fn new() -> Self {
        // Never grows: a buffer that moved would leave its old content in memory.
        Self {
            run: Zeroizing::new(Vec::with_capacity(MAX_CODE_BYTES)),
            chars: 0,
            too_long: false,
            last_ms: None,
        }
    }

    /// Takes a key and the time it came, milliseconds of any steady clock.
    pub fn key(&mut self, key: Key, at_ms: u64) -> Heard {
        // A clock that goes back ends a run as a pause does.
        let gap = self.last_ms.and_then(|last| at_ms.checked_sub(last));
        if gap.is_none_or(|gap| gap > MAX_GAP_MS) {
            self.forget();
        }
        self.last_ms = Some(at_ms);
        match key {
            Key::Other => {
                self.forget();
                Heard::Typing
            }
            Key::Enter => self.end(),
            Key::Character(letter) => {
                let mut bytes = [0; 4];
                let bytes = letter.encode_utf8(&mut bytes).as_bytes();
                if self.run.len() + bytes.len() > MAX_CODE_BYTES {
                    self.too_long = true;
                } else {
                    self.run.extend_from_slice(bytes);
                }
                self.chars = self.chars.saturating_add(1);
                if self.chars == 1 { Heard::Typing } else { Heard::Burst }
            }
        }
    }

    fn end(&mut self) -> Heard {
        let heard = if self.too_long {
            Heard::TooLong
        } else if self.chars < MIN_SCAN_CHARS {
            Heard::Typing
        } else {
            CaptureCode::from_scan(self.run.to_vec()).map_or(Heard::Typing, Heard::Scan)
        };
        self.forget();
        heard
    }

    fn forget(&mut self) {
        self.run.fill(0);
        self.run.clear();
        self.chars = 0;
        self.too_long = false;
        self.last_ms = None;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn type_in(wedge: &mut Wedge, text: &str, from_ms: u64, gap_ms: u64) -> Heard {
        let mut at = from_ms;
        for letter in text.chars() {
            wedge.key(Key::Character(letter), at);
            at += gap_ms;
        }
        wedge.key(Key::Enter, at)
    }

    #[test]
    fn a_burst_is_a_scan_and_slow_keys_are_not() {
        let mut wedge = Wedge::new();
        let scanned =
            |text: &str| Heard::Scan(CaptureCode::from_scan(text.as_bytes().to_vec()).expect("bounded"));
        assert_eq!(type_in(&mut wedge, "https://x/采集码", 0, 8), scanned("https://x/采集码"));
        assert_eq!(type_in(&mut wedge, "zhangxiaoming", 1000, 90), Heard::Typing);
        assert_eq!(type_in(&mut wedge, "ab", 5000, 5), Heard::Typing);
        // A person's key just before the scanner's is not part of the code.
        wedge.key(Key::Character('q'), 9000);
        assert_eq!(type_in(&mut wedge, "ABCDEFGH", 9100, 3), scanned("ABCDEFGH"));
        // Enter by hand after a burst that the scanner did not end.
        "ABCDEFGHIJ"
            .chars()
            .enumerate()
            .for_each(|(at, c)| drop(wedge.key(Key::Character(c), 20_000 + at as u64)));
        assert_eq!(wedge.key(Key::Enter, 21_000), Heard::Typing);
    }

    #[test]
    fn it_holds_no_more_than_a_code() {
        let mut wedge = Wedge::new();
        assert_eq!(type_in(&mut wedge, &"码".repeat(MAX_CODE_BYTES), 0, 1), Heard::TooLong);
        assert!(wedge.run.capacity() <= MAX_CODE_BYTES);
        assert!(matches!(type_in(&mut wedge, &"a".repeat(MAX_CODE_BYTES), 9000, 1), Heard::Scan(_)));
    }

    proptest! {
        #[test]
        fn no_order_of_keys_or_times_stops_it(keys in prop::collection::vec((any::<char>(), 0_u8..8, any::<u64>()), 0..200)) {
            let mut wedge = Wedge::new();
            for (letter, which, at) in keys {
                let key = match which { 0 => Key::Enter, 1 => Key::Other, _ => Key::Character(letter) };
                wedge.key(key, at);
            }
        }
    }
}
