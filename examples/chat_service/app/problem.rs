//! What a request is refused with.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use thiserror::Error;

use crate::domain::CallError;

/// Why a request is refused. Nothing is tracked for it.
#[derive(Debug, Error)]
pub(super) enum Problem {
    #[error("x-session-id must name a chat session, in at most 128 bytes")]
    NoSession,
    #[error("agents need a user: sign in first")]
    NoUser,
    #[error("{0}")]
    NotFound(String),
    #[error("{0}")]
    Unprocessable(String),
}

impl Problem {
    /// What was asked for cannot be done, for the reason that `error` tells.
    pub(super) fn unprocessable(error: impl std::error::Error) -> Self {
        Self::Unprocessable(error.to_string())
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NoSession => StatusCode::BAD_REQUEST,
            Self::NoUser => StatusCode::UNAUTHORIZED,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::Unprocessable(_) => StatusCode::UNPROCESSABLE_ENTITY,
        }
    }
}

impl From<CallError> for Problem {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unknown(_) => Self::NotFound(error.to_string()),
            CallError::Arguments(_) => Self::unprocessable(error),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status(), Json(json!({ "error": self.to_string() }))).into_response()
    }
}
