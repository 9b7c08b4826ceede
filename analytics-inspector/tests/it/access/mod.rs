//! Who may use the page and the API: callers from elsewhere, and pages of other origins.

mod elsewhere;
#[cfg(feature = "cli")]
mod namespace;
mod pages;
#[cfg(feature = "cli")]
mod token;

use std::net::{IpAddr, SocketAddr, UdpSocket};

use crate::client::request;

/// Everything behind the guard, and paths that resemble it.
const GUARDED: [&str; 28] = [
    "/",
    "/?token=wrong",
    "/page",
    "/page/",
    "/page/page.js",
    "/page/page.css",
    "/page/icon.svg",
    "/page/nothing",
    "/api",
    "/api/",
    "/api/events",
    "/api/requests?bodies=true",
    "/api/requests/1",
    "/api/oracle",
    "/api/stream?since=0",
    "/api/stream?format=sse",
    "/api/counts",
    "/api/reset",
    "/api/faults",
    "/api/health",
    "/api/page/stream",
    "/api/page/feed",
    "/api/page/feed/1",
    "/api/page/journey?actor=u",
    "/api/nothing",
    "//api/events",
    "/api/../api/%65vents",
    "/API/events",
];

/// What somebody may say of himself to be taken for this machine.
const CLAIMS: [&[(&str, &str)]; 9] = [
    &[],
    &[("Host", "localhost")],
    &[("Host", "127.0.0.1:8010"), ("Origin", "http://127.0.0.1:8010")],
    &[("Host", "localhost"), ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "127.0.0.1")],
    &[("Host", "localhost"), ("Forwarded", "for=127.0.0.1;host=localhost"), ("Via", "1.1 localhost")],
    &[("Host", "inspector.test"), ("Sec-Fetch-Site", "same-origin")],
    &[("Host", "localhost"), ("Authorization", "Bearer phc_local")],
    &[("Host", "localhost"), ("Authorization", "Bearer "), ("Cookie", "inspector-8010=")],
    &[("Host", "localhost"), ("Cookie", "inspector=1; token=1"), ("Referer", "http://localhost/")],
];

const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/// Asks for everything in every way without the token. Gives how often, and what was answered that is no refusal.
fn probe(addr: SocketAddr) -> (usize, Vec<String>) {
    let (mut asked, mut let_in) = (0, Vec::new());
    for path in GUARDED {
        for method in METHODS {
            for claims in CLAIMS {
                let answer = request(addr, method, path, claims, b"");
                asked += 1;
                if ![401, 403, 404].contains(&answer.status) {
                    let_in.push(format!("{method} {path} {claims:?}: {}", answer.status));
                }
            }
        }
    }
    (asked, let_in)
}

/// An address of this machine that is not a loopback one, if it has any.
fn other_address() -> Option<IpAddr> {
    // Nothing is sent: the address is the one that would be sent from.
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("198.51.100.1", 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

/// The same, or a line that says why there is no test.
fn other_address_or_skip() -> Option<IpAddr> {
    let ip = other_address();
    if ip.is_none() {
        crate::skip("needs an address that is not a loopback one");
    }
    ip
}
