//! The page, and what it reads.

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;

use analytics_inspector::{Fault, Inspector, InspectorOptions};
use serde_json::{Value, json};

use crate::client::{get, post, request, send};
use crate::{batch, event, events, inspector, uuid};

/// The page's stream.
struct Stream(BufReader<TcpStream>);

/// One message of it.
struct Message {
    id: String,
    data: Value,
}

impl Stream {
    fn open(inspector: &Inspector, query: &str) -> Self {
        Self(BufReader::new(send(inspector.addr(), "GET", &format!("/api/page/stream{query}"), &[], b"")))
    }

    fn next(&mut self) -> Message {
        let id = self.line_with("id: ");
        Message { id, data: serde_json::from_str(&self.line_with("data: ")).unwrap() }
    }

    /// The next message that has any rows.
    fn next_rows(&mut self) -> Message {
        loop {
            let message = self.next();
            if !message.names().is_empty() {
                return message;
            }
        }
    }

    fn line_with(&mut self, start: &str) -> String {
        loop {
            let mut line = String::new();
            assert!(self.0.read_line(&mut line).unwrap() > 0, "the stream has ended");
            if let Some(rest) = line.strip_prefix(start) {
                return rest.trim_end().to_owned();
            }
        }
    }
}

impl Message {
    fn names(&self) -> Vec<String> {
        column(&self.data["rows"], "name")
    }
}

fn column(rows: &Value, key: &str) -> Vec<String> {
    rows.as_array().unwrap().iter().map(|row| row[key].as_str().unwrap().to_owned()).collect()
}

fn named(name: &str, actor: &str) -> String {
    format!(r#"{{"event":"{name}","distinct_id":"{actor}","properties":{{"k":"v"}}}}"#)
}

fn deliver(inspector: &Inspector, names: &[&str]) {
    let events: Vec<String> = names.iter().map(|name| named(name, "u1")).collect();
    assert_eq!(post(inspector.addr(), "/batch", batch(&events)).status, 200);
}

#[test]
fn the_page_is_served_under_a_policy_without_inline_code_and_to_local_names_only() {
    let inspector = inspector();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/page/page.js", "text/javascript; charset=utf-8"),
        ("/page/page.css", "text/css; charset=utf-8"),
        ("/page/icon.svg", "image/svg+xml"),
    ] {
        let answer = get(inspector.addr(), path);
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(kind)), "{path}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
    assert_eq!(get(inspector.addr(), "/page/Cargo.toml").status, 404);
    for path in ["/", "/page/page.js", "/api/page/stream", "/api/page/feed", "/api/page/feed/1"] {
        let answer = request(inspector.addr(), "GET", path, &[("Host", "evil.example")], b"");
        assert_eq!(answer.status, 403, "{path}");
    }
    assert_eq!(inspector.totals().requests, 0);
}

#[test]
fn what_is_posted_to_the_page_is_a_request_in_the_wrong_place() {
    let inspector = inspector();
    assert_eq!(post(inspector.addr(), "/", batch(&events(0..1))).status, 404);
    assert_eq!(inspector.requests()[0].reason.as_deref(), Some("no such path"));
}

#[test]
fn a_stream_begins_with_what_is_remembered_and_goes_on_with_what_comes() {
    let inspector = inspector();
    deliver(&inspector, &["a", "b"]);
    let mut stream = Stream::open(&inspector, "");
    let first = stream.next();
    assert_eq!((first.names(), &first.data["fresh"]), (vec!["b".to_owned(), "a".to_owned()], &json!(true)));
    let row = &first.data["rows"][1];
    for (key, expected) in [
        ("seq", json!(1)),
        ("kind", json!("event")),
        ("request", json!(1)),
        ("actor", json!("u1")),
        ("preview", json!("k=v")),
        ("bytes", json!(named("a", "u1").len())),
        ("verdict", json!("accepted")),
    ] {
        assert_eq!(row[key], expected, "{key}");
    }
    deliver(&inspector, &["c"]);
    let second = stream.next_rows();
    assert_eq!((second.names(), &second.data["fresh"]), (vec!["c".to_owned()], &json!(false)));
    assert_eq!(second.data["counts"]["events_accepted"], 3);

    // A page that comes back goes on where it was, by header as a browser does or by query.
    for query in [format!("?since={}", first.id), format!("?since={}", second.id)] {
        let expected = if query.ends_with(&first.id) { vec!["c".to_owned()] } else { vec![] };
        let again = Stream::open(&inspector, &query).next();
        assert_eq!((again.names(), &again.data["fresh"]), (expected, &json!(false)), "{query}");
    }
}

#[test]
fn what_is_too_much_for_a_message_is_left_out_and_can_be_read_page_by_page() {
    let inspector = inspector();
    let mut stream = Stream::open(&inspector, "");
    stream.next();
    post(inspector.addr(), "/batch", batch(&events(0..1_234)));
    let message = stream.next_rows();
    assert_eq!((message.names().len(), &message.data["matching"]), (200, &json!(1_234)));
    assert_eq!(message.data["fresh"], true, "the rows before do not join up with these");

    let (mut read, mut before) = (0, u64::MAX);
    loop {
        let part = get(inspector.addr(), &format!("/api/page/feed?limit=500&before={before}")).json();
        let rows = part["rows"].as_array().unwrap();
        read += rows.len();
        before = rows.last().unwrap()["seq"].as_u64().unwrap();
        if part["more"] == false {
            break;
        }
    }
    assert_eq!((read, before), (1_234, 1));
}

#[test]
fn a_request_that_meets_a_fault_is_a_row_that_changes_with_its_answer() {
    let inspector = inspector();
    let mut stream = Stream::open(&inspector, "");
    stream.next();
    inspector.inject(Fault::status(503).with_delay(std::time::Duration::from_millis(300)));
    let addr = inspector.addr();
    let sender = std::thread::spawn(move || post(addr, "/batch", batch(&events(0..2))).status);
    let shown = stream.next_rows();
    let row = &shown.data["rows"][0];
    assert_eq!(
        (&row["verdict"], &row["fault"], &row["preview"]),
        (&json!("unanswered"), &json!("status"), &json!("2 events"))
    );
    let changed = loop {
        let message = stream.next();
        if message.data["changed"] != json!([]) {
            break message;
        }
    };
    let row = &changed.data["changed"][0];
    assert_eq!((&row["seq"], &row["verdict"], &row["status"]), (&json!(1), &json!("refused"), &json!(503)));
    assert_eq!(changed.data["counts"]["statuses"], json!({"503": 1}));
    assert_eq!(sender.join().unwrap(), 503);
}

#[test]
fn an_entry_that_changes_comes_and_goes_as_the_filter_has_it() {
    let inspector = inspector();
    let mut refused = Stream::open(&inspector, "?filter=is:refused");
    let mut unanswered = Stream::open(&inspector, "?filter=is:unanswered");
    assert_eq!((refused.next().names(), unanswered.next().names()), (vec![], vec![]));
    inspector.inject(Fault::status(503).with_delay(std::time::Duration::from_millis(300)));
    let addr = inspector.addr();
    let sender = std::thread::spawn(move || post(addr, "/batch", batch(&events(0..2))).status);
    assert_eq!(unanswered.next_rows().names(), ["POST /batch"]);
    let with = |stream: &mut Stream, part: &str| loop {
        let message = stream.next();
        if message.data[part] != json!([]) {
            break message.data[part].clone();
        }
    };
    assert_eq!(with(&mut unanswered, "gone"), json!([1]));
    let came = with(&mut refused, "changed");
    assert_eq!((&came[0]["seq"], &came[0]["status"]), (&json!(1), &json!(503)));
    assert_eq!(sender.join().unwrap(), 503);
}

#[test]
fn verdicts_and_attempts_are_told() {
    let inspector = inspector();
    inspector.inject(Fault::status(503));
    let sent = batch(&[event(1)]);
    post(inspector.addr(), "/batch", &sent);
    post(inspector.addr(), "/batch", &sent);
    post(inspector.addr(), "/batch", &sent);
    post(inspector.addr(), "/batch", "{");
    let lost = r#"{"event":"$identify","distinct_id":"u","properties":{"$process_person_profile":false}}"#;
    post(inspector.addr(), "/batch", batch(&[lost.to_owned()]));
    let rows = &get(inspector.addr(), "/api/page/feed").json()["rows"];
    assert_eq!(column(rows, "verdict"), ["dropped", "refused", "duplicate", "accepted", "refused"]);
    let attempts: Vec<u64> = rows.as_array().unwrap().iter().map(|row| row["attempt"].as_u64().unwrap()).collect();
    assert_eq!(attempts, [0, 0, 3, 2, 1]);
    assert_eq!(rows[0]["why"], "person_event_without_profile");
    for (query, expected) in [
        ("is:refused", 2),
        ("is:duplicate", 1),
        ("name:e", 3),
        ("actor:nobody", 0),
        ("PROCESS_person", 1),
        ("status:400", 1),
    ] {
        let found = &get(inspector.addr(), &format!("/api/page/feed?filter={query}")).json()["rows"];
        assert_eq!(found.as_array().unwrap().len(), expected, "{query}");
    }
    for path in ["/api/page/feed", "/api/page/stream", "/api/events"] {
        let answer = get(inspector.addr(), &format!("{path}?filter=is:nonsense"));
        assert_eq!(answer.status, 400, "{path}");
        assert!(answer.body.starts_with("is: takes one of accepted,"), "{path}");
    }
    assert_eq!(get(inspector.addr(), "/api/events?filter=items=").status, 400, "nobody is typing there");
    assert_eq!(get(inspector.addr(), "/api/page/feed?filter=items=").status, 200);
    let objection = |filter| get(inspector.addr(), &format!("/api/page/filter?filter={filter}")).body;
    assert_eq!(objection("is:refused"), "");
    assert!(objection("is:nonsense").starts_with("is: takes one of accepted,"));
}

#[test]
fn an_entry_is_shown_whole_until_it_is_forgotten() {
    let inspector = Inspector::start(InspectorOptions::default().with_capacity(2)).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..3)));
    let shown = get(inspector.addr(), "/api/page/feed/3").json();
    assert_eq!((&shown["json"], &shown["uuid"]), (&json!(event(2)), &json!(uuid(2))));
    assert_eq!((&shown["request"]["path"], &shown["request"]["body"]), (&json!("/batch"), &json!(null)));
    assert_eq!(get(inspector.addr(), "/api/page/feed/1").status, 404);
    post(inspector.addr(), "/batch", "{no json");
    let shown = get(inspector.addr(), "/api/page/feed/4").json();
    assert_eq!((&shown["json"], &shown["request"]["body"]), (&json!(null), &json!("{no json")));
}

#[test]
fn a_reset_empties_the_feed_of_a_page_that_is_open() {
    let inspector = inspector();
    deliver(&inspector, &["a"]);
    let mut stream = Stream::open(&inspector, "");
    stream.next();
    inspector.reset();
    let message = loop {
        let message = stream.next();
        if message.data["fresh"] == true {
            break message;
        }
    };
    assert_eq!((message.names(), &message.data["counts"]["requests"]), (Vec::new(), &json!(0)));
    deliver(&inspector, &["b"]);
    assert_eq!(stream.next_rows().data["rows"][0]["seq"], 1);
}

#[test]
fn a_cursor_of_another_run_is_no_cursor_here() {
    let (before, after) = (inspector(), inspector());
    deliver(&before, &["a", "b"]);
    deliver(&after, &["c"]);
    let cursor = Stream::open(&before, "").next().id;
    let message = Stream::open(&after, &format!("?since={cursor}")).next();
    assert_eq!((message.names(), &message.data["fresh"]), (vec!["c".to_owned()], &json!(true)));
}

#[test]
fn the_bill_counts_profiles_and_bytes() {
    let inspector = inspector();
    let anonymous = r#"{"event":"e","distinct_id":"a","properties":{"$process_person_profile":false}}"#.to_owned();
    let sent = [named("e", "u1"), anonymous];
    post(inspector.addr(), "/batch", batch(&sent));
    let bill = Stream::open(&inspector, "").next().data["counts"]["bill"].clone();
    assert_eq!(bill, json!({"with_profile": 1, "json_bytes": sent[0].len() + sent[1].len()}));
}
