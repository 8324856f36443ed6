//! The two sides of a sheet, drawn.

use crate::drawing::{Align, Drawing, Item, Style};
use crate::error::PaperError;
use crate::geometry::{Rect, Turn};
use crate::layout::{Block, CODE_MM, CodeSide, Layout, QUIET_MM, REACH_MM, Slot, Tick};
use crate::photo::Jpeg;
use crate::typeface::Typeface;
use crate::words::Words;

use super::Person;

/// Photos, what stands under them, cut marks and sheet codes.
pub(super) fn front(
    face: &Typeface,
    words: &Words,
    layout: &Layout,
    people: &[Person],
    photos: &[Jpeg],
    first: usize,
) -> Result<Drawing, PaperError> {
    let mut page = Drawing::new(layout.width_mm, layout.height_mm);
    for (index, ((block, person), photo)) in layout.blocks.iter().zip(people).zip(photos).enumerate() {
        for slot in &block.slots {
            page.items.push(Item::Photo {
                slot: slot.photo,
                turn: slot.turn,
                photo: first + index,
                width_px: photo.width_px,
                height_px: photo.height_px,
            });
            if let Some(caption) = slot.caption {
                let style = Style::new(7.5).align(Align::Middle).turn(slot.turn);
                let number = Style { size_pt: 6.5, ..style };
                let lines = [(person.name.as_str(), style), (person.student_number.as_str(), number)];
                page.lines_in(face, &caption.inset(0.4), &lines, 1.1);
            }
        }
        code(&mut page, face, words, block, person)?;
    }
    cut_marks(&mut page, layout, people.len());
    Ok(page)
}

/// The marks of the first so many blocks: where nobody's photos are, they would only mislead.
fn cut_marks(page: &mut Drawing, layout: &Layout, people: usize) {
    let used: Vec<Rect> =
        layout.blocks.iter().take(people).flat_map(|block| &block.slots).map(Slot::cell).collect();
    for (marks, grey) in [(&layout.ticks, 0.35), (&layout.shared, 0.6)] {
        let near = |ink: &Rect| used.iter().any(|cell| cell.inset(-REACH_MM).overlaps(ink));
        let rects: Vec<Rect> = marks.iter().map(Tick::rect).filter(near).collect();
        if !rects.is_empty() {
            page.items.push(Item::Fill { rects, grey });
        }
    }
}

/// The sheet code with what a person reads beside it; all of it is cut off with the rest.
fn code(
    page: &mut Drawing,
    face: &Typeface,
    words: &Words,
    block: &Block,
    person: &Person,
) -> Result<(), PaperError> {
    let place = block.code;
    page.code(place.x_mm, place.y_mm, CODE_MM, &person.sheet_code)?;
    let beside = CODE_MM + QUIET_MM;
    let (rest, turn, align) = match block.code_side {
        CodeSide::Right => (
            Rect::new(place.x_mm, place.y_mm + beside, place.width_mm, (place.height_mm - beside).max(0.0)),
            Turn::Left,
            Align::End,
        ),
        CodeSide::Below => (
            Rect::new(place.x_mm + beside, place.y_mm, (place.width_mm - beside).max(0.0), place.height_mm),
            Turn::Up,
            Align::Start,
        ),
    };
    let style = Style::new(6.5).align(align).turn(turn);
    let who = [person.student_number.as_str(), person.name.as_str()].join(" ");
    let whence: Vec<&str> = [person.college.as_str(), person.class_name.as_str()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let whence = whence.join(&words.separator);
    let small = Style { size_pt: 5.5, ..style }.grey(0.25);
    let lines: Vec<(&str, Style)> =
        [(person.sheet_code.as_str(), style), (who.trim(), small), (whence.as_str(), small)]
            .into_iter()
            .filter(|(text, _)| !text.is_empty())
            .collect();
    page.lines_in(face, &rest, &lines, 1.15);
    Ok(())
}

/// Student number and name behind each photo.
pub(super) fn back(face: &Typeface, words: &Words, layout: &Layout, people: &[Person]) -> Drawing {
    let mut page = Drawing::new(layout.width_mm, layout.height_mm);
    for (block, person) in layout.blocks.iter().zip(people) {
        for slot in &block.slots {
            let (behind, turn) = layout.behind(&slot.photo, slot.turn);
            let word = Style::new(6.0).grey(0.45).align(Align::Middle).turn(turn);
            let number = Style { size_pt: 9.0, ..word }.grey(0.0);
            let name = Style { size_pt: 12.0, ..number };
            let lines = [
                (words.back.name.as_str(), word),
                (person.name.as_str(), name),
                (words.back.student_number.as_str(), word),
                (person.student_number.as_str(), number),
            ];
            page.lines_in(face, &behind.inset(2.5), &lines, 1.6);
        }
    }
    page
}
