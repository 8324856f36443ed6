//! Effects done: what the state machine asks for, on the store, the camera and the darkroom.

mod orders;
mod panel;
mod people;

use std::time::Instant;

use caixiang_camera::CameraEvent;
use caixiang_domain::{IdentityMode, Preset};
use caixiang_portrait::builtin_preset;
use caixiang_store::{Actor, KeyCustody, OpenError, Opened, Options, Role, Store, StoreError};
use jiff::Timestamp;

use crate::album::Shelf;
use crate::booth::Crew;
use crate::cameras::Remembered;
use crate::darkroom::{Developed, Job, Order, Print, Recipe};
use crate::demo;
use crate::desk::kiosk_settings;
use crate::event::{Effect, Event, Kept, Look, Opening, PinAnswer};
use crate::ledger;
use crate::run::{Message, Runner, VISIT_HOURS};
use crate::state::{Secret, Setting, Taken, Trouble};
use crate::view::{Notice, PinPurpose, Working};

const KEY_CAMERA: &str = "camera";
pub(crate) const KEY_SOUND: &str = "sound";
pub(crate) const KEY_AUTO_SHUTTER: &str = "auto_shutter";
const KEY_WORKING: &str = "working";

/// What an effect that failed says to the user.
pub(crate) fn notice_of(error: &StoreError) -> Notice {
    Notice::new(error.code())
}

impl Runner {
    /// Does what an effect asks; what comes of it is an event.
    pub(crate) fn perform(&mut self, effect: Effect) {
        let result = self.attempt(effect);
        if let Err(error) = result {
            tracing::error!(code = error.code(), %error, "an effect failed");
            let fatal = self.store.as_ref().is_some_and(Store::must_reopen);
            self.answers.push_back(Event::Failed(notice_of(&error)));
            if fatal {
                self.store = None;
                let trouble = Trouble { notice: notice_of(&error), backups: Vec::new(), can_retry: true };
                self.answers.push_back(Event::CannotOpen(trouble));
            }
        }
    }

    fn attempt(&mut self, effect: Effect) -> Result<(), StoreError> {
        match effect {
            Effect::FindCode(code) => self.find_code(code)?,
            Effect::FindScan(text) => self.find_scan(&text.0)?,
            Effect::FindNumber { typed, way, code } => self.find_number(&typed.0, way, code)?,
            Effect::MakeSubject { code, last_four } => self.make_subject(code, &last_four.0)?,
            Effect::BeginVisit(arrival) => self.begin_visit(*arrival)?,
            Effect::Save(visit) => self.save_visit(&visit)?,
            Effect::ReadOrders(subject) => self.read_orders(subject)?,
            Effect::Look(look) => self.look(look),
            Effect::WorkAhead => self.work_ahead(),
            Effect::Shoot { subject, visit, compare } => self.shoot(subject, visit, compare)?,
            Effect::Discard(photo) => {
                if let Some(store) = &mut self.store {
                    store.discard_photo(photo, Timestamp::now())?;
                }
            }
            Effect::Order { visit, cash, by_staff } => {
                let result = self.order(&visit, cash, by_staff).map_err(|error| {
                    tracing::error!(code = error.code(), %error, "an order could not be stored");
                    notice_of(&error)
                });
                self.answers.push_back(Event::Ordered(result));
                if self.store.as_ref().is_some_and(Store::must_reopen) {
                    return Err(StoreError::MustReopen);
                }
            }
            Effect::CheckPin { purpose, pin } => self.check_pin(purpose, &pin)?,
            Effect::SetPin(pin) => {
                if let Some(store) = &mut self.store {
                    store.set_pin(Role::Manager, &pin.0, Actor::Manager, Timestamp::now())?;
                    self.answers.push_back(Event::PinSet);
                }
            }
            Effect::ReadQueue { search, offset } => self.read_queue(search, offset)?,
            Effect::CallNext { after } => self.call_next(after)?,
            Effect::Call(subject) => self.call(Some(subject))?,
            Effect::MarkAbsent { subject, absent } => {
                if let Some(store) = &mut self.store {
                    store.set_absent(subject, absent)?;
                }
            }
            Effect::ReadPanel(tab) => self.read_panel(tab)?,
            Effect::UseCamera(id) => self.use_camera(&id)?,
            Effect::SetControl(code, value) => self.camera_asked(|cameras| cameras.set(&code, value))?,
            Effect::LargeStill(on) => {
                self.cameras.remembered.large_still = on;
                self.remember_camera()?;
            }
            Effect::LockControls(lock) => self.camera_asked(|cameras| cameras.lock(lock))?,
            Effect::Decide(decision) => self.carry_out(&decision)?,
            Effect::TakeBack(order, subject) => self.take_back(order, subject)?,
            Effect::Settle(order) => {
                self.settle_fee(order)?;
                self.answers.push_back(Event::Decided);
            }
            Effect::Backup => {
                if let Some(store) = &mut self.store {
                    store.backup(Timestamp::now())?;
                }
            }
            Effect::Keep(kept) => self.keep(kept)?,
            Effect::Log(action, detail) => self.log(action, detail.as_deref())?,
            Effect::Forget => {
                self.shared.album.clear(Shelf::Visit);
                self.shared.album.clear(Shelf::List);
            }
            Effect::OpenDemonstration => {
                self.install_demonstration()?;
                self.announce()?;
            }
            Effect::Reopen => self.open(),
            Effect::Restore(index) => self.restore(index),
            Effect::Quit => self.ending = true,
        }
        Ok(())
    }

    /// Opens the store and the models, and says what became of it.
    pub(crate) fn open(&mut self) {
        self.store = None;
        let config = &self.shared.config;
        let options = Options { keystore: config.keystore, ..Options::default() };
        match caixiang_store::open(&config.place, &options) {
            Ok(Opened { store, custody, sweep }) => {
                tracing::info!(?sweep, "the store is open");
                self.state.weak_keys = custody == KeyCustody::PassphraseFile;
                self.store = Some(store);
            }
            Err(error) => {
                tracing::error!(code = error.code(), %error, "the store cannot be opened");
                let notice = Notice::new(error.code());
                let (backups, can_retry) = match error {
                    OpenError::Damaged { backups, .. } | OpenError::Missing { backups } => (backups, false),
                    OpenError::TooNew { .. } | OpenError::BadPlace => (Vec::new(), false),
                    _ => (Vec::new(), true),
                };
                self.backups = backups;
                let times = self.backups.iter().map(|backup| local(backup.made)).collect();
                self.answers.push_back(Event::CannotOpen(Trouble { notice, backups: times, can_retry }));
                return;
            }
        }
        if self.crew.is_none() {
            match Crew::gather(&self.shared, &self.messages) {
                Ok(crew) => self.crew = Some(crew),
                Err(error) => {
                    tracing::error!(%error, "the models cannot be opened");
                    let trouble = Trouble {
                        notice: Notice::new("engine.missing"),
                        backups: Vec::new(),
                        can_retry: true,
                    };
                    self.answers.push_back(Event::CannotOpen(trouble));
                    return;
                }
            }
        }
        let opened = self.settle_prints().and_then(|()| self.demonstrate()).and_then(|()| self.announce());
        if let Err(error) = opened {
            tracing::error!(code = error.code(), %error, "the store cannot be read");
            let trouble = Trouble { notice: notice_of(&error), backups: Vec::new(), can_retry: true };
            self.answers.push_back(Event::CannotOpen(trouble));
        }
    }

    /// Prints that were being sent when the program last ended, once.
    fn settle_prints(&mut self) -> Result<(), StoreError> {
        let Some(store) = self.store.as_mut().filter(|_| !self.prints_settled) else { return Ok(()) };
        ledger::after_restart(store)?;
        self.prints_settled = true;
        Ok(())
    }

    /// The demonstration by itself, where it was asked for and no session is open.
    fn demonstrate(&mut self) -> Result<(), StoreError> {
        let wanted = self.shared.config.demonstrate;
        let open = match &self.store {
            Some(store) => store.active_session()?.is_some(),
            None => return Ok(()),
        };
        if wanted && !open { self.install_demonstration() } else { Ok(()) }
    }

    fn install_demonstration(&mut self) -> Result<(), StoreError> {
        let Some(store) = &mut self.store else { return Ok(()) };
        demo::install(store)
    }

    /// Says what the store knows: the session, the settings.
    fn announce(&mut self) -> Result<(), StoreError> {
        let Some(store) = &self.store else { return Ok(()) };
        // One that was closed while the kiosk was off, or just before it died.
        let setting = match store.active_session()?.filter(|session| !session.terms.closed) {
            Some(session) => setting_of(session),
            None => None,
        };
        let kiosk = kiosk_settings(store)?;
        let remembered: Remembered = store.setting(KEY_CAMERA)?.unwrap_or_default();
        let opening = Opening {
            setting,
            working: match store.setting::<String>(KEY_WORKING)?.as_deref() {
                Some("photographer") => Working::Photographer,
                _ => Working::SelfService,
            },
            has_pin: store.has_pin(Role::Manager)?,
            weak_keys: store.custody() == KeyCustody::PassphraseFile,
            sound: store.setting(KEY_SOUND)?.unwrap_or(true),
            auto_shutter: store.setting(KEY_AUTO_SHUTTER)?.unwrap_or(true),
            language: kiosk.language,
            idle_ms: u64::from(kiosk.idle_s) * 1000,
        };
        self.cameras.open_first(Some(remembered));
        self.answers.push_back(Event::Day(jiff::Zoned::now().date()));
        self.answers.push_back(Event::Opened(Box::new(opening)));
        Ok(())
    }

    fn restore(&mut self, index: u32) {
        let Some(backup) = self.backups.get(index as usize) else { return };
        if let Err(error) = caixiang_store::restore(&self.shared.config.place, backup) {
            tracing::error!(code = error.code(), %error, "a backup cannot be restored");
        }
        self.open();
    }

    /// The camera was asked for something and what it became is remembered.
    fn camera_asked(
        &mut self,
        ask: impl FnOnce(&mut crate::cameras::Cameras) -> Result<(), caixiang_camera::Fault>,
    ) -> Result<(), StoreError> {
        if let Err(fault) = ask(&mut self.cameras) {
            self.answers.push_back(Event::Failed(Notice::new(fault.code())));
        }
        self.remember_camera()
    }

    fn remember_camera(&mut self) -> Result<(), StoreError> {
        match &mut self.store {
            Some(store) => store.set_setting(KEY_CAMERA, &self.cameras.remembered),
            None => Ok(()),
        }
    }

    fn use_camera(&mut self, id: &str) -> Result<(), StoreError> {
        self.cameras.open(id);
        self.cameras.remembered.id = self.cameras.id().map(str::to_owned);
        self.cameras.remembered.locked = None;
        self.remember_camera()
    }

    /// The camera of a generation says something; what an older one says is of no interest.
    pub(crate) fn camera(&mut self, generation: u64, event: &CameraEvent) {
        if !self.cameras.is_present(generation) {
            return;
        }
        match event {
            CameraEvent::Photo { .. } => self.answers.push_back(Event::Shuttered),
            CameraEvent::FileRefused { fault, .. } => {
                self.answers.push_back(Event::Failed(Notice::new(fault.code())));
            }
            CameraEvent::Status(_) => {}
        }
        if let Some(status) = self.cameras.told(event) {
            self.answers.push_back(Event::Camera(status));
        }
    }

    fn keep(&mut self, kept: Kept) -> Result<(), StoreError> {
        let Some(store) = &mut self.store else { return Ok(()) };
        match kept {
            Kept::Sound(on) => store.set_setting(KEY_SOUND, &on),
            Kept::AutoShutter(on) => store.set_setting(KEY_AUTO_SHUTTER, &on),
            Kept::Working(working) => {
                let word = if working == Working::Photographer { "photographer" } else { "self_service" };
                store.set_setting(KEY_WORKING, word)
            }
        }
    }

    fn log(&mut self, action: &str, detail: Option<&str>) -> Result<(), StoreError> {
        let subject = crate::next::visit_of(&self.state.at).map(|visit| visit.student.subject);
        if action == "line.compare"
            && let Some(crew) = &self.crew
        {
            crew.darkroom.send(Job::ForgetFaces).ok();
        }
        let Some(store) = &mut self.store else { return Ok(()) };
        let detail = serde_json::json!({ "what": detail }).to_string();
        store.audit(Actor::System, action, subject, &detail, Timestamp::now())
    }

    fn check_pin(&mut self, purpose: PinPurpose, pin: &Secret) -> Result<(), StoreError> {
        let Some(store) = &mut self.store else { return Ok(()) };
        let now = Timestamp::now();
        let answer = match store.whose_pin(&pin.0, now)? {
            Ok(Role::Manager) => PinAnswer::Right(crate::view::Role::Manager),
            Ok(Role::Photographer) => PinAnswer::Right(crate::view::Role::Photographer),
            Err(caixiang_store::PinAnswer::Wrong { left }) => PinAnswer::Wrong { left },
            Err(caixiang_store::PinAnswer::Locked { until }) => {
                let seconds = until.duration_since(now).as_secs().max(1);
                PinAnswer::Locked { seconds: u64::try_from(seconds).unwrap_or(1) }
            }
            // No PIN is asked for before one is set, and a right one names its role.
            Err(caixiang_store::PinAnswer::NotSet | caixiang_store::PinAnswer::Right) => {
                PinAnswer::Wrong { left: 0 }
            }
        };
        self.answers.push_back(Event::PinAnswered(purpose, answer));
        Ok(())
    }

    fn look(&mut self, look: Look) {
        let preset = self.state.setting.as_ref().map(|setting| std::sync::Arc::clone(&setting.preset));
        self.shared.sight.look(look, preset);
    }

    fn work_ahead(&mut self) {
        let (Some(crew), Some(setting), Some(camera)) =
            (&self.crew, &self.state.setting, self.shared.sight.camera())
        else {
            return;
        };
        if let Some(frame) = camera.latest() {
            crew.darkroom.send(Job::Ahead(frame, std::sync::Arc::clone(&setting.preset))).ok();
        }
    }

    fn shoot(
        &mut self,
        subject: caixiang_domain::SubjectId,
        visit: caixiang_domain::VisitId,
        compare: bool,
    ) -> Result<(), StoreError> {
        let name = crate::next::visit_of(&self.state.at)
            .and_then(|visit| visit.details.get(caixiang_domain::Field::Name))
            .unwrap_or_default()
            .to_owned();
        let (Some(crew), Some(setting), Some(camera)) =
            (&self.crew, &self.state.setting, self.shared.sight.camera())
        else {
            self.answers.push_back(Event::Developed(Err(Notice::new("capture.no_frame"))));
            return Ok(());
        };
        let order = Order {
            frames: camera.last_second(),
            tethered: self.cameras.is_tethered(),
            large: self.cameras.remembered.large_still && camera.offers_still().is_some(),
            camera,
            seen: self.shared.sight.seen(),
            recipe: Recipe {
                preset: std::sync::Arc::clone(&setting.preset),
                backdrop: setting.session.backdrop,
            },
            subject,
            name,
            visit,
            compare,
            pressed: Instant::now(),
        };
        crew.darkroom.send(Job::Shoot(Box::new(order))).ok();
        Ok(())
    }

    /// A photo was made: it is kept before anybody sees it.
    pub(crate) fn print(&mut self, developed: Developed) {
        let Developed { subject, visit, result, pressed } = developed;
        let waited_for = crate::next::visit_of(&self.state.at).is_some_and(|present| present.id == visit);
        let result = match result {
            Ok(_) if !waited_for => return,
            Ok(print) => self.keep_print(subject, print).map(Box::new).map_err(|error| {
                tracing::error!(code = error.code(), %error, "a photo could not be kept");
                notice_of(&error)
            }),
            Err(notice) => Err(notice),
        };
        let ms = u64::try_from(pressed.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(ms, made = result.is_ok(), "shutter to verdict");
        self.answers.push_back(Event::Developed(result));
    }

    fn keep_print(&mut self, subject: caixiang_domain::SubjectId, print: Print) -> Result<Taken, StoreError> {
        let Some(store) = &mut self.store else { return Err(StoreError::MustReopen) };
        let photo = store.keep_photo(&caixiang_store::NewPhoto {
            subject,
            original: &print.original,
            finished: &print.finished,
            record: &print.record,
            taken: Timestamp::now(),
        })?;
        Ok(Taken {
            photo,
            view: self.shared.album.put(Shelf::Visit, Some(print.original), Some(print.finished)),
            crop: print.crop,
            findings: print.findings,
            blocked: print.blocked,
            for_review: print.for_review,
            override_reason: None,
            same_face: print.same_face,
        })
    }

    /// Says how many orders wait to be sent.
    pub(crate) fn count_unsent(&mut self) {
        let Some(store) = &self.store else { return };
        match store.outbox_waiting() {
            Ok(waiting) => self.messages.send(Message::Event(Event::Unsent(waiting.count))).ok(),
            Err(error) => {
                tracing::error!(code = error.code(), "the outbox cannot be counted");
                None
            }
        };
    }

    /// Backups that hold keys of photos that were destroyed are replaced.
    pub(crate) fn renew_backups(&mut self) {
        let Some(store) = &mut self.store else { return };
        if let Err(error) = store.renew_backups_if_due(Timestamp::now()) {
            tracing::error!(code = error.code(), "backups could not be renewed");
        }
    }

    /// Destroys started visits that nobody came back for.
    pub(crate) fn expire(&mut self) {
        let Some(store) = &mut self.store else { return };
        let now = Timestamp::now();
        let before = now - jiff::SignedDuration::from_hours(VISIT_HOURS);
        match store.expire_visits(before, now) {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "started visits ran out"),
            Err(error) => tracing::error!(code = error.code(), "visits could not run out"),
        }
    }

    /// Whether the open session goes by capture codes.
    fn by_code(&self) -> bool {
        self.state.session().is_some_and(|session| session.identity == IdentityMode::Code)
    }
}

/// A session with its rules; none where it names a preset that this version does not have.
pub(crate) fn setting_of(session: caixiang_domain::Session) -> Option<Setting> {
    let Some(preset) = preset_of(&session) else {
        tracing::error!("the session names a preset that this version does not have");
        return None;
    };
    Some(Setting { session: std::sync::Arc::new(session), preset: std::sync::Arc::new(preset) })
}

/// The rules of a session: its preset, and what the session asks beyond it.
pub(crate) fn preset_of(session: &caixiang_domain::Session) -> Option<Preset> {
    let preset = session.terms.applied(&builtin_preset(&session.preset).ok()?).ok()?;
    if !session.no_glasses {
        return Some(preset);
    }
    let stricter = preset.with(|parts| {
        if let Some(rule) = parts.rules.get_mut(&caixiang_domain::Check::Glasses) {
            rule.severity = caixiang_domain::Severity::Block;
        }
    });
    stricter.ok()
}

/// A moment as people read it here.
pub(crate) fn local(moment: Timestamp) -> String {
    moment.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string()
}
