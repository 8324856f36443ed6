//! What holds whatever happens: any events in any order, sensible or not.

use std::collections::HashSet;

use caixiang_domain::{Delivery, IdentityMode, OrderId, OrderState, Payer, PhotoId, SubjectId, VisitId};
use proptest::prelude::*;
use proptest::sample::select;

use super::world::{LI, PIN, Shot, WANG, World, hash, id, taken};
use super::*;
use crate::event::{Arrival, Begun, Kept, Known, PinAnswer, Saved};
use crate::next::visit_of;
use crate::state::{At, Consents, OrderMade, StaffAt, Trouble};
use crate::view::{IdentifyWay, Language, Notice, PanelTab, Role};

/// What happens next: the world's own answers come by themselves.
#[derive(Debug, Clone)]
enum Step {
    Act(Action),
    Pass(u64),
    /// A clock that does not say the truth.
    Clock(u64),
    Glimpse(bool),
    /// The darkroom is done.
    Develop(Shot),
    Pin(&'static str),
    Number(&'static str),
    Outside(Nonsense),
    /// An order is refused for this reason.
    Refuse(&'static str),
    /// The review rejects the newest order.
    Reject,
}

/// Answers that nobody asked for.
#[derive(Debug, Clone)]
enum Nonsense {
    Camera(bool),
    Code(u8),
    Identified(usize, bool),
    Nobody,
    Several,
    NewCode(u8),
    Begun { who: usize, consents: Consents, saved: bool },
    Developed(bool),
    Ordered(bool),
    PinAnswered(PinPurpose, PinAnswer),
    Called(usize),
    NobodyCalled,
    Failed,
    Opened,
    CannotOpen,
    PinSet,
    OrdersRead,
}

fn consents() -> impl Strategy<Value = Consents> {
    (any::<Option<bool>>(), any::<Option<bool>>(), any::<Option<bool>>())
        .prop_map(|(photograph, network, compare)| Consents { photograph, network, compare })
}

fn purpose() -> impl Strategy<Value = PinPurpose> {
    select(vec![PinPurpose::Panel, PinPurpose::Override, PinPurpose::Cash, PinPurpose::Declined])
}

fn action() -> impl Strategy<Value = Action> {
    let order = || select(vec!["last".to_owned(), "nonsense".to_owned(), id(77).to_string()]);
    let text = || select(vec![String::new(), "1".to_owned(), "李".to_owned(), "很".repeat(300)]);
    let key = select(vec!["1", "0", "X", "enter", "enter", "backspace", "clear", "一", "", "ab"]);
    let field = select(vec!["name", "phone", "address", "recipient", "region", "no_such"]);
    let value = select(vec!["", "13800138000", "文"]);
    let filled =
        prop_oneof![4 => (field, value), 1 => Just(("id_number", WANG)), 1 => Just(("id_number", LI))];
    prop_oneof![
        12 => Just(Action::Next),
        4 => Just(Action::Shoot),
        2 => Just(Action::Retake),
        2 => Just(Action::Back),
        4 => select(vec![
            Action::Touch, Action::CallStaff, Action::Leave, Action::MyOrders, Action::Hold, Action::Override,
            Action::Cash, Action::Staff, Action::CloseStaff, Action::Backup, Action::OpenDemonstration,
            Action::Retry, Action::Quit, Action::NextPerson, Action::Absent, Action::DismissAlarm,
            Action::TakeBack,
        ]),
        3 => Just(Action::Accept),
        4 => (select(vec![Consent::Photograph, Consent::Network, Consent::Compare]), prop::bool::weighted(0.9))
            .prop_map(|(consent, given)| Action::Answer { consent, given }),
        3 => key.prop_map(|key| Action::Key { key: key.to_owned() }),
        2 => filled.prop_map(|(field, value)| Action::Fill { field: field.to_owned(), value: value.to_owned() }),
        2 => select(vec!["photo", "paper", "file", "none"])
            .prop_map(|product| Action::Choose { product: product.to_owned() }),
        1 => any::<bool>().prop_map(|go_on| Action::Resume { go_on }),
        1 => select(vec![IdentifyWay::Code, IdentifyWay::Document, IdentifyWay::StudentNumber])
            .prop_map(|way| Action::Way { way }),
        1 => select(vec![Language::Zh, Language::En]).prop_map(|language| Action::Speak { language }),
        1 => text().prop_map(|text| Action::Scanned { text }),
        1 => text().prop_map(|reason| Action::Reason { reason }),
        1 => text().prop_map(|text| Action::Search { text }),
        1 => any::<u32>().prop_map(|offset| Action::Scroll { offset }),
        1 => any::<u32>().prop_map(|backup| Action::Restore { backup }),
        1 => any::<bool>().prop_map(|on| Action::CompareFaces { on }),
        1 => any::<bool>().prop_map(|on| Action::AutoShutter { on }),
        2 => (101_u128..104).prop_map(|who| Action::Select { subject: id(who).to_string() }),
        1 => order().prop_map(|order| Action::Replace { order }),
        1 => (order(), any::<bool>()).prop_map(|(order, reject)| Action::Decide {
            orders: vec![order],
            reason: reject.then(|| "eyes".to_owned()),
        }),
        1 => Just(Action::Undecide),
        1 => select(vec![Working::SelfService, Working::Photographer]).prop_map(|working| Action::Work { working }),
        1 => select(vec![PanelTab::Camera, PanelTab::Orders]).prop_map(|tab| Action::Tab { tab }),
    ]
}

fn nonsense() -> impl Strategy<Value = Nonsense> {
    let answer = select(vec![
        PinAnswer::Right(Role::Manager),
        PinAnswer::Wrong { left: 1 },
        PinAnswer::Locked { seconds: 9 },
    ]);
    prop_oneof![
        4 => prop::bool::weighted(0.7).prop_map(Nonsense::Camera),
        1 => any::<u8>().prop_map(Nonsense::Code),
        1 => (0_usize..2, any::<bool>()).prop_map(|(who, proven)| Nonsense::Identified(who, proven)),
        1 => any::<u8>().prop_map(Nonsense::NewCode),
        1 => (0_usize..2, consents(), any::<bool>())
            .prop_map(|(who, consents, saved)| Nonsense::Begun { who, consents, saved }),
        1 => any::<bool>().prop_map(Nonsense::Developed),
        1 => any::<bool>().prop_map(Nonsense::Ordered),
        1 => (purpose(), answer).prop_map(|(purpose, answer)| Nonsense::PinAnswered(purpose, answer)),
        1 => (0_usize..2).prop_map(Nonsense::Called),
        3 => select(vec![
            Nonsense::Nobody, Nonsense::Several, Nonsense::NobodyCalled, Nonsense::Failed, Nonsense::Opened,
            Nonsense::CannotOpen, Nonsense::PinSet, Nonsense::OrdersRead,
        ]),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        24 => action().prop_map(Step::Act),
        3 => (1_u64..4000).prop_map(Step::Pass),
        1 => Just(Step::Pass(90_000)),
        1 => (0_u64..100_000).prop_map(Step::Clock),
        5 => prop::bool::weighted(0.7).prop_map(Step::Glimpse),
        6 => select(vec![Shot::Good, Shot::Good, Shot::Good, Shot::Blocked, Shot::Familiar, Shot::Failed])
            .prop_map(Step::Develop),
        1 => select(vec![PIN, PIN, "1357"]).prop_map(Step::Pin),
        4 => select(vec![WANG, LI, "20220101", "002X"]).prop_map(Step::Number),
        3 => nonsense().prop_map(Step::Outside),
        1 => select(vec!["store.disk_full", "store.same_rejected_photo"]).prop_map(Step::Refuse),
        1 => Just(Step::Reject),
    ]
}

fn worlds() -> impl Strategy<Value = World> {
    (
        select(IdentityMode::ALL),
        select(Delivery::ALL),
        select(Payer::ALL),
        select(vec![Working::SelfService, Working::SelfService, Working::Photographer]),
    )
        .prop_map(|(identity, delivery, payer, working)| {
            let mut world = World::new(identity, delivery, payer);
            world.working = working;
            world
        })
}

/// Watches every event and every effect.
struct Watcher {
    booth: Booth,
    /// A shot is out.
    shooting: bool,
    /// Photos whose order was sent and not refused.
    ordered: HashSet<PhotoId>,
    /// The panel was opened with the right PIN.
    let_in: bool,
    nonsense: u128,
}

impl Watcher {
    fn new(world: World) -> Self {
        let booth = Booth::open(world);
        Self { booth, shooting: false, ordered: HashSet::new(), let_in: false, nonsense: 50_000 }
    }

    fn event(&mut self, event: Event) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            self.before(&event);
            let then = self.booth.state.now_ms;
            let (state, effects) = next(std::mem::take(&mut self.booth.state), event);
            assert!(state.now_ms >= then, "time went back");
            let forgot = effects.contains(&Effect::Forget);
            self.booth.state = state;
            for effect in effects {
                self.effect(&effect);
                if let Effect::Order { visit, .. } = &effect {
                    let photo = visit.taken.as_ref().map(|taken| taken.photo);
                    let answers = self.booth.world.answer(&effect);
                    if let [Event::Ordered(Err(_))] = answers.as_slice() {
                        self.ordered.retain(|one| Some(*one) != photo);
                    }
                    events.extend(answers);
                } else {
                    events.extend(self.booth.world.answer(&effect));
                }
            }
            if forgot {
                self.is_forgotten();
            }
            self.hides_secrets();
            if !matches!(self.booth.state.staff, Some(StaffAt::Panel(_))) {
                self.let_in = false;
            }
        }
    }

    fn before(&mut self, event: &Event) {
        match event {
            Event::Developed(_) | Event::Opened(_) => self.shooting = false,
            Event::PinAnswered(PinPurpose::Panel, PinAnswer::Right(_)) => self.let_in = true,
            _ => {}
        }
    }

    fn effect(&mut self, effect: &Effect) {
        match effect {
            Effect::Shoot { subject, visit, .. } => {
                assert!(!self.shooting, "two shots at a time");
                self.shooting = true;
                let current = visit_of(&self.booth.state.at).expect("a shot has a visit");
                assert_eq!((current.student.subject, current.id), (*subject, *visit));
                let live = matches!(self.booth.state.camera, CameraStatus::Live { .. });
                assert!(live, "a shot with a lost camera");
            }
            Effect::Order { visit, .. } => {
                let taken = visit.taken.as_ref().expect("an order without a photo");
                assert!(taken.passes(), "an order with a blocked photo");
                assert!(visit.consents.agreed(), "an order without consents");
                self.ordered.insert(taken.photo);
            }
            Effect::Discard(photo) => {
                assert!(!self.ordered.contains(photo), "a photo of an order was discarded")
            }
            Effect::ReadPanel(_)
            | Effect::UseCamera(_)
            | Effect::SetControl(..)
            | Effect::LockControls(_)
            | Effect::Decide(_)
            | Effect::Settle(_)
            | Effect::Backup
            | Effect::Keep(Kept::Sound(_) | Kept::AutoShutter(_) | Kept::Working(_))
            | Effect::Quit => assert!(self.let_in, "{effect:?} without the PIN"),
            _ => {}
        }
    }

    /// What is left of a student after all was forgotten.
    fn is_forgotten(&self) {
        let state = &self.booth.state;
        assert!(visit_of(&state.at).is_none(), "a visit was kept");
        assert!(!state.called || state.at != At::Welcome, "a call was kept");
        match &state.at {
            At::Line(line) => assert!(line.current.is_none() && line.row.is_none() && line.alarms.is_empty()),
            At::Starting | At::Trouble(_) | At::NoSession | At::Welcome => {}
            At::Agreement(consents) => assert_eq!(*consents, Consents::default()),
            At::ChoosePin { first, typed } => assert!(first.is_none() && typed.0.is_empty()),
            _ => panic!("a student's screen after all was forgotten"),
        }
    }

    /// No whole number of a document and no PIN on any screen. A number shows only while it is typed into a form.
    fn hides_secrets(&self) {
        let page = self.booth.page();
        let typing = matches!(&self.booth.state.at, At::Details(_) | At::Delivery(_))
            || matches!(&self.booth.state.at, At::Identify(one) if one.way == IdentifyWay::StudentNumber);
        let text = page.to_string();
        if !typing {
            assert!(![WANG, LI].iter().any(|number| text.contains(number)), "{text}");
        }
        if let Some(roster) = visit_of(&self.booth.state.at) {
            let known = roster.student.details.get(caixiang_domain::Field::IdNumber);
            let same = roster.details.get(caixiang_domain::Field::IdNumber) == known;
            assert!(!same || known.is_none_or(|known| !text.contains(known)), "{text}");
        }
        assert!(!page["staff"].to_string().contains(PIN), "{text}");
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Act(Action::Replace { order }) => {
                let order = self.newest().filter(|_| order == "last").map_or(order, |id| id.to_string());
                self.event(Event::Act(Action::Replace { order }));
            }
            Step::Act(action) => self.event(Event::Act(action)),
            Step::Pass(ms) => {
                let end = self.booth.state.now_ms + ms;
                while self.booth.state.now_ms < end {
                    self.event(Event::Tick((self.booth.state.now_ms + 500).min(end)));
                }
            }
            Step::Clock(ms) => self.event(Event::Tick(ms)),
            Step::Glimpse(ready) => {
                let prompt = (!ready).then_some("eyes");
                let viewport = Viewport::WHOLE;
                self.event(Event::Glimpsed(Glimpse { prompt, ready, viewport, somebody: true }));
            }
            Step::Develop(shot) => {
                if self.shooting {
                    self.booth.world.shot = shot;
                    let result = self.booth.world.develop();
                    self.event(Event::Developed(result));
                }
            }
            Step::Pin(pin) => self.keys(pin),
            Step::Number(number) => self.keys(number),
            Step::Outside(what) => {
                let event = self.outside(what);
                self.event(event);
            }
            Step::Refuse(code) => self.booth.world.refuse_order = Some(code),
            Step::Reject => {
                if let Some(last) = self.booth.world.orders.len().checked_sub(1) {
                    self.booth.world.reject(last, "eyes");
                }
            }
        }
    }

    fn keys(&mut self, keys: &str) {
        let keys = keys.chars().map(|key| key.to_string()).chain(["enter".to_owned()]);
        for key in keys {
            self.event(Event::Act(Action::Key { key }));
        }
    }

    fn newest(&self) -> Option<OrderId> {
        self.booth.world.orders.last().map(|(_, order)| order.id)
    }

    fn fresh(&mut self) -> PhotoId {
        self.nonsense += 1;
        PhotoId::from_uuid(id(self.nonsense))
    }

    fn outside(&mut self, what: Nonsense) -> Event {
        let notice = || Notice::new("store.io");
        let made = OrderMade {
            id: OrderId::from_uuid(id(77)),
            number: "000015-20260520093000000".to_owned(),
            shot_number: 3,
            state: OrderState::PendingReview,
            mailed: false,
        };
        let student = |who: usize| {
            let person = super::World::roster().people.remove(who);
            Box::new(self.booth.world.student(&person))
        };
        match what {
            Nonsense::Camera(true) => Event::Camera(LIVE()),
            Nonsense::Camera(false) => Event::Camera(LOST()),
            Nonsense::Code(code) => Event::CodeRead(hash(&code.to_string())),
            Nonsense::Identified(who, proven) => {
                Event::Identified(Known::One { student: student(who), proven })
            }
            Nonsense::Nobody => Event::Identified(Known::Nobody),
            Nonsense::Several => Event::Identified(Known::Several),
            Nonsense::NewCode(code) => Event::NewCode(hash(&code.to_string())),
            Nonsense::Begun { who, consents, saved } => {
                let arrival = Arrival { student: *student(who), consents, replacing: None };
                let photo = self.fresh();
                let saved = saved.then(|| {
                    Box::new(Saved {
                        started: "2026-05-20 09:30".to_owned(),
                        details: arrival.student.details.clone(),
                        product: None,
                        shots: u32::MAX,
                        taken: Some(taken(photo, Shot::Blocked)),
                        replacing: None,
                    })
                });
                let id = VisitId::from_uuid(id(60_000 + who as u128));
                Event::Begun(Box::new(arrival), Begun { id, shot_number: 1, saved })
            }
            Nonsense::Developed(true) => {
                let photo = self.fresh();
                Event::Developed(Ok(Box::new(taken(photo, Shot::Good))))
            }
            Nonsense::Developed(false) => Event::Developed(Err(notice())),
            Nonsense::Ordered(true) => Event::Ordered(Ok(made)),
            Nonsense::Ordered(false) => Event::Ordered(Err(notice())),
            Nonsense::PinAnswered(purpose, answer) => Event::PinAnswered(purpose, answer),
            Nonsense::Called(who) => {
                let student = student(who);
                let row = crate::state::QueueItem {
                    subject: SubjectId::from_uuid(id(101)),
                    index: 0,
                    name: "王小明".to_owned(),
                    student_number: "20220101".to_owned(),
                    class_name: String::new(),
                    standing: "waiting",
                };
                Event::Called(Some(row), Some(student))
            }
            Nonsense::NobodyCalled => Event::Called(None, None),
            Nonsense::Failed => Event::Failed(notice()),
            Nonsense::Opened => Event::Opened(Box::new(self.booth.world.opening())),
            Nonsense::CannotOpen => Event::CannotOpen(Trouble {
                notice: notice(),
                backups: vec!["2026-05-20".to_owned()],
                can_retry: true,
            }),
            Nonsense::PinSet => Event::PinSet,
            Nonsense::OrdersRead => Event::OrdersRead(Vec::new()),
        }
    }
}

/// How a walk begins, so that few of them end at the door.
fn beginnings() -> impl Strategy<Value = Vec<Step>> {
    let agree = |consent| Step::Act(Action::Answer { consent, given: true });
    let known = vec![
        Step::Act(Action::Next),
        agree(Consent::Photograph),
        agree(Consent::Network),
        Step::Act(Action::Next),
        Step::Number(WANG),
    ];
    let mut shot = known.clone();
    shot.extend([Step::Act(Action::Next), Step::Act(Action::Choose { product: "file".to_owned() })]);
    shot.extend([Step::Act(Action::Next), Step::Act(Action::Next), Step::Act(Action::Shoot)]);
    shot.extend([Step::Act(Action::Shoot), Step::Develop(Shot::Good)]);
    select(vec![Vec::new(), known, shot])
}

proptest! {
    #[test]
    fn holds_whatever_happens(
        world in worlds(),
        begin in beginnings(),
        steps in prop::collection::vec(step(), 1..120),
    ) {
        let mut watcher = Watcher::new(world);
        for step in begin.into_iter().chain(steps) {
            watcher.step(step);
        }
    }
}
