//! Every order, picture and sheet once, whatever happens on the way.

use std::fs;

use caixiang_wire::blob::{self, MAX_PART, PartRange};
use caixiang_wire::{BlobStatus, Kind, Sha256Hex, item_path, problem};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::centre::Centre;
use crate::kiosk::code_of;

#[tokio::test]
async fn no_order_is_acknowledged_without_its_blobs() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    let refused = kiosk.put(&order.path(), &order.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::CONFLICT, problem::BLOBS_MISSING.into()));
    kiosk.put_blob(&order.blobs[0]).await;
    let refused = kiosk.put(&order.path(), &order.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::CONFLICT, problem::BLOBS_MISSING.into()));
    assert_eq!(centre.ask("SELECT count(*) FROM orders"), "0");
    assert_eq!(centre.ask("SELECT count(*) FROM items WHERE kind = 'order'"), "0");
    kiosk.push(&order).await;
    let other = centre.kiosk().await;
    let mut borrowed = other.order("20230002");
    borrowed.message.pictures.clone_from(&order.message.pictures);
    let refused = other.put(&borrowed.path(), &borrowed.body()).await;
    let why = "another kiosk's blobs are not its own";
    assert_eq!(code_of(refused).await, (StatusCode::CONFLICT, problem::BLOBS_MISSING.into()), "{why}");
}

#[tokio::test]
async fn the_same_body_is_answered_the_same_and_another_is_refused() {
    let centre = Centre::with_copies(2).await;
    let kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    kiosk.push(&order).await;
    // Both copies, many at once.
    let body = order.body();
    let answers = (0..20).map(|n| {
        let url = format!("{}{}", centre.url_of(n % 2), order.path());
        let request = kiosk.request(&Method::PUT, &order.path(), &body).build().unwrap();
        let (header, body) = (request.headers()["x-caixiang-signature"].clone(), body.clone());
        async move {
            let request = reqwest::Client::new().put(url).header("x-caixiang-signature", header).body(body);
            let answer = request.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK);
            answer.text().await.unwrap()
        }
    });
    let texts = futures::future::join_all(answers).await;
    assert!(texts.iter().all(|text| *text == texts[0]));
    assert_eq!(centre.ask("SELECT count(*) FROM items WHERE kind = 'order'"), "1");

    let mut other = order.clone();
    other.message.order.product = "another".into();
    let refused = kiosk.put(&other.path(), &other.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::CONFLICT, problem::OTHER_BODY.into()));
    let mut far = kiosk.next(&order, "paid", false);
    far.message.order.revision = 3;
    let refused = kiosk.put(&far.path(), &far.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::CONFLICT, problem::GAP.into()));
    assert_eq!(centre.ask("SELECT count(*), max(product) FROM orders"), "1|photo");
}

#[tokio::test]
async fn a_new_order_that_comes_many_times_at_once_is_one() {
    let centre = Centre::with_copies(2).await;
    let kiosk = centre.kiosk().await;
    for round in 0..10 {
        let order = kiosk.order(&format!("2023{round:04}"));
        for blob in &order.blobs {
            kiosk.put_blob(blob).await;
        }
        let (path, body) = (order.path(), order.body());
        let sends = (0..6).map(|_| kiosk.put(&path, &body));
        for answer in futures::future::join_all(sends).await {
            assert_eq!(answer.status(), StatusCode::OK);
        }
    }
    assert_eq!(centre.ask("SELECT count(*) FROM items WHERE kind = 'order'"), "10");
    assert_eq!(centre.ask("SELECT count(*) FROM orders"), "10");
}

#[tokio::test]
async fn a_large_blob_goes_on_after_a_break() {
    let mut centre = Centre::start().await;
    let mut kiosk = centre.kiosk().await;
    let part = usize::try_from(MAX_PART).unwrap() / 2;
    let bytes: Vec<u8> = (0..5 * part + 77).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect();
    let sha256 = Sha256Hex::of(&bytes);
    let range = |first: usize| {
        let length = part.min(bytes.len() - first);
        (
            PartRange { first: first as u64, length: length as u64, total: bytes.len() as u64 },
            first..first + length,
        )
    };
    let whole = kiosk.put(&blob::path(&sha256), &vec![0; usize::try_from(MAX_PART).unwrap() + 1]).await;
    assert_eq!(code_of(whole).await, (StatusCode::PAYLOAD_TOO_LARGE, problem::TOO_LARGE.into()));
    for first in [0, part] {
        let (range, bytes_of) = range(first);
        let answer = kiosk.put_part(&sha256, range, &bytes[bytes_of]).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    let (skipped, bytes_of) = range(3 * part);
    let refused = kiosk.put_part(&sha256, skipped, &bytes[bytes_of]).await;
    assert_eq!(code_of(refused).await, (StatusCode::CONFLICT, problem::BLOB_OFFSET.into()));

    centre.kill(0).await;
    kiosk.url = centre.url().to_owned();
    let status: BlobStatus = kiosk.get(&blob::path(&sha256)).await.json().await.unwrap();
    assert_eq!((status.received, status.complete), (2 * part as u64, false));
    let (again, bytes_of) = range(part);
    assert_eq!(
        kiosk.put_part(&sha256, again, &bytes[bytes_of]).await.status(),
        StatusCode::OK,
        "a part again"
    );
    for first in (2 * part..bytes.len()).step_by(part) {
        let (range, bytes_of) = range(first);
        assert_eq!(kiosk.put_part(&sha256, range, &bytes[bytes_of]).await.status(), StatusCode::OK);
    }
    let status: BlobStatus = kiosk.get(&blob::path(&sha256)).await.json().await.unwrap();
    assert!(status.complete && status.received == bytes.len() as u64);
    let kept =
        fs::read(centre.blobs().join("blobs").join(&sha256.as_str()[..2]).join(sha256.as_str())).unwrap();
    assert!(kept == bytes);
    let parts = centre.blobs().join("parts").join(kiosk.enrolled.kiosk.to_string()).join(sha256.as_str());
    assert!(fs::read_dir(parts).map_or(0, Iterator::count) == 0, "no parts are left");
}

#[tokio::test]
async fn bytes_that_are_not_those_of_the_name_are_refused() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let sha256 = Sha256Hex::of(b"right");
    let refused = kiosk.put(&blob::path(&sha256), b"wrong").await;
    assert_eq!(code_of(refused).await, (StatusCode::UNPROCESSABLE_ENTITY, problem::BLOB_HASH.into()));
    let half = |first| PartRange { first, length: 3, total: 6 };
    assert_eq!(kiosk.put_part(&sha256, half(0), b"wro").await.status(), StatusCode::OK);
    let refused = kiosk.put_part(&sha256, half(3), b"ng!").await;
    assert_eq!(code_of(refused).await, (StatusCode::UNPROCESSABLE_ENTITY, problem::BLOB_HASH.into()));
    let status: BlobStatus = kiosk.get(&blob::path(&sha256)).await.json().await.unwrap();
    assert_eq!((status.received, status.complete), (0, false), "what was wrong begins again");
    kiosk.put_blob(b"right").await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_kills() {
    let kills: usize =
        std::env::var("CAIXIANG_CENTRE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let mut centre = Centre::start().await;
    let mut kiosk = centre.kiosk().await;
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let orders: Vec<_> = (0..6).map(|n| kiosk.order(&format!("{round:04}{n:04}"))).collect();
        {
            let sends = orders.iter().map(|order| try_push(&kiosk, order));
            let all = futures::future::join_all(sends);
            let kill = tokio::time::sleep(std::time::Duration::from_millis(3 + 7 * (round as u64 % 9)));
            tokio::select! {
                done = all => acknowledged.extend(done.into_iter().flatten()),
                () = kill => {}
            }
        }
        centre.kill(0).await;
        kiosk.url = centre.url().to_owned();
        // As a kiosk does: everything not acknowledged is sent again, from the beginning.
        for order in &orders {
            kiosk.push(order).await;
            acknowledged.push(order.id());
        }
    }
    acknowledged.sort();
    acknowledged.dedup();
    assert_eq!(centre.ask("SELECT count(*) FROM orders"), (kills * 6).to_string());
    assert_eq!(centre.ask("SELECT count(*) FROM items WHERE kind = 'order'"), (kills * 6).to_string());
    assert_eq!(acknowledged.len(), kills * 6);
}

async fn try_push(kiosk: &crate::kiosk::Kiosk, order: &crate::kiosk::Sending) -> Option<Uuid> {
    for blob in &order.blobs {
        let request = kiosk.request(&Method::PUT, &blob::path(&Sha256Hex::of(blob)), blob);
        request.send().await.ok().filter(|answer| answer.status().is_success())?;
    }
    let request = kiosk.request(&Method::PUT, &order.path(), &order.body());
    let answer = request.send().await.ok().filter(|answer| answer.status().is_success())?;
    answer.json::<Value>().await.ok().map(|_| order.id())
}

#[tokio::test]
async fn every_print_line_and_parcel_is_there_once() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    kiosk.push(&order).await;
    let (print, sheet, parcel) = (Uuid::now_v7(), Uuid::now_v7(), Uuid::now_v7());
    for (revision, state) in [(1, "intended"), (2, "submitted"), (3, "done")] {
        let body = json!({
            "print": print, "session": kiosk.session, "title": "文学院 一班", "printer": "前台", "pages": 1, "copy": 1,
            "again_of": null, "state": state, "at_ms": 5,
            "sheets": [{ "sheet": sheet, "code": "CX1", "order": order.id(), "photo": order.photo(), "copy": 1 }],
        });
        for _ in 0..3 {
            let answer =
                kiosk.put(&item_path(Kind::Print, print, revision), body.to_string().as_bytes()).await;
            assert_eq!(answer.status(), StatusCode::OK);
        }
    }
    assert_eq!(centre.ask("SELECT count(*) FROM sheets"), "1");
    assert_eq!(centre.ask("SELECT state, revision FROM prints"), "done|3");
    for (revision, state, sheets) in
        [(1, "open", vec![]), (2, "closed", vec![sheet]), (3, "sent", vec![sheet])]
    {
        let tracking = (state == "sent").then_some("SF1234567890");
        let body = json!({
            "parcel": parcel, "session": kiosk.session, "number": 1, "college": "文学院", "class_name": "一班",
            "order": null, "state": state, "carrier": tracking.map(|_| "顺丰"), "tracking": tracking,
            "sheets": sheets, "at_ms": 6,
        });
        let answer = kiosk.put(&item_path(Kind::Parcel, parcel, revision), body.to_string().as_bytes()).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
    assert_eq!(centre.ask("SELECT state, tracking FROM parcels"), "sent|SF1234567890");
    assert_eq!(centre.ask("SELECT parcel FROM sheets"), parcel.to_string());
}

#[tokio::test]
async fn bad_bodies_are_refused_and_leave_nothing() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    for blob in &order.blobs {
        kiosk.put_blob(blob).await;
    }
    let good: Value = serde_json::to_value(&order.message).unwrap();
    let changed = |pointer: &str, value: Value| {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = value;
        bad.to_string()
    };
    for bad in [
        String::new(),
        "{".into(),
        "[]".into(),
        good.to_string().replace("王小明", "王\\u0000明"),
        changed("/order/id", json!(Uuid::now_v7())),
        changed("/order/revision", json!(2)),
        changed("/order/state", json!("lost")),
        changed("/order/number", json!("1-2")),
        changed("/order/fee_fen", json!(-1)),
        changed("/order/fee_fen", json!(4_000_000_000_u32)),
        changed("/details", json!({ "name": "很".repeat(201) })),
        changed("/details", json!({ "shoe_size": "42" })),
        changed("/pictures/0/key", json!("00")),
        changed("/pictures/0/size", json!(1)),
        good.to_string().replacen("\"order\"", "\"more\":1,\"order\"", 1),
    ] {
        let (status, code) = code_of(kiosk.put(&order.path(), bad.as_bytes()).await).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{code} {bad}");
    }
    let huge = kiosk.put(&order.path(), &vec![b' '; (1 << 20) + 1]).await;
    assert_eq!(huge.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(centre.ask("SELECT count(*) FROM items WHERE kind = 'order'"), "0");
    kiosk.push(&order).await;
}
