//! The staff's desk: what it asks and is answered. Lists are asked for page by page; nothing of them is kept here.
//!
//! The store belongs to the booth's thread, so every question goes there as a small piece of work, with the open
//! panel's role looked at each time. What takes long (reading a roster, making sheets, writing a hand-over) runs on the
//! thread that asked, and goes to the store a photo at a time.

mod files;
mod handover;
mod job;
mod packing;
mod people;
mod picture;
mod printing;
mod review;
mod roster;
mod sessions;
pub mod talk;
mod today;
mod trend;
mod upkeep;
mod work;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use caixiang_domain::Session;
use caixiang_paper::Typeface;
use caixiang_store::{Actor, Role as StoreRole, Store, StoreError};
use crossbeam_channel::{Sender, bounded};
use jiff::Timestamp;

pub(crate) use self::files::Place;
pub(crate) use self::picture::picture;
pub use self::printing::{paper_names, set_names};
pub use self::talk::{Answer, Request};
pub(crate) use self::upkeep::kiosk_settings;
use crate::booth::Shared;
use crate::perform::notice_of;
use crate::run::{Message, Runner};
use crate::state::StaffAt;
use crate::view::{Notice, Role};

/// A question that the booth does not answer in this time has no answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the desk keeps between two questions, until it closes.
#[derive(Default)]
pub(crate) struct DeskState {
    roster: Mutex<Option<roster::Loaded>>,
    face: Mutex<Option<Arc<Typeface>>>,
    settings: Mutex<Option<upkeep::Settings>>,
    job: job::Job,
}

impl DeskState {
    fn roster(&self) -> MutexGuard<'_, Option<roster::Loaded>> {
        // It is put in whole or not at all: a panic elsewhere leaves nothing half-done.
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The font of what is printed.
    fn face(&self) -> MutexGuard<'_, Option<Arc<Typeface>>> {
        self.face.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The settings file that is looked at.
    fn settings(&self) -> MutexGuard<'_, Option<upkeep::Settings>> {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all of it.
    pub(crate) fn forget(&self) {
        *self.roster() = None;
        *self.settings() = None;
        self.job.forget();
    }
}

/// The way to the store from the thread that asks.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) shared: Arc<Shared>,
    messages: Sender<Message>,
}

impl Desk {
    pub(crate) fn new(shared: Arc<Shared>, messages: Sender<Message>) -> Self {
        Self { shared, messages }
    }

    /// Does something on the booth's thread, for a panel of at least this role.
    fn ask<T: Send + 'static>(
        &self,
        role: Role,
        work: impl FnOnce(&mut Runner) -> Result<T, Notice> + Send + 'static,
    ) -> Result<T, Notice> {
        let (sender, answer) = bounded(1);
        let given_up = Arc::new(AtomicBool::new(false));
        let nobody_waits = Arc::clone(&given_up);
        let ask = move |runner: &mut Runner| {
            if nobody_waits.load(Ordering::SeqCst) {
                return;
            }
            let allowed = match &runner.state.staff {
                Some(StaffAt::Panel(panel)) if panel.role >= role => Ok(()),
                Some(StaffAt::Panel(_)) => Err(Notice::new("desk.not_allowed")),
                _ => Err(Notice::new("desk.closed")),
            };
            sender.send(allowed.and_then(|()| work(runner))).ok();
        };
        self.messages.send(Message::Desk(Box::new(ask))).map_err(|_| Notice::new("desk.closed"))?;
        answer.recv_timeout(PATIENCE).unwrap_or_else(|_| {
            // What has not begun is not done later, behind the back of whoever was told so.
            given_up.store(true, Ordering::SeqCst);
            Err(Notice::new("desk.busy"))
        })
    }

    /// Does something with the store.
    fn store<T: Send + 'static>(
        &self,
        role: Role,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Notice> {
        self.ask(role, move |runner| {
            let store = runner.store.as_mut().ok_or_else(|| Notice::new("store.must_reopen"))?;
            work(store).map_err(|error| {
                tracing::error!(code = error.code(), %error, "the desk could not be answered");
                notice_of(&error)
            })
        })
    }

    /// Does something with the store, whether the desk is open or not; the booth itself asks. Nothing where the booth
    /// has ended.
    pub(crate) fn always<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError> + Send + 'static,
    ) -> Option<Result<T, StoreError>> {
        let (sender, answer) = bounded(1);
        let ask = move |runner: &mut Runner| {
            let done = runner.store.as_mut().ok_or(StoreError::MustReopen).and_then(work);
            sender.send(done).ok();
        };
        self.messages.send(Message::Desk(Box::new(ask))).ok()?;
        answer.recv().ok()
    }

    /// Writes a line of the audit log, whether the desk is still open or not.
    fn audit(&self, action: &'static str, detail: String) {
        let ask = move |runner: &mut Runner| {
            let Some(store) = &mut runner.store else { return };
            if let Err(error) = store.audit(Actor::Manager, action, None, &detail, Timestamp::now()) {
                tracing::error!(code = error.code(), action, "a line of the audit log could not be written");
            }
        };
        self.messages.send(Message::Desk(Box::new(ask))).ok();
    }

    /// Does something with the store and the open session.
    fn session<T: Send + 'static>(
        &self,
        role: Role,
        work: impl FnOnce(&mut Store, &Session) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Notice> {
        let session = self.open_session(role)?;
        self.store(role, move |store| work(store, &session))
    }

    /// The open session.
    fn open_session(&self, role: Role) -> Result<Arc<Session>, Notice> {
        self.ask(role, |runner| {
            let setting = runner.state.setting.as_ref();
            setting.map(|setting| Arc::clone(&setting.session)).ok_or_else(|| Notice::new("desk.no_session"))
        })
    }
}

/// Sets a role's PIN. Two roles never have the same: the PIN alone tells who it is.
fn set_pin(desk: &Desk, role: Role, pin: talk::NewPin) -> Result<Answer, Notice> {
    let kept = match role {
        Role::Manager => StoreRole::Manager,
        Role::Photographer => StoreRole::Photographer,
    };
    let set = desk.store(Role::Manager, move |store| {
        if store.is_pin_of_another(kept, &pin.0)? {
            return Ok(false);
        }
        store.set_pin(kept, &pin.0, Actor::Manager, Timestamp::now())?;
        Ok(true)
    })?;
    if set { Ok(Answer::Done) } else { Err(Notice::new("pin.same")) }
}

/// Answers a question of the desk.
pub(crate) fn answer(desk: &Desk, request: Request) -> Result<Answer, Notice> {
    match request {
        Request::Today => today::today(desk).map(|view| Answer::Today(Box::new(view))),
        Request::Students(wanted) => people::students(desk, wanted).map(Answer::Students),
        Request::Orders(wanted) => review::orders(desk, wanted).map(Answer::Orders),
        Request::OrderIds(wanted) => review::ids(desk, wanted).map(|ids| Answer::OrderIds { ids }),
        Request::Order { id } => review::order(desk, &id).map(|order| Answer::Order(Box::new(order))),
        Request::Sessions => sessions::list(desk).map(|sessions| Answer::Sessions { sessions }),
        Request::SessionForm { like, copy } => {
            sessions::form(desk, like.as_deref(), copy).map(|form| Answer::SessionForm(Box::new(form)))
        }
        Request::SaveSession(draft) => sessions::save(desk, *draft),
        Request::OpenSession { id } => sessions::open(desk, &id).map(|()| Answer::Done),
        Request::CloseSession { id, closed } => sessions::close(desk, &id, closed).map(|()| Answer::Done),
        Request::RosterOpen { path, sheet } => roster::open(desk, &path, sheet),
        Request::RosterMap { header_row, columns } => roster::map(desk, header_row, &columns),
        Request::RosterApply => roster::apply(desk),
        Request::RosterDrop => {
            desk.shared.desk.forget();
            Ok(Answer::Done)
        }
        Request::RosterBadRows { folder, language } => roster::bad_rows(desk, &folder, language),
        Request::RosterTemplate { folder, language } => roster::template(desk, &folder, language),
        Request::HandoverPlan(wanted) => handover::plan(desk, &wanted),
        Request::HandoverStart { wanted, folder, passphrase } => {
            handover::start(desk, &wanted, &folder, &passphrase).map(|()| Answer::Done)
        }
        Request::SetPin { role, pin } => set_pin(desk, role, pin),
        Request::Job => {
            desk.ask(Role::Manager, |_| Ok(()))?;
            Ok(Answer::Job { job: desk.shared.desk.job.view() })
        }
        Request::JobCancel => {
            desk.ask(Role::Manager, |_| Ok(()))?;
            desk.shared.desk.job.cancel();
            Ok(Answer::Done)
        }
        Request::Folder { path, endings } => {
            files::folder(desk, path.as_deref(), &endings).map(Answer::Folder)
        }
        Request::MissingList { folder, language } => handover::missing_list(desk, &folder, language),
        Request::Sheets(wanted) => printing::plan(desk, &wanted).map(|view| Answer::Sheets(Box::new(view))),
        Request::SheetsStart { wanted, folder } => {
            printing::start(desk, &wanted, folder.as_deref()).map(|()| Answer::Done)
        }
        Request::Prints { offset, limit } => printing::prints(desk, offset, limit).map(Answer::Prints),
        Request::PrintSaid { id, printed, gone } => printing::said(desk, &id, printed, gone),
        Request::PrintAgain { id, language } => printing::again(desk, &id, language).map(|()| Answer::Done),
        Request::PrintCancel { id } => printing::cancel(desk, &id),
        Request::ChosenPrinters => printing::chosen(desk),
        Request::FindPrinters => printing::find(desk),
        Request::TryPrinter { address } => printing::try_one(desk, &address),
        Request::PaperForm => printing::form(desk).map(|form| Answer::PaperForm(Box::new(form))),
        Request::SavePaper(settings) => printing::save(desk, *settings),
        Request::Parcels => packing::parcels(desk).map(Answer::Parcels),
        Request::Parcel { id } => packing::parcel(desk, &id).map(|parcel| Answer::Parcel(Box::new(parcel))),
        Request::ParcelBegin { class, order } => packing::begin(desk, class, order.as_deref()),
        Request::Scan { parcel, code } => packing::scan(desk, parcel.as_deref(), &code).map(Answer::Scanned),
        Request::Unpack { code } => packing::unpack(desk, code),
        Request::ParcelStep(step) => packing::step(desk, step),
        Request::Papers(wanted) => printing::papers(desk, &wanted).map(Answer::Papers),
        Request::PapersStart { wanted, folder } => {
            printing::start_papers(desk, &wanted, folder.as_deref()).map(|()| Answer::Done)
        }
        Request::Health => upkeep::health(desk).map(|parts| Answer::Health { parts }),
        Request::SelfCheck => upkeep::self_check(desk).map(|parts| Answer::Health { parts }),
        Request::KioskForm => upkeep::kiosk(desk).map(Answer::KioskForm),
        Request::SaveKiosk(settings) => upkeep::save_kiosk(desk, settings),
        Request::SettingsExport { folder } => upkeep::export(desk, &folder),
        Request::SettingsOpen { path } => upkeep::open(desk, &path),
        Request::SettingsApply => upkeep::apply(desk),
        Request::Retention => upkeep::retention(desk),
        Request::Erase { id, feature_code } => upkeep::erase(desk, &id, &feature_code),
    }
}
