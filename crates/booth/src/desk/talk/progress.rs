//! How far a session is: what the day's page shows.

use serde::Serialize;
use ts_rs::TS;

/// How far a session is.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TodayView {
    /// All of it.
    pub all: Progress,
    /// College by college and class by class.
    pub classes: Vec<ClassRow>,
    /// Orders of each hour of today.
    pub hours: Vec<HourCount>,
    /// Orders an hour, of late; none where too few were made to tell.
    pub rate_per_hour: Option<f64>,
    /// When the last who waits will have been photographed at this rate, local time.
    pub end: Option<String>,
    /// How many of the last photos the findings are of.
    pub looked_at: u32,
    /// Of these, how many had nothing broken, something to look at, something that blocks.
    pub grades: [u32; 3],
    /// Findings of late, the most frequent first.
    pub findings: Vec<FindingTrend>,
}

/// How many students stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// On the list.
    pub total: u32,
    /// With an order.
    pub collected: u32,
    /// Not photographed yet.
    pub waiting: u32,
    /// Called and not there.
    pub absent: u32,
    /// Rejected and due for a new photo.
    pub rejected: u32,
    /// With an order whose review is due.
    pub in_review: u32,
    /// With an order whose review has passed.
    pub approved: u32,
}

/// A class and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ClassRow {
    /// Its college; empty where the roster has none.
    pub college: String,
    /// Its name; empty where the roster has none.
    pub class_name: String,
    /// How far.
    pub progress: Progress,
}

/// Orders of one hour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HourCount {
    /// Hour of the day, 0 to 23.
    pub hour: u32,
    /// Orders.
    pub count: u32,
}

/// A finding and how often it came of late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FindingTrend {
    /// Code of the check.
    pub code: String,
    /// Of the last 20 photos.
    pub recent: u32,
    /// Of those before them that are looked at.
    pub before: u32,
    /// It comes so much more often than before that something has changed: a lamp, the sun, the camera.
    pub alarm: bool,
}
