//! A kiosk's store with orders in it, and its courier.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use caixiang_booth::outbox::{StoreOutbox, WithStore};
use caixiang_domain::*;
use caixiang_store::{Actor, NewOrder, NewPhoto, Options, Place, Store, Told, open};
use caixiang_sync::{Centre, Courier, Identity, Pace, Standing, Wake, enrol};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use tempfile::TempDir;

use crate::dice::Dice;

/// A kiosk that has enrolled.
pub struct Kiosk {
    store: Arc<Mutex<Store>>,
    /// The one session.
    pub session: SessionId,
    identity: Identity,
    _folder: TempDir,
}

/// The store, where everybody who wants it waits in a row.
struct Shared(Arc<Mutex<Store>>);

impl WithStore for Shared {
    fn with<R: Send + 'static>(&mut self, work: impl FnOnce(&mut Store) -> R + Send + 'static) -> Option<R> {
        Some(work(&mut self.0.lock().unwrap()))
    }

    fn told(&mut self, _: Told) {}

    fn standing(&mut self, _: &Standing) {}
}

fn session() -> Session {
    let words = || Bilingual { zh: "二〇二七届".into(), en: "Class of 2027".into() };
    let product = Product { code: "paper".into(), name: words(), fee: Fen::new(1500).unwrap(), paper: true };
    Session {
        id: SessionId::new(),
        feature_code: "os5pwe".parse().unwrap(),
        name: words(),
        school_code: "10183".into(),
        school: words(),
        identity: IdentityMode::Roster,
        delivery: Delivery::Centralised,
        payer: Payer::School,
        preset: "chsi".into(),
        backdrop: Rgb::LIGHT_BLUE,
        fields: Vec::new(),
        products: vec![product],
        bring: Vec::new(),
        no_glasses: false,
        demonstration: false,
        terms: Terms::default(),
    }
}

impl Kiosk {
    /// A new kiosk with an empty store, enrolled directly.
    pub async fn enrol(url: &str, code: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let place = Place { data: folder.path().join("data"), config: folder.path().join("config") };
        let options = Options { keystore: false, ..Options::default() };
        let mut store = open(&place, &options).unwrap().store;
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).unwrap();
        let key = SigningKey::from_bytes(&seed);
        let enrolled = enrol(&url.parse().unwrap(), code, &key).await.unwrap();
        let mut recipient = [0; 32];
        hex::decode_to_slice(&enrolled.recipient, &mut recipient).unwrap();
        store.set_centre_key(Some(recipient), Timestamp::now()).unwrap();
        store.set_point(PointNumber::new(enrolled.point).unwrap()).unwrap();
        let session = session();
        store.put_session(&session).unwrap();
        let identity = Identity { kiosk: enrolled.kiosk, key };
        Self { store: Arc::new(Mutex::new(store)), session: session.id, identity, _folder: folder }
    }

    /// The store.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap()
    }

    /// An order of a new student, with pictures of these sizes.
    pub fn order(&self, number: usize, dice: &mut Dice, original: usize, finished: usize) -> Order {
        let mut bytes = |count: usize| -> Vec<u8> {
            (0..count.div_ceil(8)).flat_map(|_| dice.below(u64::MAX).to_le_bytes()).take(count).collect()
        };
        let (original, finished) = (bytes(original), bytes(finished));
        let mut store = self.store();
        let details = Details::new()
            .with(Field::Name, "王小明")
            .with(Field::StudentNumber, &format!("{number:08}"))
            .with(Field::ClassName, "一班");
        let subject = store.create_subject(self.session, details, None).unwrap().id;
        let now = Timestamp::now();
        let photo = store
            .keep_photo(&NewPhoto {
                subject,
                original: &original,
                finished: &finished,
                record: "{\"findings\":[]}",
                taken: now,
            })
            .unwrap();
        let new = NewOrder {
            session: self.session,
            subject,
            visit: None,
            photo,
            product: "paper".into(),
            fee: Fen::new(1500).unwrap(),
            details: Details::new(),
            settled: true,
            submit: true,
            override_reason: None,
            actor: Actor::Student,
        };
        store.publish_order(&new, now).unwrap()
    }

    /// Runs a courier over this address until nothing waits but what was set aside, or so long has gone by. Waits are cut
    /// short by waking it, as staff do who press *send now*.
    pub async fn drain(&self, url: &str, most: Duration) -> bool {
        let wake = Wake::default();
        let centre = Centre::new(url.parse().unwrap(), self.identity.clone(), Pace::new(None)).unwrap();
        let mut courier = Courier::new(centre, wake.clone());
        let mut outbox = StoreOutbox(Shared(Arc::clone(&self.store)));
        let store = Arc::clone(&self.store);
        let drained = async move {
            loop {
                tokio::time::sleep(Duration::from_millis(25)).await;
                let waiting = store.lock().unwrap().outbox_waiting().unwrap();
                if waiting.count == waiting.aside {
                    return;
                }
                wake.wake();
            }
        };
        let run = courier.run(&mut outbox, drained);
        tokio::time::timeout(most, run).await.is_ok_and(|ended| ended.is_ok())
    }
}
