//! Sinks that keep the contract.

use analytics_core::{Fanout, Filter, Sample};
use analytics_testkit::{RecordingSink, contract};

fn recording() -> RecordingSink {
    RecordingSink::pair().0
}

#[test]
fn a_recording_keeps_it() {
    contract::check(recording);
}

#[test]
fn a_pointer_keeps_it() {
    contract::check(|| std::sync::Arc::new(Box::new(recording())));
}

#[test]
fn a_filter_keeps_it() {
    contract::check(|| Filter::new(recording()).without_properties(["text"]));
    contract::check(|| Filter::new(recording()).keep_events(|_| false));
}

#[test]
fn a_sample_keeps_it() {
    contract::check(|| Sample::new(recording(), 0.5).expect("a half is a share"));
}

#[test]
fn a_fan_out_keeps_it() {
    contract::check(|| Fanout::new().with("recording", recording()));
    contract::check(Fanout::new);
}
