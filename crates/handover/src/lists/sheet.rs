//! Sheets to xlsx: frozen and filtered header, widths by content, printed on A4 landscape with the header repeated.

use jiff::civil::DateTime;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, IgnoreError, Workbook, Worksheet,
    XlsxError,
};

use super::cell::{Cell, width};

/// Narrowest column, digits.
const MIN_WIDTH: u32 = 6;
/// Widest column of a printed page, digits: longer texts take more lines.
const MAX_WIDTH: u32 = 36;
/// Widest column beyond the page, digits.
const MAX_UNPRINTED_WIDTH: u32 = 80;
/// Paper of the format A4.
const A4: u8 = 9;

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Column {
    header: String,
    printed: bool,
}

/// A sheet: rows as wide as there are columns, and below them the totals.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
    pub(crate) totals: Option<Vec<Cell>>,
}

impl Column {
    /// A column with this header.
    pub(crate) fn new(header: &str) -> Self {
        Self { header: header.to_owned(), printed: true }
    }

    /// A column that is there for machines: beyond the edge of the printed page. Such columns come last.
    pub(crate) fn unprinted(header: &str) -> Self {
        Self { header: header.to_owned(), printed: false }
    }
}

/// The workbook's bytes; the same for the same content.
pub(crate) fn write(sheets: &[Sheet], title: &str, made: DateTime, page: &str) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(title, made)?);
    for sheet in sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&sheet.name)?;
        fill(worksheet, sheet)?;
        set_up_page(worksheet, sheet, title, page)?;
    }
    workbook.save_to_buffer()
}

fn properties(title: &str, made: DateTime) -> Result<DocProperties, XlsxError> {
    let year = u16::try_from(made.year()).unwrap_or(1900);
    let part = |value: i8| u16::try_from(value).unwrap_or(0);
    let date = ExcelDateTime::from_ymd(year, made.month().unsigned_abs(), made.day().unsigned_abs())?
        .and_hms(part(made.hour()), made.minute().unsigned_abs(), f64::from(made.second()))?;
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&date))
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let formats = Formats::new();
    let mut widths: Vec<u32> = Vec::with_capacity(sheet.columns.len());
    for (at, column) in (0_u16..).zip(&sheet.columns) {
        worksheet.write_string_with_format(0, at, &column.header, &formats.header)?;
        widths.push(width(&column.header) + 3);
    }
    let totals = sheet.totals.as_ref();
    for (row, cells) in (1_u32..).zip(sheet.rows.iter().chain(totals)) {
        let is_total = totals.is_some_and(|totals| std::ptr::eq(totals, cells));
        for (at, (cell, widest)) in (0_u16..).zip(cells.iter().zip(&mut widths)) {
            let format = formats.of(cell, is_total);
            let shown = match cell {
                Cell::Text(value) => {
                    worksheet.write_string_with_format(row, at, value, format)?;
                    width(value)
                }
                Cell::Ordinal(count) | Cell::Count(count) => {
                    // Counts are at most those of students, far from where a float loses units.
                    worksheet.write_number_with_format(row, at, *count as f64, format)?;
                    8
                }
                Cell::Share(value) => {
                    worksheet.write_number_with_format(row, at, *value, format)?;
                    8
                }
            };
            *widest = (*widest).max(shown + 2);
        }
    }
    for (at, (widest, column)) in (0_u16..).zip(widths.into_iter().zip(&sheet.columns)) {
        let most = if column.printed { MAX_WIDTH } else { MAX_UNPRINTED_WIDTH };
        worksheet.set_column_width(at, widest.clamp(MIN_WIDTH, most))?;
    }
    Ok(())
}

/// How cells look.
struct Formats {
    header: Format,
    text: Format,
    long: Format,
    ordinal: Format,
    share: Format,
    total: Format,
    total_share: Format,
}

impl Formats {
    fn new() -> Self {
        let text = Format::new()
            .set_border(FormatBorder::Thin)
            .set_border_color(Color::RGB(0xC8_C8C8))
            .set_align(FormatAlign::VerticalCenter);
        let share = text.clone().set_num_format("0.0%");
        Self {
            header: text
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0xE8_EEF4))
                .set_align(FormatAlign::Center)
                .set_text_wrap(),
            long: text.clone().set_text_wrap(),
            ordinal: text.clone().set_align(FormatAlign::Center),
            total: text.clone().set_bold(),
            total_share: share.clone().set_bold(),
            share,
            text,
        }
    }

    fn of(&self, cell: &Cell, is_total: bool) -> &Format {
        match cell {
            Cell::Share(_) if is_total => &self.total_share,
            Cell::Share(_) => &self.share,
            _ if is_total => &self.total,
            Cell::Ordinal(_) => &self.ordinal,
            Cell::Text(text) if width(text) + 2 > MAX_WIDTH => &self.long,
            Cell::Text(_) | Cell::Count(_) => &self.text,
        }
    }
}

fn set_up_page(worksheet: &mut Worksheet, sheet: &Sheet, title: &str, page: &str) -> Result<(), XlsxError> {
    let last = |count: usize| count.saturating_sub(1);
    let column = u16::try_from(last(sheet.columns.len())).unwrap_or(u16::MAX);
    let rows = u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX);
    let printed = u16::try_from(last(sheet.columns.iter().filter(|c| c.printed).count())).unwrap_or(column);
    let bottom = rows.saturating_add(u32::from(sheet.totals.is_some()));
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.autofilter(0, 0, rows, column)?;
    worksheet.ignore_error_range(0, 0, bottom, column, IgnoreError::NumberStoredAsText)?;
    worksheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    worksheet.set_margins(0.4, 0.4, 0.7, 0.6, 0.3, 0.3);
    worksheet.set_repeat_rows(0, 0)?;
    worksheet.set_print_area(0, 0, bottom, printed)?;
    // In a page's head and foot `&` begins a field, and there is room for 255 characters.
    let title: String = title.chars().take(60).collect::<String>().replace('&', "&&");
    worksheet.set_header(format!("&C{title}  {}", sheet.name.replace('&', "&&")));
    worksheet.set_footer(format!("&C{}", page.replace("{page}", "&P").replace("{pages}", "&N")));
    Ok(())
}
