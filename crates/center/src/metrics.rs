//! Figures for Prometheus at `/metrics`. No personal data, no ids: ways, statuses, kinds, sizes.

use std::sync::atomic::AtomicU64;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::Registry;

use crate::app::App;
use crate::error::Refusal;

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Way {
    method: String,
    path: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfPath {
    path: String,
}

/// What is counted.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Way, Counter>,
    seconds: Family<OfPath, Histogram>,
    pub(crate) blob_bytes: Counter<u64, AtomicU64>,
    pub(crate) items: Counter<u64, AtomicU64>,
    pub(crate) items_again: Counter<u64, AtomicU64>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("caixiang");
        let requests = Family::<Way, Counter>::default();
        let histogram = || Histogram::new(exponential_buckets(0.001, 2.0, 15));
        let seconds = Family::<OfPath, Histogram>::new_with_constructor(histogram);
        let (blob_bytes, items, items_again) = (Counter::default(), Counter::default(), Counter::default());
        registry.register("requests", "Requests by way and status", requests.clone());
        registry.register("request_seconds", "Time from a request to its answer", seconds.clone());
        registry.register("blob_bytes", "Bytes of blobs taken", blob_bytes.clone());
        registry.register("items", "Revisions taken", items.clone());
        registry.register("items_again", "Revisions that were here already", items_again.clone());
        Self { registry, requests, seconds, blob_bytes, items, items_again }
    }
}

/// Counts and times a request.
pub(crate) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let begin = Instant::now();
    let method = request.method().to_string();
    let path = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let response = next.run(request).await;
    let seconds = begin.elapsed().as_secs_f64();
    app.metrics.seconds.get_or_create(&OfPath { path: path.clone() }).observe(seconds);
    let way = Way { method, path, status: response.status().as_u16() };
    app.metrics.requests.get_or_create(&way).inc();
    response
}

/// The figures as Prometheus reads them.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
pub(crate) async fn metrics(State(app): State<App>) -> Result<Response, Refusal> {
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &app.metrics.registry)
        .map_err(|error| Refusal::internal(&error))?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(axum::http::header::CONTENT_TYPE, kind)], text).into_response())
}
