//! The booth as a function: `next(state, event)` gives the state after it and what is to be done. Nothing else decides.

mod camera;
mod identify;
pub(crate) use identify::ways;
mod line;
mod review;
mod staff;
mod visit;

use crate::action::{Action, Consent};
use crate::event::{Effect, Event, Kept, Look, Opening, consent_words};
use crate::state::{At, Consents, Identify, Line, Purpose, Secret, Setting, StaffAt, State};
use crate::view::{Notice, PanelTab, Phase, PinPurpose, Working};

/// Nothing was touched for so long: a warning.
pub const IDLE_WARNING_MS: u64 = 60_000;
/// After the warning, the screen is wiped.
pub const IDLE_WIPE_MS: u64 = 20_000;
/// The staff's panel closes by itself.
pub const PANEL_IDLE_MS: u64 = 300_000;
/// The order's screen stays.
pub const DONE_MS: u64 = 10_000;
/// Fewest digits of a PIN.
pub const PIN_MIN: usize = 4;
/// Most digits of a PIN.
pub const PIN_MAX: usize = 12;

/// The state after the event, and what is to be done, in order.
pub fn next(mut state: State, event: Event) -> (State, Vec<Effect>) {
    let mut out = Vec::new();
    let looked = look_of(&state);
    match event {
        Event::Act(action) => act(&mut state, action, &mut out),
        Event::Tick(now_ms) => tick(&mut state, now_ms, &mut out),
        Event::Opened(opening) => opened(&mut state, *opening, &mut out),
        Event::CannotOpen(trouble) => {
            wipe(&mut state, &mut out);
            state.staff = None;
            state.at = At::Trouble(trouble);
        }
        Event::PinSet => {
            if matches!(state.at, At::ChoosePin { .. }) {
                go_home(&mut state, &mut out);
            }
        }
        Event::Camera(status) => camera::status(&mut state, status),
        Event::Unsent(count) => state.unsent = count,
        Event::Shuttered => camera::shoot(&mut state, &mut out),
        Event::Glimpsed(glimpse) => camera::glimpsed(&mut state, &glimpse),
        Event::CodeRead(code) => identify::code_read(&state, code, &mut out),
        Event::Identified(known) => identify::identified(&mut state, known, &mut out),
        Event::NewCode(code) => identify::new_code(&mut state, code, &mut out),
        Event::Begun(arrival, begun) => visit::begun(&mut state, *arrival, begun, &mut out),
        Event::OrdersRead(read) => {
            if let At::Orders { orders, .. } = &mut state.at {
                *orders = read;
            }
        }
        Event::Developed(result) => camera::developed(&mut state, result.map(|taken| *taken), &mut out),
        Event::Ordered(result) => visit::ordered(&mut state, result, &mut out),
        Event::PinAnswered(purpose, answer) => staff::answered(&mut state, purpose, answer, &mut out),
        Event::QueueRead(part) => {
            if let At::Line(line) = &mut state.at {
                line.queue = part;
            }
        }
        Event::Called(row, student) => line::called(&mut state, row, student.map(|s| *s), &mut out),
        Event::PanelRead(data) => {
            if let Some(StaffAt::Panel(panel)) = &mut state.staff {
                panel.data = *data;
            }
        }
        Event::Decided => review::decided(&mut state),
        Event::Day(today) => state.today = Some(today),
        Event::Behaves { language, idle_ms } => (state.home_language, state.idle_ms) = (language, idle_ms),
        Event::SessionOpened(setting) => session_opened(&mut state, setting, &mut out),
        Event::Failed(notice) => failed(&mut state, notice),
    }
    let looks = look_of(&state);
    if looks != looked {
        out.push(Effect::Look(looks));
    }
    (state, out)
}

/// What the camera is looked at for on this screen.
fn look_of(state: &State) -> Look {
    // Nobody is photographed while staff work at the desk; its camera's page shows how well it sees.
    if let Some(StaffAt::Panel(panel)) = &state.staff
        && panel.tab != PanelTab::Camera
    {
        return Look::Off;
    }
    match &state.at {
        At::Identify(_) => Look::Codes,
        // While the photo is made, the machine is all its own.
        At::Capture(_, live) if live.phase == Phase::Taking => Look::Off,
        At::Line(line) if line.live.phase == Phase::Taking => Look::Off,
        At::Capture(..) => Look::Face { eager: false },
        At::Line(line) if line.current.as_ref().is_some_and(|visit| visit.taken.is_none()) => {
            Look::Face { eager: true }
        }
        _ => Look::Off,
    }
}

fn opened(state: &mut State, opening: Opening, out: &mut Vec<Effect>) {
    state.setting = opening.setting;
    state.working = opening.working;
    state.weak_keys = opening.weak_keys;
    state.sound = opening.sound;
    state.auto_shutter = opening.auto_shutter;
    state.language = opening.language;
    state.home_language = opening.language;
    state.idle_ms = opening.idle_ms;
    staff::close(state, out);
    // Who would have answered is no more.
    state.shooting = None;
    if opening.has_pin {
        go_home(state, out);
    } else {
        wipe(state, out);
        state.at = At::ChoosePin { first: None, typed: Secret::default() };
    }
}

/// All that was known of the last student is forgotten; a screen that knows nothing of them follows.
fn wipe(state: &mut State, out: &mut Vec<Effect>) {
    state.notice = None;
    state.called = false;
    state.touched_ms = state.now_ms;
    state.language = state.home_language;
    out.push(Effect::Forget);
}

/// The screen that waits for whoever comes next.
fn go_home(state: &mut State, out: &mut Vec<Effect>) {
    wipe(state, out);
    state.at = match (&state.setting, state.working) {
        (None, _) => At::NoSession,
        (Some(_), Working::SelfService) => At::Welcome,
        (Some(_), Working::Photographer) => {
            out.push(Effect::ReadQueue { search: String::new(), offset: 0 });
            out.push(Effect::CallNext { after: None });
            At::Line(Line::default())
        }
    };
    // A photographer knows what they do; they are told.
    if matches!(state.at, At::Line(_)) && state.is_closed_today() {
        state.notice = Some(Notice::new("session.not_open"));
    }
}

/// The desk opened another session, or changed the open one: what was under way is kept for the same student.
fn session_opened(state: &mut State, setting: Option<Setting>, out: &mut Vec<Effect>) {
    save_visit(state, out);
    state.setting = setting;
    go_home(state, out);
}

/// Keeps the visit on the screen. One whose order is being stored is over.
fn save_visit(state: &State, out: &mut Vec<Effect>) {
    if let Some(visit) = visit_of(&state.at)
        && !matches!(state.at, At::Busy(_))
    {
        out.push(Effect::Save(Box::new(visit.clone())));
    }
}

/// What an effect could not do. A screen that waits for its answer is let go.
fn failed(state: &mut State, notice: Notice) {
    state.notice = Some(notice);
    match &mut state.at {
        At::Busy(visit) => state.at = At::Summary(visit.clone()),
        // A shot has its own answer.
        At::Line(line) if line.live.phase != Phase::Taking => line.busy = false,
        _ => {}
    }
}

fn tick(state: &mut State, now_ms: u64, out: &mut Vec<Effect>) {
    // A clock that went back stands still.
    state.now_ms = state.now_ms.max(now_ms);
    camera::tick(state, out);
    if let At::Done { until_ms, .. } = state.at
        && state.now_ms >= until_ms
    {
        go_home(state, out);
        return;
    }
    let idle = state.now_ms.saturating_sub(state.touched_ms);
    let staff_limit = match &state.staff {
        Some(StaffAt::Panel(_)) => Some(PANEL_IDLE_MS),
        Some(_) => Some(state.idle_ms),
        None => None,
    };
    if let Some(limit) = staff_limit {
        review::tick(state, out);
        if idle >= limit {
            staff::close(state, out);
            state.touched_ms = state.now_ms;
        }
    } else if matches!(state.at, At::Welcome) && idle >= state.idle_ms {
        state.language = state.home_language;
    } else if may_idle(&state.at) && idle >= state.idle_ms + IDLE_WIPE_MS {
        out.push(Effect::Log("visit.idle", None));
        leave(state, out);
    }
}

/// Whether a student may have walked away from this screen.
pub(crate) fn may_idle(at: &At) -> bool {
    match at {
        At::Agreement(_)
        | At::Declined
        | At::Identify(_)
        | At::LastFour { .. }
        | At::Resume { .. }
        | At::Details(_)
        | At::Delivery(_)
        | At::Guidelines(_)
        | At::Capture(..)
        | At::Result(_)
        | At::Summary(_)
        | At::Orders { .. } => true,
        At::Starting
        | At::Trouble(_)
        | At::ChoosePin { .. }
        | At::NoSession
        | At::Welcome
        | At::Busy(_)
        | At::Done { .. }
        | At::Line(_) => false,
    }
}

/// Away from the student's screens; what was taken is kept for the same student.
fn leave(state: &mut State, out: &mut Vec<Effect>) {
    if may_idle(&state.at) || matches!(state.at, At::Done { .. }) {
        if let Some(visit) = visit_of(&state.at) {
            out.push(Effect::Save(Box::new(visit.clone())));
        }
        go_home(state, out);
    }
}

/// The visit that is on the screen.
pub(crate) fn visit_of(at: &At) -> Option<&crate::state::Visit> {
    match at {
        At::Resume { visit, .. }
        | At::Details(visit)
        | At::Delivery(visit)
        | At::Guidelines(visit)
        | At::Capture(visit, _)
        | At::Result(visit)
        | At::Busy(visit)
        | At::Summary(visit) => Some(visit),
        At::Line(line) => line.current.as_deref(),
        _ => None,
    }
}

fn act(state: &mut State, action: Action, out: &mut Vec<Effect>) {
    state.touched_ms = state.now_ms;
    if action == Action::Touch {
        return;
    }
    state.notice = None;
    if staff::act(state, &action, out) {
        return;
    }
    match action {
        Action::Speak { language } => state.language = language,
        Action::CallStaff => {
            state.called = !state.called;
            if state.called {
                out.push(Effect::Log("staff.called", None));
            }
        }
        Action::Staff => {
            if !matches!(state.at, At::Starting | At::Trouble(_) | At::ChoosePin { .. }) {
                staff::ask(state, PinPurpose::Panel);
            }
        }
        Action::Leave => leave(state, out),
        Action::Back => back(state, out),
        Action::MyOrders => {
            if state.at == At::Welcome {
                state.at = At::Identify(identify::begin(state, Purpose::Orders));
            }
        }
        Action::Answer { consent, given } => answer(state, consent, given),
        Action::Key { key } => key_pressed(state, &key, out),
        Action::Retry => {
            if matches!(&state.at, At::Trouble(trouble) if trouble.can_retry) {
                state.at = At::Starting;
                out.push(Effect::Reopen);
            }
        }
        Action::Restore { backup } => {
            if matches!(&state.at, At::Trouble(trouble) if (backup as usize) < trouble.backups.len()) {
                state.at = At::Starting;
                out.push(Effect::Restore(backup));
            }
        }
        Action::OpenDemonstration => {
            if state.at == At::NoSession {
                out.push(Effect::OpenDemonstration);
            }
        }
        Action::Next => primary(state, out),
        other => {
            if !(identify::act(state, &other, out)
                || visit::act(state, &other, out)
                || camera::act(state, &other, out))
            {
                line::act(state, &other, out);
            }
        }
    }
}

fn answer(state: &mut State, consent: Consent, given: bool) {
    if let At::Agreement(consents) = &mut state.at {
        *match consent {
            Consent::Photograph => &mut consents.photograph,
            Consent::Network => &mut consents.network,
            Consent::Compare => &mut consents.compare,
        } = Some(given);
    }
}

/// The screen's primary action.
fn primary(state: &mut State, out: &mut Vec<Effect>) {
    match &state.at {
        At::Welcome if state.is_closed_today() => state.notice = Some(Notice::new("session.not_open")),
        At::Welcome => state.at = At::Agreement(Consents::default()),
        &At::Agreement(consents) if consents.complete() => {
            out.push(Effect::Log("consent", Some(consent_words(consents))));
            state.at = if consents.agreed() {
                At::Identify(identify::begin(state, Purpose::Photo(consents)))
            } else {
                At::Declined
            };
        }
        At::Declined => staff::ask(state, PinPurpose::Declined),
        At::Done { .. } => go_home(state, out),
        At::Identify(_) | At::LastFour { .. } => identify::submit(state, out),
        At::Orders { student, consents: None, .. } if student.order.is_none() && state.is_closed_today() => {
            state.notice = Some(Notice::new("session.not_open"));
        }
        At::Orders { student, consents: None, .. } if student.order.is_none() => {
            // No order yet: it begins like every other, with the agreement.
            out.push(Effect::Forget);
            state.at = At::Agreement(Consents::default());
        }
        _ => visit::primary(state, out),
    }
}

fn back(state: &mut State, out: &mut Vec<Effect>) {
    match &state.at {
        At::Agreement(_) | At::Orders { .. } => go_home(state, out),
        At::Declined => state.at = At::Agreement(Consents::default()),
        At::Identify(Identify { purpose, .. }) => match purpose {
            Purpose::Photo(consents) => state.at = At::Agreement(*consents),
            Purpose::Orders => go_home(state, out),
        },
        At::LastFour { purpose, .. } => state.at = At::Identify(identify::begin(state, *purpose)),
        At::ChoosePin { .. } => state.at = At::ChoosePin { first: None, typed: Secret::default() },
        _ => visit::back(state, out),
    }
}

/// Whether *back* leads anywhere.
pub(crate) fn can_go_back(at: &At) -> bool {
    match at {
        At::ChoosePin { first, .. } => first.is_some(),
        At::Capture(_, live) => live.phase != Phase::Taking,
        At::Agreement(_)
        | At::Orders { .. }
        | At::Declined
        | At::Identify(_)
        | At::LastFour { .. }
        | At::Resume { .. }
        | At::Details(_)
        | At::Delivery(_)
        | At::Guidelines(_)
        | At::Result(_)
        | At::Summary(_) => true,
        _ => false,
    }
}

/// One key into a text: one character that `allowed` lets in, `backspace` or `clear`.
fn type_key(text: &mut String, key: &str, most: usize, allowed: impl Fn(char) -> bool) {
    match key {
        "backspace" => {
            text.pop();
        }
        "clear" => text.clear(),
        _ => {
            let mut characters = key.chars();
            if let (Some(character), None) = (characters.next(), characters.next())
                && allowed(character)
                && text.chars().count() < most
            {
                text.push(character);
            }
        }
    }
}

fn key_pressed(state: &mut State, key: &str, out: &mut Vec<Effect>) {
    if let At::ChoosePin { first, typed } = &mut state.at {
        if key != "enter" {
            type_key(&mut typed.0, key, PIN_MAX, |c| c.is_ascii_digit());
            return;
        }
        if typed.0.len() < PIN_MIN {
            state.notice = Some(Notice::new("pin.too_short").with("min", PIN_MIN));
            return;
        }
        let typed = std::mem::take(typed);
        match first.take() {
            None => *first = Some(typed),
            Some(before) if before == typed => out.push(Effect::SetPin(typed)),
            Some(_) => state.notice = Some(Notice::new("pin.differs")),
        }
        return;
    }
    if key == "enter" {
        primary(state, out);
    } else {
        identify::key(state, key);
    }
}

/// Keeps a setting and says so to the store.
fn keep(out: &mut Vec<Effect>, kept: Kept) {
    out.push(Effect::Keep(kept));
}

#[cfg(test)]
mod tests;
