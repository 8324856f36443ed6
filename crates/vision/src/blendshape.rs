//! The 52 expression coefficients of MediaPipe's face landmarker.

macro_rules! blendshapes {
    ($($name:ident),* $(,)?) => {
        /// One coefficient, in the order of the network's output. "Left" and "right" are the person's own.
        #[allow(missing_docs, reason = "the names are the field's own and say what they are")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Blendshape { $($name,)* }

        impl Blendshape {
            /// All 52.
            pub const ALL: [Self; 52] = [$(Self::$name,)*];
        }
    };
}

blendshapes! {
    Neutral, BrowDownLeft, BrowDownRight, BrowInnerUp, BrowOuterUpLeft, BrowOuterUpRight, CheekPuff,
    CheekSquintLeft, CheekSquintRight, EyeBlinkLeft, EyeBlinkRight, EyeLookDownLeft, EyeLookDownRight,
    EyeLookInLeft, EyeLookInRight, EyeLookOutLeft, EyeLookOutRight, EyeLookUpLeft, EyeLookUpRight,
    EyeSquintLeft, EyeSquintRight, EyeWideLeft, EyeWideRight, JawForward, JawLeft, JawOpen, JawRight,
    MouthClose, MouthDimpleLeft, MouthDimpleRight, MouthFrownLeft, MouthFrownRight, MouthFunnel, MouthLeft,
    MouthLowerDownLeft, MouthLowerDownRight, MouthPressLeft, MouthPressRight, MouthPucker, MouthRight,
    MouthRollLower, MouthRollUpper, MouthShrugLower, MouthShrugUpper, MouthSmileLeft, MouthSmileRight,
    MouthStretchLeft, MouthStretchRight, MouthUpperUpLeft, MouthUpperUpRight, NoseSneerLeft, NoseSneerRight,
}

/// All coefficients of one face, each 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Blendshapes([f32; 52]);

impl Blendshapes {
    pub(crate) fn new(values: [f32; 52]) -> Self {
        Self(values)
    }

    /// One coefficient.
    pub fn get(&self, shape: Blendshape) -> f32 {
        self.0[shape as usize]
    }

    /// The larger of two, for shapes that come in pairs.
    pub fn larger(&self, a: Blendshape, b: Blendshape) -> f32 {
        self.get(a).max(self.get(b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indices_follow_the_network() {
        assert_eq!(Blendshape::ALL[9], Blendshape::EyeBlinkLeft);
        assert_eq!(Blendshape::JawOpen as usize, 25);
        assert_eq!(Blendshape::MouthSmileRight as usize, 45);
        assert_eq!(Blendshape::NoseSneerRight as usize, 51);
    }
}
