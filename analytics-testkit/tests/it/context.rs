//! Assertions on the circumstances of events and on flags.

use analytics_core::{Actor, ContextKey, DynamicEvent, Flags};

use crate::failure::failure;
use crate::world::service;

#[test]
fn circumstances_and_flags_can_be_asked_for() {
    let (analytics, recorded) = service();
    let scoped = analytics.with_flags(&Flags::new().with("checkout", true).with("button", "blue")).scoped(|scope| {
        scope.session("s1").client_ip([203, 0, 113, 7].into());
    });
    scoped.track(Actor::user("u1"), DynamicEvent::new("ordered"));
    recorded
        .assert_one("ordered")
        .in_session("s1")
        .with_context(ContextKey::ClientIp, "203.0.113.7")
        .with_context(ContextKey::TraceId, None::<&str>)
        .with_flag("checkout", true)
        .with_flag("button", "blue")
        .with_flag("search", None::<bool>);

    let line = line!() + 1;
    let wrong = failure(|| drop(recorded.assert_one("ordered").in_session("s2")));
    insta::assert_snapshot!(wrong.at_line(line).message, @r#"
    expected exactly one
        ordered context session_id=s2
    but the one ordered that was recorded differs:
        #1 u1 ordered context session_id=s1 client_ip=203.0.113.7 flags button=blue checkout=true
           context session_id: expected "s2", recorded "s1"
    "#);
    let absent = failure(|| drop(recorded.assert_one("ordered").with_flag("button", None::<&str>)));
    insta::assert_snapshot!(absent.message, @r#"
    expected exactly one
        ordered without flag button
    but the one ordered that was recorded differs:
        #1 u1 ordered context session_id=s1 client_ip=203.0.113.7 flags button=blue checkout=true
           flag button: expected absent, recorded "blue"
    "#);
}

#[test]
fn a_claim_is_told_from_an_id_that_was_verified() {
    let (analytics, recorded) = service();
    analytics.track(Actor::claimed("cookie"), DynamicEvent::new("seen"));
    analytics.track(Actor::anonymous("verified"), DynamicEvent::new("known"));
    recorded.assert_one("seen").by(Actor::claimed("cookie")).by(Actor::anonymous("cookie"));
    let unclaimed = failure(|| drop(recorded.assert_one("known").by(Actor::claimed("verified"))));
    assert!(unclaimed.message.contains("actor: expected verified (claimed), recorded verified (anonymous)"));

    analytics.track(Actor::nobody(), DynamicEvent::new("passed_by"));
    recorded.assert_one("passed_by").by(Actor::nobody());
    let known = failure(|| drop(recorded.assert_one("known").by(Actor::nobody())));
    assert!(known.message.contains("actor: expected nobody, recorded verified (anonymous)"), "{}", known.message);
}
