//! From a camera's picture to a finished certificate photo: geometry, cut-out, backdrop, encoding and the checks.

mod ahead;
pub mod checks;
mod cutout;
mod encode;
pub mod explain;
mod framing;
pub mod geometry;
mod glance;
pub mod jpeg;
pub mod matting;
mod polygon;
mod preset_file;
mod render;
mod road;
pub mod source;

pub use ahead::Ahead;
pub use cutout::cut_out;
pub use encode::{Encoded, encode};
pub use framing::sure_face;
pub use glance::{FaceGlance, Glance, Watch};
pub use preset_file::{
    MAX_PRESET_BYTES, PresetFileError, builtin_preset, builtin_preset_ids, load_preset, parse_preset,
};
pub use road::{
    Checked, Composed, Finished, Found, Frame, Framed, Judged, Matted, Operation, RoadError, check_photo,
    lay_on, make_photo,
};
