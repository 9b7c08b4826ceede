//! Pages of other origins on this machine, and what protects an answer from them.

use std::io::Write as _;

use analytics_inspector::Fault;

use super::{GUARDED, METHODS};
use crate::client::{get, request};
use crate::{batch, event, inspector};

#[test]
fn another_page_of_this_machine_arms_nothing_clears_nothing_and_forgets_nothing() {
    let inspector = inspector();
    crate::client::post(inspector.addr(), "/batch", batch(&[event(1)]));
    inspector.inject(Fault::status(503));
    let own = format!("http://{}", inspector.addr());
    let browser = ("User-Agent", "Mozilla/5.0");
    let foreign: [&[(&str, &str)]; 9] = [
        &[("Origin", "http://localhost:3000")],
        &[("Origin", "http://127.0.0.1:1")],
        &[("Origin", "http://127.0.0.1")],
        &[("Origin", "null")],
        &[("Origin", own.as_str()), ("Sec-Fetch-Site", "same-site")],
        &[("Sec-Fetch-Site", "same-site"), browser],
        &[("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")],
        &[("Referer", "http://localhost:3000/"), browser],
        &[browser],
    ];
    let mut asked = 0;
    for fields in foreign {
        for (method, path) in [("POST", "/api/faults"), ("DELETE", "/api/faults"), ("POST", "/api/reset")] {
            for kind in ["application/json", "text/plain", "application/x-www-form-urlencoded"] {
                let fields: Vec<_> = fields.iter().copied().chain([("Content-Type", kind)]).collect();
                let answer = request(inspector.addr(), method, path, &fields, br#"{"status": 500}"#);
                assert_eq!(answer.status, 403, "{method} {path} {fields:?}");
                asked += 1;
            }
        }
    }
    let (armed, remembered) = (inspector.faults().len(), inspector.totals().requests);
    println!(
        "figure: requests of other pages {asked}, faults they armed {}, faults and requests they cleared {}",
        armed.saturating_sub(1),
        usize::from(armed == 0) + usize::from(remembered == 0)
    );
    assert_eq!((armed, remembered), (1, 1));
    // The page itself, and a program.
    for fields in [&[("Origin", own.as_str()), ("Sec-Fetch-Site", "same-origin"), browser][..], &[]] {
        assert_eq!(request(inspector.addr(), "DELETE", "/api/faults", fields, b"").status, 204, "{fields:?}");
    }
}

#[test]
fn every_answer_of_the_page_and_the_api_is_protected_refusals_included() {
    let inspector = inspector();
    for path in GUARDED.iter().filter(|path| !path.contains("stream")) {
        for (method, host) in METHODS.iter().flat_map(|method| [(*method, "localhost"), (*method, "evil.example")]) {
            let answer = request(inspector.addr(), method, path, &[("Host", host)], b"");
            let shown = format!("{method} {path} {host}: {}", answer.status);
            for (name, expected) in [
                ("x-content-type-options", "nosniff"),
                ("cross-origin-resource-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "no-referrer"),
            ] {
                assert_eq!(answer.header(name), Some(expected), "{shown} {name}");
            }
            let policy = answer.header("content-security-policy").unwrap();
            assert!(
                policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
                "{shown}: {policy}"
            );
            assert!(answer.header("cache-control").is_some_and(|told| told.starts_with("no-")), "{shown}");
            assert_eq!(answer.header("access-control-allow-origin"), None, "{shown}");
        }
    }
}

#[test]
fn what_another_page_embeds_is_not_even_looked_up() {
    let inspector = inspector();
    for path in ["/api/events?limit=1000000", "/api/stream", "/page/page.js", "/api/page/stream"] {
        for site in ["same-site", "cross-site"] {
            let fields = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")];
            assert_eq!(request(inspector.addr(), "GET", path, &fields, b"").status, 403, "{path} {site}");
        }
    }
    assert_eq!(get(inspector.addr(), "/page/page.js").status, 200);
}

#[test]
fn a_link_from_anywhere_leads_to_the_page() {
    let inspector = inspector();
    let fields = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
    assert_eq!(request(inspector.addr(), "GET", "/", &fields, b"").status, 200);
}

#[test]
fn a_request_that_says_two_things_of_itself_is_not_believed() {
    let inspector = inspector();
    let own = format!("http://{}", inspector.addr());
    for fields in [
        [("Origin", own.as_str()), ("Origin", "http://localhost:3000")],
        [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "cross-site")],
        [("Referer", &own), ("Referer", "http://localhost:3000/")],
    ] {
        assert_eq!(request(inspector.addr(), "POST", "/api/reset", &fields, b"").status, 403, "{fields:?}");
    }
    let mut stream = std::net::TcpStream::connect(inspector.addr()).unwrap();
    stream.set_read_timeout(Some(crate::PATIENCE)).unwrap();
    let head = "GET /api/events HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(crate::client::receive(stream).status, 403);
}
