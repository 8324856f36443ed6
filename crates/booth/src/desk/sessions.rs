//! Sessions: the list, opening and closing, and keeping what the form says.

use caixiang_domain::{Session, SessionId};
use caixiang_store::{Actor, QueueCounts, Store, StoreError};
use jiff::Timestamp;

use super::Desk;
use super::talk::{Answer, SessionDraft, SessionRow};
use crate::event::Event;
use crate::perform::notice_of;
use crate::run::Runner;
use crate::view::{Notice, Role};

mod form;

pub(super) use form::form;

pub(super) fn list(desk: &Desk) -> Result<Vec<SessionRow>, Notice> {
    desk.store(Role::Photographer, |store| {
        let active = store.active_session()?.map(|session| session.id);
        let rows = store.sessions()?.into_iter().map(|session| {
            let counts = store.queue_counts(session.id)?;
            Ok(row(session, &counts, active))
        });
        rows.collect()
    })
}

fn row(session: Session, counts: &QueueCounts, active: Option<SessionId>) -> SessionRow {
    let small = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    SessionRow {
        id: session.id.to_string(),
        name: (&session.name).into(),
        school: (&session.school).into(),
        feature_code: session.feature_code.to_string(),
        identity: session.identity.code().to_owned(),
        opens: session.terms.opens.map(|day| day.to_string()),
        closes: session.terms.closes.map(|day| day.to_string()),
        closed: session.terms.closed,
        active: active == Some(session.id),
        demonstration: session.demonstration,
        students: small(counts.waiting + counts.absent + counts.ordered),
        collected: small(counts.ordered),
    }
}

fn id_of(text: &str) -> Result<SessionId, Notice> {
    text.parse().map_err(|_| Notice::new("store.not_found"))
}

/// Whether orders were made in a session.
fn begun(store: &Store, id: SessionId) -> Result<bool, StoreError> {
    let filter = caixiang_store::OrderFilter { session: Some(id), state: None };
    Ok(store.orders_page(&filter, 0, 1)?.total > 0)
}

pub(super) fn save(desk: &Desk, draft: SessionDraft) -> Result<Answer, Notice> {
    let id = draft.id.as_deref().map(id_of).transpose()?;
    desk.ask(Role::Manager, move |runner| {
        let store = runner.store.as_mut().ok_or_else(|| Notice::new("store.must_reopen"))?;
        let before = id.map(|id| store.session(id)).transpose().map_err(told)?;
        let fixed = id.map(|id| begun(store, id)).transpose().map_err(told)?.unwrap_or(false);
        let others = store.sessions().map_err(told)?;
        let session = match form::session(&draft, before.as_ref(), fixed, &others) {
            Ok(session) => session,
            Err(problems) => return Ok(Answer::Problems { problems }),
        };
        store.put_session(&session).map_err(told)?;
        let detail = serde_json::json!({ "feature_code": session.feature_code.to_string() }).to_string();
        store.audit(Actor::Manager, "session.save", None, &detail, Timestamp::now()).map_err(told)?;
        if runner.state.session().is_some_and(|active| active.id == session.id) {
            announce(runner, Some(session.clone()))?;
        }
        Ok(Answer::SessionSaved { id: session.id.to_string() })
    })
}

pub(super) fn open(desk: &Desk, id: &str) -> Result<(), Notice> {
    let id = id_of(id)?;
    desk.ask(Role::Manager, move |runner| {
        let store = runner.store.as_mut().ok_or_else(|| Notice::new("store.must_reopen"))?;
        let session = store.session(id).map_err(told)?;
        if session.terms.closed {
            return Err(Notice::new("session.closed"));
        }
        store.set_active_session(id).map_err(told)?;
        announce(runner, Some(session))
    })
}

pub(super) fn close(desk: &Desk, id: &str, closed: bool) -> Result<(), Notice> {
    let id = id_of(id)?;
    desk.ask(Role::Manager, move |runner| {
        let store = runner.store.as_mut().ok_or_else(|| Notice::new("store.must_reopen"))?;
        let mut session = store.session(id).map_err(told)?;
        session.terms.closed = closed;
        let was_open = closed && runner.state.session().is_some_and(|active| active.id == id);
        if was_open {
            // First: a closed session that is still the open one must not outlive a power cut.
            store.clear_active_session().map_err(told)?;
        }
        store.put_session(&session).map_err(told)?;
        let action = if closed { "session.close" } else { "session.reopen" };
        let detail = serde_json::json!({ "feature_code": session.feature_code.to_string() }).to_string();
        store.audit(Actor::Manager, action, None, &detail, Timestamp::now()).map_err(told)?;
        if was_open { announce(runner, None) } else { Ok(()) }
    })
}

/// Tells the booth which session is open now.
fn announce(runner: &mut Runner, session: Option<Session>) -> Result<(), Notice> {
    let setting = match session {
        Some(session) => {
            Some(crate::perform::setting_of(session).ok_or_else(|| Notice::new("session.preset"))?)
        }
        None => None,
    };
    runner.answers.push_back(Event::SessionOpened(setting));
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(error: StoreError) -> Notice {
    tracing::error!(code = error.code(), %error, "a session could not be kept");
    notice_of(&error)
}
