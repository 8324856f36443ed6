//! Stub.

use caixiang_domain::{Measurement, Rgb};

use super::Scene;

pub(super) fn measure(_scene: &Scene<'_>, _backdrop: Rgb) -> Vec<Measurement> {
    Vec::new()
}
