//! Made-up students with drawn photos: the same ones every time.

use std::sync::OnceLock;

use caixiang_domain::{Details, Field, OrderNumber};
use caixiang_handover::{
    Collected, Columns, Encoding, IdNumbers, Language, Lists, Missing, Options, Outcome, Parcel, Plan,
    Student, Template, Words, assemble, plan_names,
};
use jiff::civil::{DateTime, date};
use sha2::{Digest, Sha256};

/// The size of every photo, pixels.
pub(crate) const PICTURE_PX: (u32, u32) = (480, 640);

/// When everything was made.
pub(crate) fn made() -> DateTime {
    date(2026, 6, 1).at(9, 30, 0, 0)
}

/// A few noisy drawings of about 30 KB.
fn drawings() -> &'static [Vec<u8>] {
    static DRAWN: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    DRAWN.get_or_init(|| {
        (0..8_u32)
            .map(|kind| {
                let mut noise = kind + 1;
                let picture = image::RgbImage::from_fn(PICTURE_PX.0, PICTURE_PX.1, |x, y| {
                    noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    let grain = u8::try_from(noise >> 28).unwrap_or(0);
                    let face = (f64::from(x) - 240.0).hypot((f64::from(y) - 280.0) * 0.8) < 120.0;
                    let [r, g, b] = if face { [220, 180, 160] } else { [100, 197, 240] };
                    image::Rgb([r + grain, g + grain, b + grain])
                });
                let mut bytes = Vec::new();
                let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 72);
                picture.write_with_encoder(encoder).expect("a JPEG");
                bytes
            })
            .collect()
    })
}

/// The photo of a student: a drawing with a comment that makes it theirs alone.
pub(crate) fn photo(student: usize) -> Vec<u8> {
    let drawn = &drawings()[student % drawings().len()];
    let comment = format!("student {student}");
    let length = u16::try_from(comment.len() + 2).expect("short").to_be_bytes();
    let mut bytes = drawn[..2].to_vec();
    bytes.extend([0xff, 0xfe]);
    bytes.extend(length);
    bytes.extend(comment.as_bytes());
    bytes.extend(&drawn[2..]);
    bytes
}

/// Students of 5 colleges with 4 classes each; every 26th has no photo, for a different reason each time.
pub(crate) fn students(count: usize) -> Vec<Student> {
    let given = ["小明", "丽", "建国", "雨桐", "思远", "欣怡", "𬭎", "浩"];
    let family = ["王", "李", "张", "欧阳", "赵", "孙", "买买提·"];
    let colleges = ["信息科学与技术学院", "文学院", "经济管理学院", "化学学院", "马克思主义学院"];
    (0..count)
        .map(|at| {
            let college = at * colleges.len() / count;
            let class = at * colleges.len() * 4 / count % 4 + 1;
            let name = format!("{}{}", family[at % family.len()], given[at / 7 % given.len()]);
            let details = Details::new()
                .with(Field::StudentNumber, &format!("2022{at:06}"))
                .with(Field::Name, &name)
                .with(Field::Sex, ["男", "女"][at % 2])
                .with(Field::IdNumber, &format!("2201022004{:04}{:04}", at % 10_000, at / 3 % 10_000))
                .with(Field::Level, "本科")
                .with(Field::College, colleges[college])
                .with(Field::Major, ["软件工程", "汉语言文学", "会计学"][at % 3])
                .with(
                    Field::ClassName,
                    &format!("{}{class}班", ["软工", "中文", "会计", "化学", "思政"][college]),
                );
            let outcome = if at % 26 == 25 {
                Outcome::Missing(Missing::ALL[at / 26 % Missing::ALL.len()])
            } else {
                let bytes = photo(at);
                Outcome::Collected(Collected {
                    order: order(at),
                    taken: made(),
                    size: bytes.len() as u64,
                    sha256: Sha256::digest(&bytes).into(),
                    notes: if at % 40 == 0 {
                        "人工放行：宗教头饰".to_owned()
                    } else {
                        String::new()
                    },
                })
            };
            Student { details, outcome }
        })
        .collect()
}

/// The number of a student's order.
pub(crate) fn order(student: usize) -> OrderNumber {
    format!("000015-20260601{:09}", 93_000_000 + student).parse().expect("an order number")
}

/// A parcel for each of the first students with a photo.
pub(crate) fn parcels(students: &[Student], count: usize) -> Vec<Parcel> {
    let with_photo = students.iter().filter_map(|student| Some((student, student.collected()?)));
    with_photo
        .take(count)
        .map(|(student, photo)| Parcel {
            order: photo.order,
            details: student
                .details
                .clone()
                .with(Field::Recipient, "王建国")
                .with(Field::RecipientPhone, "13800000000")
                .with(Field::Region, "吉林省长春市朝阳区")
                .with(Field::Address, "示范路1号 示范校区南苑公寓5栋2单元301"),
            product: "电子照片＋纸质照片".to_owned(),
            carrier: "邮政".to_owned(),
            tracking_number: "1100000000001".to_owned(),
        })
        .collect()
}

/// The plan of a hand-over of these students in Chinese, below folders of colleges and classes.
pub(crate) fn plan(students: &[Student], parcels: &[Parcel]) -> Plan {
    let template = Template::parse("{college}/{class}/{student_number}_{name}.jpg").expect("a template");
    let words = Words::load(Language::Chinese).expect("words");
    let names = plan_names(&template, words.photo_folder(), students).accept().expect("names");
    let lists = Lists {
        words: &words,
        title: "2026届毕业生图像采集",
        made: made(),
        id_numbers: IdNumbers::Whole,
        columns: &Columns::Known,
    };
    let options =
        Options {
            lists, index: Some(Encoding::Utf8Bom), volume: "东北示范大学", picture_px: PICTURE_PX
        };
    assemble(students, parcels, &names, &options).expect("a plan")
}
