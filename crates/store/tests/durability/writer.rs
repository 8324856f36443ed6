//! A writer in a process of its own: publishes orders and says each one aloud once it is acknowledged. And the reader
//! that holds the store to what was said.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use caixiang_domain::*;
use caixiang_store::*;
use caixiang_wire::Kind;
use jiff::Timestamp;

pub(crate) fn place(data: &Path, config: &Path) -> Place {
    Place { data: data.join("data"), config: config.join("config") }
}

pub(crate) fn options() -> Options {
    Options { keystore: false, ..Options::default() }
}

/// Two pictures that are the same for the same seed and for no other.
pub(crate) fn pictures(seed: u64) -> (Vec<u8>, Vec<u8>) {
    let fill = |salt: u64, words: u64| -> Vec<u8> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ salt;
        let next = |state: &mut u64| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state.to_le_bytes()
        };
        (0..words).flat_map(|_| next(&mut state)).collect()
    };
    (fill(1, 8000 + seed % 4000), fill(2, 3500))
}

/// An acknowledged order.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ack {
    pub(crate) order: OrderId,
    pub(crate) seed: u64,
}

/// Publishes one order; what a kiosk does for one student.
pub(crate) fn publish(store: &mut Store, session: SessionId, seed: u64) -> Result<Ack, StoreError> {
    let details = Details::new().with(Field::Name, "王小明").with(Field::StudentNumber, &seed.to_string());
    let subject = store.create_subject(session, details.clone(), None)?.id;
    let (original, finished) = pictures(seed);
    let photo =
        NewPhoto { subject, original: &original, finished: &finished, record: "{}", taken: Timestamp::now() };
    let photo = store.keep_photo(&photo)?;
    let order = store.publish_order(
        &NewOrder {
            session,
            subject,
            visit: None,
            photo,
            product: "electronic".into(),
            fee: Fen::ZERO,
            details,
            settled: true,
            submit: true,
            override_reason: None,
            actor: Actor::Student,
        },
        Timestamp::now(),
    )?;
    Ok(Ack { order: order.id, seed })
}

/// The session of a store; made when there is none.
pub(crate) fn session(store: &mut Store) -> SessionId {
    if let Some(there) = store.sessions().unwrap().first() {
        return there.id;
    }
    let words = Bilingual { zh: "测试".into(), en: "Test".into() };
    let session = Session {
        id: SessionId::new(),
        feature_code: "os5pwe".parse().unwrap(),
        name: words.clone(),
        school_code: String::new(),
        school: words,
        identity: IdentityMode::Code,
        delivery: Delivery::Centralised,
        payer: Payer::School,
        preset: "chsi".into(),
        backdrop: Rgb::WHITE,
        fields: Vec::new(),
        products: Vec::new(),
        bring: Vec::new(),
        no_glasses: false,
        demonstration: false,
        terms: Terms::default(),
    };
    store.put_session(&session).unwrap();
    session.id
}

/// How a writer is started.
pub(crate) struct Start<'a> {
    pub(crate) place: &'a Place,
    pub(crate) durability: Durability,
    /// First seed; they count up.
    pub(crate) seed: u64,
    /// After so many orders it waits to be stopped.
    pub(crate) rest_after: Option<u64>,
    /// After so many orders it makes this file, which lets a sync fail.
    pub(crate) trap: Option<(u64, &'a Path)>,
    pub(crate) environment: &'a [(&'a str, String)],
}

/// A running writer.
pub(crate) struct Writer {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
    listener: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(start: &Start<'_>) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command
            .args(["--exact", "writer::writes_until_stopped", "--ignored", "--nocapture", "--test-threads=1"])
            .env("WRITER_DATA", &start.place.data)
            .env("WRITER_CONFIG", &start.place.config)
            .env("WRITER_DURABILITY", format!("{:?}", start.durability))
            .env("WRITER_SEED", start.seed.to_string())
            .env("WRITER_REST_AFTER", start.rest_after.unwrap_or(u64::MAX).to_string())
            .envs(start.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        if let Some((after, path)) = start.trap {
            command.env("WRITER_TRAP_AFTER", after.to_string()).env("WRITER_TRAP", path);
        }
        let mut child = command.spawn().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let (stdout, heard) = (child.stdout.take().unwrap(), Arc::clone(&said));
        let listener = std::thread::spawn(move || {
            let mut lines = BufReader::new(stdout);
            let mut line = String::new();
            // A line without its end was cut off in the middle: it was not said.
            while lines.read_line(&mut line).is_ok_and(|length| length > 0) && line.ends_with('\n') {
                heard.lock().unwrap().push(std::mem::take(&mut line).trim_end().to_owned());
            }
        });
        Self { child, said, listener: Some(listener) }
    }

    /// What it acknowledged so far.
    pub(crate) fn acks(&self) -> Vec<Ack> {
        let said = self.said.lock().unwrap();
        let ack = |line: &String| {
            let (order, seed) = line.split_once("ACK ")?.1.split_once(' ')?;
            Some(Ack { order: order.parse().ok()?, seed: seed.parse().ok()? })
        };
        said.iter().filter_map(ack).collect()
    }

    /// Whether it said this.
    pub(crate) fn said(&self, word: &str) -> bool {
        self.said.lock().unwrap().iter().any(|line| line.contains(word))
    }

    /// Waits until it has acknowledged so many.
    pub(crate) fn wait_for(&mut self, orders: usize) {
        let begin = Instant::now();
        while self.acks().len() < orders {
            assert!(begin.elapsed() < Duration::from_secs(120), "the writer does not go on: {:?}", self.said);
            assert!(self.child.try_wait().unwrap().is_none(), "the writer has ended: {:?}", self.said);
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Kills it at once (SIGKILL) and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.finish();
    }

    /// Waits until it has ended.
    pub(crate) fn finish(&mut self) {
        self.child.wait().unwrap();
        if let Some(listener) = self.listener.take() {
            listener.join().unwrap();
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The writer's own process.
#[test]
#[ignore = "run by the other tests, as a process to be killed"]
fn writes_until_stopped() {
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let place = Place {
        data: PathBuf::from(env::var_os("WRITER_DATA").unwrap()),
        config: PathBuf::from(env::var_os("WRITER_CONFIG").unwrap()),
    };
    let durability = match env::var("WRITER_DURABILITY").unwrap().as_str() {
        "Full" => Durability::Full,
        "NoFolderSync" => Durability::NoFolderSync,
        "NoFileSync" => Durability::NoFileSync,
        "SynchronousNormal" => Durability::SynchronousNormal,
        other => panic!("{other}"),
    };
    let mut store = open(&place, &Options { durability, ..options() }).unwrap().store;
    let session = session(&mut store);
    let first = number("WRITER_SEED").unwrap();
    let say = |line: String| {
        let mut out = std::io::stdout().lock();
        out.write_all(format!("{line}\n").as_bytes()).unwrap();
        out.flush().unwrap();
    };
    say("\nREADY".into());
    let mut last = None;
    for seed in first.. {
        if Some(seed - first) == number("WRITER_REST_AFTER") {
            std::thread::sleep(Duration::from_secs(300));
        }
        if Some(seed - first) == number("WRITER_TRAP_AFTER") {
            fs::write(env::var_os("WRITER_TRAP").unwrap(), b"").unwrap();
        }
        match publish(&mut store, session, seed) {
            Ok(ack) => {
                say(format!("ACK {} {}", ack.order, ack.seed));
                last = Some(ack.order);
            }
            Err(error) => {
                say(format!("REFUSED {}", error.code()));
                // Nothing may work any more, not even reading.
                let still = last.map(|order| store.order(order).map(drop));
                let again = publish(&mut store, session, seed).map(drop);
                say(format!(
                    "AFTER {:?} {:?}",
                    still.map(|r| r.map_err(|e| e.code())),
                    again.map_err(|e| e.code())
                ));
                return;
            }
        }
    }
}

/// What is missing of what was acknowledged.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lost {
    pub(crate) orders: usize,
    pub(crate) photos: usize,
    pub(crate) dangling: usize,
    pub(crate) unclean: bool,
}

impl Lost {
    pub(crate) fn nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Opens the store and looks for everything that was acknowledged; also how long the opening took.
pub(crate) fn verify(place: &Place, acks: &[Ack]) -> (Lost, Duration) {
    let begin = Instant::now();
    let opened = match open(place, &options()) {
        Ok(opened) => opened,
        Err(OpenError::Damaged { .. } | OpenError::Missing { .. } | OpenError::KeyMissing) => {
            let lost = Lost { orders: acks.len(), unclean: true, ..Lost::default() };
            return (lost, begin.elapsed());
        }
        Err(error) => panic!("{error:?}"),
    };
    let took = begin.elapsed();
    let store = opened.store;
    let mut lost = Lost { dangling: opened.sweep.dangling.len(), ..Lost::default() };
    for ack in acks {
        let Ok(order) = store.order(ack.order) else {
            lost.orders += 1;
            continue;
        };
        let (original, finished) = pictures(ack.seed);
        let same = |which, wanted: &[u8]| {
            store.read_photo(order.photo, which).is_ok_and(|picture| picture.as_slice() == wanted)
        };
        if !same(Which::Original, &original) || !same(Which::Finished, &finished) {
            lost.photos += 1;
        }
        assert_eq!(store.history(ack.order).unwrap().len(), 1, "an order has its revision");
    }
    let check = store.self_check(false).unwrap();
    lost.unclean |= !(check.sound && check.broken_references == 0 && check.audit.is_ok());
    // Every order has its revision in the outbox, and nothing else has.
    let orders = store.orders_page(&OrderFilter::default(), 0, 1).unwrap().total;
    lost.unclean |= store.outbox_of(Kind::Order).unwrap() != orders;
    (lost, took)
}

/// How often, from the environment.
pub(crate) fn times(name: &str, otherwise: u64) -> u64 {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

/// The median and the longest of some times.
pub(crate) fn spread(mut times: Vec<Duration>) -> BTreeMap<&'static str, Duration> {
    times.sort_unstable();
    BTreeMap::from([("median", times[times.len() / 2]), ("longest", times[times.len() - 1])])
}
