//! Every way of the centre, and what all requests go through.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse, Response};
use caixiang_wire::{REQUEST_ID, problem, sign};
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::{App, now_ms};
use crate::error::Refusal;
use crate::{blobs, changes, enrol, health, items, metrics, signed, staff};

/// Requests that are worked on at once, in one copy: with bodies of 2 MB at most this bounds the memory.
const AT_ONCE: usize = 256;
/// Longest a request takes; the longest wait for changes is within it.
const LONGEST: Duration = Duration::from_secs(90);
/// Largest body of staff's pages and of an enrolment.
const SMALL_BODY: usize = 2 << 20;

#[derive(OpenApi)]
#[openapi(info(
    title = "Caixiang centre",
    description = "Kiosks sign their requests (x-caixiang-signature); staff sign in and get a cookie."
))]
struct Api;

fn kiosk_ways() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(blobs::status::status, blobs::put::put))
        .routes(routes!(items::put_session))
        .routes(routes!(items::put_roster))
        .routes(routes!(items::put_order))
        .routes(routes!(items::put_print))
        .routes(routes!(items::put_parcel))
        .routes(routes!(items::put_decision))
        .routes(routes!(changes::changes))
        .routes(routes!(enrol::me))
}

fn staff_ways() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(staff::sign_in::me))
        .routes(routes!(staff::kiosks::list, staff::kiosks::make))
        .routes(routes!(staff::kiosks::revoke))
        .routes(routes!(staff::kiosks::give, staff::kiosks::take_away))
        .routes(routes!(staff::sessions::list))
        .routes(routes!(staff::sessions::put))
        .routes(routes!(staff::sessions::progress))
        .routes(routes!(staff::sessions::missing))
        .routes(routes!(staff::orders::list))
        .routes(routes!(staff::orders::one))
        .routes(routes!(staff::orders::photo))
        .routes(routes!(staff::review::decide))
        .routes(routes!(staff::review::undo))
}

fn open_ways() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(enrol::enrol))
        .routes(routes!(enrol::time))
        .routes(routes!(staff::sign_in::sign_in))
        .routes(routes!(staff::sign_in::sign_out))
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(metrics::metrics))
}

/// The API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let ways = OpenApiRouter::<App>::with_openapi(Api::openapi());
    ways.merge(kiosk_ways()).merge(staff_ways()).merge(open_ways()).split_for_parts().1
}

/// Everything that answers.
pub(crate) fn router(app: App) -> Router {
    let kiosks = Router::from(kiosk_ways()).route_layer(from_fn_with_state(app.clone(), signed::signed));
    let staff = Router::from(staff_ways())
        .route_layer(from_fn_with_state(app.clone(), staff::sign_in::signed_in))
        .layer(RequestBodyLimitLayer::new(SMALL_BODY));
    let open = Router::from(open_ways())
        .route("/v1/openapi.json", axum::routing::get(async || axum::Json(openapi())))
        .layer(RequestBodyLimitLayer::new(SMALL_BODY));
    let id = HeaderName::from_static(REQUEST_ID);
    // Method, way and status only: neither the query nor the path of an order says who somebody is, but a log needs neither.
    let trace = TraceLayer::new_for_http().make_span_with(|request: &Request<_>| {
        let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
        tracing::info_span!("request", method = %request.method(), way = way_of(request), id)
    });
    Router::new()
        .merge(kiosks)
        .merge(staff)
        .merge(open)
        .fallback(async || Refusal::not_found())
        .method_not_allowed_fallback(async || Refusal::new(StatusCode::METHOD_NOT_ALLOWED, problem::METHOD))
        .layer(from_fn_with_state(app.clone(), metrics::count))
        .layer(trace)
        .layer(CatchPanicLayer::custom(|_| {
            Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, problem::INTERNAL).into_response()
        }))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, LONGEST))
        .layer(GlobalConcurrencyLimitLayer::new(AT_ONCE))
        .layer(map_response(with_time))
        .layer(PropagateRequestIdLayer::new(id.clone()))
        .layer(SetRequestIdLayer::new(id, MakeRequestUuid))
        .with_state(app)
}

fn way_of<B>(request: &Request<B>) -> String {
    request.extensions().get::<axum::extract::MatchedPath>().map_or("none", |path| path.as_str()).to_owned()
}

/// Every answer says what time it is at the centre: a kiosk whose clock is wrong signs with it.
async fn with_time(mut response: Response) -> Response {
    response.headers_mut().insert(sign::TIME_HEADER, HeaderValue::from(now_ms()));
    response
}
