//! All models, opened once and shared by every thread that works on photos.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use fast_image_resize::FilterType;
use image::RgbImage;
use ndarray::Array4;
use ort::environment::Environment;
use ort::session::builder::GraphOptimizationLevel;
use ort::session::{Session, SessionInputs, SessionOutputs};
use ort::value::TensorRef;

use crate::error::VisionError;
use crate::files::ModelFiles;
use crate::mask::Mask;
use crate::pose::FaceMesh;
use crate::sampling::resize_region;

/// How many threads one model may use. Two models never run in one call at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threads(NonZeroUsize);

impl Threads {
    /// This many; 0 means one, more than 64 means 64.
    pub fn new(count: usize) -> Self {
        Self(NonZeroUsize::new(count.clamp(1, 64)).unwrap_or(NonZeroUsize::MIN))
    }

    /// One for each processor that this process may use.
    pub fn all() -> Self {
        Self(std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// The number.
    pub fn get(self) -> usize {
        self.0.get()
    }
}

/// Which weights find the person with the hair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Salient {
    /// The 8-bit U²-Net where the set-up could make it, otherwise the 32-bit one.
    #[default]
    Best,
    /// U²-Net in 8 bits.
    U2netInt8,
    /// U²-Net as published, 32 bits.
    U2net,
    /// The small variant of U²-Net.
    U2netp,
}

impl Salient {
    fn file(self) -> &'static [&'static str] {
        match self {
            Self::Best => &["u2net.int8.onnx", "u2net.onnx"],
            Self::U2netInt8 => &["u2net.int8.onnx"],
            Self::U2net => &["u2net.onnx"],
            Self::U2netp => &["u2netp.onnx"],
        }
    }
}

/// What becomes of the memory that a large network works in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// It is kept for the next picture: fastest. Its keeper doubles it whenever it grows, so that 350 MB are held for the
    /// largest network.
    Kept,
    /// It is given back after every picture, and the system has to find it anew for the next: four times the page faults.
    GivenBack,
}

/// The weights that compare faces.
const SFACE: &str = "face_recognition_sface_2021dec.onnx";

/// A model with its weights in memory. A session runs one picture at a time; callers queue.
pub(crate) struct Model {
    session: Mutex<Session>,
    spent: AtomicU64,
}

impl Model {
    fn open(
        environment: &Environment,
        path: &Path,
        threads: Threads,
        memory: Memory,
    ) -> Result<Self, VisionError> {
        let fail = |source: ort::Error| VisionError::Model { path: path.to_owned(), source };
        let session = Session::builder(environment)
            .and_then(|builder| Ok(builder.with_intra_threads(threads.get())?))
            .and_then(|builder| Ok(builder.with_inter_threads(1)?))
            // Spinning threads would take the processor from the solvers of the photo before.
            .and_then(|builder| Ok(builder.with_intra_op_spinning(false)?))
            .and_then(|builder| Ok(builder.with_optimization_level(GraphOptimizationLevel::All)?))
            .and_then(|builder| {
                let arena = memory == Memory::Kept;
                let processor = ort::ep::CPU::default().with_arena_allocator(arena).build();
                Ok(builder.with_execution_providers([processor])?)
            })
            .and_then(|mut builder| builder.commit_from_file(path))
            .map_err(fail)?;
        Ok(Self { session: Mutex::new(session), spent: AtomicU64::new(0) })
    }

    /// Runs the network on its inputs and hands the answers to `read`.
    pub(crate) fn run<'i, 'v: 'i, const N: usize, T>(
        &self,
        inputs: impl Into<SessionInputs<'i, 'v, N>>,
        read: impl FnOnce(&SessionOutputs<'_>) -> Result<T, VisionError>,
    ) -> Result<T, VisionError> {
        // A panic in another thread left nothing half-done in the session.
        let mut session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let start = Instant::now();
        let outputs = session.run(inputs)?;
        let nanos = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.spent.fetch_add(nanos, Ordering::Relaxed);
        read(&outputs)
    }
}

/// Every model, opened once.
pub struct Engine {
    pub(crate) yunet: Model,
    pub(crate) detector: Model,
    pub(crate) landmarks: Model,
    pub(crate) blendshapes: Model,
    pub(crate) mesh: FaceMesh,
    /// Opened where its file is there: only the alarm for a wrong person needs it.
    pub(crate) sface: Option<Model>,
    selfie: Model,
    /// Not opened for the live view.
    salient: Option<Model>,
    threads: Threads,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("threads", &self.threads).finish_non_exhaustive()
    }
}

/// ONNX Runtime allows one environment a process; the first library opened stays.
fn environment(files: &ModelFiles) -> Result<&'static Environment, VisionError> {
    static ENVIRONMENT: OnceLock<Environment> = OnceLock::new();
    static OPENING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(environment) = ENVIRONMENT.get() {
        return Ok(environment);
    }
    let path = files.runtime()?;
    let library = |source: Box<dyn std::error::Error + Send + Sync>| VisionError::Library {
        path: path.clone(),
        source,
    };
    let environment = ort::init_from(&path)
        .map_err(|error| library(error.to_string().into()))?
        .with_telemetry(false)
        .build()
        .map_err(|error| library(error.to_string().into()))?;
    environment.set_log_level(ort::logging::LogLevel::Error);
    Ok(ENVIRONMENT.get_or_init(|| environment))
}

impl Engine {
    /// Opens every model.
    ///
    /// # Errors
    /// [`VisionError::Missing`], [`VisionError::Library`], [`VisionError::Model`] or [`VisionError::Mesh`], naming the
    /// file.
    pub fn open(
        files: &ModelFiles,
        threads: Threads,
        salient: Salient,
        memory: Memory,
    ) -> Result<Self, VisionError> {
        let (last, preferred) = salient.file().split_last().ok_or(VisionError::Shape("salient"))?;
        let salient = preferred.iter().find(|name| files.model(name).is_ok()).unwrap_or(last);
        let salient = Model::open(environment(files)?, &files.model(salient)?, threads, memory)?;
        let sface = match files.model(SFACE) {
            Ok(path) => Some(Model::open(environment(files)?, &path, threads, memory)?),
            Err(_) => None,
        };
        Ok(Self { salient: Some(salient), sface, ..Self::open_live(files, threads)? })
    }

    /// Opens the models that a look at the live view takes: no salient mask and no templates.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub fn open_live(files: &ModelFiles, threads: Threads) -> Result<Self, VisionError> {
        let environment = environment(files)?;
        let open = |name: &str| Model::open(environment, &files.model(name)?, threads, Memory::Kept);
        Ok(Self {
            yunet: open("face_detection_yunet_2023mar.onnx")?,
            detector: open("face_detector.onnx")?,
            landmarks: open("face_landmarks_detector.onnx")?,
            blendshapes: open("face_blendshapes.onnx")?,
            mesh: FaceMesh::read(&files.model("geometry_pipeline_metadata_landmarks.binarypb")?)?,
            sface: None,
            selfie: open("selfie_segmentation_mp.onnx")?,
            salient: None,
            threads,
        })
    }

    /// How many threads a model uses.
    pub fn threads(&self) -> Threads {
        self.threads
    }

    /// Time spent inside the networks since the engine was opened, without what prepares their inputs.
    pub fn model_time(&self) -> Duration {
        let models = [&self.yunet, &self.detector, &self.landmarks, &self.blendshapes, &self.selfie];
        let models = models.into_iter().chain(&self.salient);
        Duration::from_nanos(models.map(|model| model.spent.load(Ordering::Relaxed)).sum())
    }

    /// Where a person is, by MediaPipe's selfie segmentation: sure of bodies, vague at hair. 256×256 values for the
    /// whole picture, whatever its shape.
    ///
    /// # Errors
    /// [`VisionError::Run`] or [`VisionError::Shape`].
    pub fn person_mask(&self, picture: &RgbImage) -> Result<Mask, VisionError> {
        const SIDE: usize = 256;
        let small = squeeze(picture, SIDE as u32)?;
        let input: Vec<f32> = small.iter().map(|&value| f32::from(value) / 255.0).collect();
        let input =
            Array4::from_shape_vec((1, SIDE, SIDE, 3), input).map_err(|_| VisionError::Shape("selfie"))?;
        self.selfie.run(ort::inputs![TensorRef::from_array_view(&input)?], |outputs| {
            let (_, values) = outputs[0].try_extract_tensor::<f32>()?;
            Mask::new(SIDE, SIDE, values.to_vec()).ok_or(VisionError::Shape("selfie"))
        })
    }

    /// What stands out of the picture, by U²-Net, hair included. 320×320 values for the whole picture. Larger inputs
    /// were tried and made it collapse.
    ///
    /// # Errors
    /// [`VisionError::Run`] or [`VisionError::Shape`]; [`VisionError::NotOpened`] for the live view's engine.
    pub fn salient_mask(&self, picture: &RgbImage) -> Result<Mask, VisionError> {
        let model = self.salient.as_ref().ok_or(VisionError::NotOpened("u2net"))?;
        const SIDE: usize = 320;
        const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
        const DEVIATION: [f32; 3] = [0.229, 0.224, 0.225];
        let small = squeeze(picture, SIDE as u32)?;
        // The published network divides by the picture's own maximum.
        let brightest = f32::from(small.iter().copied().max().unwrap_or(255).max(1));
        let mut input = Array4::<f32>::zeros((1, 3, SIDE, SIDE));
        for (x, y, pixel) in small.enumerate_pixels() {
            for channel in 0..3 {
                input[[0, channel, y as usize, x as usize]] =
                    (f32::from(pixel[channel]) / brightest - MEAN[channel]) / DEVIATION[channel];
            }
        }
        let mut mask = model.run(ort::inputs![TensorRef::from_array_view(&input)?], |outputs| {
            let (_, values) = outputs[0].try_extract_tensor::<f32>()?;
            Mask::new(SIDE, SIDE, values.to_vec()).ok_or(VisionError::Shape("u2net"))
        })?;
        let (low, high) =
            mask.values().iter().fold((f32::MAX, f32::MIN), |(low, high), &v| (low.min(v), high.max(v)));
        // As its authors do, stretched to 0..1, unless there is nothing to stretch.
        if high - low > 0.3 {
            mask.values_mut().iter_mut().for_each(|value| *value = (*value - low) / (high - low));
        }
        Ok(mask)
    }
}

fn squeeze(picture: &RgbImage, side: u32) -> Result<RgbImage, VisionError> {
    let whole = [0.0, 0.0, f64::from(picture.width()), f64::from(picture.height())];
    resize_region(picture, whole, side, side, FilterType::Bilinear)
}
