//! The second line of a passport's machine-readable zone (ICAO 9303, TD3): its fields and its five check digits.

use std::fmt;

use jiff::civil::Date;
use zeroize::Zeroizing;

use crate::letters::{digits, normalise, worth};
use crate::number::{DocumentKind, DocumentNumber};
use crate::problem::Problem;

/// Characters of a line.
pub const LINE_CHARS: usize = 44;

/// What the line says of the sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sex {
    /// M.
    Male,
    /// F.
    Female,
    /// Not said.
    Unspecified,
}

/// The second line, with every check digit right. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz(Zeroizing<Vec<u8>>);

impl Mrz {
    /// Reads the second line; blanks and lower case are taken.
    ///
    /// # Errors
    /// Where it has not 44 characters, one that cannot stand there, or a check digit that does not fit.
    pub fn parse_line_2(text: &str) -> Result<Self, Problem> {
        let line = normalise(text, LINE_CHARS).map_err(|at| match at {
            LINE_CHARS => Problem::MrzLength,
            at => Problem::Character { at },
        })?;
        if line.len() != LINE_CHARS {
            return Err(Problem::MrzLength);
        }
        for (at, &byte) in line.iter().enumerate() {
            let fits = match at {
                9 | 19 | 27 | 43 => byte.is_ascii_digit(),
                10..=12 => byte.is_ascii_uppercase() || byte == b'<',
                13..=18 | 21..=26 | 42 => byte.is_ascii_digit() || byte == b'<',
                20 => matches!(byte, b'M' | b'F' | b'<'),
                _ => worth(byte).is_some(),
            };
            if !fits {
                return Err(Problem::Character { at });
            }
        }
        let composite: Zeroizing<Vec<u8>> =
            Zeroizing::new([&line[..10], &line[13..20], &line[21..43]].concat());
        let checked = [
            (&line[..9], line[9]),
            (&line[13..19], line[19]),
            (&line[21..27], line[27]),
            // Where the optional field is empty its check digit may be left out: `<` is worth nothing.
            (&line[28..42], line[42]),
            (&composite[..], line[43]),
        ];
        if checked.iter().any(|(field, check)| check_digit(field) != worth(*check)) {
            return Err(Problem::MrzCheck);
        }
        let mrz = Self(line);
        let date_or_gap =
            |from: usize| mrz.0[from..from + 6].contains(&b'<') || mrz.date(from, 2000).is_some();
        if !date_or_gap(13) || !date_or_gap(21) {
            return Err(Problem::MrzDate);
        }
        if mrz.number_bytes().len() < 5 || mrz.number_bytes().contains(&b'<') {
            return Err(Problem::TooShort { missing: 1 });
        }
        Ok(mrz)
    }

    /// The passport's number.
    pub fn number(&self) -> DocumentNumber {
        DocumentNumber::of(DocumentKind::Passport, self.number_bytes())
    }

    fn number_bytes(&self) -> &[u8] {
        trimmed(&self.0[..9])
    }

    /// The nationality: up to three letters.
    pub fn nationality(&self) -> String {
        trimmed(&self.0[10..13]).iter().map(|&byte| char::from(byte)).collect()
    }

    /// The birth date; a year has two digits there, and is taken in the century that makes it not later than today.
    /// `None` where the passport leaves a part unknown.
    pub fn birth(&self, today: Date) -> Option<Date> {
        self.date(13, 2000).filter(|date| *date <= today).or_else(|| self.date(13, 1900))
    }

    /// The day the passport expires, this century.
    pub fn expiry(&self) -> Option<Date> {
        self.date(21, 2000)
    }

    /// The sex.
    pub fn sex(&self) -> Sex {
        match self.0[20] {
            b'M' => Sex::Male,
            b'F' => Sex::Female,
            _ => Sex::Unspecified,
        }
    }

    fn date(&self, from: usize, century: u32) -> Option<Date> {
        let part = |at: usize| digits(&self.0[from + at..from + at + 2]);
        let (year, month, day) = (part(0)? + century, part(2)?, part(4)?);
        Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
    }
}

impl fmt::Debug for Mrz {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mrz(hidden)")
    }
}

fn trimmed(field: &[u8]) -> &[u8] {
    let end = field.iter().rposition(|&byte| byte != b'<').map_or(0, |at| at + 1);
    &field[..end]
}

/// Weights 7, 3, 1 over and over; the sum's last digit.
fn check_digit(field: &[u8]) -> Option<u32> {
    let sum = field
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .try_fold(0, |sum, (&byte, weight)| Some(sum + worth(byte)? * weight))?;
    Some(sum % 10)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SPECIMEN: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

    #[test]
    fn the_specimen_reads() {
        let mrz = Mrz::parse_line_2(SPECIMEN).expect("the specimen of ICAO 9303");
        assert_eq!(mrz.number().reveal(), "L898902C3");
        assert_eq!(mrz.number().kind(), DocumentKind::Passport);
        assert_eq!(mrz.nationality(), "UTO");
        assert_eq!(mrz.birth(Date::constant(2026, 6, 1)), Some(Date::constant(1974, 8, 12)));
        assert_eq!(mrz.expiry(), Some(Date::constant(2012, 4, 15)));
        assert_eq!(mrz.sex(), Sex::Female);
        assert_eq!(format!("{mrz:?}"), "Mrz(hidden)");
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (line, problem) in [
            ("", Problem::MrzLength),
            (&SPECIMEN[..43], Problem::MrzLength),
            (&format!("{SPECIMEN}<"), Problem::MrzLength),
            (&SPECIMEN.replace("UTO", "U1O"), Problem::Character { at: 11 }),
            (&SPECIMEN.replace("L898902C36", "L898902C37"), Problem::MrzCheck),
            (&SPECIMEN.replace("120415", "120416"), Problem::MrzCheck),
        ] {
            assert_eq!(Mrz::parse_line_2(line), Err(problem), "{line}");
        }
    }

    /// A line with its check digits, the optional field empty.
    fn line(birth: &str, expiry: &str, optional_check: &str) -> String {
        let check = |field: &str| check_digit(field.as_bytes()).expect("plain");
        let document = format!("E12345678{}", check("E12345678"));
        let birth = format!("{birth}{}", check(birth));
        let rest = format!("{expiry}{}<<<<<<<<<<<<<<{optional_check}", check(expiry));
        let composite = check(&format!("{document}{birth}{rest}"));
        format!("{document}CHN{birth}M{rest}{composite}")
    }

    #[test]
    fn an_empty_field_may_leave_its_check_digit_out() {
        for optional_check in ["0", "<"] {
            let mrz = Mrz::parse_line_2(&line("030228", "300101", optional_check)).expect("right");
            assert_eq!(mrz.birth(Date::constant(2026, 6, 1)), Some(Date::constant(2003, 2, 28)));
        }
    }

    #[test]
    fn a_day_that_never_was_is_refused_and_an_unknown_one_taken() {
        assert_eq!(Mrz::parse_line_2(&line("030230", "300101", "0")), Err(Problem::MrzDate));
        assert_eq!(Mrz::parse_line_2(&line("030228", "301301", "0")), Err(Problem::MrzDate));
        let unknown = Mrz::parse_line_2(&line("03<<<<", "300101", "0")).expect("right");
        assert_eq!(unknown.birth(Date::constant(2026, 6, 1)), None);
    }

    proptest! {
        /// Seven, three and one all have an inverse modulo ten, so one digit taken for another never passes.
        #[test]
        fn every_wrong_digit_is_caught(at in 0_usize..44, digit in b'0'..=b'9') {
            let mut line = SPECIMEN.as_bytes().to_vec();
            prop_assume!(line[at].is_ascii_digit() && line[at] != digit);
            line[at] = digit;
            prop_assert!(Mrz::parse_line_2(&String::from_utf8(line).expect("ascii")).is_err());
        }

        #[test]
        fn no_text_stops_it(text in "[A-Z0-9<]{44}|.{0,60}") {
            if let Ok(mrz) = Mrz::parse_line_2(&text) {
                mrz.birth(Date::constant(2026, 6, 1));
                mrz.number().masked();
            }
        }
    }
}
