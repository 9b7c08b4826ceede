//! Limits of one event.

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent, Json};

use crate::support::{BOTH, encoded};

#[test]
fn what_is_over_a_limit_is_refused_with_its_true_reason() {
    let deep = (0..65).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
    let quotes = "\"".repeat(400_000);
    let long = "x".repeat(1 << 20);
    for protocol in BOTH {
        let refused = |event: DynamicEvent| {
            let track = |analytics: &Analytics| analytics.track(Actor::user("u1"), event);
            let refused = encoded(protocol, track).unwrap_err();
            (refused.reason(), refused.why().to_owned())
        };
        let (reason, why) = refused(DynamicEvent::new("viewed").with("tree", &Json(&deep)));
        assert_eq!((reason, &*why), (DropReason::TooDeep, "the property \"tree\": nested deeper than 64 levels"));
        let (reason, why) = refused(DynamicEvent::new("viewed").with("text", &*long));
        assert_eq!((reason, &*why), (DropReason::TooLarge, "the property \"text\": over the limit of 921600 bytes"));
        let (reason, why) = refused(DynamicEvent::new("viewed").with("text", &*quotes));
        assert!(reason == DropReason::TooLarge && why.contains("as PostHog counts them"), "{why}");
    }
}
