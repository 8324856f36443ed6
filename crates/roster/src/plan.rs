//! What a roster changes in what is known, worked out before anything is changed. Pure, in linear time.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use caixiang_domain::{Details, Field, SubjectId};

use crate::judge::RosterRow;

/// The numbers that tell a person, the surest first.
const NUMBERS: [Field; 3] = [Field::IdNumber, Field::StudentNumber, Field::ExamNumber];

/// A person that is known.
#[derive(Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub id: SubjectId,
    /// What is known of them.
    pub details: Details,
    /// They have an order, on which a change will show.
    pub has_order: bool,
}

/// One value that changes.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which.
    pub field: Field,
    /// What is known.
    pub old: Option<String>,
    /// What the roster says.
    pub new: String,
}

/// A person of whom the roster says something else or more.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Who.
    pub id: SubjectId,
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// What changes, by field; never empty.
    pub fields: Vec<FieldChange>,
    /// They have an order, on which the change will show.
    pub has_order: bool,
}

impl Change {
    /// Makes the change.
    pub fn apply(&self, details: &mut Details) {
        for change in &self.fields {
            details.set(change.field, &change.new);
        }
    }
}

/// A row that is not applied: its numbers are of different people, or other rows have one of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// The row as the spreadsheet shows it.
    pub row: u32,
    /// The people that its numbers are of.
    pub people: Vec<SubjectId>,
    /// Other rows with one of its numbers, or of the same person.
    pub rows: Vec<u32>,
}

/// What a roster changes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Plan {
    /// Rows of people who are not known.
    pub added: Vec<RosterRow>,
    /// People of whom something changes.
    pub changed: Vec<Change>,
    /// How many people stay as they are.
    pub same: usize,
    /// People of whom the roster does not speak; nothing is done to them.
    pub absent_from_file: Vec<SubjectId>,
    /// Rows that are not applied.
    pub conflicts: Vec<Conflict>,
}

/// Compares a roster with what is known. A person is the one with the same document number, student number or exam
/// number; what a row does not say stays.
pub fn plan(existing: &[Known], incoming: &[RosterRow]) -> Plan {
    let mut people: HashMap<(Field, String), Vec<usize>> = HashMap::new();
    for (at, known) in existing.iter().enumerate() {
        for key in keys(&known.details) {
            people.entry(key).or_default().push(at);
        }
    }
    let mut rows: HashMap<(Field, String), Vec<usize>> = HashMap::new();
    let mut rows_of: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut matches: Vec<BTreeSet<usize>> = Vec::with_capacity(incoming.len());
    for (at, row) in incoming.iter().enumerate() {
        let mut matched = BTreeSet::new();
        for key in keys(&row.details) {
            matched.extend(people.get(&key).into_iter().flatten());
            rows.entry(key).or_default().push(at);
        }
        for &person in &matched {
            rows_of.entry(person).or_default().push(at);
        }
        matches.push(matched);
    }
    for rows in rows.values_mut().chain(rows_of.values_mut()) {
        rows.sort_by_key(|&at| incoming.get(at).map(|row| row.row));
    }
    let mut plan = Plan::default();
    for (at, (row, matched)) in incoming.iter().zip(&matches).enumerate() {
        let of_keys = keys(&row.details).filter_map(|key| rows.get(&key));
        let of_people = matched.iter().filter_map(|person| rows_of.get(person));
        // A few are enough to say why; all of them for each would not be linear.
        let others: BTreeSet<u32> = of_keys
            .chain(of_people)
            .flat_map(|rows| rows.iter().filter(|&&other| other != at).take(5))
            .filter_map(|&other| incoming.get(other).map(|row| row.row))
            .collect();
        let person = matched.first().and_then(|&person| existing.get(person));
        match (matched.len(), person) {
            (0 | 1, _) if !others.is_empty() => plan.conflicts.push(conflict(row, matched, existing, others)),
            (0, _) => plan.added.push(row.clone()),
            (1, Some(known)) => {
                let fields = changes(&known.details, &row.details);
                if fields.is_empty() {
                    plan.same += 1;
                } else {
                    let change = Change { id: known.id, row: row.row, fields, has_order: known.has_order };
                    plan.changed.push(change);
                }
            }
            _ => plan.conflicts.push(conflict(row, matched, existing, others)),
        }
    }
    let absent = existing.iter().enumerate().filter(|(at, _)| !rows_of.contains_key(at));
    plan.absent_from_file = absent.map(|(_, known)| known.id).collect();
    plan
}

fn conflict(
    row: &RosterRow,
    matched: &BTreeSet<usize>,
    existing: &[Known],
    others: BTreeSet<u32>,
) -> Conflict {
    Conflict {
        row: row.row,
        people: matched.iter().filter_map(|&at| existing.get(at).map(|known| known.id)).collect(),
        rows: others.into_iter().collect(),
    }
}

/// The numbers by which a person is found, as they are compared.
fn keys(details: &Details) -> impl Iterator<Item = (Field, String)> {
    NUMBERS.into_iter().filter_map(|field| {
        let number = details.get(field)?;
        Some((field, number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()))
    })
}

/// What the new details say that the old do not.
fn changes(old: &Details, new: &Details) -> Vec<FieldChange> {
    new.iter()
        .filter(|(field, value)| old.get(*field) != Some(value))
        .map(|(field, value)| FieldChange {
            field,
            old: old.get(field).map(str::to_owned),
            new: value.to_owned(),
        })
        .collect()
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known({})", self.id)
    }
}

impl fmt::Debug for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldChange({})", self.field.code())
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
