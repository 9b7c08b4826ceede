//! What lets browsers send events from any page, on capture routes only. It mirrors what is asked for, as
//! PostHog's server does.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};

use super::reply::Reply;

const METHODS: &str = "GET,POST,OPTIONS";

/// Answers the question that a browser asks before it sends.
pub(crate) async fn preflight(headers: HeaderMap) -> Response<Body> {
    let mut allowed = headers_for(&headers);
    if let Some(asked) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        allowed.push((header::ACCESS_CONTROL_ALLOW_HEADERS, asked.clone()));
    }
    allowed.push((header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS)));
    Reply::text(StatusCode::OK, "").with_headers(allowed).into()
}

/// What an answer says to the page that its request came from; nothing if it came from none.
pub(crate) fn headers_for(request: &HeaderMap) -> Vec<(HeaderName, HeaderValue)> {
    let Some(origin) = request.get(header::ORIGIN) else {
        return Vec::new();
    };
    vec![
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone()),
        (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true")),
        (header::VARY, HeaderValue::from_static("origin")),
    ]
}
