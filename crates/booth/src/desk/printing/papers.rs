//! Papers that go with parcels and orders: labels, envelopes, packing and mailing lists, receipts.

use std::path::PathBuf;

use caixiang_domain::{Details, Field, OrderState, ParcelId, Session};
use caixiang_paper::{
    Document as Made, Envelope, Mailing, PackedSheet, Paper, ParcelLabel, Receipt, envelopes, mailing_list,
    packing_list, parcel_labels, receipts, svg,
};
use caixiang_store::{DeskFilter, DeskSort, OrderRow, Parcel, ParcelFor, Sheet, Store, StoreError};

use super::super::packing::code_of;
use super::super::talk::{PaperSettings, PapersView, PapersWanted};
use super::super::{Desk, handover, work};
use super::send::{Document, Target};
use super::{count, paper, send, text};
use crate::perform::local;
use crate::view::{Language, Notice, Role};

/// Pages that are shown before printing.
const PREVIEW_PAGES: usize = 6;

/// What is asked for, with everything that stands on it.
enum Content {
    Labels(Vec<ParcelLabel>),
    Packing(Vec<(ParcelLabel, Vec<PackedSheet>)>),
    Envelopes(Vec<Envelope>),
    Mailing { heading: String, rows: Vec<Mailing> },
    Receipts(Vec<Receipt>),
}

/// The first pages as they would be printed.
pub(in super::super) fn papers(desk: &Desk, wanted: &PapersWanted) -> Result<PapersView, Notice> {
    let (made, _) = make(desk, wanted)?;
    let pages = made.pages.iter().take(PREVIEW_PAGES).map(|page| svg(page, |_| String::new())).collect();
    Ok(PapersView { pages, total: count(made.pages.len()), lacking: made.missing().into_iter().collect() })
}

/// Prints them, or writes them to a folder; the mailing list as a workbook too.
pub(in super::super) fn start(
    desk: &Desk,
    wanted: &PapersWanted,
    folder: Option<&str>,
) -> Result<(), Notice> {
    let settings = super::settings(desk)?;
    let (made, paper) = make(desk, wanted)?;
    if made.pages.is_empty() {
        return Err(Notice::new("print.nothing"));
    }
    let target = Target::new(&settings, folder.map(PathBuf::from), true)?;
    let session = desk.open_session(Role::Photographer)?;
    let (face, language) = (super::face(desk)?, paper::language(wanted.language));
    let book = match (wanted.what.as_str(), folder) {
        ("mailing", Some(folder)) => {
            Some((PathBuf::from(folder), handover::mailing_list(desk, wanted.language)?))
        }
        _ => None,
    };
    let document = Document {
        session: session.id,
        title: made.title.clone(),
        pages: count(made.pages.len()),
        orders: Vec::new(),
        again: None,
        paper: Some(paper),
        sides: None,
    };
    let total = document.pages;
    work::begin(desk, "papers", "writing", total, target.place(), move |desk| {
        if let Some((folder, book)) = &book {
            work::write_new(folder, &document.title, "xlsx", book)?;
        }
        send::send(desk, &target, &document, |_| {
            let mut pdf = Vec::new();
            made.write(&face, language, &mut pdf).map_err(|error| paper::told(&error))?;
            Ok(pdf)
        })?;
        desk.shared.desk.job.change(|view| view.done = view.total);
        Ok(Vec::new())
    })
}

fn make(desk: &Desk, wanted: &PapersWanted) -> Result<(Made, Paper), Notice> {
    let settings = super::settings(desk)?;
    let face = super::face(desk)?;
    let language = paper::language(wanted.language);
    let label = paper::label_paper(&settings.label_paper)?;
    let asked = wanted.clone();
    let content =
        desk.session(Role::Manager, move |store, session| content(store, session, &settings, &asked))?;
    let content = content.ok_or_else(|| Notice::new("session.choice"))?;
    let made = match &content {
        Content::Labels(labels) => (parcel_labels(&face, language, &label, labels), label),
        Content::Envelopes(all) => (envelopes(&face, language, &label, all), label),
        Content::Receipts(all) => (receipts(&face, language, &Paper::A5, all), Paper::A5),
        Content::Mailing { heading, rows } => (mailing_list(&face, language, heading, rows), Paper::A4_LYING),
        Content::Packing(parcels) => {
            let mut all = Made::default();
            for (parcel, sheets) in parcels {
                let list = packing_list(&face, language, parcel, sheets);
                let list = list.map_err(|error| paper::told(&error))?;
                all.title = list.title;
                all.pages.extend(list.pages);
            }
            (Ok(all), Paper::A4_LIST)
        }
    };
    Ok((made.0.map_err(|error| paper::told(&error))?, made.1))
}

fn content(
    store: &mut Store,
    session: &Session,
    settings: &PaperSettings,
    wanted: &PapersWanted,
) -> Result<Option<Content>, StoreError> {
    let products = session.paper_products();
    let all = store.parcels(session.id, &products)?;
    let total = count(all.len());
    let chosen = |parcel: &&Parcel| wanted.ids.is_empty() || wanted.ids.contains(&parcel.id.to_string());
    let parcels: Vec<&Parcel> = all.iter().filter(chosen).collect();
    Ok(Some(match wanted.what.as_str() {
        "labels" => {
            let labels =
                parcels.into_iter().map(|parcel| label(store, session, parcel, total, wanted.language));
            Content::Labels(labels.collect::<Result<_, _>>()?)
        }
        "packing" => {
            let packed = parcels.into_iter().map(|parcel| {
                let label = label(store, session, parcel, total, wanted.language)?;
                Ok((label, packed(store, parcel.id, &products)?))
            });
            Content::Packing(packed.collect::<Result<_, StoreError>>()?)
        }
        "envelopes" => {
            let mut envelopes = Vec::new();
            for parcel in parcels {
                if let ParcelFor::Order(order) = parcel.to {
                    let row = store.desk_order(order)?.row;
                    envelopes.push(envelope(&row, &store.order_details(order)?, &settings.sender));
                }
            }
            Content::Envelopes(envelopes)
        }
        "mailing" => {
            let mut rows = Vec::new();
            for parcel in parcels {
                if let ParcelFor::Order(order) = parcel.to {
                    let envelope = envelope(&store.desk_order(order)?.row, &store.order_details(order)?, "");
                    rows.push(mailing(envelope));
                }
            }
            let heading = handover::in_language(&session.name, wanted.language).to_owned();
            Content::Mailing { heading, rows }
        }
        "receipts" => Content::Receipts(paid(store, session, settings, wanted)?),
        _ => return Ok(None),
    }))
}

fn label(
    store: &Store,
    session: &Session,
    parcel: &Parcel,
    of: u32,
    language: Language,
) -> Result<ParcelLabel, StoreError> {
    let school = handover::in_language(&session.school, language).to_owned();
    let (college, class_name) = match &parcel.to {
        ParcelFor::Class { college, class } => (college.clone(), class.clone()),
        ParcelFor::Order(order) => {
            let row = store.desk_order(*order)?.row;
            (text(&row.student_number).to_owned(), text(&row.name).to_owned())
        }
    };
    Ok(ParcelLabel {
        school,
        college,
        class_name,
        students: parcel.sheets,
        sheets: parcel.sheets,
        number: parcel.number,
        of,
        code: code_of(session, parcel.number),
    })
}

fn packed(store: &Store, parcel: ParcelId, products: &[String]) -> Result<Vec<PackedSheet>, StoreError> {
    let (_, sheets, _) = store.parcel(parcel, products)?;
    let line = |sheet: Sheet| {
        let row = store.desk_order(sheet.order)?.row;
        Ok(PackedSheet {
            sheet_code: sheet.code,
            student_number: text(&row.student_number).to_owned(),
            name: text(&row.name).to_owned(),
        })
    };
    sheets.into_iter().map(line).collect()
}

fn envelope(row: &OrderRow, details: &Details, sender: &str) -> Envelope {
    let field = |field| details.get(field).unwrap_or_default().to_owned();
    let or = |first: String, second: &str| if first.is_empty() { second.to_owned() } else { first };
    let name = text(&row.name);
    Envelope {
        recipient: or(field(Field::Recipient), name),
        phone: or(field(Field::RecipientPhone), &field(Field::Phone)),
        address: [field(Field::Region), field(Field::Address)].concat(),
        name: name.to_owned(),
        student_number: text(&row.student_number).to_owned(),
        order_number: row.order.number.to_string(),
        sender: sender.to_owned(),
    }
}

fn mailing(envelope: Envelope) -> Mailing {
    Mailing {
        order_number: envelope.order_number,
        student_number: envelope.student_number,
        name: envelope.name,
        recipient: envelope.recipient,
        phone: envelope.phone,
        address: envelope.address,
    }
}

/// Receipts of settled orders with a fee: of these orders, or of a class, or of all.
fn paid(
    store: &Store,
    session: &Session,
    settings: &PaperSettings,
    wanted: &PapersWanted,
) -> Result<Vec<Receipt>, StoreError> {
    let class = wanted.class.as_ref();
    let filter = DeskFilter {
        college: class.map(|class| class.college.clone()),
        class: class.map(|class| class.class_name.clone()),
        ..DeskFilter::default()
    };
    let due = |row: &OrderRow| {
        let settled = row.order.state.is_settled() && row.order.state != OrderState::Refunded;
        let chosen = wanted.ids.is_empty() || wanted.ids.contains(&row.order.id.to_string());
        settled && chosen && row.order.fee.get() > 0
    };
    let ids = store.desk_order_ids(session.id, &filter, DeskSort::Class)?;
    let mut rows = Vec::new();
    for id in ids {
        let row = store.desk_order(id)?.row;
        if due(&row) {
            rows.push(row);
        }
    }
    let payee = if settings.sender.is_empty() {
        handover::in_language(&session.school, wanted.language)
    } else {
        &settings.sender
    };
    let receipts = rows.into_iter().map(|row| {
        let product = session.products.iter().find(|product| product.code == row.order.product);
        let product = product.map(|product| handover::in_language(&product.name, wanted.language));
        Receipt {
            order_number: row.order.number.to_string(),
            name: text(&row.name).to_owned(),
            student_number: text(&row.student_number).to_owned(),
            product: product.unwrap_or_default().to_owned(),
            fee: row.order.fee,
            date: local(row.order.created).chars().take(10).collect(),
            payee: payee.to_owned(),
        }
    });
    Ok(receipts.collect())
}
