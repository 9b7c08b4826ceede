//! What is taken from a request.

use analytics_core::{Actor, ContextKey, DynamicEvent, Exception};
use analytics_http::{ClaimHeaders, ClientIp, RequestField, RequestHandle, RequestHead, RequestOptions, SignedIn};
use proptest::prelude::*;

use crate::support::{PEER, begin, service};

const HEADERS: &[(&str, &str)] = &[
    ("x-request-id", "r1"),
    ("user-agent", "curl/8"),
    ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ("x-posthog-distinct-id", "cookie"),
    ("x-posthog-session-id", "s1"),
    ("x-posthog-window-id", "w1"),
    ("x-forwarded-for", "203.0.113.7"),
];

#[test]
fn all_is_taken_but_the_clients_address() {
    let (analytics, recorded) = service();
    let request = begin(&analytics, &RequestOptions::new(), HEADERS);
    request.handle().track(DynamicEvent::new("order_placed"));
    recorded
        .assert_one("order_placed")
        .by(Actor::anonymous("cookie"))
        .with("request_id", "r1")
        .with("http_method", "GET")
        .with("http_route", "/orders/{id}")
        .in_session("s1")
        .with_context(ContextKey::WindowId, "w1")
        .with_context(ContextKey::UserAgent, "curl/8")
        .with_context(ContextKey::TraceId, "0af7651916cd43dd8448eb211c80319c")
        .with_context(ContextKey::SpanId, "b7ad6b7169203331")
        .with_context(ContextKey::ClientIp, None::<&str>);
}

#[test]
fn each_can_be_left_out_and_some_be_found_elsewhere() {
    let (analytics, recorded) = service();
    let all = [
        RequestField::RequestId,
        RequestField::Method,
        RequestField::Route,
        RequestField::UserAgent,
        RequestField::Trace,
        RequestField::Claims,
    ];
    let none = all.into_iter().fold(RequestOptions::new(), RequestOptions::without);
    begin(&analytics, &none, HEADERS).handle().track(DynamicEvent::new("bare"));
    let bare = recorded.assert_one("bare").record();
    assert!(bare.properties().is_empty() && bare.context().is_empty(), "{bare}");

    let elsewhere = RequestOptions::new()
        .with_request_id_header("X-Amzn-Trace-Id")
        .with_claim_headers(ClaimHeaders::new("X-Visitor", "X-Visit", "X-Tab"))
        .with_client_ip(ClientIp::behind([PEER]).unwrap());
    let headers =
        [("x-amzn-trace-id", "r2"), ("x-visitor", "v1"), ("x-visit", "s2"), ("x-forwarded-for", "203.0.113.7")];
    begin(&analytics, &elsewhere, &headers).handle().track(DynamicEvent::new("elsewhere"));
    recorded
        .assert_one("elsewhere")
        .by(Actor::anonymous("v1"))
        .with("request_id", "r2")
        .in_session("s2")
        .with_context(ContextKey::ClientIp, "203.0.113.7");
}

#[test]
fn a_claim_that_is_no_id_is_ignored_whole() {
    let long = "x".repeat(201);
    for claim in ["", "  ", "a\u{1}b", "a\tb", &long, "undefined", "NULL", "[object Object]", "anonymous"] {
        let (analytics, recorded) = service();
        let headers = [("x-posthog-distinct-id", claim), ("x-posthog-session-id", claim), ("x-request-id", claim)];
        begin(&analytics, &RequestOptions::new(), &headers).handle().track(DynamicEvent::new("e"));
        let record = recorded.assert_one("e").with_context(ContextKey::SessionId, None::<&str>).record();
        assert_eq!(record.actor().kind(), analytics_core::ActorKind::Nobody, "{claim:?}");
        assert!(record.properties().iter().all(|property| property.key() != "request_id" || claim.len() < 20));
    }
    let (analytics, recorded) = service();
    let longest = "x".repeat(200);
    let headers = [("x-posthog-distinct-id", &*format!(" {longest} ")), ("x-posthog-session-id", "ü")];
    begin(&analytics, &RequestOptions::new(), &headers).handle().track(DynamicEvent::new("e"));
    recorded.assert_one("e").by(Actor::anonymous(&longest)).in_session("ü");
}

#[test]
fn nobody_is_the_same_for_one_request_and_another_for_the_next() {
    let (analytics, recorded) = service();
    for _ in 0..2 {
        let request = begin(&analytics, &RequestOptions::new(), &[]);
        request.handle().track(DynamicEvent::new("one"));
        request.handle().clone().into_owned().track(DynamicEvent::new("two"));
    }
    let actors: Vec<_> = recorded
        .records()
        .iter()
        .filter(|record| record.name() != Some("http_request"))
        .map(|record| record.actor().to_string())
        .collect();
    assert!(actors[0] == actors[1] && actors[2] == actors[3] && actors[0] != actors[2], "{actors:?}");
}

#[test]
fn whoever_signs_in_first_stays_and_all_events_follow() {
    let (analytics, recorded) = service();
    let request = begin(&analytics, &RequestOptions::new(), HEADERS);
    let (handle, spawned) = (request.handle().clone(), request.handle().clone().into_owned());
    handle.event(DynamicEvent::new("before")).set_person("plan", "pro").track();
    for nobody in ["", "undefined", "null", "0", "guest"] {
        assert!(!handle.signed_in(nobody) && !handle.is_signed_in(), "{nobody:?}");
    }
    assert!(handle.signed_in("u1") && handle.signed_in("u1") && !handle.signed_in("u2"));
    spawned.event(DynamicEvent::new("after")).set_person("plan", "pro").track();
    drop(request);
    recorded.assert_one("before").by(Actor::anonymous("cookie")).person_set("plan", None::<&str>);
    recorded.assert_one("after").by(Actor::user("u1")).person_set("plan", "pro");
    recorded.assert_one("http_request").by(Actor::user("u1"));
}

#[test]
fn what_was_said_before_the_layer_holds_and_what_is_said_after_it_too() {
    let (analytics, recorded) = service();
    let request = begin(&analytics, &RequestOptions::new(), HEADERS);
    let signed_in = SignedIn::name(None, Some(SignedIn::user(7_u64)), Actor::user("somebody else"));
    request.handle().take_over(signed_in.as_ref());
    request.handle().track(DynamicEvent::new("by_extension"));
    recorded.assert_one("by_extension").by(Actor::user("7"));

    let headers = |name: &str, visit: &mut dyn FnMut(&[u8])| {
        HEADERS.iter().filter(|(key, _)| *key == name).for_each(|(_, value)| visit(value.as_bytes()));
    };
    let head = RequestHead::new("PURGE", &headers);
    for is_before in [true, false] {
        let unread = RequestHandle::unread(&analytics);
        if is_before {
            unread.signed_in("u1");
        }
        let request = RequestOptions::new().begin(&analytics, &head, None, (None, Some(&unread)));
        assert!(request.handle().is_read() && !unread.is_read());
        assert_eq!(unread.actor(), if is_before { Actor::user("u1") } else { Actor::anonymous("cookie") });
        assert!(request.handle().signed_in("u1") && unread.actor() == Actor::user("u1"));
        unread.track(DynamicEvent::new("outside"));
    }
    recorded.assert_count("outside", 2).by(Actor::user("u1"));
    recorded.assert_count("http_request", 2).with("http_method", "_OTHER");
}

#[test]
fn a_header_that_is_there_twice_says_nothing() {
    let (analytics, recorded) = service();
    let twice: Vec<_> = HEADERS.iter().chain(HEADERS).copied().collect();
    begin(&analytics, &RequestOptions::new(), &twice).handle().track(DynamicEvent::new("e"));
    let record = recorded.assert_one("e").record();
    assert!(record.actor().kind() == analytics_core::ActorKind::Nobody && record.context().is_empty(), "{record}");
}

#[test]
fn a_tenant_that_is_known_late_is_the_requests_too() {
    let (analytics, recorded) = service();
    let analytics = analytics.requiring_group("organization");
    let request = begin(&analytics, &RequestOptions::new(), HEADERS);
    let clone = request.handle().clone();
    assert!(clone.bind_scope(|scope| _ = scope.group("organization", "acme").property("plan", "pro")));
    assert!(!clone.bind_scope(|scope| _ = scope.group("organization", "globex")));
    request.track_error(&Exception::named("Upstream", &"503"));
    assert!(request.answered(500, None).is_none());
    for name in ["exception", "http_request"] {
        recorded.assert_one(name).in_group("organization", "acme").with("plan", "pro").in_session("s1");
    }

    let request = begin(&analytics, &RequestOptions::new(), HEADERS);
    request.handle().take_over(Some(&SignedIn::user("u2").in_group("organization", "globex")));
    assert!(request.answered(200, None).is_none());
    recorded.assert_one("http_request").by(Actor::user("u2")).in_group("organization", "globex");
    assert!(!RequestHandle::unread(&analytics).bind_scope(|_| {}));
    assert_eq!(analytics.ledger().lost(), 0);
}

/// What headers hold: what they should, odd forms of it, and anything else.
fn header() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,40}",
        "\\PC{0,300}",
        "(10\\.0\\.0\\.[0-9]{1,3}|203\\.0\\.113\\.7|\\[::1\\]:80|unknown)(, ?(10\\.0\\.0\\.9|::1|x)){0,3}",
        "00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}",
        "[a-f0-9]{8}-[a-f0-9]{4}-7[a-f0-9]{3}-[a-f0-9]{4}-[a-f0-9]{12}",
    ]
}

proptest! {
    /// Whatever a client sends: its request's event is kept, by the id that it claims, whole, or by nobody.
    #[test]
    fn no_header_costs_an_event_or_makes_another_id_of_a_claim(values in prop::collection::vec(header(), 7)) {
        let (analytics, recorded) = service();
        let headers: Vec<_> = HEADERS.iter().zip(&values).map(|((name, _), value)| (*name, value.as_str())).collect();
        let options = RequestOptions::new().with_client_ip(ClientIp::behind([PEER]).unwrap());
        prop_assert!(begin(&analytics, &options, &headers).answered(200, None).is_none());
        prop_assert_eq!(analytics.ledger().captured(), 1);
        prop_assert_eq!((analytics.ledger().lost(), recorded.len()), (0, 1));
        let record = &recorded.records()[0];
        let claim = values[3].trim();
        if record.actor().is_claimed() {
            prop_assert_eq!(record.actor().id().to_string(), claim);
            prop_assert!(claim.len() <= 200);
        } else {
            prop_assert_eq!(record.actor().kind(), analytics_core::ActorKind::Nobody);
        }
        for property in record.context() {
            let value = property.value().to_string();
            prop_assert!(value.len() <= 2 * 1_000, "{}", value);
        }
    }
}
