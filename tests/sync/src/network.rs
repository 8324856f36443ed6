//! Networks as they are in the field: connections that are cut anywhere, answers that are lost after the centre has done
//! what was asked, requests that arrive twice.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::dice::Dice;

/// What a network does to who uses it.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// Connections of a hundred that are cut, each after a random number of bytes in one of the directions.
    pub cut: u64,
    /// Answers of a hundred that are lost after the centre has answered.
    pub lost: u64,
    /// Requests of a hundred that arrive twice.
    pub twice: u64,
}

/// What happened.
#[derive(Debug, Default)]
pub struct Happened {
    /// Connections that were cut.
    pub cut: AtomicU64,
    /// Answers that were lost.
    pub lost: AtomicU64,
    /// Requests that arrived twice.
    pub twice: AtomicU64,
}

#[derive(Clone)]
struct Between {
    to: String,
    client: reqwest::Client,
    faults: Faults,
    dice: Arc<Mutex<Dice>>,
    happened: Arc<Happened>,
}

/// A bad network to this address; the address to use instead.
pub async fn bad_network(to: &str, faults: Faults, seed: u64) -> (String, Arc<Happened>) {
    let happened = Arc::new(Happened::default());
    let dice = Arc::new(Mutex::new(Dice::new(seed)));
    let between = Between {
        to: to.to_owned(),
        client: reqwest::Client::new(),
        faults,
        dice: Arc::clone(&dice),
        happened: Arc::clone(&happened),
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let inner = listener.local_addr().unwrap();
    let router = Router::new().fallback(pass_on).with_state(between);
    tokio::spawn(async move { axum::serve(listener, router).await });

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let counted = Arc::clone(&happened);
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let Ok(far) = TcpStream::connect(inner).await else { continue };
            let (up, down) = {
                let mut dice = dice.lock().unwrap();
                // Small bodies and large ones: half of the cuts early, half anywhere in a picture or two.
                let at = |dice: &mut Dice| {
                    let end = if dice.percent(50) { 3_000 } else { 300_000 };
                    1 + dice.below(end)
                };
                match (dice.percent(faults.cut), dice.percent(50)) {
                    (false, _) => (u64::MAX, u64::MAX),
                    (true, true) => (at(&mut dice), u64::MAX),
                    (true, false) => (u64::MAX, at(&mut dice)),
                }
            };
            tokio::spawn(carry(near, far, up, down, Arc::clone(&counted)));
        }
    });
    (url, happened)
}

/// Carries bytes both ways until one side ends, or so many went one way.
async fn carry(near: TcpStream, far: TcpStream, up: u64, down: u64, happened: Arc<Happened>) {
    let (near_read, near_write) = near.into_split();
    let (far_read, far_write) = far.into_split();
    tokio::select! {
        cut = one_way(near_read, far_write, up) => drop(happened.cut.fetch_add(cut, Ordering::Relaxed)),
        cut = one_way(far_read, near_write, down) => drop(happened.cut.fetch_add(cut, Ordering::Relaxed)),
    }
}

/// One if it was cut.
async fn one_way(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    mut left: u64,
) -> u64 {
    let mut buffer = vec![0; 16 << 10];
    loop {
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return 1;
        }
        let Ok(count @ 1..) = from.read(&mut buffer[..most]).await else { return 0 };
        if to.write_all(&buffer[..count]).await.is_err() {
            return 0;
        }
        left -= count as u64;
    }
}

async fn pass_on(State(between): State<Between>, request: Request) -> Response {
    let (twice, lost) = {
        let mut dice = between.dice.lock().unwrap();
        (dice.percent(between.faults.twice), dice.percent(between.faults.lost))
    };
    let (parts, body) = request.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, 8 << 20).await else {
        return StatusCode::BAD_GATEWAY.into_response();
    };
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let send = || {
        let mut headers = parts.headers.clone();
        headers.remove("host");
        let request = between.client.request(parts.method.clone(), format!("{}{path}", between.to));
        request.headers(headers).body(bytes.clone()).send()
    };
    if twice {
        between.happened.twice.fetch_add(1, Ordering::Relaxed);
        if let Ok(first) = send().await {
            first.bytes().await.ok();
        }
    }
    let Ok(answer) = send().await else { return StatusCode::BAD_GATEWAY.into_response() };
    let (status, headers) = (answer.status(), answer.headers().clone());
    let Ok(body) = answer.bytes().await else { return StatusCode::BAD_GATEWAY.into_response() };
    if lost {
        between.happened.lost.fetch_add(1, Ordering::Relaxed);
        // The connection ends in the middle of an answer.
        let broken =
            futures::stream::iter([Ok(body.slice(..body.len() / 2)), Err(std::io::Error::other("lost"))]);
        return Response::builder().status(status).body(Body::from_stream(broken)).unwrap();
    }
    let mut response = Response::builder().status(status);
    for (name, value) in &headers {
        if name != "transfer-encoding" {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(body)).unwrap()
}
