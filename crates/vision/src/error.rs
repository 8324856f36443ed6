//! What can go wrong between a picture and what the models say of it.

use std::path::PathBuf;

/// Why a model could not be opened or run.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    /// A file that the set-up provides is not there.
    #[error("`{0}` is missing")]
    Missing(PathBuf),
    /// The ONNX Runtime library could not be opened.
    #[error("the ONNX Runtime library `{path}` could not be opened")]
    Library {
        /// The library.
        path: PathBuf,
        /// What the loader said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A model file could not be loaded.
    #[error("the model `{path}` could not be loaded")]
    Model {
        /// The file.
        path: PathBuf,
        /// What ONNX Runtime said.
        source: ort::Error,
    },
    /// The face mesh is damaged.
    #[error("the face mesh `{0}` is damaged")]
    Mesh(PathBuf),
    /// A model failed on a picture.
    #[error("a model failed")]
    Run(#[from] ort::Error),
    /// A model answered in a form that this software does not know: the wrong file.
    #[error("the model `{0}` answered in an unknown form")]
    Shape(&'static str),
    /// A model that this engine was not opened with.
    #[error("the model `{0}` was not opened")]
    NotOpened(&'static str),
    /// A picture could not be scaled.
    #[error("the picture could not be scaled")]
    Scale(#[from] fast_image_resize::ResizeError),
}
