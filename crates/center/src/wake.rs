//! Waking kiosks that wait for changes: PostgreSQL tells every copy of the centre, each wakes its own waiters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::postgres::PgListener;
use sqlx::{PgConnection, PgPool};
use tokio::sync::Notify;
use uuid::Uuid;

const CHANNEL: &str = "caixiang_changes";
/// Between two tries of listening.
const AGAIN: Duration = Duration::from_secs(1);

/// Who waits in this copy.
#[derive(Clone, Default)]
pub(crate) struct Wake(Arc<Mutex<HashMap<Uuid, Arc<Notify>>>>);

impl Wake {
    /// What wakes those who wait for this kiosk's changes. Taken before looking, so that nothing falls between.
    pub(crate) fn of(&self, kiosk: Uuid) -> Arc<Notify> {
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Kiosks are as many as staff enrolled: the map stays small.
        Arc::clone(map.entry(kiosk).or_default())
    }

    fn all(&self) {
        let map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for notify in map.values() {
            notify.notify_waiters();
        }
    }

    /// Listens until the program ends. After a break everybody looks: what was said meanwhile is in the database.
    pub(crate) async fn listen(self, db: PgPool) {
        loop {
            if let Err(error) = self.listen_once(&db).await {
                tracing::warn!(%error, "listening for changes broke off");
            }
            self.all();
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn listen_once(&self, db: &PgPool) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(db).await?;
        listener.listen(CHANNEL).await?;
        self.all();
        // `None` is a lost connection.
        while let Some(said) = listener.try_recv().await? {
            if let Ok(kiosk) = Uuid::try_parse(said.payload()) {
                self.of(kiosk).notify_waiters();
            }
        }
        Ok(())
    }
}

/// Tells every copy, once the transaction is committed.
pub(crate) async fn tell(db: &mut PgConnection, kiosk: Uuid) -> Result<(), sqlx::Error> {
    sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(kiosk.to_string()).execute(db).await.map(drop)
}
