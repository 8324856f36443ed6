//! From a camera's picture to a finished certificate photo: geometry, cut-out, backdrop, encoding and the checks.

pub mod checks;
mod encode;
pub mod explain;
mod framing;
pub mod geometry;
pub mod jpeg;
pub mod matting;
mod polygon;
mod render;
mod road;
pub mod source;

pub use framing::sure_face;
pub use encode::{Encoded, encode};
pub use road::{
    Checked, Composed, Finished, Found, Frame, Framed, Judged, Matted, Operation, RoadError, check_photo,
    lay_on, make_photo,
};
