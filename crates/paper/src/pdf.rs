//! Drawings as PDF: the only file that knows printpdf.

use std::collections::BTreeMap;
use std::io::Write;

use lopdf::{Dictionary, Object, StringFormat};
use printpdf::{
    Color, CurTransMat, DictItem, ExternalStream, ExternalXObject, Greyscale, LinePoint, Mm, Op, PaintMode,
    PdfDocument, PdfFontHandle, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Px, TextItem,
    TextMatrix, WindingOrder, XObject, XObjectId, XObjectTransform,
};

use crate::drawing::{Drawing, Item, cover};
use crate::error::PaperError;
use crate::geometry::{MM_PER_PT, Rect, Turn};
use crate::photo::Jpeg;
use crate::typeface::Typeface;

/// What the file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct About<'a> {
    pub(crate) title: &'a str,
    /// The language of its texts, as BCP 47 has it.
    pub(crate) language: &'a str,
    /// Whether every second page is the back of the one before.
    pub(crate) duplex: bool,
}

/// Writes these pages. The same pages make the same bytes: the file has no date and no number of its own.
pub(crate) fn write(
    pages: &[Drawing],
    photos: &[Jpeg],
    face: &Typeface,
    about: About<'_>,
    out: &mut impl Write,
) -> Result<(), PaperError> {
    let mut pdf = PdfDocument::new("");
    let (font_id, font) = face.for_pdf();
    pdf.resources.fonts.map.insert(font_id.clone(), font);
    for (index, photo) in photos.iter().enumerate() {
        pdf.resources.xobjects.map.insert(photo_id(index), XObject::External(embedded(photo)));
    }
    let font = PdfFontHandle::External(font_id);
    pdf.pages = pages
        .iter()
        .map(|page| {
            let ops = page.items.iter().flat_map(|item| ops(page, item, &font)).collect();
            PdfPage::new(Mm(page.width_mm as f32), Mm(page.height_mm as f32), ops)
        })
        .collect();
    let mut warnings = Vec::new();
    let mut file = pdf
        .to_lopdf_document(&PdfSaveOptions { image_optimization: None, ..Default::default() }, &mut warnings);
    // Photos are in both: half of the memory goes here.
    drop(pdf);
    if let Some(warning) = warnings.first() {
        return Err(PaperError::Pdf(warning.msg.clone()));
    }
    describe(&mut file, about)?;
    file.compress();
    file.save_to(out).map_err(PaperError::Io)
}

/// Says how to print it: at its own size, never scaled to the page, and over which edge the sheet is turned.
fn describe(file: &mut lopdf::Document, about: About<'_>) -> Result<(), PaperError> {
    let failed = |error: lopdf::Error| PaperError::Pdf(error.to_string());
    let name = |name: &str| Object::Name(name.as_bytes().to_vec());
    file.version = "1.7".to_owned();
    // Two random numbers and the dates of 1970.
    file.trailer.remove(b"ID");
    let mut preferences = Dictionary::new();
    preferences.set("PrintScaling", name("None"));
    preferences.set("PickTrayByPDFSize", true);
    preferences.set("Duplex", name(if about.duplex { "DuplexFlipLongEdge" } else { "Simplex" }));
    let catalog = file.catalog_mut().map_err(failed)?;
    catalog.set("ViewerPreferences", preferences);
    catalog.set("Lang", Object::String(about.language.as_bytes().to_vec(), StringFormat::Literal));
    let mut info = Dictionary::new();
    let mut title = vec![0xfe, 0xff];
    title.extend(about.title.encode_utf16().flat_map(u16::to_be_bytes));
    info.set("Title", Object::String(title, StringFormat::Hexadecimal));
    info.set("Creator", Object::String(b"Caixiang".to_vec(), StringFormat::Literal));
    let id = file.trailer.get(b"Info").and_then(Object::as_reference).map_err(failed)?;
    file.objects.insert(id, Object::Dictionary(info));
    Ok(())
}

fn photo_id(index: usize) -> XObjectId {
    XObjectId(format!("P{index:06}"))
}

/// The JPEG itself as the picture's stream.
fn embedded(photo: &Jpeg) -> ExternalXObject {
    let name = |name: &str| DictItem::Name(name.as_bytes().to_vec());
    let dict = BTreeMap::from([
        ("Type".to_owned(), name("XObject")),
        ("Subtype".to_owned(), name("Image")),
        ("Width".to_owned(), DictItem::Int(i64::from(photo.width_px))),
        ("Height".to_owned(), DictItem::Int(i64::from(photo.height_px))),
        ("ColorSpace".to_owned(), name(if photo.grey { "DeviceGray" } else { "DeviceRGB" })),
        ("BitsPerComponent".to_owned(), DictItem::Int(8)),
        ("Filter".to_owned(), name("DCTDecode")),
    ]);
    ExternalXObject {
        stream: ExternalStream { dict, content: photo.bytes.to_vec(), compress: false },
        width: Some(Px(photo.width_px as usize)),
        height: Some(Px(photo.height_px as usize)),
        dpi: None,
    }
}

fn pt(mm: f64) -> Pt {
    Pt((mm / MM_PER_PT) as f32)
}

fn grey(level: f64) -> Color {
    Color::Greyscale(Greyscale::new(level as f32, None))
}

/// One thing as PDF operators. PDF counts points from the lower left corner.
fn ops(page: &Drawing, item: &Item, font: &PdfFontHandle) -> Vec<Op> {
    match item {
        Item::Photo { slot, turn, photo, width_px, height_px } => {
            let clip = printpdf::Rect {
                x: pt(slot.x_mm),
                y: pt(page.height_mm - slot.bottom_mm()),
                width: pt(slot.width_mm),
                height: pt(slot.height_mm),
                mode: Some(PaintMode::Clip),
                winding_order: None,
            };
            vec![
                Op::SaveGraphicsState,
                Op::DrawRectangle { rectangle: clip },
                Op::SetTransformationMatrix {
                    matrix: CurTransMat::Raw(placement(page, slot, *turn, *width_px, *height_px)),
                },
                Op::UseXobject {
                    id: photo_id(*photo),
                    transform: XObjectTransform { no_auto_scale: true, ..Default::default() },
                },
                Op::RestoreGraphicsState,
            ]
        }
        Item::Text { x_mm, y_mm, size_pt, grey: level, turn, text, .. } => {
            let (right, down) = turn.reading();
            let (x, y) = (pt(*x_mm).0, pt(page.height_mm - y_mm).0);
            let matrix = [right as f32, -down as f32, down as f32, right as f32, x, y];
            vec![
                Op::StartTextSection,
                Op::SetFillColor { col: grey(*level) },
                Op::SetFont { font: font.clone(), size: Pt(*size_pt as f32) },
                Op::SetTextMatrix { matrix: TextMatrix::Raw(matrix) },
                Op::ShowText { items: vec![TextItem::Text(text.clone())] },
                Op::EndTextSection,
            ]
        }
        Item::Fill { rects, grey: level } => {
            let point = |x_mm: f64, y_mm: f64| LinePoint {
                p: Point { x: pt(x_mm), y: pt(page.height_mm - y_mm) },
                bezier: false,
            };
            let ring = |rect: &Rect| PolygonRing {
                points: vec![
                    point(rect.x_mm, rect.y_mm),
                    point(rect.right_mm(), rect.y_mm),
                    point(rect.right_mm(), rect.bottom_mm()),
                    point(rect.x_mm, rect.bottom_mm()),
                ],
            };
            let polygon = Polygon {
                rings: rects.iter().map(ring).collect(),
                mode: PaintMode::Fill,
                winding_order: WindingOrder::NonZero,
            };
            vec![Op::SetFillColor { col: grey(*level) }, Op::DrawPolygon { polygon }]
        }
    }
}

/// The matrix that lays the unit square of a picture over its slot.
fn placement(page: &Drawing, slot: &Rect, turn: Turn, width_px: u32, height_px: u32) -> [f32; 6] {
    let (wide, high) =
        if turn.is_sideways() { (slot.height_mm, slot.width_mm) } else { (slot.width_mm, slot.height_mm) };
    let (scale, x, y) = cover(wide, high, width_px, height_px);
    let (width, height) = (f64::from(width_px) * scale, f64::from(height_px) * scale);
    let (right, down) = turn.reading();
    // From the slot's middle along the reading and down the photo to its lower left corner.
    let (along, below) = (x - wide / 2.0, y + height - high / 2.0);
    let corner_x = slot.x_mm + slot.width_mm / 2.0 + right * along - down * below;
    let corner_y = slot.y_mm + slot.height_mm / 2.0 + down * along + right * below;
    let corner = (pt(corner_x).0, pt(page.height_mm - corner_y).0);
    let (width, height) = (pt(width).0, pt(height).0);
    let (right, down) = (right as f32, down as f32);
    [right * width, -down * width, down * height, right * height, corner.0, corner.1]
}
