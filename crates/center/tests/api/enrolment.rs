//! Becoming one of the centre's kiosks, and ceasing to be one.

use caixiang_wire::{Enrolled, KioskStatus, problem};
use reqwest::{Method, StatusCode};

use crate::centre::Centre;
use crate::kiosk::{Kiosk, code_of, new_key, try_enrol};

#[tokio::test]
async fn a_code_makes_one_kiosk_and_a_lost_answer_can_be_asked_again() {
    let centre = Centre::start().await;
    let manager = centre.manager().await;
    let made = manager.make_kiosk("东门").await;
    let key = new_key();
    let first: Enrolled = try_enrol(centre.url(), &made.code, &key).await.json().await.unwrap();
    assert_eq!((first.kiosk, u64::from(first.point), first.name.as_str()), (made.id, made.point, "东门"));
    let typed = format!(" {} - {} ", &made.code[..6].to_lowercase(), &made.code[6..]);
    let again: Enrolled = try_enrol(centre.url(), &typed, &key).await.json().await.unwrap();
    assert_eq!((again.kiosk, again.point, &again.recipient), (first.kiosk, first.point, &first.recipient));

    let used = try_enrol(centre.url(), &made.code, &new_key()).await;
    assert_eq!(code_of(used).await, (StatusCode::CONFLICT, problem::ENROL_USED.into()));
    let wrong = try_enrol(centre.url(), "AAAA-BBBB-CCCC", &new_key()).await;
    assert_eq!(code_of(wrong).await, (StatusCode::FORBIDDEN, problem::ENROL_CODE.into()));
    let second = manager.make_kiosk("西门").await;
    assert_eq!(second.point, made.point + 1);
    let same_key = try_enrol(centre.url(), &second.code, &key).await;
    assert_eq!(code_of(same_key).await, (StatusCode::CONFLICT, problem::ENROL_USED.into()));
    centre.ask("UPDATE kiosks SET code_until_ms = 1 WHERE public_key IS NULL");
    let late = try_enrol(centre.url(), &second.code, &new_key()).await;
    assert_eq!(code_of(late).await, (StatusCode::FORBIDDEN, problem::ENROL_CODE.into()));
}

#[tokio::test]
async fn a_revoked_kiosk_is_refused_from_its_next_request_on() {
    let centre = Centre::start().await;
    let kiosk = centre.kiosk().await;
    let order = kiosk.order("20230001");
    kiosk.push(&order).await;
    let manager = centre.manager().await;
    let path = format!("/v1/staff/kiosks/{}/revoke", kiosk.enrolled.kiosk);
    assert_eq!(manager.send(Method::POST, &path, None).await.status(), StatusCode::NO_CONTENT);
    let refused = kiosk.put(&order.path(), &order.body()).await;
    assert_eq!(code_of(refused).await, (StatusCode::FORBIDDEN, problem::REVOKED.into()));
    let kept = manager.get(&format!("/v1/staff/orders/{}", order.id())).await;
    assert_eq!(kept["order"]["state"], "pending_review", "what it sent stays");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_the_time() {
    let centre = Centre::start().await;
    let mut kiosk: Kiosk = centre.kiosk_without_session().await;
    for years in [-2, 10] {
        kiosk.clock_off_ms = years * 365 * 24 * 3600 * 1000;
        let refused = kiosk.get("/v1/kiosk").await;
        let centres: i64 = refused.headers()["x-caixiang-time"].to_str().unwrap().parse().unwrap();
        assert_eq!(code_of(refused).await, (StatusCode::UNAUTHORIZED, problem::CLOCK.into()));
        let off = jiff::Timestamp::now().as_millisecond() - centres;
        assert!(off.abs() < 60_000, "{off}");
    }
    kiosk.clock_off_ms = 60_000;
    let me: KioskStatus = kiosk.get("/v1/kiosk").await.json().await.unwrap();
    assert_eq!((me.kiosk.kiosk, me.sessions.len()), (kiosk.enrolled.kiosk, 0));
}
