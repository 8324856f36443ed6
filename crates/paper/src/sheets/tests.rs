//! Volumes, what stops a run, and what stays of it.

use std::io;

use super::*;
use crate::drawing::Item;
use crate::drawn::drawn;
use crate::paper::{Paper, PrintSize, Set};
use crate::typeface::tests::face;

fn person(index: u32) -> Person {
    Person {
        name: "王小明".to_owned(),
        student_number: format!("2021{index:04}"),
        college: "计算机学院".to_owned(),
        class_name: "软件2101班".to_owned(),
        sheet_code: format!("S-{index:04}"),
        photo: drawn(index + 1, 96, 128, 80),
    }
}

fn several(paper: Paper, a_volume: u32) -> Sheets {
    let mut arrangement = Arrangement::new(paper, Set::five());
    arrangement.several = true;
    Sheets { volume_people: NonZeroU32::new(a_volume).unwrap(), ..Sheets::new(arrangement) }
}

fn good(count: u32) -> impl Iterator<Item = io::Result<Person>> {
    (0..count).map(|index| Ok(person(index)))
}

#[test]
fn long_runs_are_split_at_whole_sheets() {
    let folder = tempfile::tempdir().unwrap();
    let mut volumes = Folder::new(folder.path(), "软件2101班").unwrap();
    let mut heard = Vec::new();
    // Five on a sheet: volumes of ten, although seven were asked for.
    let report =
        several(Paper::A4, 7).write(face(), good(23), &mut volumes, |done| heard.push(done)).unwrap();
    assert_eq!((report.people, report.sheets, report.volumes), (23, 5, 3));
    assert_eq!(heard, [10, 20, 23]);
    assert!(report.missing.is_empty());
    // 128 pixels for 48 mm.
    assert!((report.lowest_dpi - 128.0 / 48.0 * 25.4).abs() < 1e-9);
    let names: Vec<_> = volumes.written().iter().map(|path| path.file_name().unwrap()).collect();
    assert_eq!(names, ["软件2101班-001.pdf", "软件2101班-002.pdf", "软件2101班-003.pdf"]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    assert!(volumes.written().iter().all(|path| std::fs::read(path).unwrap().starts_with(b"%PDF-1.7")));
    let nobody = several(Paper::A4, 7).write(face(), good(0), &mut Vec::new(), |_| ()).unwrap();
    assert_eq!((nobody.people, nobody.volumes), (0, 0));
}

#[test]
fn the_same_students_make_the_same_bytes() {
    let write = || {
        let mut volumes: Vec<Vec<u8>> = Vec::new();
        several(Paper::A4, 7).write(face(), good(12), &mut volumes, |_| ()).unwrap();
        volumes
    };
    assert!(write() == write());
}

#[test]
fn a_fault_stops_the_run_and_leaves_whole_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let sheets = several(Paper::A4, 5);
    type Spoil = fn(&mut Person);
    let cases: [(&str, Spoil); 4] = [
        ("paper.photo", |person| person.photo = vec![0xff, 0xd8, 0xff].into()),
        ("paper.too_long", |person| person.name = "王".repeat(201)),
        ("paper.code", |person| person.sheet_code = "学号".to_owned()),
        ("paper.code", |person| person.sheet_code.clear()),
    ];
    for (code, spoil) in cases {
        let mut volumes = Folder::new(folder.path(), "run").unwrap();
        let people = good(12).map(|person| {
            person.map(|mut person| {
                if person.sheet_code == "S-0007" {
                    spoil(&mut person);
                }
                person
            })
        });
        let fault = sheets.write(face(), people, &mut volumes, |_| ()).unwrap_err();
        assert_eq!(fault.code(), code);
        assert_eq!(volumes.written().len(), 1);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing half-written stays");
    }
    let source = good(3).chain([Err(io::Error::other("the vault is shut"))]);
    let fault = sheets.write(face(), source, &mut Vec::new(), |_| ()).unwrap_err();
    assert_eq!(fault.code(), "paper.source");
    assert!(Folder::new(folder.path(), "../run").is_err() && Folder::new(folder.path(), "").is_err());
}

/// A volume on a full disk.
struct Full;

impl Volumes for Full {
    type File = Full;

    fn open(&mut self, _: u32) -> io::Result<Full> {
        Ok(Full)
    }

    fn close(&mut self, _: u32, _: Full) -> io::Result<()> {
        panic!("a file that could not be written is not whole");
    }
}

impl io::Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from(io::ErrorKind::StorageFull))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told() {
    let fault = several(Paper::A4, 5).write(face(), good(1), &mut Full, |_| ()).unwrap_err();
    assert!(
        matches!(&fault, PaperError::Io(error) if error.kind() == io::ErrorKind::StorageFull),
        "{fault:?}"
    );
}

#[test]
fn the_last_sheet_has_marks_for_its_own_students_only() {
    let sheets = several(Paper::A4, 5);
    let marks = |count: u32| {
        let people: Vec<Person> = (0..count).map(person).collect();
        let pages = sheets.preview(face(), &people).unwrap();
        let photos = pages[0].items.iter().filter(|item| matches!(item, Item::Photo { .. })).count();
        assert_eq!(photos, 5 * count as usize);
        match pages[0].items.last() {
            Some(Item::Fill { rects, .. }) => rects.len(),
            other => panic!("{other:?}"),
        }
    };
    assert!(marks(1) < marks(2) && marks(2) < marks(5));
    assert_eq!(sheets.preview(face(), &[]).unwrap().len(), 1);
}

#[test]
fn the_drawing_is_what_was_laid_out() {
    let mut arrangement = Arrangement::new(Paper::SIX_INCH, Set::Fill(PrintSize::ONE_INCH));
    arrangement.marks.caption = Caption::Under;
    let layout = arrangement.layout().unwrap();
    let pages = Sheets::new(arrangement).preview(face(), &[person(1)]).unwrap();
    let slots: Vec<_> = pages[0]
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Photo { slot, .. } => Some(*slot),
            _ => None,
        })
        .collect();
    assert_eq!(slots, layout.slots().map(|slot| slot.photo).collect::<Vec<_>>());
    // No text begins on a photo.
    for item in &pages[0].items {
        if let Item::Text { x_mm, y_mm, text, .. } = item {
            let point = crate::Rect::new(*x_mm, *y_mm, 0.0, 0.0);
            assert!(!slots.iter().any(|slot| slot.inset(0.01).contains(&point)), "{text}");
        }
    }
}
