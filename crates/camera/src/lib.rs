//! Cameras behind one facade: USB through nokhwa, a watched folder (a tethered DSLR), stills (the demonstration).
//!
//! [`Camera::open`] returns at once. A thread of its own reads; another watches it, and when the camera is unplugged,
//! stalls, freezes or refuses, says so in [`Status`], drops everything it gave and opens it again until it is back.
//! A thread that never returns from the driver is left behind with its epoch: what it might still give is thrown away.

mod camera;
mod control;
mod fault;
mod folder;
mod format;
mod frame;
mod jpeg;
mod line;
mod ring;
mod stills;
mod supervise;
mod tables;
mod usb;
mod watch;

#[cfg(target_os = "linux")]
#[path = "platform/linux.rs"]
mod platform;
#[cfg(not(target_os = "linux"))]
#[path = "platform/windows.rs"]
mod platform;

pub use camera::{Camera, CameraEvent, Source, Status};
pub use control::{Control, ControlKind, Setting};
pub use fault::Fault;
pub use format::Format;
pub use frame::{Encoding, Frame};
pub use usb::{CameraId, CameraInfo, list};
