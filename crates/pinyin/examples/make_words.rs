//! Makes `data/words.bin` from jieba's `dict.txt` (a word, its count and its kind a line):
//! `cargo run -p caixiang-pinyin --example make_words -- dict.txt crates/pinyin/data/words.bin`

use std::collections::BTreeMap;
use std::error::Error;

use caixiang_pinyin::SURNAMES;

/// Fewer than this is rarely a word that a student types.
const LEAST_COUNT: u32 = 10;
/// Places are what addresses are made of: nearly all are kept.
const LEAST_COUNT_PLACE: u32 = 3;

/// No one name counts more than this: a famous person's is not what others are called.
const MOST_COUNT_NAME: u32 = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args_os().skip(1);
    let (Some(from), Some(to)) = (args.next(), args.next()) else {
        return Err("say which dict.txt to read and which file to write".into());
    };
    let mut words = Vec::new();
    let mut given: BTreeMap<char, u32> = BTreeMap::new();
    for line in std::fs::read_to_string(from)?.lines() {
        let mut parts = line.split(' ');
        let (Some(word), Some(count)) = (parts.next(), parts.next()) else { continue };
        let count: u32 = count.parse()?;
        let kind = parts.next();
        let mut name = word.chars();
        if kind == Some("nr")
            && matches!(word.chars().count(), 2 | 3)
            && name.next().is_some_and(|first| SURNAMES.iter().any(|(surname, _)| *surname == first))
        {
            name.for_each(|c| *given.entry(c).or_default() += count.min(MOST_COUNT_NAME));
        }
        let least = match kind {
            Some(kind) if kind.starts_with("ns") => LEAST_COUNT_PLACE,
            _ => LEAST_COUNT,
        };
        let chinese =
            word.chars().all(|c| matches!(c, '〇' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}'));
        if chinese && (count >= least || word.chars().count() == 1) {
            words.push((word.to_owned(), count));
        }
    }
    let given: Vec<_> = given.into_iter().collect();
    let packed = caixiang_pinyin::table::pack(&words, &given)?;
    println!("{} words, {} characters of given names, {} bytes", words.len(), given.len(), packed.len());
    Ok(std::fs::write(to, packed)?)
}
