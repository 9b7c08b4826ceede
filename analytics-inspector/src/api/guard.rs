//! Keeps web pages out: a page on another site cannot forge these headers.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::shared::Shared;

/// Refuses a request whose `Host` is neither a loopback address nor an allowed name (it may be a name that
/// was rebound to 127.0.0.1), or whose `Origin` is not one (a page that posts blindly).
pub(super) async fn local_only(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if is_local(request.headers(), &shared.allowed_hosts) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "local callers only\n").into_response()
    }
}

fn is_local(headers: &HeaderMap, allowed: &[String]) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let host = text(header::HOST).unwrap_or("");
    let origin = text(header::ORIGIN);
    is_known(host, allowed) && origin.is_none_or(|origin| authority(origin).is_some_and(|host| is_known(host, allowed)))
}

/// Whether this is a loopback host or an allowed one, with any port or none.
fn is_known(host: &str, allowed: &[String]) -> bool {
    is_loopback(host) || allowed.iter().any(|name| is_named(host, name))
}

fn authority(origin: &str) -> Option<&str> {
    origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"))
}

fn is_loopback(host: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| is_named(host, name))
}

fn is_named(host: &str, name: &str) -> bool {
    host.split_at_checked(name.len())
        .is_some_and(|(host, port)| host.eq_ignore_ascii_case(name) && is_port_or_none(port))
}

fn is_port_or_none(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_hosts_are_local() {
        for host in ["127.0.0.1", "127.0.0.1:8010", "LOCALHOST:1", "[::1]", "[::1]:80"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1:80@evil.example",
            "localhost:x",
            "::1",
            "éocalhost",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn an_allowed_host_is_known_by_its_whole_name() {
        let allowed = ["inspector.test".to_owned(), "[fd00::1]".to_owned()];
        for (host, expected) in [
            ("inspector.test", true),
            ("INSPECTOR.test:80", true),
            ("[fd00::1]:80", true),
            ("localhost", true),
            ("xinspector.test", false),
            ("inspector.test.evil.example", false),
            ("inspector", false),
            ("", false),
        ] {
            assert_eq!(is_known(host, &allowed), expected, "{host}");
        }
    }

    #[test]
    fn an_opaque_origin_is_not_local() {
        for (origin, expected) in
            [("http://localhost:3000", true), ("null", false), ("https://evil.example", false), ("localhost", false)]
        {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "localhost".parse().unwrap());
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            assert_eq!(is_local(&headers, &[]), expected, "{origin}");
        }
    }
}
