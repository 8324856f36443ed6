//! `doctor`: a line for everything that set-up provides, and beside what is not right the way to get it.

use std::fmt;
use std::process::ExitCode;

use anyhow::Result;

use crate::built::Program;
use crate::digest::{self, Found};
use crate::manifest::{Catalogue, Need, Package};
use crate::place::Place;
use crate::progress::megabytes;
use crate::quantise::{self, Standing};
use crate::tools::{self, Tool};
use crate::{built, install, platform};

const SET_UP: &str = "cargo xtask setup";
/// What a first set-up fills: downloads, models, the Python environment, and as much again while it works.
const ROOM_BYTES: u64 = 3_000_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    Missing,
    Wrong,
}

impl fmt::Display for State {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(match self {
            Self::Ok => "ok",
            Self::Missing => "missing",
            Self::Wrong => "wrong",
        })
    }
}

/// One line of the table.
struct Row {
    state: State,
    thing: String,
    /// A version or a size.
    detail: String,
    /// The way to get it.
    remedy: String,
    /// Whether the kiosk cannot be built or run without it.
    needed: bool,
}

/// Prints the table. Fails if something needed is not right.
pub(crate) fn run(place: &Place, catalogue: &Catalogue) -> Result<ExitCode> {
    let rows = rows(place, catalogue)?;
    let width = rows.iter().map(|row| row.thing.chars().count()).max().unwrap_or_default();
    for row in &rows {
        let line = format!("{:<8} {:<width$}  {}", row.state, row.thing, row.detail);
        println!("{}", line.trim_end());
        if row.state != State::Ok {
            let optional = if row.needed { "" } else { " (not needed to run)" };
            println!("{:8} → {}{optional}", "", row.remedy);
        }
    }
    let unmet = rows.iter().filter(|row| row.needed && row.state != State::Ok).count();
    if unmet == 0 {
        println!("\nEverything needed is there. Cache: {}", place.cache.display());
        Ok(ExitCode::SUCCESS)
    } else {
        println!("\n{unmet} needed things are not right. Cache: {}", place.cache.display());
        Ok(ExitCode::FAILURE)
    }
}

fn rows(place: &Place, catalogue: &Catalogue) -> Result<Vec<Row>> {
    let plan = install::plan(place, catalogue, &[Need::Run])?;
    let to_fetch = !plan.jobs.is_empty();
    let mut rows: Vec<Row> = tools::ALL.into_iter().map(|tool| tool_row(tool, to_fetch)).collect();
    rows.push(built_row(place, &built::TAURI_DRIVER));
    rows.push(disk_row(place, to_fetch));
    for package in &catalogue.packages {
        if package.files.iter().all(|file| file.to.starts_with("photos/")) {
            rows.push(photos_row(place, package)?);
        } else {
            rows.extend(file_rows(place, package)?);
        }
    }
    for converted in &catalogue.converted {
        let (state, detail) = state_of(digest::look(&place.cached(&converted.to), &converted.sha256)?);
        rows.push(Row {
            state,
            thing: converted.to.clone(),
            detail,
            remedy: SET_UP.to_owned(),
            needed: true,
        });
    }
    rows.push(int8_row(place, catalogue)?);
    Ok(rows)
}

fn tool_row(tool: Tool, to_fetch: bool) -> Row {
    let version = tool.version();
    Row {
        state: if version.is_some() { State::Ok } else { State::Missing },
        thing: tool.name().to_owned(),
        detail: version.unwrap_or_default(),
        remedy: platform::how_to_install(&[tool]),
        // Python is only needed while there is something to fetch.
        needed: !tool.is_for_tests() && (tool != Tool::Python || to_fetch),
    }
}

fn built_row(place: &Place, program: &Program) -> Row {
    let is_there = program.path(place).is_file();
    Row {
        state: if is_there { State::Ok } else { State::Missing },
        thing: program.name.to_owned(),
        detail: if is_there { program.version.to_owned() } else { String::new() },
        remedy: SET_UP.to_owned(),
        needed: false,
    }
}

fn disk_row(place: &Place, to_fetch: bool) -> Row {
    let free = platform::free_bytes(&place.cache);
    let short = to_fetch && free.is_some_and(|free| free < ROOM_BYTES);
    Row {
        state: if short { State::Wrong } else { State::Ok },
        thing: "disk space".to_owned(),
        detail: free.map_or_else(|| "not known".to_owned(), |free| format!("{} free", megabytes(free))),
        remedy: format!(
            "a first set-up fills about {}: free some, or set CAIXIANG_CACHE",
            megabytes(ROOM_BYTES)
        ),
        needed: true,
    }
}

fn file_rows(place: &Place, package: &Package) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for file in &package.files {
        let ci = file.needed_for == Need::Ci;
        if !package.is_for_this_host() {
            rows.push(Row {
                state: State::Missing,
                thing: file.to.clone(),
                detail: format!("listed for {} only", package.host.as_deref().unwrap_or("another host")),
                remedy: format!("add this system's {} to models/manifest.toml", package.name),
                needed: !ci,
            });
            continue;
        }
        let (state, detail) = state_of(digest::look(&place.cached(&file.to), &file.sha256)?);
        let remedy = if ci { "cargo xtask setup --only ci" } else { SET_UP };
        rows.push(Row { state, thing: file.to.clone(), detail, remedy: remedy.to_owned(), needed: !ci });
    }
    Ok(rows)
}

/// One line for all the photos of a package; those that are not right are named.
fn photos_row(place: &Place, package: &Package) -> Result<Row> {
    let mut not_right = Vec::new();
    let mut state = State::Ok;
    for file in &package.files {
        let found = digest::look(&place.cached(&file.to), &file.sha256)?;
        if found == Found::Good {
            continue;
        }
        not_right.push(file.to.trim_start_matches("photos/"));
        if state != State::Wrong {
            state = state_of(found).0;
        }
    }
    let detail = match not_right.as_slice() {
        [] => String::new(),
        names if names.len() == package.files.len() && state == State::Missing => "all".to_owned(),
        names => names.join(", "),
    };
    Ok(Row {
        state,
        thing: format!("photos of {} ({})", package.title(), package.files.len()),
        detail,
        remedy: SET_UP.to_owned(),
        needed: false,
    })
}

fn int8_row(place: &Place, catalogue: &Catalogue) -> Result<Row> {
    let (state, detail) = match quantise::look(place, catalogue)? {
        Standing::AsPinned => (State::Ok, String::new()),
        Standing::Otherwise(_) => (State::Ok, "made here, rounded otherwise than the pinned one".to_owned()),
        Standing::ToMake => (State::Missing, "the float model is used, at half the speed".to_owned()),
    };
    let thing = catalogue.quantised.to.clone();
    Ok(Row { state, thing, detail, remedy: SET_UP.to_owned(), needed: false })
}

fn state_of(found: Found) -> (State, String) {
    match found {
        Found::Good => (State::Ok, String::new()),
        Found::Missing => (State::Missing, String::new()),
        Found::Wrong(actual) => (State::Wrong, format!("sha256 {actual}")),
    }
}
