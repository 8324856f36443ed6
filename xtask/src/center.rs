//! `center`: the centre with a database and a folder of its own, to look at and to try kiosks with.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, bail};
use caixiang_local_postgres::Postgres;

use crate::fetch::Network;
use crate::manifest::{Catalogue, Need};
use crate::place::Place;
use crate::work::{self, Profile, cargo, exit_code, status};
use crate::{digest, setup};

const CENTER: &str = "caixiang-center";
/// Who can sign in after the first start.
const MANAGER: &str = "manager";

/// Sets up, builds, starts the database and runs the centre until it is stopped.
pub(crate) fn run(place: &Place, catalogue: &Catalogue, listen: &str) -> Result<ExitCode> {
    setup::run(place, catalogue, &[Need::Test], Network::Allowed)?;
    let mut build = cargo(place);
    build.args(["build", "--workspace", "--bin", CENTER]);
    if status(build)? != 0 {
        bail!("the centre could not be built");
    }
    let program = work::programs(place, Profile::Dev)?.join(CENTER);
    let folder = place.repo.join("out/center");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let postgres = Postgres::start(&folder.join("postgres")).context("the database does not start")?;
    let database = postgres.database("centre").context("the database cannot be made")?;
    let key = folder.join("recipient.key");
    if !key.exists() {
        let mut make = Command::new(&program);
        make.arg("new-key").arg(&key);
        if status(make)? != 0 {
            bail!("the recipient key could not be made");
        }
    }
    let command = |name: &str| {
        let mut command = Command::new(&program);
        command.arg(name).args(["--database", &database]).arg("--blobs").arg(folder.join("blobs"));
        command.arg("--recipient-key").arg(&key);
        command
    };
    let password = password(&folder)?;
    let mut staff = command("staff");
    staff.arg(MANAGER).args(["--role", "manager"]).env("RUST_LOG", "warn").stdin(Stdio::piped());
    let mut child = staff.spawn().context("the centre does not start")?;
    if let Some(mut stdin) = child.stdin.take() {
        writeln!(stdin, "{password}").context("the centre does not start")?;
    }
    if !child.wait().context("the centre does not start")?.success() {
        bail!("no manager could be made");
    }
    println!("\nThe centre: http://{listen}   name: {MANAGER}   password: {password}");
    println!("Its database, blobs and key: {}", folder.display());
    println!("Remove that folder to begin anew. Ctrl-C ends.\n");
    let mut serve = command("serve");
    serve.args(["--listen", listen]);
    let code = status(serve)?;
    drop(postgres);
    Ok(exit_code(code))
}

/// The manager's password: made once, kept beside the data that it opens.
fn password(folder: &Path) -> Result<String> {
    let path: PathBuf = folder.join("manager.password");
    if let Ok(text) = std::fs::read_to_string(&path) {
        return Ok(text.trim().to_owned());
    }
    // Enough for a machine's own trial: the key's file is random, and nobody else's.
    let key = std::fs::read(folder.join("recipient.key")).context("cannot read the recipient key")?;
    let password = digest::of_bytes(&key).to_string().chars().take(16).collect::<String>();
    std::fs::write(&path, &password).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(password)
}
