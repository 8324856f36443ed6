//! The order of sheets: by college, class, student number, as a school sorts its parcels.

use std::cmp::Ordering;

/// Compares as people count: runs of digits by their value, the rest by character. 软件2班 comes before 软件10班.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.chars().peekable(), b.chars().peekable());
    loop {
        match (left.peek().copied(), right.peek().copied()) {
            (None, None) => break,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let number = |from: &mut std::iter::Peekable<std::str::Chars<'_>>| {
                    let mut digits = String::new();
                    while let Some(digit) = from.next_if(char::is_ascii_digit) {
                        digits.push(digit);
                    }
                    digits
                };
                let (x, y) = (number(&mut left), number(&mut right));
                let (x, y) = (x.trim_start_matches('0'), y.trim_start_matches('0'));
                // Without leading zeros the longer number is the larger, of whatever length.
                match x.len().cmp(&y.len()).then_with(|| x.cmp(y)) {
                    Ordering::Equal => {}
                    other => return other,
                }
            }
            (Some(x), Some(y)) => match x.cmp(&y) {
                Ordering::Equal => {
                    left.next();
                    right.next();
                }
                other => return other,
            },
        }
    }
    // 01 and 1 count the same but are not the same: an order must not depend on what came first.
    a.cmp(b)
}

/// Compares two students by `(college, class, student number)`.
pub fn by_class(a: (&str, &str, &str), b: (&str, &str, &str)) -> Ordering {
    natural(a.0, b.0).then_with(|| natural(a.1, b.1)).then_with(|| natural(a.2, b.2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn classes_and_numbers_in_counting_order() {
        let mut students = [
            ("计算机学院", "软件10班", "20210001"),
            ("计算机学院", "软件2班", "20210010"),
            ("计算机学院", "软件2班", "20210009"),
            ("", "", "9"),
            ("计算机学院", "软件2班", "202100090"),
        ];
        students.sort_by(|a, b| by_class(*a, *b));
        let numbers: Vec<&str> = students.iter().map(|student| student.2).collect();
        assert_eq!(numbers, ["9", "20210009", "20210010", "202100090", "20210001"]);
    }

    proptest! {
        #[test]
        fn is_an_order(mut words in prop::collection::vec("[0-2ab班]{0,6}", 0..12)) {
            // A comparison that contradicts itself makes the sort panic.
            words.sort_by(|a, b| natural(a, b));
            for pair in words.windows(2) {
                prop_assert!(natural(&pair[0], &pair[1]).is_le());
                prop_assert_eq!(natural(&pair[0], &pair[1]).is_eq(), pair[0] == pair[1]);
            }
        }
    }
}
