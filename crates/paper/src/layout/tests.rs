//! Sets on papers: what fits, what is refused, and that nothing ever lies over anything else.

use proptest::prelude::*;

use super::*;

fn check(paper: Paper, set: Set, change: impl Fn(&mut Arrangement)) -> Layout {
    let mut wish = Arrangement::new(paper, set);
    change(&mut wish);
    let layout = wish.layout().unwrap_or_else(|error| panic!("{wish:?}: {error}"));
    sound(&layout);
    layout
}

/// Nothing overlaps, nothing leaves the printable area, every photo has its size to the micrometre.
fn sound(layout: &Layout) {
    let page = Rect::new(0.0, 0.0, layout.width_mm, layout.height_mm);
    assert!(page.contains(&layout.printable));
    let mut places: Vec<Rect> = layout.blocks.iter().map(|block| block.code).collect();
    for slot in layout.slots() {
        let (wide, high) = (slot.photo.width_mm, slot.photo.height_mm);
        let (wide, high) = if slot.turn.is_sideways() { (high, wide) } else { (wide, high) };
        assert!((wide - slot.size.width_mm()).abs() < 1e-9 && (high - slot.size.height_mm()).abs() < 1e-9);
        places.push(slot.photo);
        places.extend(slot.caption);
    }
    for (at, place) in places.iter().enumerate() {
        assert!(layout.printable.contains(place), "{place:?} leaves {:?}", layout.printable);
        assert!(!places[at + 1..].iter().any(|other| other.overlaps(place)), "{place:?} is overlapped");
    }
    for tick in &layout.ticks {
        assert!(layout.printable.contains(&tick.rect()));
        assert!(!places.iter().any(|place| place.overlaps(&tick.rect())), "{tick:?} stands on something");
    }
}

#[test]
fn touching_prints_have_a_line_between_them() {
    let layout = check(Paper::SIX_INCH, Set::four_and_eight(), |_| ());
    // Three between four in each of three rows, and four below each of two.
    assert_eq!(layout.shared.len(), 3 * 3 + 2 * 4);
    assert_eq!(check(Paper::A4, Set::five(), |_| ()).shared, []);
    assert_eq!(check(Paper::SIX_INCH, Set::four_and_eight(), |wish| wish.marks.cut = false).shared, []);
}

fn turned(layout: &Layout) -> usize {
    layout.slots().filter(|slot| slot.turn.is_sideways()).count()
}

#[test]
fn five_on_every_paper() {
    let five = |paper| check(paper, Set::five(), |_| ());
    for (name, paper) in Paper::PRESETS {
        assert_eq!(five(paper).prints(), 5, "{name}");
    }
    assert_eq!(turned(&five(Paper::A4)), 0);
    assert_eq!(turned(&five(Paper::SIX_INCH)), 0);
    // 5寸 takes three upright and two on their side, lying.
    let small = five(Paper::FIVE_INCH);
    assert_eq!((turned(&small), small.width_mm), (2, 127.0));
    let roll = five(Paper::ROLL_152);
    assert_eq!(roll.width_mm, 152.0);
    assert!(roll.height_mm < 120.0, "a roll is cut close: {}", roll.height_mm);
}

#[test]
fn four_and_eight_fill_a_six_inch_paper() {
    let layout = check(Paper::SIX_INCH, Set::four_and_eight(), |_| ());
    assert_eq!((layout.prints(), turned(&layout), layout.width_mm), (12, 8, 152.0));
    assert_eq!(turned(&check(Paper::A4, Set::four_and_eight(), |_| ())), 0);
    let refused = Arrangement::new(Paper::FIVE_INCH, Set::four_and_eight()).layout();
    assert!(matches!(refused, Err(PaperError::SetDoesNotFit { wanted: 12, fits: 6 })), "{refused:?}");
}

#[test]
fn names_under_photos_take_their_room() {
    for (_, paper) in Paper::PRESETS.into_iter().filter(|(name, _)| *name != "five-inch") {
        let layout = check(paper, Set::five(), |wish| wish.marks.caption = Caption::Under);
        assert!(layout.slots().all(|slot| slot.caption.is_some()));
    }
    let mut wish = Arrangement::new(Paper::FIVE_INCH, Set::five());
    wish.marks.caption = Caption::Under;
    assert!(matches!(wish.layout(), Err(PaperError::SetDoesNotFit { wanted: 5, fits: 4 })));
}

#[test]
fn as_many_as_fit() {
    let fill = |paper, size| check(paper, Set::Fill(size), |_| ()).prints();
    assert_eq!(fill(Paper::A4, PrintSize::DIPLOMA), 28);
    assert_eq!(fill(Paper::SIX_INCH, PrintSize::ONE_INCH), 12);
    assert_eq!(fill(Paper::FIVE_INCH, PrintSize::DIPLOMA), 5);
}

#[test]
fn several_students_on_a_sheet_lie_in_rows_of_their_own() {
    let layout = check(Paper::A4, Set::five(), |wish| wish.several = true);
    assert_eq!(layout.blocks.len(), 5);
    for block in &layout.blocks {
        assert!(block.slots.iter().all(|slot| slot.photo.y_mm == block.slots[0].photo.y_mm));
    }
    assert_eq!(check(Paper::ROLL_152, Set::five(), |wish| wish.several = true).blocks.len(), 1);
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |paper, set| Arrangement::new(paper, set).layout().map_err(|error| error.code());
    assert_eq!(refused(Paper::A4, Set::Counted(vec![])), Err("paper.set_empty"));
    assert_eq!(refused(Paper::A4, Set::Counted(vec![(PrintSize::ONE_INCH, 49)])), Err("paper.set_too_large"));
    assert_eq!(refused(Paper::ROLL_102, Set::Fill(PrintSize::ONE_INCH)), Err("paper.fill_on_roll"));
    let mut wish = Arrangement::new(Paper::ROLL_102, Set::five());
    wish.marks.caption = Caption::Back;
    assert_eq!(wish.layout().map_err(|error| error.code()), Err("paper.back_on_roll"));
    wish.gap_mm = f64::NAN;
    assert_eq!(wish.layout().map_err(|error| error.code()), Err("paper.size"));
    assert!(Paper::sheet(210.0, f64::INFINITY, 5.0).is_err() && Paper::sheet(20.0, 20.0, 6.0).is_err());
    assert!(PrintSize::new(f64::NAN, 30.0).is_err() && Paper::roll(102.0, -1.0).is_err());
}

/// The point of the front that lies behind a point of the back, when the sheet is turned over its long edge.
fn through(layout: &Layout, (x, y): (f64, f64)) -> (f64, f64) {
    if layout.width_mm > layout.height_mm { (x, layout.height_mm - y) } else { (layout.width_mm - x, y) }
}

#[test]
fn the_back_falls_behind_its_photo_and_reads_upright() {
    let standing = check(Paper::A4, Set::five(), |wish| wish.marks.caption = Caption::Back);
    let lying = check(Paper::SIX_INCH, Set::four_and_eight(), |wish| wish.marks.caption = Caption::Back);
    assert!(standing.width_mm < standing.height_mm && lying.width_mm > lying.height_mm);
    for layout in [standing, lying] {
        for slot in layout.slots() {
            let (behind, turn) = layout.behind(&slot.photo, slot.turn);
            let first = through(&layout, (behind.x_mm, behind.y_mm));
            let last = through(&layout, (behind.right_mm(), behind.bottom_mm()));
            assert!((first.0.min(last.0) - slot.photo.x_mm).abs() < 1e-9);
            assert!((first.1.max(last.1) - slot.photo.bottom_mm()).abs() < 1e-9);
            // Upwards on the back's text, seen through the paper, is upwards on the photo.
            let up = |turn: Turn| {
                let (right, down) = turn.reading();
                (down, -right)
            };
            let (here, there) = (up(slot.turn), up(turn));
            let seen =
                if layout.width_mm > layout.height_mm { (there.0, -there.1) } else { (-there.0, there.1) };
            assert_eq!((here.0 + 0.0, here.1 + 0.0), (seen.0 + 0.0, seen.1 + 0.0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn no_set_on_any_paper_overlaps(
        width in 60.0_f64..330.0, height in 60.0_f64..430.0, margin in 0.0_f64..12.0, roll: bool,
        prints in prop::collection::vec((10.0_f64..90.0, 10.0_f64..130.0, 0_u16..7), 1..3),
        gap in 0.0_f64..8.0, cut: bool, caption in 0_usize..3, several: bool, fill: bool,
    ) {
        let paper = if roll { Paper::roll(width, margin) } else { Paper::sheet(width, height, margin) };
        let sizes: Vec<(PrintSize, u16)> =
            prints.iter().map(|&(w, h, count)| (PrintSize::new(w, h).unwrap(), count)).collect();
        let set = if fill { Set::Fill(sizes[0].0) } else { Set::Counted(sizes) };
        let caption = [Caption::None, Caption::Under, Caption::Back][caption];
        let marks = Marks { cut, caption };
        let wish = Arrangement { paper: paper.unwrap(), set, gap_mm: gap, marks, several };
        match wish.layout() {
            Ok(layout) => sound(&layout),
            Err(PaperError::SetDoesNotFit { wanted, fits }) => prop_assert!(fits < wanted),
            Err(error) => prop_assert!(["paper.set_empty", "paper.fill_on_roll", "paper.back_on_roll"]
                .contains(&error.code())),
        }
    }
}
