//! The students of the open session.

use caixiang_domain::{OrderState, Standing};
use caixiang_store::{QueueFilter, QueueStanding};

use super::Desk;
use super::talk::{StudentRow, StudentsPage, StudentsWanted};
use crate::view::{Notice, Role};

pub(super) fn students(desk: &Desk, wanted: StudentsWanted) -> Result<StudentsPage, Notice> {
    let standing = match wanted.standing.as_str() {
        "" => None,
        "waiting" => Some(QueueStanding::Waiting),
        "absent" => Some(QueueStanding::Absent),
        "ordered" => Some(QueueStanding::Ordered),
        code => OrderState::from_code(code).map(QueueStanding::In),
    };
    let offset = wanted.offset;
    let (page, classes) = desk.session(Role::Photographer, move |store, session| {
        let filter = QueueFilter { text: Some(wanted.text), class: wanted.class_name, standing };
        let page = store.queue(session.id, &filter, wanted.offset, wanted.limit)?;
        Ok((page, store.classes(session.id)?))
    })?;
    let rows = page.rows.into_iter().map(|row| StudentRow {
        id: row.subject.to_string(),
        name: row.name.unwrap_or_default(),
        student_number: row.student_number.unwrap_or_default(),
        college: row.college.unwrap_or_default(),
        class_name: row.class_name.unwrap_or_default(),
        standing: standing_code(row.standing).to_owned(),
    });
    let total = u32::try_from(page.total).unwrap_or(u32::MAX);
    Ok(StudentsPage { rows: rows.collect(), offset, total, classes })
}

/// `waiting`, `absent` or an order's state.
pub(crate) fn standing_code(standing: Standing) -> &'static str {
    match standing {
        Standing::Waiting => "waiting",
        Standing::Absent => "absent",
        Standing::Ordered(state) => state.code(),
    }
}
