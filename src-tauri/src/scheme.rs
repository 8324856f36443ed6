//! `cam://localhost/`: the live view and the photos of the screen, without an open port.
//!
//! The page pulls: it asks for the frame after the one it has, and is answered as soon as there is one. A slow page
//! asks seldom, and nothing piles up.

use std::time::Duration;

use caixiang_booth::Booth;
use tauri::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, CACHE_CONTROL, CONTENT_TYPE,
};
use tauri::http::{Request, Response, StatusCode};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

/// How long a frame is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// The number of the frame that was sent.
const SEQUENCE: &str = "X-Seq";
/// How long ago the camera gave it, milliseconds: for measuring how late the live view is.
const AGE: &str = "X-Age";

/// Answers a request of the page.
pub(crate) fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let app = context.app_handle().clone();
    tauri::async_runtime::spawn_blocking(move || {
        let booth = app.state::<Booth>();
        let path = request.uri().path().trim_start_matches('/');
        let response = match path {
            "live" => live(&booth, request.uri().query()),
            address => photo(&booth, address),
        };
        responder.respond(response);
    });
}

fn live(booth: &Booth, query: Option<&str>) -> Response<Vec<u8>> {
    let after = query.and_then(|query| query.strip_prefix("after=")).and_then(|after| after.parse().ok());
    match booth.live(after.unwrap_or(0), PATIENCE) {
        Some(frame) => {
            let age = u64::try_from(frame.taken.elapsed().as_millis()).unwrap_or(u64::MAX);
            respond(StatusCode::OK, frame.bytes.to_vec(), &[(SEQUENCE, frame.seq), (AGE, age)])
        }
        None => respond(StatusCode::NO_CONTENT, Vec::new(), &[]),
    }
}

fn photo(booth: &Booth, address: &str) -> Response<Vec<u8>> {
    match booth.photo(address) {
        Some(bytes) => respond(StatusCode::OK, bytes.to_vec(), &[]),
        None => respond(StatusCode::NOT_FOUND, Vec::new(), &[]),
    }
}

fn respond(status: StatusCode, body: Vec<u8>, numbers: &[(&str, u64)]) -> Response<Vec<u8>> {
    let mut response = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "image/jpeg")
        .header(CACHE_CONTROL, "no-store")
        // The page's own origin differs in name only; no other page can be in the window.
        .header(ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(ACCESS_CONTROL_EXPOSE_HEADERS, format!("{SEQUENCE}, {AGE}"));
    for &(name, number) in numbers {
        response = response.header(name, number);
    }
    response.body(body).unwrap_or_default()
}
