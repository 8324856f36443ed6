//! The order's number for people: `PREFIX-yyyyMMddHHmmssSSS`, local time.

use std::fmt;
use std::str::FromStr;

use jiff::civil::DateTime;

/// The number of a collection point, given at enrolment, so that two kiosks never make the same order number.
/// Six digits, as in `000015`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PointNumber(u32);

impl PointNumber {
    /// The largest number.
    pub const MAX: u32 = 999_999;

    /// The point with this number.
    pub fn new(number: u32) -> Option<Self> {
        (number <= Self::MAX).then_some(Self(number))
    }

    /// The number.
    pub fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for PointNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

/// An order's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderNumber {
    point: PointNumber,
    /// Milliseconds precision.
    time: DateTime,
}

/// A text that is no order number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an order number of the form 000015-20240220115644602")]
pub struct NotAnOrderNumber;

impl OrderNumber {
    /// The number of an order made at this local time; finer than a millisecond is cut off.
    pub fn new(point: PointNumber, time: DateTime) -> Self {
        let whole = i32::from(time.millisecond()) * 1_000_000;
        let time = time.with().subsec_nanosecond(whole).build().unwrap_or(time);
        Self { point, time }
    }

    /// The collection point.
    pub fn point(self) -> PointNumber {
        self.point
    }

    /// The local time in it.
    pub fn time(self) -> DateTime {
        self.time
    }

    /// The number a millisecond later: for a second order in the same millisecond, or after the clock went back.
    pub fn next(self) -> Self {
        let time = self.time.saturating_add(jiff::Span::new().milliseconds(1));
        Self { point: self.point, time }
    }
}

impl fmt::Display for OrderNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.time;
        write!(
            f,
            "{}-{:04}{:02}{:02}{:02}{:02}{:02}{:03}",
            self.point,
            t.year(),
            t.month(),
            t.day(),
            t.hour(),
            t.minute(),
            t.second(),
            t.millisecond()
        )
    }
}

impl FromStr for OrderNumber {
    type Err = NotAnOrderNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (point, time) = text.split_once('-').ok_or(NotAnOrderNumber)?;
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if point.len() != 6 || time.len() != 17 || !all_digits(point) || !all_digits(time) {
            return Err(NotAnOrderNumber);
        }
        let number = |range: std::ops::Range<usize>| time[range].parse::<i16>().map_err(|_| NotAnOrderNumber);
        let small = |range| number(range).and_then(|n| i8::try_from(n).map_err(|_| NotAnOrderNumber));
        let nanosecond = i32::from(number(14..17)?) * 1_000_000;
        let time = DateTime::new(
            number(0..4)?,
            small(4..6)?,
            small(6..8)?,
            small(8..10)?,
            small(10..12)?,
            small(12..14)?,
            nanosecond,
        )
        .map_err(|_| NotAnOrderNumber)?;
        let point = point.parse().ok().and_then(PointNumber::new).ok_or(NotAnOrderNumber)?;
        Ok(Self { point, time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_form_of_the_agencies() {
        let number: OrderNumber = "000015-20240220115644602".parse().unwrap();
        assert_eq!(number.point().get(), 15);
        assert_eq!(number.to_string(), "000015-20240220115644602");
        assert_eq!(number.next().to_string(), "000015-20240220115644603");
        let newer: OrderNumber = "000015-20240220115659999".parse().unwrap();
        assert_eq!(newer.next().to_string(), "000015-20240220115700000");
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "-",
            "15-20240220115644602",
            "000015-2024022011564460",
            "000015-20240230115644602",
            "00001x-20240220115644602",
            "000015_20240220115644602",
            "000015-20240220115644６02",
            "000015-202402201156446023",
        ] {
            assert!(text.parse::<OrderNumber>().is_err(), "{text}");
        }
    }

    #[test]
    fn cuts_below_a_millisecond() {
        let time = DateTime::new(2026, 11, 22, 9, 0, 1, 123_456_789).unwrap();
        let point = PointNumber::new(7).unwrap();
        let number = OrderNumber::new(point, time);
        assert_eq!(number.to_string(), "000007-20261122090001123");
        assert_eq!(number.to_string().parse(), Ok(number));
    }
}
