//! A spreadsheet's values as the text that a person reads in the cell.

use calamine::{DataRef, ExcelDateTime};

use crate::error::RosterError;
use crate::table::{Builder, Flag};

/// Excel keeps 15 digits of a number: from here on the last ones are zeros that nobody typed.
const ROUNDED_FROM: f64 = 1e15;

/// Puts a value into its cell; row and column from 0. `zeros` is the width to which a number format fills with zeros.
pub(super) fn put(
    builder: &mut Builder,
    (row, column): (u32, u32),
    value: &DataRef<'_>,
    zeros: usize,
) -> Result<(), RosterError> {
    let column = usize::try_from(column).unwrap_or(usize::MAX);
    match value {
        DataRef::Empty => Ok(()),
        DataRef::String(text) => builder.put(row, column, text),
        DataRef::SharedString(text) => builder.put(row, column, text),
        #[expect(clippy::cast_precision_loss, reason = "what loses digits is flagged as rounded")]
        DataRef::Int(value) => number(builder, row, column, *value as f64, zeros),
        DataRef::Float(value) => number(builder, row, column, *value, zeros),
        DataRef::Bool(value) => builder.put(row, column, if *value { "TRUE" } else { "FALSE" }),
        DataRef::DateTime(value) if value.is_datetime() => builder.put(row, column, &date(*value)),
        DataRef::DateTime(value) => number(builder, row, column, value.as_f64(), 0),
        DataRef::DateTimeIso(text) => {
            // The day is enough: nobody is born at an hour.
            builder.put(row, column, text.split('T').next().unwrap_or(text))
        }
        DataRef::DurationIso(text) => builder.put(row, column, text),
        DataRef::Error(_) => builder.put_flagged(row, column, "", Flag::SheetError),
    }
}

fn number(
    builder: &mut Builder,
    row: u32,
    column: usize,
    value: f64,
    zeros: usize,
) -> Result<(), RosterError> {
    // Shortest digits that mean the same number, and never an exponent.
    let text = if value.fract() == 0.0 { format!("{value:0zeros$.0}") } else { value.to_string() };
    if value.abs() >= ROUNDED_FROM {
        let text: String = text.chars().take(crate::limits::MAX_CELL_CHARS).collect();
        return builder.put_flagged(row, column, &text, Flag::Rounded);
    }
    builder.put(row, column, &text)
}

fn date(value: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = value.to_ymd_hms_milli();
    if value.as_f64() < 1.0 {
        return format!("{hour:02}:{minute:02}:{second:02}");
    }
    format!("{year:04}-{month:02}-{day:02}")
}

/// The width to which a number format of nothing but zeros fills, as for student numbers that begin with 0; else 0.
pub(super) fn zeros(format: &str) -> usize {
    if format.len() <= 30 && format.bytes().all(|byte| byte == b'0') { format.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    fn check(value: DataRef<'_>, width: usize, expected: &str, flag: Option<Flag>) {
        let mut builder = Builder::default();
        put(&mut builder, (0, 0), &value, width).unwrap();
        let table = builder.finish();
        let row = table.rows.first().cloned().unwrap_or_default();
        assert_eq!((row.cell(0), row.flag(0)), (expected, flag), "{value:?}");
    }

    #[test]
    fn values_read_as_in_the_cell() {
        check(DataRef::Float(20_201_234_567.0), 0, "20201234567", None);
        check(DataRef::Float(999_999_999_999_999.0), 0, "999999999999999", None);
        check(DataRef::Float(1.101_051_949_123_1e17), 0, "110105194912310000", Some(Flag::Rounded));
        check(DataRef::Int(20_201_234_567), 0, "20201234567", None);
        check(DataRef::Float(2.5), 0, "2.5", None);
        check(DataRef::Float(1234.0), 8, "00001234", None);
        check(DataRef::Bool(true), 0, "TRUE", None);
        check(DataRef::Error(calamine::CellErrorType::NA), 0, "", Some(Flag::SheetError));
        check(DataRef::DateTimeIso("2003-05-07T00:00:00".into()), 0, "2003-05-07", None);
        let day = |serial| DataRef::DateTime(ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, false));
        check(day(37748.0), 0, "2003-05-07", None);
        check(day(37748.75), 0, "2003-05-07", None);
        check(day(0.5), 0, "12:00:00", None);
        check(DataRef::SharedString("=1+1"), 0, "=1+1", None);
        assert_eq!((zeros("00000000"), zeros("0.00"), zeros("General"), zeros("")), (8, 0, 0, 0));
    }
}
