//! The wire form, locked.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_core::{
    Actor, Analytics, Clock, CopilotEvent, DistinctId, DropReason, DynamicEvent, Event, EventId, Json, Properties,
};
use analytics_inspector::{Inspector, ReceivedEvent};
use analytics_posthog::{Compression, PersonProfiles, PostHogConfig, PostHogSink};

use crate::support::{LONG, config, inspector, spawn};

/// 2026-01-02T03:04:05.678Z.
const NOW: Duration = Duration::from_millis(1_767_323_045_678);

#[derive(Debug)]
struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + NOW
    }
}

pub(crate) fn with_clock(config: PostHogConfig) -> Analytics {
    Analytics::with_clock(PostHogSink::spawn(config).unwrap(), FixedClock)
        .with("environment", "test")
        .with("source", "chat_copilot")
}

/// What arrived, in the order in which it was tracked, with the random part of each uuid masked.
pub(crate) fn arrived(analytics: &Analytics, inspector: &Inspector) -> String {
    let ledger = analytics.shutdown_blocking(LONG);
    assert_eq!((ledger.lost(), ledger.pending()), (0, 0), "{ledger}");
    let mask = |event: &ReceivedEvent| {
        let uuid = event.uuid.as_deref().unwrap();
        assert_eq!(&uuid[..15], "019b7ca9-8f2e-7", "a v7 seeded from the event's time");
        event.json().replace(&uuid[15..], "…")
    };
    inspector.events().iter().map(mask).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_five_events() {
    let inspector = inspector();
    let analytics = with_clock(config(&inspector.url()));
    track_the_five_events(&analytics);
    insta::assert_snapshot!(arrived(&analytics, &inspector));
}

/// The five events of a chat copilot, two of them of users and of sessions.
pub(crate) fn track_the_five_events(analytics: &Analytics) {
    let (session_id, graph_id, graph_name, library_agent_id) = ("s1", "g1", "Daily \"news\" 📰", "l1");
    let user = Actor::user_or_session(Some("u1"), session_id);
    let anonymous = Actor::user_or_session(None::<&str>, session_id);
    let tool = CopilotEvent::ToolCalled { session_id, tool_name: "search", tool_call_id: "call_1" };
    analytics.track(user, CopilotEvent::MessageSent { session_id, message_length: 42 });
    analytics.track(anonymous, CopilotEvent::MessageSent { session_id, message_length: 0 });
    analytics.track(user, tool);
    analytics.track(anonymous, tool);
    let execution_id = "e1";
    analytics.track(
        user,
        CopilotEvent::AgentRunSuccess { session_id, graph_id, graph_name, execution_id, library_agent_id },
    );
    let (schedule_id, schedule_name, cron) = ("c1", "every morning", "0 8 * * *");
    analytics.track(
        user,
        CopilotEvent::AgentScheduled {
            session_id,
            graph_id,
            graph_name,
            schedule_id,
            schedule_name,
            cron,
            library_agent_id,
        },
    );
    let trigger_type = "webhook";
    analytics
        .track(user, CopilotEvent::TriggerSetup { session_id, graph_id, graph_name, trigger_type, library_agent_id });
}

#[derive(Properties)]
struct Traits<'a> {
    email: &'a str,
    seats: Option<u32>,
}

#[derive(Event)]
#[event(name = "report_exported")]
struct ReportExported {
    rows: u64,
}

#[test]
fn what_is_more_than_an_event() {
    let inspector = inspector();
    let analytics = with_clock(config(&inspector.url()));
    let traits = Traits { email: "a@example.com", seats: None };
    let first_seen = Traits { email: "first@example.com", seats: Some(3) };
    analytics.identify("u1").from_anonymous("cookie-1").set(&traits).set_once(&first_seen).unset(["phone"]).track();
    analytics.identify("u1").set(&traits).track();
    analytics.alias(DistinctId::session("s1")).to_user("u1").track();
    analytics.group_identify("company", "acme").set(&traits).track();
    analytics
        .in_group("company", "acme")
        .event(Actor::user("u1"), ReportExported { rows: 7 })
        .in_group("team", 42_u64)
        .set_person("plan", "pro")
        .set_person_once("first_export", "report")
        .unset_person("trial")
        .property("format", "csv")
        .property("rows", 0)
        .track();
    analytics.event(Actor::session("s1"), ReportExported { rows: 1 }).set_person("seen", true).track();
    analytics.track(Actor::service("exporter"), ReportExported { rows: 1 });
    insta::assert_snapshot!(arrived(&analytics, &inspector));
}

#[test]
fn an_event_may_say_itself_what_the_backend_says_by_default() {
    let inspector = inspector();
    let analytics = with_clock(config(&inspector.url()));
    let event = DynamicEvent::new("bridged").with("$ip", "192.0.2.1").with("$is_server", false);
    analytics.track(Actor::service("bridge"), event.with("$process_person_profile", true));
    insta::assert_snapshot!(arrived(&analytics, &inspector), @r#"{"uuid":"019b7ca9-8f2e-7…","event":"bridged","distinct_id":"bridge","timestamp":"2026-01-02T03:04:05.678Z","properties":{"$ip":"192.0.2.1","$is_server":false,"$process_person_profile":true,"environment":"test","source":"chat_copilot","$lib":"analytics-posthog","$lib_version":"0.1.0"}}"#);
}

#[test]
fn settings_that_turn_the_defaults_off() {
    let inspector = inspector();
    let mut config = config(&inspector.url());
    config.options.person_profiles = PersonProfiles::Always;
    config.options.disable_geoip = false;
    config.options.historical = true;
    config.options.compression = Compression::None;
    let analytics = with_clock(config);
    analytics.track(Actor::session("s1"), ReportExported { rows: 1 });
    insta::assert_snapshot!(arrived(&analytics, &inspector), @r#"{"uuid":"019b7ca9-8f2e-7…","event":"report_exported","distinct_id":"anonymous_s1","timestamp":"2026-01-02T03:04:05.678Z","properties":{"rows":1,"environment":"test","source":"chat_copilot","$lib":"analytics-posthog","$lib_version":"0.1.0","$is_server":true}}"#);
    let request = &inspector.requests()[0];
    assert!(request.body_text().unwrap().contains(r#""historical_migration":true,"batch":["#));
}

#[test]
fn a_user_cannot_overwrite_identity_or_key() {
    let inspector = inspector();
    let analytics = with_clock(config(&inspector.url()));
    let forbidden = ["token", "api_key", "distinct_id", "$distinct_id", "$set", "$groups", "$lib", "$group_0"];
    let event = forbidden.iter().fold(DynamicEvent::new("bridged"), |event, key| event.with(key, "evil"));
    analytics.track(Actor::user("u1"), event.with("$cookieless_mode", "maybe").with("kept", 1));
    let wire = arrived(&analytics, &inspector);
    assert!(!wire.contains("evil") && !wire.contains("maybe") && wire.contains(r#""kept":1"#), "{wire}");
    assert_eq!(analytics.ledger().properties_dropped(), 9);
}

#[test]
fn a_number_that_json_cannot_carry_costs_the_property_and_not_the_event() {
    let inspector = inspector();
    let analytics = with_clock(config(&inspector.url()));
    let nested = std::collections::BTreeMap::from([("deep", vec![1.0, f64::NAN])]);
    let event = DynamicEvent::new("measured").with("ratio", f64::NAN).with("peak", f32::INFINITY).with("low", 0.1_f32);
    analytics.event(Actor::user("u1"), event).property("nested", &Json(nested)).track();
    let wire = arrived(&analytics, &inspector);
    assert!(wire.contains(r#""properties":{"low":0.1,"environment""#), "{wire}");
    assert_eq!(analytics.ledger().properties_dropped(), 3);
}

#[test]
fn an_address_that_is_none_does_not_place_the_user_at_the_server() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    let json = serde_json::json!({ "$ip": null });
    analytics.track(Actor::user("u1"), DynamicEvent::from_json("one", &json).unwrap());
    analytics.track(Actor::user("u1"), DynamicEvent::new("two").with("$ip", " "));
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 2);
    for event in inspector.events() {
        assert_eq!((event.property("$geoip_disable"), event.property("$ip")), (Some(true.into()), None));
    }
}

#[test]
fn an_events_own_time_and_id_are_kept() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    let id: EventId = "0192a3b4-0000-7000-8000-000000000001".parse().unwrap();
    let past = UNIX_EPOCH + Duration::from_secs(86_400);
    analytics.event(Actor::user("u1"), ReportExported { rows: 1 }).at(past).id(id).track();
    let back_dated = analytics.event(Actor::user("u1"), ReportExported { rows: 2 }).at(past).track();
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 2);
    let events = inspector.events();
    assert_eq!(events[0].uuid.as_deref(), Some(id.to_string().as_str()));
    assert_eq!(events[1].uuid.as_deref(), Some(back_dated.to_string().as_str()));
    assert!(back_dated.to_string().starts_with("00000526-5c00-7"), "seeded from the event's time: {back_dated}");
    assert!(events.iter().all(|event| event.timestamp.as_deref() == Some("1970-01-02T00:00:00.000Z")));
}

#[test]
fn what_posthog_refuses_is_refused_before_it_costs_a_batch() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    let export = || ReportExported { rows: 1 };
    for id in ["", " ", "null", "undefined", "Anonymous", "0", "\"none\"", "a\nb"] {
        analytics.track(Actor::user(id), export());
    }
    analytics.alias("guest").to_user("u1").track();
    analytics.alias("cookie-1").to_user("system").track();
    for name in ["", "\n", "$performance_event"] {
        analytics.track(Actor::user("u1"), DynamicEvent::new(name));
    }
    let mut deep = serde_json::json!(1);
    (0..200).for_each(|_| deep = serde_json::json!([deep]));
    analytics.event(Actor::user("u1"), export()).property("deep", &Json(deep)).track();
    let quotes = "\"".repeat(300 * 1024);
    analytics.event(Actor::user("u1"), export()).property("quotes", quotes.as_str()).track();
    analytics.track(Actor::user("u1"), export());
    let ledger = analytics.shutdown_blocking(LONG);
    let dropped = |reason| ledger.dropped(reason);
    assert_eq!((ledger.captured(), ledger.delivered()), (16, 1), "{ledger}");
    assert_eq!(
        [DropReason::InvalidActor, DropReason::InvalidName, DropReason::TooLarge, DropReason::TooDeep].map(dropped),
        [10, 3, 1, 1],
        "{ledger}"
    );
    assert_eq!(inspector.totals().requests_refused, 0);
}

#[test]
fn a_large_body_is_gzipped_and_a_small_one_is_not() {
    let inspector = inspector();
    let analytics = spawn(config(&inspector.url()));
    analytics.track(Actor::user("u1"), ReportExported { rows: 1 });
    assert_eq!(analytics.flush_blocking(LONG).delivered(), 1);
    for rows in 0..50 {
        analytics.track(Actor::user("u1"), ReportExported { rows });
    }
    let traffic = analytics.shutdown_blocking(LONG).traffic();
    let requests = inspector.requests();
    let encodings: Vec<_> = requests.iter().map(|request| request.header("content-encoding")).collect();
    assert_eq!(encodings, [None, Some("gzip")]);
    assert_eq!(traffic.requests, 2);
    let sent: usize = requests.iter().map(|request| request.body_bytes).sum();
    assert_eq!(traffic.body_bytes, u64::try_from(sent).unwrap());
    assert!(traffic.body_bytes * 2 < traffic.event_bytes, "{traffic:?}");
}

#[test]
fn an_address_that_is_none_and_a_person_update_that_is_none_change_nothing_else() {
    let inspector = inspector();
    let analytics = with_clock(config(&inspector.url()));
    let user = Actor::user("u1");
    for blank in [None, Some(" "), Some("")] {
        analytics.event(user, DynamicEvent::new("located")).property("$ip", &Json(blank)).track();
    }
    analytics.event(user, DynamicEvent::new("located")).property("$ip", f64::NAN).track();
    analytics.event(user, DynamicEvent::new("located")).property("$ip", &Json("192.0.2.1")).track();
    analytics.event(Actor::session("s1"), DynamicEvent::new("seen")).set_person("ratio", f64::NAN).track();
    let switch = DynamicEvent::new("located").with("$ip", "192.0.2.1").with("$geoip_disable", "no");
    analytics.track(user, switch);
    let wire = arrived(&analytics, &inspector);
    let lines: Vec<_> = wire.lines().collect();
    for line in &lines[..4] {
        assert!(line.contains("\"$geoip_disable\":true") && !line.contains("$ip"), "{line}");
    }
    assert!(lines[4].contains("\"$ip\":\"192.0.2.1\"") && !lines[4].contains("$geoip_disable"), "{}", lines[4]);
    assert!(!lines[6].contains("$geoip_disable"), "a switch that is none: {}", lines[6]);
    assert!(lines[5].contains("\"$process_person_profile\":false") && !lines[5].contains("$set"), "{}", lines[5]);
}
