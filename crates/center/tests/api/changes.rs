//! What the centre says to kiosks.

use std::time::{Duration, Instant};

use caixiang_wire::{Change, DecisionAnswer, DecisionOutcome, Kind, Verdict, item_path, problem};
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use crate::centre::Centre;
use crate::kiosk::{Kiosk, code_of, session_document};

#[tokio::test]
async fn a_decision_wakes_a_waiting_kiosk_at_another_copy() {
    let centre = Centre::with_copies(2).await;
    let mut kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    kiosk.push(&order).await;
    let manager = centre.manager().await;
    kiosk.url = centre.url_of(1).to_owned();
    assert!(kiosk.changes(0, 0).await.changes.is_empty());
    let waiting = async {
        let changes = kiosk.changes(0, 30).await;
        (changes, Instant::now())
    };
    let deciding = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let decision = manager.decide(order.id(), order.photo(), "reject").await.unwrap();
        (decision, Instant::now())
    };
    let ((changes, heard), (decision, decided)) = tokio::join!(waiting, deciding);
    let took = heard.saturating_duration_since(decided);
    assert!(took < Duration::from_secs(2), "{took:?}");
    let [one] = changes.changes.as_slice() else { panic!("{changes:?}") };
    let Change::Decision(said) = &one.change else { panic!("{one:?}") };
    assert_eq!(
        (said.id, said.order, said.photo, said.verdict),
        (decision, order.id(), order.photo(), Verdict::Reject)
    );
    assert_eq!(said.reason.as_deref(), Some("闭眼 eyes closed"));

    // The same cursor, the same answer; the next one, nothing.
    assert_eq!(kiosk.changes(0, 0).await, changes);
    assert!(kiosk.changes(changes.next, 0).await.changes.is_empty());
}

#[tokio::test]
async fn a_decision_is_taken_back_only_until_the_kiosk_has_it() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    kiosk.push(&order).await;
    let manager = centre.manager().await;
    let first = manager.decide(order.id(), order.photo(), "approve").await.unwrap();
    assert_eq!(manager.decide(order.id(), order.photo(), "reject").await, None, "it is decided already");
    assert_eq!(manager.undo(first).await, StatusCode::NO_CONTENT);
    assert!(kiosk.changes(0, 0).await.changes.is_empty());
    let second = manager.decide(order.id(), order.photo(), "reject").await.unwrap();
    let changes = kiosk.changes(0, 0).await;
    assert_eq!(changes.changes.len(), 1);
    assert_eq!(manager.undo(second).await, StatusCode::CONFLICT);

    // The kiosk carries it out: its own revision, and the answer.
    let mut rejected = kiosk.next(&order, "rejected", false);
    rejected.message.decision = Some(second);
    kiosk.push(&rejected).await;
    answer(&kiosk, second, order.id(), DecisionOutcome::Applied { revision: 2 }).await;
    let detail = manager.get(&format!("/v1/staff/orders/{}", order.id())).await;
    assert_eq!(detail["order"]["state"], "rejected");
    assert_eq!(detail["order"]["deciding"], json!(null));
    let states: Vec<_> =
        detail["decisions"].as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["undone", "applied"]);
    assert_eq!(detail["history"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_decision_that_was_overtaken_leaves_the_order_to_be_decided_again() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    kiosk.push(&order).await;
    let manager = centre.manager().await;
    // While the kiosk was away it was rejected there and photographed again.
    let decision = manager.decide(order.id(), order.photo(), "approve").await.unwrap();
    let rejected = kiosk.next(&order, "rejected", false);
    kiosk.push(&rejected).await;
    let replaced = kiosk.next(&rejected, "pending_review", true);
    kiosk.push(&replaced).await;
    assert_eq!(kiosk.changes(0, 0).await.changes.len(), 1);
    answer(&kiosk, decision, order.id(), DecisionOutcome::Overtaken { revision: 3 }).await;
    assert_eq!(
        manager.decide(order.id(), order.photo(), "approve").await,
        None,
        "the photo nobody sees any more"
    );
    assert!(manager.decide(order.id(), replaced.photo(), "approve").await.is_some());
}

async fn answer(kiosk: &Kiosk, decision: Uuid, order: Uuid, outcome: DecisionOutcome) {
    let body = serde_json::to_vec(&DecisionAnswer { decision, order, outcome }).unwrap();
    let answer = kiosk.put(&item_path(Kind::Decision, decision, 1), &body).await;
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_session_and_its_roster_reach_the_kiosks_that_have_it() {
    let centre = Centre::start().await;
    let manager = centre.manager().await;
    let (first, second) = (centre.kiosk().await, centre.kiosk_without_session().await);
    let roster = |batch: Uuid, rows: usize| {
        let rows: Vec<_> = (0..rows)
            .map(|n| json!({ "subject": Uuid::now_v7(), "details": { "name": "李雷", "student_number": format!("{n:06}"),
                "college": "理学院", "class_name": "二班" } }))
            .collect();
        (item_path(Kind::Roster, batch, 1), json!({ "session": first.session, "rows": rows }).to_string())
    };
    let (path, body) = roster(Uuid::now_v7(), 500);
    assert_eq!(first.put(&path, body.as_bytes()).await.status(), StatusCode::OK);
    let (path, body) = roster(Uuid::now_v7(), 501);
    assert_eq!(first.put(&path, body.as_bytes()).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let (path, body) = roster(Uuid::now_v7(), 300);
    assert_eq!(second.put(&path, body.as_bytes()).await.status(), StatusCode::FORBIDDEN, "not its session");
    assert_eq!(first.put(&path, body.as_bytes()).await.status(), StatusCode::OK);

    let give = format!("/v1/staff/kiosks/{}/sessions/{}", second.enrolled.kiosk, first.session);
    assert_eq!(manager.send(Method::PUT, &give, None).await.status(), StatusCode::NO_CONTENT);
    let changes = second.changes(0, 0).await;
    let rows: usize = changes
        .changes
        .iter()
        .map(|one| match &one.change {
            Change::Roster(batch) => batch.rows.len(),
            Change::Session { id, document } => {
                assert_eq!((*id, document.school_code.as_str()), (first.session, "10183"));
                0
            }
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!((changes.changes.len(), rows), (3, 800));

    // Now it is both's: what one changes, the other is told.
    let document = session_document("新名字").to_string();
    let renamed = second.put(&item_path(Kind::Session, first.session, 2), document.as_bytes()).await;
    assert_eq!(
        code_of(renamed).await,
        (StatusCode::FORBIDDEN, problem::NOT_YOURS.into()),
        "revisions have one writer"
    );
    let path = format!("/v1/staff/sessions/{}", first.session);
    let changed = manager.send(Method::PUT, &path, Some(session_document("新名字"))).await;
    assert_eq!(changed.status(), StatusCode::NO_CONTENT);
    for (kiosk, after) in [(&first, 0), (&second, changes.next)] {
        let said = kiosk.changes(after, 0).await;
        let Change::Session { document, .. } = &said.changes.last().unwrap().change else {
            panic!("{said:?}")
        };
        assert_eq!(document.name.zh, "新名字");
    }
    assert_eq!(manager.send(Method::DELETE, &give, None).await.status(), StatusCode::NO_CONTENT);
    let mut order = second.order("1");
    order.message.order.session = first.session;
    let refused = second.put(&order.path(), &order.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::FORBIDDEN, problem::NOT_YOURS.into()));
}

#[tokio::test]
async fn the_second_capture_of_a_student_is_noticed_at_both_kiosks() {
    let centre = Centre::start().await;
    let (first, mut second) = (centre.kiosk().await, centre.kiosk_without_session().await);
    let manager = centre.manager().await;
    let give = format!("/v1/staff/kiosks/{}/sessions/{}", second.enrolled.kiosk, first.session);
    assert_eq!(manager.send(Method::PUT, &give, None).await.status(), StatusCode::NO_CONTENT);
    second.session = first.session;
    let after = second.changes(0, 0).await.next;
    let (here, there, alone) = (first.order("20230001"), second.order("20230001"), second.order("20230002"));
    first.push(&here).await;
    second.push(&there).await;
    second.push(&alone).await;
    for (kiosk, after, own, other) in [(&first, 0, &here, &there), (&second, after, &there, &here)] {
        let said = kiosk.changes(after, 0).await;
        let [one] = said.changes.as_slice() else { panic!("{said:?}") };
        let Change::Twin(twin) = &one.change else { panic!("{one:?}") };
        assert_eq!((twin.order, &twin.other_number), (own.id(), &other.message.order.number));
    }
}
