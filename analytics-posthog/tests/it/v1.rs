//! v1, whose answer has a verdict for each event.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use analytics_core::{
    Actor, Analytics, CopilotEvent, DropReason, DynamicEvent, Event, EventDescription, EventId, Key, Properties,
    PropertyVisitor, Settlement, Value,
};
use analytics_inspector::{Fault, Inspector, ReceivedRequest, Verdict};
use analytics_posthog::{Compression, PostHogConfig, PostHogError, PostHogSink, Protocol};

use crate::support::{LONG, attempt, config, inspector, spawn, track};
use crate::wire::{arrived, track_the_five_events, with_clock};

fn v1(inspector: &Inspector) -> PostHogConfig {
    let mut config = config(&inspector.url());
    config.options.protocol = Protocol::V1;
    config
}

fn track_named(analytics: &Analytics, name: &str) {
    analytics.track(Actor::user("u1"), DynamicEvent::new(name));
}

fn statuses(inspector: &Inspector) -> Vec<(usize, Option<u16>)> {
    inspector.requests().iter().map(|request| (request.events, request.status)).collect()
}

#[test]
fn the_five_events() {
    let inspector = inspector();
    let analytics = with_clock(v1(&inspector));
    track_the_five_events(&analytics);
    insta::assert_snapshot!(arrived(&analytics, &inspector));
}

#[test]
fn what_the_protocol_has_places_for_is_in_them() {
    let inspector = inspector();
    let analytics = with_clock(v1(&inspector));
    let event = DynamicEvent::new("bridged")
        .with("$session_id", "0197b1a0-0000-7000-8000-000000000000")
        .with("$window_id", "w\"1")
        .with("$ignore_sent_at", true)
        .with("$cookieless_mode", false)
        .with("$product_tour_id", 7)
        .with("kept", 1);
    analytics.track(Actor::service("bridge"), event);
    // What is not of the place's kind would cost the event.
    let wrong = DynamicEvent::new("wrong").with("$session_id", 1).with("$process_person_profile", "no").with("kept", 2);
    analytics.track(Actor::user("u1"), wrong);
    analytics.event(Actor::session("s1"), DynamicEvent::new("person")).set_person("seen", true).track();
    insta::assert_snapshot!(arrived(&analytics, &inspector));
    assert_eq!(analytics.ledger().properties_dropped(), 2);
}

#[test]
fn the_headers_say_who_sends_and_which_attempt_it_is() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    inspector.inject(Fault::status(503).times(2));
    track(&analytics);
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    track(&analytics);
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 2);
    let requests = inspector.requests();
    let header = |name| requests.iter().map(|request| request.header(name).unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(header("posthog-attempt"), ["1", "2", "3", "1"]);
    let ids = header("posthog-request-id");
    assert!(ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3], "{ids:?}");
    assert!(ids.iter().all(|id| id.parse::<EventId>().is_ok()));
    assert_eq!(HashSet::<_>::from_iter(header("posthog-request-timestamp")).len(), 4);
    assert_eq!(header("authorization")[0], "Bearer phc_test");
    assert_eq!(header("posthog-sdk-info")[0], concat!("analytics-posthog/", env!("CARGO_PKG_VERSION")));
    assert_eq!(requests[0].path, "/i/v1/analytics/events");
    // All attempts carry the same body, and the key is not in it.
    let bodies: HashSet<_> = requests[..3].iter().map(|request| request.body_text().unwrap()).collect();
    assert!(bodies.len() == 1 && !bodies.iter().any(|body| body.contains("phc_test")), "{bodies:?}");
}

#[test]
fn a_verdict_costs_only_its_event() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    let verdicts = [
        (Verdict::Drop, "big", "event_too_big"),
        (Verdict::Drop, "quota", "exceptions_over_quota"),
        (Verdict::Drop, "rejected", "rejected"),
        (Verdict::Warning, "warned", "person_processing_disabled"),
        (Verdict::Retry, "again", "not_persisted"),
    ];
    for (verdict, name, details) in verdicts {
        inspector.inject(Fault::verdict(verdict).with_details(details).if_body_contains(name));
    }
    for name in ["big", "quota", "rejected", "warned", "again", "plain"] {
        track_named(&analytics, name);
    }
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!(ledger.delivered(), 3, "{ledger}");
    let dropped =
        [DropReason::TooLarge, DropReason::OverQuota, DropReason::Refused].map(|reason| ledger.dropped(reason));
    assert_eq!(dropped, [1, 1, 1], "{ledger}");
    assert_eq!(statuses(&inspector), [(6, Some(200)), (1, Some(200))], "only what is to be sent again");
    let requests = inspector.requests();
    let header = |request: &ReceivedRequest, name| request.header(name).unwrap().to_owned();
    assert_eq!(header(&requests[0], "posthog-request-id"), header(&requests[1], "posthog-request-id"));
    assert_eq!(header(&requests[1], "posthog-attempt"), "2");
}

#[test]
fn one_event_that_is_captured_twice_poisons_no_batch() {
    let inspector = inspector();
    let mut config = v1(&inspector);
    config.delivery.max_retries = Some(0);
    let analytics = spawn(config);
    let id = EventId::at(SystemTime::now());
    for name in ["one", "two", "three"] {
        track_named(&analytics, name);
        analytics.event(Actor::user("u1"), DynamicEvent::new("paid")).id(id).track();
    }
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.lost()), (6, 0), "{ledger}");
    // What the same user did after it comes after it.
    assert_eq!(statuses(&inspector), [(3, Some(200)), (2, Some(200)), (1, Some(200))]);
    assert_eq!(inspector.totals().unique_events, 4);
}

/// An event written by hand, which shows everything twice.
#[derive(Debug)]
struct Twice;

impl Properties for Twice {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        for _ in 0..2 {
            visitor.value(const { &Key::literal("$session_id") }, Value::Str("s1"));
            visitor.value(const { &Key::literal("$ignore_sent_at") }, Value::Bool(true));
            visitor.value(const { &Key::literal("plain") }, Value::Bool(true));
        }
    }
}

impl Event for Twice {
    fn name(&self) -> &'static str {
        "twice"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }
}

#[test]
fn an_event_that_says_things_twice_costs_no_other() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    (0..3).for_each(|_| track(&analytics));
    analytics.track(Actor::user("u1"), Twice);
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.properties_dropped()), (4, 2), "{ledger}");
    assert_eq!(statuses(&inspector), [(4, Some(200))]);
}

#[test]
fn who_waits_for_an_event_learns_its_verdict() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    inspector.inject(Fault::verdict(Verdict::Drop).with_details("event_too_big").if_body_contains("bad"));
    let good = analytics.send(Actor::user("u1"), DynamicEvent::new("good"));
    let bad = analytics.send(Actor::user("u1"), DynamicEvent::new("bad"));
    assert_eq!(analytics.flush_blocking(LONG).pending(), 0);
    assert_eq!(analytics_core::block_on(good), Settlement::Delivered);
    assert_eq!(analytics_core::block_on(bad), Settlement::Dropped(DropReason::TooLarge));
}

#[test]
fn an_answer_that_breaks_off_is_asked_for_again() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    inspector.inject(Fault::reset_after_request());
    track(&analytics);
    let ledger = analytics.flush_blocking(LONG);
    assert_eq!((ledger.delivered(), inspector.totals().unique_events), (1, 1), "{ledger}");
}

#[test]
fn a_server_without_this_protocol_and_a_used_up_quota_have_their_names() {
    let over_quota = r#"{"error":"billing_limit_exceeded","error_description":"…"}"#;
    for (fault, dropped, told) in [
        // Without a word, as a gateway's may be: the event waits.
        (Fault::status(404), None, "choose the protocol v0"),
        (Fault::status(402).with_body(over_quota), Some(DropReason::OverQuota), "quota is used up"),
        (Fault::status(429).with_body(over_quota), Some(DropReason::OverQuota), "billing_limit_exceeded"),
    ] {
        let inspector = inspector();
        let analytics = spawn(v1(&inspector));
        inspector.inject(fault.always());
        track(&analytics);
        let ledger = attempt(&analytics);
        assert_eq!(ledger.pending(), u64::from(dropped.is_none()), "{ledger}");
        assert!(dropped.is_none_or(|reason| ledger.dropped(reason) == 1), "{ledger}");
        let health = analytics.health().to_string();
        assert!(health.contains(told), "{health}");
    }
}

#[test]
fn batches_of_the_past_say_so() {
    let inspector = inspector();
    let mut config = v1(&inspector);
    config.options.historical = true;
    let analytics = spawn(config);
    track(&analytics);
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
    let body = inspector.requests()[0].body_text().unwrap().into_owned();
    assert!(body.contains(r#","historical_migration":true,"batch":["#), "{body}");
}

#[test]
fn every_compression_that_the_protocol_can_carry_is_read_by_the_server() {
    let compressions = [
        (Compression::None, None),
        (Compression::Gzip, Some("gzip")),
        #[cfg(feature = "zstd")]
        (Compression::Zstd, Some("zstd")),
    ];
    for (compression, encoding) in compressions {
        let inspector = inspector();
        let mut config = v1(&inspector);
        config.options.compression = compression;
        let analytics = spawn(config);
        (0..50).for_each(|_| track(&analytics));
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 50);
        let requests = inspector.requests();
        assert_eq!(requests[0].header("content-encoding"), encoding);
        assert_eq!(requests[0].body_bytes < requests[0].inflated_bytes, encoding.is_some());
    }
}

#[cfg(feature = "zstd")]
#[test]
fn what_the_older_protocol_cannot_carry_is_refused_at_start() {
    let mut config = config("http://127.0.0.1:9");
    config.options.compression = Compression::Zstd;
    assert!(matches!(PostHogSink::spawn(config), Err(PostHogError::Zstd)));
}

#[test]
fn a_header_of_the_backends_own_is_refused_at_start() {
    for name in ["Authorization", "posthog-attempt", "Content-Type", "content-encoding"] {
        let mut config = config("http://127.0.0.1:9");
        config.options.protocol = Protocol::V1;
        config.headers = vec![(name.to_owned(), "mine".to_owned())];
        let error = PostHogSink::spawn(config).unwrap_err();
        assert!(matches!(error, PostHogError::OwnHeader(_)), "{error}");
    }
}

#[test]
fn a_batch_over_the_limit_is_halved_and_its_halves_are_batches_of_their_own() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    inspector.inject(Fault::status(413));
    (0..4).for_each(|_| track(&analytics));
    assert_eq!(analytics.shutdown_blocking(Duration::from_secs(60)).delivered(), 4);
    assert_eq!(statuses(&inspector), [(4, Some(413)), (2, Some(200)), (2, Some(200))]);
    let ids: HashSet<_> =
        inspector.requests().iter().map(|request| request.header("posthog-request-id").unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 3);
}

#[test]
fn an_event_is_sent_with_each_of_its_fields_once() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 1 };
    analytics.with("$session_id", "scope").event(Actor::session("s1"), event).property("$session_id", "event").track();
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
    let wire = inspector.events()[0].json().to_owned();
    assert_eq!(wire.matches("\"session_id\":\"event\"").count(), 1, "{wire}");
    assert!(!wire.contains("scope"), "{wire}");
}

#[test]
fn what_was_left_out_of_a_request_did_not_arrive_with_it() {
    let inspector = inspector();
    let analytics = spawn(v1(&inspector));
    inspector.inject(Fault::status(200).with_body("OK"));
    let id = EventId::at(SystemTime::now());
    for name in ["paid", "refunded"] {
        analytics.event(Actor::user("u1"), DynamicEvent::new(name)).id(id).track();
    }
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.delivered(), ledger.traffic().suspect), (2, 1), "{ledger}");
    assert_eq!(statuses(&inspector), [(1, Some(200)), (1, Some(200))]);
}
