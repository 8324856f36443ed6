//! Running copies of the centre.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use caixiang_local_postgres::Postgres;
use tempfile::TempDir;

use crate::kiosk::Kiosk;
use crate::staff::Staff;

const PROGRAM: &str = env!("CARGO_BIN_EXE_caixiang-center");
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A database, a folder of blobs and a key; copies of the centre on top of them.
pub(crate) struct Centre {
    /// Before the database, so that they end first.
    copies: Vec<Copy>,
    postgres: Postgres,
    database: String,
    pub(crate) folder: TempDir,
    _data: TempDir,
}

/// One running program.
pub(crate) struct Copy {
    child: Child,
    pub(crate) url: String,
}

impl Drop for Copy {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Centre {
    /// One copy, and a manager who can sign in.
    pub(crate) async fn start() -> Self {
        Self::with_copies(1).await
    }

    pub(crate) async fn with_copies(count: usize) -> Self {
        let data = TempDir::new().unwrap();
        let folder = TempDir::new().unwrap();
        let postgres = Postgres::start(data.path()).unwrap();
        let database = postgres.database("centre").unwrap();
        let mut centre = Self { copies: Vec::new(), postgres, database, folder, _data: data };
        let key = Command::new(PROGRAM).arg("new-key").arg(centre.key()).status().unwrap();
        assert!(key.success());
        centre.add_staff("manager", "manager");
        for _ in 0..count {
            centre.add_copy().await;
        }
        centre
    }

    fn key(&self) -> PathBuf {
        self.folder.path().join("recipient.key")
    }

    pub(crate) fn blobs(&self) -> PathBuf {
        self.folder.path().join("blobs")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.arg(name).args(["--database", &self.database]).arg("--blobs").arg(self.blobs());
        command.arg("--recipient-key").arg(self.key()).env("RUST_LOG", "warn");
        command
    }

    pub(crate) fn add_staff(&self, name: &str, role: &str) {
        use std::io::Write;
        let mut command = self.command("staff");
        let mut child = command.arg(name).args(["--role", role]).stdin(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(child.wait().unwrap().success());
    }

    pub(crate) async fn add_copy(&mut self) {
        let file = self.folder.path().join(format!("address-{}", self.copies.len()));
        fs::remove_file(&file).ok();
        let mut command = self.command("serve");
        command.args(["--listen", "127.0.0.1:0"]).arg("--address-file").arg(&file);
        let child = command.spawn().unwrap();
        let begun = Instant::now();
        let url = loop {
            match fs::read_to_string(&file) {
                Ok(address) if !address.is_empty() => break format!("http://{address}"),
                _ => tokio::time::sleep(Duration::from_millis(20)).await,
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "the centre does not start");
        };
        self.copies.push(Copy { child, url });
    }

    /// Kills a copy as a power cut would, and starts another in its place.
    pub(crate) async fn kill(&mut self, copy: usize) {
        drop(self.copies.remove(copy));
        self.add_copy().await;
    }

    pub(crate) fn url(&self) -> &str {
        &self.copies[0].url
    }

    pub(crate) fn url_of(&self, copy: usize) -> &str {
        &self.copies[copy].url
    }

    /// What the database says.
    pub(crate) fn ask(&self, sql: &str) -> String {
        self.postgres.ask("centre", sql).unwrap().trim().to_owned()
    }

    pub(crate) async fn manager(&self) -> Staff {
        Staff::sign_in(self.url(), "manager").await
    }

    /// A kiosk that has enrolled, with a session of its own.
    pub(crate) async fn kiosk(&self) -> Kiosk {
        let kiosk = self.kiosk_without_session().await;
        kiosk.push_session(kiosk.session).await;
        kiosk
    }

    pub(crate) async fn kiosk_without_session(&self) -> Kiosk {
        let made = self.manager().await.make_kiosk("一号点").await;
        Kiosk::enrol(self.url(), &made.code).await
    }
}
