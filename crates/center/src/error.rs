//! What a request ends with when it does not succeed: a status and a [`Problem`]. The cause is logged, never answered.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use caixiang_wire::{Problem, problem};

/// An answer that is not a success.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    problem: Problem,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, code: &str) -> Self {
        Self { status, problem: Problem::new(code) }
    }

    /// With a parameter of its sentence.
    pub(crate) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.problem = self.problem.with(name, value);
        self
    }

    pub(crate) fn bad_body(why: impl ToString) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, problem::BAD_BODY).with("why", why)
    }

    pub(crate) fn bad_request(why: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, problem::BAD_REQUEST).with("why", why)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, problem::NOT_FOUND)
    }

    pub(crate) fn not_yours() -> Self {
        Self::new(StatusCode::FORBIDDEN, problem::NOT_YOURS)
    }

    pub(crate) fn conflict(code: &str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    pub(crate) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, problem::TOO_LARGE)
    }

    pub(crate) fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, problem::INTERNAL)
    }

    fn unavailable(cause: &dyn std::fmt::Display) -> Self {
        tracing::warn!(%cause, "the database or the store of blobs does not answer");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, problem::UNAVAILABLE)
    }
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        // PostgreSQL says 40001 and 40P01 where trying again helps, 57P0x while it stops, 53xxx where it is out of
        // something: the kiosk comes again.
        let passing = matches!(&error, E::Database(d) if d.code().is_some_and(|code| {
            ["40001", "40P01"].contains(&code.as_ref()) || code.starts_with("57P") || code.starts_with("53")
        }));
        match error {
            E::Io(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed | E::Tls(_) => {
                Self::unavailable(&error)
            }
            _ if passing => Self::unavailable(&error),
            _ => Self::internal(&error),
        }
    }
}

impl From<object_store::Error> for Refusal {
    fn from(error: object_store::Error) -> Self {
        Self::unavailable(&error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.problem)).into_response()
    }
}
