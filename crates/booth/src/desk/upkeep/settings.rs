//! How the kiosk behaves; and all settings in a file, for the next kiosk.

use std::path::Path;

use caixiang_store::{Store, StoreError};
use serde::{Deserialize, Serialize};

use super::super::talk::{Answer, KioskSettings, PaperSettings, SettingsChange};
use super::super::{Desk, printing, work};
use crate::event::Event;
use crate::perform::{KEY_AUTO_SHUTTER, KEY_SOUND};
use crate::view::{Language, Notice, Role};

const KEY: &str = "kiosk";
/// Of a settings file.
const MAX_BYTES: u64 = 64 << 10;
const VERSION: u32 = 1;
const IDLE_S: std::ops::RangeInclusive<u32> = 20..=600;
const KEEP_DAYS: std::ops::RangeInclusive<u32> = 1..=3650;

impl Default for KioskSettings {
    fn default() -> Self {
        Self { language: Language::default(), idle_s: 60, keep_days: 180 }
    }
}

/// A settings file. PINs, keys and the camera of this kiosk are not in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    version: u32,
    sound: bool,
    auto_shutter: bool,
    kiosk: KioskSettings,
    printing: PaperSettings,
}

/// What is kept, or how it begins.
pub(crate) fn kept(store: &Store) -> Result<KioskSettings, StoreError> {
    Ok(store.setting(KEY)?.unwrap_or_default())
}

pub(in super::super) fn kiosk(desk: &Desk) -> Result<KioskSettings, Notice> {
    desk.store(Role::Manager, |store| kept(store))
}

pub(in super::super) fn save(desk: &Desk, settings: KioskSettings) -> Result<Answer, Notice> {
    let problems = problems(&settings);
    if !problems.is_empty() {
        return Ok(Answer::Problems { problems });
    }
    desk.store(Role::Manager, {
        let settings = settings.clone();
        move |store| store.set_setting(KEY, &settings)
    })?;
    behave(desk, settings)?;
    desk.audit("settings.kiosk", "{}".to_owned());
    Ok(Answer::Done)
}

fn problems(settings: &KioskSettings) -> Vec<Notice> {
    let out = |field: &str, range: &std::ops::RangeInclusive<u32>| {
        let notice = Notice::new("settings.range").with("field", field);
        notice.with("min", range.start()).with("max", range.end())
    };
    let mut problems = Vec::new();
    if !IDLE_S.contains(&settings.idle_s) {
        problems.push(out("idle_s", &IDLE_S));
    }
    if !KEEP_DAYS.contains(&settings.keep_days) {
        problems.push(out("keep_days", &KEEP_DAYS));
    }
    problems
}

fn behave(desk: &Desk, settings: KioskSettings) -> Result<(), Notice> {
    desk.ask(Role::Manager, move |runner| {
        let (language, idle_s) = (settings.language, settings.idle_s);
        runner.answers.push_back(Event::Behaves { language, idle_ms: u64::from(idle_s) * 1000 });
        Ok(())
    })
}

fn current(store: &Store) -> Result<Settings, StoreError> {
    Ok(Settings {
        version: VERSION,
        sound: store.setting(KEY_SOUND)?.unwrap_or(true),
        auto_shutter: store.setting(KEY_AUTO_SHUTTER)?.unwrap_or(true),
        kiosk: kept(store)?,
        printing: printing::kept(store)?,
    })
}

/// Writes all settings into a file of this folder.
pub(in super::super) fn export(desk: &Desk, folder: &str) -> Result<Answer, Notice> {
    let settings = desk.store(Role::Manager, |store| current(store))?;
    let text = toml::to_string(&settings).map_err(|_| Notice::new("settings.unreadable"))?;
    let path = work::write_new(Path::new(folder), "caixiang-settings", "toml", text.as_bytes())?;
    desk.audit("settings.export", "{}".to_owned());
    Ok(Answer::Written { path })
}

/// Reads a settings file: what it would change.
pub(in super::super) fn open(desk: &Desk, path: &str) -> Result<Answer, Notice> {
    let before = desk.store(Role::Manager, |store| current(store))?;
    let after = read(Path::new(path))?;
    let changes = changes(&before, &after);
    *desk.shared.desk.settings() = Some(after);
    Ok(Answer::SettingsChanges { changes })
}

fn read(path: &Path) -> Result<Settings, Notice> {
    let refused = || Notice::new("settings.unreadable");
    if std::fs::metadata(path).map_err(|_| refused())?.len() > MAX_BYTES {
        return Err(refused());
    }
    let text = std::fs::read_to_string(path).map_err(|_| refused())?;
    let settings: Settings = toml::from_str(&text).map_err(|error| {
        tracing::warn!(error = error.message(), "a settings file was refused");
        refused()
    })?;
    if settings.version != VERSION {
        return Err(Notice::new("settings.version"));
    }
    let mut problems = problems(&settings.kiosk);
    problems.extend(printing::problems(&settings.printing));
    // The first is enough: the file is put right where it was made.
    problems.into_iter().next().map_or(Ok(settings), Err)
}

/// Each setting that differs, in words that can be compared.
fn changes(before: &Settings, after: &Settings) -> Vec<SettingsChange> {
    let lines = |settings: &Settings| -> Option<serde_json::Map<String, serde_json::Value>> {
        let serde_json::Value::Object(mut all) = serde_json::to_value(settings).ok()? else { return None };
        all.remove("version");
        for group in ["kiosk", "printing"] {
            let Some(serde_json::Value::Object(inner)) = all.remove(group) else { continue };
            all.extend(inner.into_iter().map(|(key, value)| (format!("{group}.{}", snake(&key)), value)));
        }
        Some(all)
    };
    let (Some(before), Some(after)) = (lines(before), lines(after)) else { return Vec::new() };
    let differs = after.into_iter().filter(|(key, value)| before.get(key) != Some(value));
    differs
        .map(|(key, value)| SettingsChange {
            before: before.get(&key).map(words).unwrap_or_default(),
            after: words(&value),
            key,
        })
        .collect()
}

/// `perOrderMax` as `per_order_max`.
fn snake(key: &str) -> String {
    let mut out = String::with_capacity(key.len() + 4);
    for c in key.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

fn words(value: &serde_json::Value) -> String {
    use serde_json::Value as V;
    match value {
        V::Null => String::new(),
        V::String(text) => text.clone(),
        V::Object(fields) => match (fields.get("name"), fields.get("widthMm")) {
            // A printer: the address says more than a name that anybody can give it.
            (Some(name), _) => {
                let uri = fields.get("uri").map(words).unwrap_or_default();
                format!("{} {uri}", words(name)).trim_end().to_owned()
            }
            _ => fields.values().map(words).collect::<Vec<_>>().join(" "),
        },
        V::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// Takes over the settings file that was looked at.
pub(in super::super) fn apply(desk: &Desk) -> Result<Answer, Notice> {
    let settings = desk.shared.desk.settings().take().ok_or_else(|| Notice::new("settings.unreadable"))?;
    let kiosk = settings.kiosk.clone();
    let (sound, auto_shutter) = (settings.sound, settings.auto_shutter);
    let value = |value: serde_json::Result<_>| value.map_err(|_| Notice::new("settings.unreadable"));
    let kept = [
        (KEY_SOUND, value(serde_json::to_value(sound))?),
        (KEY_AUTO_SHUTTER, value(serde_json::to_value(auto_shutter))?),
        (KEY, value(serde_json::to_value(&settings.kiosk))?),
        (printing::KEY, value(serde_json::to_value(&settings.printing))?),
    ];
    desk.store(Role::Manager, move |store| store.set_settings(&kept))?;
    desk.ask(Role::Manager, move |runner| {
        use crate::action::Action;
        runner.answers.push_back(Event::Act(Action::Sound { on: sound }));
        runner.answers.push_back(Event::Act(Action::AutoShutter { on: auto_shutter }));
        Ok(())
    })?;
    behave(desk, kiosk)?;
    desk.audit("settings.import", "{}".to_owned());
    Ok(Answer::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            version: VERSION,
            sound: true,
            auto_shutter: true,
            kiosk: KioskSettings::default(),
            printing: PaperSettings::default(),
        }
    }

    #[test]
    fn a_file_says_what_it_would_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let mut after = settings();
        assert_eq!(changes(&settings(), &after), []);
        after.sound = false;
        after.kiosk.idle_s = 90;
        after.printing.paper = "a4".to_owned();
        std::fs::write(&path, toml::to_string(&after).unwrap()).unwrap();
        assert_eq!(read(&path).unwrap(), after);
        let changes = changes(&settings(), &after);
        let told: Vec<_> =
            changes.iter().map(|one| (one.key.as_str(), one.before.as_str(), one.after.as_str())).collect();
        assert_eq!(
            told,
            [("kiosk.idle_s", "60", "90"), ("printing.paper", "six_inch", "a4"), ("sound", "true", "false")]
        );
    }

    #[test]
    fn what_is_no_settings_file_changes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let refused = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read(&path).unwrap_err().code
        };
        assert_eq!(refused("hello"), "settings.unreadable");
        assert_eq!(refused(&"x".repeat(70_000)), "settings.unreadable");
        let text = |change: fn(&mut Settings)| {
            let mut settings = settings();
            change(&mut settings);
            toml::to_string(&settings).unwrap()
        };
        assert_eq!(refused(&text(|it| it.version = 2)), "settings.version");
        assert_eq!(refused(&text(|it| it.kiosk.idle_s = 1)), "settings.range");
        assert_eq!(refused(&text(|it| it.printing.paper = "x".into())), "paper.choice");
        assert_eq!(refused(&format!("{}\nmore = 1", text(|_| ()))), "settings.unreadable");
        assert_eq!(read(&folder.path().join("none")).unwrap_err().code, "settings.unreadable");
    }
}
