//! Health, settings, and what is deleted when.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::{Language, Words};

/// How a part of the kiosk is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HealthRow {
    /// `session`, `camera`, `models`, `store`, `disk`, `backup`, `keystore`, `printer`, `prints`, `outbox`, `clock` or `pins`.
    pub part: String,
    /// `good`, `warned`, `bad` or `off`.
    pub state: String,
    /// What to say: a key of `health`, filled with the values.
    pub code: String,
    /// Values of the sentence.
    pub params: BTreeMap<String, String>,
    /// What helps: `camera`, `backup`, `check`, `printing`, `sessions`, `settings`; none where nothing can be done here.
    pub mend: Option<String>,
}

/// How the kiosk behaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct KioskSettings {
    /// The language that the welcome screen goes back to.
    pub language: Language,
    /// Seconds without a touch before a student is asked whether they are still there.
    pub idle_s: u32,
    /// Days after a session's end until its photos are due to be destroyed.
    pub keep_days: u32,
}

/// What a settings file would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsChange {
    /// The setting: a key of `setting`.
    pub key: String,
    /// As it is.
    pub before: String,
    /// As it would be.
    pub after: String,
}

/// A session's photos and when they are due to be destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RetentionRow {
    /// The session.
    pub id: String,
    /// Its 特征码.
    pub feature_code: String,
    /// Its name.
    pub name: Words,
    /// Photos that can be read.
    pub photos: u32,
    /// Of these, such as belong to an order that is not completed, closed or refunded.
    pub unfinished: u32,
    /// The last day of its photos; empty while the session is open.
    pub due: String,
    /// That day has passed.
    pub overdue: bool,
    /// When they were destroyed, local time; empty before.
    pub erased: String,
}
