//! Drawings as SVG, for the screen: the same places, the same texts, in millimetres.

use std::fmt::Write;

use crate::drawing::{Drawing, Item};
use crate::geometry::MM_PER_PT;
use crate::typeface::FAMILY;

/// Texts are set this much larger and drawn smaller: renderers round the widths of small letters, and browsers refuse
/// sizes of a few pixels.
const TEXT_SCALE: f64 = 100.0;

/// The page as an SVG document. `photo` gives the address of each of the document's photos, by its index.
///
/// The preview equals the print as far as the screen has the same font; widths of texts are those of the PDF.
pub fn svg(page: &Drawing, photo: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    let (width, height) = (page.width_mm, page.height_mm);
    // Writing to a string cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.3}mm\" height=\"{height:.3}mm\" \
         viewBox=\"0 0 {width:.3} {height:.3}\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>"
    );
    for item in &page.items {
        let _ = draw(&mut out, item, &photo);
    }
    out.push_str("</svg>\n");
    out
}

fn draw(out: &mut String, item: &Item, photo: &impl Fn(usize) -> String) -> std::fmt::Result {
    match item {
        Item::Photo { slot, turn, photo: index, .. } => {
            let (wide, high) = if turn.is_sideways() {
                (slot.height_mm, slot.width_mm)
            } else {
                (slot.width_mm, slot.height_mm)
            };
            let (right, down) = turn.reading();
            let (x, y) = (slot.x_mm + slot.width_mm / 2.0, slot.y_mm + slot.height_mm / 2.0);
            write!(
                out,
                "<image x=\"{:.3}\" y=\"{:.3}\" width=\"{wide:.3}\" height=\"{high:.3}\" \
                 preserveAspectRatio=\"xMidYMid slice\" \
                 transform=\"matrix({right} {down} {} {right} {x:.3} {y:.3})\" href=\"{}\"/>",
                -wide / 2.0,
                -high / 2.0,
                0.0 - down,
                escaped(&photo(*index)),
            )
        }
        Item::Text { x_mm, y_mm, size_pt, grey, turn, text, .. } => {
            let (right, down) = turn.reading();
            let (a, b) = (right / TEXT_SCALE, down / TEXT_SCALE);
            write!(
                out,
                "<text transform=\"matrix({a} {b} {} {a} {x_mm:.3} {y_mm:.3})\" font-family=\"{FAMILY}\" \
                 font-size=\"{:.3}\" font-kerning=\"none\" fill=\"{}\" xml:space=\"preserve\">{}</text>",
                0.0 - b,
                size_pt * MM_PER_PT * TEXT_SCALE,
                colour(*grey),
                escaped(text),
            )
        }
        Item::Fill { rects, grey } => {
            write!(out, "<path fill=\"{}\" d=\"", colour(*grey))?;
            for rect in rects {
                let (x, y) = (rect.x_mm, rect.y_mm);
                write!(out, "M{x:.4} {y:.4}H{:.4}V{:.4}H{x:.4}z", rect.right_mm(), rect.bottom_mm())?;
            }
            out.push_str("\"/>");
            Ok(())
        }
    }
}

fn colour(grey: f64) -> String {
    let level = (grey.clamp(0.0, 1.0) * 255.0).round() as u8;
    format!("#{level:02x}{level:02x}{level:02x}")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drawing::Style;
    use crate::typeface::tests::face;

    #[test]
    fn texts_and_addresses_are_escaped() {
        let mut page = Drawing::new(20.0, 10.0);
        page.text(face(), (1.0, 5.0), Style::new(9.0), "<A&B>");
        page.items.push(Item::Photo {
            slot: crate::Rect::new(1.0, 1.0, 3.0, 4.0),
            turn: crate::Turn::Left,
            photo: 7,
            width_px: 3,
            height_px: 4,
        });
        let text = svg(&page, |index| format!("cam://photo/{index}?a=\"1\"&b=2"));
        assert!(text.contains("&lt;A&amp;B&gt;") && text.contains("cam://photo/7?a=&quot;1&quot;&amp;b=2"));
        assert!(text.contains("matrix(0 -1 1 0 2.500 3.000)"), "{text}");
    }
}
