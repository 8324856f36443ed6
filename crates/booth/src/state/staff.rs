//! What staff have open, and the decisions of a review that can still be taken back.

use caixiang_domain::OrderId;

use crate::view::{CameraChoice, ControlView, LargeStillView, Notice, PanelTab, PinPurpose, Role};

/// What staff have open.
#[derive(Clone, PartialEq)]
pub enum StaffAt {
    /// The PIN is asked.
    Pin {
        /// Why.
        purpose: PinPurpose,
        /// What is typed.
        typed: String,
        /// What was wrong.
        problem: Option<Notice>,
    },
    /// The reason for an override is asked.
    Reason,
    /// The panel.
    Panel(Box<Panel>),
}

impl std::fmt::Debug for StaffAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pin { .. } => "Pin",
            Self::Reason => "Reason",
            Self::Panel(_) => "Panel",
        })
    }
}

/// The staff's panel: the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// Whose PIN opened it.
    pub role: Role,
    /// Which page.
    pub tab: PanelTab,
    /// A decision that can still be taken back.
    pub pending: Option<Decision>,
    /// Counts the decisions that were carried out: lists that are older are read again.
    pub decided: u32,
    /// What was read for it.
    pub data: PanelData,
}

impl Panel {
    /// The desk as it opens.
    pub fn new(role: Role) -> Self {
        Self { role, tab: PanelTab::default(), pending: None, decided: 0, data: PanelData::default() }
    }
}

/// What a reviewer decided of some orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Which.
    pub orders: Vec<OrderId>,
    /// Why they are rejected; none approves them.
    pub reason: Option<String>,
    /// When it is carried out, by the booth's clock.
    pub until_ms: u64,
}

/// What the panel shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PanelData {
    /// Cameras.
    pub cameras: Vec<CameraChoice>,
    /// Controls of the chosen one.
    pub controls: Vec<ControlView>,
    /// They are locked.
    pub locked: bool,
    /// The larger format for photos, where the camera has one.
    pub large_still: Option<LargeStillView>,
    /// Orders of the session.
    pub order_count: u32,
    /// Last backup, local time.
    pub last_backup: Option<String>,
}
