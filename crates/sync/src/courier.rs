//! The courier: sends what waits, several things at once, and listens for what the centre says, until told to stop.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use caixiang_wire::{Changes, Kind, Sha256Hex};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use crate::answer::{Aside, NotSent};
use crate::backoff::{delay, random_part};
use crate::centre::Centre;
use crate::plan::{Waiting, plan};

/// Things that are sent at once: a slow answer to one must not leave the line empty.
const AT_ONCE: usize = 4;
/// Without a word from anybody the outbox is looked at again.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// How long the centre may hold back an answer while it has nothing to say.
const LISTEN_S: u32 = 25;
/// Blobs that are remembered as being at the centre.
const REMEMBERED: usize = 20_000;

/// Something to be sent, as it is to be said: the same bytes each time.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its place in the outbox.
    pub seq: i64,
    /// What it is a revision of.
    pub kind: Kind,
    /// Of which.
    pub id: Uuid,
    /// Which.
    pub revision: u32,
    /// The body.
    pub body: Bytes,
    /// The blobs that go before it.
    pub pictures: Vec<Picture>,
    /// It was tried before, in this process or an earlier one.
    pub tried: bool,
}

/// A blob that goes before an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its name at the centre.
    pub blob: Sha256Hex,
    /// Its name here.
    pub photo: Uuid,
    /// `original` or `finished`.
    pub which: String,
}

/// What the outbox cannot do just now: its database refuses, or the program ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the outbox does not answer: {0}")]
pub struct OutboxError(pub String);

/// What is kept of the sync. Every method that changes something has it on the disk when it returns.
pub trait Outbox {
    /// What waits, the oldest first; of many only the first thousands.
    ///
    /// # Errors
    /// [`OutboxError`], as of all methods.
    fn waiting(&mut self) -> Result<Vec<Waiting>, OutboxError>;
    /// Marks an item as being sent, and gives it. `None` where it is gone.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn begin(&mut self, seq: i64) -> Result<Option<Item>, OutboxError>;
    /// A picture's bytes as they lie in the vault. `None` where they cannot be read any more.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn picture(&mut self, picture: &Picture) -> Result<Option<Bytes>, OutboxError>;
    /// The centre has it.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn sent(&mut self, seq: i64) -> Result<(), OutboxError>;
    /// It was not sent, and why: it waits again.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn not_sent(&mut self, seq: i64, why: &NotSent) -> Result<(), OutboxError>;
    /// It is set aside for staff to look at.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn aside(&mut self, seq: i64, why: &Aside) -> Result<(), OutboxError>;
    /// Up to where the centre's changes were taken.
    ///
    /// # Errors
    /// [`OutboxError`].
    fn cursor(&mut self) -> Result<i64, OutboxError>;
    /// Takes changes, with the cursor after them, in one step.
    ///
    /// # Errors
    /// [`OutboxError`]: the same changes come again.
    fn take(&mut self, changes: &Changes) -> Result<(), OutboxError>;
    /// How the line is, whenever that changes.
    fn standing(&mut self, standing: &Standing);
}

/// How the line to the centre is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The last word with the centre was good.
    Open,
    /// The last one was not; the next try is after so long, if nothing wakes it before.
    Waiting {
        /// Why.
        why: NotSent,
        /// How often in a row.
        failures: u32,
        /// Until the next try.
        again_in: Duration,
    },
}

/// Wakes the courier: something new waits, the network came back, or staff want it now.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Wakes it.
    pub fn wake(&self) {
        self.0.notify_one();
    }
}

/// Sends and listens.
pub struct Courier {
    centre: Centre,
    wake: Wake,
    /// Blobs that the centre has.
    there: HashSet<Sha256Hex>,
    in_flight: HashSet<i64>,
    /// Items that failed on their own account, how often, and when they may go again.
    resting: HashMap<i64, (u32, Instant)>,
    failures: u32,
    /// Nothing is tried before.
    not_before: Option<Instant>,
}

type Ended = (Item, Result<Vec<Sha256Hex>, Failed>);

enum Failed {
    NotSent(NotSent),
    /// The picture's file is gone or damaged.
    PictureLost(Picture),
    Outbox(OutboxError),
}

impl Courier {
    /// Between this outbox and this centre.
    pub fn new(centre: Centre, wake: Wake) -> Self {
        Self {
            centre,
            wake,
            there: HashSet::new(),
            in_flight: HashSet::new(),
            resting: HashMap::new(),
            failures: 0,
            not_before: None,
        }
    }

    /// Works until `stop` is ready. What is on its way then is cut off, and sent again by the next one.
    ///
    /// # Errors
    /// [`OutboxError`]: without the outbox nothing can be kept of what happens.
    pub async fn run(
        &mut self,
        outbox: &mut dyn Outbox,
        stop: impl Future<Output = ()>,
    ) -> Result<(), OutboxError> {
        tokio::pin!(stop);
        let mut sending: FuturesUnordered<std::pin::Pin<Box<dyn Future<Output = Ended>>>> =
            FuturesUnordered::new();
        let mut cursor = outbox.cursor()?;
        let mut listening = Box::pin(listen(self.centre.clone(), cursor, Duration::ZERO));
        let mut deaf = 0;
        loop {
            for item in self.next_items(outbox)? {
                let mut blobs = Vec::new();
                for picture in &item.pictures {
                    if !self.there.contains(&picture.blob) {
                        blobs.push((picture.clone(), outbox.picture(picture)));
                    }
                }
                self.in_flight.insert(item.seq);
                sending.push(Box::pin(send(self.centre.clone(), item, blobs)));
            }
            let rest = self.until_something_may_go();
            tokio::select! {
                () = &mut stop => return Ok(()),
                Some((item, result)) = sending.next() => self.ended(outbox, &item, result)?,
                heard = &mut listening => {
                    let pause = match heard {
                        Ok(changes) => {
                            deaf = 0;
                            if !changes.changes.is_empty() {
                                outbox.take(&changes)?;
                                cursor = changes.next;
                            }
                            self.line_is_open(outbox);
                            Duration::ZERO
                        }
                        Err(why) => {
                            deaf += 1;
                            // The same line: what is to be sent need not find out again.
                            if sending.is_empty() {
                                self.line_failed(outbox, &why);
                            }
                            delay(deaf, random_part())
                        }
                    };
                    listening = Box::pin(listen(self.centre.clone(), cursor, pause));
                }
                () = self.wake.0.notified() => {
                    self.not_before = None;
                    self.resting.clear();
                    if deaf > 0 {
                        deaf = 0;
                        listening = Box::pin(listen(self.centre.clone(), cursor, Duration::ZERO));
                    }
                }
                () = tokio::time::sleep(rest) => {}
            }
        }
    }

    fn next_items(&mut self, outbox: &mut dyn Outbox) -> Result<Vec<Item>, OutboxError> {
        let now = Instant::now();
        // After a failure one thing goes first, to see whether the line is there again.
        let at_once = if self.failures > 0 { 1 } else { AT_ONCE };
        if self.not_before.is_some_and(|at| now < at) || self.in_flight.len() >= at_once {
            return Ok(Vec::new());
        }
        let mut waiting = outbox.waiting()?;
        for one in &mut waiting {
            one.aside |= self.resting.get(&one.seq).is_some_and(|&(_, until)| now < until);
        }
        let mut items = Vec::new();
        for seq in plan(&waiting, &self.in_flight, at_once) {
            items.extend(outbox.begin(seq)?);
        }
        Ok(items)
    }

    fn until_something_may_go(&self) -> Duration {
        let now = Instant::now();
        let ends = self.resting.values().map(|&(_, until)| until).chain(self.not_before);
        ends.map(|at| at.saturating_duration_since(now))
            .filter(|left| !left.is_zero())
            .fold(LOOK_EVERY, Duration::min)
    }

    fn ended(
        &mut self,
        outbox: &mut dyn Outbox,
        item: &Item,
        result: Result<Vec<Sha256Hex>, Failed>,
    ) -> Result<(), OutboxError> {
        self.in_flight.remove(&item.seq);
        match result {
            Ok(there) => {
                if self.there.len() + there.len() > REMEMBERED {
                    self.there.clear();
                }
                self.there.extend(there);
                self.resting.remove(&item.seq);
                outbox.sent(item.seq)?;
                self.line_is_open(outbox);
            }
            Err(Failed::NotSent(NotSent::Never(why))) => {
                tracing::warn!(code = why.code, "an item is set aside");
                outbox.aside(item.seq, &why)?;
                self.line_is_open(outbox);
            }
            Err(Failed::PictureLost(picture)) => {
                let detail = format!("{} {}", picture.photo, picture.which);
                outbox.aside(item.seq, &Aside { code: "sync.picture_lost".into(), detail })?;
            }
            // Of this item only: the others go on.
            Err(Failed::NotSent(why @ (NotSent::BlobsMissing | NotSent::Offset | NotSent::Busy(500)))) => {
                for picture in &item.pictures {
                    self.there.remove(&picture.blob);
                }
                let failures = self.resting.get(&item.seq).map_or(0, |&(failures, _)| failures) + 1;
                self.resting.insert(item.seq, (failures, Instant::now() + delay(failures, random_part())));
                outbox.not_sent(item.seq, &why)?;
            }
            Err(Failed::NotSent(why)) => {
                outbox.not_sent(item.seq, &why)?;
                self.line_failed(outbox, &why);
            }
            Err(Failed::Outbox(error)) => return Err(error),
        }
        Ok(())
    }

    fn line_is_open(&mut self, outbox: &mut dyn Outbox) {
        self.failures = 0;
        self.not_before = None;
        outbox.standing(&Standing::Open);
    }

    fn line_failed(&mut self, outbox: &mut dyn Outbox, why: &NotSent) {
        let now = Instant::now();
        // Several things that were on the same line fail together: that is one failure.
        if self.not_before.is_some_and(|at| now < at) {
            return;
        }
        self.failures = self.failures.saturating_add(1);
        let again_in = delay(self.failures, random_part());
        self.not_before = Some(now + again_in);
        outbox.standing(&Standing::Waiting { why: why.clone(), failures: self.failures, again_in });
    }
}

async fn listen(centre: Centre, after: i64, pause: Duration) -> Result<Changes, NotSent> {
    tokio::time::sleep(pause).await;
    centre.changes(after, LISTEN_S).await
}

async fn send(
    centre: Centre,
    item: Item,
    blobs: Vec<(Picture, Result<Option<Bytes>, OutboxError>)>,
) -> Ended {
    let mut there = Vec::new();
    for (picture, bytes) in blobs {
        let sent = async {
            let bytes = match bytes {
                Ok(Some(bytes)) => bytes,
                Ok(None) => return Err(Failed::PictureLost(picture.clone())),
                Err(error) => return Err(Failed::Outbox(error)),
            };
            // What may be there already is asked for before it is sent again.
            let known = (item.tried || item.revision > 1)
                && centre.has_blob(&picture.blob).await.map_err(Failed::NotSent)?;
            if known { Ok(()) } else { centre.put_blob(&bytes).await.map_err(Failed::NotSent) }
        };
        match sent.await {
            Ok(()) => there.push(picture.blob),
            Err(failed) => return (item, Err(failed)),
        }
    }
    let done = centre.put_item(item.kind, item.id, item.revision, item.body.clone()).await;
    let done = done.map(|()| there).map_err(Failed::NotSent);
    (item, done)
}
