//! A key that is replaced in its file while the sink runs, against a server that speaks PostHog's protocol. A program
//! of its own, because what the worker logs goes to the process's subscriber.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests, with helpers of their own")]

use std::fmt::{self, Write as _};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, Once};
use std::time::Duration;

use analytics_core::{Actor, AiGeneration, Analytics, CopilotEvent, DropReason, Health};
use analytics_inspector::{Fault, Inspector, InspectorOptions, ReceivedRequest};
use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink, Protocol};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const LONG: Duration = Duration::from_secs(60);
const OLD: &str = "phc_oldoldoldoldoldoldoldoldoldoldoldoldoldoldold1";
const NEW: &str = "phc_newnewnewnewnewnewnewnewnewnewnewnewnewnewnew2";

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Keeps every line of every thread.
struct Lines;

impl Subscriber for Lines {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("analytics")
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = format!("{} {}:", event.metadata().level(), event.metadata().target());
        event.record(&mut Message(&mut line));
        LINES.lock().unwrap().push(line);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

struct Message<'l>(&'l mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

/// A sink whose key is in a file, and the server that it sends to.
struct Service {
    file: PathBuf,
    inspector: Inspector,
    analytics: Analytics,
}

impl Service {
    fn start(name: &str, protocol: Protocol) -> Self {
        Self::start_with(name, protocol, |_| {})
    }

    fn start_with(name: &str, protocol: Protocol, change: impl FnOnce(&mut PostHogConfig)) -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| tracing::subscriber::set_global_default(Lines).unwrap());
        let file = std::env::temp_dir().join(format!("analytics-key-file-{name}-{protocol}-{}", std::process::id()));
        std::fs::write(&file, format!("{OLD}\n")).unwrap();
        let inspector = Inspector::start(InspectorOptions::default()).unwrap();
        let host = Host::parse(&inspector.url()).unwrap();
        let mut config = PostHogConfig::new(ApiKey::from_file(&file).unwrap(), host);
        config.key_file = Some(file.clone());
        config.options.protocol = protocol;
        config.delivery.batch_events = NonZeroUsize::new(10).unwrap();
        config.delivery.flush_interval = Duration::from_secs(3_600);
        change(&mut config);
        assert!(!format!("{config:?}").contains(OLD));
        let analytics = Analytics::new(PostHogSink::spawn(config).unwrap());
        Self { file, inspector, analytics }
    }

    fn track(&self, users: u64) {
        for user in 1..=users {
            let event = CopilotEvent::MessageSent { session_id: "s1", message_length: user };
            self.analytics.track(Actor::user(user), event);
        }
    }

    fn generate(&self) {
        self.analytics.track(Actor::user(1), AiGeneration::new("gpt-5-mini", "openai"));
    }

    /// The keys that were sent, each with the answer's status.
    fn sent(&self) -> Vec<(String, u16)> {
        self.inspector.requests().iter().map(|request| (key(request), request.status.unwrap_or_default())).collect()
    }

    /// What was logged about this server, which nobody else has. It never shows a key.
    fn lines(&self) -> Vec<String> {
        let lines = LINES.lock().unwrap().clone();
        assert!(lines.iter().all(|line| !line.contains(OLD) && !line.contains(NEW)), "{lines:#?}");
        lines.into_iter().filter(|line| line.contains(&self.inspector.url())).collect()
    }

    #[cfg(target_os = "linux")]
    fn wait_for_line(&self, is_it: impl Fn(&str) -> bool) {
        let end = std::time::Instant::now() + LONG;
        while !self.lines().iter().any(|line| is_it(line)) {
            assert!(std::time::Instant::now() < end, "{:#?}", self.lines());
            std::thread::yield_now();
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        std::fs::remove_file(&self.file).unwrap_or_default();
    }
}

fn key(request: &ReceivedRequest) -> String {
    let bearer = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    bearer.or(request.api_key.as_deref()).unwrap_or_default().to_owned()
}

/// The events of a request, letter for letter.
fn events(request: &ReceivedRequest) -> String {
    let body = request.body_text().unwrap();
    body.split_once("\"batch\":").unwrap().1.to_owned()
}

#[test]
fn a_key_that_is_replaced_in_its_file_costs_no_event() {
    for protocol in [Protocol::V0, Protocol::V1] {
        let service = Service::start("replaced", protocol);
        service.track(1);
        assert_eq!(service.analytics.flush_blocking(LONG).delivered(), 1);
        std::fs::write(&service.file, NEW).unwrap();
        service.inspector.inject(Fault::status(401));
        service.track(3);
        assert_eq!(service.analytics.flush_blocking(LONG).delivered(), 4);
        service.track(1);
        let ledger = service.analytics.shutdown_blocking(LONG);
        assert_eq!((ledger.delivered(), ledger.lost(), ledger.captured()), (5, 0, 5), "{ledger}");

        let requests = service.inspector.requests();
        let expected = [(OLD, 200), (OLD, 401), (NEW, 200), (NEW, 200)].map(|(key, status)| (key.to_owned(), status));
        assert_eq!(service.sent(), expected, "{protocol}");
        assert_eq!(events(&requests[1]), events(&requests[2]), "the same events, their uuids included");
        if protocol == Protocol::V1 {
            assert_eq!(requests[1].header("posthog-request-id"), requests[2].header("posthog-request-id"));
        } else {
            assert!(requests.iter().all(|request| request.header("authorization").is_none()), "{protocol}");
        }
        let lines = service.lines();
        let [line] = &lines[..] else { panic!("one line: {lines:#?}") };
        assert!(line.starts_with("INFO analytics::delivery:") && line.contains("phc_newn…w2"), "{line}");
    }
}

#[test]
fn requests_that_were_on_their_way_are_sent_again_with_it_as_well() {
    let service = Service::start("several", Protocol::V0);
    std::fs::write(&service.file, NEW).unwrap();
    let refused = Fault::status(401).if_body_contains(OLD).with_delay(Duration::from_millis(50));
    service.inspector.inject(refused.always());
    service.track(200);
    let ledger = service.analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost()), (200, 0), "{ledger}");
    assert_eq!(service.inspector.totals().unique_events, 200);
    let refused = service.inspector.requests().iter().filter(|request| request.status == Some(401)).count();
    assert!((1..=4).contains(&refused), "{refused} in flight");
    assert_eq!(service.lines().len(), 1, "{:#?}", service.lines());
}

#[test]
fn without_another_key_events_are_dropped_as_ever_and_the_line_says_why() {
    type Change = fn(&PathBuf);
    let cases: [(&str, Change, &str); 4] = [
        ("same", |_| {}, "The file of the key has the same one"),
        ("gone", |file| std::fs::remove_file(file).unwrap(), "the file cannot be read: No such file"),
        ("none", |file| std::fs::write(file, "phx_secretsecretsecretsecretsecret").unwrap(), "has no key in it"),
        ("wrong", |file| std::fs::write(file, NEW).unwrap(), "has had another one, which is refused as well"),
    ];
    for protocol in [Protocol::V0, Protocol::V1] {
        for (name, change, why) in cases {
            let service = Service::start(name, protocol);
            change(&service.file);
            service.inspector.inject(Fault::status(401).always());
            service.track(2);
            let ledger = service.analytics.flush_blocking(LONG);
            assert_eq!(ledger.dropped(DropReason::Unauthorized), 2, "{name}: {ledger}");
            assert_eq!(service.analytics.health(), Health::Unauthorized);
            service.analytics.shutdown_blocking(LONG);
            let lines = service.lines();
            let warned: Vec<_> = lines.iter().filter(|line| line.starts_with("WARN")).collect();
            let [line] = warned[..] else { panic!("{name}: {lines:#?}") };
            assert!(line.contains("the key is not accepted") && line.contains(why), "{name}: {line}");
            assert!(!line.contains("secretsecret"), "{line}");
        }
    }
}

#[test]
fn a_lane_that_is_refused_a_moment_after_another_sees_the_file_that_was_mended_in_between() {
    let service = Service::start("lanes", Protocol::V0);
    service.inspector.inject(Fault::status(401).if_body_contains(OLD).always());
    service.track(1);
    assert_eq!(service.analytics.flush_blocking(LONG).dropped(DropReason::Unauthorized), 1);
    std::fs::write(&service.file, NEW).unwrap();
    service.generate();
    let ledger = service.analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost()), (1, 1), "{ledger}");
    let expected = [(OLD, 401), (OLD, 401), (NEW, 200)].map(|(key, status)| (key.to_owned(), status));
    assert_eq!(service.sent(), expected);
}

/// The file leads to a pipe in which there is nothing yet, as a mount whose server is away.
#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_reading_hangs_leaves_a_401_what_it_is_and_is_used_once_it_is_read() {
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;

    // Less than a refusal waits for the file otherwise: the attempt ends before.
    let short = |config: &mut PostHogConfig| config.delivery.request_timeout = Duration::from_secs(1);
    let service = Service::start_with("hangs", Protocol::V0, short);
    let (reader, mut writer) = std::io::pipe().unwrap();
    std::fs::remove_file(&service.file).unwrap();
    std::os::unix::fs::symlink(format!("/proc/self/fd/{}", reader.as_raw_fd()), &service.file).unwrap();
    service.inspector.inject(Fault::status(401).if_body_contains(OLD).always());
    service.track(2);
    let ledger = service.analytics.flush_blocking(LONG);
    assert_eq!((ledger.dropped(DropReason::Unauthorized), ledger.lost()), (2, 2), "{ledger}");
    service.wait_for_line(|line| line.contains("status 401") && line.contains("the key takes long to be read"));

    writer.write_all(NEW.as_bytes()).unwrap();
    drop(writer);
    service.wait_for_line(|line| line.starts_with("INFO") && line.contains("phc_newn…w2"));
    service.generate();
    assert_eq!(service.analytics.shutdown_blocking(LONG).delivered(), 1);
    assert_eq!(service.sent().last(), Some(&(NEW.to_owned(), 200)), "{:?}", service.sent());
}
