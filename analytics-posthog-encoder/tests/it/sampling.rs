//! The share of the actors that is sent, in posthog-js's words.

use analytics_core::{Actor, Analytics, DynamicEvent};
use analytics_posthog_encoder::EncoderConfig;
use serde_json::{Value, json};

use crate::support::{BOTH, Written, encoded_sampled};

fn said(written: &Written) -> (&Value, &Value) {
    (written.property("$sample_type"), written.property("$sample_threshold"))
}

#[test]
fn an_event_of_a_sample_says_which_share_is_kept() {
    for protocol in BOTH {
        let mut config = EncoderConfig::default();
        config.protocol = protocol;
        let written = |track: &dyn Fn(&Analytics)| encoded_sampled(config, 0.25, track).unwrap();
        let sampled = (json!(["sampleByDistinctId"]), json!(0.25));
        let all: [&dyn Fn(&Analytics); 4] = [
            &|analytics| analytics.track(Actor::user("u5"), DynamicEvent::new("e")),
            &|analytics| _ = analytics.identify("u5").set(&[("plan", "pro")]).track(),
            &|analytics| _ = analytics.alias("a1").to_user("u5").track(),
            &|analytics| _ = analytics.by(Actor::user("u5")).group_identify("company", "acme").track(),
        ];
        for track in all {
            let written = written(track);
            assert_eq!(said(&written), (&sampled.0, &sampled.1));
        }
        let by_hand = DynamicEvent::new("e").with("$sample_type", "mine");
        let written = written(&|analytics| analytics.track(Actor::user("u5"), by_hand.clone()));
        assert_eq!(said(&written), (&json!("mine"), &Value::Null), "who took a sample says it");
    }
}

#[test]
fn where_all_are_sent_nothing_is_said() {
    let written = encoded_sampled(EncoderConfig::default(), 1.0, &|analytics| {
        analytics.track(Actor::user("u5"), DynamicEvent::new("e"));
    });
    assert_eq!(said(&written.unwrap()), (&Value::Null, &Value::Null));
}
