//! What a roster changes, and that applying it changes nothing more.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn details(id: &str, number: &str, exam: &str, name: &str) -> Details {
    Details::new()
        .with(Field::IdNumber, id)
        .with(Field::StudentNumber, number)
        .with(Field::ExamNumber, exam)
        .with(Field::Name, name)
}

fn known(details: Details) -> Known {
    Known { id: SubjectId::new(), details, has_order: false }
}

fn rows(all: &[Details]) -> Vec<RosterRow> {
    all.iter().zip(2..).map(|(details, row)| RosterRow { row, details: details.clone() }).collect()
}

/// What a plan leaves behind.
fn apply(existing: &[Known], plan: &Plan) -> Vec<Known> {
    let mut after = existing.to_vec();
    for change in &plan.changed {
        let known = after.iter_mut().find(|known| known.id == change.id).unwrap();
        change.apply(&mut known.details);
    }
    after.extend(plan.added.iter().map(|row| known(row.details.clone())));
    after
}

#[test]
fn people_are_found_by_their_numbers() {
    let existing = [
        known(details("A", "1", "", "王明")),
        known(details("", "2", "", "李雷")),
        known(details("", "", "e3", "韩梅梅")),
        known(details("D", "4", "", "不在册")),
    ];
    let incoming = rows(&[
        details("a", "", "", "王明"),
        details("B", "2", "", "李雷"),
        details("", "3", "E3", "韩梅"),
        details("X", "9", "", "新人"),
    ]);
    let plan = plan(&existing, &incoming);
    let changed: Vec<_> = plan
        .changed
        .iter()
        .map(|change| (change.row, change.fields.iter().map(|f| f.field.code()).collect::<Vec<_>>()))
        .collect();
    assert_eq!(plan.added.iter().map(|row| row.row).collect::<Vec<_>>(), [5]);
    let expected =
        [(2, vec!["id_number"]), (3, vec!["id_number"]), (4, vec!["student_number", "name", "exam_number"])];
    assert_eq!(changed, expected);
    assert_eq!(plan.absent_from_file, [existing[3].id]);
    assert_eq!(plan.conflicts, []);
    assert!(!format!("{plan:?}").contains("李雷"));
}

#[test]
fn what_a_row_does_not_say_stays() {
    let existing = [known(details("A", "1", "e", "王明").with(Field::Phone, "13800138000"))];
    let plan = plan(&existing, &rows(&[details("A", "", "", "王明").with(Field::College, "文学院")]));
    let after = apply(&existing, &plan);
    assert_eq!(after[0].details.get(Field::Phone), Some("13800138000"));
    assert_eq!(after[0].details.get(Field::College), Some("文学院"));
    assert_eq!(plan.changed[0].fields.len(), 1);
}

#[test]
fn rows_of_two_people_are_conflicts() {
    let existing = [known(details("A", "1", "", "王明")), known(details("B", "2", "", "李雷"))];
    let swapped = plan(&existing, &rows(&[details("A", "2", "", "王明")]));
    assert_eq!(swapped.conflicts[0].people, [existing[0].id, existing[1].id]);
    assert_eq!((swapped.absent_from_file.len(), swapped.changed.len()), (0, 0));
    let twice = plan(&existing, &rows(&[details("A", "", "", "王明"), details("", "1", "", "王小明")]));
    assert_eq!(
        twice.conflicts.iter().map(|c| (c.row, c.rows.clone())).collect::<Vec<_>>(),
        [(2, vec![3]), (3, vec![2])]
    );
}

fn anybody() -> impl Strategy<Value = Details> {
    let id = select(vec!["", "a", "B", "C", "d"]);
    let number = select(vec!["", "1", "2", "3", "4", "5"]);
    let exam = select(vec!["", "x", "Y"]);
    (id, number, exam, select(vec!["王明", "李雷"])).prop_map(|(i, n, e, name)| details(i, n, e, name))
}

proptest! {
    #[test]
    fn a_plan_that_was_applied_changes_nothing_more(
        before in proptest::collection::vec(anybody(), 0..8),
        incoming in proptest::collection::vec(anybody(), 0..8),
    ) {
        let existing: Vec<Known> = before.into_iter().map(known).collect();
        let numbered: Vec<Details> =
            incoming.into_iter().filter(|details| keys(details).next().is_some()).collect();
        let incoming = rows(&numbered);
        let first = plan(&existing, &incoming);
        prop_assert_eq!(
            first.added.len() + first.changed.len() + first.same + first.conflicts.len(), incoming.len()
        );
        let after = apply(&existing, &first);
        let again = plan(&after, &incoming);
        prop_assert_eq!(again.added.len(), 0);
        prop_assert_eq!(&again.changed, &[]);
        prop_assert_eq!(&again.conflicts, &first.conflicts);
        prop_assert_eq!(&again.absent_from_file, &first.absent_from_file);
    }

    #[test]
    fn the_order_of_rows_does_not_matter(
        before in proptest::collection::vec(anybody(), 0..8),
        (straight, shuffled) in proptest::collection::vec(anybody(), 0..8).prop_map(|all| rows(&all))
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
    ) {
        let existing: Vec<Known> = before.into_iter().map(known).collect();
        let (mut one, mut other) = (plan(&existing, &straight), plan(&existing, &shuffled));
        for plan in [&mut one, &mut other] {
            plan.added.sort_by_key(|row| row.row);
            plan.changed.sort_by_key(|change| change.row);
            plan.conflicts.sort_by_key(|conflict| conflict.row);
        }
        prop_assert_eq!(one, other);
    }
}
