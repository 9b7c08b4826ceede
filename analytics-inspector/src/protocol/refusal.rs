//! Why a request is refused.

use std::borrow::Cow;

use axum::http::StatusCode;

use crate::loss::LossReason;

/// A refusal of the whole request: the status, the reason, and the text that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) reason: LossReason,
    pub(crate) text: Cow<'static, str>,
}

impl Refusal {
    pub(crate) fn bad_request(reason: LossReason, text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, reason, text: text.into() }
    }

    pub(crate) fn unauthorized(reason: LossReason, text: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::bad_request(reason, text) }
    }

    pub(crate) fn too_large(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, ..Self::bad_request(LossReason::PayloadTooLarge, text) }
    }

    pub(crate) fn timeout(text: &'static str) -> Self {
        Self { status: StatusCode::REQUEST_TIMEOUT, ..Self::bad_request(LossReason::BodyReadTimeout, text) }
    }

    /// What the inspector itself has no room or time for.
    pub(crate) fn unavailable(text: &'static str) -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, ..Self::bad_request(LossReason::ServiceUnavailable, text) }
    }

    pub(crate) fn unparsable(error: &serde_json::Error) -> Self {
        Self::bad_request(LossReason::RequestParsingError, format!("failed to parse request: {error}"))
    }
}
