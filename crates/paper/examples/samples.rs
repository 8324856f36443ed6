//! Writes one of everything into a folder, to be looked at: `cargo run -p caixiang-paper --example samples -- FOLDER`.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use caixiang_domain::Fen;
use caixiang_paper::{
    Arrangement, Caption, Envelope, Folder, Language, Mailing, PackedSheet, Paper, ParcelLabel, Person,
    Receipt, Set, Sheets, Typeface, envelopes, mailing_list, packing_list, parcel_labels, receipts, svg,
};

#[path = "../tests/common/drawn.rs"]
mod drawn;

const NAMES: [&str; 7] =
    ["王小明", "欧阳娜娜", "陈㛃", "刘𬭛", "阿卜杜热依木·麦麦提图尔荪", "Nguyen Thi Minh Khai", "张𠮷"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    fs::create_dir_all(&folder)?;
    let cache = std::env::var_os("CAIXIANG_CACHE").map_or_else(|| PathBuf::from(".cache"), PathBuf::from);
    let face = Typeface::parse(&fs::read(cache.join("fonts/NotoSansSC-Regular.ttf"))?)?;
    sheets(&face, &folder)?;
    for (tag, language) in [("zh", Language::Zh), ("en", Language::En)] {
        documents(&face, language, tag, &folder)?;
    }
    Ok(())
}

fn person(index: usize) -> Person {
    Person {
        name: NAMES[index % NAMES.len()].to_owned(),
        student_number: format!("2021{:07}", 1030 + index),
        college: "计算机与信息工程学院".to_owned(),
        class_name: "软件工程2101班".to_owned(),
        sheet_code: format!("000015-20240220115644{:03}", 600 + index),
        photo: drawn::drawn(index as u32 + 1, 480, 640, 88),
    }
}

fn sheets(face: &Typeface, folder: &Path) -> Result<(), Box<dyn Error>> {
    let people: Vec<Person> = (0..7).map(person).collect();
    for (name, paper) in Paper::PRESETS {
        for (set_name, set) in [("five", Set::five()), ("four-eight", Set::four_and_eight())] {
            for (caption_name, caption) in
                [("plain", Caption::None), ("under", Caption::Under), ("back", Caption::Back)]
            {
                let mut arrangement = Arrangement::new(paper, set.clone());
                arrangement.marks.caption = caption;
                arrangement.several = name == "a4";
                let stem = format!("sheet-{name}-{set_name}-{caption_name}");
                let sheets = Sheets::new(arrangement);
                let people = people.iter().cloned().map(Ok::<_, std::io::Error>);
                match sheets.write(face, people, &mut Folder::new(folder, &stem)?, |_| ()) {
                    Ok(report) => println!("{stem}: {report:?}"),
                    Err(error) => println!("{stem}: {error}"),
                }
            }
        }
    }
    let sheets = Sheets::new(Arrangement::new(Paper::SIX_INCH, Set::four_and_eight()));
    let pages = sheets.preview(face, &people)?;
    fs::write(folder.join("photo-0.jpg"), &people[0].photo)?;
    fs::write(folder.join("preview.svg"), svg(&pages[0], |index| format!("photo-{index}.jpg")))?;
    Ok(())
}

fn documents(face: &Typeface, language: Language, tag: &str, folder: &Path) -> Result<(), Box<dyn Error>> {
    let create = |name: &str| File::create(folder.join(format!("{name}-{tag}.pdf")));
    let parcel = ParcelLabel {
        school: "莆田学院".to_owned(),
        college: "计算机与信息工程学院".to_owned(),
        class_name: "软件工程2101班".to_owned(),
        students: 42,
        sheets: 42,
        number: 3,
        of: 12,
        code: "000015-P-2024-003".to_owned(),
    };
    for (name, paper) in [("label", Paper::LABEL), ("label-a5", Paper::A5)] {
        parcel_labels(face, language, &paper, std::slice::from_ref(&parcel))?.write(
            face,
            language,
            create(name)?,
        )?;
    }
    let envelope = Envelope {
        recipient: "王建国".to_owned(),
        phone: "138 0000 0000".to_owned(),
        address: "福建省莆田市城厢区学园中街1133号莆田学院紫霄校区12号楼304室".to_owned(),
        name: "王小明".to_owned(),
        student_number: "20210001030".to_owned(),
        order_number: "000015-20240220115644602".to_owned(),
        sender: "大学生图像信息采集中心 福州市鼓楼区软件大道89号 0591-00000000".to_owned(),
    };
    for (name, paper) in [("dl", Paper::DL), ("c5", Paper::C5), ("b6", Paper::B6), ("label", Paper::LABEL)] {
        envelopes(face, language, &paper, std::slice::from_ref(&envelope))?.write(
            face,
            language,
            create(&format!("envelope-{name}"))?,
        )?;
    }
    let receipt = Receipt {
        order_number: envelope.order_number.clone(),
        name: "王小明".to_owned(),
        student_number: envelope.student_number.clone(),
        product: "毕业生图像采集（含纸质照片）".to_owned(),
        fee: Fen::new(3000).unwrap_or_default(),
        date: "2024-02-20".to_owned(),
        payee: "大学生图像信息采集中心".to_owned(),
    };
    receipts(face, language, &Paper::A5, &[receipt])?.write(face, language, create("receipt")?)?;
    let packed: Vec<PackedSheet> = (0..42)
        .map(person)
        .map(|person| PackedSheet {
            sheet_code: person.sheet_code,
            student_number: person.student_number,
            name: person.name,
        })
        .collect();
    packing_list(face, language, &parcel, &packed)?.write(face, language, create("packing")?)?;
    let mailings: Vec<Mailing> = packed
        .iter()
        .map(|sheet| Mailing {
            order_number: sheet.sheet_code.clone(),
            student_number: sheet.student_number.clone(),
            name: sheet.name.clone(),
            recipient: sheet.name.clone(),
            phone: envelope.phone.clone(),
            address: envelope.address.clone(),
        })
        .collect();
    mailing_list(face, language, "莆田学院 2024届 个人采集", &mailings)?.write(
        face,
        language,
        create("mailing")?,
    )?;
    Ok(())
}
