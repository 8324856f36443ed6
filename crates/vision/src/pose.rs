//! Head pose: the canonical face mesh turned until it lies on the landmarks.
//!
//! A weighted orthogonal Procrustes fit of the landmarks that MediaPipe's own geometry module names as rigid, with its
//! weights, in weak perspective; the rotation is the polar factor of the covariance (N. Higham: Computing the Polar
//! Decomposition, 1986). The mesh comes with the landmarker's package.

use std::path::Path;

use prost::Message;

use crate::engine::Engine;
use crate::error::VisionError;
use crate::landmarker::Landmarks;

/// Where a head points, degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Turned to the side: positive to the right of the picture (the student's left).
    pub yaw_deg: f64,
    /// Raised (positive) or lowered (negative).
    pub pitch_deg: f64,
    /// Tilted to a shoulder: positive clockwise on the screen.
    pub roll_deg: f64,
}

#[derive(Clone, PartialEq, Message)]
struct Metadata {
    #[prost(message, optional, tag = "1")]
    mesh: Option<Mesh>,
    #[prost(message, repeated, tag = "2")]
    basis: Vec<Basis>,
}

#[derive(Clone, PartialEq, Message)]
struct Mesh {
    #[prost(float, repeated, packed = "false", tag = "3")]
    vertices: Vec<f32>,
}

#[derive(Clone, PartialEq, Message)]
struct Basis {
    #[prost(uint32, optional, tag = "1")]
    landmark: Option<u32>,
    #[prost(float, optional, tag = "2")]
    weight: Option<f32>,
}

type Vector = [f64; 3];
/// Rows.
type Matrix = [Vector; 3];

/// A rigid point of the canonical face.
#[derive(Debug)]
struct Rigid {
    landmark: usize,
    /// x to the right of the picture, y up, z to the camera.
    place: Vector,
    weight: f64,
}

/// The rigid points of the canonical face.
#[derive(Debug)]
pub(crate) struct FaceMesh {
    basis: Vec<Rigid>,
}

impl FaceMesh {
    pub(crate) fn read(path: &Path) -> Result<Self, VisionError> {
        let damaged = || VisionError::Mesh(path.to_owned());
        let bytes = std::fs::read(path).map_err(|_| VisionError::Missing(path.to_owned()))?;
        let data = Metadata::decode(bytes.as_slice()).map_err(|_| damaged())?;
        // Five floats a vertex: x, y, z and two of texture.
        let vertices = data.mesh.ok_or_else(damaged)?.vertices;
        let basis = data
            .basis
            .iter()
            .map(|basis| {
                let index = basis.landmark.unwrap_or(0) as usize;
                let at = vertices.get(index * 5..index * 5 + 3)?;
                let place = [f64::from(at[0]), f64::from(at[1]), f64::from(at[2])];
                Some(Rigid { landmark: index, place, weight: f64::from(basis.weight?) })
            })
            .collect::<Option<Vec<_>>>()
            .filter(|basis| basis.len() >= 4)
            .ok_or_else(damaged)?;
        Ok(Self { basis })
    }
}

impl Engine {
    /// The pose of a head from its landmarks; not-a-number angles where they lie in no plausible face.
    pub fn pose(&self, landmarks: &Landmarks) -> Pose {
        let seen = |rigid: &Rigid| {
            let [x, y, z] = landmarks.at3(rigid.landmark);
            [x, -y, -z]
        };
        let basis = &self.mesh.basis;
        let total: f64 = basis.iter().map(|rigid| rigid.weight).sum();
        let mean = |place: &dyn Fn(&Rigid) -> Vector| -> Vector {
            std::array::from_fn(|axis| basis.iter().map(|r| place(r)[axis] * r.weight).sum::<f64>() / total)
        };
        let (seen_mean, mesh_mean) = (mean(&seen), mean(&|rigid| rigid.place));
        let covariance: Matrix = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                basis
                    .iter()
                    .map(|r| (seen(r)[i] - seen_mean[i]) * (r.place[j] - mesh_mean[j]) * r.weight)
                    .sum()
            })
        });
        let nowhere = Pose { yaw_deg: f64::NAN, pitch_deg: f64::NAN, roll_deg: f64::NAN };
        rotation_of(covariance).map_or(nowhere, |rotation| angles(&rotation))
    }
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The rotation nearest to a matrix: Newton's iteration for the polar factor, M ← (M + M⁻ᵀ) / 2. `None` where the matrix
/// mirrors or is singular.
fn rotation_of(mut m: Matrix) -> Option<Matrix> {
    for _ in 0..60 {
        // The rows of M⁻ᵀ are the cross products of M's rows over the determinant.
        let cofactors = [cross(m[1], m[2]), cross(m[2], m[0]), cross(m[0], m[1])];
        let determinant = dot(m[0], cofactors[0]);
        let size = m.iter().flatten().fold(0.0_f64, |size, value| size.max(value.abs()));
        if determinant.is_nan() || determinant <= size.powi(3) * 1e-9 {
            return None;
        }
        let next: Matrix =
            std::array::from_fn(|i| std::array::from_fn(|j| (m[i][j] + cofactors[i][j] / determinant) / 2.0));
        let change =
            m.iter().flatten().zip(next.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        m = next;
        if change < 1e-13 {
            return Some(m);
        }
    }
    None
}

/// The angles of a rotation of the face: first roll, then pitch, then yaw.
fn angles(rotation: &Matrix) -> Pose {
    let column = |j: usize| [rotation[0][j], rotation[1][j], rotation[2][j]];
    // Where the face looks: its z axis.
    let look = column(2);
    let yaw = look[0].atan2(look[2]);
    let pitch = look[1].atan2(look[0].hypot(look[2]));
    // Roll is what is left of the face's x axis when yaw and pitch are undone.
    let level = [yaw.cos(), 0.0, -yaw.sin()];
    let up = cross(look, level);
    let roll = -dot(column(0), up).atan2(dot(column(0), level));
    Pose { yaw_deg: yaw.to_degrees(), pitch_deg: pitch.to_degrees(), roll_deg: roll.to_degrees() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(a: Matrix, b: Matrix) -> Matrix {
        std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
    }

    fn turned(yaw: f64, pitch: f64, roll: f64) -> Matrix {
        let (ys, yc) = yaw.to_radians().sin_cos();
        let (ps, pc) = (-pitch).to_radians().sin_cos();
        let (rs, rc) = (-roll).to_radians().sin_cos();
        let about_y = [[yc, 0.0, ys], [0.0, 1.0, 0.0], [-ys, 0.0, yc]];
        let about_x = [[1.0, 0.0, 0.0], [0.0, pc, -ps], [0.0, ps, pc]];
        let about_z = [[rc, -rs, 0.0], [rs, rc, 0.0], [0.0, 0.0, 1.0]];
        product(product(about_y, about_x), about_z)
    }

    #[test]
    fn angles_of_known_turns() {
        for (yaw, pitch, roll) in
            [(0.0, 0.0, 0.0), (20.0, 0.0, 0.0), (0.0, -15.0, 0.0), (0.0, 0.0, 12.0), (25.0, 10.0, -8.0)]
        {
            // A stretch that is symmetric leaves the polar factor alone.
            let stretch = [[900.0, 30.0, 5.0], [30.0, 700.0, -20.0], [5.0, -20.0, 300.0]];
            let pose = angles(&rotation_of(product(turned(yaw, pitch, roll), stretch)).unwrap());
            assert!((pose.yaw_deg - yaw).abs() < 1e-9, "{pose:?}");
            assert!((pose.pitch_deg - pitch).abs() < 1e-9, "{pose:?}");
            assert!((pose.roll_deg - roll).abs() < 1e-9, "{pose:?}");
        }
    }

    #[test]
    fn no_rotation_of_nothing() {
        assert_eq!(rotation_of([[0.0; 3]; 3]), None);
        assert_eq!(rotation_of([[f64::NAN; 3]; 3]), None);
        assert_eq!(rotation_of([[-1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]), None);
    }
}
