//! Fixtures for the tests: a place in a temporary folder, a session, students, photos.

use caixiang_domain::*;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::*;

/// A store in a temporary folder.
pub(crate) struct Bench {
    pub(crate) store: Option<Store>,
    pub(crate) place: Place,
    pub(crate) session: SessionId,
    _folder: TempDir,
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_338_000 + seconds).unwrap()
}

pub(crate) fn options() -> Options {
    Options { zone: jiff::tz::TimeZone::UTC, keystore: false, keep_backups: 3, ..Options::default() }
}

pub(crate) fn session() -> Session {
    let words = |zh: &str, en: &str| Bilingual { zh: zh.into(), en: en.into() };
    Session {
        id: SessionId::new(),
        feature_code: "os5pwe".parse().unwrap(),
        name: words("二〇二七届", "Class of 2027"),
        school_code: "4122010183".into(),
        school: words("吉林大学", "Jilin University"),
        identity: IdentityMode::Roster,
        delivery: Delivery::Individual,
        payer: Payer::Cash,
        preset: "chsi".into(),
        backdrop: Rgb::LIGHT_BLUE,
        fields: vec![FieldRule { field: Field::Phone, required: true, editable: true }],
        products: vec![Product {
            code: "electronic".into(),
            name: words("电子照片", "Electronic photo"),
            fee: Fen::new(1350).unwrap(),
            paper: false,
        }],
        bring: vec![words("身份证", "ID card")],
        no_glasses: true,
        demonstration: false,
        terms: Terms::default(),
    }
}

pub(crate) fn details(name: &str, student_number: &str) -> Details {
    Details::new()
        .with(Field::Name, name)
        .with(Field::StudentNumber, student_number)
        .with(Field::IdNumber, "11010519491231002X")
        .with(Field::ClassName, "一班")
        .with(Field::College, "文学院")
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { data: folder.path().join("data"), config: folder.path().join("config") };
        let mut store = open(&place, &options()).unwrap().store;
        let session = session();
        store.put_session(&session).unwrap();
        Self { store: Some(store), place, session: session.id, _folder: folder }
    }

    pub(crate) fn s(&mut self) -> &mut Store {
        self.store.as_mut().unwrap()
    }

    pub(crate) fn close(&mut self) {
        self.store = None;
    }

    pub(crate) fn reopen(&mut self) -> Found {
        self.close();
        let Opened { store, custody, sweep } = open(&self.place, &options()).unwrap();
        self.store = Some(store);
        Found { custody, sweep }
    }

    pub(crate) fn student(&mut self, name: &str, number: &str) -> SubjectId {
        let session = self.session;
        self.s().create_subject(session, details(name, number), None).unwrap().id
    }

    pub(crate) fn photo(&mut self, subject: SubjectId, seed: u32) -> PhotoId {
        let (original, finished) = pictures(seed);
        let photo = NewPhoto {
            subject,
            original: &original,
            finished: &finished,
            record: "{\"ops\":[]}",
            taken: at(0),
        };
        self.s().keep_photo(&photo).unwrap()
    }

    pub(crate) fn new_order(&self, subject: SubjectId, photo: PhotoId) -> NewOrder {
        NewOrder {
            session: self.session,
            subject,
            visit: None,
            photo,
            product: "electronic".into(),
            fee: Fen::new(1350).unwrap(),
            details: Details::new().with(Field::Phone, "13900000000"),
            settled: true,
            submit: true,
            override_reason: None,
            actor: Actor::Student,
        }
    }

    pub(crate) fn order(&mut self, subject: SubjectId, seed: u32) -> Order {
        let photo = self.photo(subject, seed);
        let new = self.new_order(subject, photo);
        self.s().publish_order(&new, at(i64::from(seed))).unwrap()
    }
}

/// What opening found, beside the store.
pub(crate) struct Found {
    pub(crate) custody: KeyCustody,
    pub(crate) sweep: SweepReport,
}

/// Two pictures that differ from those of every other seed.
pub(crate) fn pictures(seed: u32) -> (Vec<u8>, Vec<u8>) {
    let fill = |salt: u32, length: u32| -> Vec<u8> {
        (0..length).flat_map(|at| (at.wrapping_mul(2_654_435_761) ^ seed ^ salt).to_le_bytes()).collect()
    };
    (fill(1, 4000), fill(2, 1000))
}
