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

/// Between failures, open questions and passed ones.
const GROUP: f32 = 2.0 * GRID;
/// Fewer passed findings than this do not stand at the foot of a column of large ones.
const FEW: usize = 4;

/// The sheet grows by as much as this before large ones leave the first column.
const KEEP: f32 = 36.0 * GRID;

/// A finding with its words, wrapped.
struct Item {
    mark: Mark,
    lines: Vec<String>,
    setting: Setting,
}

/// What an item takes of a column: its height, and the room above it where it is not the column's first.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Size {
    height: f32,
    lead: f32,
}

/// A column that findings may flow into.
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
    /// Lays the list out: `columns` are filled in turn, the first as far down as `least_bottom` and farther only where
    /// the others are as full; all are `width` wide.
    pub(super) fn lay(
        verdict: &Verdict,
        words: &dyn Fn(&Finding) -> String,
        letters: &Letters<'_>,
        columns: &[Column],
        width: f32,
        least_bottom: f32,
    ) -> Self {
        let item = |finding: &Finding, setting: Setting| {
            let mark = Mark::of(finding)?;
            let lines = letters.wrap(words(finding).trim(), setting.em, width - setting.indent);
            Some(Item { mark, lines, setting })
        };
        let passed = verdict.findings().iter().filter(|finding| Mark::of(finding) == Some(Mark::Pass));
        let groups: [Vec<Item>; 3] = [
            verdict.failures().filter_map(|finding| item(finding, LARGE)).collect(),
            verdict.unknowns().filter_map(|finding| item(finding, LARGE)).collect(),
            passed.filter_map(|finding| item(finding, SMALL)).collect(),
        ];
        let small = groups[2].len();
        let sizes: Vec<Size> = groups
            .iter()
            .flat_map(|group| group.iter().enumerate())
            .map(|(index, item)| Size {
                height: item.lines.len() as f32 * item.setting.line + item.setting.gap,
                lead: if index == 0 { GROUP } else { 0.0 },
            })
            .collect();
        let places = places_of(&sizes, sizes.len() - small, columns, least_bottom);

        let is_top = |place: &Place| columns.iter().any(|column| *place == [column.left, column.top]);
        let rules = places.iter().zip(&sizes).filter(|(place, size)| size.lead > 0.0 && !is_top(place));
        let rules = rules.map(|(&[left, top], size)| {
            let y = (top - size.lead / 2.0 - GRID / 2.0).round() + 0.5;
            [[left, y], [left + width, y]]
        });
        let rules = rules.collect();
        let ends = places.iter().zip(&sizes).map(|(place, size)| place[1] + size.height);
        let bottom = ends.fold(least_bottom, f32::max);
        let items = places.into_iter().zip(groups.into_iter().flatten()).collect();
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

/// Where items of these sizes go; those from number `small` on are small ones. What the first column cannot hold is
/// spread evenly over the others, also where the first reaches farther down.
fn places_of(sizes: &[Size], small: usize, columns: &[Column], least_bottom: f32) -> Vec<Place> {
    let Some((first, others)) = columns.split_first() else { return Vec::new() };
    let large = sizes[..small].iter().map(|size| size.height + size.lead).sum::<f32>();
    let start = if first.top + large <= least_bottom + KEEP {
        least_bottom.max(first.top + large)
    } else {
        least_bottom
    };
    let mut bottom = start;
    let mut places = flow(sizes, columns, &mut bottom, None);
    let in_first = |places: &[Place]| places.iter().take_while(|place| place[0] == first.left).count();
    let small_there = in_first(&places).saturating_sub(small);
    // A few small ones at the column's foot would look lost there.
    let apart = small > 0 && small_there > 0 && small_there < FEW && small + small_there < sizes.len();
    let fresh = apart.then_some(small);
    if apart {
        bottom = start;
        places = flow(sizes, columns, &mut bottom, fresh);
    }
    places.truncate(in_first(&places));
    let fresh = fresh.and_then(|index| index.checked_sub(places.len()));
    let mut bottom = least_bottom;
    let rest = flow(&sizes[places.len()..], others, &mut bottom, fresh);
    places.extend(rest);
    places
}

/// Fills the columns one after the other down to a common bottom, which is lowered until everything has a place. Item
/// number `fresh` begins a column.
fn flow(sizes: &[Size], columns: &[Column], bottom: &mut f32, fresh: Option<usize>) -> Vec<Place> {
    'lower: loop {
        let mut places = Vec::with_capacity(sizes.len());
        let mut rest = columns.iter();
        let Some(mut column) = rest.next() else { return places };
        let mut y = column.top;
        for (index, size) in sizes.iter().enumerate() {
            let lead = |y: f32, top: f32| if y > top { size.lead } else { 0.0 };
            while y + lead(y, column.top) + size.height > *bottom || (fresh == Some(index) && y > column.top)
            {
                let Some(next) = rest.next() else {
                    *bottom += GRID;
                    continue 'lower;
                };
                column = next;
                y = column.top;
            }
            let top = y + lead(y, column.top);
            places.push([column.left, top]);
            y = top + size.height;
        }
        return places;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { left: 100.0, top: 40.0 },
        Column { left: 0.0, top: 80.0 },
        Column { left: 50.0, top: 80.0 },
    ];

    fn sizes<const N: usize>(height: f32) -> [Size; N] {
        [Size { height, lead: 0.0 }; N]
    }

    #[test]
    fn flows_over_and_grows() {
        let mut bottom = 100.0;
        assert_eq!(flow(&sizes::<2>(30.0), &COLUMNS, &mut bottom, None), [[100.0, 40.0], [100.0, 70.0]]);
        assert_eq!(bottom, 100.0);
        let places = flow(&sizes::<4>(30.0), &COLUMNS[..2], &mut bottom, None);
        assert_eq!(places, [[100.0, 40.0], [100.0, 70.0], [100.0, 100.0], [0.0, 80.0]]);
        assert_eq!(bottom, 132.0);
        assert!(flow(&[], &COLUMNS, &mut bottom, None).is_empty());
        assert!(flow(&sizes::<2>(30.0), &[], &mut bottom, None).is_empty());
    }

    #[test]
    fn groups_keep_apart_but_not_at_a_column_s_top() {
        let sizes = [Size { height: 20.0, lead: 10.0 }; 3];
        let places = flow(&sizes, &COLUMNS, &mut 90.0, None);
        assert_eq!(places, [[100.0, 40.0], [100.0, 70.0], [0.0, 80.0]]);
    }

    #[test]
    fn a_few_small_ones_do_not_stand_alone() {
        let lefts = |places: Vec<Place>| places.iter().map(|place| place[0]).collect::<Vec<_>>();
        // Three large ones leave room for two of six small ones.
        let places = places_of(&sizes::<9>(10.0), 3, &COLUMNS, 90.0);
        assert_eq!(lefts(places), [100.0, 100.0, 100.0, 0.0, 0.0, 0.0, 50.0, 50.0, 50.0]);
        // Where these two are all, they stay.
        assert_eq!(lefts(places_of(&sizes::<5>(10.0), 3, &COLUMNS, 90.0)), [100.0; 5]);
        // Without large ones nothing stands alone.
        assert_eq!(lefts(places_of(&sizes::<7>(10.0), 0, &COLUMNS, 90.0))[..5], [100.0; 5]);
    }
}
