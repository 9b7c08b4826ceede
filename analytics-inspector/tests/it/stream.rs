//! Events as they come.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use analytics_inspector::{Inspector, InspectorOptions};
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
