//! The fixed grid of anchors of MediaPipe's short-range face detector.

/// Centres of the 896 anchors in input pixels (128×128): strides 8 (2 a cell) and 16 (6 a cell).
pub(crate) fn centres() -> Vec<[f32; 2]> {
    let mut all = Vec::with_capacity(896);
    for (stride, per_cell) in [(8_u16, 2), (16, 6)] {
        let cells = 128 / stride;
        let centre = |cell: u16| (f32::from(cell) + 0.5) * f32::from(stride);
        for row in 0..cells {
            for column in 0..cells {
                all.extend(std::iter::repeat_n([centre(column), centre(row)], per_cell));
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    #[test]
    fn as_many_as_the_network_answers() {
        let all = super::centres();
        assert_eq!(all.len(), 896);
        assert_eq!(all[0], [4.0, 4.0]);
        assert_eq!(all[895], [120.0, 120.0]);
    }
}
