//! The store as the courier knows it: what waits, its messages and pictures, and what the centre said.

use bytes::Bytes;
use caixiang_domain::PhotoId;
use caixiang_store::{Store, StoreError, Told, Which};
use caixiang_sync::plan::Waiting;
use caixiang_sync::{Aside, Item, NotSent, Outbox, OutboxError, Picture, Standing};
use caixiang_wire::Changes;
use jiff::Timestamp;

/// What is looked at of the outbox at once: behind so many that are set aside or stuck, the rest waits too.
const LOOKED_AT: u32 = 2000;

/// A way to the store, which has one owner. `None` where that one has ended.
pub trait WithStore {
    /// Does a piece of work where the store is, and waits for it.
    fn with<R: Send + 'static>(&mut self, work: impl FnOnce(&mut Store) -> R + Send + 'static) -> Option<R>;
    /// What the centre said was taken over: screens may show it.
    fn told(&mut self, told: Told);
    /// How the line to the centre is.
    fn standing(&mut self, standing: &Standing);
}

/// The store's outbox, over some way to it.
pub struct StoreOutbox<W>(pub W);

impl<W: WithStore> StoreOutbox<W> {
    fn ask<R: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Store) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, OutboxError> {
        match self.0.with(work) {
            Some(Ok(answer)) => Ok(answer),
            Some(Err(error)) => Err(OutboxError(error.code().to_owned())),
            None => Err(OutboxError("closed".to_owned())),
        }
    }
}

impl<W: WithStore> Outbox for StoreOutbox<W> {
    fn waiting(&mut self) -> Result<Vec<Waiting>, OutboxError> {
        let rows = self.ask(|store| store.outbox(LOOKED_AT))?;
        let waiting = rows.into_iter().map(|row| Waiting {
            seq: row.seq,
            kind: row.kind,
            id: row.id,
            aside: row.aside,
        });
        Ok(waiting.collect())
    }

    fn begin(&mut self, seq: i64) -> Result<Option<Item>, OutboxError> {
        let outgoing = self.ask(move |store| match store.outbox_begin(seq) {
            // A damaged file is that order's trouble, and not the line's: staff are told.
            Err(StoreError::PhotoUnreadable(photo)) => {
                let now = Timestamp::now();
                store.outbox_failed(seq, "sync.picture_lost", &photo.to_string(), true, now)?;
                Ok(None)
            }
            other => other,
        })?;
        let item = outgoing.map(|one| Item {
            seq: one.seq,
            kind: one.kind,
            id: one.id,
            revision: one.revision,
            body: one.message.into(),
            pictures: one
                .pictures
                .into_iter()
                .map(|(blob, photo, which)| Picture {
                    blob,
                    photo: photo.uuid(),
                    which: which.code().to_owned(),
                })
                .collect(),
            tried: one.tried,
        });
        Ok(item)
    }

    fn picture(&mut self, picture: &Picture) -> Result<Option<Bytes>, OutboxError> {
        let Some(which) = Which::from_code(&picture.which) else { return Ok(None) };
        let photo = PhotoId::from_uuid(picture.photo);
        let expected = picture.blob.clone();
        self.ask(move |store| match store.sealed_picture(photo, which) {
            Ok(sealed) => {
                let right = caixiang_wire::Sha256Hex::of(&sealed) == expected;
                Ok(right.then(|| Bytes::from(sealed)))
            }
            Err(StoreError::PhotoUnreadable(_) | StoreError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        })
    }

    fn sent(&mut self, seq: i64) -> Result<(), OutboxError> {
        self.ask(move |store| store.outbox_sent(seq, Timestamp::now()))
    }

    fn not_sent(&mut self, seq: i64, why: &NotSent) -> Result<(), OutboxError> {
        let (code, detail) = (why.code().to_owned(), why.to_string());
        self.ask(move |store| store.outbox_failed(seq, &code, &detail, false, Timestamp::now()))
    }

    fn aside(&mut self, seq: i64, why: &Aside) -> Result<(), OutboxError> {
        let Aside { code, detail } = why.clone();
        self.ask(move |store| store.outbox_failed(seq, &code, &detail, true, Timestamp::now()))
    }

    fn cursor(&mut self) -> Result<i64, OutboxError> {
        self.ask(|store| store.centre_cursor())
    }

    fn take(&mut self, changes: &Changes) -> Result<(), OutboxError> {
        let changes = changes.clone();
        let told = self.ask(move |store| store.take_changes(&changes, Timestamp::now()))?;
        self.0.told(told);
        Ok(())
    }

    fn standing(&mut self, standing: &Standing) {
        self.0.standing(standing);
    }
}
