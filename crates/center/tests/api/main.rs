//! The centre as it is run: its own program, a real PostgreSQL, a folder of blobs, requests over HTTP.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod centre;
mod changes;
mod enrolment;
mod exactly_once;
mod kiosk;
mod review;
mod rights;
mod staff;

/// The description that is committed is the one that is served.
#[test]
fn the_description_of_the_api_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let now = format!("{}\n", caixiang_center::openapi().to_pretty_json().unwrap());
    if std::env::var_os("CAIXIANG_UPDATE_OPENAPI").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == now,
        "openapi.json is old: run this test with CAIXIANG_UPDATE_OPENAPI=1 and look at the change"
    );
}
