//! Every face in a picture, by YuNet (Wu et al. 2023).

use image::RgbImage;
use ndarray::Array4;
use ort::value::TensorRef;

use crate::engine::Engine;
use crate::error::VisionError;
use crate::sampling::resize;

/// Side of the network's input.
const SIDE: usize = 640;
/// Least score of a face. Below 0.7 the negatives of the test photos begin to show faces.
const SCORE: f32 = 0.7;
/// Two boxes that overlap more than this are one face.
const OVERLAP: f64 = 0.3;
/// YuNet was trained on faces of 10 to 300 px. A portrait's face can fill its whole input, so the picture is looked
/// at once more, smaller, unless the first look shows a face of ordinary size.
const SIZES: [f64; 2] = [640.0, 256.0];
/// A face this wide, as a share of the picture's longer side, is the person before the camera; smaller ones alone may
/// be bystanders beside a face too large for the first look.
const ORDINARY: f64 = 0.12;

/// The points YuNet marks on a face. "Left" and "right" are the person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say what they are")]
pub enum FacePoint {
    RightEye,
    LeftEye,
    Nose,
    RightMouth,
    LeftMouth,
}

/// A face in pixels of the picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Left edge of the box.
    pub left: f64,
    /// Upper edge of the box.
    pub top: f64,
    /// Width of the box.
    pub width: f64,
    /// Height of the box.
    pub height: f64,
    /// How sure, 0 to 1.
    pub score: f32,
    points: [[f64; 2]; 5],
}

impl Face {
    /// One of the five points.
    pub fn point(&self, point: FacePoint) -> [f64; 2] {
        self.points[point as usize]
    }

    /// The box's area.
    pub fn area(&self) -> f64 {
        self.width * self.height
    }

    /// The box's middle.
    pub fn centre(&self) -> [f64; 2] {
        [self.left + self.width / 2.0, self.top + self.height / 2.0]
    }

    /// Shared area over joint area.
    fn overlap(&self, other: &Self) -> f64 {
        let side = |a: f64, a_len: f64, b: f64, b_len: f64| ((a + a_len).min(b + b_len) - a.max(b)).max(0.0);
        let shared = side(self.left, self.width, other.left, other.width)
            * side(self.top, self.height, other.top, other.height);
        shared / (self.area() + other.area() - shared).max(f64::MIN_POSITIVE)
    }
}

impl Engine {
    /// Every face, the largest first.
    ///
    /// # Errors
    /// [`VisionError::Run`] or [`VisionError::Shape`].
    pub fn faces(&self, picture: &RgbImage) -> Result<Vec<Face>, VisionError> {
        let [first, second] = SIZES;
        let mut all = self.faces_at(picture, first)?;
        let ordinary = ORDINARY * f64::from(picture.width().max(picture.height()));
        if all.iter().all(|face| face.width < ordinary) {
            all.extend(self.faces_at(picture, second)?);
        }
        let mut kept = keep_strongest(all);
        kept.sort_by(|a, b| b.area().total_cmp(&a.area()));
        Ok(kept)
    }

    fn faces_at(&self, picture: &RgbImage, size: f64) -> Result<Vec<Face>, VisionError> {
        let scale = size / f64::from(picture.width().max(picture.height()));
        let side = |length: u32| ((f64::from(length) * scale).round() as u32).clamp(1, SIDE as u32);
        let small = resize(picture, side(picture.width()), side(picture.height()))?;
        let mut input = Array4::<f32>::zeros((1, 3, SIDE, SIDE));
        for (x, y, pixel) in small.enumerate_pixels() {
            // The network wants blue first.
            for channel in 0..3 {
                input[[0, channel, y as usize, x as usize]] = f32::from(pixel[2 - channel]);
            }
        }
        self.yunet.run(ort::inputs![TensorRef::from_array_view(&input)?], |outputs| {
            let mut found = Vec::new();
            for stride in [8_usize, 16, 32] {
                let get = |name: &str| {
                    let value = outputs.get(format!("{name}_{stride}")).ok_or(VisionError::Shape("yunet"))?;
                    Ok::<_, VisionError>(value.try_extract_tensor::<f32>()?.1)
                };
                let (class, object, boxes, points) = (get("cls")?, get("obj")?, get("bbox")?, get("kps")?);
                let cells = SIDE / stride;
                if class.len() != cells * cells
                    || boxes.len() != class.len() * 4
                    || points.len() != class.len() * 10
                {
                    return Err(VisionError::Shape("yunet"));
                }
                for (index, (class, object)) in class.iter().zip(object).enumerate() {
                    let score = (class.clamp(0.0, 1.0) * object.clamp(0.0, 1.0)).sqrt();
                    if score < SCORE {
                        continue;
                    }
                    let (row, column) = ((index / cells) as f64, (index % cells) as f64);
                    let unit = stride as f64 / scale;
                    let b = &boxes[index * 4..index * 4 + 4];
                    let k = &points[index * 10..index * 10 + 10];
                    let (width, height) = (f64::from(b[2]).exp() * unit, f64::from(b[3]).exp() * unit);
                    found.push(Face {
                        left: (column + f64::from(b[0])) * unit - width / 2.0,
                        top: (row + f64::from(b[1])) * unit - height / 2.0,
                        width,
                        height,
                        score,
                        points: std::array::from_fn(|i| {
                            [(column + f64::from(k[2 * i])) * unit, (row + f64::from(k[2 * i + 1])) * unit]
                        }),
                    });
                }
            }
            Ok(found)
        })
    }
}

/// Of boxes that overlap, the one with the highest score stays.
fn keep_strongest(mut faces: Vec<Face>) -> Vec<Face> {
    faces.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut kept: Vec<Face> = Vec::new();
    for face in faces {
        if kept.iter().all(|other| face.overlap(other) < OVERLAP) {
            kept.push(face);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(left: f64, score: f32) -> Face {
        Face { left, top: 0.0, width: 10.0, height: 10.0, score, points: [[0.0; 2]; 5] }
    }

    #[test]
    fn overlapping_boxes_are_one_face() {
        let kept = keep_strongest(vec![face(0.0, 0.8), face(2.0, 0.9), face(30.0, 0.7)]);
        let seen: Vec<_> = kept.iter().map(|f| (f.left, f.score)).collect();
        assert_eq!(seen, [(2.0, 0.9), (30.0, 0.7)]);
    }
}
