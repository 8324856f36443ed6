//! Linux: what Video4Linux knows of a camera beyond nokhwa: its stable id, its controls, why it does not open.

use std::io;
use std::os::unix::thread::JoinHandleExt;
use std::path::Path;
use std::sync::Once;
use std::thread::JoinHandle;

use nokhwa::utils::CameraIndex;
use v4l::control::{Control as V4lControl, Value};
use v4l::frameinterval::FrameIntervalEnum;
use v4l::framesize::FrameSizeEnum;
use v4l::v4l_sys;
use v4l::video::Capture;
use v4l::{Device, FourCC};

use crate::control::{Control, ControlKind, Setting};
use crate::fault::Fault;
use crate::format::Format;
use crate::usb::{CameraId, CameraInfo};

const MJPEG: &[u8; 4] = b"MJPG";
/// Formats beyond this many are not of this world.
const MOST_FORMATS: usize = 512;

/// A camera that is plugged in.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) info: CameraInfo,
    pub(crate) index: CameraIndex,
    node: usize,
}

/// What a listed node is; `None` where it gives no pictures (a UVC camera has a second node for metadata).
pub(crate) fn describe(listed: &nokhwa::utils::CameraInfo) -> Option<Result<Found, Fault>> {
    let node = usize::try_from(listed.index().as_index().ok()?).ok()?;
    let device = match Device::new(node) {
        Ok(device) => device,
        Err(error) => return if is_gone(&error) { None } else { Some(Err(fault_of(&error))) },
    };
    let about = capability(&device).ok()?;
    if about.device_caps & v4l_sys::V4L2_CAP_VIDEO_CAPTURE == 0 {
        return None;
    }
    let (name, bus) = (text(&about.card), text(&about.bus_info));
    let id = by_id(Path::new("/dev/v4l/by-id"), node).unwrap_or_else(|| format!("bus:{bus}/{name}"));
    let info = CameraInfo { id: CameraId::new(id), name, formats: formats(&device) };
    Some(Ok(Found { info, index: listed.index().clone(), node }))
}

/// libv4l panics on a name that the driver cut off within a letter, so the system is asked here.
fn capability(device: &Device) -> io::Result<v4l_sys::v4l2_capability> {
    // SAFETY: a plain C structure of numbers, for which all zeros is a value.
    let mut about: v4l_sys::v4l2_capability = unsafe { std::mem::zeroed() };
    // SAFETY: the request writes exactly this structure, which outlives the call; the handle is open.
    unsafe {
        v4l::v4l2::ioctl(
            device.handle().fd(),
            v4l::v4l2::vidioc::VIDIOC_QUERYCAP,
            std::ptr::from_mut(&mut about).cast(),
        )?;
    }
    Ok(about)
}

/// A C text in a field of fixed length.
fn text(field: &[u8]) -> String {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).trim().to_owned()
}

/// The name that udev gave the node from the camera's maker, model and serial number.
fn by_id(folder: &Path, node: usize) -> Option<String> {
    let node = format!("video{node}");
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter(|link| {
            let target = std::fs::read_link(link.path()).unwrap_or_default();
            target.file_name().is_some_and(|name| *name == *node)
        })
        .filter_map(|link| link.file_name().into_string().ok())
        .collect();
    names.sort();
    names.into_iter().next().map(|name| format!("id:{name}"))
}

fn formats(device: &Device) -> Vec<Format> {
    let fourcc = FourCC::new(MJPEG);
    let mut formats = Vec::new();
    for size in device.enum_framesizes(fourcc).unwrap_or_default() {
        let FrameSizeEnum::Discrete(size) = size.size else { continue };
        for interval in device.enum_frameintervals(fourcc, size.width, size.height).unwrap_or_default() {
            // nokhwa opens whole rates only.
            if let FrameIntervalEnum::Discrete(time) = interval.interval
                && time.numerator == 1
                && formats.len() < MOST_FORMATS
            {
                formats.push(Format { width_px: size.width, height_px: size.height, fps: time.denominator });
            }
        }
    }
    formats.sort_by_key(|format| std::cmp::Reverse((format.width_px, format.height_px, format.fps)));
    formats.dedup();
    formats
}

/// Sets the format before nokhwa asks for the present one: it gives up on what another program may have left there.
/// Here the system still says why it refuses.
pub(crate) fn prepare(found: &Found, format: Format) -> Result<(), Fault> {
    let set = || -> io::Result<()> {
        let device = Device::new(found.node)?;
        device.set_format(&v4l::Format::new(format.width_px, format.height_px, FourCC::new(MJPEG)))?;
        device.set_params(&v4l::video::capture::Parameters::with_fps(format.fps))?;
        Ok(())
    };
    set().map_err(|error| {
        tracing::warn!(%error, "the camera's format cannot be set");
        fault_of(&error)
    })
}

/// Why a camera failed that nokhwa only has a sentence for.
pub(crate) fn why(found: &Found) -> Fault {
    match Device::new(found.node).and_then(|device| capability(&device)) {
        Ok(_) => Fault::Refused,
        Err(error) => fault_of(&error),
    }
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ENODEV | libc::ENXIO | libc::ENOENT))
}

fn fault_of(error: &io::Error) -> Fault {
    match error.raw_os_error() {
        Some(libc::EBUSY) => Fault::Busy,
        Some(libc::EACCES | libc::EPERM) => Fault::NoPermission,
        _ if is_gone(error) => Fault::Unplugged,
        _ => Fault::Refused,
    }
}

/// A control's value, and the switch of its automatic with the switch's value for manual.
struct Ids {
    value: u32,
    automatic: Option<(u32, i64)>,
}

fn ids(kind: ControlKind) -> Ids {
    match kind {
        ControlKind::Exposure => Ids {
            value: v4l_sys::V4L2_CID_EXPOSURE_ABSOLUTE,
            automatic: Some((v4l_sys::V4L2_CID_EXPOSURE_AUTO, 1)),
        },
        ControlKind::WhiteBalance => Ids {
            value: v4l_sys::V4L2_CID_WHITE_BALANCE_TEMPERATURE,
            automatic: Some((v4l_sys::V4L2_CID_AUTO_WHITE_BALANCE, 0)),
        },
        ControlKind::Focus => Ids {
            value: v4l_sys::V4L2_CID_FOCUS_ABSOLUTE,
            automatic: Some((v4l_sys::V4L2_CID_FOCUS_AUTO, 0)),
        },
        ControlKind::Zoom => Ids { value: v4l_sys::V4L2_CID_ZOOM_ABSOLUTE, automatic: None },
    }
}

/// The camera's controls, through a handle of their own: nokhwa knows others of the same names, and panics on kinds
/// that it does not know.
pub(crate) struct Controls {
    device: Option<Device>,
}

impl Controls {
    pub(crate) fn open(found: &Found) -> Self {
        Self { device: Device::new(found.node).ok() }
    }

    pub(crate) fn read(&mut self, _camera: &mut nokhwa::Camera) -> Vec<Control> {
        let Some(device) = &self.device else { return Vec::new() };
        ControlKind::ALL.into_iter().filter_map(|kind| read(device, kind)).collect()
    }

    pub(crate) fn set(
        &mut self,
        _camera: &mut nokhwa::Camera,
        kind: ControlKind,
        setting: Setting,
    ) -> Result<(), Fault> {
        let device = self.device.as_ref().ok_or(Fault::NoControl)?;
        let now = read(device, kind).ok_or(Fault::NoControl)?;
        let ids = ids(kind);
        let refused = |error: io::Error| {
            tracing::warn!(?kind, %error, "the camera refuses a setting");
            Fault::ControlRefused
        };
        match (setting, ids.automatic) {
            (Setting::Automatic, Some((switch, manual))) if now.automatic.is_some() => {
                let on = automatic_value(device, switch, manual).ok_or(Fault::NoControl)?;
                put(device, switch, on).map_err(refused)
            }
            (Setting::Automatic, _) => Err(Fault::NoControl),
            (Setting::Value(value), automatic) => {
                if let Some((switch, manual)) = automatic.filter(|_| now.automatic == Some(true)) {
                    put(device, switch, manual).map_err(refused)?;
                }
                put(device, ids.value, now.nearest(value)).map_err(refused)
            }
        }
    }
}

fn read(device: &Device, kind: ControlKind) -> Option<Control> {
    let ids = ids(kind);
    let about = query(device, ids.value)?;
    let value = get(device, ids.value)?;
    let automatic = ids.automatic.and_then(|(switch, manual)| {
        query(device, switch)?;
        Some(get(device, switch)? != manual)
    });
    let step = i64::try_from(about.step).unwrap_or(1);
    Some(Control {
        kind,
        value,
        min: about.minimum,
        max: about.maximum,
        step,
        normal: about.default_value,
        automatic,
    })
}

/// What the switch is set to for "automatic": for exposure that differs between cameras.
fn automatic_value(device: &Device, switch: u32, manual: i64) -> Option<i64> {
    let about = query(device, switch)?;
    if about.maximum == 1 {
        return Some(1 - manual);
    }
    if about.default_value != manual {
        return Some(about.default_value);
    }
    // Aperture priority is what a webcam has; full automatic what others have.
    let aperture = i64::from(v4l_sys::v4l2_exposure_auto_type_V4L2_EXPOSURE_APERTURE_PRIORITY);
    Some(if about.maximum >= aperture { aperture } else { 0 })
}

fn query(device: &Device, id: u32) -> Option<v4l_sys::v4l2_query_ext_ctrl> {
    // SAFETY: a plain C structure of numbers, for which all zeros is a value.
    let mut about: v4l_sys::v4l2_query_ext_ctrl = unsafe { std::mem::zeroed() };
    about.id = id;
    // SAFETY: the request reads and writes exactly this structure, which outlives the call; the handle is open.
    let asked = unsafe {
        v4l::v4l2::ioctl(
            device.handle().fd(),
            v4l::v4l2::vidioc::VIDIOC_QUERY_EXT_CTRL,
            std::ptr::from_mut(&mut about).cast(),
        )
    };
    let usable = about.flags & v4l_sys::V4L2_CTRL_FLAG_DISABLED == 0;
    (asked.is_ok() && usable && about.minimum <= about.maximum).then_some(about)
}

fn get(device: &Device, id: u32) -> Option<i64> {
    match device.control(id).ok()?.value {
        Value::Integer(value) => Some(value),
        Value::Boolean(value) => Some(i64::from(value)),
        _ => None,
    }
}

fn put(device: &Device, id: u32, value: i64) -> io::Result<()> {
    device.set_control(V4lControl { id, value: Value::Integer(value) })
}

/// The signal that ends a wait in the driver; real-time signals have no other meaning here.
fn wake_signal() -> libc::c_int {
    libc::SIGRTMIN() + 7
}

extern "C" fn wake_up(_signal: libc::c_int) {}

/// The reading thread is ended by its own signal and no other: any signal would end its wait, and with it the stream.
pub(crate) fn begin_reading() {
    static HANDLER: Once = Once::new();
    HANDLER.call_once(|| {
        // SAFETY: all zeros is a valid sigaction (no flags: a system call is not restarted); the handler does nothing,
        // so it may run at any moment.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            action.sa_sigaction = wake_up as extern "C" fn(libc::c_int) as usize;
            libc::sigemptyset(&mut action.sa_mask);
            libc::sigaction(wake_signal(), &action, std::ptr::null_mut());
        }
    });
    // SAFETY: the set is initialised by sigfillset before it is read; only this thread's mask changes. Signals that
    // report a fault of the thread itself stay open.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&mut set);
        for signal in [wake_signal(), libc::SIGSEGV, libc::SIGBUS, libc::SIGILL, libc::SIGFPE, libc::SIGABRT]
        {
            libc::sigdelset(&mut set, signal);
        }
        libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut());
    }
}

/// Ends a wait of the thread in the driver, where it is in one that can be ended.
pub(crate) fn interrupt(thread: &JoinHandle<()>) {
    if !thread.is_finished() {
        // SAFETY: the thread was neither joined nor detached, so its id is valid even if it ends right now. Whether it
        // installed the handler is asked first: without it the signal would end the process.
        unsafe {
            let mut now: libc::sigaction = std::mem::zeroed();
            let asked = libc::sigaction(wake_signal(), std::ptr::null(), &mut now) == 0;
            if asked && now.sa_sigaction == wake_up as extern "C" fn(libc::c_int) as usize {
                libc::pthread_kill(thread.as_pthread_t(), wake_signal());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn the_id_is_the_link_that_leads_to_the_node() {
        let folder = tempfile::tempdir().unwrap();
        let link = |name: &str, target: &str| symlink(target, folder.path().join(name)).unwrap();
        link("usb-Maker_Model_123-video-index0", "../../video2");
        link("usb-Maker_Model_123-video-index1", "../../video3");
        link("usb-Other-video-index0", "../../video21");
        assert_eq!(by_id(folder.path(), 2).as_deref(), Some("id:usb-Maker_Model_123-video-index0"));
        assert_eq!(by_id(folder.path(), 1), None);
        assert_eq!(by_id(&folder.path().join("no such"), 2), None);
    }

    #[test]
    fn system_errors_have_their_faults() {
        let check = |code, fault| assert_eq!(fault_of(&io::Error::from_raw_os_error(code)), fault);
        check(libc::EBUSY, Fault::Busy);
        check(libc::EACCES, Fault::NoPermission);
        check(libc::ENODEV, Fault::Unplugged);
        check(libc::ENOENT, Fault::Unplugged);
        check(libc::EIO, Fault::Refused);
    }
}
