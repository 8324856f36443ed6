//! Walks through the booth: the state machine, and beside it a world that answers what it asks for.

mod codes;
mod line;
mod orders;
mod properties;
mod review;
mod shutter;
mod staff;
mod student;
mod world;

use std::collections::VecDeque;

use serde_json::Value;

use super::next;
use crate::action::{Action, Consent};
use crate::event::{Effect, Event, Glimpse};
use crate::show::show;
use crate::state::State;
use crate::view::{CameraStatus, PinPurpose, Viewport, Working};
use world::{PIN, World};

pub(super) const LIVE: fn() -> CameraStatus =
    || CameraStatus::Live { name: "camera".to_owned(), width_px: 1920, height_px: 1080 };
pub(super) const LOST: fn() -> CameraStatus =
    || CameraStatus::Lost { name: "camera".to_owned(), code: "camera.unplugged".to_owned(), attempt: 1 };

/// The state machine with the world around it.
pub(super) struct Booth {
    pub(super) state: State,
    pub(super) world: World,
    pub(super) effects: Vec<Effect>,
}

impl Booth {
    /// An open booth with a camera, in this world.
    pub(super) fn open(world: World) -> Self {
        let mut booth = Self { state: State::new(), world, effects: Vec::new() };
        booth.event(Event::Camera(LIVE()));
        booth.event(Event::Opened(Box::new(booth.world.opening())));
        booth
    }

    /// One event and everything that follows from it, as the booth's own thread does it.
    pub(super) fn event(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            let (state, effects) = next(std::mem::take(&mut self.state), event);
            self.state = state;
            for effect in effects {
                events.extend(self.world.answer(&effect));
                self.effects.push(effect);
            }
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        self.event(Event::Act(action));
    }

    pub(super) fn next(&mut self) {
        self.act(Action::Next);
    }

    pub(super) fn type_keys(&mut self, text: &str) {
        for key in text.chars() {
            self.act(Action::Key { key: key.to_string() });
        }
    }

    pub(super) fn enter(&mut self) {
        self.act(Action::Key { key: "enter".to_owned() });
    }

    /// Time passes in the steps of the booth's clock.
    pub(super) fn pass(&mut self, ms: u64) {
        let end = self.state.now_ms + ms;
        while self.state.now_ms < end {
            self.event(Event::Tick((self.state.now_ms + 100).min(end)));
        }
    }

    /// Time passes while somebody stands before the camera.
    pub(super) fn pose(&mut self, ready: bool, ms: u64) {
        let end = self.state.now_ms + ms;
        while self.state.now_ms < end {
            self.glimpse(ready);
            self.event(Event::Tick((self.state.now_ms + 100).min(end)));
        }
    }

    pub(super) fn glimpse(&mut self, ready: bool) {
        let prompt = (!ready).then_some("chin_up");
        self.event(Event::Glimpsed(Glimpse { prompt, ready, viewport: Viewport::WHOLE, somebody: true }));
    }

    /// The shot that was asked for comes out of the darkroom.
    pub(super) fn develop(&mut self) {
        let result = self.world.develop();
        self.event(Event::Developed(result));
    }

    /// What the page is sent.
    pub(super) fn page(&self) -> Value {
        serde_json::to_value(show(&self.state, 1)).expect("a view is JSON")
    }

    /// One thing of it, by its JSON pointer.
    pub(super) fn see(&self, pointer: &str) -> Value {
        self.page().pointer(pointer).cloned().unwrap_or(Value::Null)
    }

    #[track_caller]
    pub(super) fn is_at(&self, screen: &str) {
        assert_eq!(self.see("/screen/kind"), screen, "{}", self.page());
    }

    #[track_caller]
    pub(super) fn says(&self, code: &str) {
        assert_eq!(self.see("/notice/code"), code, "{}", self.page());
    }

    /// How many effects there were that fit.
    pub(super) fn count(&self, fits: impl Fn(&Effect) -> bool) -> usize {
        self.effects.iter().filter(|effect| fits(effect)).count()
    }

    /// How many photos were asked for.
    pub(super) fn shots(&self) -> usize {
        self.count(|effect| matches!(effect, Effect::Shoot { .. }))
    }

    /// What was written into the audit log under this code.
    pub(super) fn logged(&self, code: &str) -> Vec<Option<String>> {
        let about = |effect: &Effect| match effect {
            Effect::Log(written, about) if *written == code => Some(about.clone()),
            _ => None,
        };
        self.effects.iter().filter_map(about).collect()
    }

    // The ways that many walks share.

    /// From the welcome to the question who one is.
    pub(super) fn agree(&mut self) {
        self.next();
        self.is_at("agreement");
        for consent in [Consent::Photograph, Consent::Network] {
            self.act(Action::Answer { consent, given: true });
        }
        self.next();
        self.is_at("identify");
    }

    /// A roster's student types the number of their document.
    pub(super) fn identify(&mut self, number: &str) {
        self.type_keys(number);
        self.next();
    }

    /// From the welcome to the camera, in centralised delivery with a roster.
    pub(super) fn walk_to_camera(&mut self, number: &str) {
        self.agree();
        self.identify(number);
        self.is_at("details");
        self.next();
        self.is_at("guidelines");
        self.next();
        self.is_at("capture");
    }

    /// From the camera to the photo, by hand.
    pub(super) fn shoot(&mut self) {
        self.act(Action::Shoot);
        self.act(Action::Shoot);
        assert_eq!(self.see("/screen/live/phase/kind"), "taking");
        self.develop();
    }

    /// Staff type a PIN.
    pub(super) fn pin(&mut self, pin: &str) {
        self.type_keys(pin);
        self.enter();
    }

    /// Staff open their panel.
    pub(super) fn panel(&mut self) {
        self.act(Action::Staff);
        self.pin(PIN);
        assert_eq!(self.see("/staff/kind"), "panel");
    }

    /// Staff hand the kiosk to students or to the photographer.
    pub(super) fn hand_to(&mut self, working: Working) {
        self.panel();
        self.act(Action::Work { working });
    }

    #[track_caller]
    pub(super) fn asks_pin(&self, purpose: PinPurpose) {
        let purpose = serde_json::to_value(purpose).expect("a purpose is JSON");
        assert_eq!((self.see("/staff/kind"), self.see("/staff/purpose")), ("pin".into(), purpose));
    }
}
