//! The contract of every sink.

use analytics_posthog::{PostHogSink, Protocol};
use analytics_testkit::contract;

use crate::support::{config, inspector};

#[test]
fn the_posthog_sink_keeps_the_contract() {
    let inspector = inspector();
    contract::check(move || PostHogSink::spawn(config(&inspector.url())).unwrap());
}

#[test]
fn the_posthog_sink_keeps_the_contract_in_the_newer_protocol() {
    let inspector = inspector();
    contract::check(move || {
        let mut config = config(&inspector.url());
        config.options.protocol = Protocol::V1;
        PostHogSink::spawn(config).unwrap()
    });
}
