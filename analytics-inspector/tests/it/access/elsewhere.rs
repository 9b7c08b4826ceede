//! Callers that are not on this machine, played by one of its other addresses.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};

use analytics_inspector::{Inspector, InspectorOptions};

use super::{METHODS, other_address_or_skip, probe};
use crate::client::{Answer, post, request, send};
use crate::{batch, event, events};

const TOKEN: &str = "correct-horse-battery-staple";

/// An inspector that listens on all addresses, and where others reach it.
fn exposed() -> Option<(Inspector, SocketAddr)> {
    let ip = other_address_or_skip()?;
    let options = InspectorOptions::default().with_address(Ipv4Addr::UNSPECIFIED).with_token(TOKEN);
    let inspector = Inspector::start(options).unwrap();
    let addr = SocketAddr::new(ip, inspector.addr().port());
    Some((inspector, addr))
}

fn with_token(addr: SocketAddr, method: &str, target: &str, body: &[u8]) -> Answer {
    request(addr, method, target, &[("Authorization", &format!("Bearer {TOKEN}"))], body)
}

#[test]
fn nothing_but_refusals_is_answered_without_the_token() {
    let Some((inspector, addr)) = exposed() else { return };
    post(addr, "/batch", batch(&events(0..1)));
    let (_, let_in) = probe(addr);
    assert_eq!(let_in, Vec::<String>::new());
    assert_eq!((inspector.events().len(), inspector.faults().len()), (1, 0));
}

#[test]
fn sending_needs_no_token_and_no_name() {
    let Some((inspector, addr)) = exposed() else { return };
    let answer = request(addr, "POST", "/batch", &[("Host", "any.name")], batch(&[event(1)]).as_bytes());
    assert_eq!(answer.status, 200);
    assert_eq!(post(addr, "/i/v1/analytics/events", "{}").status, 401, "without a project key");
    assert_eq!(post(addr, "/flags/", "{}").status, 200);
    assert_eq!(post(addr, "/nowhere", "{}").status, 404);
    assert_eq!(inspector.totals().unique_events, 1);
}

#[test]
fn who_brings_the_token_may_do_everything() {
    let Some((inspector, addr)) = exposed() else { return };
    post(addr, "/batch", batch(&events(0..2)));
    for path in ["/", "/page/page.js", "/api/events", "/api/page/feed", "/api/health"] {
        assert_eq!(with_token(addr, "GET", path, b"").status, 200, "{path}");
    }
    assert_eq!(with_token(addr, "POST", "/api/faults", br#"{"status": 503}"#).status, 204);
    assert_eq!(inspector.faults().len(), 1);
    assert_eq!(with_token(addr, "DELETE", "/api/faults", b"").status, 204);
    assert_eq!(with_token(addr, "POST", "/api/reset", b"").status, 204);
    assert_eq!((inspector.faults().len(), inspector.totals().requests), (0, 0));
}

#[test]
fn a_stream_is_open_to_who_brings_the_token_and_to_nobody_else() {
    let Some((inspector, addr)) = exposed() else { return };
    for path in ["/api/stream?format=human", "/api/page/stream"] {
        assert_eq!(request(addr, "GET", path, &[], b"").status, 401, "{path}");
        let bearer = format!("Bearer {TOKEN}");
        let mut stream = BufReader::new(send(addr, "GET", path, &[("Authorization", &bearer)], b""));
        let mut text = String::new();
        stream.read_line(&mut text).unwrap();
        assert_eq!(text, "HTTP/1.1 200 OK\r\n", "{path}");
    }
    drop(inspector);
}

/// The cookie of an answer as a browser sends it back.
fn cookie(answer: &Answer) -> Option<String> {
    let set = answer.header("set-cookie")?;
    assert!(set.contains("; HttpOnly") && set.contains("; SameSite=Strict") && set.contains("; Path=/"), "{set}");
    set.split(';').next().map(str::to_owned)
}

#[test]
fn a_browser_gives_the_token_once_and_has_a_cookie_for_it() {
    let Some((inspector, addr)) = exposed() else { return };
    let own = addr.to_string();
    let page = format!("http://{own}");
    let answer = request(addr, "GET", &format!("/?token={TOKEN}"), &[], b"");
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")), "the token leaves the address");
    let cookie = cookie(&answer).unwrap();
    assert!(!cookie.contains(TOKEN), "{cookie}");
    let with = |method: &str, path: &str, fields: &[(&str, &str)]| {
        let fields: Vec<_> = fields.iter().copied().chain([("Cookie", cookie.as_str())]).collect();
        request(addr, method, path, &fields, br#"{"status": 503}"#).status
    };
    for path in ["/", "/page/page.js", "/api/events", "/api/page/feed"] {
        assert_eq!(with("GET", path, &[]), 200, "{path}");
    }
    assert_eq!(with("POST", "/api/faults", &[("Origin", &page)]), 204);
    let other = format!("http://{}:1", addr.ip());
    for fields in [&[][..], &[("Origin", "null")], &[("Origin", &other)], &[("Sec-Fetch-Site", "same-site")]] {
        for (method, path) in [("POST", "/api/faults"), ("DELETE", "/api/faults"), ("POST", "/api/reset")] {
            assert_eq!(with(method, path, fields), 403, "{method} {path} {fields:?}");
        }
    }
    assert_eq!(inspector.faults().len(), 1);
}

#[test]
fn a_wrong_token_and_a_cookie_of_another_inspector_open_nothing() {
    let (Some((_one, addr)), Some((_other, other_addr))) = (exposed(), exposed()) else { return };
    let given = request(other_addr, "GET", &format!("/?token={TOKEN}"), &[], b"");
    let (name, value) = (cookie(&given).unwrap(), given);
    assert_eq!(value.status, 303);
    let (_, session) = name.split_once('=').unwrap();
    let forged = format!("inspector-{}={session}", addr.port());
    assert_eq!(request(addr, "GET", "/api/events", &[("Cookie", &forged)], b"").status, 401);
    for token in ["", "wrong", &TOKEN[1..], &format!("{TOKEN}x"), "%00"] {
        let answer = request(addr, "GET", &format!("/?token={token}"), &[], b"");
        assert_eq!((answer.status, answer.header("set-cookie")), (401, None), "{token}");
    }
    // Anywhere else it is no token.
    assert_eq!(request(addr, "GET", &format!("/api/events?token={TOKEN}"), &[], b"").status, 401);
}

#[test]
fn the_same_inspector_asks_this_machine_for_no_token() {
    let Some((inspector, _)) = exposed() else { return };
    let local = SocketAddr::from((Ipv4Addr::LOCALHOST, inspector.addr().port()));
    for path in ["/", "/api/events", "/api/faults"] {
        assert_eq!(request(local, "GET", path, &[], b"").status, 200, "{path}");
        assert_eq!(request(local, "GET", path, &[("Host", "rebound.example")], b"").status, 403, "{path}");
    }
    // With the token, or the wrong one, the address loses it all the same.
    let answer = request(local, "GET", "/?token=wrong", &[], b"");
    assert_eq!((answer.status, answer.header("location"), answer.header("set-cookie")), (303, Some("/"), None));
}

#[test]
fn loopback_is_loopback_through_a_socket_of_ipv6_too() {
    let options = InspectorOptions::default().with_address(Ipv6Addr::UNSPECIFIED);
    let Ok(inspector) = Inspector::start(options) else {
        return crate::skip("needs IPv6");
    };
    let port = inspector.addr().port();
    for local in [SocketAddr::from((Ipv4Addr::LOCALHOST, port)), SocketAddr::from((Ipv6Addr::LOCALHOST, port))] {
        if TcpStream::connect(local).is_err() {
            crate::skip("needs sockets of IPv6 that take IPv4");
            continue;
        }
        assert_eq!(request(local, "GET", "/api/events", &[], b"").status, 200, "{local}");
    }
    if let Some(ip) = super::other_address() {
        let answer = request(SocketAddr::new(ip, port), "GET", "/api/events", &[("Host", "localhost")], b"");
        assert_eq!(answer.status, 401);
    }
}

#[test]
fn a_refusal_says_what_would_help_and_no_more() {
    let Some((inspector, addr)) = exposed() else { return };
    for method in METHODS.iter().filter(|method| **method != "HEAD") {
        let answer = request(addr, method, "/api/events", &[("Host", "localhost")], b"");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert!(answer.body.contains("Authorization: Bearer TOKEN") && !answer.body.contains(TOKEN), "{}", answer.body);
    }
    assert_eq!(inspector.token(), Some(TOKEN));
}

#[test]
fn on_loopback_there_is_no_token_and_elsewhere_a_new_one_each_time() {
    let local = crate::inspector();
    assert_eq!(local.token(), None);
    let start = || Inspector::start(InspectorOptions::default().with_address(Ipv4Addr::UNSPECIFIED)).unwrap();
    let (one, other) = (start(), start());
    assert_eq!(one.token().unwrap().len(), 32);
    assert_ne!(one.token(), other.token());
    let secret = one.token().unwrap();
    assert!(!format!("{one:?}").contains(secret));
    let options = InspectorOptions::default().with_token(TOKEN);
    assert!(!format!("{options:?}").contains(TOKEN));
}

#[test]
fn a_token_that_is_none_is_an_error_at_start_that_does_not_tell_it() {
    for token in ["", "short-secret", "white space white space"] {
        let error = Inspector::start(InspectorOptions::default().with_token(token)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(error.to_string().starts_with("a token has "), "{error}");
        assert!(token.is_empty() || !error.to_string().contains(token), "{error}");
    }
}
