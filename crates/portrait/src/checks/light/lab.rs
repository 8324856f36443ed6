//! CIELAB, in which equal distances look about equally large.

use std::sync::LazyLock;

/// Linear light for each sRGB level (IEC 61966-2-1).
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|level| {
        let v = level as f32 / 255.0;
        if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    })
});

/// L\*, a\*, b\* of an sRGB colour under D65 (CIE 15).
pub(in crate::checks) fn lab(colour: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = colour.map(|level| LINEAR[usize::from(level)]);
    // The rows already divided by the white point.
    let x = 0.433_95 * r + 0.376_22 * g + 0.189_83 * b;
    let y = 0.212_67 * r + 0.715_16 * g + 0.072_17 * b;
    let z = 0.017_76 * r + 0.109_47 * g + 0.872_77 * b;
    let [fx, fy, fz] =
        [x, y, z].map(|t| if t > 0.008_856_45 { t.cbrt() } else { 7.787_04 * t + 16.0 / 116.0 });
    [116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_published_values() {
        let cases = [
            ([255, 255, 255], [100.0, 0.0, 0.0]),
            ([0, 0, 0], [0.0, 0.0, 0.0]),
            ([255, 0, 0], [53.24, 80.09, 67.20]),
            ([0, 0, 255], [32.30, 79.19, -107.86]),
            ([128, 128, 128], [53.59, 0.0, 0.0]),
        ];
        for (rgb, wanted) in cases {
            let found = lab(rgb);
            assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 0.1), "{rgb:?}: {found:?}");
        }
    }
}
