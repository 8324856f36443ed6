//! Tests of orders: publishing, history, replacing a rejected photo, numbers, search, and the photos under them.

use std::collections::HashSet;

use caixiang_domain::*;
use crypto_box::SecretKey;
use proptest::prelude::*;

use crate::testing::{Bench, at, details, pictures};
use caixiang_wire::Kind;

use crate::*;

/// Revisions of orders that wait to be sent.
fn orders_waiting(store: &Store) -> Vec<OutboxRow> {
    let rows = store.outbox(1000).unwrap();
    rows.into_iter().filter(|row| row.kind == Kind::Order).collect()
}

#[test]
fn an_order_goes_out_with_everything_that_belongs_to_it() {
    let mut bench = Bench::new();
    bench.s().set_point(PointNumber::new(15).unwrap()).unwrap();
    let subject = bench.student("王小明", "2023001");
    let visit = bench.s().begin_visit(subject, at(0)).unwrap();
    let photo = bench.photo(subject, 1);
    bench.s().save_visit(visit.id, "{}", Some(photo), at(1)).unwrap();
    let mut new = bench.new_order(subject, photo);
    new.visit = Some(visit.id);
    new.override_reason = Some("religious cover".into());
    let order = bench.s().publish_order(&new, at(2)).unwrap();
    assert_eq!(
        (order.state, order.revision, order.shot_number),
        (OrderState::PendingReview, 1, visit.shot_number)
    );
    assert_eq!(order.number.point().get(), 15);
    assert_eq!(bench.s().visit_of(subject).unwrap(), None);
    assert_eq!(bench.s().subject(subject).unwrap().standing, Standing::Ordered(order.state));
    assert_eq!(bench.s().subject(subject).unwrap().details.get(Field::Phone), Some("13900000000"));
    assert_eq!(bench.s().order_details(order.id).unwrap(), new.details);
    let history = bench.s().history(order.id).unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history[0].reason.as_deref(), Some("religious cover"));
    let waiting = orders_waiting(bench.s());
    let [row] = waiting.as_slice() else { panic!("{waiting:?}") };
    assert_eq!((row.id, row.revision, row.queued), (order.id.uuid(), 1, at(2)));
    let secret = SecretKey::generate(&mut crypto_box::aead::OsRng);
    let head = bench.s().verify_audit().unwrap().unwrap();
    bench.s().set_centre_key(Some(*secret.public_key().as_bytes()), at(2)).unwrap();
    let outgoing = bench.s().outbox_begin(row.seq).unwrap().unwrap();
    let body: serde_json::Value = serde_json::from_slice(&outgoing.message).unwrap();
    assert_eq!(body["order"]["number"], order.number.to_string());
    let record = bench.s().photo_record(photo).unwrap();
    assert_eq!(body["photo"]["finished_sha256"], hex::encode(record.finished_sha256));
    assert_eq!(body["audit"]["hash"], hex::encode(head.hash), "the row before the outbox's is the newest");

    assert!(matches!(bench.s().publish_order(&new, at(3)), Err(StoreError::PhotoInUse(_))), "a second press");
    assert_eq!(orders_waiting(bench.s()).len(), 1);
    assert!(matches!(bench.s().discard_photo(photo, at(3)), Err(StoreError::PhotoInUse(_))));
}

#[test]
fn only_a_settled_order_is_submitted() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let photo = bench.photo(subject, 1);
    let mut new = bench.new_order(subject, photo);
    new.settled = false;
    assert!(matches!(bench.s().publish_order(&new, at(0)), Err(StoreError::ImpossibleMove(_))));
    new.submit = false;
    let order = bench.s().publish_order(&new, at(0)).unwrap();
    assert_eq!(order.state, OrderState::PendingPayment);
    let id = order.id;
    assert!(matches!(
        bench.s().move_order(id, Move::Submit, None, Actor::Student, at(1)),
        Err(StoreError::ImpossibleMove(_))
    ));
    bench.s().move_order(id, Move::Settle, None, Actor::Photographer, at(1)).unwrap();
    let order = bench.s().move_order(id, Move::Submit, None, Actor::Photographer, at(2)).unwrap();
    assert_eq!((order.state, order.revision), (OrderState::PendingReview, 3));
    let numbers: Vec<u32> = bench.s().history(id).unwrap().iter().map(|revision| revision.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert_eq!(orders_waiting(bench.s()).len(), 3);
}

#[test]
fn a_photo_of_another_student_is_refused() {
    let mut bench = Bench::new();
    let (one, two) = (bench.student("王小明", "2023001"), bench.student("李雷", "2023002"));
    let photo = bench.photo(one, 1);
    let new = bench.new_order(two, photo);
    assert!(matches!(bench.s().publish_order(&new, at(0)), Err(StoreError::PhotoInUse(_))));
    bench.s().discard_photo(photo, at(0)).unwrap();
    let new = bench.new_order(one, photo);
    assert!(matches!(bench.s().publish_order(&new, at(0)), Err(StoreError::PhotoUnreadable(_))));
}

#[test]
fn a_rejected_photo_is_replaced_but_never_by_itself() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let order = bench.order(subject, 1);
    let id = order.id;
    let unrejected = bench.photo(subject, 9);
    assert!(matches!(
        bench.s().replace_photo(id, unrejected, None, Actor::Student, at(0)),
        Err(StoreError::ImpossibleMove(_))
    ));
    let order = bench.s().move_order(id, Move::Reject, Some("俯视"), Actor::Centre, at(5)).unwrap();
    assert_eq!(order.rejection.as_deref(), Some("俯视"));
    let session = bench.session;
    assert_eq!(bench.s().queue_counts(session).unwrap().rejected, 1);
    assert!(matches!(
        bench.s().replace_photo(id, order.photo, None, Actor::Student, at(6)),
        Err(StoreError::SameRejectedPhoto)
    ));
    // The same bytes under a new name, in whole or in part.
    let ((original, finished), (other_original, other_finished)) = (pictures(1), pictures(2));
    for (original, finished) in
        [(&original, &finished), (&original, &other_finished), (&other_original, &finished)]
    {
        let photo = NewPhoto { subject, original, finished, record: "{}", taken: at(6) };
        let same = bench.s().keep_photo(&photo).unwrap();
        assert!(matches!(
            bench.s().replace_photo(id, same, None, Actor::Student, at(6)),
            Err(StoreError::SameRejectedPhoto)
        ));
    }
    let better = bench.photo(subject, 2);
    let order = bench.s().replace_photo(id, better, None, Actor::Student, at(7)).unwrap();
    assert_eq!((order.state, order.photo, order.rejection), (OrderState::PendingReview, better, None));
    bench.s().move_order(id, Move::Reject, Some("again"), Actor::Centre, at(8)).unwrap();
    let first = bench.photo(subject, 1);
    assert!(
        matches!(
            bench.s().replace_photo(id, first, None, Actor::Student, at(9)),
            Err(StoreError::SameRejectedPhoto)
        ),
        "not the first one either"
    );
    let steps: Vec<_> = bench.s().history(id).unwrap().iter().map(|revision| revision.step).collect();
    assert_eq!(steps, [None, Some(Move::Reject), Some(Move::Replace), Some(Move::Reject)]);
    assert!(bench.s().conn.execute_batch("UPDATE revisions SET reason = 'x'").is_err(), "history stays");
}

#[test]
fn discarding_a_photo_destroys_its_keys_and_files() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let photo = bench.photo(subject, 1);
    let (original, finished) = pictures(1);
    assert_eq!(bench.s().read_photo(photo, Which::Original).unwrap().as_slice(), original);
    assert_eq!(bench.s().read_photo(photo, Which::Finished).unwrap().as_slice(), finished);
    let files = || walk(&bench.place.data.join("vault"));
    assert_eq!(files().len(), 2);
    for path in files() {
        let raw = std::fs::read(&path).unwrap();
        assert!(!raw.windows(64).any(|part| part == &original[..64] || part == &finished[..64]), "encrypted");
    }
    bench.s().discard_photo(photo, at(1)).unwrap();
    assert!(walk(&bench.place.data.join("vault")).is_empty());
    assert!(matches!(bench.s().read_photo(photo, Which::Finished), Err(StoreError::PhotoUnreadable(_))));
    let keys = bench.s().conn.query_row("SELECT count(*) FROM photo_keys", [], |row| row.get::<_, i64>(0));
    assert_eq!(keys.unwrap(), 0);
    assert_eq!(std::fs::metadata(bench.place.data.join("store.db-wal")).unwrap().len(), 0, "nor in the log");
}

#[test]
fn pictures_that_were_changed_or_swapped_are_not_read() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let (one, two) = (bench.order(subject, 1).photo, bench.order(subject, 2).photo);
    let files = walk(&bench.place.data.join("vault"));
    let path = |photo: PhotoId, which: Which| {
        files.iter().find(|path| path.ends_with(format!("{photo}.{}", which.code()))).unwrap().clone()
    };
    let (first, second) = (path(one, Which::Finished), path(two, Which::Finished));
    let (a, b) = (std::fs::read(&first).unwrap(), std::fs::read(&second).unwrap());
    std::fs::write(&first, &b).unwrap();
    assert!(
        matches!(bench.s().read_photo(one, Which::Finished), Err(StoreError::PhotoUnreadable(_))),
        "swapped"
    );
    let mut bent = a.clone();
    bent[100] ^= 1;
    std::fs::write(&first, &bent).unwrap();
    assert_eq!(bench.s().self_check(true).unwrap().unreadable, [one]);
    std::fs::write(&first, &a[..50]).unwrap();
    assert_eq!(bench.reopen().sweep.dangling, [one], "cut");
    std::fs::remove_file(&second).unwrap();
    assert_eq!(bench.reopen().sweep.dangling.len(), 2, "gone");
    std::fs::write(&first, &a).unwrap();
    std::fs::write(&second, &b).unwrap();
    assert!(bench.s().self_check(true).unwrap().is_clean());
}

#[test]
fn the_start_sweeps_up() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let order = bench.order(subject, 1);
    bench.photo(subject, 2);
    let shelf = bench.place.data.join("vault/ab");
    std::fs::create_dir_all(&shelf).unwrap();
    std::fs::write(shelf.join(format!("{}.original.part", PhotoId::new())), b"half").unwrap();
    std::fs::write(shelf.join(format!("{}.original", PhotoId::new())), b"nobody's").unwrap();
    let sweep = bench.reopen().sweep;
    let wanted = SweepReport { temporary: 1, leftover: 0, quarantined: 1, unused: 1, dangling: Vec::new() };
    assert_eq!(sweep, wanted);
    assert_eq!(walk(&bench.place.data.join("quarantine")).len(), 1);
    assert_eq!(bench.reopen().sweep, SweepReport::default(), "once");
    assert!(bench.s().read_photo(order.photo, Which::Original).is_ok());
}

#[test]
fn the_centre_opens_what_was_wrapped_for_it() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let before = bench.photo(subject, 1);
    let secret = SecretKey::generate(&mut crypto_box::aead::OsRng);
    assert_eq!(bench.s().rewrap_for_centre(100).unwrap(), 0, "no centre yet");
    bench.s().set_centre_key(Some(*secret.public_key().as_bytes()), at(0)).unwrap();
    let after = bench.photo(subject, 2);
    assert_eq!(bench.s().key_for_centre(before, Which::Original).unwrap(), None);
    assert_eq!(bench.s().rewrap_for_centre(1).unwrap(), 1);
    assert_eq!(bench.s().rewrap_for_centre(100).unwrap(), 0);
    for (photo, seed) in [(before, 1), (after, 2)] {
        let sealed = bench.s().key_for_centre(photo, Which::Finished).unwrap().unwrap();
        let key: [u8; 32] = secret.unseal(&sealed).unwrap().try_into().unwrap();
        let path = walk(&bench.place.data.join("vault"))
            .into_iter()
            .find(|path| path.ends_with(format!("{photo}.finished")));
        let content = std::fs::read(path.unwrap()).unwrap();
        let bound = crate::vault::bound(photo, Which::Finished, "picture");
        let picture = crate::keys::decipher(&zeroize::Zeroizing::new(key), &bound, &content[4..]).unwrap();
        assert_eq!(picture.as_slice(), pictures(seed).1);
    }
    bench.s().set_centre_key(Some([9; 32]), at(1)).unwrap();
    assert_eq!(
        bench.s().key_for_centre(after, Which::Original).unwrap(),
        None,
        "another centre, other wraps"
    );
}

#[test]
fn orders_are_found_listed_and_paged() {
    let mut bench = Bench::new();
    let names = ["王小明", "王小明", "李雷", "单雪", "Maria da Silva"];
    let mut orders = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let subject = bench.student(name, &format!("2023{n:03}"));
        orders.push(bench.order(subject, n as u32));
    }
    let session = bench.session;
    let mut find = |text: &str| -> Vec<OrderId> {
        let all = bench.s().search(None, text, 50).unwrap();
        assert_eq!(bench.s().search(Some(session), text, 50).unwrap(), all);
        all.iter().map(|row| row.order.id).collect()
    };
    assert_eq!(find("王小明"), [orders[1].id, orders[0].id], "newest first");
    for (typed, who) in [("ll", 2), ("lilei", 2), ("SHANX", 3), ("da sil", 4), ("2023004", 4)] {
        assert_eq!(find(typed), [orders[who].id], "{typed}");
    }
    let number = orders[2].number.to_string();
    assert_eq!(find(&number), [orders[2].id]);
    assert_eq!(find(&number[7..]), [orders[2].id], "the time alone");
    assert_eq!(find("xm"), find("小明"));
    for nothing in ["", " ", "'; DROP TABLE orders; --", "赵", "%", "_"] {
        assert!(find(nothing).is_empty(), "{nothing}");
    }
    let subject = orders[2].subject;
    bench.s().update_details(subject, &details("李蕾", "2023002")).unwrap();
    assert!(bench.s().search(None, "李雷", 50).unwrap().is_empty());
    assert_eq!(bench.s().search(None, "李蕾", 50).unwrap()[0].order.id, orders[2].id);
    let other = crate::testing::session();
    bench.s().put_session(&other).unwrap();
    assert!(bench.s().search(Some(other.id), "王小明", 50).unwrap().is_empty());

    bench.s().move_order(orders[0].id, Move::Approve, None, Actor::Centre, at(9)).unwrap();
    let page = bench.s().orders_page(&OrderFilter::default(), 1, 2).unwrap();
    assert_eq!(page.total, 5);
    assert_eq!(page.rows.iter().map(|row| row.order.id).collect::<Vec<_>>(), [orders[3].id, orders[2].id]);
    let filter = OrderFilter { session: Some(session), state: Some(OrderState::PendingProduction) };
    let page = bench.s().orders_page(&filter, 0, 10).unwrap();
    assert_eq!((page.total, page.rows[0].order.id), (1, orders[0].id));
    assert_eq!(bench.s().orders_of(orders[1].subject).unwrap().len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// However the clock jumps, every order has its own number, and the numbers go up.
    #[test]
    fn order_numbers_are_never_given_twice(jumps in prop::collection::vec(-100_000_i64..100_000, 1..20)) {
        let mut bench = Bench::new();
        let subject = bench.student("王小明", "2023001");
        let mut last = None;
        let mut seen = HashSet::new();
        for (n, jump) in jumps.into_iter().enumerate() {
            let photo = bench.photo(subject, n as u32);
            let new = bench.new_order(subject, photo);
            let order = bench.s().publish_order(&new, at(jump)).unwrap();
            prop_assert!(seen.insert(order.number));
            prop_assert!(last < Some(order.number));
            last = Some(order.number);
            prop_assert_eq!(order.created, at(jump));
        }
    }
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

/// What goes to the centre is made once: the same bytes each time, with pictures that the centre can open.
#[test]
fn a_message_is_the_same_each_time_and_opens_at_the_centre() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let order = bench.order(subject, 1);
    let row = bench.s().outbox(10).unwrap().into_iter().find(|row| row.kind == Kind::Order).unwrap();
    assert!(
        matches!(bench.s().outbox_begin(row.seq), Err(StoreError::NotFound(_))),
        "there is no centre yet"
    );
    let secret = SecretKey::generate(&mut crypto_box::aead::OsRng);
    bench.s().set_centre_key(Some(*secret.public_key().as_bytes()), at(0)).unwrap();
    let first = bench.s().outbox_begin(row.seq).unwrap().unwrap();
    assert!(!first.tried);
    bench.reopen();
    let again = bench.s().outbox_begin(row.seq).unwrap().unwrap();
    assert_eq!((&again.message, again.tried), (&first.message, true));

    let message: caixiang_wire::OrderRevision = serde_json::from_slice(&first.message).unwrap();
    assert_eq!(message.pictures.len(), 2);
    for (picture, (blob, photo, which)) in message.pictures.iter().zip(&first.pictures) {
        let sealed = bench.s().sealed_picture(*photo, *which).unwrap();
        assert_eq!((&caixiang_wire::Sha256Hex::of(&sealed), sealed.len() as u64), (blob, picture.size));
        let key = secret.unseal(&picture.key.bytes().unwrap()).unwrap();
        let key: [u8; 32] = key.try_into().unwrap();
        let opened = caixiang_wire::picture::open(&key, *photo, which.code(), &sealed).unwrap();
        assert_eq!(opened, bench.s().read_photo(order.photo, *which).unwrap());
    }

    bench.s().outbox_failed(row.seq, "item.bad_body", "why", true, at(1)).unwrap();
    assert_eq!(bench.s().outbox_begin(row.seq).unwrap(), None, "set aside");
    assert_eq!(bench.s().outbox_aside(10).unwrap()[0].failure.as_deref(), Some("item.bad_body"));
    assert_eq!(bench.s().outbox_take_up().unwrap(), 1);
    assert!(bench.s().outbox_begin(row.seq).unwrap().is_some());
    bench.s().outbox_sent(row.seq, at(2)).unwrap();
    assert_eq!(bench.s().outbox_begin(row.seq).unwrap(), None);
    assert_eq!(bench.s().sent_count(Kind::Order).unwrap(), 1);
}

/// What changed several times before anybody listened is said once, as it is now; what was tried is not rewritten.
#[test]
fn untried_messages_of_the_same_thing_are_one() {
    let mut bench = Bench::new();
    let of_session = |store: &Store| {
        let rows = store.outbox(100).unwrap();
        rows.into_iter().filter(|row| row.kind == Kind::Session).collect::<Vec<_>>()
    };
    let mut session = bench.s().sessions().unwrap().remove(0);
    session.no_glasses = false;
    bench.s().put_session(&session).unwrap();
    let rows = of_session(bench.s());
    assert_eq!((rows.len(), rows[0].revision), (1, 1));
    bench.s().outbox_begin(rows[0].seq).unwrap();
    bench.s().put_session(&session).unwrap();
    let revisions: Vec<_> = of_session(bench.s()).iter().map(|row| row.revision).collect();
    assert_eq!(revisions, [1, 2]);
    session.id = SessionId::new();
    session.demonstration = true;
    let before = bench.s().outbox_waiting().unwrap().count;
    bench.s().put_session(&session).unwrap();
    bench.s().create_subject(session.id, details("李雷", "1"), None).unwrap();
    assert_eq!(bench.s().outbox_waiting().unwrap().count, before, "a demonstration is nobody's");
}
