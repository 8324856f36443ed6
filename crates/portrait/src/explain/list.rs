//! The findings in words: failures and open questions large in the column on the right, passed ones small, in as many
//! columns as it takes. Laid out before anything is drawn: the sheet's height follows from it.

use caixiang_domain::{Finding, Verdict};

use super::canvas::{Canvas, Place};
use super::icon::Mark;
use super::letters::Letters;
use super::style::{GRID, HAIRLINE, INK, LARGE_EM, QUIET, SMALL_EM};

/// How one of the two sizes is set, pixels.
#[derive(Clone, Copy)]
struct Setting {
    em: f32,
    line: f32,
    icon: f32,
    /// From the column's left edge to the text.
    indent: f32,
    gap: f32,
}

const LARGE: Setting =
    Setting { em: LARGE_EM, line: 3.25 * GRID, icon: 24.0, indent: 4.5 * GRID, gap: 1.5 * GRID };
const SMALL: Setting =
    Setting { em: SMALL_EM, line: 2.5 * GRID, icon: 14.0, indent: 3.0 * GRID, gap: 0.75 * GRID };

/// Fewer passed findings than this do not follow the large ones in their column.
const FEW: usize = 4;

/// A finding with its words, wrapped.
struct Item {
    mark: Mark,
    lines: Vec<String>,
    setting: Setting,
}

impl Item {
    fn height(&self) -> f32 {
        self.lines.len() as f32 * self.setting.line + self.setting.gap
    }
}

/// A column that passed findings may flow into.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Column {
    pub(super) left: f32,
    pub(super) top: f32,
}

/// The list, laid out.
pub(super) struct List {
    items: Vec<(Place, Item)>,
    rules: Vec<[Place; 2]>,
    /// Where the lowest line ends.
    pub(super) bottom: f32,
}

impl List {
    /// Lays the list out: `first` is the column on the right, `others` take what it cannot hold above `least_bottom`;
    /// all are `width` wide.
    pub(super) fn lay(
        verdict: &Verdict,
        words: &dyn Fn(&Finding) -> String,
        letters: &Letters<'_>,
        (first, others): (Column, &[Column]),
        width: f32,
        least_bottom: f32,
    ) -> Self {
        let item = |finding: &Finding, setting: Setting| {
            let mark = Mark::of(finding)?;
            let lines = letters.wrap(words(finding).trim(), setting.em, width - setting.indent);
            Some(Item { mark, lines, setting })
        };
        let mut items = Vec::new();
        let mut rules = Vec::new();
        let mut y = first.top;
        let failures: Vec<Item> = verdict.failures().filter_map(|f| item(f, LARGE)).collect();
        let unknowns: Vec<Item> = verdict.unknowns().filter_map(|f| item(f, LARGE)).collect();
        let passed: Vec<Item> = verdict
            .findings()
            .iter()
            .filter(|finding| Mark::of(finding) == Some(Mark::Pass))
            .filter_map(|finding| item(finding, SMALL))
            .collect();
        for group in [failures, unknowns] {
            if group.is_empty() {
                continue;
            }
            for item in group {
                let height = item.height();
                items.push(([first.left, y], item));
                y += height;
            }
            rules.push([[first.left, y + GRID * 0.5], [first.left + width, y + GRID * 0.5]]);
            y += 2.0 * GRID;
        }
        let heights: Vec<f32> = passed.iter().map(Item::height).collect();
        let places = places_of(&heights, Column { top: y, ..first }, others, least_bottom);
        let ends = places.iter().zip(&heights).map(|(place, height)| place[1] + height);
        let bottom = ends.fold(least_bottom.max(y), f32::max);
        items.extend(places.into_iter().zip(passed));
        // No rule below which nothing follows.
        if !items.iter().any(|([left, top], _)| *left == first.left && *top >= y - 0.5) {
            rules.pop();
        }
        Self { items, rules, bottom }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas, letters: &Letters<'_>) {
        for &[a, b] in &self.rules {
            canvas.line(a, b, 1.0, HAIRLINE);
        }
        for ([left, top], item) in &self.items {
            let Setting { em, line, icon, indent, .. } = item.setting;
            item.mark.draw(canvas, [left + icon / 2.0, top + line / 2.0], icon);
            let ink = if item.mark == Mark::Pass { QUIET } else { INK };
            for (index, text) in item.lines.iter().enumerate() {
                let middle = top + line * (index as f32 + 0.5);
                letters.write(canvas, [left + indent, middle], em, ink, text);
            }
        }
    }
}

/// Where passed findings of these heights go: as many as fit follow the large ones in `first`, the others are spread
/// evenly over the columns below the pictures, also where `first` reaches farther down.
fn places_of(heights: &[f32], first: Column, others: &[Column], least_bottom: f32) -> Vec<Place> {
    let columns: Vec<Column> = std::iter::once(first).chain(others.iter().copied()).collect();
    let mut bottom = least_bottom.max(first.top);
    let mut places = flow(heights, &columns, &mut bottom);
    let beside = places.iter().filter(|place| place[0] == first.left).count();
    // A few lines at the column's foot would look lost there.
    let beside = if beside < FEW && heights.len() > FEW { 0 } else { beside };
    places.truncate(beside);
    let mut bottom = least_bottom;
    places.extend(flow(&heights[beside..], others, &mut bottom));
    places
}

/// Fills the columns one after the other down to a common bottom, which is lowered until everything has a place.
fn flow(heights: &[f32], columns: &[Column], bottom: &mut f32) -> Vec<Place> {
    loop {
        let mut places = Vec::with_capacity(heights.len());
        let mut columns = columns.iter();
        let mut here = columns.next().map(|column| [column.left, column.top]);
        for &height in heights {
            while let Some([_, y]) = here
                && y + height > *bottom
            {
                here = columns.next().map(|column| [column.left, column.top]);
            }
            let Some(place) = &mut here else { break };
            places.push(*place);
            place[1] += height;
        }
        if places.len() == heights.len() {
            return places;
        }
        *bottom += GRID;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flows_over_and_grows() {
        let columns = [Column { left: 100.0, top: 40.0 }, Column { left: 0.0, top: 80.0 }];
        let mut bottom = 100.0;
        assert_eq!(flow(&[30.0, 30.0], &columns, &mut bottom), [[100.0, 40.0], [100.0, 70.0]]);
        assert_eq!(bottom, 100.0);
        let places = flow(&[30.0; 4], &columns, &mut bottom);
        assert_eq!(places, [[100.0, 40.0], [100.0, 70.0], [100.0, 100.0], [0.0, 80.0]]);
        assert_eq!(bottom, 132.0);
        assert!(flow(&[], &columns, &mut bottom).is_empty());
    }

    #[test]
    fn few_do_not_stand_alone() {
        let (first, below) =
            (Column { left: 100.0, top: 70.0 }, [0.0, 50.0].map(|left| Column { left, top: 80.0 }));
        let places = places_of(&[10.0; 6], first, &below, 90.0);
        assert_eq!(
            places.iter().map(|place| place[0]).collect::<Vec<_>>(),
            [0.0, 0.0, 0.0, 50.0, 50.0, 50.0]
        );
        assert!(places_of(&[10.0; 2], first, &below, 90.0).iter().all(|place| place[0] == 100.0));
    }
}
