//! Numbers that a student types: how they look on the screen and what is wrong with them.

use caixiang_identity::{DocumentNumber, Typed, check_as_typed};

use crate::view::{IdentifyWay, Notice};

/// Longest student number, characters.
const STUDENT_NUMBER_CHARS: usize = 32;
/// Longest number of a document, characters.
const DOCUMENT_CHARS: usize = 18;
/// Fewest characters of a student number.
const STUDENT_NUMBER_MIN: usize = 3;

/// How much can be typed.
pub(crate) fn longest(way: IdentifyWay) -> usize {
    match way {
        IdentifyWay::Document => DOCUMENT_CHARS,
        IdentifyWay::StudentNumber => STUDENT_NUMBER_CHARS,
        IdentifyWay::Code => 0,
    }
}

/// What is wrong with what is typed so far; with `whole`, also that something is missing.
pub(crate) fn problem(way: IdentifyWay, typed: &str, whole: bool) -> Option<Notice> {
    match way {
        IdentifyWay::Code => None,
        IdentifyWay::StudentNumber => {
            (whole && typed.chars().count() < STUDENT_NUMBER_MIN).then(|| Notice::new("identify.short"))
        }
        IdentifyWay::Document => match check_as_typed(typed, None) {
            Typed::Wrong(problem) => Some(Notice::new(problem.code())),
            Typed::Incomplete { missing } if whole => {
                Some(Notice::new("identity.too_short").with("missing", missing))
            }
            Typed::Incomplete { .. } | Typed::Complete { .. } => None,
        },
    }
}

/// Whether it can be a whole number.
pub(crate) fn is_whole(way: IdentifyWay, typed: &str) -> bool {
    way != IdentifyWay::Code && !typed.is_empty() && problem(way, typed, true).is_none()
}

/// A document's number as it is typed: the last four characters show, a dot for each other, in groups as they are
/// printed on the card.
pub(crate) fn grouped(typed: &str) -> String {
    let count = typed.chars().count();
    let mut shown = String::new();
    for (at, character) in typed.chars().enumerate() {
        if matches!(at, 6 | 10 | 14) {
            shown.push(' ');
        }
        shown.push(if at + 4 < count { '•' } else { character });
    }
    shown
}

/// A document's number on any other screen.
pub(crate) fn masked(number: &str) -> String {
    match DocumentNumber::parse(number) {
        Ok(number) => number.masked(),
        Err(_) => number.chars().enumerate().map(|(at, c)| if at < 2 { c } else { '*' }).collect(),
    }
}

/// A name that others may read over a shoulder: 王*明, 张*.
pub(crate) fn masked_name(name: &str) -> String {
    let characters: Vec<char> = name.chars().collect();
    match characters.as_slice() {
        [] => String::new(),
        [only] => only.to_string(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => {
            let stars: String = middle.iter().map(|c| if *c == ' ' { ' ' } else { '*' }).collect();
            format!("{first}{stars}{last}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_masked_while_they_are_typed() {
        assert_eq!(grouped("1101"), "1101");
        assert_eq!(grouped("11010519491231002X"), "•••••• •••• •••• 002X");
        assert_eq!(grouped(""), "");
    }

    #[test]
    fn names_keep_their_ends() {
        assert_eq!(masked_name("王小明"), "王*明");
        assert_eq!(masked_name("张三"), "张*");
        assert_eq!(masked_name("欧阳娜娜"), "欧**娜");
        assert_eq!(masked_name("Li"), "L*");
        assert_eq!(masked_name(""), "");
    }

    #[test]
    fn wrong_numbers_are_said_to_be_wrong_early() {
        let code = |typed, whole| problem(IdentifyWay::Document, typed, whole).map(|notice| notice.code);
        assert_eq!(code("11010519491231002X", true), None);
        assert_eq!(code("110105194912310021", true).as_deref(), Some("identity.checksum"));
        assert_eq!(code("1101051949", false), None);
        assert!(code("11010519491331", false).is_some());
        assert_eq!(code("1101051949", true).as_deref(), Some("identity.too_short"));
    }
}
