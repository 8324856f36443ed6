//! How long photos are kept: those of a session that is over are destroyed by destroying their keys. Orders, their
//! history and the audit log stay.

use caixiang_domain::{OrderState, PhotoId, SessionId};
use jiff::Timestamp;
use rusqlite::params;
use serde_json::json;

use crate::audit::{self, About, Actor};
use crate::error::StoreError;
use crate::photos;
use crate::rows;
use crate::sessions;
use crate::settings;
use crate::store::Store;

/// Photos destroyed in one transaction: between two of them others may use the store.
const AT_ONCE: usize = 500;
/// The setting that says that backups hold keys of destroyed photos.
const RENEW: &str = "renew_backups";

/// What is kept of a session's photos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KeptPhotos {
    /// Photos that can be read.
    pub readable: u32,
    /// Of these, photos in force of orders that may still move.
    pub unfinished: u32,
    /// Photos that were destroyed.
    pub destroyed: u32,
    /// When the last one was.
    pub last: Option<Timestamp>,
    /// When the last order was made.
    pub last_order: Option<Timestamp>,
}

impl Store {
    /// What is kept of a session's photos.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn kept_photos(&self, session: SessionId) -> Result<KeptPhotos, StoreError> {
        let finished: Vec<_> =
            OrderState::ALL.iter().filter(|state| state.is_final()).map(|state| state.code()).collect();
        let finished = serde_json::to_string(&finished).map_err(|_| StoreError::BadDocument("states"))?;
        self.read(|conn| {
            let key = sessions::key_of(conn, session)?;
            let of_session = "photos p JOIN subjects u ON u.key = p.subject WHERE u.session = ?1";
            let sql = format!(
                "SELECT (SELECT count(*) FROM {of_session} AND p.discarded IS NULL),
                     (SELECT count(*) FROM orders o JOIN photos p ON p.id = o.photo
                      WHERE o.session = ?1 AND p.discarded IS NULL
                        AND o.state NOT IN (SELECT value FROM json_each(?2))),
                     (SELECT count(*) FROM {of_session} AND p.discarded IS NOT NULL
                        AND EXISTS (SELECT 1 FROM revisions r WHERE r.photo = p.id)),
                     (SELECT max(p.discarded) FROM {of_session}),
                     (SELECT max(created) FROM orders WHERE session = ?1)"
            );
            let time = |ms: Option<i64>| {
                ms.map(Timestamp::from_millisecond).transpose().map_err(|_| StoreError::BadRow("time"))
            };
            let kept = rows::one(conn, &sql, params![key, finished], |row| {
                Ok(KeptPhotos {
                    readable: rows::small(row, 0)?,
                    unfinished: rows::small(row, 1)?,
                    destroyed: rows::small(row, 2)?,
                    last: time(row.get(3)?)?,
                    last_order: time(row.get(4)?)?,
                })
            })?;
            Ok(kept.unwrap_or_default())
        })
    }

    /// Destroys up to some hundred photos of a session, and notes each and the whole in the audit log; how many are
    /// left. Nothing brings them back: the keys are gone from the database and its log, and from the backups once
    /// [`Store::renew_backups_if_due`] was called.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], or when the database refuses.
    pub fn erase_photos(
        &mut self,
        session: SessionId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let (erased, left) = self.write(|conn| {
            let key = sessions::key_of(conn, session)?;
            let of_session = "photos p JOIN subjects u ON u.key = p.subject
                WHERE u.session = ?1 AND p.discarded IS NULL";
            let photos = rows::all(
                conn,
                &format!("SELECT p.id FROM {of_session} LIMIT {AT_ONCE}"),
                params![key],
                |row| Ok(PhotoId::from_uuid(rows::uuid(row, 0)?)),
            )?;
            for &photo in &photos {
                rows::change(
                    conn,
                    "UPDATE visits SET photo = NULL WHERE photo = ?1",
                    params![photo.uuid().into_bytes()],
                )?;
                photos::discard(conn, photo, now)?;
            }
            let left = rows::number(conn, &format!("SELECT count(*) FROM {of_session}"), params![key])?;
            // Older backups hold the keys: they go with the next one, even if the kiosk is switched off before.
            settings::set(conn, RENEW, &true)?;
            let about = About { session: Some(session), ..About::default() };
            let detail = json!({ "photos": photos.len(), "left": left });
            audit::append(conn, now, actor, "session.erase", about, &detail)?;
            Ok((photos, u32::try_from(left).unwrap_or(u32::MAX)))
        })?;
        self.forget(erased);
        Ok(left)
    }
}

impl Store {
    /// Replaces every backup by a new one, if photos were destroyed since they were made; whether that was so.
    ///
    /// # Errors
    /// As [`Store::backup`]; it is due until it has succeeded.
    pub fn renew_backups_if_due(&mut self, now: Timestamp) -> Result<bool, StoreError> {
        if !self.setting::<bool>(RENEW)?.unwrap_or(false) {
            return Ok(false);
        }
        self.renew_backups(now)?;
        self.set_setting(RENEW, &false)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use caixiang_domain::Move;

    use super::*;
    use crate::photos::Which;
    use crate::testing::{Bench, at};

    #[test]
    fn destroyed_photos_are_gone_and_orders_stay() {
        let mut bench = Bench::new();
        let session = bench.session;
        let subject = bench.student("王小明", "2023001");
        let order = bench.order(subject, 1);
        bench.photo(subject, 2);
        let kept = bench.s().kept_photos(session).unwrap();
        assert_eq!((kept.readable, kept.unfinished, kept.destroyed), (2, 1, 0));
        for step in [Move::Approve, Move::TakeUp, Move::Complete] {
            bench.s().move_order(order.id, step, None, Actor::Manager, at(2)).unwrap();
        }
        assert_eq!(bench.s().kept_photos(session).unwrap().unfinished, 0);
        assert_eq!(bench.s().erase_photos(session, Actor::Manager, at(9)).unwrap(), 0);
        let kept = bench.s().kept_photos(session).unwrap();
        assert_eq!((kept.readable, kept.destroyed, kept.last), (0, 1, Some(at(9))));
        let gone = bench.s().read_photo(order.photo, Which::Finished);
        assert!(matches!(gone, Err(StoreError::PhotoUnreadable(_))));
        bench.s().backup(at(1)).unwrap();
        bench.s().backup(at(2)).unwrap();
        bench.reopen();
        assert!(bench.s().renew_backups_if_due(at(10)).unwrap());
        let kept: Vec<_> = bench.s().backups().unwrap().iter().map(|backup| backup.made).collect();
        assert_eq!(kept, [at(10)], "no backup has the keys");
        assert!(!bench.s().renew_backups_if_due(at(11)).unwrap(), "once");
        let found = bench.reopen();
        assert_eq!((found.sweep.leftover, found.sweep.dangling.len()), (0, 0), "the files are gone");
        let report = bench.s().self_check(true).unwrap();
        assert!(report.is_clean(), "{report:?}");
        assert_eq!(bench.s().order(order.id).unwrap().number, order.number);
        assert_eq!(bench.s().history(order.id).unwrap().len(), 4);
    }
}
