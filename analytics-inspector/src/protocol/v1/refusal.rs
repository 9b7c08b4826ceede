//! Why a whole batch is refused.

use axum::http::{HeaderValue, StatusCode, header};
use serde::Serialize;

use crate::loss::LossReason;
use crate::protocol::outcome::Outcome;
use crate::protocol::refusal;
use crate::protocol::reply::Reply;

/// A refusal with its reason, whose word is the tag that PostHog's server has for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    status: StatusCode,
    pub(super) reason: LossReason,
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
    pub(super) fn bad_request(reason: LossReason, description: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, reason, description: description.into(), details: None }
    }

    pub(super) fn unauthorized(reason: LossReason, description: impl Into<String>) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, ..Self::bad_request(reason, description) }
    }

    pub(super) fn too_large(description: impl Into<String>) -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, ..Self::bad_request(LossReason::PayloadTooLarge, description) }
    }

    /// Why a body was given up, in the words of this protocol.
    pub(super) fn of_body(refusal: refusal::Refusal) -> Self {
        let refusal::Refusal { status, text, .. } = refusal;
        let tagged = |reason, description: &str| Self { status, ..Self::bad_request(reason, description) };
        match status {
            StatusCode::PAYLOAD_TOO_LARGE => Self::too_large(format!("payload too large: {text}")),
            StatusCode::REQUEST_TIMEOUT => tagged(LossReason::BodyReadTimeout, &text),
            StatusCode::SERVICE_UNAVAILABLE => Self {
                details: Some(text.into_owned()),
                ..tagged(LossReason::ServiceUnavailable, "Service Unavailable")
            },
            _ => Self::undecodable(text),
        }
    }

    pub(super) fn unsupported(reason: LossReason, description: impl Into<String>) -> Self {
        Self { status: StatusCode::UNSUPPORTED_MEDIA_TYPE, ..Self::bad_request(reason, description) }
    }

    pub(super) fn undecodable(details: impl Into<String>) -> Self {
        let refusal = Self::bad_request(LossReason::RequestDecodingError, "Failed to decode request body.");
        Self { details: Some(details.into()), ..refusal }
    }

    pub(super) fn unparsable(details: impl Into<String>) -> Self {
        let refusal = Self::bad_request(LossReason::RequestParsingError, "Failed to parse request body.");
        Self { details: Some(details.into()), ..refusal }
    }
}

/// That the project's quota is used up: with 402 as the server has it now, or with 429 and `Retry-After` as it had it
/// before.
pub(crate) fn billing_limit_exceeded(status: StatusCode) -> Refusal {
    Refusal { status, ..Refusal::bad_request(LossReason::BillingLimitExceeded, "billing limit exceeded") }
}

impl From<Refusal> for Outcome {
    fn from(refusal: Refusal) -> Self {
        let Refusal { status, reason: loss, description, details } = refusal;
        let body =
            Body { error: loss.as_str(), error_description: &description, error_uri: "https://posthog.com/docs/api" };
        // A struct of strings always becomes JSON.
        let body = serde_json::to_string(&body).unwrap_or_default();
        let accepted = [
            (header::ACCEPT, HeaderValue::from_static("application/json")),
            (header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd")),
        ];
        let is_for_later = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        let retry_after = is_for_later.then_some((header::RETRY_AFTER, HeaderValue::from_static("1")));
        let reason = format!("{loss}: {}", details.unwrap_or(description));
        Self::Refused {
            reply: Reply::json(status, body).with_headers(accepted).with_headers(retry_after),
            loss,
            reason,
        }
    }
}
