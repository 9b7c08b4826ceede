//! Who did it.

use analytics_core::{Actor, ActorKind, DistinctId, DropReason, DynamicEvent, OwnedAction};

use crate::support::{CSV, service, track};

struct UserId(u64);

impl<'a> From<&'a UserId> for DistinctId<'a> {
    fn from(id: &'a UserId) -> Self {
        Self::from(id.0)
    }
}

#[test]
fn an_actor_is_a_kind_and_an_id() {
    let owned = String::from("u1");
    for (actor, kind, id) in [
        (Actor::user("u1"), ActorKind::User, "u1"),
        (Actor::user(&owned), ActorKind::User, "u1"),
        (Actor::user(42_u64), ActorKind::User, "42"),
        (Actor::user(-7_i64), ActorKind::User, "-7"),
        (Actor::user(&UserId(9)), ActorKind::User, "9"),
        (Actor::anonymous("cookie"), ActorKind::Anonymous, "cookie"),
        (Actor::session("s1"), ActorKind::Session, "anonymous_s1"),
        (Actor::service("exporter"), ActorKind::Service, "exporter"),
        (Actor::user_or_session(Some("u1"), "s1"), ActorKind::User, "u1"),
        (Actor::user_or_session(Some(""), "s1"), ActorKind::Session, "anonymous_s1"),
        (Actor::user_or_session(Some("  "), "s1"), ActorKind::Session, "anonymous_s1"),
        (Actor::user_or_session(None::<&str>, "s1"), ActorKind::Session, "anonymous_s1"),
    ] {
        assert_eq!((actor.kind(), actor.to_string().as_str()), (kind, id));
        let copy = actor.into_owned();
        assert_eq!(copy.as_actor(), actor);
        assert_eq!(copy.as_actor().id().parts(), actor.id().parts());
        assert_eq!(format!("{copy:?}"), format!("{actor:?}"));
    }
    assert_ne!(Actor::user("u1"), Actor::service("u1"));
    assert_eq!(format!("{:?}", DistinctId::session("s1")), "\"anonymous_s1\"");
    assert_eq!(format!("{:?}", Actor::session("s1")), "Session(anonymous_s1)");
}

#[test]
fn an_actor_or_a_name_that_no_backend_takes_is_counted_and_reaches_no_sink() {
    let (analytics, sink) = service();
    let long = "x".repeat(201);
    for id in ["", " ", "a\nb", &long] {
        analytics.track(Actor::user(id), CSV);
        analytics.identify(id).track();
        analytics.identify("u1").from_anonymous(id).track();
        analytics.alias(id).to_user("u1").track();
        analytics.alias("a1").to_user(id).track();
        analytics.group_identify("company", id).set(&()).track();
    }
    for name in ["", "a\u{7f}", &long] {
        analytics.track(Actor::user("u1"), DynamicEvent::new(name));
        analytics.group_identify(name, "acme").set(&()).track();
    }
    track(&analytics);
    let ledger = analytics.ledger();
    assert_eq!((ledger.dropped(DropReason::InvalidActor), ledger.dropped(DropReason::InvalidName)), (24, 6));
    assert_eq!((sink.records().len(), ledger.captured(), ledger.lost()), (1, 31, 30));
}

#[test]
fn identify_alias_and_group_say_what_they_are() {
    let (analytics, sink) = service();
    analytics
        .identify("u1")
        .from_anonymous(DistinctId::session("s1"))
        .set(&CSV)
        .set_once(&CSV)
        .unset(["a", "b"])
        .track();
    analytics.identify("u1").track();
    analytics.alias("a1").to_user(42_u64).track();
    analytics.group_identify("company", "acme").set(&CSV).track();
    assert_eq!(
        sink.lines(),
        [
            "u1 identify from anonymous_s1 set format=csv rows=3 set_once format=csv rows=3 unset a b",
            "u1 identify",
            "42 alias a1",
            "company:acme group_identify format=csv rows=3",
        ]
    );
    let records = sink.records();
    assert!(matches!(records[1].action(), OwnedAction::Identify { anonymous: None, .. }));
    assert!(matches!(records[3].actor().kind(), ActorKind::Group));
    assert_eq!(records[0].name(), None);
}

#[test]
fn a_scope_belongs_to_events_and_not_to_what_a_group_is() {
    let (analytics, sink) = service();
    let scoped = analytics.with("environment", "test").in_group("company", "acme");
    scoped.group_identify("team", "t1").set(&()).track();
    assert_eq!(sink.lines(), ["team:t1 group_identify"]);
}
