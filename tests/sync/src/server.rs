//! A centre in this process, on a PostgreSQL of its own.

use std::path::{Path, PathBuf};

use caixiang_center::{Centre, NewPoint, Options, new_recipient_key};
use caixiang_local_postgres::Postgres;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// A running centre.
pub struct Server {
    task: JoinHandle<()>,
    /// `http://127.0.0.1:…`
    pub url: String,
    postgres: Postgres,
    options: Options,
    folder: TempDir,
    _data: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Starts one.
    pub async fn start() -> Self {
        let (data, folder) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let postgres = Postgres::start(data.path()).unwrap();
        let key = folder.path().join("key");
        std::fs::write(&key, new_recipient_key().unwrap().as_str()).unwrap();
        let options = Options {
            database: postgres.database("centre").unwrap(),
            blobs: folder.path().join("blobs").to_string_lossy().into_owned(),
            recipient_key: key,
            connections: 8,
        };
        let (task, url) = serve(&options).await;
        Self { task, url, postgres, options, folder, _data: data }
    }

    /// A collection point that nobody has enrolled as yet.
    pub async fn new_point(&self, name: &str) -> NewPoint {
        Centre::open(&self.options).await.unwrap().new_point(name).await.unwrap()
    }

    /// What the database says, columns parted by `|`.
    pub fn ask(&self, sql: &str) -> String {
        self.postgres.ask("centre", sql).unwrap().trim().to_owned()
    }

    /// The folder with the blobs.
    pub fn blobs(&self) -> PathBuf {
        Path::new(self.folder.path()).join("blobs/blobs")
    }
}

async fn serve(options: &Options) -> (JoinHandle<()>, String) {
    let centre = Centre::open(options).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let task = tokio::spawn(async move { centre.serve(listener, std::future::pending()).await.unwrap() });
    (task, url)
}
