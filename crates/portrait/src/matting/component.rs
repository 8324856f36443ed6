//! What hangs together with the face stays; specks beside the person go.

use caixiang_vision::Mask;

/// Least alpha at which neighbouring pixels hang together.
const CONNECTED: f32 = 0.1;

/// Clears every pixel that no path of pixels above [`CONNECTED`] joins to one of `seeds` (positions row by row).
/// Without seeds nothing changes.
pub(super) fn keep_connected(alpha: &mut Mask, seeds: &[usize]) {
    if seeds.is_empty() {
        return;
    }
    let (width, height) = (alpha.width(), alpha.height());
    let mut reached = vec![false; width * height];
    let mut open: Vec<usize> = seeds.to_vec();
    seeds.iter().for_each(|&at| reached[at] = true);
    while let Some(at) = open.pop() {
        let (x, y) = (at % width, at / width);
        let around = [
            (x > 0).then(|| at - 1),
            (x + 1 < width).then_some(at + 1),
            (y > 0).then(|| at - width),
            (y + 1 < height).then_some(at + width),
        ];
        for next in around.into_iter().flatten() {
            if !reached[next] && alpha.values()[next] > CONNECTED {
                reached[next] = true;
                open.push(next);
            }
        }
    }
    // The faint rim of what stays is kept, too: it is less than a step away.
    let near = |at: usize| {
        let (x, y) = (at % width, at / width);
        (x > 0 && reached[at - 1])
            || (x + 1 < width && reached[at + 1])
            || (y > 0 && reached[at - width])
            || (y + 1 < height && reached[at + width])
    };
    let cleared: Vec<usize> = (0..reached.len()).filter(|&at| !reached[at] && !near(at)).collect();
    let values = alpha.values_mut();
    cleared.into_iter().for_each(|at| values[at] = 0.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speck_goes_and_the_person_stays() {
        let mut alpha = Mask::from_fn(20, 20, |x, y| match (x, y) {
            (2..=8, 2..=18) => 1.0,
            (9, 2..=18) => 0.05,
            (15, 15) => 0.9,
            _ => 0.0,
        });
        keep_connected(&mut alpha, &[5 * 20 + 5]);
        assert_eq!(alpha.at(15, 15), 0.0);
        assert_eq!((alpha.at(5, 17), alpha.at(9, 10)), (1.0, 0.05));
    }
}
