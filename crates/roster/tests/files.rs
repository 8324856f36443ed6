//! Rosters as Excel, LibreOffice and administration systems make them, from the file to the plan.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops at what fails")]

mod common;

use std::path::Path;

use caixiang_domain::{Details, Field, SubjectId};
use caixiang_roster::{
    Judged, Known, Language, Mapping, RosterError, Table, Workbook, judge, plan, write_bad_rows,
    write_bad_rows_to, write_template,
};
use common::{HEADER, convert, excel, resident, rows, strings, text};
use encoding_rs::GB18030;

fn first_table(path: &Path) -> Table {
    let mut book = Workbook::open(path).unwrap();
    let sheet = book.sheets()[0].clone();
    book.table(&sheet).unwrap()
}

fn table_of(bytes: Vec<u8>) -> Table {
    let mut book = Workbook::from_bytes(bytes, "名单").unwrap();
    let sheet = book.sheets()[0].clone();
    book.table(&sheet).unwrap()
}

fn judged(table: &Table) -> Judged {
    judge(table, &Mapping::guess(table)).unwrap()
}

fn cells(table: &Table) -> Vec<Vec<&str>> {
    table.rows.iter().map(|row| row.cells.iter().map(String::as_str).collect()).collect()
}

fn field(judged: &Judged, row: usize, field: Field) -> Option<&str> {
    judged.rows[row].details.get(field)
}

#[test]
fn text_in_every_encoding_and_delimiter() {
    let rows = rows(50);
    let expected = judged(&table_of(text(&rows, ",").into_bytes()));
    assert_eq!((expected.counts.taken, expected.problems.len()), (50, 0));
    for delimiter in [",", ";", "\t", "|"] {
        let text = text(&rows, delimiter);
        let units = |unit: u16| unit.to_le_bytes();
        let utf16 = [b"\xFF\xFE".to_vec(), text.encode_utf16().flat_map(units).collect()].concat();
        for bytes in [text.clone().into_bytes(), GB18030.encode(&text).0.into_owned(), utf16] {
            assert_eq!(judged(&table_of(bytes)), expected, "{delimiter}");
        }
    }
}

#[test]
fn a_workbook_as_excel_writes_it() {
    let shared =
        strings(&["某某大学毕业生名单", "学号", "姓名", "身份证号", "出生日期", "备注", "王小明", "#N/A"]);
    let id = resident(7);
    let data = format!(
        r##"<row r="1" spans="1:5"><c r="A1" t="s"><v>0</v></c><c r="B1"/><c r="C1"/></row>
        <row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" t="s"><v>2</v></c><c r="C3" t="s"><v>3</v></c><c r="D3" t="s"><v>4</v></c><c r="E3" t="s"><v>5</v></c></row>
        <row r="4"><c r="A4"><v>20201234567</v></c><c r="B4" t="s"><v>6</v></c><c r="C4" t="inlineStr"><is><t>{id}</t></is></c><c r="D4" s="1"><v>36892</v></c><c r="E4" t="str"><f>CONCATENATE("=","1+1")</f><v>=1+1</v></c></row>
        <row r="5"><c r="A5" s="2"><v>1234</v></c><c r="B5" t="inlineStr"><is><r><t>李</t></r><r><t>雷</t></r></is></c><c r="C5"><v>1.10105194912310E+17</v></c><c r="E5"><f>[1]Sheet1!A1</f><v>2.5</v></c></row>
        <row r="6"><c r="A6"><v>3</v></c><c r="B6" t="e"><v>#SPILL!</v></c><c r="C6" t="e"><v>#N/A</v></c></row>"##
    );
    let merged = r#"<sheetViews><sheetView workbookViewId="0"/></sheetViews>"#;
    let table = table_of(excel(merged, &data, &shared));
    assert_eq!(table.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4, 5, 6]);
    assert_eq!(cells(&table)[2], ["20201234567", "王小明", &id, "2001-01-01", "=1+1"]);
    assert_eq!(cells(&table)[3], ["00001234", "李雷", "110105194912310000", "", "2.5"]);
    let mapping = Mapping::guess(&table);
    assert_eq!((mapping.header_row, mapping.missing()), (1, vec![]));
    let judged = judge(&table, &mapping).unwrap();
    let found: Vec<_> = judged.problems.iter().map(|p| (p.row, p.problem.code())).collect();
    assert_eq!(found, [(5, "number_rounded"), (6, "sheet_error")]);
    assert_eq!(judged.counts.taken, 1);
}

#[test]
fn libreoffice_makes_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("名单.csv");
    let mut rows = rows(30);
    rows[3][5] = "两行\n备注".to_owned();
    let quoted: Vec<[String; 6]> =
        rows.iter().map(|row| row.clone().map(|cell| format!("\"{cell}\""))).collect();
    std::fs::write(&csv, format!("\u{feff}{}", text(&quoted, ","))).unwrap();
    let expected = judged(&first_table(&csv));
    assert_eq!(expected.counts.taken, 30);
    // By way of a table whose cells are all text: LibreOffice would make numbers of a plain file's digits.
    let book = folder.path().join("名单 a.xlsx");
    let mut writer = rust_xlsxwriter::Workbook::new();
    let page = writer.add_worksheet();
    for (column, name) in (0..).zip(HEADER) {
        page.write_string(0, column, name).unwrap();
    }
    for (at, row) in (1..).zip(&rows) {
        for (column, cell) in (0..).zip(row) {
            page.write_string(at, column, cell).unwrap();
        }
    }
    writer.save(&book).unwrap();
    assert_eq!(judged(&first_table(&book)), expected, "rust_xlsxwriter");
    for to in ["xlsx", "xls"] {
        assert_eq!(judged(&first_table(&convert(&book, to))), expected, "{to}");
    }
    // From plain text LibreOffice makes numbers: student numbers stay whole, ID numbers lose digits and it is told.
    let with_x = rows.iter().filter(|row| row[2].ends_with('X')).count();
    for to in ["xlsx", "xls:MS Excel 97"] {
        let judged = judged(&first_table(&convert(&csv, to)));
        let codes: Vec<_> = judged.problems.iter().map(|problem| problem.problem.code()).collect();
        assert_eq!((codes, judged.counts.taken), (vec!["number_rounded"; 30 - with_x], with_x), "{to}");
        let of = |judged: &Judged| field(judged, 0, Field::StudentNumber).map(str::to_owned);
        assert_eq!(of(&judged), Some(rows.iter().find(|row| row[2].ends_with('X')).unwrap()[0].clone()));
    }
    let refused = |to: &str| Workbook::open(&convert(&book, to)).map(drop).unwrap_err();
    assert!(matches!(refused("ods"), RosterError::WrongKind(kind) if kind.code() == "ods"));
    assert!(matches!(refused("html"), RosterError::WrongKind(kind) if kind.code() == "html"));
    assert!(matches!(refused("pdf"), RosterError::WrongKind(kind) if kind.code() == "pdf"));
}

#[test]
fn old_workbooks_keep_dates_formulas_and_sheets() {
    let folder = tempfile::tempdir().unwrap();
    let book = folder.path().join("a.xlsx");
    let mut writer = rust_xlsxwriter::Workbook::new();
    writer.add_worksheet().set_name("封面").unwrap().write_string(0, 0, "2026 届").unwrap();
    let hidden = writer.add_worksheet().set_name("隐藏").unwrap();
    hidden.set_hidden(true);
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
    let page = writer.add_worksheet().set_name("学生").unwrap();
    for (column, name) in (0..).zip(["学号", "姓名", "出生日期", "备注", "学制"]) {
        page.write_string(0, column, name).unwrap();
    }
    page.write_number(1, 0, 20_201_234_567_f64).unwrap();
    page.write_string(1, 1, "王明").unwrap();
    page.write_number_with_format(1, 2, 37748.0, &date).unwrap();
    page.write_formula(1, 3, rust_xlsxwriter::Formula::new("=1+1").set_result("2")).unwrap();
    page.write_number(1, 4, 2.5).unwrap();
    writer.save(&book).unwrap();
    for to in ["xlsx", "xls"] {
        let mut book = Workbook::open(&convert(&book, to)).unwrap();
        assert_eq!(book.sheets(), ["封面", "学生"], "{to}");
        let table = book.table("学生").unwrap();
        assert_eq!(cells(&table)[1], ["20201234567", "王明", "2003-05-07", "2", "2.5"], "{to}");
        assert_eq!(book.table("隐藏").map_err(|error| error.code()), Err("roster.no_sheet"));
    }
    // Text that a formula came to is kept beside it.
    let formula =
        r#"<row r="1"><c r="A1" t="str"><f>"王"&amp;"明"</f><v>王明</v></c><c r="B1"><v>5</v></c></row>"#;
    let path = folder.path().join("b.xlsx");
    std::fs::write(&path, excel("", formula, &strings(&[]))).unwrap();
    assert_eq!(cells(&first_table(&convert(&path, "xls"))), [["王明", "5"]]);
}

#[test]
fn a_roster_of_twenty_thousand_and_again() {
    let rows = rows(20_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("名单.xlsx");
    let mut writer = rust_xlsxwriter::Workbook::new();
    let page = writer.add_worksheet();
    for (at, row) in std::iter::once(HEADER.map(str::to_owned)).chain(rows.iter().cloned()).enumerate() {
        for (column, cell) in (0..).zip(row) {
            page.write_string(u32::try_from(at).unwrap(), column, cell).unwrap();
        }
    }
    writer.save(&path).unwrap();
    let began = std::time::Instant::now();
    let table = first_table(&path);
    let read = began.elapsed();
    let judged = judged(&table);
    let judging = began.elapsed();
    assert_eq!((judged.counts.taken, judged.problems.len()), (20_000, 0));
    let first = plan(&[], &judged.rows);
    assert_eq!(first.added.len(), 20_000);
    let known: Vec<Known> = first
        .added
        .iter()
        .skip(1)
        .map(|row| Known { id: SubjectId::new(), details: row.details.clone(), has_order: row.row % 2 == 0 })
        .chain([Known { id: SubjectId::new(), details: Details::new(), has_order: false }])
        .collect();
    let mut corrected = judged.rows.clone();
    corrected[10].details.set(Field::Name, "改名");
    let planning = std::time::Instant::now();
    let again = plan(&known, &corrected);
    println!("read {read:?}, judged {:?}, planned {:?}", judging - read, planning.elapsed());
    assert_eq!((again.added.len(), again.same, again.conflicts.len()), (1, 19_998, 0));
    assert_eq!((again.changed.len(), again.changed[0].row, again.changed[0].has_order), (1, 12, true));
    assert_eq!(again.absent_from_file, [known[19_999].id]);
}

#[test]
fn bad_rows_come_back_and_can_be_corrected() {
    let text = format!(
        "某校\n学号,姓名,身份证号,备注\n1,王明,{},\n2,李雷,110105194912310021,=HYPERLINK(1)\n2,韩梅梅,,-\n4,,,@x\n",
        resident(1)
    );
    let table = table_of(text.into_bytes());
    let mapping = Mapping::guess(&table);
    let judged = judge(&table, &mapping).unwrap();
    assert_eq!(judged.counts.taken, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("待修改.xlsx");
    write_bad_rows_to(&table, &mapping, &judged, Language::Zh, &path).unwrap();
    let back = first_table(&path);
    assert_eq!(
        cells(&back),
        [
            vec!["学号", "姓名", "身份证号", "备注", "原因"],
            vec![
                "2",
                "李雷",
                "110105194912310021",
                "'=HYPERLINK(1)",
                "原表第 4 行：学号与原表第 5 行相同；身份证号校验位不对，请逐位核对",
            ],
            vec!["2", "韩梅梅", "", "'-", "原表第 5 行：学号与原表第 4 行相同"],
            vec!["4", "", "", "'@x", "原表第 6 行：缺姓名"],
        ]
    );
    // What was put before a value to keep it text does not become part of it.
    let again = Mapping::guess(&back);
    assert_eq!(
        again.columns,
        [Some(Field::StudentNumber), Some(Field::Name), Some(Field::IdNumber), Some(Field::Remark), None]
    );
    let mut corrected = back.clone();
    corrected.rows[1].cells[2].clear();
    corrected.rows.truncate(2);
    assert_eq!(field(&judge(&corrected, &again).unwrap(), 0, Field::Remark), Some("=HYPERLINK(1)"));
    let mut bytes = std::io::Cursor::new(Vec::new());
    write_bad_rows(&table, &mapping, &judged, Language::En, &mut bytes).unwrap();
    assert_eq!(table_of(bytes.into_inner()).rows[3].cell(4), "Row 6 of the original: the name is missing");
    // LibreOffice takes none of it for a formula or a number.
    let plain = std::fs::read_to_string(convert(&path, "csv")).unwrap();
    assert!(plain.contains("110105194912310021,'=HYPERLINK(1)"), "{plain}");
}

#[test]
fn the_template_names_every_column() {
    for language in [Language::Zh, Language::En] {
        let mut bytes = std::io::Cursor::new(Vec::new());
        write_template(language, &mut bytes).unwrap();
        let mut book = Workbook::from_bytes(bytes.into_inner(), "").unwrap();
        let sheets = book.sheets().to_vec();
        let table = book.table(&sheets[0]).unwrap();
        let mapping = Mapping::guess(&table);
        assert_eq!(table.rows.len(), 1);
        assert_eq!(mapping.columns.iter().flatten().count(), 16, "{language:?} {:?}", cells(&table));
        assert_eq!(book.table(&sheets[1]).unwrap().rows.len(), 5);
    }
}
