//! Where the model files lie: one folder, as the set-up fills it.

use std::path::{Path, PathBuf};

use crate::error::VisionError;

/// A folder with `models/` and `runtime/` in it.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    root: PathBuf,
}

impl ModelFiles {
    /// The folder; what is in it is looked at when a model is opened.
    pub fn in_folder(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path of a model file.
    ///
    /// # Errors
    /// [`VisionError::Missing`] where there is no such file.
    pub fn model(&self, name: &str) -> Result<PathBuf, VisionError> {
        let path = self.root.join("models").join(name);
        if path.is_file() { Ok(path) } else { Err(VisionError::Missing(path)) }
    }

    /// The ONNX Runtime library: the one file in `runtime/` whose name is a library's on this system.
    ///
    /// # Errors
    /// [`VisionError::Missing`] where there is none.
    pub fn runtime(&self) -> Result<PathBuf, VisionError> {
        let folder = self.root.join("runtime");
        let mut found: Vec<_> = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(std::env::consts::DLL_PREFIX)
                    && name.contains("onnxruntime")
                    && name.contains(std::env::consts::DLL_SUFFIX)
            })
            .collect();
        found.sort();
        found.pop().ok_or_else(|| {
            let name = format!("{}onnxruntime{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
            VisionError::Missing(folder.join(name))
        })
    }
}
