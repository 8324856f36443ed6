//! 邮寄清单: one row an order of 散采 with paper photos.

use caixiang_domain::Field;

use super::Lists;
use super::cell::Cell;
use super::sheet::{Column, Sheet};
use crate::record::Parcel;

/// What is written on the envelope (DOMAIN §2) and the parcel.
const FIELDS: [Field; 6] = [
    Field::StudentNumber,
    Field::Name,
    Field::Recipient,
    Field::RecipientPhone,
    Field::Region,
    Field::Address,
];

pub(crate) fn sheet(lists: &Lists, parcels: &[Parcel]) -> Sheet {
    let words = &lists.words.column;
    let mut columns = vec![Column::new(&words.number), Column::new(&words.order_number)];
    columns.extend(lists.headers(&FIELDS));
    columns.extend([&words.product, &words.carrier, &words.tracking_number].map(|word| Column::new(word)));
    let row = |(number, parcel): (u64, &Parcel)| {
        let mut row = vec![Cell::Ordinal(number), Cell::text(&parcel.order.to_string())];
        row.extend(FIELDS.iter().map(|&field| lists.cell(&parcel.details, field)));
        row.extend([&parcel.product, &parcel.carrier, &parcel.tracking_number].map(|text| Cell::text(text)));
        row
    };
    let rows = (1..).zip(parcels).map(row).collect();
    Sheet { name: lists.words.sheet.mailing.clone(), columns, rows, totals: None }
}
