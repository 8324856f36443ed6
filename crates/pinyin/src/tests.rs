//! What people type, and what must come of it.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use pinyin::ToPinyinMulti;
use proptest::prelude::*;

use super::*;

static DICTIONARY: LazyLock<Dictionary> =
    LazyLock::new(|| Dictionary::built_in().expect("the table is whole"));

/// Candidates on the first page.
const PAGE: usize = 10;

fn list(letters: &str, limit: usize) -> Vec<String> {
    DICTIONARY.candidates(letters, limit).list.into_iter().map(|one| one.text).collect()
}

/// The text is among the first so many, and uses up so many letters.
fn check_as(place: Place, letters: &str, text: &str, within: usize, uses: usize) {
    let list = DICTIONARY.candidates_for(place, letters, within).list;
    let one = list.iter().find(|one| one.text == text);
    assert_eq!(one.map(|one| one.letters), Some(uses), "{letters} → {text}: {list:?}");
}

fn check(letters: &str, text: &str, within: usize, uses: usize) {
    check_as(Place::Name, letters, text, within, uses);
}

fn divided(letters: &str, syllables: &[&str]) {
    assert_eq!(DICTIONARY.candidates(letters, 1).syllables, syllables, "{letters}");
}

#[test]
fn surnames_come_first_at_the_beginning() {
    check("zhang", "张", 2, 5);
    check("wang", "王", 1, 4);
    check("li", "李", 2, 2);
    check("liu", "刘", 2, 3);
    check("zeng", "曾", 3, 4);
    check("shan", "单", 4, 4);
    check("qiu", "仇", 6, 3);
    check("lv", "吕", 3, 2);
    check("ouyang", "欧阳", 2, 6);
    check("ouyangnana", "欧阳", 2, 6);
    check("yuchi", "尉迟", 3, 5);
    check("moqi", "万俟", PAGE, 4);
}

#[test]
fn names_can_be_written() {
    check("wangxiaoming", "王小明", 3, 12);
    check("wangxiaoming", "王", PAGE, 4);
    check("zhangxiaoming", "张小明", 3, 13);
    check("zhangwei", "张伟", 1, 8);
    check_as(Place::GivenName, "haoran", "浩然", 1, 6);
    check("lina", "李娜", 3, 4);
    check("nv", "女", 2, 2);
    check("nü", "女", 2, 2);
    check("lve", "略", 3, 3);
    check("lue", "略", 3, 3);
    check("xv", "徐", PAGE, 2);
    check("zixuan", "梓", 40, 2);
}

#[test]
fn places_can_be_written() {
    check_as(Place::Name, "beijing", "北京", 1, 7);
    check_as(Place::Text, "beijing", "北京", 1, 7);
    check_as(Place::Text, "jiangsushengnanjingshi", "江苏省南京市", 1, 22);
    check_as(Place::Text, "bj", "北京", PAGE, 2);
    check_as(Place::Text, "beij", "北京", 3, 4);
    check_as(Place::Text, "shanghai", "上海", 1, 8);
    check_as(Place::Text, "chongqing", "重庆", 1, 9);
    check_as(Place::Text, "xiamen", "厦门", 2, 6);
    check_as(Place::Text, "haidianqu", "海淀区", 3, 9);
    check_as(Place::Text, "zhongguancun", "中关村", 2, 12);
    check_as(Place::Text, "jilinsheng", "吉林省", 2, 10);
    check_as(Place::Text, "changchunshi", "长春市", 2, 12);
    check_as(Place::Text, "lu", "路", PAGE, 2);
    check_as(Place::Text, "sushe", "宿舍", 3, 5);
}

#[test]
fn an_apostrophe_divides() {
    check("xian", "先", PAGE, 4);
    check("xian", "西安", PAGE, 4);
    check("xi'an", "西安", 1, 5);
    assert!(!list("xi'an", 500).contains(&"先".to_owned()));
    divided("xian", &["xian"]);
    divided("xi'an", &["xi", "an"]);
    divided("wangxiaoming", &["wang", "xiao", "ming"]);
    divided("bj", &["b", "j"]);
    divided("zhongg", &["zhong", "g"]);
    divided("", &[]);
    divided("fangan", &["fan", "gan"]);
    divided("fang'an", &["fang", "an"]);
    divided("lina", &["li", "na"]);
    // What is left over goes on with the next letters.
    let after = DICTIONARY.candidates("xi'an", 50).list.into_iter().find(|one| one.text == "西");
    assert_eq!(after.map(|one| one.letters), Some(3));
}

#[test]
fn what_is_written_decides() {
    let first =
        |place, letters| DICTIONARY.candidates_for(place, letters, 6).list.into_iter().map(|one| one.text);
    assert_eq!(first(Place::Text, "shan").next().as_deref(), Some("山"));
    assert_eq!(first(Place::GivenName, "xiaoming").next().as_deref(), Some("小明"));
    assert!(first(Place::GivenName, "ting").take(2).any(|text| text == "婷"));
    assert!(!first(Place::Text, "wangxiaoming").any(|text| text == "王小明"));
}

#[test]
fn every_character_is_reached_by_every_reading() {
    let mut by_syllable = std::collections::HashMap::new();
    let mut missing = Vec::new();
    let mut count = 0;
    for c in ('\u{3400}'..='\u{9fff}').chain('\u{20000}'..='\u{3ffff}') {
        for reading in c.to_pinyin_multi().into_iter().flatten() {
            let typed = reading.plain().replace('ü', "v").replace('ê', "ei");
            let reached: &std::collections::HashSet<String> =
                by_syllable.entry(typed.clone()).or_insert_with(|| {
                    DICTIONARY.candidates(&typed, usize::MAX).list.into_iter().map(|one| one.text).collect()
                });
            count += 1;
            if !reached.contains(c.to_string().as_str()) {
                missing.push((c, typed));
            }
        }
    }
    assert!(count > 41_000, "{count}");
    assert_eq!(missing, []);
}

#[test]
fn every_character_of_gb_2312_has_a_reading() {
    let mut count = 0;
    for high in 0xb0..=0xf7_u8 {
        for low in 0xa1..=0xfe_u8 {
            let pair = [high, low];
            let (text, _, unknown) = encoding_rs::GBK.decode(&pair);
            let c = text.chars().next().expect("one character");
            // Five places at the end of level 1 are empty there.
            if unknown || !('\u{4e00}'..='\u{9fff}').contains(&c) {
                continue;
            }
            count += 1;
            assert!(c.to_pinyin_multi().is_some(), "{c}");
        }
    }
    assert_eq!(count, 6763);
}

#[test]
fn it_answers_before_the_finger_is_up() {
    let long = "zhonghuarenmingongheguozhongyangrenminzhengfu";
    let mut slowest = (Duration::ZERO, String::new());
    let inputs = (1..=MAX_LETTERS).map(|count| long[..count].to_owned());
    let bad = [
        "s",
        "z",
        "shishishishishishishishishishishishishishi",
        "sssssssssssssssssssssssssssssssssssssssss",
        "yiyiyiyiyiyiyiyiyiyiyiyiyiyiyiyiyiyiyiyi",
    ];
    DICTIONARY.candidates("a", 1);
    for letters in inputs.chain(bad.map(str::to_owned)) {
        // The quickest of five: other programs use this machine too.
        let taken = (0..5).map(|_| {
            let begun = Instant::now();
            DICTIONARY.candidates(&letters, 50);
            begun.elapsed()
        });
        slowest = slowest.max((taken.min().unwrap_or_default(), letters));
    }
    println!("slowest {slowest:?}");
    assert!(slowest.0 < Duration::from_millis(20), "{slowest:?}");
}

proptest! {
    #[test]
    fn no_text_stops_it(text in ".{0,60}|[a-z' ]{0,60}|[zcsh]{0,50}", limit in 0_usize..60) {
        let found = DICTIONARY.candidates(&text, limit);
        prop_assert!(found.list.len() <= limit);
        let typed = text.chars().count();
        prop_assert!(found.list.iter().all(|one| (1..=typed).contains(&one.letters) && !one.text.is_empty()));
    }

    #[test]
    fn letters_are_never_lost(text in "[a-z]{0,40}") {
        prop_assert_eq!(DICTIONARY.candidates(&text, 1).syllables.concat().len(), text.len());
    }
}
