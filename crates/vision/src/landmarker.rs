//! MediaPipe's face landmarker on plain ONNX Runtime: box → 478 landmarks → 52 blendshapes.
//!
//! The steps and constants are those of the published task graph: the detector's box turned by the eye line and
//! enlarged 1.5 times is the landmark network's view.

use image::RgbImage;
use ndarray::{Array3, Array4};
use ort::session::SessionOutputs;
use ort::value::TensorRef;

use crate::anchors;
use crate::blendshape::Blendshapes;
use crate::engine::Engine;
use crate::error::VisionError;
use crate::faces::{Face, FacePoint};
use crate::sampling::{Beyond, Similarity, cut_square};

/// Number of landmarks: 468 of the face mesh and five on each iris.
const COUNT: usize = 478;
/// The landmarks that the blendshape network reads, in its order.
const FOR_BLENDSHAPES: [usize; 146] = [
    0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70,
    78, 80, 81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149,
    150, 152, 153, 154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195,
    197, 234, 246, 249, 251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300,
    308, 310, 311, 312, 314, 317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375,
    377, 378, 379, 380, 381, 382, 384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454,
    466, 468, 469, 470, 471, 472, 473, 474, 475, 476, 477,
];

/// Landmarks with a name. "Left" and "right" are the person's own; the right eye is on the left of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say what they are")]
#[repr(usize)]
pub enum Point {
    RightPupil = 468,
    LeftPupil = 473,
    RightEyeOuter = 33,
    RightEyeInner = 133,
    RightEyeUpper = 159,
    RightEyeLower = 145,
    LeftEyeOuter = 263,
    LeftEyeInner = 362,
    LeftEyeUpper = 386,
    LeftEyeLower = 374,
    RightBrowMiddle = 105,
    LeftBrowMiddle = 334,
    RightCheek = 234,
    LeftCheek = 454,
    Forehead = 10,
    BetweenBrows = 9,
    NoseBridge = 168,
    NoseRoot = 6,
    NoseTip = 1,
    Chin = 152,
    LipUpperInner = 13,
    LipLowerInner = 14,
    MouthRight = 61,
    MouthLeft = 291,
    RightCheekMiddle = 205,
    LeftCheekMiddle = 425,
}

/// The landmarks of one face, in pixels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Landmarks {
    points: Vec<[f64; 3]>,
    score: f32,
    blendshapes: Blendshapes,
}

impl Landmarks {
    /// A named landmark, x and y.
    pub fn get(&self, point: Point) -> [f64; 2] {
        self.at(point as usize)
    }

    /// A landmark by its number in the mesh, x and y. Numbers above 477 give the last.
    pub fn at(&self, index: usize) -> [f64; 2] {
        let [x, y, _] = self.at3(index);
        [x, y]
    }

    /// A landmark with its depth: smaller is nearer to the camera, on about the scale of x.
    pub fn at3(&self, index: usize) -> [f64; 3] {
        self.points[index.min(COUNT - 1)]
    }

    /// Several landmarks, x and y.
    pub fn pick(&self, indices: &[usize]) -> Vec<[f64; 2]> {
        indices.iter().map(|&index| self.at(index)).collect()
    }

    /// How sure the network is that this is a face, 0 to 1.
    pub fn score(&self) -> f32 {
        self.score
    }

    /// The expression.
    pub fn blendshapes(&self) -> &Blendshapes {
        &self.blendshapes
    }

    /// The middle between the pupils.
    pub fn eye_middle(&self) -> [f64; 2] {
        let (r, l) = (self.get(Point::RightPupil), self.get(Point::LeftPupil));
        [f64::midpoint(r[0], l[0]), f64::midpoint(r[1], l[1])]
    }

    /// Distance between the pupils.
    pub fn inter_eye(&self) -> f64 {
        let (r, l) = (self.get(Point::RightPupil), self.get(Point::LeftPupil));
        (l[0] - r[0]).hypot(l[1] - r[1])
    }

    /// Slope of the line through the pupils, radians, clockwise on the screen.
    pub fn eye_slope_rad(&self) -> f64 {
        let (r, l) = (self.get(Point::RightPupil), self.get(Point::LeftPupil));
        (l[1] - r[1]).atan2(l[0] - r[0])
    }

    /// The similarity that lays this face onto the same face in another picture, by all landmarks.
    pub fn map_onto(&self, other: &Self) -> Similarity {
        let places = self.points.iter().zip(&other.points);
        Similarity::fit_pairs(places.map(|(p, q)| ([p[0], p[1]], [q[0], q[1]])))
    }

    /// The same face in another picture, `place` giving where each of this picture's places lies there.
    pub fn moved(&self, map: &Similarity) -> Self {
        let scale = map.scale();
        let points = self.points.iter().map(|&[x, y, z]| {
            let [x, y] = map.apply([x, y]);
            [x, y, z * scale]
        });
        Self { points: points.collect(), ..self.clone() }
    }
}

/// What the short-range detector saw: a box and the eyes.
struct Detection {
    centre: [f64; 2],
    side: f64,
    right_eye: [f64; 2],
    left_eye: [f64; 2],
}

impl Engine {
    /// The landmarks of one of the faces that [`Engine::faces`] found; `None` where the network sees no face there.
    ///
    /// # Errors
    /// [`VisionError::Run`] or [`VisionError::Shape`].
    pub fn landmarks(&self, picture: &RgbImage, face: &Face) -> Result<Option<Landmarks>, VisionError> {
        let detection = self.detect_near(picture, face)?.unwrap_or_else(|| Detection {
            centre: face.centre(),
            side: face.width.max(face.height),
            right_eye: face.point(FacePoint::RightEye),
            left_eye: face.point(FacePoint::LeftEye),
        });
        let first = self.landmarks_in(picture, &detection)?;
        if first.score() < 0.5 {
            return Ok(None);
        }
        // A second look from the first one's landmarks, as MediaPipe does between the frames of a video: the view no
        // longer depends on the detector's box.
        let again = self.landmarks_in(picture, &view_of(&first))?;
        Ok(Some(if again.score() >= 0.5 { again } else { first }))
    }

    /// The landmarks of a face that moved a little since `before` was seen, in the next picture of a video; `None` where
    /// it is no longer there. As MediaPipe does between frames: one look, and no search.
    ///
    /// # Errors
    /// [`VisionError::Run`] or [`VisionError::Shape`].
    pub fn follow(&self, picture: &RgbImage, before: &Landmarks) -> Result<Option<Landmarks>, VisionError> {
        let found = self.landmarks_in(picture, &view_of(before))?;
        Ok((found.score() >= 0.5).then_some(found))
    }

    /// MediaPipe's own detector on the neighbourhood of a face.
    fn detect_near(&self, picture: &RgbImage, face: &Face) -> Result<Option<Detection>, VisionError> {
        const SIDE: usize = 128;
        let map = Similarity::square(SIDE as f64, face.centre(), face.width.max(face.height) * 2.2, 0.0);
        let values = cut_square(picture, &map, SIDE, Beyond::Black)?;
        let input = values.into_iter().map(|value| value / 127.5 - 1.0).collect();
        let input =
            Array4::from_shape_vec((1, SIDE, SIDE, 3), input).map_err(|_| VisionError::Shape("detector"))?;
        let (boxes, scores) =
            self.detector.run(ort::inputs![TensorRef::from_array_view(&input)?], |outputs| {
                Ok((take(outputs, "regressors", "detector")?, take(outputs, "classificators", "detector")?))
            })?;
        let anchors = anchors::centres();
        if scores.len() != anchors.len() || boxes.len() != anchors.len() * 16 {
            return Err(VisionError::Shape("detector"));
        }
        let Some((best, _)) =
            scores.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).filter(|s| *s.1 > 0.0)
        else {
            return Ok(None);
        };
        // Boxes that agree with the best are averaged by their scores (MediaPipe's weighted suppression).
        let decode = |index: usize| {
            let raw = &boxes[index * 16..index * 16 + 16];
            let [ax, ay] = anchors[index];
            let place = |i: usize| [f64::from(raw[i] + ax), f64::from(raw[i + 1] + ay)];
            (place(0), [f64::from(raw[2]), f64::from(raw[3])], place(4), place(6))
        };
        let (best_centre, best_size, ..) = decode(best);
        let mut sum = [0.0; 9];
        for (index, &logit) in scores.iter().enumerate().filter(|s| *s.1 > 0.0) {
            let (centre, size, right, left) = decode(index);
            if box_overlap(centre, size, best_centre, best_size) <= 0.3 {
                continue;
            }
            let weight = 1.0 / (1.0 + f64::from(-logit).exp());
            let parts = [centre[0], centre[1], size[0], size[1], right[0], right[1], left[0], left[1], 1.0];
            sum.iter_mut().zip(parts).for_each(|(sum, part)| *sum += part * weight);
        }
        let mean = |i: usize| sum[i] / sum[8];
        Ok(Some(Detection {
            centre: map.apply([mean(0), mean(1)]),
            side: mean(2).max(mean(3)) * map.scale(),
            right_eye: map.apply([mean(4), mean(5)]),
            left_eye: map.apply([mean(6), mean(7)]),
        }))
    }

    fn landmarks_in(&self, picture: &RgbImage, detection: &Detection) -> Result<Landmarks, VisionError> {
        const SIDE: usize = 256;
        let [rx, ry] = detection.right_eye;
        let [lx, ly] = detection.left_eye;
        let angle = (ly - ry).atan2(lx - rx);
        let map = Similarity::square(SIDE as f64, detection.centre, detection.side * 1.5, angle);
        let values = cut_square(picture, &map, SIDE, Beyond::Nearest)?;
        let input = values.into_iter().map(|value| value / 255.0).collect();
        let input =
            Array4::from_shape_vec((1, SIDE, SIDE, 3), input).map_err(|_| VisionError::Shape("landmarks"))?;
        let (raw, logit) =
            self.landmarks.run(ort::inputs![TensorRef::from_array_view(&input)?], |outputs| {
                Ok((take(outputs, "Identity", "landmarks")?, take(outputs, "Identity_1", "landmarks")?))
            })?;
        if raw.len() != COUNT * 3 || logit.len() != 1 {
            return Err(VisionError::Shape("landmarks"));
        }
        let scale = map.scale();
        let points: Vec<[f64; 3]> = raw
            .chunks_exact(3)
            .map(|p| {
                let [x, y] = map.apply([f64::from(p[0]), f64::from(p[1])]);
                [x, y, f64::from(p[2]) * scale]
            })
            .collect();
        let score = 1.0 / (1.0 + (-logit[0]).exp());
        let blendshapes = self.blendshapes_of(&points)?;
        Ok(Landmarks { points, score, blendshapes })
    }

    fn blendshapes_of(&self, points: &[[f64; 3]]) -> Result<Blendshapes, VisionError> {
        let flat = FOR_BLENDSHAPES.iter().flat_map(|&i| [points[i][0] as f32, points[i][1] as f32]).collect();
        let input = Array3::from_shape_vec((1, FOR_BLENDSHAPES.len(), 2), flat)
            .map_err(|_| VisionError::Shape("blendshapes"))?;
        self.blendshapes.run(ort::inputs![TensorRef::from_array_view(&input)?], |outputs| {
            let (_, values) = outputs[0].try_extract_tensor::<f32>()?;
            values.try_into().map(Blendshapes::new).map_err(|_| VisionError::Shape("blendshapes"))
        })
    }
}

/// One of a network's answers by its name.
fn take(outputs: &SessionOutputs<'_>, name: &str, model: &'static str) -> Result<Vec<f32>, VisionError> {
    let value = outputs.get(name).ok_or(VisionError::Shape(model))?;
    Ok(value.try_extract_tensor::<f32>()?.1.to_vec())
}

fn box_overlap(a: [f64; 2], a_size: [f64; 2], b: [f64; 2], b_size: [f64; 2]) -> f64 {
    let side = |i: usize| {
        let high = (a[i] + a_size[i] / 2.0).min(b[i] + b_size[i] / 2.0);
        let low = (a[i] - a_size[i] / 2.0).max(b[i] - b_size[i] / 2.0);
        (high - low).max(0.0)
    };
    let shared = side(0) * side(1);
    shared / (a_size[0] * a_size[1] + b_size[0] * b_size[1] - shared).max(f64::MIN_POSITIVE)
}

/// The square around known landmarks, in the frame turned by the eyes.
fn view_of(landmarks: &Landmarks) -> Detection {
    let (right_eye, left_eye) = (landmarks.get(Point::RightEyeOuter), landmarks.get(Point::LeftEyeOuter));
    let angle = (left_eye[1] - right_eye[1]).atan2(left_eye[0] - right_eye[0]);
    let turn = Similarity::about([0.0, 0.0], [0.0, 0.0], 1.0, -angle);
    let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
    for &[x, y, _] in &landmarks.points[..468] {
        let turned = turn.apply([x, y]);
        for axis in 0..2 {
            low[axis] = low[axis].min(turned[axis]);
            high[axis] = high[axis].max(turned[axis]);
        }
    }
    let middle = [f64::midpoint(low[0], high[0]), f64::midpoint(low[1], high[1])];
    Detection {
        centre: turn.inverse().apply(middle),
        side: (high[0] - low[0]).max(high[1] - low[1]),
        right_eye,
        left_eye,
    }
}
