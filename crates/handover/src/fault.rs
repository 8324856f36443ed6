//! What an error of the file system means for a hand-over: full, gone, or anything else.

use std::io::{self, ErrorKind};

use crate::error::HandoverError;

/// What the operating system says when a stick was pulled: EIO, ENXIO, ENODEV, ESTALE on Linux;
/// ERROR_NOT_READY, ERROR_GEN_FAILURE, ERROR_DEV_NOT_EXIST, ERROR_NO_SUCH_DEVICE, ERROR_IO_DEVICE,
/// ERROR_DEVICE_NOT_CONNECTED on Windows.
#[cfg(not(windows))]
const GONE: &[i32] = &[5, 6, 19, 116];
#[cfg(windows)]
const GONE: &[i32] = &[21, 31, 55, 433, 1117, 1167];

impl From<io::Error> for HandoverError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::DiskFull,
            // A stick that fails is set to read-only by the system; a folder that was there before is not there now.
            ErrorKind::ReadOnlyFilesystem | ErrorKind::NotFound => Self::PlaceLost(error),
            _ if error.raw_os_error().is_some_and(|code| GONE.contains(&code)) => Self::PlaceLost(error),
            _ => Self::Io(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_and_gone_are_told_apart() {
        let code = |error: io::Error| HandoverError::from(error).code();
        assert_eq!(code(ErrorKind::StorageFull.into()), "handover.disk_full");
        assert_eq!(code(ErrorKind::NotFound.into()), "handover.place_lost");
        assert_eq!(code(io::Error::from_raw_os_error(GONE[0])), "handover.place_lost");
        assert_eq!(code(ErrorKind::PermissionDenied.into()), "handover.io");
    }
}
