//! Numbers of identity documents: which kind a number is, and whether it can be one.
//!
//! From the standards: the resident number (GB 11643) with its birth date and check character; the residence permit
//! for Hong Kong, Macao and Taiwan residents, which differs in its prefix only; the permanent residence card of 2023
//! (18 characters from 9, the same check character) and before (3 letters, 12 digits); the home return permit (H or M,
//! then 8 or 10 digits); the Taiwan compatriot permit (8 digits).
//!
//! Ours: a birth year is 1900 to 2099; a passport's number is 5 to 9 letters and digits with a digit among them
//! (a passport's own line leaves room for 9); where a number could be a passport's and something narrower, it is the
//! narrower. Region codes are not checked: they change. Of the card of 2023 only shape and check character are.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::letters::{digits, normalise};
use crate::problem::Problem;
use crate::typed::{Fit, fit_all};

/// The longest number of any kind, characters.
pub const MAX_NUMBER_CHARS: usize = 18;

/// What document a number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DocumentKind {
    /// 居民身份证.
    ResidentId,
    /// 港澳台居民居住证.
    ResidencePermit,
    /// 外国人永久居留身份证, of 2023.
    PermanentResidence,
    /// 外国人永久居留身份证, before 2023.
    PermanentResidenceOld,
    /// 港澳居民来往内地通行证 (回乡证).
    HomeReturnPermit,
    /// 台湾居民来往大陆通行证 (台胞证).
    TaiwanPermit,
    /// 护照.
    Passport,
}

impl DocumentKind {
    /// Every kind, the narrower before the wider.
    pub const ALL: [Self; 7] = [
        Self::ResidentId,
        Self::ResidencePermit,
        Self::PermanentResidence,
        Self::PermanentResidenceOld,
        Self::HomeReturnPermit,
        Self::TaiwanPermit,
        Self::Passport,
    ];

    /// The stable word for the wire and the message files.
    pub fn code(self) -> &'static str {
        match self {
            Self::ResidentId => "resident_id",
            Self::ResidencePermit => "residence_permit",
            Self::PermanentResidence => "permanent_residence",
            Self::PermanentResidenceOld => "permanent_residence_old",
            Self::HomeReturnPermit => "home_return_permit",
            Self::TaiwanPermit => "taiwan_permit",
            Self::Passport => "passport",
        }
    }

    /// The one with this word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A document's number that can be one. Wiped from memory when dropped; shown only masked.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentNumber {
    kind: DocumentKind,
    text: Zeroizing<String>,
}

impl DocumentNumber {
    /// Reads a number of any kind; blanks, full-width forms and lower case are taken.
    ///
    /// # Errors
    /// What is wrong with it, by the kind that it fits furthest.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let plain = normalise(text, MAX_NUMBER_CHARS).map_err(|at| match at {
            MAX_NUMBER_CHARS => Problem::TooLong,
            at => Problem::Character { at },
        })?;
        match fit_all(&plain, None) {
            _ if plain.is_empty() => Err(Problem::Empty),
            Fit::Whole { kind, .. } => Ok(Self::of(kind, &plain)),
            Fit::Start { missing } => Err(Problem::TooShort { missing }),
            Fit::Not { problem, .. } => Err(problem),
        }
    }

    /// The number with this kind, known to fit.
    pub(crate) fn of(kind: DocumentKind, plain: &[u8]) -> Self {
        let text = plain.iter().map(|&byte| char::from(byte));
        let mut kept = Zeroizing::new(String::with_capacity(plain.len()));
        kept.extend(text);
        Self { kind, text: kept }
    }

    /// Whose number it is.
    pub fn kind(&self) -> DocumentKind {
        self.kind
    }

    /// The number in the clear, for storing and comparing; never for a screen or a log.
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// The number for a screen: the first three and the last two characters of a long one, and never more than a
    /// third of any; `*` for each other.
    pub fn masked(&self) -> String {
        let count = self.text.len();
        let shown = (count / 3).min(5);
        let tail = shown / 2;
        let head = shown - tail;
        self.text
            .chars()
            .enumerate()
            .map(|(at, c)| if at < head || at >= count - tail { c } else { '*' })
            .collect()
    }

    /// The last four characters, which tie a person to a capture code.
    pub fn last_four(&self) -> Zeroizing<String> {
        Zeroizing::new(self.text[self.text.len().saturating_sub(4)..].to_owned())
    }

    /// The birth date inside a resident number or a residence permit.
    pub fn birth(&self) -> Option<Date> {
        match self.kind {
            DocumentKind::ResidentId | DocumentKind::ResidencePermit => {
                let at = |from: usize, to: usize| digits(self.text.as_bytes().get(from..to)?);
                let (year, month, day) = (at(6, 10)?, at(10, 12)?, at(12, 14)?);
                Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
            }
            _ => None,
        }
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(hidden)", self.kind.code())
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::typed::check_character;

    /// A resident number with its check character.
    pub(crate) fn resident(region: u32, birth: &str, sequence: u32) -> String {
        let body = format!("{region:06}{birth}{sequence:03}");
        let check = check_character(body.as_bytes()).expect("17 digits");
        format!("{body}{}", char::from(check))
    }

    fn check(text: &str, expected: Result<DocumentKind, Problem>) {
        assert_eq!(DocumentNumber::parse(text).map(|number| number.kind()), expected, "{text}");
    }

    #[test]
    fn numbers_of_every_kind() {
        // The example of GB 11643 itself.
        check("11010519491231002X", Ok(DocumentKind::ResidentId));
        check("110105184912310021", Err(Problem::Year));
        check(&resident(810000, "20010229", 1), Err(Problem::Day));
        check(&resident(810000, "20000229", 1), Ok(DocumentKind::ResidencePermit));
        check(&resident(820000, "19991231", 16), Ok(DocumentKind::ResidencePermit));
        check(&resident(830000, "19991231", 17), Ok(DocumentKind::ResidencePermit));
        check(&resident(911840, "19991231", 17), Ok(DocumentKind::PermanentResidence));
        check("JPN110080030805", Ok(DocumentKind::PermanentResidenceOld));
        check("H1234567890", Ok(DocumentKind::HomeReturnPermit));
        check("M12345678", Ok(DocumentKind::HomeReturnPermit));
        check("M123456789", Err(Problem::TooShort { missing: 1 }));
        check("12345678", Ok(DocumentKind::TaiwanPermit));
        check("L898902C3", Ok(DocumentKind::Passport));
        check("E12345678", Ok(DocumentKind::Passport));
        check("ABCDE", Err(Problem::TooShort { missing: 1 }));
        check("L898902C36", Err(Problem::TooLong));
        check("", Err(Problem::Empty));
        check(" \u{3000}", Err(Problem::Empty));
        check("1234", Err(Problem::TooShort { missing: 1 }));
        check("110105194912310021", Err(Problem::Checksum));
        check("11010519491331002X", Err(Problem::Month));
        check("110105194912310X21", Err(Problem::Character { at: 15 }));
        check("11010519491231002X7", Err(Problem::TooLong));
        check("王小明", Err(Problem::Character { at: 0 }));
    }

    #[test]
    fn what_people_type_is_normalised() {
        let typed = DocumentNumber::parse(" １１０１０５ 19491231\u{3000}002x ").expect("valid");
        assert_eq!(typed.reveal(), "11010519491231002X");
        assert_eq!(*typed.last_four(), "002X");
        assert_eq!(typed.birth(), Date::new(1949, 12, 31).ok());
    }

    #[test]
    fn a_number_is_shown_masked_only() {
        let shown = |text: &str| DocumentNumber::parse(text).map(|number| number.masked());
        assert_eq!(shown("11010519491231002X").as_deref(), Ok("110*************2X"));
        assert_eq!(shown("E12345678").as_deref(), Ok("E1******8"));
        assert_eq!(shown("12345").as_deref(), Ok("1****"));
        let number = DocumentNumber::parse("11010519491231002X").expect("valid");
        assert_eq!(format!("{number:?} {number}"), "resident_id(hidden) 110*************2X");
    }

    proptest! {
        #[test]
        fn every_wrong_digit_is_caught(
            region in 110_000_u32..660_000, year in 1900_u32..2100, month in 1_u32..13, day in 1_u32..29,
            sequence in 0_u32..1000, at in 0_usize..18, other in 0_u8..11,
        ) {
            let right = resident(region, &format!("{year:04}{month:02}{day:02}"), sequence);
            prop_assert!(DocumentNumber::parse(&right).is_ok());
            let mut wrong = right.clone().into_bytes();
            wrong[at] = b"0123456789X"[usize::from(other)];
            let wrong = String::from_utf8(wrong).expect("ascii");
            prop_assert_eq!(DocumentNumber::parse(&wrong).is_ok(), wrong == right);
        }

        #[test]
        fn every_swap_of_neighbours_is_caught(
            region in 110_000_u32..660_000, month in 1_u32..13, day in 1_u32..29, sequence in 0_u32..1000,
            at in 0_usize..17,
        ) {
            let right = resident(region, &format!("2003{month:02}{day:02}"), sequence);
            let mut swapped = right.clone().into_bytes();
            swapped.swap(at, at + 1);
            let swapped = String::from_utf8(swapped).expect("ascii");
            prop_assert_eq!(DocumentNumber::parse(&swapped).is_ok(), swapped == right);
        }

        #[test]
        fn no_text_stops_it(text in ".{0,40}") {
            if let Ok(number) = DocumentNumber::parse(&text) {
                prop_assert!(!number.masked().contains(&*number.last_four()));
                prop_assert_eq!(DocumentNumber::parse(number.reveal()), Ok(number));
            }
        }

        #[test]
        fn no_number_like_text_stops_it(text in "[0-9XHMA-Z０-９ x]{0,20}") {
            let _ = DocumentNumber::parse(&text);
        }
    }
}
