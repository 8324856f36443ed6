//! Runs a registry's client (or any long program) quietly: its words go to a log that is shown if it fails.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::progress::Step;

/// The reason is at the end, with all of these programs.
const LAST_LINES: usize = 2;

/// Runs a command to its end. What grows in `folder` meanwhile is shown as progress.
pub(crate) fn run(mut command: Command, folder: &Path, step: Option<&Step>) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let log = folder.join("client.log");
    let words = File::create(&log).with_context(|| format!("cannot write {}", log.display()))?;
    let errors = words.try_clone().context("cannot share a log")?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(words)
        .stderr(errors)
        .spawn()
        .with_context(|| format!("`{program}` cannot be started"))?;
    let status = loop {
        if let Some(status) = child.try_wait().with_context(|| format!("`{program}` was lost"))? {
            break status;
        }
        if let Some(step) = step {
            step.at(size_of(folder));
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    if !status.success() {
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        bail!("`{program}` failed ({status}): {}", last_lines(&said));
    }
    Ok(())
}

fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    last.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" / ")
}

fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .filter_map(|entry| Some((entry.path(), entry.metadata().ok()?)))
        .map(|(path, meta)| if meta.is_dir() { size_of(&path) } else { meta.len() })
        .sum()
}
