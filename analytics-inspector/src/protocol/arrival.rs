//! From the head of an HTTP request to what is remembered of it.

use std::time::SystemTime;

use axum::http::request::Parts;

use crate::received::ReceivedRequest;

/// The request as its head tells it; what the body tells is added later.
pub(crate) fn arrival(parts: &Parts) -> ReceivedRequest {
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        (name.as_str().to_owned(), value.into_owned())
    });
    ReceivedRequest {
        number: 0,
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().map(str::to_owned),
        status: None,
        reason: None,
        fault: None,
        headers: headers.collect(),
        body_bytes: 0,
        inflated_bytes: 0,
        sent_at: None,
        api_key: None,
        events: 0,
        received_at: SystemTime::now(),
        answered_at: None,
        loss: None,
        lost: Box::default(),
        body: None,
    }
}
