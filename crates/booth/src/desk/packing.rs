//! Parcels: what is due, what lies in them, what a scanned code is, and with which carrier they left.

use caixiang_domain::{ParcelId, Session};
use caixiang_store::{
    Actor, MissingSheet, Packed, Parcel, ParcelDue, ParcelFor, ParcelState, Sheet, Store, StoreError,
};
use jiff::Timestamp;

use super::Desk;
use super::talk::{
    Answer, ClassKey, DueRow, MissingRow, PackedRow, ParcelDetail, ParcelRow, ParcelStep, ParcelsView,
    ScanView,
};
use crate::perform::local;
use crate::view::{Notice, Role};

/// Longest code that is looked up.
const CODE_CHARS: usize = 64;

/// What a parcel's label is scanned by.
pub(super) fn code_of(session: &Session, number: u32) -> String {
    format!("{}-P{number}", session.feature_code)
}

/// The number of a parcel of this session, from the code of its label.
fn number_of(session: &Session, code: &str) -> Option<u32> {
    code.trim().strip_prefix(&session.feature_code.to_string())?.strip_prefix("-P")?.parse().ok()
}

fn individual(session: &Session) -> bool {
    session.delivery == caixiang_domain::Delivery::Individual
}

pub(super) fn parcels(desk: &Desk) -> Result<ParcelsView, Notice> {
    desk.session(Role::Photographer, |store, session| {
        let products = session.paper_products();
        let rows = store.parcels(session.id, &products)?;
        let due = store.parcels_due(session.id, individual(session), &products)?;
        Ok(ParcelsView {
            rows: rows.into_iter().map(|parcel| row(store, session, parcel)).collect::<Result<_, _>>()?,
            due: due.into_iter().map(due_row).collect(),
            individual: individual(session),
        })
    })
}

fn due_row(due: ParcelDue) -> DueRow {
    let (college, class_name, order) = match due.to {
        ParcelFor::Class { college, class } => (college, class, None),
        ParcelFor::Order(order) => (due.name, due.student_number, Some(order.to_string())),
    };
    DueRow { college, class_name, order, wanted: due.wanted, printed: due.printed }
}

fn row(store: &Store, session: &Session, parcel: Parcel) -> Result<ParcelRow, StoreError> {
    let (college, class_name, order) = match parcel.to {
        ParcelFor::Class { college, class } => (college, class, None),
        ParcelFor::Order(order) => {
            let row = store.desk_order(order)?.row;
            (row.name.unwrap_or_default(), row.student_number.unwrap_or_default(), Some(order.to_string()))
        }
    };
    Ok(ParcelRow {
        id: parcel.id.to_string(),
        code: code_of(session, parcel.number),
        number: parcel.number,
        college,
        class_name,
        order,
        state: parcel.state.code().to_owned(),
        sheets: parcel.sheets,
        wanted: parcel.wanted,
        carrier: parcel.carrier.unwrap_or_default(),
        tracking: parcel.tracking.unwrap_or_default(),
        sent: parcel.sent.map(local).unwrap_or_default(),
    })
}

pub(super) fn parcel(desk: &Desk, id: &str) -> Result<ParcelDetail, Notice> {
    let id = parcel_id(id)?;
    desk.session(Role::Photographer, move |store, session| {
        let (parcel, sheets, missing) = store.parcel(id, &session.paper_products())?;
        let packed = |sheet: Sheet| {
            let row = store.desk_order(sheet.order)?.row;
            Ok(PackedRow {
                code: sheet.code,
                name: row.name.unwrap_or_default(),
                student_number: row.student_number.unwrap_or_default(),
            })
        };
        let absent = |missing: MissingSheet| MissingRow {
            order: missing.row.order.id.to_string(),
            name: missing.row.name.unwrap_or_default(),
            student_number: missing.row.student_number.unwrap_or_default(),
            printed: missing.printed,
        };
        Ok(ParcelDetail {
            sheets: sheets.into_iter().map(packed).collect::<Result<_, StoreError>>()?,
            missing: missing.into_iter().map(absent).collect(),
            parcel: row(store, session, parcel)?,
        })
    })
}

pub(super) fn begin(desk: &Desk, class: ClassKey, order: Option<&str>) -> Result<Answer, Notice> {
    let to = match order {
        Some(order) => ParcelFor::Order(order.parse().map_err(|_| Notice::new("store.not_found"))?),
        None => ParcelFor::Class { college: class.college, class: class.class_name },
    };
    let id = desk.session(Role::Photographer, move |store, session| {
        store.parcel_for(session.id, &to, Timestamp::now())
    })?;
    parcel(desk, &id.to_string()).map(|parcel| Answer::Parcel(Box::new(parcel)))
}

/// What was scanned: a parcel's label opens the parcel; a sheet goes into the open one, or where none is open into the
/// one it belongs in.
pub(super) fn scan(desk: &Desk, open: Option<&str>, code: &str) -> Result<ScanView, Notice> {
    let open = open.map(parcel_id).transpose()?;
    let code: String = code.trim().chars().filter(|c| !c.is_control()).take(CODE_CHARS).collect();
    desk.session(Role::Photographer, move |store, session| scanned(store, session, open, code))
}

fn scanned(
    store: &mut Store,
    session: &Session,
    open: Option<ParcelId>,
    code: String,
) -> Result<ScanView, StoreError> {
    let mut view = ScanView {
        outcome: "no_such_sheet".to_owned(),
        parcel: open.map(|id| id.to_string()),
        number: None,
        code: code.clone(),
        name: String::new(),
        class_name: String::new(),
    };
    if let Some(number) = number_of(session, &code) {
        if let Some(id) = store.parcel_numbered(session.id, number)? {
            view.outcome = "parcel".to_owned();
            view.parcel = Some(id.to_string());
            view.number = Some(number);
        }
        return Ok(view);
    }
    let Some(sheet) = store.sheet_by_code(&code)? else { return Ok(view) };
    let row = store.desk_order(sheet.order)?.row;
    let (packed, parcel) = match open {
        Some(open) => (store.pack(open, &code, Timestamp::now())?, Some(open)),
        None => store.pack_at_home(session.id, individual(session), &code, Timestamp::now())?,
    };
    view.outcome = match packed {
        Packed::Put(_) => "put",
        Packed::AlreadyIn(_) => "already_in",
        Packed::InOther(number) => {
            view.number = Some(number);
            "in_other"
        }
        Packed::WrongParcel(_) => "wrong_parcel",
        Packed::OldCopy(_) => "old_copy",
        Packed::NotInForce(_) => "not_in_force",
        Packed::NoSuchSheet => "no_such_sheet",
        Packed::NotOpen => "not_open",
    }
    .to_owned();
    view.parcel = parcel.map(|parcel| parcel.to_string());
    view.name = row.name.unwrap_or_default();
    view.class_name = row.class_name.unwrap_or_default();
    Ok(view)
}

pub(super) fn unpack(desk: &Desk, code: String) -> Result<Answer, Notice> {
    desk.store(Role::Photographer, move |store| store.unpack(&code, Timestamp::now()))?;
    Ok(Answer::Done)
}

/// Closes a parcel, opens it again, or hands it to a carrier.
pub(super) fn step(desk: &Desk, step: ParcelStep) -> Result<Answer, Notice> {
    let id = parcel_id(&step.id)?;
    let state = [ParcelState::Open, ParcelState::Closed, ParcelState::Sent];
    let state = state.into_iter().find(|state| state.code() == step.state);
    let state = state.ok_or_else(|| Notice::new("session.choice"))?;
    if state == ParcelState::Sent && step.carrier.trim().is_empty() {
        return Err(Notice::new("parcel.carrier"));
    }
    desk.store(Role::Photographer, move |store| {
        let carrier = (state == ParcelState::Sent).then_some((step.carrier.as_str(), step.tracking.as_str()));
        store.set_parcel(id, state, carrier, Actor::Photographer, Timestamp::now())
    })?;
    Ok(Answer::Done)
}

fn parcel_id(id: &str) -> Result<ParcelId, Notice> {
    id.parse().map_err(|_| Notice::new("store.not_found"))
}
