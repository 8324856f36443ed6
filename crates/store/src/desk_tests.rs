//! Tests of what the desk asks: lists for the review, progress, sheets, prints, parcels, PINs of two roles.

use caixiang_domain::*;
use proptest::prelude::*;

use crate::testing::{Bench, at, details};
use crate::*;

fn approved(bench: &mut Bench, name: &str, number: &str, seed: u32) -> Order {
    let subject = bench.student(name, number);
    let order = bench.order(subject, seed);
    bench.s().move_order(order.id, Move::Approve, None, Actor::Manager, at(100)).unwrap()
}

fn products() -> Vec<String> {
    vec!["electronic".to_owned()]
}

fn class() -> ParcelFor {
    ParcelFor::Class { college: "文学院".into(), class: "一班".into() }
}

#[test]
fn the_desk_filters_sorts_and_counts() {
    let mut bench = Bench::new();
    let session = bench.session;
    let finding = |severity: &str| {
        format!(r#"{{"findings":[{{"check":"light.balance","outcome":"too_low","severity":"{severity}"}}]}}"#)
    };
    for (seed, name, severity) in [(1, "王小明", "note"), (2, "李雷", "warn"), (3, "韩梅梅", "block")]
    {
        let subject = bench.student(name, &format!("202300{seed}"));
        let (original, finished) = testing_pictures(seed);
        let record = finding(severity);
        let photo =
            NewPhoto { subject, original: &original, finished: &finished, record: &record, taken: at(0) };
        let photo = bench.s().keep_photo(&photo).unwrap();
        let new = bench.new_order(subject, photo);
        bench.s().publish_order(&new, at(3600 * i64::from(seed))).unwrap();
    }
    let list = |bench: &mut Bench, filter: &DeskFilter, sort| {
        let page = bench.s().desk_orders(session, filter, sort, 0, 10).unwrap();
        let ids = bench.s().desk_order_ids(session, filter, sort).unwrap();
        assert_eq!(ids, page.rows.iter().map(|row| row.row.order.id).collect::<Vec<_>>());
        assert_eq!(page.total, ids.len() as u64);
        page.rows.into_iter().map(|row| row.row.name.unwrap_or_default()).collect::<Vec<_>>()
    };
    let all = DeskFilter::default();
    assert_eq!(list(&mut bench, &all, DeskSort::Newest), ["韩梅梅", "李雷", "王小明"]);
    assert_eq!(list(&mut bench, &all, DeskSort::Class), ["王小明", "李雷", "韩梅梅"]);
    assert_eq!(list(&mut bench, &all, DeskSort::Grade), ["韩梅梅", "李雷", "王小明"]);
    let clean = DeskFilter { grade: Some(PhotoGrade::Clean), ..all.clone() };
    assert_eq!(list(&mut bench, &clean, DeskSort::Newest), ["王小明"]);
    let text = DeskFilter { text: Some("hmm".into()), ..all.clone() };
    assert_eq!(list(&mut bench, &text, DeskSort::Newest), ["韩梅梅"]);
    let other = DeskFilter { class: Some("二班".into()), ..all.clone() };
    assert!(list(&mut bench, &other, DeskSort::Newest).is_empty());
    let first = bench.s().desk_orders(session, &text, DeskSort::Newest, 0, 1).unwrap().rows.remove(0);
    assert_eq!((first.grade, first.broken), (Some(PhotoGrade::Blocked), vec!["light.balance".to_owned()]));

    let progress = bench.s().progress(session).unwrap();
    assert_eq!(progress.len(), 1);
    assert_eq!((progress[0].counts.ordered, progress[0].in_review, progress[0].approved), (3, 3, 0));
    assert_eq!(bench.s().order_times(session, at(3600 * 2)).unwrap(), [at(3600 * 2), at(3600 * 3)]);
    let findings = bench.s().last_findings(session, 2).unwrap();
    assert_eq!(findings.len(), 2);
}

fn testing_pictures(seed: u32) -> (Vec<u8>, Vec<u8>) {
    crate::testing::pictures(seed)
}

/// Sheets of these orders, on a print that is done.
fn print(bench: &mut Bench, orders: &[OrderId]) -> Result<Vec<Sheet>, StoreError> {
    let session = bench.session;
    let new = NewPrint {
        id: PrintId::new(),
        session,
        title: "一班",
        printer: "ipp://x",
        pages: 1,
        orders,
        again_of: None,
    };
    let sheets = bench.s().intend_print(&new, Actor::Manager, at(201))?;
    bench.s().set_print(new.id, &PrintState::Done, Actor::System, at(201))?;
    Ok(sheets)
}

/// Orders that wait to be printed.
fn due(bench: &mut Bench) -> Vec<OrderId> {
    let session = bench.session;
    let all = bench.s().printable_orders(session, &products()).unwrap();
    all.iter().filter(|it| !it.printed).map(|it| it.row.order.id).collect()
}

#[test]
fn only_approved_orders_get_sheets_and_each_reprint_is_counted() {
    let mut bench = Bench::new();
    let session = bench.session;
    let first = approved(&mut bench, "王小明", "2023002", 1);
    let second = approved(&mut bench, "李雷", "2023001", 2);
    let subject = bench.student("韩梅梅", "2023003");
    let waiting = bench.order(subject, 3);
    assert!(matches!(print(&mut bench, &[first.id, waiting.id]), Err(StoreError::NotApproved)));
    assert_eq!(due(&mut bench), [second.id, first.id], "by student number, and nothing half-made");
    let sheets = print(&mut bench, &[second.id, first.id]).unwrap();
    assert_eq!(sheets[0].code, format!("{}.1", second.number));
    assert!(due(&mut bench).is_empty());
    let all = bench.s().printable_orders(session, &products()).unwrap();
    assert_eq!(all.iter().map(|it| (it.printed, it.next_copy)).collect::<Vec<_>>(), [(true, 2), (true, 2)]);
    assert_eq!(all[0].row, bench.s().desk_order(second.id).unwrap().row);
    assert_eq!(bench.s().printable_orders(session, &["other".to_owned()]).unwrap(), []);
    let again = print(&mut bench, &[first.id]).unwrap();
    assert_eq!(again[0].copy, 2);
    let counts = bench.s().sheet_counts(&[second.id, first.id], at(201)).unwrap();
    assert_eq!(counts, SheetCounts { of_order: 2, since: 3 });
    assert_eq!(bench.s().sheet_counts(&[], at(202)).unwrap(), SheetCounts::default());
}

#[test]
fn a_print_only_moves_forward() {
    let mut bench = Bench::new();
    let session = bench.session;
    let order = approved(&mut bench, "王小明", "2023001", 1);
    let orders = [order.id];
    let new = NewPrint {
        id: PrintId::new(),
        session,
        title: "一班",
        printer: "ipp://x",
        pages: 1,
        orders: &orders,
        again_of: None,
    };
    let print = new.id;
    bench.s().intend_print(&new, Actor::Manager, at(2)).unwrap();
    assert_eq!(bench.s().open_prints().unwrap().len(), 1);
    assert_eq!(bench.s().sheets_of_print(print).unwrap()[0].print, Some(print));
    let again = NewPrint { id: PrintId::new(), again_of: Some(print), ..new.clone() };
    assert!(
        matches!(bench.s().intend_print(&again, Actor::Manager, at(3)), Err(StoreError::ImpossibleStep)),
        "it may still come out"
    );
    let mut set = |state: PrintState| bench.s().set_print(print, &state, Actor::System, at(3));
    set(PrintState::Unknown).unwrap();
    assert!(matches!(set(PrintState::Intended), Err(StoreError::ImpossibleStep)));
    set(PrintState::Submitted { job: 7 }).unwrap();
    set(PrintState::Done).unwrap();
    set(PrintState::Done).unwrap();
    assert!(matches!(set(PrintState::Unknown), Err(StoreError::ImpossibleStep)));
    bench.reopen();
    assert_eq!(bench.s().print(print).unwrap().state, PrintState::Done);
    let sheets = bench.s().intend_print(&again, Actor::Manager, at(4)).unwrap();
    assert_eq!(sheets[0].copy, 2);
    let second = bench.s().print(again.id).unwrap();
    assert_eq!((second.copy, second.again_of, second.sheets, second.repeated), (2, Some(print), 1, false));
    assert!(bench.s().print(print).unwrap().repeated);
    let third = NewPrint { id: PrintId::new(), ..again };
    assert!(
        matches!(bench.s().intend_print(&third, Actor::Manager, at(5)), Err(StoreError::ImpossibleStep)),
        "once, and then its reprint"
    );
    assert_eq!(due(&mut bench), []);
    let failed = PrintState::Failed { reason: "not_sent".into() };
    bench.s().set_print(second.id, &failed, Actor::System, at(6)).unwrap();
    assert_eq!(due(&mut bench), [], "the first one is there");
    assert_eq!(bench.s().prints(0, 10).unwrap().total, 2);
}

#[test]
fn what_failed_is_due_again() {
    let mut bench = Bench::new();
    let session = bench.session;
    let order = approved(&mut bench, "王小明", "2023001", 1);
    let orders = [order.id];
    let new = NewPrint {
        id: PrintId::new(),
        session,
        title: "",
        printer: "",
        pages: 1,
        orders: &orders,
        again_of: None,
    };
    let print = new.id;
    bench.s().intend_print(&new, Actor::Manager, at(1)).unwrap();
    assert_eq!(due(&mut bench), [], "it may come out");
    let failed = PrintState::Failed { reason: "refused".into() };
    bench.s().set_print(print, &failed, Actor::System, at(2)).unwrap();
    assert_eq!(due(&mut bench), orders);
}

#[test]
fn a_parcel_takes_only_what_belongs_in_it_and_says_what_is_missing() {
    let mut bench = Bench::new();
    let session = bench.session;
    let orders: Vec<_> =
        (1..=3).map(|n| approved(&mut bench, &format!("同学{n}"), &format!("202300{n}"), n)).collect();
    let stranger = bench
        .s()
        .create_subject(session, details("外班人", "2023900").with(Field::ClassName, "二班"), None)
        .unwrap();
    let outside = bench.order(stranger.id, 9);
    let outside = bench.s().move_order(outside.id, Move::Approve, None, Actor::Manager, at(0)).unwrap();
    let ids: Vec<_> = orders.iter().map(|order| order.id).chain([outside.id]).collect();
    let sheets = print(&mut bench, &ids).unwrap();
    let due = |bench: &mut Bench| bench.s().parcels_due(session, false, &products()).unwrap();
    let counts: Vec<_> =
        due(&mut bench).iter().map(|due| (due.to.clone(), due.wanted, due.printed)).collect();
    let other = ParcelFor::Class { college: "文学院".into(), class: "二班".into() };
    assert_eq!(counts, [(class(), 3, 3), (other, 1, 1)]);
    assert_eq!(bench.s().parcels_due(session, true, &products()).unwrap().len(), 4);
    let parcel = bench.s().parcel_for(session, &class(), at(2)).unwrap();
    assert_eq!(bench.s().parcel_for(session, &class(), at(2)).unwrap(), parcel, "the open one is used again");
    assert_eq!(due(&mut bench).len(), 1, "one is being packed");
    assert_eq!(bench.s().parcel_numbered(session, 1).unwrap(), Some(parcel));
    assert_eq!(bench.s().parcel_numbered(session, 2).unwrap(), None);
    let mut pack = |code: &str| bench.s().pack(parcel, code, at(3)).unwrap();
    assert!(matches!(pack(&sheets[0].code), Packed::Put(_)));
    assert!(matches!(pack(&sheets[0].code), Packed::AlreadyIn(_)));
    assert!(matches!(pack(&sheets[3].code), Packed::WrongParcel(_)));
    assert_eq!(pack("nothing"), Packed::NoSuchSheet);
    let again = print(&mut bench, &[orders[1].id]).unwrap();
    let mut pack = |code: &str| bench.s().pack(parcel, code, at(5)).unwrap();
    assert!(matches!(pack(&sheets[1].code), Packed::OldCopy(_)));
    assert!(matches!(pack(&format!(" {} ", again[0].code)), Packed::Put(_)));
    let (state, inside, missing) = bench.s().parcel(parcel, &products()).unwrap();
    assert_eq!((state.wanted, state.sheets, inside.len()), (3, 2, 2));
    assert_eq!(
        missing.iter().map(|it| (it.row.order.id, it.printed)).collect::<Vec<_>>(),
        [(orders[2].id, true)]
    );

    let mut set = |state, carrier| bench.s().set_parcel(parcel, state, carrier, Actor::Manager, at(6));
    assert!(
        matches!(set(ParcelState::Sent, None), Err(StoreError::ImpossibleStep)),
        "only a closed one leaves"
    );
    set(ParcelState::Closed, None).unwrap();
    assert_eq!(bench.s().pack(parcel, &sheets[2].code, at(7)).unwrap(), Packed::NotOpen);
    assert!(matches!(bench.s().unpack(&sheets[0].code, at(7)), Err(StoreError::ImpossibleStep)));
    bench.s().set_parcel(parcel, ParcelState::Open, None, Actor::Manager, at(8)).unwrap();
    bench.s().unpack(&sheets[0].code, at(8)).unwrap();
    assert!(matches!(bench.s().pack(parcel, &sheets[0].code, at(9)).unwrap(), Packed::Put(_)));
    bench.s().set_parcel(parcel, ParcelState::Closed, None, Actor::Manager, at(10)).unwrap();
    bench
        .s()
        .set_parcel(parcel, ParcelState::Sent, Some(("顺丰", " SF123 ")), Actor::Manager, at(11))
        .unwrap();
    bench.reopen();
    let parcels = bench.s().parcels(session, &products()).unwrap();
    assert_eq!(parcels.len(), 1);
    assert_eq!(
        (parcels[0].state, parcels[0].tracking.as_deref(), parcels[0].sent),
        (ParcelState::Sent, Some("SF123"), Some(at(11)))
    );
    let next = bench.s().parcel_for(session, &class(), at(12)).unwrap();
    assert_ne!(next, parcel, "what comes later goes into a second parcel");
    assert!(matches!(bench.s().pack(next, &sheets[0].code, at(13)).unwrap(), Packed::InOther(1)));
}

#[test]
fn a_newer_copy_takes_the_place_of_an_older_one_and_one_that_failed_does_not() {
    let mut bench = Bench::new();
    let session = bench.session;
    let order = approved(&mut bench, "王小明", "2023001", 1);
    let orders = [order.id];
    let first = print(&mut bench, &orders).unwrap().remove(0);
    // The reprint is refused: the first one is as good as before.
    let new = NewPrint {
        id: PrintId::new(),
        session,
        title: "",
        printer: "ipp://x",
        pages: 1,
        orders: &orders,
        again_of: None,
    };
    bench.s().intend_print(&new, Actor::Manager, at(3)).unwrap();
    let failed = PrintState::Failed { reason: "refused:printer.busy".into() };
    bench.s().set_print(new.id, &failed, Actor::System, at(3)).unwrap();
    assert_eq!(bench.s().sheet_counts(&orders, at(0)).unwrap(), SheetCounts { of_order: 1, since: 1 });
    let (packed, parcel) = bench.s().pack_at_home(session, false, &first.code, at(4)).unwrap();
    assert!(matches!(packed, Packed::Put(_)));
    let third = print(&mut bench, &orders).unwrap().remove(0);
    let parcel = parcel.unwrap();
    assert!(matches!(bench.s().pack(parcel, &third.code, at(5)).unwrap(), Packed::Put(_)));
    let (state, inside, _) = bench.s().parcel(parcel, &products()).unwrap();
    assert_eq!((state.sheets, inside[0].code.as_str()), (1, third.code.as_str()), "one of each student");
    assert!(matches!(bench.s().pack(parcel, &first.code, at(6)).unwrap(), Packed::OldCopy(_)));
}

#[test]
fn nothing_is_begun_for_a_sheet_of_another_session() {
    let mut bench = Bench::new();
    let session = bench.session;
    let order = approved(&mut bench, "王小明", "2023001", 1);
    let sheet = print(&mut bench, &[order.id]).unwrap().remove(0);
    let other = Session { id: SessionId::new(), ..bench.s().session(session).unwrap() };
    bench.s().put_session(&other).unwrap();
    let (packed, parcel) = bench.s().pack_at_home(other.id, true, &sheet.code, at(1)).unwrap();
    assert!(matches!((packed, parcel), (Packed::WrongParcel(_), None)));
    assert!(bench.s().parcel_for(other.id, &ParcelFor::Order(order.id), at(1)).is_err());
    assert_eq!(bench.s().parcels(other.id, &products()).unwrap(), []);
    let (packed, _) = bench.s().pack_at_home(session, true, &sheet.code, at(2)).unwrap();
    assert!(matches!(packed, Packed::Put(_)));
}

#[test]
fn a_photo_that_was_replaced_is_not_packed() {
    let mut bench = Bench::new();
    let session = bench.session;
    let order = approved(&mut bench, "王小明", "2023001", 1);
    let sheet = print(&mut bench, &[order.id]).unwrap().remove(0);
    assert_eq!(bench.s().order(order.id).unwrap().state, OrderState::InProduction, "a printer has it");
    let parcel = bench.s().parcel_for(session, &ParcelFor::Order(order.id), at(2)).unwrap();
    assert!(matches!(bench.s().pack(parcel, &sheet.code, at(3)).unwrap(), Packed::Put(_)));
    let (state, _, missing) = bench.s().parcel(parcel, &products()).unwrap();
    assert_eq!((state.wanted, state.to, missing.len()), (1, ParcelFor::Order(order.id), 0));
}

#[test]
fn an_override_is_told_of_the_photo_in_force() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let photo = bench.photo(subject, 1);
    let mut new = bench.new_order(subject, photo);
    new.override_reason = Some("religious".into());
    let order = bench.s().publish_order(&new, at(0)).unwrap();
    let reason = |bench: &mut Bench| bench.s().desk_order(order.id).unwrap().override_reason;
    assert_eq!(reason(&mut bench).as_deref(), Some("religious"));
    for (seed, given) in [(2, None), (3, Some("medical"))] {
        bench.s().move_order(order.id, Move::Reject, Some("eyes"), Actor::Manager, at(1)).unwrap();
        let photo = bench.photo(subject, seed);
        bench.s().replace_photo(order.id, photo, given, Actor::Student, at(2)).unwrap();
        assert_eq!(reason(&mut bench).as_deref(), given);
    }
}

#[test]
fn the_pin_tells_the_role() {
    let mut bench = Bench::new();
    let store = bench.s();
    store.set_pin(Role::Manager, "2468", Actor::Manager, at(0)).unwrap();
    store.set_pin(Role::Photographer, "1357", Actor::Manager, at(0)).unwrap();
    assert!(store.is_pin_of_another(Role::Photographer, "2468").unwrap());
    assert!(!store.is_pin_of_another(Role::Manager, "2468").unwrap());
    assert_eq!(store.whose_pin("2468", at(1)).unwrap(), Ok(Role::Manager));
    // A photographer's own PIN is a wrong one for the manager, again and again, and locks nobody out.
    for _ in 0..8 {
        assert_eq!(store.whose_pin("1357", at(2)).unwrap(), Ok(Role::Photographer));
    }
    for left in (1..=4).rev() {
        assert_eq!(store.whose_pin("0000", at(3)).unwrap(), Err(PinAnswer::Wrong { left }));
    }
    assert!(matches!(store.whose_pin("0000", at(4)).unwrap(), Err(PinAnswer::Locked { .. })));
    assert!(matches!(store.whose_pin("1357", at(5)).unwrap(), Err(PinAnswer::Locked { .. })));
    assert_eq!(store.whose_pin("1357", at(300)).unwrap(), Ok(Role::Photographer));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is heard of a print, it is never sent a second time: no sequence leads back to a state before sending.
    #[test]
    fn no_print_is_intended_twice(steps in prop::collection::vec(0..5u8, 1..12)) {
        let mut bench = Bench::new();
        let session = bench.session;
        let new = NewPrint { id: PrintId::new(), session, title: "t", printer: "p", pages: 1, orders: &[], again_of: None };
        let print = new.id;
        bench.s().intend_print(&new, Actor::Manager, at(0)).unwrap();
        let mut left = false;
        for step in steps {
            let state = match step {
                0 => PrintState::Intended,
                1 => PrintState::Submitted { job: 3 },
                2 => PrintState::Done,
                3 => PrintState::Failed { reason: "x".into() },
                _ => PrintState::Unknown,
            };
            let _ = bench.s().set_print(print, &state, Actor::System, at(1));
            let now = bench.s().print(print).unwrap().state;
            prop_assert!(!(left && now == PrintState::Intended));
            left |= now != PrintState::Intended;
        }
    }
}
