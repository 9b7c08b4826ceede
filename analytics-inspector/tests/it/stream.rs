//! Events as they come.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use analytics_inspector::{Fault, Inspector, InspectorOptions};
use serde_json::{Value, json};

use crate::client::post;
use crate::{PATIENCE, batch, event, events, inspector, uuid};

struct Stream(BufReader<TcpStream>);

impl Stream {
    /// Asks for a stream and reads the head of the answer: what comes after that is shown.
    fn open(inspector: &Inspector, query: &str, header: &str) -> (Self, String) {
        let mut stream = TcpStream::connect(inspector.addr()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET /api/stream{query} HTTP/1.0\r\nHost: localhost\r\n{header}\r\n").unwrap();
        let mut stream = Self(BufReader::new(stream));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head += &stream.line();
        }
        (stream, head)
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line
    }

    fn json(&mut self) -> Value {
        serde_json::from_str(&self.line()).unwrap()
    }
}

#[test]
fn new_events_come_as_one_object_a_line() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", batch(&events(0..3)));
    let (mut stream, head) = Stream::open(&inspector, "", "");
    assert!(head.starts_with("HTTP/1.0 200 OK\r\n") && head.contains("application/x-ndjson"), "{head}");
    let broken = event(7).replace(',', ",\n");
    post(inspector.addr(), "/batch", batch(&[broken, event(8)]));
    let first = stream.json();
    assert_eq!((&first["sequence"], &first["request"], &first["uuid"]), (&json!(3), &json!(2), &json!(uuid(7))));
    assert_eq!(first["json"]["properties"], json!({"n": 7}));
    assert_eq!(stream.json()["uuid"], uuid(8));
    drop(inspector);
    assert_eq!(stream.line(), "");
}

#[test]
fn a_stream_may_begin_in_the_past_and_says_what_is_forgotten() {
    let inspector = Inspector::start(InspectorOptions::default().with_capacity(2)).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..5)));
    let (mut stream, _) = Stream::open(&inspector, "?since=0", "");
    assert_eq!(stream.json(), json!({"missed": 3}));
    assert_eq!([&stream.json()["sequence"], &stream.json()["sequence"]], [&json!(3), &json!(4)]);
    inspector.reset();
    post(inspector.addr(), "/batch", batch(&events(5..6)));
    assert_eq!(stream.json()["sequence"], 5);
    let (mut human, _) = Stream::open(&inspector, "?since=0&format=human", "");
    assert_eq!([human.line(), human.line()], ["… 5 events missed\n", "u e n=5\n"]);
}

#[test]
fn a_stream_may_be_filtered_like_the_list() {
    let inspector = inspector();
    let (mut stream, head) = Stream::open(&inspector, "?format=human&text=%22N%22:7", "");
    assert!(head.contains("text/plain"), "{head}");
    post(inspector.addr(), "/batch", batch(&events(0..300)));
    assert_eq!([stream.line(), stream.line()], ["u e n=7\n", "u e n=70\n"]);
}

#[test]
fn an_event_source_gets_events_with_ids_and_reads_on_behind_the_last_one() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", batch(&events(0..3)));
    let (mut stream, head) = Stream::open(&inspector, "", "Accept: text/event-stream\r\nLast-Event-ID: 0\r\n");
    assert!(head.contains("text/event-stream") && head.contains("no-store"), "{head}");
    for id in 1..3 {
        assert_eq!(stream.line(), format!("id: {id}\n"));
        let data = stream.line();
        let shown: Value = serde_json::from_str(data.strip_prefix("data: ").unwrap()).unwrap();
        assert_eq!(shown["sequence"], id);
        assert_eq!(stream.line(), "\n");
    }
}

#[test]
fn a_stream_that_is_ahead_comes_from_another_run_and_gets_what_is_new() {
    let inspector = inspector();
    let (mut stream, _) = Stream::open(&inspector, "?since=99", "");
    post(inspector.addr(), "/batch", batch(&events(0..1)));
    assert_eq!(stream.json()["sequence"], 0);
    let answer = crate::client::get(inspector.addr(), "/api/stream?format=xml");
    assert_eq!(answer.status, 400);
}

#[test]
fn refused_requests_come_among_the_events_if_they_are_asked_for() {
    let inspector = inspector();
    let (mut json, _) = Stream::open(&inspector, "?refused=true", "");
    let (mut human, _) = Stream::open(&inspector, "?refused=true&format=human", "");
    let (mut plain, _) = Stream::open(&inspector, "?format=human", "");
    post(inspector.addr(), "/batch/", batch(&events(0..1)));
    post(inspector.addr(), "/batch/", batch(&[]));
    inspector.inject(Fault::status(503));
    post(inspector.addr(), "/batch/", batch(&events(1..2)));
    inspector.inject(Fault::over_quota(402));
    post(inspector.addr(), "/batch/", batch(&events(2..3)));
    post(inspector.addr(), "/nowhere", "{}");
    post(inspector.addr(), "/batch/", batch(&events(3..4)));
    let lines: Vec<String> = (0..6).map(|_| human.line()).collect();
    let expected = [
        "u e n=0\n",
        "refused 400 POST /batch/: request holds no event\n",
        "refused 503 POST /batch/: fault status\n",
        "refused 200 POST /batch/: over quota: a success, and yet no event is stored (fault over_quota)\n",
        "refused 404 POST /nowhere: no such path\n",
        "u e n=3\n",
    ];
    assert_eq!(lines, expected);
    assert_eq!([plain.line(), plain.line()], ["u e n=0\n", "u e n=3\n"]);
    assert_eq!(json.json()["sequence"], 0);
    let refused = &json.json()["refused"];
    let shown = ["number", "status", "path", "reason"].map(|key| &refused[key]);
    assert_eq!(shown, [&json!(2), &json!(400), &json!("/batch/"), &json!("request holds no event")]);

    // Who reads from the beginning gets them in the order in which they came.
    let (mut past, _) = Stream::open(&inspector, "?refused=true&since=0&format=human", "");
    assert_eq!((0..6).map(|_| past.line()).collect::<Vec<_>>(), expected);
    let (mut source, _) = Stream::open(&inspector, "?refused=true&since=1", "Accept: text/event-stream\r\n");
    assert_eq!(source.line(), "event: refused\n");
    assert!(source.line().starts_with("data: {\"number\":2,"));
}

#[test]
fn an_event_that_posthog_would_lose_says_so_first_for_people() {
    let inspector = inspector();
    let (mut stream, _) = Stream::open(&inspector, "?format=human", "");
    let lost = r#"{"event":"$identify","distinct_id":"u1","properties":{"$process_person_profile":false,"k":1}}"#;
    post(inspector.addr(), "/batch", batch(&[lost.to_owned()]));
    assert_eq!(stream.line(), "dropped person_event_without_profile: u1 $identify k=1\n");
    assert_eq!(inspector.events()[0].to_string(), "u1 $identify k=1");
}

#[test]
fn a_reset_leaves_no_refusal_behind_and_later_ones_are_read_on() {
    let inspector = inspector();
    let (mut stream, _) = Stream::open(&inspector, "?refused=true&format=human", "");
    post(inspector.addr(), "/batch/", "[]");
    assert_eq!(stream.line(), "refused 400 POST /batch/: request holds no event\n");
    inspector.reset();
    post(inspector.addr(), "/track", "[]");
    assert_eq!(stream.line(), "refused 400 POST /track: request holds no event\n");
    let (mut past, _) = Stream::open(&inspector, "?refused=true&format=human&since=0", "");
    assert_eq!(past.line(), "refused 400 POST /track: request holds no event\n");
}
