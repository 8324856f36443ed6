//! A whole school: its roster, and a store with thousands of its students, their photos and orders.

use std::io::{Cursor, Write};
use std::path::Path;
use std::process::Command;

use caixiang_domain::{
    Details, Fen, Field, Move, Order, OrderId, OrderState, Session, Standing, Subject, SubjectId,
};
use caixiang_store::{
    Actor, DeskFilter, DeskSort, NewOrder, NewPhoto, Options, OrderFilter, Place, Store, Which, open,
};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::desk::{Desk, Setup};
use crate::pictures::People;
use crate::roster::STUDENTS;

/// Memory that is used like a disk: what is made there need not wait for one.
const MEMORY: &str = "/dev/shm";
/// Orders of the school.
pub const ORDERS: usize = 5000;
/// Its students beside those of the demonstration.
const OTHERS: usize = 5360;
const A_CLASS: usize = 50;
const CLASSES_OF_A_COLLEGE: usize = 11;
/// Of each class so many were photographed, one is absent, one waits.
const PHOTOGRAPHED: usize = 48;
/// Classes whose photos were reviewed.
const REVIEWED: usize = 70;
const COLLEGES: [(&str, &str); 10] = [
    ("文学院", "汉语言"),
    ("理学院", "数学"),
    ("工学院", "机械"),
    ("信息学院", "计算机"),
    ("医学院", "临床"),
    ("法学院", "法学"),
    ("商学院", "会计"),
    ("外国语学院", "英语"),
    ("马克思主义学院", "思想政治教育"),
    ("材料与化学工程学院", "高分子材料与工程"),
];
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂文辉力建华国英红玉兰志海波宁雪梅琳晨";
/// Widths of what stands for the camera's picture, pixels: nobody looks at thousands of them closely, but at some.
const ORIGINAL_WIDTH_PX: u32 = 360;
const LARGE_WIDTH_PX: u32 = 1280;
const LARGE_EVERY: usize = 100;
/// What could be better, on one of so many photos.
const BETTER: [&str; 3] = ["hair.ears", "hair.brows", "mouth.expression"];
const BETTER_EVERY: usize = 9;
/// A lamp went out before the last photos.
const LIGHT: &str = "light.balance";
const DARK: usize = 10;

/// A roster of so many students as a school would send it, as CSV.
pub fn roster(rows: usize) -> String {
    let mut text = "学号,姓名,学院名称,班级名称\n".to_owned();
    for n in 0..rows {
        let (college, class) = class_of(n);
        text += &format!("2024{n:06},{},{college},{class}\n", name_of(n));
    }
    text
}

/// The same as a workbook, with a telephone number that is none in every so many rows.
///
/// # Panics
/// Where it cannot be packed.
pub fn workbook(rows: usize, bad_every: usize) -> Vec<u8> {
    let mut sheet = String::new();
    let mut row = |at: usize, cells: [&str; 5]| {
        sheet += &format!(r#"<row r="{at}">"#);
        for (column, cell) in ["A", "B", "C", "D", "E"].into_iter().zip(cells) {
            sheet += &format!(r#"<c r="{column}{at}" t="inlineStr"><is><t>{cell}</t></is></c>"#);
        }
        sheet += "</row>";
    };
    row(1, ["学号", "姓名", "手机号", "学院名称", "班级名称"]);
    for n in 0..rows {
        let (college, class) = class_of(n);
        let phone = if n % bad_every == bad_every - 1 { "12345".to_owned() } else { format!("138{n:08}") };
        row(n + 2, [&format!("2024{n:06}"), &name_of(n), &phone, &college, &class]);
    }
    package(&sheet_of(&sheet), None)
}

/// A workbook with a part that unpacks to a thousand times its size.
///
/// # Panics
/// Where it cannot be packed.
pub fn bomb() -> Vec<u8> {
    package(&sheet_of(""), Some(&vec![0; 200 << 20]))
}

/// A sheet with these rows, as XML.
fn sheet_of(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

/// A workbook of one sheet, and something else in it.
fn package(sheet: &str, media: Option<&[u8]>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let parts: [(&str, &[u8]); 5] = [
        ("[Content_Types].xml", br#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#),
        ("_rels/.rels", br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("xl/workbook.xml", br#"<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    let media = media.map(|media| ("xl/media/a.bin", media));
    for (name, content) in parts.into_iter().chain(media) {
        zip.start_file(name, options).expect("a part");
        zip.write_all(content).expect("a part");
    }
    zip.finish().expect("a workbook").into_inner()
}

/// College and class of the n-th student.
fn class_of(n: usize) -> (String, String) {
    let class = n / A_CLASS;
    let (college, major) = COLLEGES[class / CLASSES_OF_A_COLLEGE % COLLEGES.len()];
    (college.to_owned(), format!("{major} 23{:02} 班", class % CLASSES_OF_A_COLLEGE + 1))
}

fn name_of(n: usize) -> String {
    let pick = |of: &str, at: usize| of.chars().nth(at % of.chars().count()).unwrap_or('某');
    let mut name = String::from(pick(SURNAMES, n * 7));
    name.push(pick(GIVEN, n * 11 + n / 40));
    if !n.is_multiple_of(3) {
        name.push(pick(GIVEN, n * 5 + n / 17));
    }
    name
}

/// The store of a desk, on which no kiosk runs.
///
/// # Panics
/// Where it does not open.
pub fn store(desk: &Desk) -> Store {
    open_at(Place { data: desk.data(), config: desk.config() })
}

fn open_at(place: Place) -> Store {
    open(&place, &Options { keystore: false, ..Options::default() }).expect("the store").store
}

/// A school that was photographed: the demonstration's session with [`ORDERS`] orders. Most are approved, some were
/// rejected, the last classes wait for the review; a few students are absent, a few wait.
pub struct School {
    folder: TempDir,
}

impl School {
    /// One student goes the whole way, for a photo as the kiosk makes it; the others get the same.
    ///
    /// # Panics
    /// Where anything fails.
    pub async fn new() -> Self {
        let memory = Path::new(MEMORY);
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let school = Self { folder: folder.expect("a folder") };
        let desk = Desk::new(Setup::default());
        let kiosk = desk.open().await;
        kiosk.whole_way(&desk, &STUDENTS[0], People::Good).await;
        kiosk.kill();
        copy(&desk.data(), &school.place().data);
        copy(&desk.config(), &school.place().config);
        enrol(&mut open_at(school.place()));
        school
    }

    fn place(&self) -> Place {
        Place { data: self.folder.path().join("data"), config: self.folder.path().join("config") }
    }

    /// It is what this desk's kiosk will find.
    pub fn move_into(&self, desk: &Desk) {
        copy(&self.place().data, &desk.data());
        copy(&self.place().config, &desk.config());
    }
}

/// The review passes whatever waits for it, on a desk where no kiosk runs.
///
/// # Panics
/// Where the store refuses.
pub fn approve_all(desk: &Desk) {
    let mut store = store(desk);
    let session = store.sessions().expect("the sessions").remove(0);
    let filter = DeskFilter { state: Some(OrderState::PendingReview), ..DeskFilter::default() };
    let waiting = store.desk_order_ids(session.id, &filter, DeskSort::Oldest).expect("the orders");
    let left = store.move_orders(&waiting, Move::Approve, None, Actor::Manager, Timestamp::now());
    assert_eq!(left.ok(), Some(Vec::new()), "all are approved");
}

/// What is in a folder, into another.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    let done = Command::new("cp").arg("-a").arg(from.join(".")).arg(to).status().expect("cp");
    assert!(done.success(), "{} cannot be copied to {}", from.display(), to.display());
}

/// Students, their photos and orders.
fn enrol(store: &mut Store) {
    let session = store.sessions().expect("the sessions").remove(0);
    let first = store.orders_page(&OrderFilter::default(), 0, 1).expect("the orders").rows.remove(0).order;
    let photo = Photo::of(store, &first);
    let students: Vec<Subject> = (0..OTHERS).map(|n| student(&session, n)).collect();
    store.put_subjects(session.id, &students).expect("the students");
    let begun = Timestamp::now() - SignedDuration::from_hours(7);
    let (mut approved, mut rejected) = (vec![first.id], Vec::new());
    let mut orders = 1;
    for (n, student) in students.iter().enumerate() {
        let in_class = n % A_CLASS;
        if in_class == PHOTOGRAPHED {
            store.set_absent(student.id, true).expect("a student");
        }
        if in_class >= PHOTOGRAPHED || orders == ORDERS {
            continue;
        }
        orders += 1;
        let at = begun + SignedDuration::from_secs(5) * i32::try_from(orders).expect("a small number");
        let id = photo.order(store, &session, student, orders, at);
        match in_class {
            _ if n / A_CLASS >= REVIEWED => {}
            7 => rejected.push(id),
            _ => approved.push(id),
        }
    }
    let now = Timestamp::now();
    let moved = |done: Result<Vec<OrderId>, _>| assert_eq!(done.ok(), Some(Vec::new()), "all are moved");
    moved(store.move_orders(&approved, Move::Approve, None, Actor::Manager, now));
    moved(store.move_orders(&rejected, Move::Reject, Some("hair"), Actor::Manager, now));
}

fn student(session: &Session, n: usize) -> Subject {
    let (college, class) = class_of(n);
    let details = Details::new()
        .with(Field::Name, &name_of(n))
        .with(Field::StudentNumber, &format!("2023{:05}", 20_000 + n))
        .with(Field::College, &college)
        .with(Field::ClassName, &class);
    Subject {
        id: SubjectId::new(),
        session: session.id,
        details,
        code_sha256: None,
        standing: Standing::Waiting,
    }
}

/// A photo that the kiosk made, for everybody.
struct Photo {
    original: Vec<u8>,
    large: Vec<u8>,
    finished: Vec<u8>,
    record: Value,
    product: String,
}

impl Photo {
    fn of(store: &Store, order: &Order) -> Self {
        let picture = |which| store.read_photo(order.photo, which).expect("a picture").to_vec();
        let original = image::load_from_memory(&picture(Which::Original)).expect("a JPEG");
        let sized = |width: u32| {
            let mut bytes = Vec::new();
            let sized = original.resize(width, width, FilterType::Triangle).to_rgb8();
            JpegEncoder::new(&mut bytes).encode_image(&sized).expect("a JPEG");
            bytes
        };
        let record = store.photo_record(order.photo).expect("its record").record;
        Self {
            original: sized(ORIGINAL_WIDTH_PX),
            large: sized(LARGE_WIDTH_PX),
            finished: picture(Which::Finished),
            record: serde_json::from_str(&record).expect("JSON"),
            product: order.product.clone(),
        }
    }

    fn order(
        &self,
        store: &mut Store,
        session: &Session,
        student: &Subject,
        n: usize,
        at: Timestamp,
    ) -> OrderId {
        let record = self.record(n);
        let photo = NewPhoto {
            subject: student.id,
            original: if n.is_multiple_of(LARGE_EVERY) { &self.large } else { &self.original },
            finished: &self.finished,
            record: &record,
            taken: at,
        };
        let photo = store.keep_photo(&photo).expect("a photo");
        let details = Details::new()
            .with(Field::Phone, &format!("138{n:08}"))
            .with(Field::Region, "北京市海淀区")
            .with(Field::Address, &format!("学院路 {} 号", n % 300 + 1));
        let order = NewOrder {
            session: session.id,
            subject: student.id,
            visit: None,
            photo,
            product: self.product.clone(),
            fee: Fen::ZERO,
            details,
            settled: true,
            submit: true,
            override_reason: None,
            actor: Actor::Student,
        };
        store.publish_order(&order, at).expect("an order").id
    }

    /// What the checks said: of some photos that one thing should be better, and of the last ones all the same thing.
    fn record(&self, n: usize) -> String {
        let mut record = self.record.clone();
        let broken = match n {
            _ if n > ORDERS - DARK => Some(LIGHT),
            _ if n.is_multiple_of(BETTER_EVERY) => Some(BETTER[n / BETTER_EVERY % BETTER.len()]),
            _ => None,
        };
        let findings = record.get_mut("findings").and_then(Value::as_array_mut).expect("findings");
        for finding in findings.iter_mut().filter(|finding| finding["check"].as_str() == broken) {
            finding["outcome"] = json!("too_high");
            finding["severity"] = json!("warn");
        }
        record.to_string()
    }
}
