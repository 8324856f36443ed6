//! Who may do what: every way of the API, from its own description.

use caixiang_wire::problem;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::centre::Centre;
use crate::kiosk::code_of;
use crate::staff::Staff;

/// Ways that need nobody's name.
const OPEN: [&str; 7] = [
    "/v1/enrolments",
    "/v1/time",
    "/v1/staff/sign-in",
    "/v1/staff/sign-out",
    "/v1/health/live",
    "/v1/health/ready",
    "/metrics",
];

/// Every way with an id in it, and its method.
fn ways() -> Vec<(Method, String, bool)> {
    let api = serde_json::to_value(caixiang_center::openapi()).unwrap();
    let mut ways = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        if OPEN.contains(&path.as_str()) {
            continue;
        }
        for method in methods.as_object().unwrap().keys() {
            let filled = path
                .replace("{id}", &Uuid::now_v7().to_string())
                .replace("{session}", &Uuid::now_v7().to_string())
                .replace("{n}", "1")
                .replace("{which}", "finished")
                .replace("{sha256}", &"0".repeat(64));
            assert!(!filled.contains('{'), "{filled}");
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            ways.push((method, filled, path.starts_with("/v1/staff/")));
        }
    }
    assert!(ways.len() > 20);
    ways
}

#[tokio::test]
async fn nobody_gets_in_without_a_name_of_the_right_kind() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let manager = centre.manager().await;
    for (method, path, for_staff) in ways() {
        let url = format!("{}{path}", centre.url());
        let nameless = Client::new().request(method.clone(), &url).send().await.unwrap();
        assert_eq!(nameless.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
        let wrong_kind = if for_staff {
            kiosk.request(&method, &path, b"{}").send().await.unwrap()
        } else {
            manager.send(method.clone(), &path, None).await
        };
        assert_eq!(wrong_kind.status(), StatusCode::UNAUTHORIZED, "{method} {path}");
    }
    let stranger = Client::new().get(format!("{}/v1/nowhere", centre.url())).send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::NOT_FOUND);
    let method = Client::new().delete(format!("{}/v1/time", centre.url())).send().await.unwrap();
    assert_eq!(method.status(), StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn no_kiosk_reads_or_writes_anothers() {
    let centre = Centre::start().await;
    let (one, other) = (centre.kiosk().await, centre.kiosk().await);
    let order = one.order("20230001");
    one.push(&order).await;
    let manager = centre.manager().await;
    let decision = manager.decide(order.id(), order.photo(), "approve").await.unwrap();

    // The very same bytes from another kiosk.
    let refused = other.put(&order.path(), &order.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::FORBIDDEN, problem::NOT_YOURS.into()));
    let next = one.next(&order, "rejected", false);
    let refused = other.put(&next.path(), &next.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::FORBIDDEN, problem::NOT_YOURS.into()));
    // An order of its own, into another's session.
    let mut into = other.order("20230002");
    into.message.order.session = one.session;
    let refused = other.put(&into.path(), &into.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::FORBIDDEN, problem::NOT_YOURS.into()));
    let kinds = [
        ("sessions", one.session, crate::kiosk::session_document("x"), 2),
        ("rosters", Uuid::now_v7(), json!({ "session": one.session, "rows": [] }), 1),
        ("prints", order.id(), print(order.id(), one.session), 1),
        ("parcels", order.id(), parcel(order.id(), one.session), 1),
        (
            "decisions",
            decision,
            json!({ "decision": decision, "order": order.id(), "outcome": { "type": "unknown_order" } }),
            1,
        ),
    ];
    for (kind, id, body, revision) in kinds {
        let path = format!("/v1/{kind}/{id}/revisions/{revision}");
        let (status, code) = code_of(other.put(&path, body.to_string().as_bytes()).await).await;
        assert_eq!((status, code.as_str()), (StatusCode::FORBIDDEN, problem::NOT_YOURS), "{kind}");
    }
    // It does not even learn which blobs another has, nor what another is told.
    let sha256 = &order.message.pictures[0].blob;
    let status: Value = other.get(&caixiang_wire::blob::path(sha256)).await.json().await.unwrap();
    assert_eq!((status["received"].clone(), status["complete"].clone()), (json!(0), json!(false)));
    assert!(other.changes(0, 0).await.changes.is_empty());
    assert_eq!(one.changes(0, 0).await.changes.len(), 1);
    assert_eq!(centre.ask("SELECT count(*), max(revision) FROM orders"), "1|1");
}

fn print(id: Uuid, session: Uuid) -> Value {
    json!({ "print": id, "session": session, "title": "", "printer": "", "pages": 1, "copy": 1, "again_of": null,
        "state": "done", "sheets": [], "at_ms": 1 })
}

fn parcel(id: Uuid, session: Uuid) -> Value {
    json!({ "parcel": id, "session": session, "number": 1, "college": "", "class_name": "", "order": null,
        "state": "open", "carrier": null, "tracking": null, "sheets": [], "at_ms": 1 })
}

#[tokio::test]
async fn a_reviewer_decides_and_does_not_manage() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    centre.add_staff("reviewer", "reviewer");
    let reviewer = Staff::sign_in(centre.url(), "reviewer").await;
    let id = kiosk.enrolled.kiosk;
    let session = kiosk.session;
    for (method, path, body) in [
        (Method::POST, "/v1/staff/kiosks".to_owned(), Some(json!({ "name": "x" }))),
        (Method::POST, format!("/v1/staff/kiosks/{id}/revoke"), None),
        (Method::PUT, format!("/v1/staff/kiosks/{id}/sessions/{session}"), None),
        (Method::DELETE, format!("/v1/staff/kiosks/{id}/sessions/{session}"), None),
        (Method::PUT, format!("/v1/staff/sessions/{session}"), Some(crate::kiosk::session_document("x"))),
    ] {
        let (status, code) = code_of(reviewer.send(method, &path, body).await).await;
        assert_eq!((status, code.as_str()), (StatusCode::FORBIDDEN, problem::FORBIDDEN), "{path}");
    }
    let still = kiosk.get("/v1/kiosk").await;
    assert_eq!(still.status(), StatusCode::OK);
}
