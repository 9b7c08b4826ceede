//! What is remembered of events and requests.

use std::time::Duration;

use crate::client::{post, request};
use crate::{PATIENCE, batch, event, events, inspector, uuid};

#[test]
fn an_event_is_kept_letter_for_letter() {
    let inspector = inspector();
    let json = r#"{ "event":"a b","uuid":"0189000000007000800000000000000A", "distinct_id": 7,"timestamp":"garbage","properties":{"k":"\u00e9","k":1.0,"z":null} }"#;
    post(inspector.addr(), "/batch", batch(&[json.to_owned()]));
    let event = inspector.events().remove(0);
    assert_eq!(event.json(), json);
    assert_eq!(event.event, "a b");
    assert_eq!(event.distinct_id, "7");
    assert_eq!(event.uuid.as_deref(), Some("01890000-0000-7000-8000-00000000000a"));
    assert_eq!(event.timestamp.as_deref(), Some("garbage"));
    assert_eq!(event.request, 1);
    assert_eq!(event.properties_json(), Some(r#"{"k":"\u00e9","k":1.0,"z":null}"#));
    assert_eq!(event.properties(), serde_json::json!({"k": 1.0, "z": null}));
    assert_eq!(event.property("z"), Some(serde_json::Value::Null));
    assert_eq!(event.property("absent"), None);
}

#[test]
fn an_event_without_anything_optional_has_empty_properties() {
    let inspector = inspector();
    post(inspector.addr(), "/e", r#"{"event":"e","token":"k","$distinct_id":"u"}"#);
    let event = inspector.events().remove(0);
    assert_eq!((&event.uuid, &event.timestamp), (&None, &None));
    assert_eq!(event.properties(), serde_json::json!({}));
    assert_eq!(event.properties_json(), None);
    assert_eq!(inspector.uuids().len(), 0);
    assert_eq!(inspector.totals().unique_events, 1);
}

#[test]
fn an_actor_is_stored_as_the_server_would() {
    let inspector = inspector();
    let long = "ü".repeat(201);
    for (id, expected) in [
        (format!("\"{long}\""), "ü".repeat(200)),
        (r#""a\u0000b""#.to_owned(), "a\u{fffd}b".to_owned()),
        (r#"" padded ""#.to_owned(), " padded ".to_owned()),
        (r#"{"b":1,"a":[true]}"#.to_owned(), r#"{"a":[true],"b":1}"#.to_owned()),
        ("23.4".to_owned(), "23.4".to_owned()),
        ("false".to_owned(), "false".to_owned()),
    ] {
        let event = format!(r#"{{"event":"e","distinct_id":{id}}}"#);
        post(inspector.addr(), "/batch", batch(&[event]));
        assert_eq!(inspector.events().pop().unwrap().distinct_id, expected);
    }
}

#[test]
fn repeats_are_counted_apart_by_uuid() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", batch(&events(0..3)));
    post(inspector.addr(), "/batch", batch(&events(2..5)));
    let other_spelling = event(0).replace('-', "");
    post(inspector.addr(), "/batch", batch(&[other_spelling.replace("\"event\":\"e\"", "\"event\":\"f\"")]));
    let totals = inspector.totals();
    assert_eq!(totals.events_accepted, 7);
    assert_eq!(totals.unique_events, 5);
    assert_eq!(totals.duplicate_events, 2);
    assert_eq!(totals.names, [("e".to_owned(), 6), ("f".to_owned(), 1)].into());
    assert_eq!(inspector.uuids(), (0..5).map(uuid).collect());
    assert_eq!(inspector.events_named("f").len(), 1);
    assert_eq!(inspector.events_named("e").len(), 6);
}

#[test]
fn a_request_is_kept_with_its_headers_and_its_envelope() {
    let inspector = inspector();
    let body = batch(&events(0..2));
    request(inspector.addr(), "POST", "/batch/?a=b", &[("X-Twice", "1"), ("X-Twice", "2")], body.as_bytes());
    post(inspector.addr(), "/e/", "{");
    let requests = inspector.requests();
    let (first, second) = (&requests[0], &requests[1]);
    assert_eq!((first.number, first.method.as_str(), first.path.as_str()), (1, "POST", "/batch/"));
    assert_eq!(first.query.as_deref(), Some("a=b"));
    assert_eq!((first.status, &first.reason), (Some(200), &None));
    assert_eq!(first.headers.iter().filter(|(name, _)| name == "x-twice").count(), 2);
    assert_eq!(first.header("X-TWICE"), Some("1"));
    assert_eq!(first.sent_at.as_deref(), Some("2026-01-02T03:04:05.678Z"));
    assert_eq!(first.api_key.as_deref(), Some("phc_x"));
    assert_eq!((first.events, first.body_bytes, first.inflated_bytes), (2, body.len(), body.len()));
    assert_eq!(first.body(), Some(body.as_bytes()));
    assert_eq!((second.number, second.status, second.events), (2, Some(400), 0));
    assert!(second.reason.as_deref().unwrap().starts_with("failed to parse request"));
    assert_eq!(second.body(), Some(&b"{"[..]));
}

#[test]
fn a_refused_request_says_what_it_carried_and_which_event_was_at_fault() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", batch(&[event(1), r#"{"event":"e","distinct_id":""}"#.to_owned()]));
    post(inspector.addr(), "/batch", batch(&[event(1), r#"{"event":"e","distinct_id":"u","uuid":"x"}"#.to_owned()]));
    let requests = inspector.requests();
    assert_eq!((requests[0].events, requests[0].api_key.as_deref()), (2, Some("phc_x")));
    let reason = requests[1].reason.as_deref().unwrap();
    assert!(reason.contains("event 1: `uuid` cannot be parsed"), "{reason}");
    assert!(inspector.events().is_empty());
    assert_eq!((inspector.totals().requests, inspector.totals().requests_refused), (2, 2));
}

#[test]
fn waiting_ends_when_enough_different_events_are_there() {
    let inspector = inspector();
    assert!(inspector.wait_for(0, Duration::ZERO));
    assert!(!inspector.wait_for(1, Duration::ZERO));
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| inspector.wait_for(3, PATIENCE));
        post(inspector.addr(), "/batch", batch(&events(0..2)));
        post(inspector.addr(), "/batch", batch(&events(0..2)));
        assert!(!inspector.wait_for(3, Duration::ZERO));
        post(inspector.addr(), "/batch", batch(&events(2..3)));
        assert!(waiter.join().unwrap());
    });
}

#[test]
fn a_reset_forgets_everything_but_armed_faults() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", batch(&events(0..2)));
    inspector.inject(analytics_inspector::Fault::status(503));
    inspector.reset();
    assert_eq!(inspector.totals(), analytics_inspector::Totals::default());
    assert!(inspector.events().is_empty() && inspector.requests().is_empty() && inspector.uuids().is_empty());
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..2))).status, 503);
    assert_eq!(post(inspector.addr(), "/batch", batch(&events(0..2))).status, 200);
    assert_eq!(inspector.events()[0].request, 2);
    assert_eq!((inspector.totals().unique_events, inspector.totals().duplicate_events), (2, 0));
}

#[test]
fn an_observer_sees_each_accepted_event_before_it_is_answered() {
    let (sender, receiver) = std::sync::mpsc::channel();
    let options = analytics_inspector::InspectorOptions::default().with_observer(move |event| {
        sender.send(event.to_string()).unwrap();
    });
    let inspector = analytics_inspector::Inspector::start(options).unwrap();
    post(inspector.addr(), "/batch", "{");
    inspector.inject(analytics_inspector::Fault::status(500));
    post(inspector.addr(), "/batch", batch(&events(7..8)));
    post(inspector.addr(), "/batch", batch(&events(0..2)));
    let seen: Vec<String> = receiver.try_iter().collect();
    assert_eq!(seen, ["u e n=0", "u e n=1"]);
}

#[test]
fn an_observer_that_panics_costs_nothing_but_its_own_call() {
    struct Spiteful;

    impl Drop for Spiteful {
        fn drop(&mut self) {
            assert!(std::thread::panicking(), "a payload panics");
        }
    }

    let (sender, receiver) = std::sync::mpsc::channel();
    let options = analytics_inspector::InspectorOptions::default().with_observer(move |event| {
        sender.send(event.to_string()).unwrap();
        std::panic::panic_any(Spiteful);
    });
    let inspector = analytics_inspector::Inspector::start(options).unwrap();
    for numbers in [0..2, 2..3] {
        assert_eq!(post(inspector.addr(), "/batch", batch(&events(numbers))).status, 200);
    }
    assert_eq!((receiver.try_iter().count(), inspector.totals().unique_events), (3, 3));
}

#[test]
fn a_refusal_observer_sees_each_refused_request_after_those_of_its_events_that_were_accepted() {
    use analytics_inspector::{Fault, Inspector, InspectorOptions, Verdict};
    let (sender, receiver) = std::sync::mpsc::channel();
    let refusals = sender.clone();
    let options = InspectorOptions::default()
        .with_observer(move |event| sender.send(event.to_string()).unwrap())
        .with_refusal_observer(move |request| {
            refusals.send(request.to_string()).unwrap();
            assert_ne!(request.status, Some(404), "a panic costs nothing but its own call");
        });
    let inspector = Inspector::start(options).unwrap();
    inspector.inject(Fault::verdict(Verdict::Drop).if_body_contains(uuid(1)));
    let events = events(0..2).join(",");
    let batch = format!(r#"{{"created_at":"2026-01-02T03:04:05Z","batch":[{events}]}}"#);
    let answer = crate::v1::send_to(&inspector, crate::v1::PATH, &crate::v1::headers(), batch);
    assert_eq!(answer.status, 200);
    post(inspector.addr(), "/nowhere", "{}");
    post(inspector.addr(), "/batch", "[]");
    let expected = [
        "u e n=0".to_owned(),
        format!(
            "refused 200 POST /i/v1/analytics/events: 1 of 2 events not accepted: {} drop rejected (fault verdict)",
            uuid(1)
        ),
        "refused 404 POST /nowhere: no such path".to_owned(),
        "refused 400 POST /batch: request holds no event".to_owned(),
    ];
    assert_eq!(receiver.try_iter().collect::<Vec<_>>(), expected);
}
