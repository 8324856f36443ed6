//! Health, settings, and what is deleted when.

mod retention;
mod settings;

use std::collections::BTreeMap;

use caixiang_spool::Printer;
use caixiang_store::{CheckReport, KeyCustody, PrintState, Role as StoreRole, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

pub(super) use self::retention::{erase, retention};
pub(crate) use self::settings::{Settings, kept as kiosk_settings};
pub(super) use self::settings::{apply, export, kiosk, open, save as save_kiosk};
use super::talk::HealthRow;
use super::{Desk, printing};
use crate::perform::local;
use crate::run::Runner;
use crate::view::{CameraStatus, Notice, Role};

/// Free space below which staff are told, and below which no more students should be begun, bytes. A student takes some
/// 3 MB.
const DISK_LOW: u64 = 5 << 30;
const DISK_FULL: u64 = 1 << 30;
/// A backup that is older is worth a word. One is made every twenty minutes while nobody is served.
const BACKUP_OLD: SignedDuration = SignedDuration::from_hours(2);
/// The clock stands still or goes on; so far back means that it was set.
const CLOCK_BACK: SignedDuration = SignedDuration::from_mins(5);

fn part(part: &str, state: &str, code: &str, mend: Option<&str>) -> HealthRow {
    HealthRow {
        part: part.to_owned(),
        state: state.to_owned(),
        code: code.to_owned(),
        params: BTreeMap::new(),
        mend: mend.map(str::to_owned),
    }
}

impl HealthRow {
    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// How every part of the kiosk is.
pub(super) fn health(desk: &Desk) -> Result<Vec<HealthRow>, Notice> {
    let mut parts = desk.ask(Role::Photographer, |runner| {
        let mut parts = vec![session(runner), camera(runner), models(runner)];
        match &runner.store {
            // A store that cannot be asked is what this page is for.
            Some(store) => parts.extend(stored(store).unwrap_or_else(|error| {
                tracing::error!(code = error.code(), %error, "the store cannot be asked how it is");
                vec![part("store", "bad", "store_damaged", None).with("count", 1)]
            })),
            None => parts.push(part("store", "bad", "store_damaged", None).with("count", 1)),
        }
        Ok(parts)
    })?;
    // Asked here and not on the booth's thread: a printer that is off takes seconds not to answer.
    parts.extend(printer(desk).ok());
    parts.push(disk(desk));
    Ok(parts)
}

/// The same, after the database, the log and every photo's file were looked at.
pub(super) fn self_check(desk: &Desk) -> Result<Vec<HealthRow>, Notice> {
    let (report, photos) = desk.store(Role::Manager, |store| {
        let report = store.self_check(false)?;
        // A store that is not sound answers nothing more.
        let photos = if report.is_clean() { store.photos_kept()? } else { 0 };
        Ok((report, photos))
    })?;
    let checked = match &report {
        CheckReport { audit: Ok(head), .. } if report.is_clean() => {
            part("store", "good", "check_clean", None).with("photos", photos).with("lines", head.rows)
        }
        report => part("store", "bad", "check_bad", Some("backup")).with("count", faults(report)),
    };
    let mut parts = health(desk)?;
    if let Some(row) = parts.iter_mut().find(|row| row.part == "store") {
        *row = checked;
    }
    Ok(parts)
}

fn faults(report: &CheckReport) -> u64 {
    let photos = report.dangling.len() + report.unreadable.len();
    report.broken_references
        + u64::try_from(photos).unwrap_or(u64::MAX)
        + u64::from(!report.sound)
        + u64::from(report.audit.is_err())
}

fn session(runner: &Runner) -> HealthRow {
    match runner.state.session() {
        Some(session) => part("session", "good", "session_open", None).with("name", &session.name.zh),
        None => part("session", "warned", "session_none", Some("sessions")),
    }
}

fn camera(runner: &Runner) -> HealthRow {
    match &runner.state.camera {
        CameraStatus::Live { name, width_px, height_px } => part("camera", "good", "camera_live", None)
            .with("name", name)
            .with("width", width_px)
            .with("height", height_px),
        CameraStatus::Lost { name, .. } => {
            part("camera", "bad", "camera_lost", Some("camera")).with("name", name)
        }
        CameraStatus::Opening => part("camera", "warned", "camera_opening", None),
        CameraStatus::None => part("camera", "bad", "camera_none", Some("camera")),
    }
}

fn models(runner: &Runner) -> HealthRow {
    // Without them the kiosk does not come this far; the row says so to whoever looks for it.
    let (state, code) = if runner.crew.is_some() { ("good", "models_ready") } else { ("bad", "models_none") };
    part("models", state, code, None)
}

fn stored(store: &Store) -> Result<Vec<HealthRow>, StoreError> {
    let now = Timestamp::now();
    let backup = match store.backups()?.first() {
        Some(backup) if now.duration_since(backup.made) > BACKUP_OLD => {
            part("backup", "warned", "backup_old", Some("backup")).with("when", local(backup.made))
        }
        Some(backup) => part("backup", "good", "backup_good", None).with("when", local(backup.made)),
        None => part("backup", "warned", "backup_none", Some("backup")),
    };
    let keystore = match store.custody() {
        KeyCustody::PassphraseFile => part("keystore", "warned", "keystore_file", None),
        _ => part("keystore", "good", "keystore_platform", None),
    };
    // There is no central server yet that anything could be sent to.
    let waiting = store.outbox_waiting()?.count;
    let outbox = part("outbox", "off", "outbox_kept", None).with("count", waiting);
    let open = store.open_prints()?;
    let unknown = open.iter().filter(|print| print.state == PrintState::Unknown).count();
    let prints = match (open.len(), unknown) {
        (0, _) => part("prints", "good", "prints_none", None),
        (count, 0) => part("prints", "good", "prints_open", Some("printing")).with("count", count),
        (_, unknown) => part("prints", "bad", "prints_unknown", Some("printing")).with("count", unknown),
    };
    let last = store.last_order_time()?;
    let clock = match last {
        Some(last) if last.duration_since(now) > CLOCK_BACK => {
            part("clock", "bad", "clock_back", None).with("now", local(now))
        }
        _ => part("clock", "good", "clock_good", None).with("now", local(now)),
    };
    let pins = match (store.has_pin(StoreRole::Manager)?, store.has_pin(StoreRole::Photographer)?) {
        (true, true) => part("pins", "good", "pins_set", None),
        (true, false) => part("pins", "warned", "pins_one", Some("settings")).with("role", "photographer"),
        (false, true) => part("pins", "warned", "pins_one", Some("settings")).with("role", "manager"),
        (false, false) => part("pins", "bad", "pins_none", Some("settings")),
    };
    let store = part("store", "good", "store_good", Some("check"));
    Ok(vec![store, backup, keystore, outbox, prints, clock, pins])
}

fn printer(desk: &Desk) -> Result<HealthRow, Notice> {
    let Some(chosen) = printing::settings(desk)?.printer else {
        return Ok(part("printer", "off", "printer_none", Some("settings")));
    };
    let trouble = match chosen.uri.parse() {
        Ok(uri) => match (Printer { bounds: printing::SOON, ..Printer::new(uri, "") }).status() {
            Ok(status) => status.troubles().first().copied(),
            Err(error) => Some(error.code()),
        },
        Err(_) => Some("printer.bad_address"),
    };
    Ok(match trouble {
        None => part("printer", "good", "printer_ready", None).with("name", chosen.name),
        Some(trouble) => part("printer", "bad", "printer_trouble", Some("printing"))
            .with("name", chosen.name)
            .with("trouble", trouble),
    })
}

fn disk(desk: &Desk) -> HealthRow {
    match caixiang_handover::free_bytes(&desk.shared.config.place.data) {
        Some(free) => {
            let (state, code) = match free {
                0..DISK_FULL => ("bad", "disk_full"),
                DISK_FULL..DISK_LOW => ("warned", "disk_low"),
                _ => ("good", "disk_good"),
            };
            part("disk", state, code, None).with("free", format!("{:.1} GB", free as f64 / 1e9))
        }
        None => part("disk", "off", "disk_unknown", None),
    }
}
