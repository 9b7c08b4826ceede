//! Actors: one rule for both protocols.

use analytics_core::{Actor, Analytics, DistinctId, DropReason, DynamicEvent};
use analytics_posthog_encoder::{EncoderConfig, PersonProfiles};

use crate::support::{BOTH, encoded, encoded_with};

fn exported(analytics: &Analytics, actor: Actor<'_>) {
    analytics.track(actor, DynamicEvent::new("report_exported"));
}

#[test]
fn what_broken_code_sends_is_no_actor_by_either_protocol() {
    let ids = ["null", "NULL", "none", "NONE", "[object Object]", "[object object]", "NaN", "0", "\"guest\"", "'ID'"];
    for id in ids {
        for spelling in [id.to_owned(), format!(" {id}\t")] {
            let id = spelling.as_str();
            for protocol in BOTH {
                for actor in [Actor::user(id), Actor::anonymous(id), Actor::service(id)] {
                    let refused = encoded(protocol, |analytics| exported(analytics, actor)).unwrap_err();
                    assert_eq!(refused.reason(), DropReason::InvalidActor, "{actor:?}");
                    assert!(refused.why().contains("the id of nobody"), "{refused}");
                }
                let session = encoded(protocol, |analytics| exported(analytics, Actor::session(id))).unwrap();
                assert_eq!(session.event["distinct_id"], format!("anonymous_{}", id.trim()), "an id of its own");
            }
        }
    }
}

#[test]
fn a_programs_name_makes_no_person_by_either_protocol_whatever_the_profiles() {
    for name in ["backend", "System", "user", "anonymous-user", "00000000-0000-0000-0000-000000000000"] {
        for protocol in BOTH {
            let refused = encoded(protocol, |analytics| exported(analytics, Actor::user(name))).unwrap_err();
            assert_eq!(refused.reason(), DropReason::InvalidActor, "no user has this id");
            for person_profiles in [PersonProfiles::UsersOnly, PersonProfiles::Always] {
                let mut config = EncoderConfig::default();
                (config.protocol, config.person_profiles) = (protocol, person_profiles);
                let written = encoded_with(config, |analytics| exported(analytics, Actor::service(name))).unwrap();
                assert!(written.is_personless(), "{name}: {:?}", written.event);
                let update = |analytics: &Analytics| {
                    let event = DynamicEvent::new("report_exported");
                    analytics.event(Actor::service(name), event).set_person("plan", "pro").track();
                };
                let written = encoded_with(config, update).unwrap();
                assert!(written.is_personless() && written.property("$set").is_null(), "{name}: {:?}", written.event);
                assert_eq!(written.only_left_out(), ("$set", "PostHog keeps no person under this actor's id"));
            }
        }
    }
    let mut always = EncoderConfig::default();
    always.person_profiles = PersonProfiles::Always;
    let service = encoded_with(always, |analytics| exported(analytics, Actor::service("exporter"))).unwrap();
    assert!(!service.is_personless(), "any other service makes one if it is to");
}

#[test]
fn white_space_around_an_id_makes_no_other_person() {
    for id in ["u1", " u1", "u1\n", "\u{a0}u1\u{2003}"] {
        for protocol in BOTH {
            let written = encoded(protocol, |analytics| exported(analytics, Actor::user(id))).unwrap();
            assert_eq!(written.event["distinct_id"], "u1", "{id:?}");
        }
    }
}

#[test]
fn persons_are_merged_only_under_ids_that_have_one() {
    for protocol in BOTH {
        for id in ["backend", "NONE", "\"\"", "null"] {
            for refused in [
                encoded(protocol, |analytics| analytics.alias(id).to_user("u1").track()),
                encoded(protocol, |analytics| analytics.alias("a1").to_user(id).track()),
                encoded(protocol, |analytics| analytics.identify("u1").from_anonymous(id).track()),
                encoded(protocol, |analytics| analytics.identify(id).track()),
            ] {
                assert_eq!(refused.unwrap_err().reason(), DropReason::InvalidActor, "{id}");
            }
        }
        let linked =
            encoded(protocol, |analytics| analytics.alias(DistinctId::session("null")).to_user("u1").track()).unwrap();
        assert_eq!(linked.property("alias"), "anonymous_null");
    }
}
