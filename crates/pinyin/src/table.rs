//! The table of words as it is kept: columns, each word by what it shares with the one before, deflated.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::Error;

/// The longest word kept, characters.
pub const MAX_WORD_CHARS: usize = 7;
/// The most words, and the most bytes of a table once inflated.
const MAX_WORDS: usize = 500_000;
const MAX_BYTES: u64 = 16 << 20;
/// Steps of a weight for each unit of the natural logarithm of the count.
pub(crate) const STEPS: f32 = 16.0;

/// Packs words and how often each occurs, and characters and how often each occurs in given names. Words longer than
/// [`MAX_WORD_CHARS`] are left out.
///
/// # Errors
/// Where the memory it writes to fails, which is never.
pub fn pack(words: &[(String, u32)], given: &[(char, u32)]) -> std::io::Result<Vec<u8>> {
    let mut words: Vec<_> =
        words.iter().filter(|(word, _)| (1..=MAX_WORD_CHARS).contains(&word.chars().count())).collect();
    words.sort();
    words.dedup_by(|one, other| one.0 == other.0);
    let (mut shapes, mut weights, mut text) = (Vec::new(), Vec::new(), String::new());
    let mut before: Vec<char> = Vec::new();
    for (word, count) in words {
        let chars: Vec<char> = word.chars().collect();
        let shared = chars.iter().zip(&before).take_while(|(one, other)| one == other).count();
        shapes.push((shared << 4 | (chars.len() - shared)) as u8);
        weights.push(weight(*count));
        text.extend(&chars[shared..]);
        before = chars;
    }
    text.extend(given.iter().map(|(c, _)| c));
    weights.extend(given.iter().map(|(_, count)| weight(*count)));
    let mut out = DeflateEncoder::new(Vec::new(), Compression::best());
    out.write_all(&(shapes.len() as u32).to_le_bytes())?;
    out.write_all(&(given.len() as u32).to_le_bytes())?;
    out.write_all(&shapes)?;
    out.write_all(&weights)?;
    out.write_all(text.as_bytes())?;
    out.finish()
}

fn weight(count: u32) -> u8 {
    (count.max(1) as f32).ln().mul_add(STEPS, 0.5) as u8
}

/// Gives every word and its weight to `each`, in order, and then every character of given names to `given`.
pub(crate) fn unpack(
    packed: &[u8],
    mut each: impl FnMut(&[char], u8),
    mut given: impl FnMut(char, u8),
) -> Result<(), Error> {
    let mut bytes = Vec::new();
    DeflateDecoder::new(packed).take(MAX_BYTES).read_to_end(&mut bytes).map_err(|_| Error::Damaged)?;
    let (count, rest) = bytes.split_first_chunk::<4>().ok_or(Error::Damaged)?;
    let (more, rest) = rest.split_first_chunk::<4>().ok_or(Error::Damaged)?;
    let (count, more) = (u32::from_le_bytes(*count) as usize, u32::from_le_bytes(*more) as usize);
    if count > MAX_WORDS || more > MAX_WORDS || rest.len() < 2 * count + more {
        return Err(Error::Damaged);
    }
    let (shapes, rest) = rest.split_at(count);
    let (weights, rest) = rest.split_at(count);
    let (given_weights, text) = rest.split_at(more);
    let mut text = std::str::from_utf8(text).map_err(|_| Error::Damaged)?.chars();
    let mut word: Vec<char> = Vec::with_capacity(MAX_WORD_CHARS);
    for (&shape, &weight) in shapes.iter().zip(weights) {
        let (shared, fresh) = (usize::from(shape >> 4), usize::from(shape & 15));
        if shared > word.len() || !(1..=MAX_WORD_CHARS).contains(&(shared + fresh)) {
            return Err(Error::Damaged);
        }
        word.truncate(shared);
        word.extend(text.by_ref().take(fresh));
        if word.len() != shared + fresh {
            return Err(Error::Damaged);
        }
        each(&word, weight);
    }
    for &weight in given_weights {
        given(text.next().ok_or(Error::Damaged)?, weight);
    }
    if text.next().is_some() { Err(Error::Damaged) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let words = [("北京", 34488), ("北", 5000), ("北京市", 1), ("西安", 0)]
            .map(|(word, count)| (word.to_owned(), count));
        let packed = pack(&words, &[('明', 20)]).expect("memory");
        let mut seen = Vec::new();
        let mut given = Vec::new();
        let each = |word: &[char], weight| seen.push((word.iter().collect::<String>(), weight));
        unpack(&packed, each, |c, weight| given.push((c, weight))).expect("whole");
        let expected = [("北", 136), ("北京", 167), ("北京市", 0), ("西安", 0)];
        assert_eq!(seen, expected.map(|(word, weight)| (word.to_owned(), weight)));
        assert_eq!(given, [('明', 48)]);
        assert_eq!(unpack(&packed[..packed.len() / 2], |_, _| (), |_, _| ()), Err(Error::Damaged));
    }

    proptest! {
        #[test]
        fn no_bytes_stop_it(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = unpack(&bytes, |_, _| (), |_, _| ());
            let mut deflated = DeflateEncoder::new(Vec::new(), Compression::fast());
            deflated.write_all(&bytes).expect("memory");
            let _ = unpack(&deflated.finish().expect("memory"), |_, _| (), |_, _| ());
        }
    }
}
