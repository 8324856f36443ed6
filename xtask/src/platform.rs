//! What differs between systems, one file each: names of programs, and how to install the tools.

#[cfg(unix)]
mod linux;
#[cfg(unix)]
pub(crate) use linux::*;

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub(crate) use windows::*;
