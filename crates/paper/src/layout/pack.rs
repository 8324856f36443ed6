//! Rows of rectangles: each goes into the first row with room for it, the highest first.

use crate::geometry::SLACK_MM;

/// Where each of these (width, height) lies, in their order, or nothing where they do not all fit.
///
/// First-fit decreasing height (Coffman et al. 1980). All prints of a row share its upper edge, so that straight
/// cuts across the sheet part the rows.
pub(super) fn rows(
    sizes: &[(f64, f64)],
    width_mm: f64,
    height_mm: f64,
    gap_mm: f64,
) -> Option<Vec<(f64, f64)>> {
    struct Row {
        y_mm: f64,
        height_mm: f64,
        used_mm: f64,
    }
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by(|&a, &b| sizes[b].1.total_cmp(&sizes[a].1).then(sizes[b].0.total_cmp(&sizes[a].0)));
    let mut rows: Vec<Row> = Vec::new();
    let mut places = vec![(0.0, 0.0); sizes.len()];
    for index in order {
        let (wide, high) = sizes[index];
        let free = rows.iter_mut().find(|row| {
            row.used_mm + gap_mm + wide <= width_mm + SLACK_MM && high <= row.height_mm + SLACK_MM
        });
        if let Some(row) = free {
            places[index] = (row.used_mm + gap_mm, row.y_mm);
            row.used_mm += gap_mm + wide;
            continue;
        }
        let y_mm = rows.last().map_or(0.0, |row| row.y_mm + row.height_mm + gap_mm);
        if wide > width_mm + SLACK_MM || y_mm + high > height_mm + SLACK_MM {
            return None;
        }
        places[index] = (0.0, y_mm);
        rows.push(Row { y_mm, height_mm: high, used_mm: wide });
    }
    Some(places)
}
