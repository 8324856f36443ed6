//! Whoever answers and is not the centre: nothing counts as sent.

use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use caixiang_sync_tests::dice::Dice;
use caixiang_sync_tests::kiosk::Kiosk;
use caixiang_sync_tests::server::Server;
use tokio::net::TcpListener;

async fn answering(answer: fn() -> Response) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(async move || answer());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

fn portal() -> Response {
    Html("<html>Welcome to the campus network. Please sign in.</html>").into_response()
}

fn json_portal() -> Response {
    axum::Json(serde_json::json!({ "ok": true, "code": "item.other_body" })).into_response()
}

fn conflict() -> Response {
    (StatusCode::CONFLICT, axum::Json(serde_json::json!({ "code": "item.other_body" }))).into_response()
}

fn away() -> Response {
    Redirect::temporary("http://127.0.0.1:9/portal").into_response()
}

fn nothing() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_captive_portal_takes_nothing() {
    let server = Server::start().await;
    let kiosk = Kiosk::enrol(&server.url, &server.new_point("东门").await.code).await;
    let mut dice = Dice::new(3);
    for number in 0..3 {
        kiosk.order(number, &mut dice, 1000, 500);
    }
    let waiting = kiosk.store().outbox_waiting().unwrap();
    for answer in [portal, json_portal, conflict, away, nothing] {
        let url = answering(answer).await;
        assert!(!kiosk.drain(&url, Duration::from_secs(2)).await);
        assert_eq!(kiosk.store().outbox_waiting().unwrap(), waiting, "nothing sent, nothing set aside");
        let tried = kiosk.store().outbox(1).unwrap().remove(0);
        assert_eq!(tried.failure.as_deref(), Some("sync.not_the_centre"));
    }
    // Nobody there at all.
    assert!(!kiosk.drain("http://127.0.0.1:9", Duration::from_secs(1)).await);
    assert_eq!(kiosk.store().outbox(1).unwrap()[0].failure.as_deref(), Some("sync.network"));
    assert_eq!(kiosk.store().outbox_waiting().unwrap(), waiting);
    // And then the network is there.
    assert!(kiosk.drain(&server.url, Duration::from_secs(60)).await);
    assert_eq!(server.ask("SELECT count(*) FROM orders"), "3");
    assert_eq!(kiosk.store().outbox_waiting().unwrap().count, 0);
}
