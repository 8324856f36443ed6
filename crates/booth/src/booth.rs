//! The booth at work: the state machine's thread, the eye, the darkroom, the camera; and the handle to all of it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use caixiang_camera::Frame;
use caixiang_pinyin::{Candidates, Dictionary, Place as WritingPlace};
use caixiang_store::Place;
use caixiang_vision::{Engine, Memory, ModelFiles, Salient, Threads, VisionError};
use crossbeam_channel::{Sender, unbounded};

use crate::action::{Action, MAX_TEXT_BYTES};
use crate::album::{Album, Bytes};
use crate::darkroom;
use crate::desk::{self, Answer, DeskState, Request};
use crate::event::Event;
use crate::eye::{self, Sight};
use crate::ledger;
use crate::run::{Message, Runner};
use crate::state::State;
use crate::view::{Notice, View};

/// Most candidates that the pinyin keyboard is given.
const CANDIDATES: usize = 60;

/// Where things are and how the booth begins.
#[derive(Debug, Clone)]
pub struct Config {
    /// The store's folders.
    pub place: Place,
    /// The folder with `models/` and `runtime/`.
    pub cache: PathBuf,
    /// Stills of the demonstration camera; none where there is no demonstration.
    pub demonstration: Vec<PathBuf>,
    /// Open the demonstration session by itself where no session is open.
    pub demonstrate: bool,
    /// A folder that a tethered camera drops its files into, instead of a USB camera.
    pub watched: Option<PathBuf>,
    /// Ask the platform's keystore to keep the secret of a new store.
    pub keystore: bool,
}

/// What the booth and its owners share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) album: Album,
    pub(crate) sight: Sight,
    view: Mutex<View>,
    pub(crate) desk: DeskState,
    dictionary: OnceLock<Option<Dictionary>>,
    /// What the page is told.
    tell: Box<dyn Fn(&View) + Send + Sync>,
}

impl Shared {
    /// Puts a view in place and tells the page.
    pub(crate) fn show(&self, view: View) {
        (self.tell)(&view);
        *self.view.lock().unwrap_or_else(PoisonError::into_inner) = view;
    }
}

/// A running booth.
pub struct Booth {
    shared: Arc<Shared>,
    messages: Sender<Message>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl std::fmt::Debug for Booth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Booth")
    }
}

impl Booth {
    /// Starts a booth. It returns at once; `tell` gets every view from the booth's own thread and must not block, and
    /// `ended` is called when staff close the program.
    ///
    /// # Errors
    /// Where a thread cannot be started.
    pub fn start(
        config: Config,
        tell: impl Fn(&View) + Send + Sync + 'static,
        ended: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (messages, inbox) = unbounded();
        let shared = Arc::new(Shared {
            config,
            album: Album::default(),
            sight: Sight::new(),
            view: Mutex::new(crate::show::show(&State::new(), 0)),
            desk: DeskState::default(),
            dictionary: OnceLock::new(),
            tell: Box::new(tell),
        });
        let runner = Runner::new(Arc::clone(&shared), messages.clone());
        let thread = std::thread::Builder::new().name("booth".to_owned()).spawn(move || {
            runner.run(&inbox);
            ended();
        })?;
        let spooler = desk::Desk::new(Arc::clone(&shared), messages.clone());
        std::thread::Builder::new().name("spooler".to_owned()).spawn(move || ledger::watch(&spooler))?;
        // The keyboard's dictionary takes a tenth of a second to open: before anybody needs it.
        let words = Arc::clone(&shared);
        std::thread::Builder::new().name("words".to_owned()).spawn(move || {
            words.dictionary();
        })?;
        Ok(Self { shared, messages, thread: Mutex::new(Some(thread)) })
    }

    /// What the screen shows now.
    pub fn view(&self) -> View {
        self.shared.view.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Somebody did something on the screen. Texts too long for any field are dropped.
    pub fn act(&self, action: Action) {
        if action.text_bytes() <= MAX_TEXT_BYTES {
            self.messages.send(Message::Event(Event::Act(action))).ok();
        }
    }

    /// Chinese for typed letters, in a name or in any text.
    pub fn pinyin(&self, letters: &str, in_name: bool) -> Candidates {
        let place = if in_name { WritingPlace::Name } else { WritingPlace::Text };
        let letters: String = letters.chars().take(caixiang_pinyin::MAX_LETTERS).collect();
        let words = self.shared.dictionary();
        words.map(|words| words.candidates_for(place, &letters, CANDIDATES)).unwrap_or_default()
    }

    /// The newest frame of the live view after this one, waited for.
    pub fn live(&self, after: u64, patience: Duration) -> Option<Frame> {
        match self.shared.sight.camera() {
            Some(camera) => camera.wait_after(after, patience),
            None => {
                std::thread::sleep(patience);
                None
            }
        }
    }

    /// A picture at an address that a view or an answer of the desk named.
    pub fn photo(&self, address: &str) -> Option<Bytes> {
        match address.strip_prefix("desk/") {
            Some(address) => desk::picture(&self.desk(), address),
            None => self.shared.album.get(address),
        }
    }

    /// Answers the desk: only while it is open, and only what its role may ask. May take as long as the work does.
    ///
    /// # Errors
    /// What went wrong, for staff.
    pub fn ask(&self, request: Request) -> Result<Answer, Notice> {
        desk::answer(&self.desk(), request)
    }

    fn desk(&self) -> desk::Desk {
        desk::Desk::new(Arc::clone(&self.shared), self.messages.clone())
    }

    /// Ends the booth and waits for what is being written.
    pub fn stop(&self) {
        self.messages.send(Message::Stop).ok();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the booth's thread panicked");
        }
    }
}

impl Shared {
    fn dictionary(&self) -> Option<&Dictionary> {
        let open = || Dictionary::built_in().inspect_err(|error| tracing::error!(%error, "no pinyin")).ok();
        self.dictionary.get_or_init(open).as_ref()
    }
}

/// The threads that need the models.
pub(crate) struct Crew {
    pub(crate) darkroom: Sender<darkroom::Job>,
}

impl Crew {
    /// Opens the models and starts the eye and the darkroom.
    pub(crate) fn gather(shared: &Arc<Shared>, messages: &Sender<Message>) -> Result<Self, VisionError> {
        let files = ModelFiles::in_folder(&shared.config.cache);
        let engine = Engine::open(&files, Threads::all(), Salient::Best, Memory::GivenBack)?;
        // Looking many times a second is cheapest on one thread: what two threads tell each other costs a third more.
        let for_eye = Engine::open_live(&files, Threads::new(1))?;
        let (jobs, work) = unbounded();
        let (done, developed) = unbounded();
        let thread = |name: &str, body: Box<dyn FnOnce() + Send>| {
            let started = std::thread::Builder::new().name(name.to_owned()).spawn(body);
            if let Err(error) = started {
                tracing::error!(%error, name, "a thread cannot be started");
            }
        };
        thread("darkroom", Box::new(move || darkroom::work(&engine, &work, &done)));
        let to_booth = messages.clone();
        thread(
            "prints",
            Box::new(move || {
                for print in developed {
                    if to_booth.send(Message::Developed(Box::new(print))).is_err() {
                        break;
                    }
                }
            }),
        );
        let (watching, to_booth, ahead) = (Arc::clone(shared), messages.clone(), jobs.clone());
        thread(
            "eye",
            Box::new(move || {
                let tell = |event| drop(to_booth.send(Message::Event(event)));
                let ahead = |frame, preset| drop(ahead.send(darkroom::Job::Ahead(frame, preset)));
                eye::watch(&watching.sight, &for_eye, &tell, &ahead);
            }),
        );
        Ok(Self { darkroom: jobs })
    }
}
