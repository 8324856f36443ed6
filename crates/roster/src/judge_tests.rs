//! What is judged wrong and what is not.

use proptest::prelude::*;

use super::*;

/// The example of GB 11643, a woman born on 1949-12-31.
const WOMAN: &str = "11010519491231002X";

fn table(rows: &[&[&str]]) -> Table {
    let rows = rows.iter().zip(1..).map(|(cells, number)| Row {
        number,
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
        flags: Vec::new(),
    });
    Table { rows: rows.collect() }
}

fn judged(rows: &[&[&str]]) -> Judged {
    let header: &[&str] = &["学号", "姓名", "身份证号", "性别", "出生日期", "手机号", "备注"];
    let table = table(&[&[header], rows].concat());
    judge(&table, &Mapping::guess(&table)).unwrap()
}

/// The problems of one row: code and column.
fn check(row: &[&str], expected: &[(&str, Option<usize>)]) {
    let judged = judged(&[row]);
    let found: Vec<_> = judged.problems.iter().map(|p| (p.problem.code(), p.column)).collect();
    assert_eq!(found, expected, "{row:?}");
}

#[test]
fn numbers_are_checked() {
    check(&["1", "王明", WOMAN], &[]);
    check(&["1", "王明", "110105194912310021"], &[("checksum", Some(2))]);
    check(&["1", "王明", "1101051949123100"], &[("length", Some(2))]);
    check(&["1", "王明", "110105491231002"], &[("length", Some(2))]);
    check(&["1", "王明", "11010519491231002X1"], &[("length", Some(2))]);
    check(&["1", "王明", "11010519491331002X"], &[("id_date", Some(2))]);
    check(&["1", "王明", "110105王明"], &[("id_character", Some(2))]);
    check(&["1", "王明", "110105194912310000"], &[("number_rounded", Some(2))]);
    check(&["1", "王明", "1.10105E+17"], &[("number_rounded", Some(2))]);
    check(&["2.02012E+11", "王明", WOMAN], &[("number_rounded", Some(0))]);
    check(&["1", "John", "E12345678"], &[]);
    check(&["1", "陈明", "H12345678"], &[]);
    check(&["1", "林明", "12345678"], &[]);
}

#[test]
fn what_is_missing_and_what_contradicts() {
    check(&["1", "", WOMAN], &[("missing", Some(1))]);
    check(&["", "王明", ""], &[("missing", None)]);
    check(&["", "王明", WOMAN], &[]);
    check(&["", "王明", "1101051949"], &[("length", Some(2))]);
    check(&["1", "王明", WOMAN, "女", "1949/12/31"], &[]);
    check(
        &["1", "王明", WOMAN, "男", "1949/12/30"],
        &[("sex_mismatch", Some(3)), ("birth_mismatch", Some(4))],
    );
    check(&["1", "王明", "", "男", "1949/13/30"], &[("bad_date", Some(4))]);
    check(&["1", "王明", "", "", "", "12"], &[("bad_phone", Some(5))]);
    check(&["1", "王明", "", "", "", "", &"很".repeat(201)], &[("too_long", Some(6))]);
    check(&["1", &"王".repeat(201), "", "", "", "", ""], &[("too_long", Some(1))]);
}

#[test]
fn warnings_are_taken_and_errors_are_not() {
    let judged = judged(&[
        &["1", "王明", WOMAN, "男"],
        &["2", ""],
        &["学号", "姓名", "身份证号", "性别", "出生日期", "手机号", "备注"],
        &["", "", "", "", "", "", "", "合计"],
        &["3", "李雷"],
    ]);
    let expected = Counts { rows: 3, taken: 2, refused: 1, warned: 1, skipped: 2 };
    assert_eq!(judged.counts, expected);
    assert_eq!(judged.rows.iter().map(|row| row.row).collect::<Vec<_>>(), [2, 6]);
    assert_eq!(judged.rows[0].details.get(Field::IdNumber), Some(WOMAN));
    assert!(!format!("{judged:?}").contains("1101"));
}

#[test]
fn duplicates_name_the_other_row() {
    let of = |judged: &Judged| -> Vec<(u32, Option<Field>, Problem)> {
        judged.problems.iter().map(|problem| (problem.row, problem.field, problem.problem)).collect()
    };
    let number = Some(Field::StudentNumber);
    let other = |other_row| Problem::Duplicate { other_row };
    let differ = judged(&[&["a1", "王明"], &["2", "李雷"], &["A1", "韩梅梅"], &["a1", "王明"]]);
    assert_eq!(of(&differ), [(2, number, other(4)), (4, number, other(2)), (5, number, other(2))]);
    assert_eq!(differ.counts.taken, 1);
    let alike = judged(&[&["1", "王明"], &["1", "王明"]]);
    assert_eq!(of(&alike), [(3, number, other(2))]);
    assert_eq!(alike.counts.taken, 1);
    let same_id = judged(&[&["1", "王明", WOMAN], &["2", "李雷", "11010519491231002x"]]);
    assert_eq!(of(&same_id).iter().map(|found| found.1).collect::<Vec<_>>(), [Some(Field::IdNumber); 2]);
}

#[test]
fn what_happened_in_the_spreadsheet_is_told() {
    let mut table = table(&[&["学号", "姓名", "备注", "手机号"], &["1", "王明", "", "2"]]);
    let mapping = Mapping::guess(&table);
    let mut codes = |flags: &[(usize, Flag)]| {
        table.rows[1].flags = flags.to_vec();
        let judged = judge(&table, &mapping).unwrap();
        judged.problems.iter().map(|p| (p.problem.code(), p.severity())).collect::<Vec<_>>()
    };
    use Severity::{Error, Warning};
    assert_eq!(
        codes(&[(0, Flag::Rounded), (3, Flag::Rounded)]),
        [("number_rounded", Error), ("number_rounded", Warning)]
    );
    assert_eq!(
        codes(&[(1, Flag::Cut), (3, Flag::SheetError)]),
        [("too_long", Error), ("sheet_error", Warning)]
    );
    assert_eq!(codes(&[(2, Flag::Rounded)]), [("bad_phone", Warning)]);
}

#[test]
fn a_mapping_that_does_not_fit_is_refused() {
    let one = table(&[&["学号", "姓名"]]);
    let twice = Mapping { header_row: 0, columns: vec![Some(Field::Name), Some(Field::Name)] };
    let beyond = Mapping { header_row: 1, columns: vec![] };
    for mapping in [twice, beyond] {
        assert_eq!(judge(&one, &mapping).map_err(|error| error.code()), Err("roster.bad_mapping"));
    }
    let wide = Mapping { header_row: 0, columns: vec![None; 500] };
    assert_eq!(judge(&one, &wide).unwrap(), Judged::default());
}

proptest! {
    #[test]
    fn every_row_is_counted_once(
        cells in proptest::collection::vec(proptest::collection::vec("[0-9X王 ]{0,19}", 0..5), 0..30),
    ) {
        let rows: Vec<Vec<&str>> = cells.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let judged = judged(&rows);
        prop_assert_eq!(judged.counts.rows + judged.counts.skipped, cells.len());
        prop_assert_eq!(judged.counts.taken, judged.rows.len());
        prop_assert!(judged.rows.iter().all(|row| row.details.get(Field::Name).is_some()));
    }
}
