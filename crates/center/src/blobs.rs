//! Blobs: where their bytes lie, and how they come.

pub(crate) mod put;
pub(crate) mod status;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use bytes::Bytes;
use caixiang_wire::Sha256Hex;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use uuid::Uuid;

/// Where blobs lie: a folder, or a store that speaks S3. When a put returns, the bytes are durable there.
#[derive(Clone)]
pub(crate) struct BlobStore(Arc<dyn ObjectStore>);

impl BlobStore {
    /// A folder on this machine.
    pub(crate) fn folder(path: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))?;
        let store = LocalFileSystem::new_with_prefix(path)
            .with_context(|| format!("cannot use {}", path.display()))?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// A bucket: `s3://bucket`, with endpoint and credentials from the environment as the AWS tools have them.
    pub(crate) fn s3(url: &str) -> anyhow::Result<Self> {
        let store = object_store::aws::AmazonS3Builder::from_env()
            .with_url(url)
            .with_allow_http(std::env::var("AWS_ALLOW_HTTP").is_ok_and(|value| value == "true"))
            .build()
            .context("cannot use the S3 store")?;
        Ok(Self(Arc::new(store)))
    }

    /// Spread by the first two digits, for folders' sake.
    fn whole(sha256: &Sha256Hex) -> Key {
        Key::from(format!("blobs/{}/{sha256}", &sha256.as_str()[..2]))
    }

    fn part(kiosk: Uuid, sha256: &Sha256Hex, first: u64) -> Key {
        Key::from(format!("parts/{kiosk}/{sha256}/{first:012}"))
    }

    pub(crate) async fn put(&self, sha256: &Sha256Hex, bytes: Bytes) -> Result<(), object_store::Error> {
        self.0.put(&Self::whole(sha256), PutPayload::from_bytes(bytes)).await.map(drop)
    }

    pub(crate) async fn get(&self, sha256: &Sha256Hex) -> Result<Bytes, object_store::Error> {
        self.0.get(&Self::whole(sha256)).await?.bytes().await
    }

    async fn put_part(
        &self,
        kiosk: Uuid,
        sha256: &Sha256Hex,
        first: u64,
        bytes: Bytes,
    ) -> Result<(), object_store::Error> {
        self.0.put(&Self::part(kiosk, sha256, first), PutPayload::from_bytes(bytes)).await.map(drop)
    }

    async fn get_part(
        &self,
        kiosk: Uuid,
        sha256: &Sha256Hex,
        first: u64,
    ) -> Result<Bytes, object_store::Error> {
        self.0.get(&Self::part(kiosk, sha256, first)).await?.bytes().await
    }

    async fn delete_parts(&self, kiosk: Uuid, sha256: &Sha256Hex, firsts: &[i64]) {
        for first in firsts {
            let key = Self::part(kiosk, sha256, first.unsigned_abs());
            if let Err(error) = self.0.delete(&key).await {
                tracing::warn!(%error, "a part that is not needed any more is left");
            }
        }
    }

    /// Whether the store answers.
    pub(crate) async fn is_ready(&self) -> bool {
        match self.0.head(&Key::from("blobs/ready")).await {
            Ok(_) | Err(object_store::Error::NotFound { .. }) => true,
            Err(_) => false,
        }
    }
}
