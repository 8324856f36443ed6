//! Starting, and stopping without cutting anybody off.

use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use crypto_box::SecretKey;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool};
use tokio::net::TcpListener;
use zeroize::Zeroizing;

use crate::app::App;
use crate::blobs::BlobStore;
use crate::enrol::{self, NewPoint};
use crate::metrics::Metrics;
use crate::router;
use crate::schema;
use crate::wake::Wake;

/// What the centre needs.
#[derive(Debug, Clone)]
pub struct Options {
    /// `postgres://…`
    pub database: String,
    /// A folder, or `s3://bucket`.
    pub blobs: String,
    /// The file with the recipient key: 64 hexadecimal digits.
    pub recipient_key: PathBuf,
    /// Connections to the database.
    pub connections: u32,
}

/// A centre that is ready to answer.
pub struct Centre {
    app: App,
}

/// A new recipient key as its file has it. Who has it can open every photo: it is kept apart from database and blobs.
///
/// # Errors
/// When there are no random bytes.
pub fn new_recipient_key() -> anyhow::Result<Zeroizing<String>> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(key.as_mut_slice()).map_err(|error| anyhow::anyhow!("no random bytes: {error}"))?;
    Ok(Zeroizing::new(hex::encode(key.as_slice())))
}

fn read_recipient_key(path: &Path) -> anyhow::Result<SecretKey> {
    let text = Zeroizing::new(
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
    );
    let mut key = Zeroizing::new([0; 32]);
    if hex::decode_to_slice(text.trim(), key.as_mut_slice()).is_err() {
        bail!("{} does not hold 64 hexadecimal digits", path.display());
    }
    Ok(SecretKey::from(*key))
}

impl Centre {
    /// Connects, and brings the database to this version's shape.
    ///
    /// # Errors
    /// When the key, the database or the store of blobs cannot be had.
    pub async fn open(options: &Options) -> anyhow::Result<Self> {
        let recipient = read_recipient_key(&options.recipient_key)?;
        let connect: PgConnectOptions = options.database.parse().context("not an address of a database")?;
        // Statements are not logged: they carry names and numbers.
        let connect = connect.application_name("caixiang-center").disable_statement_logging();
        let db = PgPoolOptions::new()
            .max_connections(options.connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(connect)
            .await
            .context("cannot reach the database")?;
        schema::migrate(&db).await.context("cannot bring the database to this version's shape")?;
        let blobs = if options.blobs.starts_with("s3://") {
            BlobStore::s3(&options.blobs)?
        } else {
            BlobStore::folder(Path::new(&options.blobs))?
        };
        let app = App {
            db,
            blobs,
            recipient: Arc::new(recipient),
            wake: Wake::default(),
            metrics: Arc::new(Metrics::new()),
        };
        Ok(Self { app })
    }

    /// The database, for what the command line does.
    pub fn database(&self) -> &PgPool {
        &self.app.db
    }

    /// Makes a collection point; a kiosk enrols with its code.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn new_point(&self, name: &str) -> anyhow::Result<NewPoint> {
        let mut transaction = self.app.db.begin().await?;
        let made = enrol::new_point(&mut transaction, name).await;
        let made =
            made.map_err(|refusal| anyhow::anyhow!("no collection point could be made: {refusal:?}"))?;
        transaction.commit().await?;
        Ok(made)
    }

    /// Answers until told to stop; then takes nothing new, and ends what was begun.
    ///
    /// # Errors
    /// When the listener breaks.
    pub async fn serve(
        self,
        listener: TcpListener,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let listening = tokio::spawn(self.app.wake.clone().listen(self.app.db.clone()));
        let db = self.app.db.clone();
        let service = router::router(self.app).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service).with_graceful_shutdown(stop).await.context("cannot listen")?;
        listening.abort();
        db.close().await;
        Ok(())
    }
}
