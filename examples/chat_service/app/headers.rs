//! Whose request it is, and in which session.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;

use super::problem::Problem;

/// The longest id that is taken, in bytes.
const MAX_ID_BYTES: usize = 128;

/// The chat session that a request belongs to: `x-session-id`. Without it the answer is 400.
#[derive(Debug)]
pub(super) struct Session(pub(super) String);

/// That the request is a user's: `x-user-id`. Without one the answer is 401.
#[derive(Debug)]
pub(super) struct SignedIn;

impl Session {
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Problem> {
        let session_id = id(headers, "x-session-id").ok_or(Problem::NoSession)?;
        if session_id.len() > MAX_ID_BYTES { Err(Problem::NoSession) } else { Ok(Self(session_id.to_owned())) }
    }
}

/// The id of the user whose request it is, if there is one.
pub(super) fn user(headers: &HeaderMap) -> Option<&str> {
    id(headers, "x-user-id")
}

fn id<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|id| !id.is_empty())
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Self::read(&parts.headers)
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        user(&parts.headers).map(|_| Self).ok_or(Problem::NoUser)
    }
}
