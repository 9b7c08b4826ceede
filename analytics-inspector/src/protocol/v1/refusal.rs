//! Why a whole batch is refused.

use axum::http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::protocol::outcome::Outcome;
use crate::protocol::reply::Reply;

/// A refusal with its tag, as PostHog's server has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    status: StatusCode,
    pub(super) tag: &'static str,
    description: String,
    /// What the answer does not say, for the record of the request.
    details: Option<String>,
}

#[derive(Serialize)]
struct Body<'a> {
    error: &'a str,
    error_description: &'a str,
    error_uri: &'a str,
}

impl Refusal {
    pub(super) fn bad_request(tag: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, tag, description: description.into(), details: None }
    }

    pub(super) fn unauthorized(tag: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::bad_request(tag, description) }
    }

    pub(super) fn too_large(description: impl Into<String>) -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, ..Self::bad_request("payload_too_large", description) }
    }

    pub(super) fn unsupported(tag: &'static str, description: impl Into<String>) -> Self {
        Self { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..Self::bad_request(tag, description) }
    }

    pub(super) fn undecodable(details: impl Into<String>) -> Self {
        let refusal = Self::bad_request("request_decoding_error", "Failed to decode request body.");
        Self { details: Some(details.into()), ..refusal }
    }

    pub(super) fn unparsable(details: impl Into<String>) -> Self {
        let refusal = Self::bad_request("request_parsing_error", "Failed to parse request body.");
        Self { details: Some(details.into()), ..refusal }
    }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, tag, description, details } = refusal;
        let body = Body { error: tag, error_description: &description, error_uri: "https://posthog.com/docs/api" };
        // A struct of strings always becomes JSON.
        let body = serde_json::to_string(&body).unwrap_or_default();
        let accepted = [
            (header::ACCEPT, HeaderValue::from_static("application/json")),
            (header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd")),
        ];
        let reason = format!("{tag}: {}", details.unwrap_or(description));
        Self::Refused { reply: Reply::json(status, body).with_headers(accepted), reason }
    }
}
