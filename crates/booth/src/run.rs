//! The booth's own thread: events in, one state, effects out, the view to the page.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use caixiang_camera::CameraEvent;
use caixiang_store::Store;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use crate::booth::{Crew, Shared};
use crate::cameras::Cameras;
use crate::darkroom::Developed;
use crate::event::{Effect, Event};
use crate::next::next;
use crate::show::show;
use crate::state::{At, StaffAt, State};
use crate::view::View;

/// Between two ticks of the booth's clock.
const TICK: Duration = Duration::from_millis(100);
/// A backup is made this often.
const BACKUP_EVERY: Duration = Duration::from_secs(20 * 60);
/// Started visits that nobody came back for are destroyed after so long.
pub(crate) const VISIT_HOURS: i64 = 24;
/// How often the store is asked what waits to be sent, and what has run out.
const CHORES_EVERY: Duration = Duration::from_secs(15);

/// What reaches the booth's thread.
pub(crate) enum Message {
    /// An event for the state machine.
    Event(Event),
    /// A shot was made into a photo.
    Developed(Box<Developed>),
    /// The desk asks the store for something.
    Desk(Box<dyn FnOnce(&mut Runner) + Send>),
    /// The camera of this generation changed.
    Camera(u64, CameraEvent),
    /// End.
    Stop,
}

/// Owns the state and everything that effects need.
pub(crate) struct Runner {
    pub(crate) shared: Arc<Shared>,
    pub(crate) messages: Sender<Message>,
    pub(crate) state: State,
    pub(crate) store: Option<Store>,
    pub(crate) crew: Option<Crew>,
    pub(crate) cameras: Cameras,
    /// Events that effects brought about; they come before anything from outside.
    pub(crate) answers: VecDeque<Event>,
    pub(crate) backups: Vec<caixiang_store::Backup>,
    /// What was being printed when the program last ended was looked at.
    pub(crate) prints_settled: bool,
    begun: Instant,
    version: u64,
    shown: Option<View>,
    backed_up: Instant,
    chores: Option<Instant>,
    pub(crate) ending: bool,
}

impl Runner {
    pub(crate) fn new(shared: Arc<Shared>, messages: Sender<Message>) -> Self {
        let cameras = Cameras::new(Arc::clone(&shared), messages.clone());
        Self {
            shared,
            messages,
            state: State::new(),
            store: None,
            crew: None,
            cameras,
            answers: VecDeque::new(),
            backups: Vec::new(),
            prints_settled: false,
            begun: Instant::now(),
            version: 0,
            shown: None,
            backed_up: Instant::now(),
            chores: None,
            ending: false,
        }
    }

    /// Works until it is told to stop.
    pub(crate) fn run(mut self, inbox: &Receiver<Message>) {
        // The camera takes the longest to show anything: it is opened while the models are read.
        self.cameras.open_first(None);
        self.open();
        self.settle();
        while !self.ending {
            match inbox.recv_timeout(TICK) {
                Ok(Message::Event(event)) => self.answers.push_back(event),
                Ok(Message::Developed(developed)) => self.print(*developed),
                Ok(Message::Desk(ask)) => ask(&mut self),
                Ok(Message::Camera(generation, event)) => self.camera(generation, &event),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            if now_ms >= self.state.now_ms + 50 {
                self.answers.push_back(Event::Tick(now_ms));
            }
            self.settle();
            self.chores();
        }
        self.cameras.close();
        self.shared.sight.close();
        if let Some(StaffAt::Panel(panel)) = &mut self.state.staff
            && let Some(pending) = panel.pending.take()
        {
            self.perform(Effect::Decide(pending));
        }
        if let Some(visit) = crate::next::visit_of(&self.state.at).cloned() {
            self.perform(Effect::Save(Box::new(visit)));
        }
    }

    /// Everything that follows from what has happened, until nothing does; then the page is told.
    fn settle(&mut self) {
        while let Some(event) = self.answers.pop_front() {
            let (state, effects) = next(std::mem::take(&mut self.state), event);
            self.state = state;
            for effect in effects {
                self.perform(effect);
            }
        }
        if !matches!(self.state.staff, Some(StaffAt::Panel(_))) {
            self.shared.desk.forget();
        }
        let view = show(&self.state, self.version);
        if self.shown.as_ref() != Some(&view) {
            self.version += 1;
            let view = View { version: self.version, ..view };
            self.shared.show(view.clone());
            self.shown = Some(view);
        }
    }

    /// What is done from time to time, never while somebody waits for the shutter.
    fn chores(&mut self) {
        let quiet = !matches!(self.state.at, At::Busy(_));
        let due = self.chores.is_none_or(|when| when.elapsed() >= CHORES_EVERY);
        if self.store.is_none() || !quiet || !due {
            return;
        }
        self.chores = Some(Instant::now());
        let today = jiff::Zoned::now().date();
        if self.state.today != Some(today) {
            self.answers.push_back(Event::Day(today));
        }
        self.count_unsent();
        self.cameras.look_for_one();
        if matches!(self.state.at, At::Welcome | At::Line(_)) {
            self.expire();
            self.renew_backups();
            if self.backed_up.elapsed() >= BACKUP_EVERY {
                self.backed_up = Instant::now();
                self.perform(Effect::Backup);
            }
        }
    }
}
