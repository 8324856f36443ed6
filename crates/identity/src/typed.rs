//! A number while it is typed on the screen: what is wrong is said with the first character that cannot be right.

use crate::letters::{digits, normalise};
use crate::number::{DocumentKind, MAX_NUMBER_CHARS};
use crate::problem::Problem;

/// What a typed text is so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The beginning of a number; at least so many characters are missing.
    Incomplete {
        /// The fewest that would make it complete.
        missing: usize,
    },
    /// A number of this kind.
    Complete {
        /// Which.
        kind: DocumentKind,
        /// More characters would make it another number: do not move on by itself.
        longer: bool,
    },
    /// No number begins like this.
    Wrong(Problem),
}

/// Looks at what was typed; `only` where the person has said which document it is.
pub fn check_as_typed(text: &str, only: Option<DocumentKind>) -> Typed {
    let plain = match normalise(text, MAX_NUMBER_CHARS) {
        Ok(plain) => plain,
        Err(MAX_NUMBER_CHARS) => return Typed::Wrong(Problem::TooLong),
        Err(at) => return Typed::Wrong(Problem::Character { at }),
    };
    match fit_all(&plain, only) {
        Fit::Whole { kind, longer } => Typed::Complete { kind, longer },
        Fit::Start { missing } => Typed::Incomplete { missing },
        Fit::Not { problem, .. } => Typed::Wrong(problem),
    }
}

/// How far a text fits a kind of number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fit {
    Whole { kind: DocumentKind, longer: bool },
    Start { missing: usize },
    Not { at: usize, problem: Problem },
}

/// How a text fits the kinds: whole before begun before not at all, and of what does not fit the one that fits
/// furthest, since that is most likely what was meant.
pub(crate) fn fit_all(plain: &[u8], only: Option<DocumentKind>) -> Fit {
    let kinds = DocumentKind::ALL.into_iter().filter(|kind| only.is_none_or(|only| only == *kind));
    let fits = kinds.map(|kind| fit(kind, plain));
    fits.reduce(|best, next| match (best, next) {
        (Fit::Whole { kind, .. }, Fit::Start { .. }) => Fit::Whole { kind, longer: true },
        (Fit::Start { .. }, Fit::Whole { kind, .. }) => Fit::Whole { kind, longer: true },
        (Fit::Whole { kind, longer }, Fit::Whole { longer: other, .. }) => {
            Fit::Whole { kind, longer: longer || other }
        }
        (Fit::Start { missing }, Fit::Start { missing: other }) => Fit::Start { missing: missing.min(other) },
        (Fit::Not { at, .. }, Fit::Not { at: other, .. }) if other > at => next,
        (Fit::Not { .. }, Fit::Whole { .. } | Fit::Start { .. }) => next,
        _ => best,
    })
    .unwrap_or(Fit::Not { at: 0, problem: Problem::Empty })
}

fn fit(kind: DocumentKind, plain: &[u8]) -> Fit {
    let result =
        match kind {
            DocumentKind::ResidentId | DocumentKind::ResidencePermit | DocumentKind::PermanentResidence => {
                eighteen(kind, plain)
            }
            DocumentKind::PermanentResidenceOld => {
                shape(
                    plain,
                    &[15],
                    |at, byte| if at < 3 { byte.is_ascii_uppercase() } else { byte.is_ascii_digit() },
                )
            }
            DocumentKind::HomeReturnPermit => shape(plain, &[9, 11], |at, byte| {
                if at == 0 { matches!(byte, b'H' | b'M') } else { byte.is_ascii_digit() }
            }),
            DocumentKind::TaiwanPermit => shape(plain, &[8], |_, byte| byte.is_ascii_digit()),
            DocumentKind::Passport => passport(plain),
        };
    match result {
        Ok(Missing { least: 0, longer }) => Fit::Whole { kind, longer },
        Ok(Missing { least, .. }) => Fit::Start { missing: least },
        Err((at, problem)) => Fit::Not { at, problem },
    }
}

/// How many characters are missing at least, and whether more are possible.
struct Missing {
    least: usize,
    longer: bool,
}

type Fitted = Result<Missing, (usize, Problem)>;

/// Characters by place, one of several lengths, shortest first.
fn shape(plain: &[u8], lengths: &[usize], allowed: impl Fn(usize, u8) -> bool) -> Fitted {
    let longest = lengths.last().copied().unwrap_or(0);
    for (at, &byte) in plain.iter().enumerate() {
        if at >= longest {
            // The more it is over, the less such a number was meant.
            return Err((longest.saturating_sub(plain.len() - longest), Problem::TooLong));
        }
        if !allowed(at, byte) {
            return Err((at, Problem::Character { at }));
        }
    }
    let least = lengths.iter().find_map(|length| length.checked_sub(plain.len())).unwrap_or(0);
    Ok(Missing { least, longer: plain.len() < longest })
}

fn passport(plain: &[u8]) -> Fitted {
    let missing = shape(plain, &[5, 6, 7, 8, 9], |_, byte| byte.is_ascii_alphanumeric())?;
    let digit = plain.iter().any(u8::is_ascii_digit);
    match (digit, missing) {
        (true, missing) => Ok(missing),
        (false, Missing { longer: true, least }) => Ok(Missing { least: least.max(1), longer: true }),
        (false, _) => Err((plain.len(), Problem::Character { at: plain.len() - 1 })),
    }
}

/// The numbers of 18 characters: which of the three by their beginning.
fn eighteen(kind: DocumentKind, plain: &[u8]) -> Fitted {
    let missing = shape(plain, &[18], |at, byte| byte.is_ascii_digit() || (at == 17 && byte == b'X'))?;
    let begins = |wanted: &[u8]| plain.iter().zip(wanted).position(|(byte, wanted)| byte != wanted);
    match kind {
        DocumentKind::PermanentResidence => {
            if let Some(at) = begins(b"9") {
                return Err((at, Problem::Character { at }));
            }
        }
        DocumentKind::ResidencePermit => {
            let furthest = [b"810000", b"820000", b"830000"]
                .into_iter()
                .map(|prefix| begins(prefix))
                .max_by_key(|wrong_at| wrong_at.unwrap_or(usize::MAX));
            if let Some(Some(at)) = furthest {
                return Err((at, Problem::Character { at }));
            }
            birth(plain)?;
        }
        _ => {
            let taken = begins(b"9").is_none() && !plain.is_empty();
            let permit = plain.len() >= 6
                && [b"810000", b"820000", b"830000"].into_iter().any(|prefix| begins(prefix).is_none());
            if taken {
                return Err((0, Problem::Character { at: 0 }));
            }
            if permit {
                return Err((5, Problem::Character { at: 5 }));
            }
            birth(plain)?;
        }
    }
    match plain.split_last() {
        Some((&last, body)) if plain.len() == 18 && check_character(body) != Some(last) => {
            Err((18, Problem::Checksum))
        }
        _ => Ok(missing),
    }
}

/// The birth date as far as it is typed: characters 7 to 14.
fn birth(plain: &[u8]) -> Result<(), (usize, Problem)> {
    let part = |from: usize, most: usize| plain.get(from..plain.len().min(from + most)).unwrap_or(&[]);
    match part(6, 2) {
        [] | [b'1' | b'2'] | b"19" | b"20" => {}
        typed => return Err((6 + typed.len(), Problem::Year)),
    }
    let month = match part(10, 2) {
        [] | [b'0' | b'1'] => return Ok(()),
        [_] => return Err((11, Problem::Month)),
        typed => digits(typed).filter(|month| (1..=12).contains(month)).ok_or((12, Problem::Month))?,
    };
    let last = digits(part(6, 4)).map_or(0, |year| days(year, month));
    match part(12, 2) {
        [] => Ok(()),
        // The tens alone: enough of them is not.
        [tens] if u32::from(tens - b'0') * 10 <= last => Ok(()),
        typed if typed.len() == 2 && digits(typed).is_some_and(|day| (1..=last).contains(&day)) => Ok(()),
        typed => Err((12 + typed.len(), Problem::Day)),
    }
}

fn days(year: u32, month: u32) -> u32 {
    let date = i16::try_from(year).ok().zip(i8::try_from(month).ok());
    date.and_then(|(year, month)| jiff::civil::Date::new(year, month, 1).ok())
        .map_or(0, |date| u32::from(date.days_in_month().unsigned_abs()))
}

/// The check character after 17 digits (GB 11643: weights, sum mod 11).
pub(crate) fn check_character(body: &[u8]) -> Option<u8> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    if body.len() != WEIGHTS.len() || !body.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let sum: u32 = body.iter().zip(WEIGHTS).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
    b"10X98765432".get(usize::try_from(sum % 11).ok()?).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::number::DocumentNumber;
    use crate::number::tests::resident;

    fn check(text: &str, only: Option<DocumentKind>, expected: Typed) {
        assert_eq!(check_as_typed(text, only), expected, "{text}");
    }

    #[test]
    fn wrong_is_said_at_once() {
        let id = Some(DocumentKind::ResidentId);
        let missing = |missing| Typed::Incomplete { missing };
        check("", id, missing(18));
        check("11010", id, missing(13));
        check("1101052", id, missing(11));
        check("1101053", id, Typed::Wrong(Problem::Year));
        check("11010518", id, Typed::Wrong(Problem::Year));
        check("1101052003", id, missing(8));
        check("11010520032", id, Typed::Wrong(Problem::Month));
        check("110105200300", id, Typed::Wrong(Problem::Month));
        check("110105200313", id, Typed::Wrong(Problem::Month));
        check("1101052003023", id, Typed::Wrong(Problem::Day));
        check("1101052003022", id, missing(5));
        check("11010520030229", id, Typed::Wrong(Problem::Day));
        check("11010520040229", id, missing(4));
        check("11010520030100", id, Typed::Wrong(Problem::Day));
        check("1101X", id, Typed::Wrong(Problem::Character { at: 4 }));
        check("H", id, Typed::Wrong(Problem::Character { at: 0 }));
        check("9", id, Typed::Wrong(Problem::Character { at: 0 }));
        check("110105194912310021", id, Typed::Wrong(Problem::Checksum));
        check("11010519491231002x", id, Typed::Complete { kind: DocumentKind::ResidentId, longer: false });
    }

    #[test]
    fn without_a_kind_every_kind_is_open() {
        let missing = |missing| Typed::Incomplete { missing };
        check("", None, missing(5));
        check("110", None, missing(2));
        check("11010520031", None, missing(7));
        check("11010520032", None, Typed::Wrong(Problem::Month));
        check("12345678", None, Typed::Complete { kind: DocumentKind::TaiwanPermit, longer: true });
        check("H12345678", None, Typed::Complete { kind: DocumentKind::HomeReturnPermit, longer: true });
        check("H1234567890", None, Typed::Complete { kind: DocumentKind::HomeReturnPermit, longer: false });
        check("JPN", None, missing(2));
        check("JPN1100800308", None, missing(2));
        check("*", None, Typed::Wrong(Problem::Character { at: 0 }));
        check("1101012003010110077", None, Typed::Wrong(Problem::TooLong));
    }

    #[test]
    fn kinds_have_their_words() {
        assert!(DocumentKind::ALL.into_iter().all(|kind| DocumentKind::from_code(kind.code()) == Some(kind)));
    }

    proptest! {
        /// What is right is never called wrong on the way, and what is called wrong never becomes right.
        #[test]
        fn typing_agrees_with_the_whole(
            region in 110_000_u32..660_000, year in 1900_u32..2100, month in 1_u32..13, day in 1_u32..29,
            sequence in 0_u32..1000, upto in 0_usize..18,
        ) {
            let whole = resident(region, &format!("{year:04}{month:02}{day:02}"), sequence);
            for only in [None, Some(DocumentKind::ResidentId)] {
                prop_assert!(!matches!(check_as_typed(&whole[..upto], only), Typed::Wrong(_)));
            }
        }

        #[test]
        fn complete_means_it_parses(text in "[0-9XHMA-C]{0,19}") {
            let complete = matches!(check_as_typed(&text, None), Typed::Complete { .. });
            prop_assert_eq!(complete, DocumentNumber::parse(&text).is_ok());
        }

        #[test]
        fn no_text_stops_it(text in ".{0,40}") {
            for only in DocumentKind::ALL {
                check_as_typed(&text, Some(only));
            }
        }
    }
}
