//! The staff's way: a session from a form, the school's roster into it, three students photographed, reviewed together,
//! printed, packed and handed over; then what was written is looked at with the system's own tools.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use caixiang_virtual_printer::VirtualPrinter;
use caixiang_window_tests::{Desk, Kiosk, People, STUDENTS, Setup, run};
use serde_json::json;

use crate::{office, paper};

const SOON: Duration = Duration::from_secs(20);
const PLANNED: u32 = 3;
/// What a spreadsheet would take for formulas, beside each student; the one after those who are planned never comes.
const REMARKS: [&str; PLANNED as usize + 1] = ["=1+1", "+8613800138000", "=HYPERLINK(1)", "@SUM(A1)"];

/// A student's name as the school wrote it.
fn name(at: usize) -> String {
    let plus = if at == 0 { "+" } else { "" };
    format!("{plus}{}", STUDENTS[at].name)
}

/// Puts a value into a field of the desk, as typing or choosing does.
pub(crate) async fn fill(kiosk: &Kiosk, testid: &str, value: &str) {
    kiosk.wait_for(testid).await;
    const FILL: &str = r#"
        const field = document.querySelector('[data-testid="' + arguments[0] + '"]');
        field.value = arguments[1];
        field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
    "#;
    kiosk.ask(FILL, vec![json!(testid), json!(value)]).await;
}

async fn open_desk(kiosk: &Kiosk, tab: &str) {
    kiosk.open_panel().await;
    kiosk.tap(&format!("tab-{tab}")).await;
}

async fn new_session(kiosk: &Kiosk) {
    open_desk(kiosk, "sessions").await;
    kiosk.tap("new-session").await;
    fill(kiosk, "session-name-zh", "二〇二七届毕业生").await;
    fill(kiosk, "session-school-zh", "示范大学").await;
    kiosk.tap("session-save").await;
    kiosk.wait_for("form-problems").await;
    fill(kiosk, "session-feature-code", "C5UG16").await;
    kiosk.tap("session-save").await;
    kiosk.tap("open-session-C5UG16").await;
    let active = async |kiosk: &Kiosk| kiosk.data("session-C5UG16", "active").await == "true";
    kiosk.until("the session is open", SOON, active).await;
}

/// Three students, one who never comes, one row that cannot be taken, in GBK as Excel in China saves it.
async fn import(kiosk: &Kiosk, desk: &Desk) {
    let mut text = "学号,姓名,身份证号,学院名称,班级名称,备注\r\n".to_owned();
    for (at, remark) in REMARKS.iter().enumerate() {
        let number = &STUDENTS[at].id_number;
        text += &format!("2023900{at},{},{number},文学院,汉语言 2301 班,{remark}\r\n", name(at));
    }
    text += "20239009,=没有号码对,990000200401031230,文学院,汉语言 2301 班,-1\r\n";
    let (bytes, _, _) = encoding_rs::GBK.encode(&text);
    fs::write(desk.home().join("roster.csv"), bytes).unwrap();
    kiosk.tap("tab-roster").await;
    kiosk.tap("roster-import").await;
    kiosk.tap("entry-home").await;
    kiosk.tap("entry-roster.csv").await;
    kiosk.wait_for("roster-view").await;
    assert_eq!(kiosk.data("roster-added", "count").await, REMARKS.len().to_string());
    assert_eq!(kiosk.data("roster-refused", "count").await, "1");
    kiosk.tap("roster-bad-rows").await;
    into_home(kiosk).await;
    until_written(kiosk, desk, "roster ").await;
    kiosk.tap("roster-apply").await;
    kiosk.wait_for("roster-done").await;
    assert_eq!(kiosk.data("student-list", "total").await, REMARKS.len().to_string());
}

/// Chooses the home folder to write to.
async fn into_home(kiosk: &Kiosk) {
    kiosk.tap("entry-home").await;
    let there = async |kiosk: &Kiosk| kiosk.is_enabled("file-here").await;
    kiosk.until("the folder", SOON, there).await;
    kiosk.tap("file-here").await;
}

/// The workbooks of a folder whose names begin so.
fn workbooks(folder: &Path, begin: &str) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> =
        all.filter(|path| path.extension().is_some_and(|ending| ending == "xlsx")).collect();
    all.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begin)));
    all
}

async fn until_written(kiosk: &Kiosk, desk: &Desk, begin: &str) {
    let written = async |_: &Kiosk| !workbooks(&desk.home(), begin).is_empty();
    kiosk.until(&format!("a workbook {begin}…"), SOON, written).await;
}

async fn review(kiosk: &Kiosk) {
    open_desk(kiosk, "orders").await;
    let listed = async |kiosk: &Kiosk| kiosk.data("order-list", "total").await == PLANNED.to_string();
    kiosk.until("the orders", SOON, listed).await;
    kiosk.tap("choose-all").await;
    kiosk.wait_for("chosen").await;
    kiosk.tap("approve-chosen").await;
    kiosk.wait_for("pending").await;
    kiosk.wait_gone("pending").await;
    fill(kiosk, "filter-state", "pending_production").await;
    kiosk.until("the approved orders", SOON, listed).await;
}

async fn hand_over(kiosk: &Kiosk, desk: &Desk) {
    kiosk.tap("tab-handover").await;
    kiosk.wait_for("handover-photos").await;
    assert_eq!(kiosk.data("handover-photos", "count").await, PLANNED.to_string());
    fill(kiosk, "handover-target", "folder").await;
    kiosk.wait_for("warning-not_enciphered").await;
    kiosk.tap("template-by_class").await;
    let enabled = async |kiosk: &Kiosk| kiosk.is_enabled("handover-start").await;
    kiosk.until("it can be written", SOON, enabled).await;
    kiosk.tap("handover-start").await;
    into_home(kiosk).await;
    let done = async |kiosk: &Kiosk| kiosk.data("job", "stage").await == "done";
    kiosk.until("it is written and checked", SOON, done).await;

    let folder = desk.home().join("caixiang-C5UG16");
    let sums = Command::new("sha256sum")
        .args(["--strict", "-c", "SHA256SUMS"])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stdout));
    for at in 0..PLANNED as usize {
        let photo = folder.join(format!("照片/文学院/汉语言 2301 班/2023900{at}_{}.jpg", name(at)));
        assert_eq!(image::image_dimensions(&photo).unwrap(), (480, 640), "{}", photo.display());
    }
    for list in ["采集名单.xlsx", "未采集名单.xlsx", "采集汇总表.xlsx"] {
        assert!(folder.join(list).is_file(), "{list}");
    }
}

/// The lists that go by themselves: who is missing, and to whom the photos are mailed.
async fn lists(kiosk: &Kiosk, desk: &Desk) {
    kiosk.tap("tab-today").await;
    kiosk.tap("missing-list").await;
    into_home(kiosk).await;
    until_written(kiosk, desk, "未采集名单").await;
    kiosk.tap("tab-sessions").await;
    kiosk.tap("edit-session-C5UG16").await;
    fill(kiosk, "session-delivery", "individual").await;
    kiosk.tap("session-save").await;
    kiosk.wait_for("session-C5UG16").await;
    kiosk.tap("tab-packing").await;
    const BEGIN: &str = r#"document.querySelector('[data-testid^="begin-"]').click();"#;
    let listed = async |kiosk: &Kiosk| kiosk.data("parcel-list", "total").await == (PLANNED + 1).to_string();
    kiosk.until("a parcel for each, beside that of the class", SOON, listed).await;
    kiosk.ask(BEGIN, vec![]).await;
    kiosk.wait_for("parcel").await;
    kiosk.tap("parcel-leave").await;
    kiosk.tap("papers-mailing").await;
    kiosk.wait_for("papers-pages-0").await;
    kiosk.tap("papers-save").await;
    into_home(kiosk).await;
    until_written(kiosk, desk, "邮寄清单").await;
}

/// Whatever was written for a spreadsheet is text to it, also where it begins like a formula.
fn no_formulas(desk: &Desk) {
    let home = desk.home();
    let mut all = workbooks(&home, "");
    all.extend(workbooks(&home.join("caixiang-C5UG16"), ""));
    assert_eq!(all.len(), 6, "{all:?}");
    let sheets = office::sheets(&all);
    for sheet in &sheets {
        assert_eq!(sheet.formulas, 0, "{}", sheet.file);
    }
    let says = |file: &str, text: &str| {
        let found = sheets.iter().any(|sheet| sheet.file.starts_with(file) && sheet.text.contains(text));
        assert!(found, "{file} does not say {text}");
    };
    says("采集名单", &name(0));
    for remark in &REMARKS[..PLANNED as usize] {
        says("采集名单", remark);
    }
    says("未采集名单", REMARKS[PLANNED as usize]);
    says("roster", "=没有号码对");
    says("邮寄清单", &name(0));
}

#[test]
fn from_the_roster_over_print_and_parcel_to_the_hand_over() {
    run(async {
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        kiosk.screen("welcome").await;
        new_session(&kiosk).await;
        import(&kiosk, &desk).await;
        kiosk.tap("close-staff").await;
        kiosk.staff("").await;
        for student in STUDENTS.iter().take(PLANNED as usize) {
            kiosk.whole_way(&desk, student, People::Good).await;
        }
        review(&kiosk).await;
        let device = VirtualPrinter::start();
        paper::choose_printer(&kiosk, &device).await;
        let sheets = paper::print(&kiosk, &device, PLANNED as usize, async |_| {}).await;
        for name in (0..PLANNED as usize).map(name) {
            let theirs = sheets.iter().filter(|sheet| sheet.text.contains(&name));
            assert_eq!(theirs.count(), 1, "{name}");
        }
        paper::pack(&kiosk, &device, &sheets).await;
        hand_over(&kiosk, &desk).await;
        lists(&kiosk, &desk).await;
        paper::health(&kiosk).await;
        no_formulas(&desk);
    });
}
