//! The words a student is found by: name, pinyin, initials, numbers, each from every place where one may begin typing.

use std::collections::BTreeSet;

use caixiang_domain::{Details, Field, OrderNumber};
use pinyin::ToPinyin;

/// Names longer than this are searched from their first so many characters.
const MAX_NAME_CHARS: usize = 12;
/// Longest query that is looked at.
const MAX_QUERY_CHARS: usize = 40;

/// Surnames that are read otherwise than the same character in a word.
const SURNAMES: &[(char, &str)] = &[
    ('仇', "qiu"),
    ('单', "shan"),
    ('單', "shan"),
    ('曾', "zeng"),
    ('查', "zha"),
    ('解', "xie"),
    ('区', "ou"),
    ('朴', "piao"),
    ('翟', "zhai"),
    ('盖', "ge"),
    ('任', "ren"),
    ('华', "hua"),
    ('卜', "bu"),
    ('尉', "yu"),
    ('万', "wan"),
    ('乐', "yue"),
    ('折', "she"),
    ('员', "yun"),
    ('缪', "miao"),
    ('秘', "bi"),
    ('冼', "xian"),
    ('重', "chong"),
    ('黑', "he"),
    ('洗', "xian"),
    ('覃', "qin"),
    ('燕', "yan"),
    ('宁', "ning"),
    ('令', "ling"),
    ('召', "shao"),
    ('祭', "zhai"),
    ('种', "chong"),
    ('繁', "po"),
    ('逄', "pang"),
    ('长', "zhang"),
    ('沈', "shen"),
    ('石', "shi"),
    ('俞', "yu"),
];

/// The form in which text is compared: letters, digits and characters only, small, full-width forms made plain.
pub(crate) fn normal(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A query in the form of the words; empty when there is nothing to look for.
pub(crate) fn query(text: &str) -> String {
    normal(&text.chars().take(MAX_QUERY_CHARS * 2).collect::<String>())
        .chars()
        .take(MAX_QUERY_CHARS)
        .collect()
}

/// The first text that comes after every text with this beginning.
pub(crate) fn after(beginning: &str) -> String {
    // No normalised word holds this character, and it is greater than every one that is assigned.
    format!("{beginning}\u{10FFFF}")
}

/// Every word that finds a student.
pub(crate) fn of_student(details: &Details) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    if let Some(name) = details.get(Field::Name) {
        of_name(name, &mut words);
    }
    for field in [Field::StudentNumber, Field::ExamNumber] {
        words.extend(details.get(field).map(normal));
    }
    words.remove("");
    words
}

/// Every word that finds an order by its number: all of it, the time, the time of day.
pub(crate) fn of_order(number: OrderNumber) -> BTreeSet<String> {
    let digits = normal(&number.to_string());
    let from = |skip: usize| digits.get(skip..).unwrap_or_default().to_owned();
    BTreeSet::from([from(0), from(6), from(14)])
}

fn of_name(name: &str, words: &mut BTreeSet<String>) {
    // Latin names begin anew at each part; a Chinese name at each character.
    let parts: Vec<String> =
        name.split(|c: char| !c.is_alphanumeric()).map(normal).filter(|p| !p.is_empty()).collect();
    let whole: Vec<char> = parts.iter().flat_map(|part| part.chars()).take(MAX_NAME_CHARS * 4).collect();
    let starts: Vec<usize> = if whole.iter().any(|c| c.is_ascii_alphabetic()) {
        parts.iter().scan(0, |at, part| Some(std::mem::replace(at, *at + part.chars().count()))).collect()
    } else {
        (0..whole.len()).collect()
    };
    for &start in starts.iter().filter(|&&start| start < whole.len()).take(MAX_NAME_CHARS) {
        let rest: Vec<char> = whole[start..].to_vec();
        words.insert(rest.iter().collect());
        spoken(&rest, start == 0, words);
    }
}

/// The pinyin and the initials of a name, with both readings where its first character is such a surname.
fn spoken(name: &[char], is_surname: bool, words: &mut BTreeSet<String>) {
    let read = |first: Option<&'static str>| -> Option<Vec<String>> {
        let mut any = false;
        let syllables = name.iter().enumerate().map(|(at, c)| match (at, first, c.to_pinyin()) {
            (0, Some(reading), _) => reading.to_owned(),
            (_, _, Some(pinyin)) => {
                any = true;
                pinyin.plain().replace('ü', "v")
            }
            _ => c.to_string(),
        });
        let syllables: Vec<String> = syllables.collect();
        (any || first.is_some()).then_some(syllables)
    };
    let surname = name.first().filter(|_| is_surname);
    let other =
        surname.and_then(|c| SURNAMES.iter().find(|(known, _)| known == c)).map(|&(_, reading)| reading);
    for syllables in [read(None), other.and_then(|reading| read(Some(reading)))].into_iter().flatten() {
        words.insert(syllables.concat());
        if syllables.len() > 1 {
            words.insert(syllables.iter().filter_map(|syllable| syllable.chars().next()).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str) -> Vec<String> {
        of_student(&Details::new().with(Field::Name, name)).into_iter().collect()
    }

    #[test]
    fn a_name_is_found_from_each_of_its_characters() {
        let found = words("王小明");
        for word in ["王小明", "小明", "明", "wangxiaoming", "wxm", "xiaoming", "xm", "ming"] {
            assert!(found.contains(&word.to_owned()), "{word} in {found:?}");
        }
        assert!(!found.contains(&"m".to_owned()), "a single initial finds too many: {found:?}");
    }

    #[test]
    fn surnames_have_both_readings() {
        let found = words("单雪");
        assert!(found.contains(&"shanxue".to_owned()) && found.contains(&"danxue".to_owned()), "{found:?}");
        assert!(words("吕布").contains(&"lvbu".to_owned()), "{:?}", words("吕布"));
    }

    #[test]
    fn foreign_names_are_found_by_each_part() {
        let found = words("Maria da Silva-Costa");
        for word in ["mariadasilvacosta", "silvacosta", "costa"] {
            assert!(found.contains(&word.to_owned()), "{word} in {found:?}");
        }
        let found = words("买买提·阿里木");
        assert!(found.contains(&"阿里木".to_owned()) && found.contains(&"alimu".to_owned()), "{found:?}");
    }

    #[test]
    fn queries_and_words_have_the_same_form() {
        assert_eq!(query(" Ｗｘｍ "), "wxm");
        assert_eq!(query("000015-2024 0220"), "00001520240220");
        assert_eq!(query("王 小明"), "王小明");
        assert_eq!(query("—。%_*"), "");
        assert_eq!(query(&"长".repeat(1000)).chars().count(), MAX_QUERY_CHARS);
        let number: OrderNumber = "000015-20240220115644602".parse().unwrap();
        let found = of_order(number);
        assert!(found.contains("00001520240220115644602") && found.contains("115644602"), "{found:?}");
    }
}
