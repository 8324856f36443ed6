//! The human review.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::centre::{Centre, PASSWORD};
use crate::kiosk::code_of;
use crate::staff::{Staff, try_sign_in};

#[tokio::test]
async fn a_reviewer_finds_and_sees_what_waits() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let orders: Vec<_> = (0..7).map(|n| kiosk.order(&format!("2023000{n}"))).collect();
    for order in &orders {
        kiosk.push(order).await;
    }
    centre.add_staff("reviewer", "reviewer");
    let reviewer = Staff::sign_in(centre.url(), "reviewer").await;
    let page = reviewer.get("/v1/staff/orders?state=pending_review&undecided=true&limit=5").await;
    assert_eq!(page["orders"].as_array().unwrap().len(), 5);
    let next = page["next"].as_str().unwrap();
    let rest = reviewer.get(&format!("/v1/staff/orders?state=pending_review&limit=5&after={next}")).await;
    assert_eq!((rest["orders"].as_array().unwrap().len(), rest["next"].clone()), (2, json!(null)));
    let found = reviewer.get("/v1/staff/orders?words=20230003").await;
    assert_eq!(found["orders"][0]["id"], json!(orders[3].id()));
    assert_eq!(found["orders"].as_array().unwrap().len(), 1);
    assert!(reviewer.get("/v1/staff/orders?words=%25").await["orders"].as_array().unwrap().is_empty());

    let path = format!("/v1/staff/orders/{}/photo/finished", orders[3].id());
    let photo = reviewer.send(Method::GET, &path, None).await;
    assert_eq!(photo.headers()["content-type"], "image/jpeg");
    assert_eq!(photo.headers()["cache-control"], "no-store");
    assert!(photo.bytes().await.unwrap() == orders[3].finished, "opened with the centre's key");
    assert_eq!(centre.ask("SELECT count(*) FROM log WHERE what = 'photo.look'"), "1");

    // In bulk; what was decided meanwhile is left, and said.
    reviewer.decide(orders[0].id(), orders[0].photo(), "reject").await.unwrap();
    let of: Vec<_> =
        orders.iter().map(|order| json!({ "order": order.id(), "photo": order.photo() })).collect();
    let body = json!({ "of": of, "verdict": "approve", "reason": null });
    let decided = reviewer.send(Method::POST, "/v1/staff/decisions", Some(body)).await;
    let decided: serde_json::Value = decided.json().await.unwrap();
    assert_eq!(decided["made"].as_array().unwrap().len(), 6);
    assert_eq!(decided["left"], json!([orders[0].id()]));
    let nothing = json!({ "of": of, "verdict": "reject", "reason": "  " });
    let refused = reviewer.send(Method::POST, "/v1/staff/decisions", Some(nothing)).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "a rejection needs a reason");
}

#[tokio::test]
async fn a_session_shows_how_far_it_is() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let mut order = kiosk.order("000001");
    let rows: Vec<_> = (0..3)
        .map(|n| json!({ "subject": uuid::Uuid::now_v7(), "details": { "name": "韩梅梅", "student_number": format!("{n:06}"),
            "college": "文学院", "class_name": "一班" } }))
        .collect();
    order.message.order.subject = serde_json::from_value(rows[1]["subject"].clone()).unwrap();
    let path = caixiang_wire::item_path(caixiang_wire::Kind::Roster, uuid::Uuid::now_v7(), 1);
    let body = json!({ "session": kiosk.session, "rows": rows }).to_string();
    assert_eq!(kiosk.put(&path, body.as_bytes()).await.status(), StatusCode::OK);
    kiosk.push(&order).await;
    let manager = centre.manager().await;
    let progress = manager.get(&format!("/v1/staff/sessions/{}/progress", kiosk.session)).await;
    assert_eq!((progress["students"].clone(), progress["photographed"].clone()), (json!(3), json!(1)));
    assert_eq!(progress["states"], json!({ "pending_review": 1 }));
    assert_eq!(progress["per_hour"][0]["orders"], json!(1));
    let missing = manager.get(&format!("/v1/staff/sessions/{}/missing", kiosk.session)).await;
    let numbers: Vec<_> =
        missing.as_array().unwrap().iter().map(|one| one["student_number"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["000000", "000002"]);
    let list = manager.get("/v1/staff/sessions").await;
    assert_eq!((list[0]["students"].clone(), list[0]["waiting_for_review"].clone()), (json!(3), json!(1)));
}

#[tokio::test]
async fn wrong_passwords_lock_a_name_at_every_copy() {
    let centre = Centre::with_copies(2).await;
    for n in 0..5 {
        let answer = try_sign_in(centre.url_of(n % 2), "manager", "not the password").await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
    let (status, code) = code_of(try_sign_in(centre.url_of(1), "manager", PASSWORD).await).await;
    assert_eq!((status, code.as_str()), (StatusCode::TOO_MANY_REQUESTS, "staff.locked"));
    centre.ask("UPDATE staff SET locked_until_ms = 0");
    let manager = centre.manager().await;
    let nobody = try_sign_in(centre.url(), "nobody", PASSWORD).await;
    assert_eq!(nobody.status(), StatusCode::UNAUTHORIZED);
    let out = manager.send(Method::POST, "/v1/staff/sign-out", None).await;
    assert_eq!(out.status(), StatusCode::NO_CONTENT);
    assert_eq!(manager.send(Method::GET, "/v1/staff/me", None).await.status(), StatusCode::UNAUTHORIZED);
}
