//! An index like those of school photographers (PSPA): tab separated, one row a photo, read by yearbook software.
//!
//! The association's own guidelines are not public in full. What makers of yearbook software publish about them agrees
//! on this: a file `INDEX.TXT` beside the folders of photos, in ASCII or UTF-8, a row for each photo and no header, with
//! the columns, in this order: volume name, image folder, image file name, grade, last name, first name, home room,
//! period, teacher, track, department. We write these eleven, and a twelfth with the student number.
//!
//! Ours, where a Chinese university has no such thing: the grade is the level (培养层次), the home room the class, the
//! track the major, the department the college; period and teacher stay empty. The whole name stands under last name
//! and the first name stays empty, since where a name divides (欧阳, names of minorities, foreign names) cannot be told.
//! Folders inside folders are divided by `/`. Cells that a spreadsheet would take for a formula are guarded as in the
//! lists; paths never begin that way.

use caixiang_domain::Field;

use crate::lists::guarded;
use crate::names::Names;
use crate::plan::{Document, DocumentKind};
use crate::record::Student;

/// How the index is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, as published.
    Utf8,
    /// UTF-8 with a byte order mark, by which Excel knows it; a strict reader takes the mark for part of the first cell.
    #[default]
    Utf8Bom,
    /// GBK, for software that knows only the code page of Chinese Windows; characters of names that GBK lacks are
    /// written in the four bytes of GB 18030, which contains GBK.
    Gbk,
}

/// What the file is called.
const FILE: &str = "INDEX.TXT";

pub(crate) fn document(students: &[Student], names: &Names, volume: &str, encoding: Encoding) -> Document {
    let mut text = String::new();
    let mut rows = 0;
    for (student, path) in students.iter().zip(&names.paths) {
        let Some(path) = path else { continue };
        let (folder, file) = path.as_str().rsplit_once('/').unwrap_or(("", path.as_str()));
        let of = |field| student.details.get(field).unwrap_or_default();
        let cells = [
            volume,
            folder,
            file,
            of(Field::Level),
            of(Field::Name),
            "",
            of(Field::ClassName),
            "",
            "",
            of(Field::Major),
            of(Field::College),
            of(Field::StudentNumber),
        ];
        let cells = cells.map(|cell| {
            let cell = cell.replace(|c: char| c.is_control(), " ");
            guarded(&cell).into_owned()
        });
        text.push_str(&cells.join("\t"));
        text.push_str("\r\n");
        rows += 1;
    }
    let bytes = match encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Utf8Bom => format!("\u{feff}{text}").into_bytes(),
        Encoding::Gbk => encoding_rs::GB18030.encode(&text).0.into_owned(),
    };
    Document { kind: DocumentKind::Index, path: FILE.to_owned(), rows: vec![rows], bytes }
}

#[cfg(test)]
mod tests {
    use caixiang_domain::Details;

    use super::*;
    use crate::names::PhotoPath;
    use crate::record::{Missing, Outcome};

    #[test]
    fn a_row_a_photo_in_each_encoding() {
        let student = |name: &str, number: &str| {
            let fields = [
                (Field::Name, name),
                (Field::StudentNumber, number),
                (Field::College, "文学院"),
                (Field::ClassName, "-1班"),
                (Field::Level, "本科"),
            ];
            let details =
                fields.iter().fold(Details::new(), |known, (field, value)| known.with(*field, value));
            Student { details, outcome: Outcome::Missing(Missing::Waiting) }
        };
        let students = [student("王𬭎", "01"), student("李丽", "02")];
        let names =
            Names { paths: vec![Some(PhotoPath::for_tests("照片/a b/01.jpg")), None], id_numbers: false };
        let made = |encoding| document(&students, &names, "某\t校", encoding);
        let row = "某 校\t照片/a b\t01.jpg\t本科\t王𬭎\t\t'-1班\t\t\t\t文学院\t01\r\n";
        assert_eq!(made(Encoding::Utf8).bytes, row.as_bytes());
        assert_eq!(made(Encoding::Utf8).rows, [1]);
        assert_eq!(made(Encoding::Utf8Bom).bytes, format!("\u{feff}{row}").into_bytes());
        let gbk = made(Encoding::Gbk).bytes;
        // GBK of 某 and 校; 𬭎 (U+2CB4E) in four bytes.
        assert!(gbk.starts_with(&[0xc4, 0xb3, b' ', 0xd0, 0xa3, b'\t']));
        assert!(gbk.windows(4).any(|bytes| bytes == [0x99, 0x33, 0xa9, 0x32]), "{gbk:x?}");
    }
}
