//! The only crate that runs models: a picture in; faces, landmarks, head pose and masks out.
//!
//! Every network runs on ONNX Runtime, opened as a library at run time. The weights are listed with origin and
//! licence in `models/manifest.toml`.

mod anchors;
mod blendshape;
mod engine;
mod error;
mod faces;
mod files;
mod landmarker;
mod mask;
mod pose;
mod sampling;
mod template;

pub use blendshape::{Blendshape, Blendshapes};
pub use engine::{Engine, Memory, Salient, Threads};
pub use error::VisionError;
pub use faces::{Face, FacePoint};
pub use files::ModelFiles;
pub use landmarker::{Landmarks, Point};
pub use mask::Mask;
pub use pose::Pose;
pub use sampling::{Similarity, resize, resize_region, whole_below};
pub use template::FaceTemplate;
