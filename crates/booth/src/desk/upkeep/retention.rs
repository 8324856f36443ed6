//! What is deleted when: photos of sessions that are over, by destroying their keys.

use caixiang_domain::{Session, SessionId};
use caixiang_store::{Actor, KeptPhotos, Store, StoreError};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::super::talk::{Answer, RetentionRow};
use super::super::{Desk, work};
use super::settings::kept;
use crate::perform::local;
use crate::view::{Notice, Role};

/// Every session, and when its photos are due.
pub(in super::super) fn retention(desk: &Desk) -> Result<Answer, Notice> {
    let today = jiff::Zoned::now().date();
    let (keep_days, rows) = desk.store(Role::Manager, move |store| {
        let keep_days = kept(store)?.keep_days;
        let sessions = store.sessions()?;
        let rows = sessions.iter().map(|session| row(store, session, keep_days, today));
        Ok((keep_days, rows.collect::<Result<_, StoreError>>()?))
    })?;
    Ok(Answer::Retention { keep_days, rows })
}

fn row(store: &Store, session: &Session, keep_days: u32, today: Date) -> Result<RetentionRow, StoreError> {
    let kept = store.kept_photos(session.id)?;
    let due = over(session, &kept, today).and_then(|end| end.checked_add(i64::from(keep_days).days()).ok());
    Ok(RetentionRow {
        id: session.id.to_string(),
        feature_code: session.feature_code.to_string(),
        name: (&session.name).into(),
        photos: kept.readable,
        unfinished: kept.unfinished,
        due: due.map(|due| due.to_string()).unwrap_or_default(),
        overdue: kept.readable > 0 && due.is_some_and(|due| due < today),
        erased: match kept.last {
            Some(last) if kept.readable == 0 && kept.destroyed > 0 => local(last),
            _ => String::new(),
        },
    })
}

/// The day a session ended; none while it goes on. One that was closed by hand ended with its last order.
fn over(session: &Session, kept: &KeptPhotos, today: Date) -> Option<Date> {
    let last_order = kept.last_order.map(|last| last.to_zoned(TimeZone::system()).date());
    match session.terms.closes {
        Some(closes) if closes < today => Some(last_order.map_or(closes, |last| last.max(closes))),
        _ if session.terms.closed => Some(last_order.unwrap_or(today)),
        _ => None,
    }
}

/// Destroys the photos of a session that is over, some hundred at a time, so that others are not kept waiting.
pub(in super::super) fn erase(desk: &Desk, id: &str, feature_code: &str) -> Result<Answer, Notice> {
    let id: SessionId = id.parse().map_err(|_| Notice::new("store.not_found"))?;
    let today = jiff::Zoned::now().date();
    let (session, kept) =
        desk.store(Role::Manager, move |store| Ok((store.session(id)?, store.kept_photos(id)?)))?;
    let active = desk.ask(Role::Manager, move |runner| {
        Ok(runner.state.session().is_some_and(|session| session.id == id))
    })?;
    if session.feature_code.to_string() != feature_code.trim() {
        return Err(Notice::new("retention.feature_code"));
    }
    if active || over(&session, &kept, today).is_none() {
        return Err(Notice::new("retention.open"));
    }
    let total = kept.readable;
    let place = session.feature_code.to_string();
    work::begin(desk, "erase", "writing", total, place, move |desk| {
        loop {
            work::stay(desk)?;
            let left = desk.store(Role::Manager, move |store| {
                store.erase_photos(id, Actor::Manager, Timestamp::now())
            })?;
            let go_on = desk.shared.desk.job.change(|view| view.done = total.saturating_sub(left));
            if left == 0 {
                break;
            }
            if !go_on {
                return Err(Notice::new("retention.stopped").with("left", left));
            }
        }
        // Older backups hold the keys. Where that fails now, it is done later.
        match desk.always(|store| store.renew_backups_if_due(Timestamp::now())) {
            Some(Err(error)) => Err(crate::perform::notice_of(&error)),
            _ => Ok(Vec::new()),
        }
    })?;
    Ok(Answer::Done)
}
