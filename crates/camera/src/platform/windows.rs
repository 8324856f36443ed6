//! Windows (and other systems but Linux): what nokhwa itself can tell and do. Written from its source, never run.

use std::thread::JoinHandle;

use nokhwa::utils::{
    ApiBackend, CameraIndex, ControlValueDescription, ControlValueSetter, FrameFormat, KnownCameraControl,
    RequestedFormat, RequestedFormatType,
};

use crate::control::{Control, ControlKind, Setting};
use crate::fault::Fault;
use crate::format::Format;
use crate::usb::{CameraId, CameraInfo};

/// A camera that is plugged in.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) info: CameraInfo,
    pub(crate) index: CameraIndex,
}

/// What a listed camera is. Media Foundation's symbolic link names device and socket.
pub(crate) fn describe(listed: &nokhwa::utils::CameraInfo) -> Option<Result<Found, Fault>> {
    let info = CameraInfo {
        id: CameraId::new(format!("link:{}", listed.misc())),
        name: listed.human_name(),
        formats: formats(listed.index()),
    };
    Some(Ok(Found { info, index: listed.index().clone() }))
}

fn formats(index: &CameraIndex) -> Vec<Format> {
    let any = RequestedFormat::with_formats(RequestedFormatType::None, &[FrameFormat::MJPEG]);
    let Ok(mut camera) = nokhwa::Camera::new(index.clone(), any) else { return Vec::new() };
    let mut formats: Vec<_> = camera
        .compatible_camera_formats()
        .unwrap_or_default()
        .into_iter()
        .filter(|format| format.format() == FrameFormat::MJPEG)
        .map(|format| Format {
            width_px: format.width(),
            height_px: format.height(),
            fps: format.frame_rate(),
        })
        .collect();
    formats.sort_by_key(|format| std::cmp::Reverse((format.width_px, format.height_px, format.fps)));
    formats.dedup();
    formats
}

/// Nothing to prepare: nokhwa sets the format.
pub(crate) fn prepare(_found: &Found, _format: Format) -> Result<(), Fault> {
    Ok(())
}

/// Why a camera failed: all that is known is whether it is still listed.
pub(crate) fn why(found: &Found) -> Fault {
    let listed = nokhwa::query(ApiBackend::Auto).unwrap_or_default();
    let there = listed.iter().any(|camera| CameraId::new(format!("link:{}", camera.misc())) == found.info.id);
    if there { Fault::Refused } else { Fault::Unplugged }
}

fn known(kind: ControlKind) -> KnownCameraControl {
    match kind {
        ControlKind::Exposure => KnownCameraControl::Exposure,
        ControlKind::WhiteBalance => KnownCameraControl::WhiteBalance,
        ControlKind::Focus => KnownCameraControl::Focus,
        ControlKind::Zoom => KnownCameraControl::Zoom,
    }
}

/// The camera's controls. nokhwa 0.10.11 cannot switch an automatic on or off here.
pub(crate) struct Controls;

impl Controls {
    pub(crate) fn open(_found: &Found) -> Self {
        Self
    }

    pub(crate) fn read(&mut self, camera: &mut nokhwa::Camera) -> Vec<Control> {
        ControlKind::ALL.into_iter().filter_map(|kind| read(camera, kind)).collect()
    }

    pub(crate) fn set(
        &mut self,
        camera: &mut nokhwa::Camera,
        kind: ControlKind,
        setting: Setting,
    ) -> Result<(), Fault> {
        let now = read(camera, kind).ok_or(Fault::NoControl)?;
        let Setting::Value(value) = setting else { return Err(Fault::NoControl) };
        let value = ControlValueSetter::Integer(now.nearest(value));
        camera.set_camera_control(known(kind), value).map_err(|error| {
            tracing::warn!(?kind, %error, "the camera refuses a setting");
            Fault::ControlRefused
        })
    }
}

fn read(camera: &nokhwa::Camera, kind: ControlKind) -> Option<Control> {
    let control = camera.camera_control(known(kind)).ok()?;
    let (value, min, max, step, normal) = match *control.description() {
        ControlValueDescription::IntegerRange { min, max, value, step, default } => {
            (value, min, max, step, default)
        }
        // The range is not told: the camera judges the value.
        ControlValueDescription::Integer { value, default, step } => {
            (value, i64::MIN, i64::MAX, step, default)
        }
        _ => return None,
    };
    // With a range without end, steps would be counted from its beginning.
    let step = if min == i64::MIN { 1 } else { step };
    Some(Control { kind, value, min, max, step, normal, automatic: None })
}

/// Nothing to prepare.
pub(crate) fn begin_reading() {}

/// A wait in Media Foundation cannot be ended from outside.
pub(crate) fn interrupt(_thread: &JoinHandle<()>) {}
