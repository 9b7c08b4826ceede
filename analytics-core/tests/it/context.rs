//! The circumstances in which something happens, flags, and what is known of an actor only later.

use std::net::{IpAddr, Ipv4Addr};

use analytics_core::{
    Actor, ActorKind, BindError, ContextKey, DropReason, DynamicEvent, Filter, FlagValue, Flags, LateActor, Map,
    Sample, Settlement, TraceContext,
};
use analytics_core::{Analytics, block_on};

use crate::support::{CSV, Keeping, service};

const IP: IpAddr = IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7));

fn trace() -> TraceContext {
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap()
}

#[test]
fn the_circumstances_are_no_properties_and_are_inherited() {
    let (analytics, sink) = service();
    let request = analytics.with("session_id", "copilot's").scoped(|scope| {
        scope.session("s1").window("w1").client_ip(IP).user_agent("curl/8 \"x\"").trace(trace());
    });
    request.track(Actor::user("u1"), CSV);
    request.in_session(7_u64).identify("u1").track();
    request.group_identify("company", "acme").track();
    analytics.track(Actor::user("u1"), CSV);
    let all = "window_id=w1 client_ip=203.0.113.7 user_agent=\"curl/8 \\\"x\\\"\" \
               trace_id=0af7651916cd43dd8448eb211c80319c span_id=b7ad6b7169203331";
    assert_eq!(
        sink.lines(),
        [
            format!("u1 report_exported format=csv rows=3 session_id=copilot's context session_id=s1 {all}"),
            format!("u1 identify session_id=copilot's context {all} session_id=\"7\""),
            format!("company:acme group_identify context session_id=s1 {all}"),
            "u1 report_exported format=csv rows=3".to_owned(),
        ]
    );
    let keys: Vec<ContextKey> =
        sink.records()[0].context().iter().map(|property| property.key().parse().unwrap()).collect();
    assert_eq!(keys, ContextKey::ALL);
}

#[test]
fn what_no_backend_takes_is_left_out() {
    let (analytics, sink) = service();
    let long = "x".repeat(1_001);
    let scoped = analytics.scoped(|scope| {
        scope.session(" ").window("a\nb").user_agent("").sampling_rate(1.5).sampling_rate(f64::NAN);
        scope.user_agent(&long);
    });
    scoped.in_session(&long).track(Actor::user("u1"), CSV);
    assert_eq!(sink.lines(), ["u1 report_exported format=csv rows=3"]);
    assert_eq!(sink.last().sampling_rate(), None);
}

#[test]
fn whoever_tracks_a_share_says_so() {
    let (analytics, sink) = service();
    let tenth = analytics.scoped(|scope| {
        scope.sampling_rate(0.1);
    });
    tenth.with("a", 1).track(Actor::user("u1"), CSV);
    assert_eq!(sink.last().sampling_rate(), Some(0.1));

    let sink = Keeping::default();
    let all = |inner| Sample::new(Sample::new(inner, 1.0 - f64::EPSILON).unwrap(), 0.999_999).unwrap();
    let tenth = Analytics::new(all(sink.clone())).scoped(|scope| {
        scope.sampling_rate(0.1);
    });
    tenth.track(Actor::user("u1"), CSV);
    assert_eq!(sink.last().sampling_rate(), Some(0.1 * 0.999_999), "of two samples the smaller, and the service's own");
}

#[test]
fn flags_are_told_and_a_later_value_wins() {
    let (analytics, sink) = service();
    let flags = Flags::new().with("checkout", true).with("button", "blue").with("search", false);
    let scoped = analytics.with_flags(&flags).with_flags(&Flags::new().with("button", "red".to_owned()));
    scoped.by(Actor::user("u1")).with_flags(&Flags::new().with("late", true)).track(CSV);
    let line = "u1 report_exported format=csv rows=3 flags button=red checkout=true late=true search=false";
    assert_eq!(sink.lines(), [line]);
    let long = "k".repeat(181);
    let odd = Flags::new().with("", true).with(" ", true).with("a\nb", true).with(&long, true).with(&long[1..], "kept");
    analytics.with_flags(&odd).track(Actor::user("u1"), DynamicEvent::new("odd"));
    assert_eq!(sink.last().to_string(), format!("u1 odd flags {}=kept", &long[1..]));
    assert_eq!(flags.get("button"), Some(&FlagValue::from("blue")));
    assert!(flags.get("checkout").is_some_and(FlagValue::is_enabled) && flags.get("none").is_none());
    assert_eq!(flags.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["button", "checkout", "search"]);
}

#[test]
fn a_filter_and_a_map_see_both() {
    let sink = Keeping::default();
    let map = Map::new(sink.clone(), |record| Some(record.without_property("checkout")));
    let analytics = Analytics::new(Filter::new(map).without_properties(["client_ip", "search"]));
    let flags = Flags::new().with("checkout", true).with("search", false).with("button", "blue");
    let scoped = analytics.with_flags(&flags).scoped(|scope| {
        scope.client_ip(IP).session("s1");
    });
    scoped.track(Actor::user("u1"), CSV);
    assert_eq!(sink.lines(), ["u1 report_exported format=csv rows=3 context session_id=s1 flags button=blue"]);
    let copy = sink.last();
    assert_eq!(copy.as_record().to_owned(), copy);
}

#[test]
fn nobody_is_another_each_time() {
    let (one, other) = (Actor::nobody(), Actor::nobody());
    assert_eq!((one.kind(), one.id().to_string().len()), (ActorKind::Nobody, 36));
    assert_ne!(one, other);
    assert_eq!(one.into_owned().as_actor(), one);
    assert!(one.id().is_valid() && !one.is_claimed());
}

#[test]
fn an_actor_is_found_out_late() {
    let (analytics, sink) = service();
    let actor = LateActor::new(Actor::claimed("cookie"));
    let tracker = analytics.by_late(&actor).with("request", 1);
    let spawned = tracker.clone().into_owned();
    tracker.track(CSV);
    assert!(!actor.is_bound() && tracker.actor().is_claimed());

    assert_eq!(actor.bind(Actor::user(" ")), Err(BindError::InvalidId));
    assert_eq!(actor.clone().bind(Actor::user("u1")), Ok(()));
    assert_eq!(actor.bind(Actor::user("u1")), Ok(()));
    assert_eq!(actor.bind(Actor::user("u2")), Err(BindError::AlreadyBound));
    std::thread::spawn(move || spawned.track(CSV)).join().unwrap();
    tracker.event(CSV).set_person("plan", "pro").track();
    assert_eq!(
        sink.lines(),
        [
            "cookie report_exported format=csv rows=3 request=1",
            "u1 report_exported format=csv rows=3 request=1",
            "u1 report_exported format=csv rows=3 request=1 set plan=pro",
        ]
    );
    assert_eq!(format!("{actor:?}"), "LateActor(User(u1))");

    let visitor = LateActor::new(Actor::nobody());
    assert!(!visitor.claim(" ") && visitor.claim("cookie") && !visitor.claim("other"));
    assert!(visitor.actor() == Actor::anonymous("cookie") && visitor.actor().is_claimed());
    assert_eq!(visitor.bind(Actor::anonymous("cookie")), Ok(()));
    assert!(!visitor.actor().is_claimed(), "somebody has verified it");
    assert_eq!(visitor.bind(Actor::claimed("cookie")), Err(BindError::AlreadyBound));
}

#[test]
fn what_a_client_claims_changes_no_person() {
    let (analytics, sink) = service();
    let claim = Actor::claimed("cookie");
    let event = analytics.event(claim, DynamicEvent::new("seen"));
    event.set_person("plan", "pro").set_person_once("first", 1).unset_person("trial").track();
    analytics.identify("u1").from_anonymous(claim.id()).track();
    analytics.identify(claim.id()).track();
    analytics.alias(claim.id()).to_user("u1").track();
    analytics.alias("other").to_user(claim.id()).track();
    let copy = claim.into_owned();
    let answer = block_on(analytics.identify("u1").from_anonymous(copy.as_actor().id()).send());
    assert_eq!(answer, Settlement::Dropped(DropReason::UnverifiedActor));
    assert_eq!(sink.lines(), ["cookie seen"]);
    let ledger = analytics.ledger();
    assert_eq!((ledger.dropped(DropReason::UnverifiedActor), ledger.properties_dropped()), (5, 3));
}

#[test]
fn an_exposure_is_told_once_for_an_actor_a_flag_and_its_value() {
    let (analytics, sink) = service();
    let user = analytics.by(Actor::user("u1"));
    for _ in 0..3 {
        user.flag_called("button", "blue");
    }
    user.flag_called("button", "red");
    user.flag_called("checkout", false);
    analytics.with("region", "eu").flag_called(Actor::user("u2"), "button", "blue");
    analytics.flag_called(Actor::session("u1"), "button", "blue");
    assert_eq!(
        sink.lines(),
        [
            "u1 flag_called feature_flag=button feature_flag_response=blue flags button=blue",
            "u1 flag_called feature_flag=button feature_flag_response=red flags button=red",
            "u1 flag_called feature_flag=checkout feature_flag_response=false flags checkout=false",
            "u2 flag_called feature_flag=button feature_flag_response=blue region=eu flags button=blue",
            "anonymous_u1 flag_called feature_flag=button feature_flag_response=blue flags button=blue",
        ]
    );
}

#[test]
fn an_exposure_that_was_lost_is_told_again_and_each_group_has_its_own() {
    let (analytics, sink) = service();
    let tenants = analytics.requiring_group("organization");
    let user = tenants.by(Actor::user("u1"));
    user.flag_called("button", "blue");
    assert!(sink.lines().is_empty());
    for _ in 0..2 {
        user.clone().in_group("organization", "acme").flag_called("button", "blue");
        user.clone().in_group("organization", "globex").flag_called("button", "blue");
    }
    assert_eq!(sink.records().len(), 2);
    analytics.flag_called(Actor::session("s1"), "button", "blue");
    analytics.flag_called(Actor::anonymous("anonymous_s1"), "button", "blue");
    assert_eq!(sink.records().len(), 3, "one id, however it is made");
}

#[test]
fn what_panics_while_a_scope_is_made_costs_its_events_and_no_more() {
    let (analytics, sink) = service();
    let scoped = analytics.scoped(|scope| {
        scope.session("s1");
        std::panic::resume_unwind(Box::new("no message is printed for it"));
    });
    scoped.track(Actor::user("u1"), CSV);
    assert_eq!((sink.lines().len(), analytics.ledger().dropped(DropReason::Panicked)), (0, 1));
}

#[test]
fn a_tenant_is_known_as_late_as_the_user() {
    let (analytics, sink) = service();
    let analytics = analytics.requiring_group("organization");
    let actor = LateActor::new(Actor::nobody());
    let tracker = analytics.by_late(&actor).into_owned();
    let clone = tracker.clone();
    tracker.track(CSV);
    assert!(actor.bind_scope(tracker.analytics().in_group("organization", "acme").with("plan", "pro")));
    assert!(!actor.bind_scope(tracker.analytics().in_group("organization", "globex")));
    actor.bind(Actor::user("u1")).unwrap();
    clone.with("page", 1).track(CSV);
    tracker.event(CSV).track();
    assert_eq!(
        sink.lines(),
        [
            "u1 report_exported format=csv rows=3 plan=pro page=1 in organization=acme",
            "u1 report_exported format=csv rows=3 plan=pro in organization=acme",
        ]
    );
    assert_eq!(analytics.ledger().dropped(DropReason::MissingGroup), 1, "before it was known");
}
