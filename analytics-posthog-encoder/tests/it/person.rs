//! What an event says about its person.

use analytics_core::{Actor, Analytics, DynamicEvent};

use crate::support::{BOTH, encoded};

#[test]
fn where_posthog_ignores_a_persons_updates_they_are_left_out_and_told() {
    for protocol in BOTH {
        for name in ["$exception", "$ai_generation", "$$heatmap"] {
            let track = |analytics: &Analytics| {
                let event = analytics.event(Actor::user("u1"), DynamicEvent::new(name));
                event.set_person("plan", "pro").set_person_once("first", 1).unset_person("trial").track();
            };
            let written = encoded(protocol, track).unwrap();
            let (key, why) = written.only_left_out();
            assert!(key == "$set" && why.contains("analytics.identify(user_id)"), "{why}");
            for key in ["$set", "$set_once", "$unset"] {
                assert!(written.property(key).is_null(), "{name}: {key}");
            }
            let plain = encoded(protocol, |analytics| analytics.track(Actor::user("u1"), DynamicEvent::new(name)));
            assert_eq!(plain.unwrap().left_out, [], "there is nothing to tell");
        }
    }
}
