//! Whether a request is let in.

use axum::http::{HeaderMap, Method, StatusCode, header};

use super::credential::Credential;
use super::headers::Field;
use super::{Access, Peer, host, origin};

/// Why a request is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It comes from elsewhere and brings no token, or a wrong one.
    NoToken,
    /// It comes from this machine under a name that may have been given to it by somebody else.
    UnknownHost,
    /// A page of another origin has sent it.
    ForeignPage,
}

impl Refusal {
    pub(crate) fn status(self) -> StatusCode {
        match self {
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::UnknownHost | Self::ForeignPage => StatusCode::FORBIDDEN,
        }
    }

    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::NoToken => {
                "callers from elsewhere need the token that was printed at start: send it as `Authorization: Bearer \
                 TOKEN`, or open /?token=TOKEN in a browser\n"
            }
            Self::UnknownHost => {
                "local callers only: the Host is neither a loopback address nor an allowed name (--allow-host)\n"
            }
            Self::ForeignPage => "not for pages of another origin\n",
        }
    }
}

impl Access {
    /// Decides by the address of the peer, by what it brings, and by where a browser says that it comes from. No other
    /// header counts: what a proxy says of whom it speaks for, anybody can say.
    pub(crate) fn decide(&self, peer: Peer, method: &Method, headers: &HeaderMap) -> Result<(), Refusal> {
        let credential = self.credential(headers);
        if credential.is_none() {
            if !peer.is_local() {
                return Err(Refusal::NoToken);
            }
            let host = Field::of(headers, &header::HOST).text().unwrap_or("");
            if !host::is_known(host, &self.allowed_hosts) {
                return Err(Refusal::UnknownHost);
            }
        }
        let is_by_cookie = credential == Some(Credential::Cookie);
        if origin::is_allowed(method, headers, &self.allowed_hosts, is_by_cookie) {
            Ok(())
        } else {
            Err(Refusal::ForeignPage)
        }
    }
}

#[cfg(test)]
#[path = "decision_tests.rs"]
mod tests;
