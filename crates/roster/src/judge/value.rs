//! A cell's text as the value of a field: noise of typing taken away, dates and sexes in one form.

use std::borrow::Cow;

use caixiang_domain::Field;
use jiff::civil::Date;

/// What people write where there is nothing.
const NOTHING: &[&str] = &["无", "暂无", "/", "-", "--", "—", "——", "N/A"];

/// Whether a field is a number of something: letters and digits only, no blanks.
pub(super) fn is_number(field: Field) -> bool {
    use Field::{ExamNumber, IdNumber, LastFour, Phone, RecipientPhone, SchoolCode, StudentNumber};
    matches!(field, StudentNumber | IdNumber | LastFour | Phone | ExamNumber | SchoolCode | RecipientPhone)
}

/// The value that a cell means; empty where it means none.
pub(super) fn value(field: Field, text: &str) -> String {
    match field {
        Field::IdNumber | Field::LastFour => plain(text).to_uppercase(),
        field if is_number(field) => plain(text),
        Field::Birth => date(text).map_or_else(|| unguarded(text).to_owned(), |date| date.to_string()),
        Field::Sex => sex(text).into_owned(),
        _ => unguarded(text).to_owned(),
    }
}

/// Without the apostrophe that keeps a spreadsheet from reading a text as a formula.
fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest,
        _ => text,
    }
}

/// A number without apostrophes before it, blanks and invisible characters; full-width forms made plain.
fn plain(text: &str) -> String {
    let text =
        text.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '‘' | '’' | '`' | '＇'));
    let plain: String = text
        .chars()
        .filter(|c| {
            !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}')
        })
        .map(|c| match c as u32 {
            wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .collect();
    if NOTHING.contains(&plain.as_str()) { String::new() } else { plain }
}

/// A number that a spreadsheet shows shortened, as in 1.10105E+17: its digits are lost.
pub(super) fn is_shortened(text: &str) -> bool {
    let Some((digits, power)) = text.split_once(['E', 'e']) else { return false };
    let power = power.strip_prefix('+').unwrap_or(power);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    whole.len() == 1
        && (digits.contains('.') && !fraction.is_empty() || text.contains('+'))
        && (1..=3).contains(&power.len())
        && all_digits(whole)
        && all_digits(fraction)
        && all_digits(power)
}

/// A day written in one of the usual ways, the year first: 2003-05-07, 2003/5/7, 2003.5.7, 20030507, 2003年5月7日.
pub(super) fn date(text: &str) -> Option<Date> {
    let plain = plain(text.split(['T', ' ']).next().unwrap_or(text));
    let parts: Vec<&str> =
        plain.split(['-', '/', '.', '年', '月', '日']).filter(|part| !part.is_empty()).collect();
    let (year, month, day) = match parts[..] {
        [whole] if whole.len() == 8 && whole.is_ascii() => whole
            .split_at_checked(4)
            .and_then(|(year, rest)| rest.split_at_checked(2).map(|(month, day)| (year, month, day)))?,
        [year, month, day] if year.len() == 4 => (year, month, day),
        _ => return None,
    };
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// 男 and 女 for the words and codes of them (GB/T 2261.1: 1 and 2).
fn sex(text: &str) -> Cow<'_, str> {
    match plain(text).to_lowercase().as_str() {
        "男" | "男性" | "1" | "m" | "male" => "男".into(),
        "女" | "女性" | "2" | "f" | "female" => "女".into(),
        _ => unguarded(text).into(),
    }
}

/// Whether a telephone can be one: a Chinese mobile, or 7 to 15 digits with the signs between them.
pub(super) fn is_phone(plain: &str) -> bool {
    let digits = plain.bytes().filter(u8::is_ascii_digit).count();
    let signs = plain.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'(' | b')'));
    let mobile = plain.len() == 11 && digits == 11;
    signs && (7..=15).contains(&digits) && (!mobile || plain.starts_with(['0', '1']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_taken_from_numbers_only() {
        assert_eq!(value(Field::IdNumber, "'１１０１０５ 19491231 002x"), "11010519491231002X");
        assert_eq!(value(Field::StudentNumber, " ‘2020 12a\u{200b}"), "202012a");
        assert_eq!(value(Field::Phone, "138 0013 8000"), "13800138000");
        assert_eq!(value(Field::ExamNumber, "无"), "");
        assert_eq!(value(Field::Name, "阿依古丽 买买提"), "阿依古丽 买买提");
        assert_eq!(value(Field::Remark, "'=1+1"), "=1+1");
        assert_eq!(value(Field::Remark, "'quoted"), "'quoted");
    }

    #[test]
    fn dates_and_sexes_have_one_form() {
        for text in
            ["2003-05-07", "2003/5/7", "2003.05.07", "20030507", "2003年5月7日", "2003-05-07 00:00:00"]
        {
            assert_eq!(value(Field::Birth, text), "2003-05-07", "{text}");
        }
        for text in ["2003-02-29", "37748", "5/7/2003", "二〇〇三年", "年月日", "2003年5月", "日2003050"]
        {
            assert_eq!((date(text), value(Field::Birth, text)), (None, text.to_owned()), "{text}");
        }
        for (text, expected) in [("Male", "男"), ("1", "男"), ("女", "女"), ("F", "女"), ("9", "9")] {
            assert_eq!(value(Field::Sex, text), expected);
        }
    }

    #[test]
    fn shortened_numbers_and_telephones() {
        for text in ["1.10105E+17", "2.02012e11", "2E+11"] {
            assert!(is_shortened(text), "{text}");
        }
        for text in ["2020E123", "E12345678", "1E5", "12.5E+11", "20201234567", ""] {
            assert!(!is_shortened(text), "{text}");
        }
        for text in ["13800138000", "010-62770334", "+8613800138000", "02066668888"] {
            assert!(is_phone(text), "{text}");
        }
        for text in ["1380013800", "23800138000", "138001380001234567", "电话", "12345"] {
            assert_eq!(is_phone(text), text == "1380013800", "{text}");
        }
    }
}
