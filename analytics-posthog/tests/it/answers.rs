//! Answers that no PostHog gives, from a server of the tests' own: a socket that says what it is told to.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use analytics_core::Actor;
use analytics_core::{Analytics, AnalyticsSink as _, DropReason, DynamicEvent};
use analytics_posthog::{ApiKey, Compression, Host, PostHogConfig, PostHogSink};

use crate::support::{LONG, attempt, config, inspector, spawn, track};

/// Answers every request with what `answer` makes of its body, and closes the connection. Counts them.
fn server(answer: impl Fn(&str) -> String + Send + 'static) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&requests);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let body = body(&mut stream);
            counted.fetch_add(1, Ordering::SeqCst);
            stream.write_all(answer(&body).as_bytes()).unwrap();
        }
    });
    (url, requests)
}

/// Reads one request, and returns its body.
fn body(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return body.to_owned();
            }
        }
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "the request breaks off");
        bytes.extend_from_slice(&buffer[..read]);
    }
}

#[test]
fn an_answer_counts_by_its_status_also_if_its_body_breaks_off() {
    for (status, body, delivered, refused) in
        [("200 OK", "{\"sta", 1, 0), ("400 Bad Request", "failed to parse request: expected val", 0, 1)]
    {
        let (url, requests) = server(move |_| format!("HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\n{body}"));
        let analytics = spawn(config(&url));
        track(&analytics);
        let ledger = analytics.flush_blocking(LONG);
        assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Refused)), (delivered, refused), "{ledger}");
        assert_eq!(requests.load(Ordering::SeqCst), 1);
    }
}

/// A server tidies up a kept connection just when a request is on its way over it.
#[test]
fn a_kept_connection_that_was_closed_costs_no_attempt() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = thread::spawn(move || {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{\"status\": \"Ok\"}";
        let (mut kept, _) = listener.accept().unwrap();
        body(&mut kept);
        kept.write_all(answer).unwrap();
        let unanswered = body(&mut kept);
        drop(kept);
        let (mut fresh, _) = listener.accept().unwrap();
        let again = body(&mut fresh);
        fresh.write_all(answer).unwrap();
        (unanswered, again)
    });
    let mut config = config(&url);
    config.options.compression = Compression::None;
    let analytics = spawn(config);
    track(&analytics);
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    track(&analytics);
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.traffic().requests), (2, 2), "one attempt each: {ledger}");
    let (unanswered, again) = serving.join().unwrap();
    assert_eq!(again, unanswered, "the same events, to the letter");
}

/// A server that says more than anybody reads, and takes its time for it.
#[test]
fn an_answer_is_read_only_as_far_as_it_is_of_use() {
    const SAID: usize = 64 << 20;
    let (said, is_said) = std::sync::mpsc::channel();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        body(&mut stream);
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {SAID}\r\n\r\n").unwrap();
        let piece = [b' '; 4_096];
        let written = (0..SAID / piece.len()).take_while(|_| stream.write_all(&piece).is_ok()).count();
        said.send(written * piece.len()).unwrap();
    });
    let analytics = spawn(config(&url));
    track(&analytics);
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    let written = is_said.recv_timeout(LONG).unwrap();
    assert!(written < SAID / 2, "{written} bytes went into the buffers of two sockets and one reader");
}

#[test]
fn a_server_that_echoes_the_request_puts_the_key_nowhere() {
    let (url, _) = server(|body| {
        let length = body.len();
        format!("HTTP/1.1 400 Bad Request\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    });
    let key = "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    let mut config = PostHogConfig::new(ApiKey::parse(key).unwrap(), Host::parse(&url).unwrap());
    config.options.compression = Compression::None;
    let sink = Arc::new(PostHogSink::spawn(config).unwrap());
    let analytics = Analytics::new(Arc::clone(&sink));
    track(&analytics);
    attempt(&analytics);
    let shown = format!("{:?} {sink:?} {analytics:?}", sink.health());
    assert!(shown.contains("status 400") && shown.contains("copilot_tool_called"), "{shown}");
    assert!(!shown.contains(&key[..12]), "{shown}");
}

#[test]
fn one_event_that_the_server_cannot_read_costs_one_event() {
    let (url, requests) = server(|body| {
        let (status, said) = if body.contains("poison") {
            ("400 Bad Request", "request holds no event")
        } else {
            ("200 OK", "{\"status\":\"Ok\"}")
        };
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{said}", said.len())
    });
    let mut config = config(&url);
    config.options.compression = Compression::None;
    let analytics = spawn(config);
    (0..31).for_each(|_| track(&analytics));
    analytics.track(Actor::user("u1"), DynamicEvent::new("poison"));
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Refused)), (31, 1), "{ledger}");
    assert_eq!(requests.load(Ordering::SeqCst), 11, "five halvings, with two requests each");
}

#[test]
fn a_success_in_other_words_is_counted_and_the_setting_decides_what_it_is() {
    use analytics_posthog::{Protocol, SuspectAnswers};
    for protocol in [Protocol::V0, Protocol::V1] {
        for (suspect_answers, sent) in [(SuspectAnswers::Accept, 1), (SuspectAnswers::Retry, 2)] {
            let asked = AtomicUsize::new(0);
            let (url, requests) = server(move |request| {
                let is_first = asked.fetch_add(1, Ordering::SeqCst) == 0;
                let uuid = request.split("\"uuid\":\"").nth(1).map_or("", |rest| &rest[..36]);
                let ok = if protocol == Protocol::V1 {
                    format!("{{\"results\":{{\"{uuid}\":{{\"result\":\"ok\"}}}}}}")
                } else {
                    "{\"status\":\"Ok\"}".to_owned()
                };
                let body = if is_first { "<html>Please log in</html>".to_owned() } else { ok };
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            });
            let mut config = config(&url);
            config.options.compression = Compression::None;
            config.options.protocol = protocol;
            config.options.suspect_answers = suspect_answers;
            let analytics = spawn(config);
            track(&analytics);
            let ledger = analytics.flush_blocking(LONG);
            assert_eq!((ledger.delivered(), ledger.traffic().suspect), (1, 1), "{ledger}");
            assert_eq!(requests.load(Ordering::SeqCst), sent, "{protocol:?} {suspect_answers:?}");
        }
    }
}

/// The environment's proxies are read when a client is made, so a process of its own has them.
#[test]
fn what_is_for_this_machine_passes_no_proxy() {
    const CHILD: &str = "ANALYTICS_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let inspector = inspector();
        let analytics = spawn(config(&inspector.url()));
        track(&analytics);
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
        return;
    }
    let (proxy, requests) = server(|_| "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_owned());
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "answers::what_is_for_this_machine_passes_no_proxy"])
        .env(CHILD, "1")
        .envs([("HTTP_PROXY", &proxy), ("http_proxy", &proxy), ("ALL_PROXY", &proxy)])
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!(requests.load(Ordering::SeqCst), 0);
}

#[test]
fn no_debug_shows_a_secret() {
    let mut config = config("http://127.0.0.1:9");
    config.headers = vec![("Authorization".to_owned(), "secret-1".to_owned())];
    let shown = format!("{config:?}");
    assert!(shown.contains("Authorization") && !shown.contains("secret-1") && !shown.contains("phc_test"), "{shown}");
}
