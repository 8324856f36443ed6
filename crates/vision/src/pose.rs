//! Head pose: the canonical face mesh turned until it lies on the landmarks.
//!
//! A weighted orthogonal Procrustes fit (Kabsch 1976) of the landmarks that MediaPipe's own geometry module names as
//! rigid, with its weights, in weak perspective. The mesh comes with the landmarker's package.

use std::path::Path;

use nalgebra::{Matrix3, Vector3};
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

/// The rigid points of the canonical face.
#[derive(Debug)]
pub(crate) struct FaceMesh {
    /// Landmark, place (x to the right of the picture, y up, z to the camera), weight.
    basis: Vec<(usize, Vector3<f64>, f64)>,
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
                let place = Vector3::new(f64::from(at[0]), f64::from(at[1]), f64::from(at[2]));
                Some((index, place, f64::from(basis.weight?)))
            })
            .collect::<Option<Vec<_>>>()
            .filter(|basis| basis.len() >= 4)
            .ok_or_else(damaged)?;
        Ok(Self { basis })
    }
}

impl Engine {
    /// The pose of a head from its landmarks.
    pub fn pose(&self, landmarks: &Landmarks) -> Pose {
        let seen = |index: usize| {
            let [x, y, z] = landmarks.at3(index);
            Vector3::new(x, -y, -z)
        };
        let basis = &self.mesh.basis;
        let total: f64 = basis.iter().map(|b| b.2).sum();
        let mean = |place: &dyn Fn(&(usize, Vector3<f64>, f64)) -> Vector3<f64>| {
            basis.iter().map(|b| place(b) * b.2).sum::<Vector3<f64>>() / total
        };
        let seen_mean = mean(&|b| seen(b.0));
        let mesh_mean = mean(&|b| b.1);
        let spread: Matrix3<f64> =
            basis.iter().map(|b| (seen(b.0) - seen_mean) * (b.1 - mesh_mean).transpose() * b.2).sum();
        let svd = spread.svd(true, true);
        let (Some(u), Some(vt)) = (svd.u, svd.v_t) else {
            return Pose { yaw_deg: f64::NAN, pitch_deg: f64::NAN, roll_deg: f64::NAN };
        };
        let mirror = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, (u * vt).determinant().signum()));
        angles(&(u * mirror * vt))
    }
}

/// The angles of a rotation of the face: first roll, then pitch, then yaw.
fn angles(rotation: &Matrix3<f64>) -> Pose {
    // Where the face looks: its z axis.
    let look = rotation.column(2);
    let yaw = look[0].atan2(look[2]);
    let pitch = look[1].atan2(look[0].hypot(look[2]));
    // Roll is what is left of the face's x axis when yaw and pitch are undone.
    let level = Vector3::new(yaw.cos(), 0.0, -yaw.sin());
    let up = Vector3::new(look[0], look[1], look[2]).cross(&level);
    let x = rotation.column(0);
    let roll = -(x.dot(&up)).atan2(x.dot(&level));
    Pose { yaw_deg: yaw.to_degrees(), pitch_deg: pitch.to_degrees(), roll_deg: roll.to_degrees() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Rotation3;

    #[test]
    fn angles_of_known_turns() {
        for (yaw, pitch, roll) in
            [(0.0, 0.0, 0.0), (20.0, 0.0, 0.0), (0.0, -15.0, 0.0), (0.0, 0.0, 12.0), (25.0, 10.0, -8.0)]
        {
            let yaw_turn = Rotation3::from_axis_angle(&Vector3::y_axis(), f64::to_radians(yaw));
            let pitch_turn = Rotation3::from_axis_angle(&Vector3::x_axis(), f64::to_radians(-pitch));
            let roll_turn = Rotation3::from_axis_angle(&Vector3::z_axis(), f64::to_radians(-roll));
            let pose = angles((yaw_turn * pitch_turn * roll_turn).matrix());
            assert!((pose.yaw_deg - yaw).abs() < 1e-9, "{pose:?}");
            assert!((pose.pitch_deg - pitch).abs() < 1e-9, "{pose:?}");
            assert!((pose.roll_deg - roll).abs() < 1e-9, "{pose:?}");
        }
    }
}
