//! What people at the centre do: kiosks, sessions, the human review (终审).

pub(crate) mod kiosks;
pub(crate) mod orders;
pub(crate) mod review;
pub(crate) mod sessions;
pub(crate) mod sign_in;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a member of staff may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks at photos and decides.
    Reviewer,
    /// Everything: kiosks and sessions too.
    Manager,
}

impl Role {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Reviewer => "reviewer",
            Self::Manager => "manager",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        [Self::Reviewer, Self::Manager].into_iter().find(|role| role.code() == code)
    }
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Staff {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) role: Role,
}

impl Staff {
    /// Refuses who is no manager.
    pub(crate) fn needs_manager(&self) -> Result<(), crate::error::Refusal> {
        if self.role == Role::Manager {
            return Ok(());
        }
        let forbidden = axum::http::StatusCode::FORBIDDEN;
        Err(crate::error::Refusal::new(forbidden, caixiang_wire::problem::FORBIDDEN))
    }
}
