//! The contract of every sink.

use analytics_delivery::{DeliveryConfig, DeliverySink};
use analytics_testkit::contract;

use crate::support::{Lines, Scripted};

#[test]
fn the_delivery_sink_keeps_the_contract() {
    contract::check(|| DeliverySink::spawn(Lines, Scripted::default(), DeliveryConfig::default()).unwrap());
}
