//! No cell of any list is a formula, whatever students are called.

use caixiang_domain::{Details, Field};
use caixiang_handover::{
    Collected, Columns, Encoding, IdNumbers, Language, Lists, Missing, Options, Outcome, Parcel, Student,
    Template, Words, assemble, plan_names,
};

use crate::made::{self, order, photo};
use crate::tools::sheets;

const NAMES: [&str; 8] = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "-2+3",
    "=HYPERLINK(\"http://x\",\"y\")",
    "王小明",
    "'=1",
    "0012",
];

fn shown(name: &str) -> String {
    if name.starts_with(['=', '+', '-', '@']) { format!("'{name}") } else { name.to_owned() }
}

#[test]
fn no_cell_is_a_formula() {
    let mut students = Vec::new();
    let mut parcels = Vec::new();
    for (at, name) in NAMES.iter().enumerate() {
        let details = Details::new()
            .with(Field::StudentNumber, &format!("0{at}"))
            .with(Field::Name, name)
            .with(Field::College, name)
            .with(Field::ClassName, name)
            .with(Field::Recipient, name)
            .with(Field::Address, name);
        let taken = Collected {
            order: order(at),
            taken: made::made(),
            size: photo(at).len() as u64,
            sha256: [7; 32],
            notes: format!("\t{name}"),
        };
        students.push(Student { details: details.clone(), outcome: Outcome::Collected(taken) });
        students.push(Student { details: details.clone(), outcome: Outcome::Missing(Missing::Absent) });
        let name = (*name).to_owned();
        parcels.push(Parcel {
            order: order(at),
            details,
            product: name.clone(),
            carrier: name.clone(),
            tracking_number: name,
        });
    }
    let words = Words::load(Language::English).unwrap();
    let template = Template::parse("{class}/{name}_{student_number}.jpg").unwrap();
    let names = plan_names(&template, words.photo_folder(), &students).accept().unwrap();
    let lists = Lists {
        words: &words,
        title: "=1+1 & &D",
        made: made::made(),
        id_numbers: IdNumbers::Masked,
        columns: &Columns::Known,
    };
    let options = Options { lists, index: Some(Encoding::Gbk), volume: "=2+2", picture_px: (480, 640) };
    let plan = assemble(&students, &parcels, &names, &options).unwrap();

    let folder = tempfile::tempdir().unwrap();
    let mut read = Vec::new();
    for document in plan.documents() {
        let path = folder.path().join(&document.path);
        std::fs::write(&path, &document.bytes).unwrap();
        if document.path.ends_with(".xlsx") {
            read.push(sheets(&path));
        }
    }
    let every = read.iter().flatten().flatten().flatten();
    let formulas: Vec<_> = every.filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t'])).collect();
    assert!(formulas.is_empty(), "{formulas:?}");
    let [collected, missing, summary, mailing] = read.try_into().unwrap();
    for (at, name) in NAMES.iter().enumerate() {
        let name = shown(name);
        assert_eq!(collected[0][at + 1][2], name);
        assert_eq!(missing[0][at + 1][2..6], [&name, &name, &name, "Called, not there"].map(String::from));
        assert_eq!(summary[0][at + 1][0], name);
        let row = &mailing[0][at + 1];
        assert_eq!([&row[3], &row[4], &row[8], &row[10]], [&name; 4]);
    }
    let index = plan.documents().last().unwrap();
    let text = encoding_rs::GB18030.decode(&index.bytes).0.into_owned();
    let cells = text.lines().flat_map(|line| line.split('\t'));
    assert_eq!(cells.filter(|cell| cell.starts_with(['=', '+', '-', '@'])).count(), 0);
    assert!(text.starts_with("'=2+2\tphotos/_1+1\t_1+1_00.jpg\t"), "{text}");
}
