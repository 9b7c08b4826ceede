//! Groups, and who tells about them.

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent};
use serde_json::json;

use crate::support::{BOTH, encoded};

#[test]
fn a_group_that_posthog_does_not_link_is_left_out_and_the_others_are_not() {
    let long = "x".repeat(401);
    for protocol in BOTH {
        for (kind, id) in [("team", ""), ("team", " "), ("", "red"), (" ", "red"), ("team", &*long), (&*long, "red")] {
            let track = |analytics: &Analytics| {
                let event = analytics.event(Actor::user("u1"), DynamicEvent::new("viewed"));
                event.in_group("company", "acme").in_group(kind, id).track();
            };
            let written = encoded(protocol, track).unwrap();
            assert_eq!(*written.property("$groups"), json!({"company": "acme"}), "{kind:?} {id:?}");
            assert_eq!(written.only_left_out().0, kind);
        }
    }
}

#[test]
fn a_group_is_told_about_by_an_actor_or_by_itself() {
    let traits = DynamicEvent::new("").with("seats", 3);
    for protocol in BOTH {
        let by_itself = encoded(protocol, |analytics| analytics.group_identify("company", "acme").set(&traits).track());
        let named = |actor: Actor<'_>| {
            encoded(protocol, |analytics| analytics.by(actor).group_identify("company", " acme ").set(&traits).track())
        };
        for (written, id) in [
            (by_itself, "$company_acme"),
            (named(Actor::user("u1")), "u1"),
            (named(Actor::service("billing")), "billing"),
            (named(Actor::session("s1")), "anonymous_s1"),
        ] {
            let written = written.unwrap();
            assert_eq!(
                (&written.event["event"], &written.event["distinct_id"]),
                (&json!("$groupidentify"), &json!(id))
            );
            assert_eq!([written.property("$group_type"), written.property("$group_key")], ["company", "acme"]);
            assert_eq!(*written.property("$group_set"), json!({"seats": 3}));
            assert!(!written.is_personless(), "some versions write no group then");
        }
        assert_eq!(named(Actor::user("null")).unwrap_err().reason(), DropReason::InvalidActor);
        let long = "x".repeat(195);
        let refused = encoded(protocol, |analytics| analytics.group_identify("company", &long).set(&traits).track());
        assert!(refused.unwrap_err().why().contains("204 bytes together"));
        let by_user =
            |analytics: &Analytics| analytics.by(Actor::user("u1")).group_identify("company", &long).set(&()).track();
        assert!(encoded(protocol, by_user).is_ok(), "an actor's id is not made of the group's");
    }
}
