//! 采集汇总表: how many are on the roster, collected, missing and rejected, by class and by college.

use std::collections::HashMap;
use std::hash::Hash;

use caixiang_domain::Field;

use super::Lists;
use super::cell::Cell;
use super::sheet::{Column, Sheet};
use crate::record::{Missing, Outcome, Student};

/// How many stand where. Who was rejected is not counted as missing as well: the two and the collected make the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Counts {
    collected: u64,
    missing: u64,
    rejected: u64,
}

impl Counts {
    fn add(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Collected(_) => self.collected += 1,
            Outcome::Missing(Missing::Rejected) => self.rejected += 1,
            Outcome::Missing(_) => self.missing += 1,
        }
    }

    fn cells(self) -> [Cell; 5] {
        let roster = self.collected + self.missing + self.rejected;
        let share = if roster == 0 { 0.0 } else { self.collected as f64 / roster as f64 };
        [
            Cell::Count(roster),
            Cell::Count(self.collected),
            Cell::Count(self.missing),
            Cell::Count(self.rejected),
            Cell::Share(share),
        ]
    }
}

pub(crate) fn sheets(lists: &Lists, students: &[Student]) -> Vec<Sheet> {
    let (college, class) = (Field::College, Field::ClassName);
    vec![
        sheet(lists, students, &lists.words.sheet.by_class, &[college, class]),
        sheet(lists, students, &lists.words.sheet.by_college, &[college]),
    ]
}

/// A row for each group of students who have the same values in these fields, in the order of the roster, college by
/// college.
fn sheet(lists: &Lists, students: &[Student], name: &str, fields: &[Field]) -> Sheet {
    let words = &lists.words.column;
    let mut columns = lists.headers(fields);
    let counted = [&words.roster, &words.collected, &words.missing, &words.rejected, &words.percent];
    columns.extend(counted.map(|word| Column::new(word)));
    let key = |student: &Student| -> Vec<Option<String>> {
        fields.iter().map(|&field| student.details.get(field).map(str::to_owned)).collect()
    };
    let mut groups = grouped(students, key);
    // A roster may come in any order; the classes of a college stand together all the same.
    let first: HashMap<_, _> =
        groups.iter().enumerate().rev().map(|(at, (values, _))| (values.first().cloned(), at)).collect();
    groups.sort_by_key(|(values, _)| first.get(&values.first().cloned()).copied());
    let mut total = Counts::default();
    students.iter().for_each(|student| total.add(&student.outcome));
    let rows = groups
        .into_iter()
        .map(|(values, counts)| {
            let named = values
                .iter()
                .map(|value| Cell::text(value.as_deref().unwrap_or(lists.words.other.not_given.as_str())));
            named.chain(counts.cells()).collect()
        })
        .collect();
    let label = fields.iter().enumerate().map(|(at, _)| match at {
        0 => Cell::text(&lists.words.other.total),
        _ => Cell::text(""),
    });
    let totals = Some(label.chain(total.cells()).collect());
    Sheet { name: name.to_owned(), columns, rows, totals }
}

fn grouped<K: Clone + Eq + Hash>(students: &[Student], key: impl Fn(&Student) -> K) -> Vec<(K, Counts)> {
    let mut places: HashMap<K, usize> = HashMap::new();
    let mut groups: Vec<(K, Counts)> = Vec::new();
    for student in students {
        let key = key(student);
        let at = *places.entry(key.clone()).or_insert(groups.len());
        if at == groups.len() {
            groups.push((key, Counts::default()));
        }
        if let Some((_, counts)) = groups.get_mut(at) {
            counts.add(&student.outcome);
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use caixiang_domain::Details;
    use jiff::civil::date;

    use super::*;
    use crate::lists::{Columns, IdNumbers};
    use crate::words::{Language, Words};

    #[test]
    fn classes_stand_by_college_and_add_up() {
        let student = |college: &str, class: &str, missing| Student {
            details: Details::new().with(Field::College, college).with(Field::ClassName, class),
            outcome: Outcome::Missing(missing),
        };
        let students = [
            student("B", "1", Missing::Waiting),
            student("A", "1", Missing::Rejected),
            student("B", "", Missing::Absent),
            student("B", "1", Missing::Rejected),
        ];
        let words = Words::load(Language::English).unwrap();
        let lists = Lists {
            words: &words,
            title: "",
            made: date(2026, 6, 1).at(0, 0, 0, 0),
            id_numbers: IdNumbers::Whole,
            columns: &Columns::Known,
        };
        let shown = |cells: &[Cell]| -> Vec<String> {
            let shown = |cell: &Cell| match cell {
                Cell::Text(text) => text.clone(),
                Cell::Ordinal(count) | Cell::Count(count) => count.to_string(),
                Cell::Share(share) => format!("{share:.1}"),
            };
            cells.iter().map(shown).collect()
        };
        let sheets = sheets(&lists, &students);
        let rows: Vec<_> = sheets[0].rows.iter().map(|row| shown(row).join(" ")).collect();
        assert_eq!(rows, ["B 1 2 0 1 1 0.0", "B (not given) 1 0 1 0 0.0", "A 1 1 0 0 1 0.0"]);
        assert_eq!(shown(sheets[0].totals.as_deref().unwrap()).join(" "), "Total  4 0 2 2 0.0");
        assert_eq!(shown(sheets[1].totals.as_deref().unwrap()).join(" "), "Total 4 0 2 2 0.0");
    }
}
