//! The world around the booth in these walks: a roster, a vault, a darkroom and a PIN, in a few lists.

use std::sync::Arc;

use caixiang_domain::{
    Bilingual, Delivery, Details, Fen, Field, FieldRule, IdentityMode, OrderId, OrderState, Payer, PhotoId,
    Product, Rgb, Session, SessionId, SubjectId, Terms, VisitId,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::event::{Arrival, Begun, Effect, Event, Kept, Known, Opening, PinAnswer, Saved};
use crate::state::{
    InForce, OrderItem, OrderMade, PanelData, QueueItem, QueuePart, Setting, Student, Taken, Visit,
};
use crate::view::{FindingView, Grade, IdentifyWay, Language, Notice, PhotoView, Role, Viewport, Working};

pub(crate) const PIN: &str = "2468";
/// The first student of the roster.
pub(crate) const WANG: &str = "11010519491231002X";
/// The second.
pub(crate) const LI: &str = "440524200302150124";

/// What comes out of the darkroom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shot {
    Good,
    Blocked,
    /// Good, and the face is one that was photographed under another record.
    Familiar,
    Failed,
}

#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) subject: SubjectId,
    pub(crate) details: Details,
    pub(crate) code: Option<[u8; 32]>,
    pub(crate) absent: bool,
}

#[derive(Debug)]
pub(crate) struct World {
    pub(crate) session: Session,
    pub(crate) working: Working,
    pub(crate) people: Vec<Person>,
    /// Newest last.
    pub(crate) orders: Vec<(SubjectId, OrderItem)>,
    /// Started visits as they were saved.
    pub(crate) visits: Vec<Visit>,
    pub(crate) shot: Shot,
    pub(crate) refuse_order: Option<&'static str>,
    pub(crate) discarded: Vec<PhotoId>,
    pub(crate) wrong_pins: u32,
    ids: u128,
}

pub(crate) fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(crate) fn hash(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}

fn words(text: &str) -> Bilingual {
    Bilingual { zh: text.to_owned(), en: text.to_owned() }
}

fn fen(fen: u32) -> Fen {
    Fen::new(fen).expect("a fee")
}

pub(crate) fn session(identity: IdentityMode, delivery: Delivery, payer: Payer) -> Session {
    let rule = |field, required, editable| FieldRule { field, required, editable };
    let product = |code: &str, fee, paper| Product { code: code.to_owned(), name: words(code), fee, paper };
    Session {
        id: SessionId::from_uuid(id(1)),
        feature_code: "os5pwe".parse().expect("a feature code"),
        name: words("2026"),
        school_code: "10183".to_owned(),
        school: words("School"),
        identity,
        delivery,
        payer,
        preset: "chsi".to_owned(),
        backdrop: Rgb([100, 197, 255]),
        fields: vec![
            rule(Field::Name, true, false),
            rule(Field::StudentNumber, true, false),
            rule(Field::IdNumber, true, true),
            rule(Field::Phone, false, true),
        ],
        products: match delivery {
            Delivery::Centralised => vec![product("photo", fen(1500), true)],
            Delivery::Individual => {
                vec![product("file", fen(1500), false), product("paper", fen(3000), true)]
            }
        },
        bring: Vec::new(),
        no_glasses: false,
        demonstration: false,
        terms: Terms::default(),
    }
}

fn person(number: u128, name: &str, student_number: &str, document: &str) -> Person {
    Person {
        subject: SubjectId::from_uuid(id(number)),
        details: Details::new()
            .with(Field::Name, name)
            .with(Field::StudentNumber, student_number)
            .with(Field::IdNumber, document),
        code: None,
        absent: false,
    }
}

impl World {
    pub(crate) fn new(identity: IdentityMode, delivery: Delivery, payer: Payer) -> Self {
        let people = match identity {
            IdentityMode::Roster => {
                vec![person(101, "王小明", "20220101", WANG), person(102, "李娜", "20220102", LI)]
            }
            IdentityMode::Code => Vec::new(),
        };
        Self {
            session: session(identity, delivery, payer),
            working: Working::SelfService,
            people,
            orders: Vec::new(),
            visits: Vec::new(),
            shot: Shot::Good,
            refuse_order: None,
            discarded: Vec::new(),
            wrong_pins: 0,
            ids: 1000,
        }
    }

    /// A school's own kiosk.
    pub(crate) fn roster() -> Self {
        Self::new(IdentityMode::Roster, Delivery::Centralised, Payer::School)
    }

    /// An agency's kiosk.
    pub(crate) fn codes() -> Self {
        Self::new(IdentityMode::Code, Delivery::Centralised, Payer::School)
    }

    pub(crate) fn setting(&self) -> Setting {
        let preset = caixiang_portrait::builtin_preset(&self.session.preset).expect("a preset");
        Setting { session: Arc::new(self.session.clone()), preset: Arc::new(preset) }
    }

    pub(crate) fn opening(&self) -> Opening {
        Opening {
            setting: Some(self.setting()),
            working: self.working,
            has_pin: true,
            weak_keys: false,
            sound: true,
            auto_shutter: true,
            language: Language::Zh,
            idle_ms: crate::next::IDLE_WARNING_MS,
        }
    }

    pub(crate) fn student(&self, person: &Person) -> Student {
        let newest = self.orders.iter().rev().find(|(subject, _)| *subject == person.subject);
        let known = person.details.get(Field::IdNumber).or_else(|| person.details.get(Field::LastFour));
        Student {
            subject: person.subject,
            details: person.details.clone(),
            last_four: known.map(|number| number[number.len().saturating_sub(4)..].to_owned()),
            order: newest.map(|(_, order)| InForce {
                id: order.id,
                state: order.state,
                rejection: order.rejection.clone(),
            }),
        }
    }

    /// The review rejects a student's order.
    pub(crate) fn reject(&mut self, order: usize, reason: &str) {
        self.orders[order].1.state = OrderState::Rejected;
        self.orders[order].1.rejection = Some(reason.to_owned());
    }

    fn fresh(&mut self) -> Uuid {
        self.ids += 1;
        id(self.ids)
    }

    fn row(&self, at: usize) -> QueueItem {
        let person = &self.people[at];
        let standing = match self.student(person).order {
            Some(order) => order.state.code(),
            None if person.absent => "absent",
            None => "waiting",
        };
        let detail = |field| person.details.get(field).unwrap_or_default().to_owned();
        QueueItem {
            subject: person.subject,
            index: u32::try_from(at).expect("few"),
            name: detail(Field::Name),
            student_number: detail(Field::StudentNumber),
            class_name: String::new(),
            standing,
        }
    }

    fn called(&self, at: Option<usize>) -> Event {
        let student = at.map(|at| Box::new(self.student(&self.people[at])));
        Event::Called(at.map(|at| self.row(at)), student)
    }

    fn found(&self, at: Option<usize>, proven: bool) -> Event {
        Event::Identified(match at {
            Some(at) => Known::One { student: Box::new(self.student(&self.people[at])), proven },
            None => Known::Nobody,
        })
    }

    fn of_code(&self, code: [u8; 32]) -> Event {
        match self.people.iter().position(|person| person.code == Some(code)) {
            Some(at) => self.found(Some(at), false),
            None => Event::NewCode(code),
        }
    }

    /// The answers that an effect has, as the booth's own thread gives them. A shot's comes by [`World::develop`].
    pub(crate) fn answer(&mut self, effect: &Effect) -> Vec<Event> {
        let event = match effect {
            Effect::FindCode(code) => self.of_code(*code),
            Effect::FindScan(text) => self.of_code(hash(&text.0)),
            Effect::FindNumber { typed, way, code } => {
                let field = match way {
                    IdentifyWay::StudentNumber => Field::StudentNumber,
                    _ => Field::IdNumber,
                };
                let at = self.people.iter().position(|one| one.details.get(field) == Some(&typed.0));
                if let (Some(at), Some(code)) = (at, code) {
                    self.people[at].code = Some(*code);
                }
                self.found(at, *way == IdentifyWay::Document)
            }
            Effect::MakeSubject { code, last_four } => {
                let subject = SubjectId::from_uuid(self.fresh());
                let details = Details::new().with(Field::LastFour, &last_four.0);
                self.people.push(Person { subject, details, code: Some(*code), absent: false });
                self.found(Some(self.people.len() - 1), true)
            }
            Effect::BeginVisit(arrival) => self.begin(arrival),
            Effect::Save(visit) => {
                self.visits.retain(|one| one.id != visit.id);
                self.visits.push((**visit).clone());
                return Vec::new();
            }
            Effect::ReadOrders(subject) => {
                let theirs = self.orders.iter().rev().filter(|(whose, _)| whose == subject);
                Event::OrdersRead(theirs.map(|(_, order)| order.clone()).collect())
            }
            Effect::Order { visit, cash, by_staff } => Event::Ordered(self.order(visit, *cash, *by_staff)),
            Effect::Keep(Kept::Working(working)) => {
                self.working = *working;
                return Vec::new();
            }
            Effect::Discard(photo) => {
                self.discarded.push(*photo);
                return Vec::new();
            }
            Effect::CheckPin { purpose, pin } => Event::PinAnswered(*purpose, self.check(&pin.0)),
            Effect::SetPin(_) => Event::PinSet,
            Effect::ReadQueue { search, offset } => Event::QueueRead(self.queue(search, *offset)),
            Effect::CallNext { after } => {
                let from =
                    self.people.iter().position(|one| Some(one.subject) == *after).map_or(0, |at| at + 1);
                let at = (from..self.people.len()).find(|&at| self.row(at).standing == "waiting");
                self.called(at)
            }
            Effect::Call(subject) => self.called(self.people.iter().position(|one| one.subject == *subject)),
            Effect::TakeBack(order, subject) => {
                let at = self.orders.iter().position(|(_, one)| one.id == *order).expect("an order");
                self.reject(at, "taken_back");
                self.called(self.people.iter().position(|one| one.subject == *subject))
            }
            Effect::MarkAbsent { subject, absent } => {
                for person in self.people.iter_mut().filter(|one| one.subject == *subject) {
                    person.absent = *absent;
                }
                return Vec::new();
            }
            Effect::ReadPanel(_) => {
                let order_count = u32::try_from(self.orders.len()).expect("few");
                Event::PanelRead(Box::new(PanelData { order_count, ..PanelData::default() }))
            }
            Effect::Decide(decision) => {
                for (_, order) in
                    self.orders.iter_mut().filter(|(_, order)| decision.orders.contains(&order.id))
                {
                    order.rejection = decision.reason.clone();
                    order.state = if decision.reason.is_some() {
                        OrderState::Rejected
                    } else {
                        OrderState::PendingProduction
                    };
                }
                Event::Decided
            }
            _ => return Vec::new(),
        };
        vec![event]
    }

    fn begin(&mut self, arrival: &Arrival) -> Event {
        let subject = arrival.student.subject;
        let begun = match self.visits.iter().find(|visit| visit.student.subject == subject).cloned() {
            Some(visit) => Begun {
                id: visit.id,
                shot_number: visit.shot_number,
                saved: Some(Box::new(Saved {
                    started: "2026-05-20 09:30".to_owned(),
                    details: visit.details,
                    product: visit.product,
                    shots: visit.shots,
                    taken: visit.taken,
                    replacing: visit.replacing,
                })),
            },
            None => Begun { id: VisitId::from_uuid(self.fresh()), shot_number: 7, saved: None },
        };
        Event::Begun(Box::new(arrival.clone()), begun)
    }

    fn check(&mut self, pin: &str) -> PinAnswer {
        if self.wrong_pins >= 5 {
            return PinAnswer::Locked { seconds: 60 };
        }
        if pin == PIN {
            self.wrong_pins = 0;
            return PinAnswer::Right(Role::Manager);
        }
        self.wrong_pins += 1;
        PinAnswer::Wrong { left: 5 - self.wrong_pins }
    }

    fn order(&mut self, visit: &Visit, cash: bool, by_staff: bool) -> Result<OrderMade, Notice> {
        if let Some(code) = self.refuse_order.take() {
            return Err(Notice::new(code));
        }
        let taken = visit.taken.as_ref().expect("an order has a photo");
        assert!(!self.discarded.contains(&taken.photo), "an order has a photo that exists");
        let setting = self.setting();
        let settled = setting.is_free(visit) || cash || visit.replacing.is_some();
        let state = if settled { OrderState::PendingReview } else { OrderState::PendingPayment };
        let subject = visit.student.subject;
        self.visits.retain(|one| one.id != visit.id);
        assert!(
            !by_staff || self.working == Working::Photographer,
            "only the photographer orders for others"
        );
        if let Some(replacing) = &visit.replacing {
            let order = self.orders.iter_mut().find(|(_, order)| order.id == replacing.order);
            let (_, order) = order.expect("the order that is replaced");
            (order.state, order.rejection) = (state, None);
            let (id, number, shot_number) = (order.id, order.number.clone(), order.shot_number);
            return Ok(OrderMade { id, number, shot_number, state, mailed: setting.is_mailed(visit) });
        }
        let number = format!("000015-2026052009300000{}", self.orders.len());
        let made = OrderItem {
            id: OrderId::from_uuid(self.fresh()),
            number: number.clone(),
            shot_number: visit.shot_number,
            state,
            created: "2026-05-20 09:31".to_owned(),
            fee_fen: setting.product(visit).map_or(0, |product| product.fee.get()),
            rejection: None,
            name: visit.details.get(Field::Name).unwrap_or_default().to_owned(),
            view: taken.view.clone(),
            crop: Some(taken.crop),
        };
        let (id, mailed) = (made.id, setting.is_mailed(visit));
        self.orders.push((subject, made));
        Ok(OrderMade { id, number, shot_number: visit.shot_number, state, mailed })
    }

    fn queue(&self, search: &str, offset: u32) -> QueuePart {
        let all: Vec<_> = (0..self.people.len()).map(|at| self.row(at)).collect();
        let rows: Vec<_> = all.iter().filter(|row| row.name.contains(search)).cloned().collect();
        let count = |standing: &str| {
            u32::try_from(all.iter().filter(|row| row.standing == standing).count()).expect("few")
        };
        QueuePart {
            total: u32::try_from(rows.len()).expect("few"),
            rows: rows.into_iter().skip(offset as usize).collect(),
            offset,
            waiting: count("waiting"),
            done: u32::try_from(self.orders.len()).expect("few"),
            absent: count("absent"),
        }
    }

    /// What the darkroom makes of a shot.
    pub(crate) fn develop(&mut self) -> Result<Box<Taken>, Notice> {
        if self.shot == Shot::Failed {
            return Err(Notice::new("vision.no_face"));
        }
        let photo = PhotoId::from_uuid(self.fresh());
        Ok(Box::new(taken(photo, self.shot)))
    }
}

pub(crate) fn taken(photo: PhotoId, shot: Shot) -> Taken {
    let finding = FindingView {
        code: "eyes.open_left".to_owned(),
        grade: Grade::Block,
        low: true,
        value: "0.08".to_owned(),
        min: Some("0.18".to_owned()),
        max: None,
        drawing: "eyes".to_owned(),
    };
    let blocked = shot == Shot::Blocked;
    Taken {
        photo,
        view: PhotoView { original: format!("photo/{photo}/o"), finished: format!("photo/{photo}/f") },
        crop: Viewport::WHOLE,
        findings: if blocked { vec![finding] } else { Vec::new() },
        blocked,
        for_review: 0,
        override_reason: None,
        same_face: (shot == Shot::Familiar).then(|| "李娜".to_owned()),
    }
}
