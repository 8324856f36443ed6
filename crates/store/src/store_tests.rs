//! Tests of the store as its caller sees it: sessions, students, the queue, visits, settings, PINs.

use caixiang_domain::*;

use crate::testing::{Bench, at, details, options, session};
use crate::*;

#[test]
fn a_store_is_made_once_and_opened_again() {
    let mut bench = Bench::new();
    assert!(matches!(open(&bench.place, &options()), Err(OpenError::InUse)));
    let subject = bench.student("王小明", "2023001");
    let order = bench.order(subject, 1);
    let found = bench.reopen();
    assert_eq!(found.sweep, SweepReport::default());
    assert_eq!(found.custody, KeyCustody::PassphraseFile);
    assert_eq!(bench.s().order(order.id).unwrap(), order);
    assert!(bench.s().self_check(true).unwrap().is_clean());
    let raw = std::fs::read(bench.place.data.join("store.db")).unwrap();
    assert!(!raw.starts_with(b"SQLite format"), "the database is encrypted");
}

/// In a session of its own, for instance:
/// `dbus-run-session -- sh -c 'echo -n x | gnome-keyring-daemon --unlock && cargo test -p caixiang-store -- --ignored keystore'`
#[test]
#[ignore = "needs an unlocked Secret Service, which a build machine has not"]
fn the_keystore_keeps_the_secret_where_there_is_one() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { data: folder.path().join("data"), config: folder.path().join("config") };
    let with_keystore = Options { keystore: true, ..options() };
    for _ in 0..2 {
        assert_eq!(open(&place, &with_keystore).unwrap().custody, KeyCustody::Keystore);
        assert_eq!(std::fs::read_dir(&place.config).unwrap().count(), 0, "no passphrase file");
    }
}

#[test]
fn without_a_keystore_the_fallback_says_so_and_a_lost_keystore_is_no_new_store() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place { data: folder.path().join("data"), config: folder.path().join("config") };
    drop(open(&place, &options()).unwrap());
    let path = place.data.join("keys.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("passphrase_file"));
    std::fs::write(&path, text.replace("passphrase_file", "keystore")).unwrap();
    assert!(matches!(open(&place, &options()), Err(OpenError::KeyMissing)));
}

#[test]
fn the_secret_must_lie_apart_from_the_data() {
    let folder = tempfile::tempdir().unwrap();
    for config in ["data", "data/config", "."] {
        let place = Place { data: folder.path().join("data"), config: folder.path().join(config) };
        assert!(matches!(open(&place, &options()), Err(OpenError::BadPlace)), "{config}");
    }
}

#[test]
fn sessions_read_back_as_they_were() {
    let mut bench = Bench::new();
    let mut changed = session();
    bench.s().put_session(&changed).unwrap();
    changed.no_glasses = false;
    changed.products[0].paper = true;
    bench.s().put_session(&changed).unwrap();
    assert_eq!(bench.s().session(changed.id).unwrap(), changed);
    assert_eq!(bench.s().sessions().unwrap().len(), 2);
    assert_eq!(bench.s().active_session().unwrap(), None);
    bench.s().set_active_session(changed.id).unwrap();
    bench.reopen();
    assert_eq!(bench.s().active_session().unwrap().map(|s| s.id), Some(changed.id));
    assert!(matches!(bench.s().set_active_session(SessionId::new()), Err(StoreError::NotFound(_))));
}

#[test]
fn students_are_found_by_number_and_code() {
    let mut bench = Bench::new();
    let session = bench.session;
    let code = [7; 32];
    let one = bench.s().create_subject(session, details("王小明", "2023001"), Some(code)).unwrap();
    let two = bench.student("李雷", "2023002");
    for number in ["2023001", " 2023001 ", "２０２３００１"] {
        let found = bench.s().subjects_by_number(session, number).unwrap();
        assert_eq!(found, std::slice::from_ref(&one), "{number}");
    }
    assert_eq!(bench.s().subjects_by_number(session, "11010519491231002x").unwrap().len(), 2);
    assert!(bench.s().subjects_by_number(session, "202300").unwrap().is_empty(), "exact only");
    assert!(bench.s().subjects_by_number(session, " - ").unwrap().is_empty());
    assert_eq!(bench.s().subject_by_code(session, &code).unwrap(), Some(one.clone()));
    assert!(bench.s().set_code(two, &code).is_err(), "one code, one student");
    bench.s().set_code(two, &[8; 32]).unwrap();
    assert_eq!(bench.s().subject_by_code(session, &[8; 32]).unwrap().map(|s| s.id), Some(two));
    let other = crate::testing::session();
    bench.s().put_session(&other).unwrap();
    assert_eq!(bench.s().subject_by_code(other.id, &code).unwrap(), None, "another session");

    bench.s().update_details(one.id, &details("王晓明", "2023009")).unwrap();
    assert!(bench.s().subjects_by_number(session, "2023001").unwrap().is_empty());
    assert_eq!(bench.s().subjects_by_number(session, "2023009").unwrap()[0].id, one.id);
}

#[test]
fn a_roster_comes_in_whole_and_can_come_again() {
    let mut bench = Bench::new();
    let id = bench.session;
    let roster: Vec<Subject> = (0..300)
        .map(|n| Subject {
            id: SubjectId::new(),
            session: id,
            details: details("张三", &format!("S{n:04}")),
            code_sha256: None,
            standing: if n == 5 { Standing::Absent } else { Standing::Waiting },
        })
        .collect();
    for _ in 0..2 {
        assert_eq!(bench.s().put_subjects(id, &roster).unwrap(), 300);
        assert_eq!(
            bench.s().queue_counts(id).unwrap(),
            QueueCounts { waiting: 299, absent: 1, ..QueueCounts::default() }
        );
    }
    let mut clash = roster[..2].to_vec();
    for subject in &mut clash {
        subject.id = SubjectId::new();
        subject.code_sha256 = Some([1; 32]);
    }
    assert!(bench.s().put_subjects(id, &clash).is_err());
    assert_eq!(bench.s().queue_counts(id).unwrap().waiting, 299, "all or none");
}

#[test]
fn the_queue_filters_counts_and_goes_on() {
    let mut bench = Bench::new();
    let id = bench.session;
    let names = ["王小明", "李雷", "韩梅梅", "单雪"];
    let all: Vec<SubjectId> =
        names.iter().enumerate().map(|(n, name)| bench.student(name, &format!("2023{n:03}"))).collect();
    bench.s().set_absent(all[1], true).unwrap();
    bench.order(all[0], 1);
    let list = |bench: &mut Bench, filter: QueueFilter| -> Vec<SubjectId> {
        let page = bench.s().queue(id, &filter, 0, 50).unwrap();
        assert_eq!(page.total, page.rows.len() as u64);
        page.rows.iter().map(|row| row.subject).collect()
    };
    assert_eq!(list(&mut bench, QueueFilter::default()), all);
    let by = |standing| QueueFilter { standing: Some(standing), ..QueueFilter::default() };
    assert_eq!(list(&mut bench, by(QueueStanding::Waiting)), all[2..]);
    assert_eq!(list(&mut bench, by(QueueStanding::Absent)), all[1..2]);
    assert_eq!(list(&mut bench, by(QueueStanding::Ordered)), all[..1]);
    assert_eq!(list(&mut bench, by(QueueStanding::In(OrderState::PendingReview))), all[..1]);
    let text = |text: &str| QueueFilter { text: Some(text.into()), ..QueueFilter::default() };
    for (typed, who) in [("hmm", 2), ("han", 2), ("梅", 2), ("shanx", 3), ("danx", 3), ("2023001", 1)] {
        assert_eq!(list(&mut bench, text(typed)), all[who..=who], "{typed}");
    }
    let class = QueueFilter { class: Some("二班".into()), ..QueueFilter::default() };
    assert!(list(&mut bench, class).is_empty());
    assert_eq!(bench.s().classes(id).unwrap(), ["一班"]);
    let page = bench.s().queue(id, &QueueFilter::default(), 2, 1).unwrap();
    assert_eq!((page.rows[0].subject, page.total), (all[2], 4));
    let counts = QueueCounts { waiting: 2, absent: 1, ordered: 1, rejected: 0 };
    assert_eq!(bench.s().queue_counts(id).unwrap(), counts);

    assert_eq!(bench.s().next_waiting(id, None).unwrap(), Some(all[2]));
    assert_eq!(bench.s().next_waiting(id, Some(all[2])).unwrap(), Some(all[3]));
    assert_eq!(bench.s().next_waiting(id, Some(all[3])).unwrap(), Some(all[2]), "from the beginning again");
    bench.s().set_absent(all[1], false).unwrap();
    assert_eq!(bench.s().next_waiting(id, Some(all[0])).unwrap(), Some(all[1]));
    bench.s().set_absent(all[0], true).unwrap();
    assert_eq!(bench.s().subject(all[0]).unwrap().standing, Standing::Ordered(OrderState::PendingReview));
}

#[test]
fn a_visit_outlives_a_restart_and_ends() {
    let mut bench = Bench::new();
    let subject = bench.student("王小明", "2023001");
    let other = bench.student("李雷", "2023002");
    let visit = bench.s().begin_visit(subject, at(0)).unwrap();
    assert_eq!(bench.s().begin_visit(subject, at(5)).unwrap(), visit, "the same visit");
    assert_eq!(bench.s().begin_visit(other, at(6)).unwrap().shot_number, visit.shot_number + 1);
    let photo = bench.photo(subject, 1);
    bench.s().save_visit(visit.id, "{\"step\":\"review\"}", Some(photo), at(7)).unwrap();
    let foreign = bench.photo(other, 2);
    assert!(matches!(
        bench.s().save_visit(visit.id, "{}", Some(foreign), at(8)),
        Err(StoreError::PhotoInUse(_))
    ));
    assert!(matches!(bench.s().save_visit(visit.id, "{", None, at(8)), Err(StoreError::BadDocument(_))));
    assert_eq!(bench.reopen().sweep.unused, 1, "the foreign photo belonged to nothing");
    let kept = bench.s().visit_of(subject).unwrap().unwrap();
    assert_eq!(
        (kept.document.as_str(), kept.photo, kept.saved),
        ("{\"step\":\"review\"}", Some(photo), at(7))
    );
    assert!(bench.s().read_photo(photo, Which::Finished).is_ok());

    let better = bench.photo(subject, 3);
    bench.s().save_visit(visit.id, "{}", Some(better), at(9)).unwrap();
    assert!(matches!(bench.s().read_photo(photo, Which::Finished), Err(StoreError::PhotoUnreadable(_))));
    assert_eq!(bench.s().expire_visits(at(6), at(10)).unwrap(), 0);
    assert_eq!(bench.s().expire_visits(at(7), at(10)).unwrap(), 1, "the other one");
    assert_eq!(bench.s().visit_of(other).unwrap(), None);
    bench.s().end_visit(visit.id, false, at(11)).unwrap();
    assert!(matches!(bench.s().read_photo(better, Which::Original), Err(StoreError::PhotoUnreadable(_))));
    assert!(matches!(bench.s().end_visit(visit.id, false, at(11)), Err(StoreError::NotFound("visit"))));
    assert!(bench.s().self_check(true).unwrap().is_clean());
}

#[test]
fn settings_keep_their_type() {
    let mut bench = Bench::new();
    assert_eq!(bench.s().setting::<u32>("idle_s").unwrap(), None);
    bench.s().set_setting("idle_s", &90_u32).unwrap();
    bench.reopen();
    assert_eq!(bench.s().setting::<u32>("idle_s").unwrap(), Some(90));
    assert!(matches!(bench.s().setting::<Vec<u8>>("idle_s"), Err(StoreError::BadDocument(_))));
    let huge = "x".repeat(2 << 20);
    assert!(matches!(bench.s().set_setting("huge", &huge), Err(StoreError::TooLarge { .. })));
}

#[test]
fn wrong_pins_lock_the_role_for_longer_each_time() {
    let mut bench = Bench::new();
    let role = Role::Manager;
    assert_eq!(bench.s().check_pin(role, "1234", at(0)).unwrap(), PinAnswer::NotSet);
    for bad in ["123", "12345678901234", "12a4", "１２３４", ""] {
        assert!(
            matches!(bench.s().set_pin(role, bad, Actor::Manager, at(0)), Err(StoreError::BadPin)),
            "{bad}"
        );
    }
    bench.s().set_pin(role, "2580", Actor::Manager, at(0)).unwrap();
    assert!(bench.s().has_pin(role).unwrap() && !bench.s().has_pin(Role::Photographer).unwrap());
    assert_eq!(bench.s().check_pin(role, "2580", at(0)).unwrap(), PinAnswer::Right);
    let mut now = 10;
    for minutes in [1, 5, 15, 15] {
        for left in (1..5).rev() {
            assert_eq!(bench.s().check_pin(role, "0000", at(now)).unwrap(), PinAnswer::Wrong { left });
        }
        let until = at(now + minutes * 60);
        assert_eq!(bench.s().check_pin(role, "0000", at(now)).unwrap(), PinAnswer::Locked { until });
        bench.reopen();
        let early = at(now + minutes * 60 - 1);
        assert_eq!(
            bench.s().check_pin(role, "2580", early).unwrap(),
            PinAnswer::Locked { until },
            "not even the right one"
        );
        now += minutes * 60;
    }
    let long_ago = at(-1_000_000);
    let until = at(-1_000_000 + 15 * 60);
    assert_eq!(
        bench.s().check_pin(role, "2580", long_ago).unwrap(),
        PinAnswer::Locked { until },
        "a clock set back"
    );
    assert_eq!(bench.s().check_pin(role, "2580", at(now)).unwrap(), PinAnswer::Right);
    assert_eq!(bench.s().check_pin(role, "0000", at(now)).unwrap(), PinAnswer::Wrong { left: 4 });
}
