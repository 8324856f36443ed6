//! What can be wrong with a camera; the words for staff live in the message files, by code.

/// Why a camera gives no picture, or a request to it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    /// No camera is plugged in.
    #[error("no camera is plugged in")]
    None,
    /// The chosen camera is not plugged in.
    #[error("the camera is not plugged in")]
    Unplugged,
    /// Another program uses it.
    #[error("another program uses the camera")]
    Busy,
    /// The system does not let this program use it.
    #[error("no permission to use the camera")]
    NoPermission,
    /// It offers no format that this software reads (MJPEG with a whole frame rate), or none that is larger than the
    /// live one where a photo is asked in such a one.
    #[error("the camera offers no MJPEG")]
    NoFormat,
    /// It could not be opened, or stopped for a reason it did not tell.
    #[error("the camera refused")]
    Refused,
    /// No new frame arrives, or their time stands still.
    #[error("the camera gives no new frame")]
    Stalled,
    /// The same frame again and again.
    #[error("the camera repeats one frame")]
    Frozen,
    /// Frames arrive cut off: a bad cable or hub, too much on one USB bus.
    #[error("the camera's frames arrive incomplete")]
    BrokenFrames,
    /// The watched folder is not there or cannot be read.
    #[error("the watched folder cannot be read")]
    FolderGone,
    /// A file in the watched folder is no whole picture.
    #[error("the file is no whole picture")]
    FileDamaged,
    /// A file in the watched folder is larger than any photo.
    #[error("the file is too large")]
    FileTooLarge,
    /// None of the stills can be shown.
    #[error("none of the stills can be shown")]
    NoStills,
    /// No photo came in time.
    #[error("no photo came in time")]
    NoPhoto,
    /// The camera has no such control.
    #[error("the camera has no such control")]
    NoControl,
    /// The camera did not take the setting.
    #[error("the camera did not take the setting")]
    ControlRefused,
}

impl Fault {
    /// Every fault.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::Unplugged,
        Self::Busy,
        Self::NoPermission,
        Self::NoFormat,
        Self::Refused,
        Self::Stalled,
        Self::Frozen,
        Self::BrokenFrames,
        Self::FolderGone,
        Self::FileDamaged,
        Self::FileTooLarge,
        Self::NoStills,
        Self::NoPhoto,
        Self::NoControl,
        Self::ControlRefused,
    ];

    /// Every code, for the message files.
    pub const CODES: &'static [&'static str] = &[
        "camera.none",
        "camera.unplugged",
        "camera.busy",
        "camera.no_permission",
        "camera.no_format",
        "camera.refused",
        "camera.stalled",
        "camera.frozen",
        "camera.broken_frames",
        "camera.folder_gone",
        "camera.file_damaged",
        "camera.file_too_large",
        "camera.no_stills",
        "camera.no_photo",
        "camera.no_control",
        "camera.control_refused",
    ];

    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::None => "camera.none",
            Self::Unplugged => "camera.unplugged",
            Self::Busy => "camera.busy",
            Self::NoPermission => "camera.no_permission",
            Self::NoFormat => "camera.no_format",
            Self::Refused => "camera.refused",
            Self::Stalled => "camera.stalled",
            Self::Frozen => "camera.frozen",
            Self::BrokenFrames => "camera.broken_frames",
            Self::FolderGone => "camera.folder_gone",
            Self::FileDamaged => "camera.file_damaged",
            Self::FileTooLarge => "camera.file_too_large",
            Self::NoStills => "camera.no_stills",
            Self::NoPhoto => "camera.no_photo",
            Self::NoControl => "camera.no_control",
            Self::ControlRefused => "camera.control_refused",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_faults() {
        let codes: Vec<_> = Fault::ALL.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes, Fault::CODES);
    }
}
