//! Who is told what becomes of events.

use std::sync::mpsc;
use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions};
use product_analytics::{Actor, AnalyticsConfig, CopilotEvent, DropReason, Observers};

/// Longer than anything takes that comes.
const LONG: Duration = Duration::from_secs(60);

fn config(variables: &[(&str, &str)]) -> AnalyticsConfig {
    let key = ("POSTHOG_API_KEY", "phc_abcdefghijklmnopqrstuvwxyz0123");
    AnalyticsConfig::from_vars(variables.iter().copied().chain([key])).unwrap()
}

#[test]
fn observers_are_told_of_a_drop_and_of_a_batch_with_the_destination() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let url = inspector.url();
    let (tell_drop, drops) = mpsc::channel();
    let (tell_batch, batches) = mpsc::channel();
    let observers = Observers::new()
        .on_drop(move |dropped| tell_drop.send((dropped.destination().to_owned(), dropped.reason())).unwrap())
        .on_batch(move |batch| tell_batch.send((batch.destination.to_string(), batch.delivered)).unwrap());
    let config = config(&[("POSTHOG_HOST", &url), ("ANALYTICS_MAX_EVENT_BYTES", "2KiB"), ("ANALYTICS_SOURCE", "shop")]);
    let analytics = config.build_observed(observers).unwrap();
    for session_id in ["s1", &"s".repeat(2_048)] {
        analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id, message_length: 5 });
    }
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
    let at = |url: &str| url.trim_start_matches("http://").to_owned();
    let told: Vec<_> = drops.try_iter().map(|(destination, reason)| (at(&destination), reason)).collect();
    assert_eq!(told, [(at(&url), DropReason::TooLarge)]);
    let told: Vec<_> = batches.try_iter().map(|(destination, delivered)| (at(&destination), delivered)).collect();
    assert_eq!(told, [(at(&url), 1)]);
    assert_eq!(inspector.events()[0].property("source"), Some("shop".into()), "it is the configured handle");
}

#[test]
#[cfg(feature = "inspector")]
fn every_backend_that_sends_tells() {
    let inspectors = [(); 2].map(|()| Inspector::start(InspectorOptions::default()).unwrap());
    let [posthog, inspector] = inspectors.each_ref().map(Inspector::url);
    let (tell, batches) = mpsc::channel();
    let observers = Observers::new().on_batch(move |batch| tell.send(batch.destination.to_string()).unwrap());
    let config = config(&[
        ("ANALYTICS_BACKEND", "posthog,inspector"),
        ("POSTHOG_HOST", &posthog),
        ("ANALYTICS_INSPECTOR_URL", &inspector),
    ]);
    let analytics = config.build_observed(observers).unwrap();
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 2);
    let mut told: Vec<_> = batches.try_iter().collect();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
#[cfg(feature = "metrics")]
fn metrics_come_with_their_feature() {
    let observers = Observers::new().with_metrics();
    assert_eq!(format!("{observers:?}"), "Observers { on_drop: 0, on_batch: 1, on_snapshot: 1 }");
}
