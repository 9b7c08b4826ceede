//! Why a request is refused.

use std::borrow::Cow;

use axum::http::StatusCode;

/// A refusal of the whole request: the status, and the text that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) text: Cow<'static, str>,
}

impl Refusal {
    pub(crate) fn bad_request(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, text: text.into() }
    }

    pub(crate) fn unauthorized(text: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, text: text.into() }
    }

    pub(crate) fn too_large(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, text: text.into() }
    }

    pub(crate) fn timeout(text: &'static str) -> Self {
        Self { status: StatusCode::REQUEST_TIMEOUT, text: text.into() }
    }

    /// What the inspector itself has no room or time for.
    pub(crate) fn unavailable(text: &'static str) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, text: text.into() }
    }

    pub(crate) fn unparsable(error: &serde_json::Error) -> Self {
        Self::bad_request(format!("failed to parse request: {error}"))
    }
}
