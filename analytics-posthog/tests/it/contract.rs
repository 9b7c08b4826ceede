//! The contract of every sink.

use analytics_posthog::PostHogSink;
use analytics_testkit::contract;

use crate::support::{config, inspector};

#[test]
fn the_posthog_sink_keeps_the_contract() {
    let inspector = inspector();
    contract::check(move || PostHogSink::spawn(config(&inspector.url())).unwrap());
}
