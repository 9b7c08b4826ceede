//! Who may read the page and the API, and who may change something.
//!
//! Capture routes are open to whoever reaches them, as PostHog's are. All else is for callers on this machine, told by
//! the address of their socket and by no header, and for callers with the token. Of those, pages of other origins are
//! kept out: what a browser says about where a request comes from no page can forge.

mod cookie;
mod credential;
mod decision;
mod headers;
mod host;
mod origin;
mod peer;
mod secret;

use std::io;

use axum::http::HeaderValue;

use self::secret::Secret;

pub(crate) use self::decision::Refusal;
pub(crate) use self::peer::Peer;

/// What the decisions of one server depend on.
#[derive(Debug)]
pub(crate) struct Access {
    /// Names that callers on this machine may use, besides those of the loopback interface.
    allowed_hosts: Vec<String>,
    /// `None` where every caller is on this machine.
    keys: Option<Keys>,
    cookie_name: String,
    /// Whether a browser may send the cookie over TLS only.
    is_secure: bool,
}

#[derive(Debug)]
struct Keys {
    token: Secret,
    /// What a browser gets for the token, so that nothing that is good for longer lies in its cookies.
    session: Secret,
}

impl Access {
    /// The access of a server on this port. A server that others reach, or one that is given a token, has one.
    ///
    /// # Errors
    ///
    /// The token that is given is none, or the system has no random bytes to give.
    pub(crate) fn new(
        allowed_hosts: Vec<String>,
        given: Option<String>,
        is_exposed: bool,
        port: u16,
        is_secure: bool,
    ) -> io::Result<Self> {
        let token = match given {
            Some(given) => {
                let invalid = |text| io::Error::new(io::ErrorKind::InvalidInput, text);
                Some(Secret::given(given).map_err(invalid)?)
            }
            None if is_exposed => Some(Secret::random()?),
            None => None,
        };
        let keys = token.map(|token| Secret::random().map(|session| Keys { token, session })).transpose()?;
        Ok(Self { allowed_hosts, keys, cookie_name: format!("inspector-{port}"), is_secure })
    }

    /// The cookie that a browser gets for the token; `None` if this is not it.
    pub(crate) fn cookie_for(&self, token: &str) -> Option<HeaderValue> {
        cookie::set(&self.cookie_name, self.session_for(token)?, self.is_secure)
    }

    /// The token, for whoever starts the server to pass on.
    pub(crate) fn token(&self) -> Option<&str> {
        self.keys.as_ref().map(|keys| keys.token.reveal())
    }
}
