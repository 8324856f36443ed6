//! Tables over as many pages as they need: the head stands on each, rows are never parted.

use crate::drawing::{Align, Drawing, Style};
use crate::error::PaperError;
use crate::geometry::{MM_PER_PT, Rect};
use crate::paper::Paper;
use crate::typeface::Typeface;
use crate::words::{Language, fill};

/// The most rows of a table.
pub const MAX_ROWS: usize = 20_000;

const TEXT: Style = Style::new(10.0);
const HEAD: Style = Style::new(9.0).grey(0.3);
const LEADING_MM: f64 = 10.0 * MM_PER_PT * 1.35;
const PAD_MM: f64 = 1.6;
/// White between a column's text and the next column.
const GUTTER_MM: f64 = 2.5;
const FOOT_MM: f64 = 8.0;

/// A column.
pub(crate) struct Column<'a> {
    pub(crate) head: &'a str,
    pub(crate) width_mm: f64,
    pub(crate) align: Align,
}

/// What stands over and under the rows.
pub(crate) struct Frame<'a> {
    pub(crate) title: &'a str,
    /// Below the title on every page.
    pub(crate) below: &'a [String],
    /// Right of the title.
    pub(crate) aside: &'a str,
    /// To be filled in by hand, after the last row.
    pub(crate) signatures: &'a [&'a str],
}

impl Column<'_> {
    /// How wide its text may be: figures that end at the right keep further from the next column.
    fn text_mm(&self) -> f64 {
        self.width_mm - if self.align == Align::End { 2.0 * GUTTER_MM } else { GUTTER_MM }
    }
}

/// A cell.
pub(crate) enum Cell {
    Text(String),
    /// A box to tick by hand.
    Tick,
}

/// Sets the table.
pub(crate) fn pages(
    face: &Typeface,
    language: Language,
    paper: &Paper,
    frame: &Frame<'_>,
    columns: &[Column<'_>],
    rows: &[Vec<Cell>],
) -> Result<Vec<Drawing>, PaperError> {
    if rows.len() > MAX_ROWS {
        return Err(PaperError::TooMany { max: MAX_ROWS });
    }
    let room = paper.printable(false);
    let top_mm = room.y_mm + 11.0 + frame.below.len() as f64 * 6.0 + 2.0;
    let body_mm = top_mm + 8.0;
    let bottom_mm = room.bottom_mm() - FOOT_MM;
    let mut pages = Vec::new();
    let mut page = Drawing::new(paper.width_mm(), paper.height_mm());
    head(&mut page, face, frame, columns, &room, top_mm);
    let mut y_mm = body_mm;
    for row in rows {
        let cells: Vec<Vec<String>> = row
            .iter()
            .zip(columns)
            .map(|(cell, column)| match cell {
                Cell::Text(text) => face.lines(text.trim(), TEXT.size_pt, column.text_mm()),
                Cell::Tick => Vec::new(),
            })
            .collect();
        let lines = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
        let row_mm = lines as f64 * LEADING_MM + 2.0 * PAD_MM;
        if y_mm + row_mm > bottom_mm && y_mm > body_mm {
            pages.push(std::mem::replace(&mut page, Drawing::new(paper.width_mm(), paper.height_mm())));
            head(&mut page, face, frame, columns, &room, top_mm);
            y_mm = body_mm;
        }
        let mut x_mm = room.x_mm;
        for ((cell, lines), column) in row.iter().zip(&cells).zip(columns) {
            let width_mm = column.text_mm();
            if matches!(cell, Cell::Tick) {
                tick_box(&mut page, x_mm + width_mm / 2.0, y_mm + row_mm / 2.0);
            }
            for (index, line) in lines.iter().enumerate() {
                let rect = Rect::new(x_mm, y_mm + PAD_MM + index as f64 * LEADING_MM, width_mm, LEADING_MM);
                page.lines_in(face, &rect, &[(line, TEXT.align(column.align))], 1.0);
            }
            x_mm += column.width_mm;
        }
        y_mm += row_mm;
        page.rule((room.x_mm, y_mm), (room.right_mm(), y_mm), 0.1, 0.75);
    }
    if !frame.signatures.is_empty() {
        if y_mm + 20.0 > bottom_mm {
            pages.push(std::mem::replace(&mut page, Drawing::new(paper.width_mm(), paper.height_mm())));
            head(&mut page, face, frame, columns, &room, top_mm);
            y_mm = body_mm;
        }
        signatures(&mut page, face, language, frame, &room, y_mm + 14.0);
    }
    pages.push(page);
    let count = pages.len();
    for (index, page) in pages.iter_mut().enumerate() {
        let number = fill(&language.words().page.number, &[("page", &(index + 1)), ("pages", &count)]);
        let foot = Rect::new(room.x_mm, room.bottom_mm() - 5.0, room.width_mm, 5.0);
        page.lines_in(face, &foot, &[(&number, Style::new(8.5).grey(0.4).align(Align::End))], 1.0);
    }
    Ok(pages)
}

fn head(
    page: &mut Drawing,
    face: &Typeface,
    frame: &Frame<'_>,
    columns: &[Column<'_>],
    room: &Rect,
    top_mm: f64,
) {
    let title = Rect::new(room.x_mm, room.y_mm, room.width_mm * 0.6, 9.0);
    page.lines_in(face, &title, &[(frame.title, Style::new(18.0))], 1.0);
    let aside = Rect { x_mm: room.x_mm + room.width_mm * 0.6, width_mm: room.width_mm * 0.4, ..title };
    page.lines_in(face, &aside, &[(frame.aside, Style::new(12.0).align(Align::End))], 1.0);
    for (index, line) in frame.below.iter().enumerate() {
        let rect = Rect::new(room.x_mm, room.y_mm + 11.0 + index as f64 * 6.0, room.width_mm, 6.0);
        page.lines_in(face, &rect, &[(line, Style::new(10.5).grey(0.2))], 1.0);
    }
    page.rule((room.x_mm, top_mm), (room.right_mm(), top_mm), 0.4, 0.0);
    let mut x_mm = room.x_mm;
    for column in columns {
        let rect = Rect::new(x_mm, top_mm, column.text_mm(), 8.0);
        page.lines_in(face, &rect, &[(column.head, HEAD.align(column.align))], 1.0);
        x_mm += column.width_mm;
    }
    page.rule((room.x_mm, top_mm + 8.0), (room.right_mm(), top_mm + 8.0), 0.2, 0.3);
}

/// A square of 3.6 mm around this place.
fn tick_box(page: &mut Drawing, x_mm: f64, y_mm: f64) {
    let (left, right, top, bottom) = (x_mm - 1.8, x_mm + 1.8, y_mm - 1.8, y_mm + 1.8);
    for (from, to) in [
        ((left, top), (right, top)),
        ((left, bottom), (right, bottom)),
        ((left, top), (left, bottom)),
        ((right, top), (right, bottom)),
    ] {
        page.rule(from, to, 0.2, 0.35);
    }
}

fn signatures(
    page: &mut Drawing,
    face: &Typeface,
    language: Language,
    frame: &Frame<'_>,
    room: &Rect,
    y_mm: f64,
) {
    let each_mm = room.width_mm / frame.signatures.len() as f64;
    for (index, word) in frame.signatures.iter().enumerate() {
        let x_mm = room.x_mm + index as f64 * each_mm;
        let word = format!("{word}{}", language.words().colon);
        page.text(face, (x_mm, y_mm), TEXT, &word);
        let from = x_mm + face.width_mm(&word, TEXT.size_pt) + 1.0;
        page.rule((from, y_mm + 1.0), (x_mm + each_mm - 6.0, y_mm + 1.0), 0.15, 0.3);
    }
}
