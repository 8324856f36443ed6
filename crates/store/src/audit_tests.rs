//! Tests of the audit log: any change to any row shows.

use proptest::prelude::*;

use super::*;
use crate::testing::{Bench, at};

fn filled(rows: i64) -> Bench {
    let mut bench = Bench::new();
    for row in 0..rows {
        bench.s().audit(Actor::Manager, "test", None, &format!("{{\"n\":{row}}}"), at(row)).unwrap();
    }
    bench
}

/// Changes the log as somebody with the key and SQL could.
fn tamper(bench: &mut Bench, sql: &str) {
    let conn = &bench.s().conn;
    conn.execute_batch("DROP TRIGGER audit_is_not_changed; DROP TRIGGER audit_is_not_removed;").unwrap();
    conn.execute_batch(sql).unwrap();
}

#[test]
fn the_chain_holds_and_grows() {
    let mut bench = filled(5);
    let before = bench.s().verify_audit().unwrap().unwrap();
    bench.s().audit(Actor::Student, "more", None, "{}", at(9)).unwrap();
    let after = bench.s().verify_audit().unwrap().unwrap();
    assert_eq!(after.rows, before.rows + 1);
    assert_ne!(after.hash, before.hash);
}

#[test]
fn rows_cannot_be_changed_or_removed_in_passing() {
    let mut bench = filled(3);
    for sql in ["UPDATE audit SET actor = 'centre'", "DELETE FROM audit"] {
        assert!(bench.s().conn.execute_batch(sql).is_err(), "{sql}");
    }
}

#[test]
fn every_tampering_shows() {
    let changes = [
        ("UPDATE audit SET detail = '{\"n\":7}' WHERE seq = 3", 3),
        ("UPDATE audit SET at = at + 1 WHERE seq = 2", 2),
        ("UPDATE audit SET actor = 'student' WHERE seq = 4", 4),
        ("UPDATE audit SET about = 'subject:x' WHERE seq = 4", 4),
        ("UPDATE audit SET hash = zeroblob(32) WHERE seq = 5", 5),
        ("UPDATE audit SET hash = zeroblob(3) WHERE seq = 5", 5),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)", 6),
        ("DELETE FROM audit", 1),
        (
            "INSERT INTO audit SELECT 99, at, actor, action, about, detail, prev, hash FROM audit WHERE seq = 2",
            7,
        ),
    ];
    for (sql, row) in changes {
        let mut bench = filled(5);
        tamper(&mut bench, sql);
        assert_eq!(bench.s().verify_audit().unwrap(), Err(AuditBreak { row }), "{sql}");
        assert!(!bench.s().self_check(false).unwrap().is_clean(), "{sql}");
    }
}

#[test]
fn id_numbers_are_masked() {
    for (text, masked) in [
        ("身份证 11010519491231002X。", "身份证 **************002X。"),
        ("110105194912310021", "**************0021"),
        ("110105491231002", "***********1002"),
        ("000015-20240220115644602", "000015-20240220115644602"),
        ("13900000000", "13900000000"),
        ("", ""),
    ] {
        assert_eq!(mask_numbers(text), masked, "{text}");
    }
    let mut bench = Bench::new();
    bench.s().audit(Actor::Manager, "x", None, "{\"id\":\"11010519491231002X\"}", at(0)).unwrap();
    let kept: String = bench
        .s()
        .conn
        .query_row("SELECT detail FROM audit ORDER BY seq DESC LIMIT 1", [], |row| row.get(0))
        .unwrap();
    assert!(!kept.contains("19491231"), "{kept}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// One changed byte anywhere in any text of any row shows at that row.
    #[test]
    fn any_changed_text_shows(row in 1..7_i64, column in 0..4_usize, extra in "[a-z]{1,3}") {
        let mut bench = filled(6);
        let column = ["actor", "action", "about", "detail"][column];
        tamper(&mut bench, &format!("UPDATE audit SET {column} = {column} || '{extra}' WHERE seq = {row}"));
        let broken = bench.s().verify_audit().unwrap();
        prop_assert_eq!(broken, Err(AuditBreak { row: row.unsigned_abs() }));
    }

    /// Text moved from one column to its neighbour shows too.
    #[test]
    fn texts_do_not_run_into_each_other(action in "[a-z]{2,8}", cut in 1..2_usize) {
        let link = |action: &str, about: &str| Link {
            seq: 1, at: 0, actor: "system".into(), action: action.into(), about: about.into(),
            detail: "{}".into(), prev: [0; 32],
        };
        prop_assert_ne!(link(&action, "").hash(), link(&action[..cut], &action[cut..]).hash());
    }
}
