//! Orders for the review: lists, and one of them large.

use caixiang_domain::{OrderId, OrderState};
use caixiang_store::{DeskFilter, DeskRow, DeskSort, PhotoGrade, Revision};

use super::talk::{OrderDetail, OrderRow, OrdersPage, OrdersWanted, RevisionRow};
use super::{Desk, picture};
use crate::darkroom::crop_of;
use crate::perform::local;
use crate::view::{Notice, Role};

fn filter(wanted: &OrdersWanted) -> (DeskFilter, DeskSort) {
    let filter = DeskFilter {
        text: Some(wanted.text.clone()),
        state: OrderState::from_code(&wanted.state),
        college: wanted.college.clone(),
        class: wanted.class_name.clone(),
        grade: PhotoGrade::from_code(&wanted.grade),
    };
    let sort = match wanted.sort.as_str() {
        "oldest" => DeskSort::Oldest,
        "class" => DeskSort::Class,
        "grade" => DeskSort::Grade,
        "name" => DeskSort::Name,
        _ => DeskSort::Newest,
    };
    (filter, sort)
}

pub(super) fn orders(desk: &Desk, wanted: OrdersWanted) -> Result<OrdersPage, Notice> {
    let offset = wanted.offset;
    let (page, classes) = desk.session(Role::Photographer, move |store, session| {
        let (filter, sort) = filter(&wanted);
        let page = store.desk_orders(session.id, &filter, sort, wanted.offset, wanted.limit)?;
        Ok((page, store.classes(session.id)?))
    })?;
    let total = u32::try_from(page.total).unwrap_or(u32::MAX);
    Ok(OrdersPage { rows: page.rows.into_iter().map(order_row).collect(), offset, total, classes })
}

pub(super) fn ids(desk: &Desk, wanted: OrdersWanted) -> Result<Vec<String>, Notice> {
    desk.session(Role::Photographer, move |store, session| {
        let (filter, sort) = filter(&wanted);
        Ok(store.desk_order_ids(session.id, &filter, sort)?.iter().map(ToString::to_string).collect())
    })
}

pub(super) fn order(desk: &Desk, id: &str) -> Result<OrderDetail, Notice> {
    let id: OrderId = id.parse().map_err(|_| Notice::new("store.not_found"))?;
    let (row, record, history) = desk.store(Role::Photographer, move |store| {
        let row = store.desk_order(id)?;
        let record = store.photo_record(row.row.order.photo)?;
        Ok((row, record, store.history(id)?))
    })?;
    Ok(OrderDetail { order: order_row(row), crop: crop_of(&record.record), history: steps(&history) })
}

fn steps(history: &[Revision]) -> Vec<RevisionRow> {
    let photos = std::iter::once(None).chain(history.iter().map(|step| Some(step.photo)));
    history
        .iter()
        .zip(photos)
        .map(|(step, before)| RevisionRow {
            state: step.state.code().to_owned(),
            reason: step.reason.clone(),
            actor: step.actor.code().to_owned(),
            at: local(step.at),
            new_photo: before.is_some_and(|before| before != step.photo),
        })
        .collect()
}

fn order_row(row: DeskRow) -> OrderRow {
    let DeskRow { row, grade, broken, override_reason, .. } = row;
    let order = row.order;
    OrderRow {
        id: order.id.to_string(),
        number: order.number.to_string(),
        shot_number: order.shot_number,
        state: order.state.code().to_owned(),
        created: local(order.created),
        fee_fen: order.fee.get(),
        rejection: order.rejection,
        name: row.name.unwrap_or_default(),
        student_number: row.student_number.unwrap_or_default(),
        college: row.college.unwrap_or_default(),
        class_name: row.class_name.unwrap_or_default(),
        grade: grade.map(PhotoGrade::code).unwrap_or_default().to_owned(),
        broken,
        override_reason,
        photo: picture::address(order.photo),
    }
}
