//! Exposure, white balance, focus and zoom: what a camera has of them, and what was chosen.

use std::collections::BTreeMap;

/// What can be governed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlKind {
    /// Exposure time, in the camera's own steps.
    Exposure,
    /// White balance, kelvin.
    WhiteBalance,
    /// Focus, in the camera's own steps.
    Focus,
    /// Zoom, in the camera's own steps.
    Zoom,
}

impl ControlKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Exposure, Self::WhiteBalance, Self::Focus, Self::Zoom];
}

/// A control that the camera has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Control {
    /// What it governs.
    pub kind: ControlKind,
    /// Its value now (the automatic's choice, where that is on and the camera tells).
    pub value: i64,
    /// Smallest value.
    pub min: i64,
    /// Largest value.
    pub max: i64,
    /// Values come in steps of this.
    pub step: i64,
    /// The maker's value.
    pub normal: i64,
    /// Whether the camera governs it by itself now; `None` where it cannot, or cannot be told to.
    pub automatic: Option<bool>,
}

impl Control {
    /// The nearest value that it can have.
    pub fn nearest(&self, value: i64) -> i64 {
        let (min, max) = (self.min.min(self.max), self.max.max(self.min));
        let step = self.step.max(1);
        // The differences are of any two numbers a driver may tell.
        let steps =
            (i128::from(value.clamp(min, max)) - i128::from(min) + i128::from(step) / 2) / i128::from(step);
        let nearest = i128::from(min) + steps * i128::from(step);
        let last = nearest.min(i128::from(max));
        i64::try_from(last).unwrap_or(max)
    }
}

/// What a control is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The camera governs it.
    Automatic,
    /// It keeps this value.
    Value(i64),
}

/// What was chosen, to be said again to a camera that comes back: unplugged, it forgets.
pub(crate) type Chosen = BTreeMap<ControlKind, Setting>;

/// Everything stays as it is now: what the automatic found is kept, and the automatic switched off.
pub(crate) fn locked(controls: &[Control]) -> Chosen {
    controls.iter().map(|control| (control.kind, Setting::Value(control.nearest(control.value)))).collect()
}

/// Everything that can govern itself does.
pub(crate) fn unlocked(controls: &[Control]) -> Chosen {
    let governs = |control: &&Control| control.automatic.is_some();
    controls.iter().filter(governs).map(|control| (control.kind, Setting::Automatic)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn control(kind: ControlKind, value: i64, automatic: Option<bool>) -> Control {
        Control { kind, value, min: 0, max: 250, step: 5, normal: 0, automatic }
    }

    #[test]
    fn locking_keeps_values_and_unlocking_gives_them_back() {
        let controls =
            [control(ControlKind::Exposure, 132, Some(true)), control(ControlKind::Zoom, 100, None)];
        let kept = locked(&controls);
        assert_eq!(kept[&ControlKind::Exposure], Setting::Value(130));
        assert_eq!(kept[&ControlKind::Zoom], Setting::Value(100));
        assert_eq!(unlocked(&controls), Chosen::from([(ControlKind::Exposure, Setting::Automatic)]));
    }

    proptest! {
        #[test]
        fn the_nearest_value_is_one_the_camera_has(
            min in any::<i64>(), max in any::<i64>(), step in any::<i64>(), value in any::<i64>()
        ) {
            let control = Control { min, max, step, ..control(ControlKind::Focus, 0, None) };
            let nearest = control.nearest(value);
            prop_assert!(nearest >= min.min(max) && nearest <= max.max(min));
        }
    }
}
