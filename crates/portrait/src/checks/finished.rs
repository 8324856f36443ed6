//! What can be read off the finished file alone, decoded again: geometry, background, borders, the file itself.

use caixiang_domain::{Check, Measurement, Rgb, Unsure};
use caixiang_vision::{Engine, Landmarks, Point};
use image::RgbImage;

use super::region::{distance, median_colour, percentile, rgb};
use crate::framing;
use crate::road::RoadError;
use crate::source::{self, SourceInfo};

/// A pixel farther than this from the backdrop's colour is the person's. JPEG's own error at the floor quality stays
/// below it.
const NOT_BACKDROP: f32 = 30.0;
/// A background whose colours spread more than this has no single colour to compare with.
const PLAIN: f32 = 30.0;

/// A finished file, looked at.
pub(crate) struct Seen {
    pub(crate) measurements: Vec<Measurement>,
    pub(crate) picture: RgbImage,
    pub(crate) landmarks: Landmarks,
    pub(crate) info: SourceInfo,
    pub(crate) people: usize,
    /// The allowed backdrop nearest to the one that was found.
    pub(crate) backdrop: Rgb,
}

/// Measures a finished file; `allowed` are the backdrops that it may have.
///
/// # Errors
/// [`RoadError::Source`] where the file is no picture, [`RoadError::NoFace`] where no face is found on it.
pub(crate) fn finished(bytes: &[u8], allowed: &[Rgb], engine: &Engine) -> Result<Seen, RoadError> {
    let decoded = source::decode_at(bytes, f64::INFINITY)?;
    let picture = decoded.picture;
    let faces = engine.faces(&picture)?;
    let main = faces.first().ok_or(RoadError::NoFace)?;
    let landmarks = engine.landmarks(&picture, main)?.ok_or(RoadError::NoFace)?;
    let people = crate::road::people(&faces);

    let background = Background::look(&picture, &landmarks);
    let backdrop = allowed
        .iter()
        .copied()
        .min_by(|a, b| {
            let to = |c: &Rgb| distance(c.0.map(f32::from), background.colour);
            to(a).total_cmp(&to(b))
        })
        .unwrap_or(Rgb::WHITE);
    let mut measurements = geometry(&picture, &landmarks, &background);
    measurements.extend([
        Measurement::value(Check::BackgroundEven, f64::from(background.spread)),
        Measurement::value(
            Check::BackgroundColour,
            f64::from(distance(backdrop.0.map(f32::from), background.colour)),
        ),
        border(&picture),
    ]);
    measurements.extend(file(&decoded.info));
    Ok(Seen { measurements, picture, landmarks, info: decoded.info, people, backdrop })
}

/// The background beside and above the head.
struct Background {
    colour: [f32; 3],
    /// 90th percentile of the distance from the colour.
    spread: f32,
}

impl Background {
    /// Looks at both upper corners: above the eyes and farther than a face's width from the middle, or at the
    /// outermost columns where the face fills the photo.
    fn look(picture: &RgbImage, landmarks: &Landmarks) -> Self {
        let (low, high) = framing::face_width(landmarks, 0.0);
        let (middle, width) = (f64::midpoint(low, high), high - low);
        let picture_width = f64::from(picture.width());
        let eyes = landmarks.eye_middle()[1].clamp(8.0, f64::from(picture.height()));
        let beside = (width * 0.85).min(middle.min(picture_width - middle) * 0.8);
        let pixels: Vec<(u32, u32)> = (0..eyes as u32)
            .flat_map(|y| (0..picture.width()).map(move |x| (x, y)))
            .filter(|&(x, _)| (f64::from(x) - middle).abs() > beside)
            .collect();
        let colour = median_colour(picture, &pixels);
        let spread = percentile(pixels.iter().map(|&p| distance(rgb(picture, p), colour)).collect(), 0.9);
        Self { colour, spread }
    }
}

/// Heights and widths as 教毕指〔2017〕99号 defines them, by the landmarks and, for the hair's top, by the first row
/// that differs from the backdrop over more than a few pixels above the face.
fn geometry(picture: &RgbImage, landmarks: &Landmarks, background: &Background) -> Vec<Measurement> {
    let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
    let (low, high) = framing::face_width(landmarks, 0.0);
    let chin = landmarks.get(Point::Chin)[1];
    let hair = hair_top(picture, landmarks, background);
    let from_hair = |check, value: &dyn Fn(f64) -> f64| match hair {
        Ok(top) => Measurement::value(check, value(top)),
        Err(why) => Measurement::unknown(check, why),
    };
    vec![
        Measurement::value(Check::EyeLine, landmarks.eye_middle()[1]),
        from_hair(Check::HairTop, &|top| top),
        from_hair(Check::HeadLength, &|top| chin - top),
        Measurement::value(Check::FaceWidth, high - low),
        Measurement::value(Check::BelowChin, height - chin),
        Measurement::value(Check::Centring, (f64::midpoint(low, high) - width / 2.0).abs() / width),
        Measurement::value(Check::EyeTilt, landmarks.eye_slope_rad().to_degrees()),
    ]
}

fn hair_top(picture: &RgbImage, landmarks: &Landmarks, background: &Background) -> Result<f64, Unsure> {
    if background.spread.is_nan() || background.spread >= PLAIN {
        return Err(Unsure::Method);
    }
    let (low, high) = framing::face_width(landmarks, 0.0);
    let width = high - low;
    let from = (low - width * 0.1).clamp(0.0, f64::from(picture.width())) as u32;
    let to = (high + width * 0.1).clamp(0.0, f64::from(picture.width())) as u32;
    let enough = (width * 0.04).max(3.0) as usize;
    let brow = landmarks.get(Point::BetweenBrows)[1].clamp(0.0, f64::from(picture.height())) as u32;
    (0..brow)
        .find(|&y| {
            (from..to).filter(|&x| distance(rgb(picture, (x, y)), background.colour) > NOT_BACKDROP).count()
                >= enough
        })
        .map(f64::from)
        .ok_or(Unsure::NotVisible)
}

/// Borders: for each edge whether its outermost row is one colour from end to end and stands off sharply from the
/// picture within three per cent of the side; the share of such edges.
fn border(picture: &RgbImage) -> Measurement {
    let (width, height) = (picture.width(), picture.height());
    // Line `depth` pixels inside from an edge.
    let line = |edge: u8, depth: u32| -> Vec<[f32; 3]> {
        match edge {
            0 => (0..width).map(|x| rgb(picture, (x, depth))).collect(),
            1 => (0..width).map(|x| rgb(picture, (x, height - 1 - depth))).collect(),
            2 => (0..height).map(|y| rgb(picture, (depth, y))).collect(),
            _ => (0..height).map(|y| rgb(picture, (width - 1 - depth, y))).collect(),
        }
    };
    let colour_of = |line: &[[f32; 3]]| -> [f32; 3] {
        std::array::from_fn(|c| percentile(line.iter().map(|p| p[c]).collect(), 0.5))
    };
    let bordered = (0..4_u8)
        .filter(|&edge| {
            let outer = line(edge, 0);
            let colour = colour_of(&outer);
            let one_colour =
                outer.iter().filter(|&&p| distance(p, colour) < 24.0).count() * 100 >= outer.len() * 97;
            let deepest = (if edge < 2 { height } else { width }) * 3 / 100 + 2;
            // The picture behind a border differs from it nearly everywhere at once.
            one_colour
                && (1..deepest).any(|depth| {
                    let inner = line(edge, depth);
                    inner.iter().filter(|&&p| distance(p, colour) > 48.0).count() * 100 >= inner.len() * 80
                })
        })
        .count();
    Measurement::value(Check::Border, bordered as f64 / 4.0)
}

fn file(info: &SourceInfo) -> Vec<Measurement> {
    let mut all = vec![
        Measurement::value(Check::FileWidth, f64::from(info.width_px)),
        Measurement::value(Check::FileHeight, f64::from(info.height_px)),
        Measurement::value(Check::FileSize, info.bytes as f64),
    ];
    let Some(markers) = &info.markers else {
        // No JPEG at all.
        all.push(Measurement::value(Check::FileClean, 0.0));
        return all;
    };
    let clean = markers.baseline
        && markers.precision_components == Some((8, 3))
        && markers.records == 0
        && !info.reoriented
        && !info.converted;
    all.push(Measurement::value(Check::FileClean, f64::from(u8::from(clean))));
    // Without a density the file prints at a size of the printer's choice: that is 0, not unknown.
    let density = markers.density_dpi.filter(|(x, y)| x == y).map_or(0, |(x, _)| x);
    all.push(Measurement::value(Check::FileDensity, f64::from(density)));
    all.push(match markers.quality {
        Some(quality) => Measurement::value(Check::FileQuality, f64::from(quality)),
        None => Measurement::unknown(Check::FileQuality, Unsure::Method),
    });
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb as Pixel;

    fn border_of(draw: impl Fn(u32, u32) -> [u8; 3]) -> f64 {
        let picture = RgbImage::from_fn(120, 160, |x, y| Pixel(draw(x, y)));
        match border(&picture).reading {
            caixiang_domain::Reading::Value(value) => value,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn sees_borders_and_only_borders() {
        let photo =
            |x: u32, y: u32| if y > 60 && x.abs_diff(60) < 40 { [90, 60, 40] } else { [100, 197, 255] };
        assert_eq!(border_of(photo), 0.0);
        let framed =
            |x: u32, y: u32| if x < 2 || y < 2 || x > 117 || y > 157 { [0, 0, 0] } else { photo(x, y) };
        assert_eq!(border_of(framed), 1.0);
        assert_eq!(border_of(|x, y| if y < 3 { [255, 255, 255] } else { photo(x, y) }), 0.25);
    }
}
