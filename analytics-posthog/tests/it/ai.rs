//! Events about model calls: their route, their limits, and that they hold up no others.

use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use analytics_core::{Actor, AiGeneration, AiTraceId, Analytics, DropReason, DynamicEvent, Lane, LaneLedger, block_on};
use analytics_inspector::{Fault, Inspector};
use analytics_posthog::{EventOptions, PostHogConfig, Protocol};

use crate::support::{LONG, config, count, inspector, spawn, track, wait_until};
use crate::wire::{arrived, with_clock};

const BOTH: [Protocol; 2] = [Protocol::V0, Protocol::V1];
const AI_PATH: &str = "/i/v0/ai/batch/";
const MIB: usize = 1 << 20;

fn by(protocol: Protocol, inspector: &Inspector) -> PostHogConfig {
    let mut config = config(&inspector.url());
    config.options.protocol = protocol;
    // However busy the machine: no request is made twice.
    config.delivery.request_timeout = LONG;
    config
}

fn ordinary_path(protocol: Protocol) -> &'static str {
    if protocol == Protocol::V0 { "/batch/" } else { "/i/v1/analytics/events" }
}

/// Tracks a model call with an input of so many bytes.
fn track_ai(analytics: &Analytics, bytes: usize) {
    track_ai_of(analytics, "u1", bytes);
}

fn track_ai_of(analytics: &Analytics, user: &str, bytes: usize) {
    let input = serde_json::Value::String("x".repeat(bytes));
    analytics.track(Actor::user(user), AiGeneration::new("gpt-5-mini", "openai").with_input(&input));
}

/// What became of a lane's events: captured, delivered, lost, pending.
fn of(ledger: LaneLedger) -> [u64; 4] {
    [ledger.captured(), ledger.delivered(), ledger.lost(), ledger.pending()]
}

#[test]
fn an_event_of_two_mebibytes_arrives_by_the_ai_route_whatever_the_protocol_of_others() {
    for protocol in BOTH {
        let inspector = inspector();
        let analytics = spawn(by(protocol, &inspector));
        track_ai(&analytics, 2 * MIB);
        // No event takes the route for its name.
        analytics.track(Actor::user("u1"), DynamicEvent::new("$ai_span"));
        analytics.track(Actor::user("u1"), DynamicEvent::new("$ai_span").in_lane(Lane::Ai));
        let ledger = analytics.shutdown_blocking(LONG);
        assert_eq!((ledger.captured(), ledger.delivered()), (3, 3), "{ledger}");
        assert_eq!(of(ledger.lane(Lane::Ai)), [2, 2, 0, 0]);
        assert!(ledger.to_string().ends_with("of these in the lane ai: 2 captured, 2 delivered, 0 lost"), "{ledger}");
        let requests = inspector.requests();
        let (ai, others): (Vec<_>, Vec<_>) = requests.iter().partition(|request| request.path == AI_PATH);
        assert_eq!((ai.iter().map(|request| request.events).sum::<usize>(), others.len()), (2, 1));
        assert_eq!((others[0].path.as_str(), others[0].events), (ordinary_path(protocol), 1));
        for request in ai {
            assert!(request.body_text().unwrap().starts_with("{\"api_key\":\"phc_test\",\"sent_at\":"));
            let of_v1 = ["authorization", "posthog-attempt", "posthog-request-id", "posthog-sdk-info"];
            assert_eq!(of_v1.map(|name| request.header(name)), [None; 4]);
        }
    }
}

#[test]
fn an_event_over_eight_mebibytes_is_too_large_and_nothing_else_is_lost() {
    for protocol in BOTH {
        let inspector = inspector();
        let analytics = spawn(by(protocol, &inspector));
        track_ai(&analytics, 10);
        track_ai(&analytics, 9 * MIB);
        // An ordinary event has the ordinary limit.
        let large = "x".repeat(2 * MIB);
        analytics.track(Actor::user("u1"), DynamicEvent::new("$ai_generation").with("$ai_input", large.as_str()));
        track_ai(&analytics, 10);
        track(&analytics);
        let ledger = analytics.shutdown_blocking(LONG);
        assert_eq!((ledger.delivered(), ledger.dropped(DropReason::TooLarge)), (3, 2), "{ledger}");
        assert_eq!(ledger.lane(Lane::Ai).dropped(DropReason::TooLarge), 1);
        assert_eq!(inspector.totals().requests_refused, 0);
    }
}

#[test]
fn a_request_has_five_mebibytes_at_most_or_one_event() {
    let inspector = inspector();
    let analytics = spawn(by(Protocol::V0, &inspector));
    for (user, mebibytes) in [("u1", 2), ("u1", 2), ("u1", 2), ("u2", 6), ("u3", 7)] {
        track_ai_of(&analytics, user, mebibytes * MIB);
    }
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!(ledger.delivered(), 5, "{ledger}");
    let mut sizes: Vec<_> =
        inspector.requests().iter().map(|request| (request.events, request.inflated_bytes / MIB)).collect();
    sizes.sort_unstable();
    assert!(sizes.iter().all(|(events, mebibytes)| *events == 1 || *mebibytes < 5), "{sizes:?}");
    assert!(sizes.contains(&(1, 6)) && sizes.contains(&(1, 7)), "{sizes:?}");
}

#[test]
fn a_wrong_name_in_the_lane_is_refused_alone() {
    for protocol in BOTH {
        let inspector = inspector();
        let analytics = spawn(by(protocol, &inspector));
        track_ai(&analytics, 10);
        analytics.track(Actor::user("u1"), DynamicEvent::new("generation").in_lane(Lane::Ai));
        track_ai(&analytics, 10);
        let ledger = analytics.shutdown_blocking(LONG);
        assert_eq!(of(ledger.lane(Lane::Ai)), [3, 2, 1, 0], "{ledger}");
        assert_eq!(ledger.dropped(DropReason::InvalidName), 1);
        assert_eq!(inspector.totals().requests_refused, 0);
    }
}

/// A sink with small queues, whose AI lane a server treats like this, until it takes no more.
fn with_a_full_ai_lane(protocol: Protocol, inspector: &Inspector, fault: Fault) -> Analytics {
    let mut config = by(protocol, inspector);
    config.delivery.flush_at = count(1);
    config.delivery.queue_bytes = count(400_000);
    config.delivery.ai_queue_bytes = count(200_000);
    inspector.inject(fault.always().if_body_contains("\"$ai_generation\""));
    let analytics = spawn(config);
    while analytics.ledger().dropped(DropReason::QueueFull) == 0 {
        track_ai(&analytics, 10_000);
    }
    analytics
}

#[test]
fn an_ai_lane_that_stalls_or_fails_holds_up_no_ordinary_event() {
    for (protocol, fault) in [
        (Protocol::V0, Fault::never_answer()),
        (Protocol::V1, Fault::never_answer()),
        (Protocol::V0, Fault::status(503).with_header("Retry-After", "300")),
        (Protocol::V0, Fault::reset_after_request()),
    ] {
        let inspector = inspector();
        let analytics = with_a_full_ai_lane(protocol, &inspector, fault);
        for sent in 1..=5 {
            (0..100).for_each(|_| track(&analytics));
            assert!(inspector.wait_for(100 * sent, LONG));
        }
        let lane = |lane| analytics.ledger().lane(lane);
        wait_until(|| lane(Lane::Product).pending() == 0);
        assert_eq!(of(lane(Lane::Product)), [500, 500, 0, 0]);
        let [captured, delivered, lost, pending] = of(lane(Lane::Ai));
        assert!(captured == lost + pending && delivered == 0 && pending > 0, "{:?}", analytics.ledger());
        let ledger = analytics.shutdown_blocking(Duration::ZERO);
        assert_eq!(of(ledger.lane(Lane::Product)), [500, 500, 0, 0]);
        assert_eq!(ledger.lane(Lane::Ai).dropped(DropReason::Abandoned), pending);
    }
}

#[test]
fn whoever_waits_for_room_in_the_full_lane_holds_up_nobody_who_waits_in_the_other() {
    let inspector = inspector();
    let analytics = with_a_full_ai_lane(Protocol::V0, &inspector, Fault::never_answer());
    let large = "x".repeat(10_000);
    let event = |name: &str| DynamicEvent::new(name).with("text", large.as_str());
    let ai = event("$ai_generation").in_lane(Lane::Ai);
    let mut waiting = pin!(analytics.track_when_room(Actor::user("u1"), ai));
    let mut still_waits = || waiting.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending();
    assert!(still_waits());
    // Ten times what the queue holds: these wait for each other.
    for _ in 0..400 {
        block_on(analytics.track_when_room(Actor::user("u1"), event("imported")));
    }
    wait_until(|| analytics.ledger().lane(Lane::Product).pending() == 0);
    assert_eq!(of(analytics.ledger().lane(Lane::Product)), [400, 400, 0, 0]);
    assert!(still_waits());
    analytics.shutdown_blocking(Duration::ZERO);
    assert!(!still_waits(), "the sink is closed");
}

#[test]
fn a_model_call_on_the_wire() {
    let forms = BOTH.map(|protocol| {
        let inspector = inspector();
        let analytics = with_clock(by(protocol, &inspector));
        let input = serde_json::json!([{ "content": "Tell me a fun fact" }]);
        let output = serde_json::json!([{ "content": "Hedgehogs have \"spines\"" }]);
        let generation = AiGeneration::new("gpt-5-mini", "openai")
            .in_trace(AiTraceId::new("d9222e05-8708-41b8-98ea-d4a21849e761").unwrap())
            .with_span_id("s2")
            .with_parent_id("s1")
            .with_input_tokens(812)
            .with_output_tokens(96)
            .with_latency(Duration::from_millis(1_340))
            .with_input_cost_usd(0.000_2)
            .with_output_cost_usd(0.000_1)
            .with_total_cost_usd(0.000_3)
            .with_input(&input)
            .with_output(&output)
            .with_http_status(200);
        analytics.track(Actor::user("u1"), generation);
        analytics.track(Actor::session("s1"), AiGeneration::new("m1", "p1").with_error("overloaded"));
        arrived(&analytics, &inspector)
    });
    assert_eq!(forms[0], forms[1]);
    insta::assert_snapshot!(forms[0]);
}

#[test]
fn the_options_of_an_event_on_the_wire() {
    let forms = BOTH.map(|protocol| {
        let inspector = inspector();
        let analytics = with_clock(by(protocol, &inspector));
        let options = EventOptions::new().keep_timestamp().product_tour("tour-1").without_person_profile();
        analytics.event(Actor::user("u1"), DynamicEvent::new("imported")).properties(&options).track();
        let options = EventOptions::new().cookieless();
        let seen = DynamicEvent::new("seen").with("$raw_user_agent", "Mozilla/5.0").with("$host", "shop.example");
        analytics.event(Actor::session("s1"), seen).properties(&options).track();
        arrived(&analytics, &inspector)
    });
    insta::assert_snapshot!(forms.join("\n"));
}
