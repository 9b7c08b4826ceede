//! The guard before the page and the API.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::access::{Access, Peer, Refusal};
use crate::protocol::Reply;
use crate::shared::Shared;

/// Where a browser gives the token: `/?token=…`.
const ENTRANCE: &str = "/";
const TOKEN_PARAMETER: &str = "token";

/// On every answer, whatever it is: no other site embeds, frames, sniffs or caches it.
const PROTECTION: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CACHE_CONTROL, "no-store"),
];

/// The policy of what is no page: nothing is loaded, run or framed.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// Lets a request pass that may, and answers all others.
pub(crate) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let access = &shared.access;
    let decision = match request.extensions().get::<Peer>() {
        Some(peer) => access.decide(*peer, request.method(), request.headers()),
        // Nobody knows where it comes from.
        None => Err(Refusal::NoToken),
    };
    let token = token_of(&request);
    let mut response = match (token, decision) {
        (Some(token), decision) => enter(access, &token, decision),
        (None, Ok(())) => next.run(request).await,
        (None, Err(refusal)) => refuse(refusal),
    };
    protect(response.headers_mut());
    response
}

fn refuse(refusal: Refusal) -> Response {
    let asked = (refusal.status() == StatusCode::UNAUTHORIZED)
        .then_some((header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
    Reply::text(refusal.status(), refusal.text()).with_headers(asked).into()
}

/// The token of a request that opens the page with one.
fn token_of(request: &Request) -> Option<String> {
    let query = request.uri().query().filter(|_| request.uri().path() == ENTRANCE)?;
    let mut parameters = form_urlencoded::parse(query.as_bytes());
    parameters.find(|(name, _)| name == TOKEN_PARAMETER).map(|(_, token)| token.into_owned())
}

/// Gives a browser its cookie for the token, and sends it on to the page without the token in its address.
fn enter(access: &Access, token: &str, decision: Result<(), Refusal>) -> Response<Body> {
    match (access.cookie_for(token), decision) {
        (None, Err(refusal)) => refuse(refusal),
        (cookie, _) => {
            let headers = [(header::LOCATION, HeaderValue::from_static(ENTRANCE))];
            let headers = headers.into_iter().chain(cookie.map(|cookie| (header::SET_COOKIE, cookie)));
            Reply::text(StatusCode::SEE_OTHER, "").with_headers(headers).into()
        }
    }
}

/// Adds what an answer does not say of itself.
pub(crate) fn protect(headers: &mut HeaderMap) {
    let protection = PROTECTION.into_iter().chain([(header::CONTENT_SECURITY_POLICY, POLICY)]);
    for (name, value) in protection {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
