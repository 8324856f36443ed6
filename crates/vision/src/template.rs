//! Whether two pictures show the same person, by SFace (Zhong et al. 2021). Only with consent, only in memory.

use image::RgbImage;
use ndarray::Array4;
use ort::value::TensorRef;

use crate::engine::Engine;
use crate::error::VisionError;
use crate::landmarker::{Landmarks, Point};
use crate::sampling::{Beyond, Similarity, cut_square};

/// Side of the network's input.
const SIDE: usize = 112;
/// Where the network was trained to find both pupils, the nose's tip and both corners of the mouth; the right eye
/// first.
const PLACES: [[f64; 2]; 5] =
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]];
/// The landmarks at these places.
const POINTS: [Point; 5] =
    [Point::RightPupil, Point::LeftPupil, Point::NoseTip, Point::MouthRight, Point::MouthLeft];
/// Cosine from which two templates are one person's, as the authors of the published weights measured it on LFW.
const SAME: f32 = 0.363;

/// What makes a face this person's: 128 numbers of length 1. It is never written anywhere.
#[derive(Clone, PartialEq)]
pub struct FaceTemplate([f32; 128]);

impl std::fmt::Debug for FaceTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FaceTemplate")
    }
}

impl Drop for FaceTemplate {
    fn drop(&mut self) {
        self.0.fill(0.0);
        std::hint::black_box(&self.0);
    }
}

impl FaceTemplate {
    /// Cosine of the two templates, -1 to 1.
    pub fn likeness(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum()
    }

    /// Whether they are one person's.
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.likeness(other) >= SAME
    }
}

impl Engine {
    /// Whether faces can be compared: the weights are installed.
    pub fn compares_faces(&self) -> bool {
        self.sface.is_some()
    }

    /// The template of a face; `None` where the weights are not installed.
    ///
    /// # Errors
    /// [`VisionError::Run`] or [`VisionError::Shape`].
    pub fn face_template(
        &self,
        picture: &RgbImage,
        face: &Landmarks,
    ) -> Result<Option<FaceTemplate>, VisionError> {
        let Some(model) = &self.sface else { return Ok(None) };
        let map = Similarity::fit(&PLACES, &POINTS.map(|point| face.get(point)));
        let values = cut_square(picture, &map, SIDE, Beyond::Nearest)?;
        // 0..255, red first, channel by channel: as OpenCV's FaceRecognizerSF feeds it.
        let mut input = Array4::<f32>::zeros((1, 3, SIDE, SIDE));
        for (index, pixel) in values.chunks_exact(3).enumerate() {
            for (channel, &value) in pixel.iter().enumerate() {
                input[[0, channel, index / SIDE, index % SIDE]] = value;
            }
        }
        model.run(ort::inputs![TensorRef::from_array_view(&input)?], |outputs| {
            let (_, values) = outputs[0].try_extract_tensor::<f32>()?;
            let mut values: [f32; 128] = values.try_into().map_err(|_| VisionError::Shape("sface"))?;
            let length = values.iter().map(|v| v * v).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            values.iter_mut().for_each(|value| *value /= length);
            Ok(Some(FaceTemplate(values)))
        })
    }
}
