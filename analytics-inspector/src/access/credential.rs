//! What a request brings to be let in.

use axum::http::{HeaderMap, header};

use super::headers::Field;
use super::{Access, Keys, cookie};

/// What speaks for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credential {
    /// The token, which a program gives on purpose.
    Token,
    /// The cookie, which a browser sends of its own accord.
    Cookie,
}

impl Access {
    /// The credential of a request, if it has one that is right.
    pub(super) fn credential(&self, headers: &HeaderMap) -> Option<Credential> {
        let keys = self.keys.as_ref()?;
        let bearer = Field::of(headers, &header::AUTHORIZATION).text().and_then(bearer);
        if bearer.is_some_and(|token| keys.token.is(token)) {
            return Some(Credential::Token);
        }
        let mut sessions = cookie::values(headers, &self.cookie_name);
        sessions.any(|session| keys.session.is(session)).then_some(Credential::Cookie)
    }

    /// What a browser gets for this token, if it is the right one.
    pub(super) fn session_for(&self, token: &str) -> Option<&str> {
        self.keys.as_ref().filter(|keys| keys.token.is(token)).map(|Keys { session, .. }| session.reveal())
    }
}

/// What stands behind the word `Bearer`.
fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
