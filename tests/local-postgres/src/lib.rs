//! A real PostgreSQL of its own in a folder: made, started, and stopped when it is dropped. It listens on a socket in
//! that folder and on no network.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Where Debian keeps the server's programs, by version.
const PROGRAMS: &str = "/usr/lib/postgresql";
/// PostgreSQL refuses to run as root; Debian's package brings this user.
const USER: &str = "postgres";
const START: Duration = Duration::from_secs(60);

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    server: Option<Child>,
}

impl Postgres {
    /// Starts the server whose data is in this folder, and makes it first where there is none.
    ///
    /// # Errors
    /// When the programs are not installed, or the server does not start: the end of its log is in the message.
    pub fn start(folder: &Path) -> io::Result<Self> {
        let programs = programs()?;
        fs::create_dir_all(folder)?;
        let mut postgres = Self { folder: fs::canonicalize(folder)?, programs, server: None };
        if as_root() {
            run(Command::new("chown").arg(format!("{USER}:")).arg(&postgres.folder))?;
        }
        if !postgres.data().join("PG_VERSION").exists() {
            let mut make = postgres.program("initdb");
            make.args(["--username", "caixiang", "--auth", "trust", "--encoding", "UTF8", "--no-locale"]);
            run(make.arg("--pgdata").arg(postgres.data()))?;
        }
        postgres.begin()?;
        Ok(postgres)
    }

    /// The address of a database, which is made where it is not there.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn database(&self, name: &str) -> io::Result<String> {
        let there = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
        if self.ask("postgres", &there)?.trim().is_empty() {
            self.ask("postgres", &format!("CREATE DATABASE \"{name}\""))?;
        }
        let socket = self.folder.to_string_lossy().replace('/', "%2F");
        Ok(format!("postgres://caixiang@{socket}/{name}"))
    }

    /// What `psql` answers, a line a row, columns parted by `|`.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn ask(&self, database: &str, sql: &str) -> io::Result<String> {
        let mut psql = self.program("psql");
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"]);
        psql.args(["--username", "caixiang", "--dbname", database, "--command", sql]);
        run(psql.arg("--host").arg(&self.folder))
    }

    /// Ends the server as a power cut would, and starts it again.
    ///
    /// # Errors
    /// When it does not come back.
    pub fn crash(&mut self) -> io::Result<()> {
        self.stop("immediate")?;
        self.begin()
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.server.is_none() && self.data().join("postmaster.pid").exists() {
            // One that was left behind when who started it was killed; where none runs, the file is only old.
            let mut stop = self.program("pg_ctl");
            run(stop.args(["stop", "--silent", "--wait", "--mode", "fast", "--pgdata"]).arg(self.data()))
                .ok();
        }
        let log = fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log"))?;
        let mut server = self.program("postgres");
        server.arg("-D").arg(self.data()).arg("-k").arg(&self.folder);
        server.args([
            "-c",
            "listen_addresses=",
            "-c",
            "max_connections=200",
            "-c",
            "log_min_messages=warning",
        ]);
        let child = server.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).spawn()?;
        self.server = Some(child);
        let begun = Instant::now();
        while begun.elapsed() < START {
            if self.ask("postgres", "SELECT 1").is_ok() {
                return Ok(());
            }
            if let Some(child) = &mut self.server
                && child.try_wait()?.is_some()
            {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let end = log.lines().rev().take(5).collect::<Vec<_>>().join("\n");
        Err(io::Error::other(format!("PostgreSQL does not start: {end}")))
    }

    fn stop(&mut self, mode: &str) -> io::Result<()> {
        let Some(mut child) = self.server.take() else { return Ok(()) };
        let mut stop = self.program("pg_ctl");
        run(stop.args(["stop", "--silent", "--wait", "--mode", mode, "--pgdata"]).arg(self.data()))?;
        child.wait().map(drop)
    }

    /// A program of the server, as a user that it accepts.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        if !as_root() {
            return Command::new(path);
        }
        let mut command = Command::new("setpriv");
        command.arg(format!("--reuid={USER}")).arg(format!("--regid={USER}")).arg("--clear-groups").arg(path);
        // The folder of who calls may not be theirs.
        command.current_dir(&self.folder);
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if let Err(error) = self.stop("fast") {
            eprintln!("PostgreSQL did not stop: {error}");
        }
    }
}

/// The folder with the newest server's programs.
///
/// # Errors
/// When none is installed.
pub fn programs() -> io::Result<PathBuf> {
    let missing =
        || io::Error::new(io::ErrorKind::NotFound, "PostgreSQL is not installed: run cargo xtask setup");
    let versions = fs::read_dir(PROGRAMS).map_err(|_| missing())?;
    let number =
        |path: &PathBuf| path.file_name().and_then(OsStr::to_str).and_then(|name| name.parse::<u32>().ok());
    let mut found: Vec<_> = versions
        .filter_map(|version| Some(version.ok()?.path()))
        .filter(|path| number(path).is_some() && path.join("bin/postgres").exists())
        .collect();
    found.sort_by_key(number);
    found.pop().map(|path| path.join("bin")).ok_or_else(missing)
}

#[cfg(unix)]
fn as_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    // A process's own entry belongs to who it runs as.
    fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0)
}

#[cfg(not(unix))]
fn as_root() -> bool {
    false
}

fn run(command: &mut Command) -> io::Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("{:?} failed: {}", command.get_program(), said.trim())))
}
