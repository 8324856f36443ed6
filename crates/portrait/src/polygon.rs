//! Pixels inside a polygon.

/// The pixels of a `width`×`height` picture whose centres lie inside the polygon (even-odd rule).
pub(crate) fn inside(width: u32, height: u32, polygon: &[[f64; 2]]) -> Vec<(u32, u32)> {
    let (width, height) = (f64::from(width), f64::from(height));
    let low = polygon.iter().map(|p| p[1]).fold(f64::INFINITY, f64::min).clamp(0.0, height);
    let high = polygon.iter().map(|p| p[1]).fold(f64::NEG_INFINITY, f64::max).clamp(0.0, height);
    let mut found = Vec::new();
    for y in low.floor() as u32..high.ceil() as u32 {
        let line = f64::from(y) + 0.5;
        let mut crossings: Vec<f64> = polygon
            .iter()
            .zip(polygon.iter().cycle().skip(1))
            .filter(|(a, b)| (a[1] <= line) != (b[1] <= line))
            .map(|(a, b)| a[0] + (line - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
            .collect();
        crossings.sort_by(f64::total_cmp);
        for pair in crossings.chunks_exact(2) {
            let from = (pair[0] - 0.5).ceil().clamp(0.0, width) as u32;
            let to = (pair[1] - 0.5).ceil().clamp(0.0, width) as u32;
            found.extend((from..to).map(|x| (x, y)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fills_a_square_and_clips_it() {
        assert_eq!(inside(10, 10, &[[2.0, 2.0], [5.0, 2.0], [5.0, 4.0], [2.0, 4.0]]).len(), 6);
        assert_eq!(inside(10, 10, &[[-5.0, -5.0], [2.0, -5.0], [2.0, 20.0], [-5.0, 20.0]]).len(), 20);
        assert!(inside(10, 10, &[]).is_empty());
    }
}
