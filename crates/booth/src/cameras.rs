//! Which camera is used, how it is, and what it was told to do.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use caixiang_camera::{Camera, CameraEvent, ControlKind, Setting, Source, Status};
use crossbeam_channel::Sender;
use serde::{Deserialize, Serialize};

use crate::booth::Shared;
use crate::run::Message;
use crate::view::{CameraChoice, CameraStatus, ControlView, LargeStillView};

/// Id of the demonstration camera.
const STILLS: &str = "stills";
/// Id of the watched folder.
const FOLDER: &str = "folder";
/// What the id of a USB camera begins with.
const USB: &str = "usb:";

/// What is remembered of the camera between two starts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Remembered {
    /// The camera that staff chose.
    pub(crate) id: Option<String>,
    /// Its controls, after calibration: code and value.
    pub(crate) locked: Option<BTreeMap<String, i64>>,
    /// Photos are taken in the camera's larger format, where it has one.
    #[serde(default)]
    pub(crate) large_still: bool,
}

/// The cameras of this booth.
pub(crate) struct Cameras {
    shared: Arc<Shared>,
    messages: Sender<Message>,
    id: Option<String>,
    name: String,
    generation: u64,
    pub(crate) remembered: Remembered,
    restored: bool,
}

impl Cameras {
    pub(crate) fn new(shared: Arc<Shared>, messages: Sender<Message>) -> Self {
        Self {
            shared,
            messages,
            id: None,
            name: String::new(),
            generation: 0,
            remembered: Remembered::default(),
            restored: false,
        }
    }

    /// Every camera that can be used now.
    pub(crate) fn choices(&self) -> Vec<CameraChoice> {
        let choice = |id: String, name: String, kind: &str| {
            let chosen = self.id.as_deref() == Some(id.as_str());
            CameraChoice { id, name, kind: kind.to_owned(), chosen }
        };
        let usb = caixiang_camera::list();
        let mut all: Vec<_> =
            usb.into_iter().map(|camera| choice(format!("{USB}{}", camera.id), camera.name, "usb")).collect();
        if let Some(folder) = &self.shared.config.watched {
            all.push(choice(FOLDER.to_owned(), folder.display().to_string(), FOLDER));
        }
        if !self.shared.config.demonstration.is_empty() {
            all.push(choice(STILLS.to_owned(), String::new(), STILLS));
        }
        // One that is in use but unplugged stays in the list, so that it can be seen to be chosen.
        if let Some(id) = &self.id
            && !all.iter().any(|one| one.chosen)
        {
            all.insert(0, choice(id.clone(), self.name.clone(), "usb"));
        }
        all
    }

    /// Opens the camera that was chosen before, or else the first there is.
    pub(crate) fn open_first(&mut self, remembered: Option<Remembered>) {
        if let Some(remembered) = remembered {
            let other = remembered.id.is_some() && remembered.id != self.id;
            self.remembered = remembered;
            if !other && self.id.is_some() {
                return;
            }
        }
        let id = self.remembered.id.clone().or_else(|| self.choices().into_iter().next().map(|one| one.id));
        if let Some(id) = id {
            self.open(&id);
        }
    }

    /// Where no camera is in use, one that was plugged in since.
    pub(crate) fn look_for_one(&mut self) {
        if self.id.is_none() {
            self.open_first(None);
        }
    }

    /// Opens a camera by its id; an id that nothing has changes nothing.
    pub(crate) fn open(&mut self, id: &str) {
        let config = &self.shared.config;
        let source = match id {
            STILLS if !config.demonstration.is_empty() => Source::Stills(config.demonstration.clone()),
            FOLDER => match &config.watched {
                Some(folder) => Source::Folder(PathBuf::from(folder)),
                None => return,
            },
            id => match id.strip_prefix(USB).map(str::parse) {
                Some(Ok(camera)) => Source::Usb(camera),
                _ => return,
            },
        };
        let known = self.choices().into_iter().find(|one| one.id == id);
        self.name = known.map_or_else(|| self.name.clone(), |one| one.name);
        self.close();
        self.generation += 1;
        self.restored = false;
        self.id = Some(id.to_owned());
        let (messages, generation) = (self.messages.clone(), self.generation);
        let camera =
            Camera::open(source, move |event| drop(messages.send(Message::Camera(generation, event))));
        self.shared.sight.use_camera(Some(Arc::new(camera)));
    }

    /// Lets the camera go.
    pub(crate) fn close(&mut self) {
        self.id = None;
        self.shared.sight.use_camera(None);
    }

    /// The id of the one in use.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Whether events of this generation are of the camera in use.
    pub(crate) fn is_present(&self, generation: u64) -> bool {
        self.generation == generation
    }

    /// Files are waited for, frames are not photos.
    pub(crate) fn is_tethered(&self) -> bool {
        self.id.as_deref() == Some(FOLDER)
    }

    /// The condition for the screen.
    pub(crate) fn status(&self, status: Status) -> CameraStatus {
        let name = self.name.clone();
        match status {
            Status::Opening => CameraStatus::Opening,
            Status::Live { format, .. } => CameraStatus::Live {
                name,
                width_px: format.map_or(0, |format| format.width_px),
                height_px: format.map_or(0, |format| format.height_px),
            },
            Status::Lost { attempt, why, .. } => {
                CameraStatus::Lost { name, code: why.code().to_owned(), attempt }
            }
        }
    }

    /// A camera that just came: its controls as they were locked after calibration.
    pub(crate) fn restore_controls(&mut self) {
        if std::mem::replace(&mut self.restored, true) {
            return;
        }
        let (Some(camera), Some(locked)) = (self.shared.sight.camera(), &self.remembered.locked) else {
            return;
        };
        for (code, value) in locked {
            if let Some(kind) = kind_of(code)
                && let Err(fault) = camera.set_control(kind, Setting::Value(*value))
            {
                tracing::warn!(code = fault.code(), control = code, "a control could not be set");
            }
        }
    }

    /// The controls for the panel.
    /// The larger format that the camera has for photos, where it has one.
    pub(crate) fn large_still(&self) -> Option<LargeStillView> {
        let format = self.shared.sight.camera()?.offers_still()?;
        let on = self.remembered.large_still;
        Some(LargeStillView { width_px: format.width_px, height_px: format.height_px, on })
    }

    pub(crate) fn controls(&self) -> Vec<ControlView> {
        let controls = self.shared.sight.camera().map(|camera| camera.controls()).unwrap_or_default();
        controls
            .iter()
            .map(|control| ControlView {
                code: code_of(control.kind).to_owned(),
                min: control.min,
                max: control.max,
                step: control.step,
                value: control.value,
                auto: control.automatic,
            })
            .collect()
    }

    /// Sets a control; none hands it to the camera.
    pub(crate) fn set(&mut self, code: &str, value: Option<i64>) -> Result<(), caixiang_camera::Fault> {
        let (Some(kind), Some(camera)) = (kind_of(code), self.shared.sight.camera()) else {
            return Err(caixiang_camera::Fault::NoControl);
        };
        camera.set_control(kind, value.map_or(Setting::Automatic, Setting::Value))?;
        if let Some(locked) = &mut self.remembered.locked {
            match value {
                Some(value) => locked.insert(code.to_owned(), value),
                None => locked.remove(code),
            };
        }
        Ok(())
    }

    /// Locks the controls as they are, or hands them back.
    pub(crate) fn lock(&mut self, lock: bool) -> Result<(), caixiang_camera::Fault> {
        let Some(camera) = self.shared.sight.camera() else { return Err(caixiang_camera::Fault::NoControl) };
        if lock {
            camera.lock_controls()?;
            let values = self.controls().into_iter().map(|control| (control.code, control.value));
            self.remembered.locked = Some(values.collect());
        } else {
            camera.unlock_controls()?;
            self.remembered.locked = None;
        }
        Ok(())
    }
}

fn code_of(kind: ControlKind) -> &'static str {
    match kind {
        ControlKind::Exposure => "exposure",
        ControlKind::WhiteBalance => "white_balance",
        ControlKind::Focus => "focus",
        ControlKind::Zoom => "zoom",
    }
}

fn kind_of(code: &str) -> Option<ControlKind> {
    ControlKind::ALL.into_iter().find(|&kind| code_of(kind) == code)
}

impl Cameras {
    /// Where the camera's events lead: its status for the screen.
    pub(crate) fn told(&mut self, event: &CameraEvent) -> Option<CameraStatus> {
        match event {
            CameraEvent::Status(status) => {
                if matches!(status, Status::Live { .. }) {
                    self.restore_controls();
                }
                Some(self.status(*status))
            }
            CameraEvent::Photo { .. } | CameraEvent::FileRefused { .. } => None,
        }
    }
}
