//! The list of everything that is looked at on a photo, each with its unit and its stable code.

use std::fmt;

/// What a measured number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// How many.
    Count,
    /// Pixels of the picture that was measured.
    Pixel,
    /// Degrees of angle.
    Degree,
    /// A share or a score between 0 and 1.
    Share,
    /// A ratio of two like quantities; 1 means equal.
    Ratio,
    /// Grey levels, 0 to 255.
    Level,
    /// A JPEG quality, 1 to 100.
    Quality,
    /// Bytes.
    Byte,
    /// Dots an inch.
    Dpi,
    /// Printed millimetres.
    Millimetre,
}

impl Unit {
    /// The unit's sign as it is written behind a number, the same in every language; empty where there is none.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Count | Self::Share | Self::Ratio | Self::Level | Self::Quality => "",
            Self::Pixel => " px",
            Self::Degree => "°",
            Self::Byte => " B",
            Self::Dpi => " dpi",
            Self::Millimetre => " mm",
        }
    }
}

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $unit:ident;)*) => {
        /// One property of a photo that can be measured and judged.
        ///
        /// The code is stable: presets, reports, the database and the message files use it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Check { $($(#[$doc])* $name,)* }

        impl Check {
            /// Every check, in the order in which a report lists them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable code, `group.name`.
            pub fn code(self) -> &'static str { match self { $(Self::$name => $code,)* } }

            /// What its number counts.
            pub fn unit(self) -> Unit { match self { $(Self::$name => Unit::$unit,)* } }
        }
    };
}

checks! {
    /// People in the picture.
    FaceCount = "face.count", Count;
    /// Width of the face between the cheeks on the camera's picture.
    FaceSize = "face.size", Pixel;
    /// Distance between the pupils on the camera's picture.
    InterEye = "face.inter_eye", Pixel;
    /// A hand, mask or other thing over the face.
    FaceCovered = "face.covered", Share;
    /// Head turned left or right.
    Yaw = "pose.yaw", Degree;
    /// Head raised or lowered.
    Pitch = "pose.pitch", Degree;
    /// Head tilted to a shoulder.
    Roll = "pose.roll", Degree;
    /// Slope of the line through the shoulders.
    ShouldersLevel = "pose.shoulders_level", Degree;
    /// Share of the two shoulders that the frame holds.
    ShouldersInFrame = "pose.shoulders_in_frame", Share;
    /// Opening of the student's right eye (on the left of the picture).
    EyeOpenRight = "eyes.open_right", Ratio;
    /// Opening of the student's left eye.
    EyeOpenLeft = "eyes.open_left", Ratio;
    /// How far the eyes look away from the lens.
    Gaze = "eyes.gaze", Share;
    /// Something over an eye: hair, frame, hand.
    EyesCovered = "eyes.covered", Share;
    /// Red pupils from a flash.
    RedEye = "eyes.red", Share;
    /// Gap between the lips over the distance between the eyes.
    MouthClosed = "mouth.gap", Ratio;
    /// Teeth to be seen.
    Teeth = "mouth.teeth", Share;
    /// How far the expression is from neutral.
    Expression = "mouth.expression", Share;
    /// Hair or something else over the brows.
    BrowsCovered = "hair.brows", Share;
    /// Ears hidden by hair.
    EarsVisible = "hair.ears", Share;
    /// Glasses are worn.
    Glasses = "glasses.worn", Share;
    /// Dark or tinted lenses.
    GlassesTinted = "glasses.tinted", Share;
    /// A reflection over an eye.
    GlassesGlare = "glasses.glare", Share;
    /// A hat, cap or scarf.
    HeadCover = "head.cover", Share;
    /// Brightness of the darker half of the face over the brighter half (阴阳脸).
    LightBalance = "light.balance", Ratio;
    /// The face is too dark.
    Underexposed = "light.under", Share;
    /// The face is too bright.
    Overexposed = "light.over", Share;
    /// Blown highlights on the skin.
    HotSpots = "light.hot_spots", Share;
    /// A tint over the whole picture, or no colour at all.
    ColourCast = "light.colour_cast", Level;
    /// Colour in the face; a black-and-white picture has none.
    ColourPresent = "light.colour_present", Level;
    /// Spread of brightness on the face.
    Contrast = "light.contrast", Level;
    /// Sharpness of the face at the finished size.
    Sharpness = "image.sharpness", Ratio;
    /// Blur in one direction.
    MotionBlur = "image.motion_blur", Ratio;
    /// Noise on the skin.
    Noise = "image.noise", Level;
    /// Enlargement from the camera's picture to the finished photo; above 1 detail is missing.
    Upscaled = "image.upscaled", Ratio;
    /// Quality at which the source JPEG had been compressed.
    Compression = "image.compression", Quality;
    /// Colour distance between the clothes and the new background.
    ClothesBackground = "clothes.background", Level;
    /// Stripes and busy patterns on the clothes.
    ClothesPattern = "clothes.pattern", Level;
    /// Unevenness of the background the student stood before.
    SourceBackground = "background.plain", Level;
    /// Share of the picture in which the cut-out was not certain.
    MatteUnknown = "background.matte_unknown", Share;
    /// Evenness of the finished background.
    BackgroundEven = "background.even", Level;
    /// Distance of the finished background's colour from the one asked for.
    BackgroundColour = "background.colour", Level;
    /// Height of the eyes below the upper edge of the finished photo.
    EyeLine = "geometry.eye_line", Pixel;
    /// Height of the hair's top below the upper edge.
    HairTop = "geometry.hair_top", Pixel;
    /// Width of the face between the cheeks.
    FaceWidth = "geometry.face_width", Pixel;
    /// From the hair's top to the chin.
    HeadLength = "geometry.head_length", Pixel;
    /// From the chin to the lower edge.
    BelowChin = "geometry.below_chin", Pixel;
    /// How far the face stands from the middle, over the photo's width.
    Centring = "geometry.centring", Share;
    /// Slope of the line through the pupils on the finished photo.
    EyeTilt = "geometry.eye_tilt", Degree;
    /// Pixels by which the camera's picture does not reach the frame.
    SourceReach = "geometry.source_reach", Pixel;
    /// A border round the picture.
    Border = "file.border", Share;
    /// Width of the file in pixels.
    FileWidth = "file.width", Pixel;
    /// Height of the file in pixels.
    FileHeight = "file.height", Pixel;
    /// Dots an inch written in the file.
    FileDensity = "file.density", Dpi;
    /// Size of the file.
    FileSize = "file.size", Byte;
    /// JPEG quality of the finished file.
    FileQuality = "file.quality", Quality;
    /// Three 8-bit channels in a baseline JPEG without embedded records (1 = as it should be).
    FileClean = "file.clean", Count;
}

impl Check {
    /// The check with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|check| check.code() == code)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_are_unique_and_read_back() {
        let codes: HashSet<_> = Check::ALL.iter().map(|check| check.code()).collect();
        assert_eq!(codes.len(), Check::ALL.len());
        for &check in Check::ALL {
            assert_eq!(Check::from_code(check.code()), Some(check));
        }
        assert_eq!(Check::from_code("face.beauty"), None);
    }
}
