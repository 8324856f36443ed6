//! `caixiang-center`: serves, and does what is done from a terminal before anybody can sign in.

use std::io::{BufRead, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use caixiang_center::{Centre, Options, Role, new_recipient_key, put_staff};
use clap::{Args, Parser, Subcommand};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about = "The Caixiang centre")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answer kiosks and browsers until stopped
    Serve {
        #[command(flatten)]
        parts: Parts,
        /// Where to listen; TLS is ended before, by whatever stands in front
        #[arg(long, env = "CAIXIANG_LISTEN", default_value = "127.0.0.1:8480")]
        listen: SocketAddr,
        /// Writes the address that is listened on into this file: for `--listen` with port 0
        #[arg(long)]
        address_file: Option<PathBuf>,
    },
    /// Make the recipient key; kiosks seal photo keys for it
    NewKey {
        /// Where to; nothing is overwritten
        file: PathBuf,
    },
    /// Add a member of staff, or give one a new password; it is read from the standard input
    Staff {
        #[command(flatten)]
        parts: Parts,
        /// The name to sign in with
        name: String,
        /// What they may do
        #[arg(long, value_enum, default_value = "reviewer")]
        role: Role,
    },
    /// Print the description of the API
    Openapi,
}

#[derive(Args)]
struct Parts {
    /// The PostgreSQL database, postgres://…
    #[arg(long, env = "CAIXIANG_DATABASE", hide_env_values = true)]
    database: String,
    /// The store of blobs: a folder, or s3://bucket
    #[arg(long, env = "CAIXIANG_BLOBS")]
    blobs: String,
    /// The file with the recipient key
    #[arg(long, env = "CAIXIANG_RECIPIENT_KEY")]
    recipient_key: PathBuf,
    /// Connections to the database
    #[arg(long, default_value_t = 16)]
    connections: u32,
}

impl From<Parts> for Options {
    fn from(parts: Parts) -> Self {
        let Parts { database, blobs, recipient_key, connections } = parts;
        Self { database, blobs, recipient_key, connections }
    }
}

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Arguments::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("caixiang-center: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Openapi => {
            let text = caixiang_center::openapi().to_pretty_json().context("cannot write the description")?;
            writeln!(std::io::stdout(), "{text}").context("cannot print")
        }
        Command::NewKey { file } => new_key(&file),
        Command::Serve { parts, listen, address_file } => {
            runtime()?.block_on(serve(parts.into(), listen, address_file))
        }
        Command::Staff { parts, name, role } => {
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password).context("cannot read the password")?;
            let password = password.trim_end_matches(['\r', '\n']);
            runtime()?.block_on(async {
                let centre = Centre::open(&parts.into()).await?;
                put_staff(centre.database(), &name, password, role).await
            })
        }
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")
}

fn new_key(file: &std::path::Path) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).with_context(|| format!("cannot make {}", file.display()))?;
    writeln!(out, "{}", new_recipient_key()?.as_str()).context("cannot write the key")?;
    out.sync_all().context("cannot write the key")
}

async fn serve(options: Options, listen: SocketAddr, address_file: Option<PathBuf>) -> anyhow::Result<()> {
    let centre = Centre::open(&options).await?;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr().context("cannot listen")?;
    if let Some(file) = address_file {
        std::fs::write(&file, address.to_string())
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    tracing::info!(%address, "listening");
    centre.serve(listener, stopped()).await
}

/// Ctrl-C, or what a service manager sends.
async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let Ok(mut end) = signal(SignalKind::terminate()) else {
            tokio::signal::ctrl_c().await.ok();
            return;
        };
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = end.recv() => {}
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.ok();
    tracing::info!("stopping");
}
